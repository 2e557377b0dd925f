"""Excel workbooks: each sheet's rows with their column names, values as a person sees them."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from openpyxl import load_workbook

from ingest.errors import LimitExceeded
from ingest.parsers.assemble import Piece, assemble
from ingest.parsers.package_limits import BROKEN_CONTENT, core_properties, opened
from ingest.parsers.sheets import GridCell, GridRow, sheet_pieces, under_name
from ingest.types import ParsedDocument, Unit

NOUN = "Excel workbook"
#: Filled cells of one workbook.
MAX_CELLS = 2_000_000
MAX_COLUMNS = 1_000
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
_BARE_FORMULA = re.compile(rb"<f\b[^<>]*(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>")
#: Bytes of a sheet in which formulas are counted.
_LOOKED_AT = 50_000_000
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_DECIMALS = re.compile(r"\.([0#?]+)")


def parse(path: Path) -> ParsedDocument:
    """Parse a workbook; places are rows, and a sheet's name is the heading of its rows.

    Values are those that Excel stored, formulas' results included, in the format of their cells.
    Hidden sheets, comments and charts are not read.

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
        reader = _Reader()
        workbook = load_workbook(stream, read_only=True, data_only=True, keep_links=False)
        pieces = list(reader.pieces(workbook))
        missing = uncalculated(package)
        if missing:
            reader.warnings.append(
                f"{missing:,} formulas have no stored result and were left out. Open the workbook "
                "in Excel, save it and add it again."
            )
        return assemble(
            pieces,
            Unit.ROW,
            properties=core_properties(package, NOUN),
            warnings=reader.warnings,
        )


def uncalculated(package: ZipFile) -> int:
    """Count the formulas whose results no program has stored, as scripts write them."""
    count = 0
    for name in package.namelist():
        if _SHEET.fullmatch(name):
            with package.open(name) as stream:
                count += len(_BARE_FORMULA.findall(stream.read(_LOOKED_AT)))
    return count


class _Reader:
    """Reads the sheets of a workbook and counts their cells."""

    def __init__(self) -> None:
        self.warnings: list[str] = []
        self._cells = 0

    def pieces(self, workbook: Any) -> Iterator[Piece]:
        """Yield each sheet's name and its rows; of an empty sheet nothing."""
        for sheet in workbook.worksheets:
            name = str(sheet.title)
            if sheet.sheet_state != "visible":
                self.warnings.append(f"The hidden sheet {name!r} was left out.")
                continue
            yield from under_name(name, sheet_pieces(self._rows(sheet)))

    def _rows(self, sheet: Any) -> Iterator[GridRow]:
        """Yield a sheet's filled rows; what its dimensions claim is not believed."""
        sheet.reset_dimensions()
        try:
            for number, row in enumerate(sheet.iter_rows(), 1):
                cells = tuple(_cells(row))
                self._cells += len(cells)
                if self._cells > MAX_CELLS:
                    raise LimitExceeded(
                        f"The workbook has more than {MAX_CELLS:,} filled cells, the limit for "
                        "one document. Split it into several and add those."
                    )
                if cells:
                    yield GridRow(number, cells)
        except BROKEN_CONTENT:
            self.warnings.append(f"A part of the sheet {sheet.title!r} is broken and was left out.")


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
    """Return a cell's value as Excel shows it, but for colours and currency.

    Percentages, thousands separators and the number of decimals follow the format; dates are
    written as ISO 8601.
    """
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, (int, float)):
        return _number(value, number_format)
    if isinstance(value, datetime):
        bare = (value.hour, value.minute, value.second) == (0, 0, 0)
        return value.date().isoformat() if bare else value.isoformat(" ", "minutes")
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    lines = (" ".join(line.split()) for line in str(value).splitlines())
    return "\n".join(line for line in lines if line)


def _number(value: float, number_format: str) -> str:
    bare = _QUOTED.sub("", number_format.split(";")[0])
    found = _DECIMALS.search(bare)
    decimals = len(found[1]) if found else 0
    if "%" in bare:
        return f"{value * 100:.{decimals}f}%"
    if "#,##0" in bare:
        return f"{value:,.{decimals}f}"
    if found and "E" not in bare and "0" in bare:
        return f"{value:.{decimals}f}"
    return str(value) if isinstance(value, int) else f"{value:.15g}"
