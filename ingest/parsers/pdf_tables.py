"""Turn the ruled tables of a PDF into rows that a page break does not cut (pure)."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from ingest.parsers.pdf_paragraphs import continues, ends_sentence, paragraphs
from ingest.parsers.pdf_rules import Grid
from ingest.parsers.pdf_text import Draft
from ingest.parsers.pdf_words import Line, PageWords, Word
from ingest.types import BlockKind

_RECOMMENDATION = re.compile(
    r"^.{0,30}?\b(?:recomm[ae]ndation|recomendaci[oó]n)\s*(?:n[o°º]?\.?|#)?\s*\d+", re.IGNORECASE
)
_NUMBERED = re.compile(r"^\W{0,2}\d{1,3}\b")
_LABEL_LENGTH = 300
_MAX_HEADER = 200


@dataclass(slots=True)
class Row:
    """One row: for each column the lines of the cell that begins there.

    Attributes:
        cells: Lines by column, empty where the column has no cell of its own.
        whole: Whether one cell fills the row, in a table of several columns.
        above: Text of cells that began in an earlier row and reach down into this one.
    """

    cells: list[list[Line]]
    whole: bool = False
    above: str = ""

    @property
    def text(self) -> str:
        """The words of the row, cell after cell."""
        return " ".join(_text(cell) for cell in self.cells if cell)


@dataclass(slots=True)
class Table:
    """A ruled table on one page, or all of it once ``joined``.

    ``x0`` … ``y1`` are its box in points; ``page`` is where it begins; ``members`` are
    the ``id`` of the page's lines that it was made of. ``headers`` is how many rows at its
    top are column headers, where that is known.
    """

    page: int
    x0: float
    y0: float
    x1: float
    y1: float
    xs: list[float]
    rows: list[Row] = field(default_factory=list)
    last_page: int = 0
    leading: float = 1.3
    members: frozenset[int] = frozenset()
    headers: int | None = None


def take_tables(
    page: PageWords, grids: Iterable[Grid], leading: float
) -> tuple[list[Table], set[int]]:
    """Put the lines of a page into the cells they stand in.

    Returns:
        The tables that hold text in at least two cells, and the ``id`` of the lines in them.
    """
    tables: list[Table] = []
    taken: set[int] = set()
    for grid in grids:
        cells: dict[tuple[int, int], list[Line]] = {}
        free = [line for line in page.lines if id(line) not in taken]
        mine = [line for line in free if _inside(grid, line)]
        for line in mine:
            for place, part in _split(grid, line):
                cells.setdefault(place, []).append(part)
        if len(cells) < 2:
            continue
        _part_columns(grid, cells)
        rows = _rows(grid, cells)
        if below := _row_below(grid, free):
            mine += below
            rows.append(
                Row(
                    [
                        [line for line in below if _column(grid, line) == column]
                        for column in range(len(grid.xs) - 1)
                    ]
                )
            )
        members = frozenset(id(line) for line in mine)
        taken |= members
        box = (grid.xs[0], grid.ys[0], grid.xs[-1], grid.ys[-1])
        tables.append(Table(page.index, *box, grid.xs, rows, page.index, leading, members))
    return tables, taken


def _part_columns(grid: Grid, cells: dict[tuple[int, int], list[Line]]) -> None:
    """Part a cell over several columns, in one row, whose lines keep to the columns."""
    columns = len(grid.xs) - 1
    for (row, column), lines in list(cells.items()):
        places = [_column(grid, line) for line in lines]
        kept = all(
            grid.xs[at] - 2.0 <= line.x0 and line.x1 <= grid.xs[at + 1] + 2.0
            for at, line in zip(places, lines, strict=True)
        )
        if len(set(places)) < 3 or not kept:
            continue
        cells[row, column] = []
        for at, line in zip(places, lines, strict=True):
            grid.owner[row][at] = row * columns + at
            cells.setdefault((row, at), []).append(line)


def _row_below(grid: Grid, lines: Sequence[Line]) -> list[Line]:
    """Return the lines of a last row, such as a total, that has no rule below it.

    It is one line high, close below the table, and fills nearly all columns, one line each.
    """
    columns = len(grid.xs) - 1
    close = [line for line in lines if -1.0 < line.y0 - grid.ys[-1] < line.height]
    within = [line for line in close if grid.xs[0] <= line.x0 and line.x1 <= grid.xs[-1]]
    filled = {_column(grid, line) for line in within}
    if columns < 3 or len(within) != len(close) or len(filled) != len(within):
        return []
    return within if len(filled) >= max(columns - 1, 3) else []


def _column(grid: Grid, line: Line) -> int:
    at = bisect_right(grid.xs, (line.x0 + line.x1) / 2) - 1
    return min(max(at, 0), len(grid.xs) - 2)


def _inside(grid: Grid, line: Line) -> bool:
    x, y = (line.x0 + line.x1) / 2, (line.y0 + line.y1) / 2
    return grid.xs[0] <= x <= grid.xs[-1] and grid.ys[0] <= y <= grid.ys[-1]


def _split(grid: Grid, line: Line) -> list[tuple[tuple[int, int], Line]]:
    y = (line.y0 + line.y1) / 2
    parts: list[tuple[tuple[int, int], list[Word]]] = []
    for word in line.words:
        middle = min(max((word.x0 + word.x1) / 2, grid.xs[0] + 0.1), grid.xs[-1] - 0.1)
        place = grid.cell(middle, y) or (0, 0)
        if not parts or parts[-1][0] != place:
            parts.append((place, []))
        parts[-1][1].append(word)
    if len(parts) == 1:
        return [(parts[0][0], line)]
    return [(place, Line.of(words, line)) for place, words in parts]


def _rows(grid: Grid, cells: dict[tuple[int, int], list[Line]]) -> list[Row]:
    columns = len(grid.xs) - 1
    rows: list[Row] = []
    for index, owners in enumerate(grid.owner):
        places = list(dict.fromkeys(divmod(owner, columns) for owner in owners))
        own = [place for place in places if place[0] == index]
        filled = [place for place in own if cells.get(place)]
        if not filled:
            continue
        if rows and _belongs_above(places, filled, index):
            for place in filled:
                rows[-1].cells[place[1]].extend(cells[place])
            continue
        row = Row([cells.get((index, column), []) for column in range(columns)])
        row.whole = columns > 1 and len(own) == 1 and len(places) == 1
        row.above = " | ".join(
            _text(cells[place])[:_LABEL_LENGTH]
            for place in places
            if place not in own and place in cells
        )
        rows.append(row)
    return rows


def _belongs_above(
    places: Sequence[tuple[int, int]], filled: Sequence[tuple[int, int]], index: int
) -> bool:
    """Tell a row from the next field of one: most cells, its first too, reach in from above."""
    above = [place for place in places if place[0] < index]
    return places[0][0] < index and len(filled) == 1 and len(above) > len(filled)


def _text(lines: Sequence[Line]) -> str:
    return " ".join(line.text for line in lines)


def join(before: Table, after: Table) -> bool:
    """Join a table with the one that the next page begins with, when they are one.

    Returns:
        Whether ``after`` is now part of ``before``.
    """
    if after.page != before.last_page + 1 or len(before.xs) != len(after.xs):
        return False
    if any(abs(a - b) > 8.0 for a, b in zip(before.xs, after.xs, strict=True)):
        return False
    rows = after.rows
    header = _header(before)
    repeated = 0
    while repeated < min(max(header, 1), len(rows)) and (
        _same(rows[repeated], before.rows[repeated])
    ):
        repeated += 1
    rows = rows[repeated:]
    before.rows.append(Row([]))  # where the page breaks; mended by ``drafts``
    before.rows.extend(rows)
    before.last_page = after.page
    return True


def _same(one: Row, other: Row) -> bool:
    return bool(one.text) and one.text.casefold() == other.text.casefold()


def drafts(table: Table) -> list[Draft]:
    """Return a draft for each row of a table, with its headers and labels as context."""
    rows = _mended(table.rows)
    n_header = _header(table)
    header = " | ".join(
        " ".join(parts)
        for column in zip(*(row.cells for row in rows[:n_header]), strict=False)
        if (parts := [_text(cell) for cell in column if cell])
    )
    body = rows[n_header:] or rows
    header = header if rows[n_header:] else ""
    result: list[Draft] = []
    section = label = ""
    for row in body:
        text = row.text
        is_label = bool(_RECOMMENDATION.match(text))
        if row.whole and not is_label:
            section = _short(text)
        context = [] if is_label else [label]
        context += ["" if row.whole else section, row.above, header]
        draft = Draft(BlockKind.TABLE_ROW, _parts(row, table.leading))
        draft.context = "\n".join(dict.fromkeys(part for part in context if part))
        result.append(draft)
        if is_label:
            label, section = _short(text), ""
    return result


def _short(text: str) -> str:
    if len(text) <= _LABEL_LENGTH:
        return text
    return text[:_LABEL_LENGTH].rsplit(" ", 1)[0] + " …"


def _parts(row: Row, leading: float) -> list[tuple[str, list[Line]]]:
    parts: list[tuple[str, list[Line]]] = []
    within = "\n" if len(row.cells) == 1 or row.whole else " "
    for cell in row.cells:
        groups: list[list[Line]] = []
        for lines in paragraphs(cell, leading):
            if groups and groups[-1][-1].page != lines[0].page and continues(groups[-1], lines):
                groups[-1].extend(lines)
            else:
                groups.append(lines)
        parts += [(within if i else " | ", lines) for i, lines in enumerate(groups)]
    return parts


def _header(table: Table) -> int:
    """Return how many rows at the top are column headers.

    They are bold throughout, in a table of several columns, above a row that is not.
    """
    if table.headers is not None:
        return table.headers
    if len(table.xs) < 3:
        return 0
    count = 0
    for row in table.rows[:4]:
        cells = [cell for cell in row.cells if cell]
        if row.whole or len(cells) < 2 or len(row.text) > _MAX_HEADER or not _bold(cells):
            break
        count += 1
    count = count if count < min(len(table.rows), 4) else 0
    if count == 0 and _looks_like_header(table.rows):
        return 1
    return count


def _bold(cells: Iterable[list[Line]]) -> bool:
    return all(line.bold for cell in cells for line in cell)


def _looks_like_header(rows: Sequence[Row]) -> bool:
    """Tell a plain first row of short words from figures below it."""
    if len(rows) < 3 or len(rows[0].cells) < 3 or any(not cell for cell in rows[0].cells):
        return False
    first = [_text(cell) for cell in rows[0].cells]
    if any(len(text) > 60 or any(c.isdigit() for c in text) for text in first):
        return False
    below = [row.text for row in rows[1:]]
    return sum(any(c.isdigit() for c in text) for text in below) >= 0.8 * len(below)


def _mended(rows: Sequence[Row]) -> list[Row]:
    """Join the rows that page breaks cut in two."""
    openers = _openers(rows)
    mended: list[Row] = []
    broken = False
    for row in rows:
        if not row.cells:
            broken = True
        elif broken and mended and _continues(mended[-1], row, openers):
            mended[-1] = _merged(mended[-1], row)
            broken = False
        else:
            mended.append(row)
            broken = False
    return mended


def _openers(rows: Sequence[Row]) -> frozenset[str]:
    """Return how rows begin, when most rows of the table begin as others do; else nothing.

    Rows at the top of a page do not count: one of them may be the end of a row.
    """
    keys = [
        _opening(row)
        for before, row in zip([Row([[]]), *rows], rows, strict=False)
        if row.cells and before.cells
    ]
    counts = Counter(keys)
    repeated = sum(count for key, count in counts.items() if count > 1 and key)
    if len(keys) < 6 or repeated < 0.6 * len(keys):
        return frozenset()
    return frozenset(counts)


def _opening(row: Row) -> str:
    words = re.findall(r"[^\W\d_]+", row.text)
    return " ".join(words[:2]).casefold()


def _continues(before: Row, row: Row, openers: frozenset[str]) -> bool:
    if len(before.cells) != len(row.cells) or row.whole != before.whole:
        return False
    if openers:
        return _opening(row) not in openers
    if len(row.cells) > 1 and before.cells[0] and not row.cells[0]:
        return True
    pairs = [(_text(a), _text(b)) for a, b in zip(before.cells, row.cells, strict=True) if a and b]
    if any(b[:1].islower() and not ends_sentence(a) for a, b in pairs):
        return True
    first = _text(before.cells[0]), _text(row.cells[0])
    return bool(len(row.cells) > 1 and _NUMBERED.match(first[0]) and not _NUMBERED.match(first[1]))


def _merged(before: Row, row: Row) -> Row:
    cells = [a + b for a, b in zip(before.cells, row.cells, strict=True)]
    return Row(cells, before.whole, before.above)
