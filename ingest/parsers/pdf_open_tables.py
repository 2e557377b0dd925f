"""Find tables without ruled cells: words that stand in rows beside each other (pure)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ingest.parsers.pdf_paragraphs import paragraphs
from ingest.parsers.pdf_tables import Row, Table
from ingest.parsers.pdf_words import Line

_MAX_CELL_LINES = 10
_MIN_ROWS = 2


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
    text: list[Line] = []
    for rows in _sequences(_rows(_cells(lines, leading))):
        if _is_table(rows):
            if text:
                result.append(text)
                text = []
            result.append(_table(rows, leading))
        else:
            text += [line for row in rows for cell in row for line in cell.lines]
    if text:
        result.append(text)
    return result


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
        index = max(i for i, (low, _) in enumerate(edges) if low <= middle)
        columns[index].extend(cell.lines)
    return columns
