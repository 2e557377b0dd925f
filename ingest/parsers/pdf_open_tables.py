"""Find tables without ruled cells: words that stand in rows beside each other (pure)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.parsers.pdf_paragraphs import paragraphs
from ingest.parsers.pdf_tables import Row, Table
from ingest.parsers.pdf_words import Line

_MAX_CELL_LINES = 10
_MIN_ROWS = 2
_OTHER_SIZE = 0.25
_DATE = re.compile(r"\b\d{1,2} \w+ \d{4}\b")  # of a row, not of a header


@dataclass(slots=True)
class _Cell:
    """Lines under one another, with the box around them."""

    lines: list[Line]
    x0: float
    y0: float
    x1: float
    y1: float


def split_tables(lines: Sequence[Line], leading: float) -> list[list[Line] | Table]:
    """Split lines, in reading order, into running text and tables.

    A row is two or more cells beside each other, given one after the other; a cell is
    lines under one another. A table is two such rows or more in a sequence. Columns of
    running text are none: their "cells" are too long.

    Args:
        lines: Lines of one page, in reading order.
        leading: From ``usual_leading`` of the page.
    """
    result: list[list[Line] | Table] = []
    text: list[_Cell] = []
    for rows in _sequences(_rows(_cells(lines, leading))):
        if not _is_table(rows):
            text += [cell for row in rows for cell in row]
            continue
        text, table = _headed(text, rows, leading)
        if text:
            result.append([line for cell in text for line in cell.lines])
            text = []
        result.append(table)
    if text:
        result.append([line for cell in text for line in cell.lines])
    return result


def _headed(
    text: list[_Cell], rows: list[list[_Cell]], leading: float
) -> tuple[list[_Cell], Table]:
    """Make a table of rows, with what heads it taken from the text above it.

    The first rows may be parts of the header: labels beside each other, for few columns.
    """
    usual = max(len(row) for row in rows)
    first = 0
    while 2 * len(rows[first]) <= usual and not _has_figures(rows[first]):
        first += 1
    for start in {first: None, 0: None}:
        body = rows[start:]
        labels = [*text, *(cell for row in rows[:start] for cell in row)]
        table = _table(body, leading) if len(body) >= _MIN_ROWS else None
        left, header = _header_above(labels, table, body) if table else (labels, None)
        if table and header:
            table.rows.insert(0, header)
            table.headers = 1
            return left, table
    return text, _table(rows, leading)


def _has_figures(row: Sequence[_Cell]) -> bool:
    texts = [_words(cell.lines) for cell in row]
    return any(
        any(c.isdigit() for c in text) and not any(c.isalpha() for c in text) for text in texts
    )


def _header_above(
    text: list[_Cell], table: Table, rows: Sequence[list[_Cell]]
) -> tuple[list[_Cell], Row | None]:
    """Part the cells that head a table's columns from the text above it.

    They are short, close above it or above one another, in letters not larger than its own,
    and head at least half of its columns. A table of two columns has none: pairs need none.
    """
    columns = _columns([cell for row in rows for cell in row])
    if len(columns) < 3:
        return text, None
    size = max(line.size for row in rows for cell in row for line in cell.lines)
    top, start = table.y0, len(text)
    while start and _heads(text[start - 1], table, top, size):
        start -= 1
        top = min(top, text[start].y0)
    cells: list[list[Line]] = [[] for _ in columns]
    for cell in text[start:]:
        cells[_nearest(cell, columns)].extend(cell.lines)
    named = [cell for cell in cells if cell]
    if 2 * len(named) < len(columns) or any(_DATE.search(_words(cell)) for cell in named):
        return text, None
    return text[:start], Row(cells)


def _words(lines: Sequence[Line]) -> str:
    return " ".join(line.text for line in lines)


def _heads(cell: _Cell, table: Table, top: float, size: float) -> bool:
    words = _words(cell.lines)
    narrow = cell.x1 - cell.x0 < 0.45 * (table.x1 - table.x0)
    within = table.x0 - size < cell.x0 and cell.x1 < table.x1 + size
    close = top - cell.y1 < 3 * size and cell.y0 < table.y0
    small = all(line.size <= 1.05 * size for line in cell.lines)
    label = any(c.isalpha() for c in words) and len(words) < 80 and words[-1:] not in ".;:"
    return narrow and within and close and small and label


def _nearest(cell: _Cell, columns: Sequence[tuple[float, float]]) -> int:
    """Return the column that a cell shares most with, else the one that ends nearest to it."""
    shared = [min(cell.x1, high) - max(cell.x0, low) for low, high in columns]
    best = max(range(len(columns)), key=lambda i: (shared[i], -i))
    if shared[best] > 0:
        return best
    return min(range(len(columns)), key=lambda i: (abs(cell.x1 - columns[i][1]), i))


def _is_table(rows: list[list[_Cell]]) -> bool:
    return len(rows) >= _MIN_ROWS and len(rows[0]) > 1


def _cells(lines: Sequence[Line], leading: float) -> list[_Cell]:
    """Group lines into cells, and cut the first cell of a row from the text above it."""
    cells: list[_Cell] = []
    for line in lines:
        last = cells[-1] if cells else None
        if last is not None and _below(last, line, leading):
            last.lines.append(line)
            _stretch(last)
            continue
        new = _Cell([line], line.x0, line.y0, line.x1, line.y1)
        if last is not None and len(last.lines) > 1 and _beside(last, new):
            cells[-1:] = _cut_above(last, leading)
        cells.append(new)
    return cells


def _below(cell: _Cell, line: Line, leading: float) -> bool:
    last = cell.lines[-1]
    step = line.y0 - last.y0
    if abs(last.size - line.size) > _OTHER_SIZE * max(last.size, line.size):
        return False  # a heading, and the first cell below it
    return (
        0.3 * last.height < step <= (1.35 * leading) * max(last.size, line.size) + 1.0
        and min(line.x1, cell.x1) - max(line.x0, cell.x0) > 0
        and line.x0 > cell.x0 - 3 * line.size
    )


def _stretch(cell: _Cell) -> None:
    last = cell.lines[-1]
    cell.x0, cell.x1 = min(cell.x0, last.x0), max(cell.x1, last.x1)
    cell.y1 = max(cell.y1, last.y1)


def _cut_above(cell: _Cell, leading: float) -> list[_Cell]:
    """Leave a cell its last paragraph: the others are text above the row."""
    groups = paragraphs(cell.lines, leading)
    above = [line for group in groups[:-1] for line in group]
    return [_around(part) for part in (above, groups[-1]) if part]


def _around(lines: list[Line]) -> _Cell:
    return _Cell(
        lines,
        min(line.x0 for line in lines),
        min(line.y0 for line in lines),
        max(line.x1 for line in lines),
        max(line.y1 for line in lines),
    )


def _beside(left: _Cell, right: _Cell) -> bool:
    """Tell whether ``right`` begins to the right of ``left`` and beside its lines."""
    slack = 0.4 * right.lines[0].height
    return right.x0 > left.x1 and right.y0 < left.y1 - slack and right.y1 > left.y0 + slack


def _rows(cells: Sequence[_Cell]) -> list[list[_Cell]]:
    rows: list[list[_Cell]] = []
    for cell in cells:
        if rows and _joins_row(rows[-1], cell):
            rows[-1].append(cell)
        else:
            rows.append([cell])
    return rows


def _joins_row(row: list[_Cell], cell: _Cell) -> bool:
    if max(len(row[-1].lines), len(cell.lines)) > _MAX_CELL_LINES:
        return False
    slack = 0.4 * cell.lines[0].height
    top, bottom = min(other.y0 for other in row), max(other.y1 for other in row)
    return cell.x0 > row[-1].x1 and cell.y1 > top + slack and cell.y0 < bottom - slack


def _sequences(rows: Sequence[list[_Cell]]) -> list[list[list[_Cell]]]:
    """Group rows of several cells that follow one another down the page."""
    groups: list[list[list[_Cell]]] = []
    for row in rows:
        last = groups[-1][-1] if groups else None
        if last is not None and len(last) > 1 and len(row) > 1 and row[0].y0 > last[0].y0:
            groups[-1].append(row)
        else:
            groups.append([row])
    return groups


def _table(rows: list[list[_Cell]], leading: float) -> Table:
    edges = _columns([cell for row in rows for cell in row])
    made = [Row(_placed(row, edges)) for row in rows]
    cells = [cell for row in rows for cell in row]
    return Table(
        rows[0][0].lines[0].page,
        min(cell.x0 for cell in cells),
        min(cell.y0 for cell in cells),
        max(cell.x1 for cell in cells),
        max(cell.y1 for cell in cells),
        [*(low for low, _ in edges), edges[-1][1]],
        made,
        rows[0][0].lines[0].page,
        leading,
    )


def _columns(cells: Sequence[_Cell]) -> list[tuple[float, float]]:
    """Return the spans across that cells share, from the left."""
    spans: list[tuple[float, float]] = []
    for low, high in sorted((cell.x0, cell.x1) for cell in cells):
        if spans and low < spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], high))
        else:
            spans.append((low, high))
    return spans


def _placed(row: list[_Cell], edges: list[tuple[float, float]]) -> list[list[Line]]:
    """Put cells into columns; two cells of one column stay beside each other in it."""
    columns: list[list[Line]] = [[] for _ in edges]
    for cell in row:
        middle = (cell.x0 + cell.x1) / 2
        index = max((i for i, (low, _) in enumerate(edges) if low <= middle), default=0)
        columns[index].extend(cell.lines)
    return columns
