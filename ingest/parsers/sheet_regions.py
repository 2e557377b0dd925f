"""Telling apart the tables of a sheet that stand side by side or one below the other (pure).

What a program gives is a grid without seams. Blank rows always part tables. Blank columns, and
rows that share no column, part them only where both sides have a header of their own: a form or
a table with a spacing column keeps its rows whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

_NUMBER = re.compile(r"[-+(]?[\W\d_]*\d[\W\d_]*(?:[eE][-+]?\d+)?%?\)?")
LONG_LABEL = 120
#: So many rows of a table are looked at before its header is settled.
LOOKED_AT = 30
#: Rows of stacked column names.
MOST_HEADERS = 3
#: Parts of a form that has more blank columns than this are not weighed one by one.
_MOST_SIDES = 20
#: Rows that a merged cell reaches into; one that is taller is a frame.
MOST_CARRIED = 1_000


@dataclass(frozen=True, slots=True)
class GridCell:
    """A filled cell of a sheet.

    Attributes:
        text: Its value as it is shown.
        column: Column from 0.
        bold: Whether it is printed bold.
        width: Columns that it is merged over.
        height: Rows that it is merged over.
        carried: Whether it stands in a row above and reaches into this one.
    """

    text: str
    column: int
    bold: bool = False
    width: int = 1
    height: int = 1
    carried: bool = False


@dataclass(frozen=True, slots=True)
class GridRow:
    """A row of a sheet with its number from 1 and its filled cells, by column."""

    number: int
    cells: tuple[GridCell, ...]

    @property
    def own(self) -> tuple[GridCell, ...]:
        """The cells that stand in it, without those that reach in from above."""
        return tuple(cell for cell in self.cells if not cell.carried)


def with_carried(rows: Iterable[GridRow]) -> Iterator[GridRow]:
    """Let merged cells reach into the rows below them, blank ones included."""
    reaching: dict[int, tuple[GridCell, int]] = {}
    before = 0
    for row in rows:
        for number in range(before + 1, row.number) if reaching else ():
            reaching = {at: one for at, one in reaching.items() if one[1] >= number}
            if not reaching:
                break
            yield GridRow(number, tuple(cell for cell, _ in reaching.values()))
        reaching = {at: one for at, one in reaching.items() if one[1] >= row.number}
        here = {cell.column: cell for cell in row.cells}
        cells = {at: cell for at, (cell, _) in reaching.items()} | here
        yield GridRow(row.number, tuple(cells[at] for at in sorted(cells)))
        for cell in row.cells:
            reaching.pop(cell.column, None)
            if cell.height > 1:
                last = row.number + min(cell.height, MOST_CARRIED) - 1
                reaching[cell.column] = replace(cell, height=1, carried=True), last
        before = row.number


def regions(rows: Iterable[GridRow]) -> Iterator[list[GridRow]]:
    """Yield the tables of a sheet in reading order, holding what no blank row parts at a time."""
    for run in _runs(rows):
        waiting = [run]
        while waiting:
            table = waiting.pop()
            parts = _side_by_side(table)
            if len(parts) == 1 and (at := _step(table)) is not None:
                parts = [table[:at], table[at:]]
            if len(parts) == 1:
                yield table
            else:
                waiting += reversed([one for part in parts for one in _runs(part)])


def _runs(rows: Iterable[GridRow]) -> Iterator[list[GridRow]]:
    """Yield rows that follow each other; one that merged cells alone fill is no gap."""
    run: list[GridRow] = []
    last = 0
    for row in rows:
        if run and row.number > last + 1:
            yield run
            run = []
        last = row.number
        if row.own:
            run.append(row)
    if run:
        yield run


def _side_by_side(rows: list[GridRow]) -> list[list[GridRow]]:
    """Part rows at blank columns, where what stands on both sides is a table."""
    groups: list[list[GridRow]] = []
    edges = _blank_columns(rows)
    if len(edges) > _MOST_SIDES:
        return [rows]
    start = 0
    for edge in [*edges, None]:
        part = _between(rows, start, edge)
        if groups and not are_two(groups[-1], part):
            groups[-1] = _between(rows, _first_column(groups[-1]), edge)
        else:
            groups.append(part)
        start = edge or 0
    return groups


def _blank_columns(rows: Sequence[GridRow]) -> list[int]:
    """Return the first column after each gap between filled ones."""
    spans = sorted((cell.column, cell.column + cell.width) for row in rows for cell in row.cells)
    edges, reach = [], spans[0][1] if spans else 0
    for start, end in spans:
        if start > reach:
            edges.append(start)
        reach = max(reach, end)
    return edges


def _between(rows: Sequence[GridRow], start: int, end: int | None) -> list[GridRow]:
    found = []
    for row in rows:
        cells = tuple(c for c in row.cells if start <= c.column and (end is None or c.column < end))
        if cells:
            found.append(GridRow(row.number, cells))
    return found


def _first_column(rows: Sequence[GridRow]) -> int:
    return min(cell.column for row in rows for cell in row.cells)


def are_two(one: Sequence[GridRow], other: Sequence[GridRow]) -> bool:
    """Tell whether what stands on the two sides of a blank column are tables of their own.

    They are where both have a header, and they begin in different rows, repeat each other's
    column names, or one is shorter than the other by two rows and more.
    """
    if not (has_header(one) and has_header(other)):
        return False
    if one[0].number != other[0].number or abs(one[-1].number - other[-1].number) > 1:
        return True
    names, others = ({cell.text for cell in rows[0].cells} for rows in (one, other))
    return names <= others or others <= names


def _step(rows: Sequence[GridRow]) -> int | None:
    """Return where the rows leave all columns that they had, and a new header stands there."""
    above: set[int] = set()
    for at, row in enumerate(rows):
        columns = {cell.column for cell in row.cells}
        if above and not above & columns and has_header(rows[at : at + LOOKED_AT + 1]):
            below = {cell.column for other in rows[at:] for cell in other.cells}
            return at if has_header(rows[:at]) and not above & below else None
        above |= columns
    return None


def has_header(rows: Sequence[GridRow]) -> bool:
    """Tell whether the first row of a table names its columns.

    That is a row of distinct labels, none of them a number, that is as wide as the rows below
    nearly are, and differs from them: bold where they are not, or over a column of numbers, or
    over three columns and more, or merged over further names.
    """
    if len(rows) < 2:
        return False
    first, height = rows[0], _stacked(rows)
    below = rows[height:LOOKED_AT]
    labels = [cell.text for cell in first.cells]
    widest = max(_width(row) for row in below)
    if _width(first) < max(2, widest - 1) or len(set(labels)) < len(labels):
        return len(labels) == widest == 1 and not is_number(labels[0]) and _over_numbers(rows)
    if len(labels) < 2 or any(is_number(text) or len(text) > LONG_LABEL for text in labels):
        return False
    if all(cell.bold for cell in first.cells):
        return not all(cell.bold for row in below for cell in row.cells)
    return len(labels) > 2 or height > 1 or _over_numbers(rows)


def header_height(rows: Sequence[GridRow]) -> int:
    """Return how many rows at the top name the columns: names may stand below a merged one."""
    return _stacked(rows) if has_header(rows) else 0


def _stacked(rows: Sequence[GridRow]) -> int:
    height = 1
    while height < min(MOST_HEADERS, len(rows) - 1) and _names_below(rows[height - 1 : height + 1]):
        height += 1
    return height


def _names_below(rows: Sequence[GridRow]) -> bool:
    """Tell whether the cells of the second row all stand below merged ones of the first."""
    covered = [
        range(cell.column, cell.column + cell.width) for cell in rows[0].cells if cell.width > 1
    ]
    labels = rows[1].own
    return bool(labels) and all(
        not is_number(cell.text) and any(cell.column in span for span in covered) for cell in labels
    )


def _width(row: GridRow) -> int:
    return sum(cell.width for cell in row.cells)


def _over_numbers(rows: Sequence[GridRow]) -> bool:
    """Tell whether a column below the first row holds numbers alone."""
    for column in {cell.column for cell in rows[0].cells}:
        values = [c.text for row in rows[1:LOOKED_AT] for c in row.own if c.column == column]
        if values and all(map(is_number, values)):
            return True
    return False


def is_number(text: str) -> bool:
    """Tell whether a text is a number, with whatever signs stand around it."""
    return bool(_NUMBER.fullmatch(text.strip()))
