"""Tables of text: CSV and its cousins with semicolons, tabs or bars between the cells."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

from ingest.errors import LimitExceeded
from ingest.parsers.assemble import MAX_CHARACTERS, Piece, assemble, check_length
from ingest.parsers.plain import decode, read
from ingest.parsers.sheet_regions import GridCell, GridRow, has_header
from ingest.parsers.tables import Cell, Row, linearise
from ingest.types import ParsedDocument, Unit

_DELIMITERS = ",;\t|"
_SAMPLE_LINES = 200
MAX_ROWS = 500_000
MAX_COLUMNS = 2_000
#: A cell with more lines than this is a quotation mark that was never closed.
_MOST_LINES = 200


def parse(path: Path) -> ParsedDocument:
    """Parse a table of text; places are its rows as a spreadsheet counts them, from 1.

    What parts the cells is told from the file (or from Excel's own first line "sep=;"). Rows may
    be shorter or longer than the first.

    Raises:
        DamagedFile: It holds binary data.
        LimitExceeded: It has too many characters or rows.
        NoText: It holds no text.
        SourceError: It cannot be read.
    """
    decoded = decode(read(path))
    check_length(len(decoded.text))
    text, delimiter, skipped = _said(decoded.text)
    delimiter = delimiter or sniff_delimiter(text)
    grid = list(_grid(text, delimiter, skipped))
    pieces = _pieces(grid)
    return assemble(pieces, Unit.ROW, warnings=(*decoded.warnings, *_odd_rows(grid)))


def _said(text: str) -> tuple[str, str, int]:
    """Take off a first line that only names the delimiter, as Excel writes it."""
    first, _, rest = text.partition("\n")
    said = first.strip().casefold()
    if said.startswith("sep=") and len(said) <= 5:
        return rest, first.strip()[4:] or "\t", 1
    return text, "", 0


def sniff_delimiter(text: str) -> str:
    """Return the delimiter that parts most rows into one same number of cells; "," where none."""
    sample = "\n".join(text.split("\n")[:_SAMPLE_LINES])
    best, delimiter = 0.0, ","
    for candidate in _DELIMITERS:
        widths = [len(row) for row in _records(sample, candidate, csv.QUOTE_MINIMAL) if row]
        if not widths:
            continue
        width, times = Counter(widths).most_common(1)[0]
        several = sum(width > 1 for width in widths) / len(widths)
        agreement = times / len(widths) if width > 1 else 0.0
        fit = several + agreement + min(width, 20) / 1000
        if width > 1 and fit > best:
            best, delimiter = fit, candidate
    return delimiter


def _records(text: str, delimiter: str, quoting: Literal[0, 3]) -> Iterator[list[str]]:
    csv.field_size_limit(MAX_CHARACTERS)
    # strict=False: a stray quotation mark is a character, not an error.
    yield from csv.reader(
        io.StringIO(text, newline=""),
        delimiter=delimiter,
        quoting=quoting,
        skipinitialspace=True,
        strict=False,
    )


def _grid(text: str, delimiter: str, skipped: int) -> Iterator[GridRow]:
    """Yield the filled rows; where a quotation mark swallows the file, marks part nothing."""
    rows = list(_records(text, delimiter, csv.QUOTE_MINIMAL))
    if any(cell.count("\n") > _MOST_LINES for row in rows for cell in row):
        rows = list(_records(text, delimiter, csv.QUOTE_NONE))
    if len(rows) > MAX_ROWS:
        raise LimitExceeded(
            f"The table has more than {MAX_ROWS:,} rows, the limit for one document. Split it "
            "into several and add those."
        )
    for number, row in enumerate(rows, 1 + skipped):
        texts = (" ".join(cell.split()) for cell in row[:MAX_COLUMNS])
        cells = tuple(GridCell(text, column) for column, text in enumerate(texts) if text)
        if cells:
            yield GridRow(number, cells)


def _pieces(grid: Sequence[GridRow]) -> list[Piece]:
    header = _names_columns(grid)
    rows = [
        Row(
            tuple(Cell(cell.text, cell.column) for cell in row.cells),
            row.number,
            row.number,
            header=header and at == 0,
        )
        for at, row in enumerate(grid)
    ]
    return linearise(rows)


def _names_columns(grid: Sequence[GridRow]) -> bool:
    """Tell whether the first row is a header; it nearly always is, even over text alone."""
    if len(grid) < 2:
        return False
    labels = [cell.text for cell in grid[0].cells]
    if has_header(grid):
        return True
    short = all(len(label) <= 60 and not label.endswith((".", "!", "?")) for label in labels)
    numbers = any(label.replace(".", "").replace(",", "").isdigit() for label in labels)
    return len(labels) > 1 and len(set(labels)) == len(labels) and short and not numbers


def _odd_rows(grid: Sequence[GridRow]) -> list[str]:
    """Warn of rows that are wider than the first: their last cells have no name."""
    if not grid:
        return []
    width = max(cell.column for cell in grid[0].cells) + 1
    wide = [row.number for row in grid[1:] if max(cell.column for cell in row.cells) >= width]
    if not wide:
        return []
    shown = ", ".join(map(str, wide[:5])) + (" …" if len(wide) > 5 else "")
    rows = "1 row" if len(wide) == 1 else f"{len(wide):,} rows"
    return [f"More cells than the first row has stand in {rows}: {shown}."]
