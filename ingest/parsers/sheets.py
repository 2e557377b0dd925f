"""The grid of a sheet turned into rows that can be read on their own (pure).

Sheets hold several tables, titles above them and remarks below (``sheet_regions`` tells them
apart). A row of a table becomes one line of "Column: value" cells.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ingest.parsers.assemble import Piece
from ingest.parsers.sheet_regions import (
    LONG_LABEL,
    LOOKED_AT,
    GridRow,
    header_height,
    regions,
    with_carried,
)
from ingest.parsers.tables import Cell, Row, linearise
from ingest.types import BlockKind


def sheet_name(name: str, *, hidden: bool) -> str:
    """Return a sheet's name as the heading of its rows, which says when it is hidden."""
    return f"{name} (hidden sheet)" if hidden else name


def under_name(name: str, pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Yield a sheet's name as the heading of its pieces, at its first row; nothing without any."""
    heading = True
    for piece in pieces:
        if heading:
            yield Piece(BlockKind.HEADING, name, piece.first, piece.first, 1)
        heading = False
        yield piece


def sheet_pieces(rows: Iterable[GridRow]) -> Iterator[Piece]:
    """Yield the pieces of one sheet, holding what no blank row parts at a time."""
    for region in regions(with_carried(rows)):
        yield from _table(region)


def _table(rows: list[GridRow]) -> Iterator[Piece]:
    """Yield a table: what stands alone above it first, then its rows."""
    title = ""
    while rows and len(rows[0].cells) == 1 and not _is_column(rows):
        text, number = rows[0].cells[0].text, rows[0].number
        yield Piece(BlockKind.PARAGRAPH, text, number, number)
        title = title or " ".join(text.split())[:LONG_LABEL]
        del rows[0]
    if rows:
        yield from linearise(_with_header(rows), title)


def _is_column(rows: Sequence[GridRow]) -> bool:
    """Tell whether rows of one cell are a list in one column, not titles."""
    return len(rows) > 2 and all(len(row.cells) == 1 for row in rows[:LOOKED_AT])


def _with_header(rows: Sequence[GridRow]) -> list[Row]:
    height = header_height(rows)
    left = min(cell.column for row in rows for cell in row.cells)
    return [
        Row(
            tuple(
                Cell(cell.text, cell.column - left, cell.width, cell.bold, cell.carried)
                for cell in row.cells
            ),
            row.number,
            row.number,
            header=at < height,
        )
        for at, row in enumerate(rows)
    ]
