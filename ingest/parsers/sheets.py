"""The grid of a sheet turned into rows that can be read on their own (pure).

Sheets hold several tables, titles above them and remarks below; a blank row parts them. A
row of a table becomes one line of "Column: value" cells.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ingest.parsers.assemble import Piece
from ingest.parsers.tables import Cell, Row, linearise
from ingest.types import BlockKind

_NUMBER = re.compile(r"[-+(]?[\W\d_]*\d[\W\d_]*(?:[eE][-+]?\d+)?%?\)?")
_LONG_LABEL = 120
#: So many rows of a table are looked at before its header is settled.
_LOOKED_AT = 30


@dataclass(frozen=True, slots=True)
class GridCell:
    """A filled cell of a sheet.

    Attributes:
        text: Its value as it is shown.
        column: Column from 0.
        bold: Whether it is printed bold.
    """

    text: str
    column: int
    bold: bool = False


@dataclass(frozen=True, slots=True)
class GridRow:
    """A row of a sheet with its number from 1 and its filled cells."""

    number: int
    cells: tuple[GridCell, ...]


def under_name(name: str, pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Yield a sheet's name as the heading of its pieces, at its first row; nothing without any."""
    heading = True
    for piece in pieces:
        if heading:
            yield Piece(BlockKind.HEADING, name, piece.first, piece.first, 1)
        heading = False
        yield piece


def sheet_pieces(rows: Iterable[GridRow]) -> Iterator[Piece]:
    """Yield the pieces of one sheet, holding one table at a time."""
    table: list[GridRow] = []
    for row in rows:
        if table and (not row.cells or row.number > table[-1].number + 1):
            yield from _table(table)
            table = []
        if row.cells:
            table.append(row)
    yield from _table(table)


def _table(rows: list[GridRow]) -> Iterator[Piece]:
    """Yield a table: what stands alone above it first, then its rows."""
    title = ""
    while rows and len(rows[0].cells) == 1 and not _is_column(rows):
        text, number = rows[0].cells[0].text, rows[0].number
        yield Piece(BlockKind.PARAGRAPH, text, number, number)
        title = title or " ".join(text.split())[:_LONG_LABEL]
        del rows[0]
    if rows:
        yield from linearise(_with_header(rows), title)


def _is_column(rows: Sequence[GridRow]) -> bool:
    """Tell whether rows of one cell are a list in one column, not titles."""
    return len(rows) > 2 and all(len(row.cells) == 1 for row in rows[:_LOOKED_AT])


def _with_header(rows: Sequence[GridRow]) -> list[Row]:
    header = has_header(rows)
    return [
        Row(
            tuple(Cell(cell.text, cell.column, bold=cell.bold) for cell in row.cells),
            row.number,
            row.number,
            header=header and at == 0,
        )
        for at, row in enumerate(rows)
    ]


def has_header(rows: Sequence[GridRow]) -> bool:
    """Tell whether the first row of a table names its columns.

    That is a row of distinct labels, none of them a number, that is as wide as the rows below
    nearly are, and differs from them: bold where they are not, or over a column of numbers, or
    over three columns and more.
    """
    if len(rows) < 2:
        return False
    first, below = rows[0], rows[1:_LOOKED_AT]
    labels = [cell.text for cell in first.cells]
    widest = max(len(row.cells) for row in below)
    if len(labels) < max(2, widest - 1) or len(set(labels)) < len(labels):
        return len(labels) == widest == 1 and not _is_number(labels[0]) and _over_numbers(rows)
    if any(_is_number(text) or len(text) > _LONG_LABEL for text in labels):
        return False
    if all(cell.bold for cell in first.cells):
        return not all(cell.bold for row in below for cell in row.cells)
    return len(labels) > 2 or _over_numbers(rows)


def _over_numbers(rows: Sequence[GridRow]) -> bool:
    """Tell whether a column below the first row holds numbers alone."""
    for column in {cell.column for cell in rows[0].cells}:
        values = [c.text for row in rows[1:_LOOKED_AT] for c in row.cells if c.column == column]
        if values and all(map(_is_number, values)):
            return True
    return False


def _is_number(text: str) -> bool:
    return bool(_NUMBER.fullmatch(text.strip()))
