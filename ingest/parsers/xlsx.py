"""Excel workbooks: each sheet's rows with their column names, values as a person sees them."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from openpyxl import load_workbook

from ingest.errors import LimitExceeded
from ingest.parsers.assemble import Piece, assemble
from ingest.parsers.number_format import number_shown
from ingest.parsers.package_limits import BROKEN_CONTENT, core_properties, opened
from ingest.parsers.sheet_regions import GridCell, GridRow
from ingest.parsers.sheets import sheet_name, sheet_pieces, under_name
from ingest.parsers.xlsx_parts import Merged, Sheet, drawn_safely, named_sheets, sheet_parts
from ingest.types import ParsedDocument, Unit

NOUN = "Excel workbook"
#: Filled cells of one workbook.
MAX_CELLS = 2_000_000
MAX_COLUMNS = 1_000


def parse(path: Path) -> ParsedDocument:
    """Parse a workbook; places are rows, and a sheet's name is the heading of its rows.

    Values are those that Excel stored, formulas' results included, in the format of their cells.
    Hidden sheets are read and say so; those that no menu of Excel shows are left out, as nobody
    could open a citation of them. Of charts the title is read, and the values where they are not
    those of cells. Comments are not read.

    Raises:
        DamagedFile: It is broken.
        EncryptedFile: It needs a password.
        LimitExceeded: It holds more than ``MAX_CELLS`` cells, or unpacks to too much.
        NoText: It holds no text.
        SourceError: It cannot be read.
    """
    with (
        opened(path, NOUN, "Excel") as package,
        path.open("rb") as stream,
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")
        workbook = load_workbook(stream, read_only=True, data_only=True, keep_links=False)
        reader = _Reader(package, workbook)
        pieces = list(reader.pieces())
        if reader.uncalculated:
            reader.warnings.append(
                f"{reader.uncalculated:,} formulas have no stored result and were left out. Open "
                "the workbook in Excel, save it and add it again."
            )
        return assemble(
            pieces,
            Unit.ROW,
            properties=core_properties(package, NOUN),
            warnings=reader.warnings,
        )


class _Reader:
    """Reads the sheets of a workbook and counts their cells."""

    def __init__(self, package: ZipFile, workbook: Any) -> None:
        self.warnings: list[str] = []
        self.uncalculated = 0
        self._package = package
        self._grids = {str(grid.title): grid for grid in workbook.worksheets}
        self._cells = 0

    def pieces(self) -> Iterator[Piece]:
        """Yield each sheet's name, its rows, and what is drawn on it; of an empty sheet nothing."""
        sheets = [sheet for sheet in named_sheets(self._package) if not self._is_closed(sheet)]
        read = frozenset(sheet.name for sheet in sheets if sheet.name in self._grids)
        for sheet in sheets:
            name = sheet_name(sheet.name, hidden=sheet.state == "hidden")
            yield from under_name(name, self._sheet(sheet, read))

    def _is_closed(self, sheet: Sheet) -> bool:
        if sheet.state == "veryHidden":
            self.warnings.append(
                f"The sheet {sheet.name!r} was left out, as Excel itself does not show it."
            )
        return sheet.state == "veryHidden"

    def _sheet(self, sheet: Sheet, read: frozenset[str]) -> Iterator[Piece]:
        grid = self._grids.get(sheet.name)
        if grid is not None:
            parts = sheet_parts(self._package, sheet.part, MAX_COLUMNS)
            self.uncalculated += parts.uncalculated
            yield from sheet_pieces(self._rows(grid, parts.merged))
        yield from drawn_safely(self._package, sheet, read, self.warnings)

    def _rows(self, grid: Any, merged: Mapping[tuple[int, int], Merged]) -> Iterator[GridRow]:
        """Yield a sheet's filled rows; what its dimensions claim is not believed."""
        grid.reset_dimensions()
        try:
            for number, row in enumerate(grid.iter_rows(), 1):
                cells = tuple(_merged(_cells(row), number, merged))
                self._cells += len(cells)
                if self._cells > MAX_CELLS:
                    raise LimitExceeded(
                        f"The workbook has more than {MAX_CELLS:,} filled cells, the limit for "
                        "one document. Split it into several and add those."
                    )
                if cells:
                    yield GridRow(number, cells)
        except BROKEN_CONTENT:
            self.warnings.append(f"A part of the sheet {grid.title!r} is broken and was left out.")


def _merged(
    cells: Iterable[GridCell], row: int, merged: Mapping[tuple[int, int], Merged]
) -> Iterator[GridCell]:
    """Widen the cells that are merged over others."""
    for cell in cells:
        over = merged.get((row, cell.column)) if merged else None
        yield replace(cell, width=over.width, height=over.height) if over else cell


def _cells(row: Any) -> Iterator[GridCell]:
    for column, cell in enumerate(islice(row, MAX_COLUMNS)):
        if cell.value is None:
            continue
        text = shown(cell.value, cell.number_format or "General")
        if text:
            yield GridCell(text, column, _is_bold(cell))


def _is_bold(cell: Any) -> bool:
    try:
        return bool(cell.font.bold)
    except BROKEN_CONTENT:
        return False


def shown(value: object, number_format: str) -> str:
    """Return a cell's value as Excel shows it, but for colours; dates are written as ISO 8601."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, (int, float)):
        return number_shown(value, number_format)
    if isinstance(value, datetime):
        bare = (value.hour, value.minute, value.second) == (0, 0, 0)
        return value.date().isoformat() if bare else value.isoformat(" ", "minutes")
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    lines = (" ".join(line.split()) for line in str(value).splitlines())
    return "\n".join(line for line in lines if line)
