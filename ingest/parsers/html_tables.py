"""HTML tables: cells as they stream by, laid out in a grid when the table ends."""

from __future__ import annotations

from dataclasses import dataclass, field

from ingest.parsers.assemble import Piece
from ingest.parsers.tables import Cell, Row, lead_in, linearise
from ingest.types import BlockKind

#: Columns and rows that one cell may span; browsers stop at 1,000 and 65,534.
_MAX_SPAN = 100
_MAX_HEIGHT = 65_534


@dataclass(slots=True)
class OpenCell:
    """A cell with the pieces in it and how much of its text is bold."""

    width: int
    height: int
    header: bool
    pieces: list[Piece] = field(default_factory=list)
    strong: int = 0
    weak: int = 0


@dataclass(slots=True)
class OpenRow:
    """A row with the line it starts on."""

    line: int
    header: bool
    cells: list[OpenCell] = field(default_factory=list)


@dataclass(slots=True)
class OpenTable:
    """A table that has started and not ended; end tags of rows and cells may be left out."""

    layout: bool
    nested: bool = False
    _head: bool = False
    _in_cell: bool = False
    _captions: list[Piece] = field(default_factory=list)
    _loose: list[Piece] = field(default_factory=list)
    _rows: list[OpenRow] = field(default_factory=list)

    def start(self, tag: str, attributes: dict[str, str], line: int) -> None:
        """Take the start tag of a part of the table."""
        self._in_cell = False
        if tag in ("thead", "tbody", "tfoot"):
            self._head = tag == "thead"
        elif tag == "tr" or not self._rows:
            self._rows.append(OpenRow(line, self._head))
        if tag in ("td", "th"):
            width = min(_MAX_SPAN, max(1, whole_number(attributes.get("colspan", ""), 1)))
            height = whole_number(attributes.get("rowspan", ""), 1) or _MAX_HEIGHT
            self._rows[-1].cells.append(OpenCell(width, height, tag == "th"))
            self._in_cell = True

    def end(self, tag: str) -> None:
        """Take the end tag of a part of the table."""
        self._in_cell = False
        self._head &= tag != "thead"

    def take(self, piece: Piece) -> None:
        """Keep a piece that stands in the table, also one misplaced between its cells."""
        if self._in_cell:
            self._rows[-1].cells[-1].pieces.append(piece)
        elif piece.kind is BlockKind.CAPTION:
            self._captions.append(piece)
        else:
            self._loose.append(piece)

    def weigh(self, text: str, *, bold: bool) -> None:
        """Count text of the open cell as bold or not."""
        if self._in_cell and text.strip():
            cell = self._rows[-1].cells[-1]
            if bold:
                cell.strong += len(text)
            else:
                cell.weak += len(text)

    def pieces(self, before: Piece | None) -> list[Piece]:
        """Return the captions and a piece for each row.

        A table that only lays out the page (a single cell, or tables inside without header
        cells) gives the pieces in its cells instead.
        """
        cells = [cell for row in self._rows for cell in row.cells]
        header = any(cell.header for cell in cells)
        found = self._captions + self._loose
        if self.layout or len(cells) == 1 or (self.nested and not header):
            return found + [piece for cell in cells for piece in cell.pieces]
        return found + linearise(grid(self._rows), lead_in(found[-1] if found else before))


def grid(rows: list[OpenRow]) -> list[Row]:
    """Lay cells out in columns, with those that span rows carried into the rows below."""
    made: list[Row] = []
    hanging: dict[int, tuple[Cell, int]] = {}
    for number, row in enumerate(rows):
        cells: list[Cell] = []
        column = 0
        waiting = list(reversed(row.cells))
        taken = hanging
        hanging = {at: (cell, left - 1) for at, (cell, left) in taken.items() if left > 1}
        while waiting or column in taken:
            if column in taken:
                cell = taken[column][0]
            else:
                cell = _cell(waiting[-1], column)
                height = waiting.pop().height
                if height > 1 and number + 1 < len(rows):
                    carried = Cell(cell.text, column, cell.width, cell.bold, carried=True)
                    hanging[column] = (carried, height - 1)
            cells.append(cell)
            column += cell.width
        lines = [line for c in row.cells for p in c.pieces for line in (p.first, p.last)]
        header = row.header or (
            bool(row.cells) and all(c.header for c in row.cells) and all(r.header for r in made)
        )
        made.append(
            Row(tuple(cells), min(lines, default=row.line), max(lines, default=row.line), header)
        )
    return made


def _cell(cell: OpenCell, column: int) -> Cell:
    text = "\n".join(piece.text for piece in cell.pieces)
    return Cell(text, column, cell.width, cell.header or cell.strong > cell.weak)


def whole_number(text: str, default: int) -> int:
    """Read a short whole number, or return ``default``."""
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else default
