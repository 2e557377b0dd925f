"""Tables whose cells are parted by tabs, as PDF converters write them into text (pure).

A page break inside such a table repeats its header and cuts a row in two; here the row
is one again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from ingest.parsers.tables import Cell, Row, column_names, is_number_column, join_broken_row, row_of

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_LIST_MARKER = re.compile(r"\s*(?:[-*+]|\d{1,9}[.)]|>)(?:\s|$)")
_LONG_LABEL = 60

ReadCell = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class TabTable:
    """A table of lines ``start`` to ``end`` (from 0, half-open), its broken rows joined."""

    start: int
    end: int
    rows: tuple[Row, ...]


def tab_tables(lines: Sequence[str], read_cell: ReadCell) -> Iterator[TabTable]:
    """Find the tables among lines; ``read_cell`` turns a cell's markup into its text."""
    fence = ""
    at = 0
    while at < len(lines):
        mark = _FENCE.match(lines[at])
        if mark and (not fence or mark[1].startswith(fence)):
            fence = "" if fence else mark[1]
        elif not fence and _starts_table(lines, at):
            end = _table_end(lines, at)
            yield TabTable(at, end, tuple(_rows(lines, at, end, read_cell)))
            at = end
            continue
        at += 1


def _starts_table(lines: Sequence[str], at: int) -> bool:
    """Tell whether lines from here on have the same number of tabs: two lines, or three for one."""
    tabs = lines[at].count("\t")
    if not tabs or lines[at][:1].isspace() or _LIST_MARKER.match(lines[at]):
        return False
    needed = 2 if tabs > 1 else 3
    following = lines[at : at + needed]
    return len(following) == needed and all(line.count("\t") == tabs for line in following)


def _table_end(lines: Sequence[str], start: int) -> int:
    """Return the line after a table, which goes on where its header line comes again."""
    tabs = lines[start].count("\t")
    end = at = start
    while at < len(lines):
        if lines[at].count("\t") == tabs and lines[at].strip():
            end = at = at + 1
        elif not lines[at].strip():
            at += 1
            if at < len(lines) and lines[at].strip() and lines[at] != lines[start]:
                break
        else:
            break
    return end


def _rows(lines: Sequence[str], start: int, end: int, read_cell: ReadCell) -> Iterator[Row]:
    """Yield header rows and rows, each broken one joined with its rest."""
    header = _header(lines, start, end, read_cell)
    yield from header
    numbered = is_number_column(column_names(header).get(0, ""))
    row: Row | None = None
    after_break = False
    repeated = list(lines[start : start + len(header)])
    at = start + len(header)
    while at < end:
        if lines[at] == lines[start]:
            at += len(header) if list(lines[at : at + len(header)]) == repeated else 1
            after_break = True
            continue
        if lines[at].strip():
            made = _row(lines, at, read_cell)
            if row is not None and not made.cells[0].text and (after_break or numbered):
                row = join_broken_row(row, made)
            else:
                if row is not None:
                    yield row
                row = made
            after_break = False
        at += 1
    if row is not None:
        yield row


def _row(lines: Sequence[str], at: int, read_cell: ReadCell, *, header: bool = False) -> Row:
    texts = [read_cell(cell) for cell in lines[at].split("\t")]
    return row_of(texts, at + 1, at + 1, header=header)


def _header(lines: Sequence[str], start: int, end: int, read_cell: ReadCell) -> list[Row]:
    """Return the first row, and the second where it divides the first's columns.

    They count as marked when there are two, or when the first comes again; a single one is
    for ``tables.header_height`` to judge.
    """
    two = start + 1 < end and _is_second_header(lines[start], lines[start + 1])
    marked = two or lines[start] in lines[start + 1 : end]
    top = _row(lines, start, read_cell, header=marked)
    if not two:
        return [top]
    below = _row(lines, start + 1, read_cell, header=True)
    return [_spread(top, below), below]


def _spread(top: Row, below: Row) -> Row:
    """Let a header cell span the unnamed columns after it that the row below divides."""
    cells: list[Cell] = []
    for cell in top.cells:
        divided = cell.column < len(below.cells) and below.cells[cell.column].text
        if not cell.text and divided and cells and below.cells[cells[-1].column].text:
            cells[-1] = replace(cells[-1], width=cells[-1].width + 1)
        else:
            cells.append(cell)
    return replace(top, cells=tuple(cells))


def _is_second_header(top: str, below: str) -> bool:
    """Tell whether a line only divides the columns of the header line above it."""
    names, parts = top.split("\t"), below.split("\t")
    if parts[0].strip() or any(len(part) > _LONG_LABEL for part in parts):
        return False
    return any(part.strip() and not name.strip() for name, part in zip(names, parts, strict=False))
