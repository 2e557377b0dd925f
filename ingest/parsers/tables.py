"""Turning tables into rows that can be read, found and quoted on their own (pure).

A row becomes one line of "Header: value" cells, so that a tick or a number keeps its
meaning when the row is shown without the table around it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ingest.parsers.assemble import Piece
from ingest.types import BlockKind

#: A cell longer than this stands on lines of its own inside its row, so that a sentence
#: never runs from one cell into the next.
LONG_CELL = 200
#: A header cell is a label, not a sentence.
_LONG_HEADER = 80
_LEAD_LENGTH = 300
_LEAD_IN_LENGTH = 200

_NUMBER_COLUMN = re.compile(r"(?:no|nr|num|n[°ºo]|#|№)\.?", re.IGNORECASE)
_RECOMMENDATION = re.compile(
    r"(?:evaluation\s+)?(?:recommendation|recommandation|recomendaci[oó]n)"
    r"\s*(?:#|n[°ºo]\.?|no\.?|num[eé]ro|número)?\s*\d+",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"(?<!\be\.g)(?<!\bi\.e)(?<!\bcf)[.!?…](?=\s)|\n")
_TABLE_CAPTION = re.compile(r"(?:table|tableau|tabla|cuadro|matrix|matrice)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell where it stands in the grid.

    Attributes:
        text: Its paragraphs, a line each.
        column: Column from 0.
        width: How many columns it spans.
        bold: Whether all of its text is bold or marked up as a header.
        carried: Whether it reaches into this row from above by a vertical merge.
    """

    text: str
    column: int
    width: int = 1
    bold: bool = False
    carried: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row with its place in the file.

    Attributes:
        cells: By column.
        first: First place, in the format's unit.
        last: Last place, inclusive.
        header: Whether the file itself marks it as a header row.
    """

    cells: tuple[Cell, ...]
    first: int
    last: int
    header: bool = False


def row_of(texts: Sequence[str], first: int, last: int, *, header: bool = False) -> Row:
    """Make a row without merged cells."""
    cells = tuple(Cell(text.strip(), column) for column, text in enumerate(texts))
    return Row(cells, first, last, header)


def linearise(rows: Sequence[Row], context: str = "") -> list[Piece]:
    """Return a piece for each row, with its column names in its text.

    The header rows are told by the file's own mark, else guessed (see ``header_height``).
    They get no piece of their own unless nothing follows them. In a table of one column,
    the rows after a recommendation carry its first sentence as context.
    """
    height = header_height(rows)
    names = column_names(rows[:height])
    body = rows[height:]
    if not any(row_text(row, names) for row in body):
        body, names = rows, {}
    single = all(cell.width == 1 and cell.column == 0 for row in body for cell in row.cells)
    pieces: list[Piece] = []
    for row, lead in zip(body, _leads(body) if single else [context] * len(body), strict=True):
        text = row_text(row, names)
        if text:
            pieces.append(
                Piece(
                    BlockKind.TABLE_ROW,
                    text,
                    row.first,
                    row.last,
                    context=lead or context,
                    tight=bool(pieces),
                )
            )
    return pieces


def header_height(rows: Sequence[Row]) -> int:
    """Return how many leading rows are headers: marked ones, else one that looks like it."""
    marked = 0
    while marked < len(rows) and rows[marked].header:
        marked += 1
    if marked:
        return marked
    return 1 if len(rows) > 1 and _looks_like_header(rows[0], rows[1]) else 0


def _looks_like_header(row: Row, below: Row) -> bool:
    """Tell whether short, distinct labels head the rows below them.

    Two columns without bold labels are left alone: they are as likely pairs of a name
    and its value, whose first pair heads nothing.
    """
    texts = [cell.text for cell in row.cells]
    filled = [text for text in texts if text]
    if len(texts) < 2 or len(set(filled)) < max(2, len(texts) - 1):
        return False
    if any(len(text) > _LONG_HEADER or not re.search(r"[^\W\d_]|#|°", text) for text in filled):
        return False
    bold = all(cell.bold for cell in row.cells if cell.text)
    bold_below = all(cell.bold for cell in below.cells if cell.text)
    if bold and not bold_below:
        return True
    labels = all(not text.endswith((".", ";", "!")) or len(text) < 6 for text in filled)
    return not bold and len(texts) > 2 and len(filled) == len(texts) and labels


def column_names(header: Sequence[Row]) -> dict[int, str]:
    """Name the columns by their header cells, stacked ones joined by ": "."""
    names: dict[int, list[str]] = {}
    for row in header:
        for cell in row.cells:
            name = " ".join(cell.text.split()).rstrip(": ")
            for column in range(cell.column, cell.column + cell.width):
                above = names.setdefault(column, [])
                if name and name not in above:
                    above.append(name)
    return {column: ": ".join(parts) for column, parts in names.items() if parts}


def row_text(row: Row, names: dict[int, str]) -> str:
    """Join a row's filled cells: "Header: value | Header: value", long ones on lines of their own.

    A cell over the whole width (a section title inside a table) stands without a header, and
    a long text that reaches in from the row above is not said again.
    """
    cells = [c for c in row.cells if c.text and not (c.carried and len(c.text) > LONG_CELL)]
    if not any(not cell.carried for cell in cells):
        return ""
    alone = len(cells) == 1 and len(names) > 1 and cells[0].width >= max(names) + 1
    parts: list[str] = []
    long_before = False
    for cell in cells:
        long = len(cell.text) > LONG_CELL or "\n" in cell.text
        if parts:
            parts.append("\n" if long or long_before else " | ")
        parts.append(cell.text if alone else _labelled(cell, names))
        long_before = long
    return "".join(parts)


def _labelled(cell: Cell, names: dict[int, str]) -> str:
    name = names.get(cell.column, "")
    if not name:
        return cell.text
    if cell.column == 0 and is_number_column(name):
        label = "No" if name == "#" else name.rstrip(".")
        return f"{label}: {cell.text.rstrip('.)')}"
    return f"{name}: {cell.text}"


def is_number_column(name: str) -> bool:
    """Tell whether a column's name says that it only numbers the rows."""
    return bool(_NUMBER_COLUMN.fullmatch(name.strip()))


def join_broken_row(row: Row, rest: Row) -> Row:
    """Join a row with the rest of it that stands after a page break."""
    texts = {cell.column: cell for cell in row.cells}
    for cell in rest.cells:
        before = texts.get(cell.column)
        if before and before.text and cell.text:
            cell = replace(before, text=f"{before.text} {cell.text}")
        elif before and before.text:
            cell = before
        texts[cell.column] = cell
    cells = tuple(texts[column] for column in sorted(texts))
    return Row(cells, row.first, max(row.last, rest.last), row.header)


def recommendation_lead(text: str) -> str:
    """Return the first sentence of a text that opens with a recommendation's number, or ""."""
    label = _RECOMMENDATION.match(text)
    if not label:
        return ""
    end = _SENTENCE_END.search(text, label.end() + 2)
    lead = " ".join(text[: end.end() if end else len(text)].split())
    if len(lead) <= _LEAD_LENGTH:
        return lead
    return lead[:_LEAD_LENGTH].rsplit(" ", 1)[0] + " …"


def _leads(rows: Sequence[Row]) -> Iterator[str]:
    lead = ""
    for row in rows:
        own = recommendation_lead(row_text(row, {}))
        yield "" if own else lead
        lead = own or lead


def lead_in(before: Piece | None) -> str:
    """Return the words that introduce a table: the caption or the lead-in just before it."""
    if before is None or len(before.text) > _LEAD_IN_LENGTH:
        return ""
    if before.kind is BlockKind.CAPTION:
        return before.text
    introduces = before.text.endswith(":") or _TABLE_CAPTION.match(before.text)
    return before.text if before.kind is BlockKind.PARAGRAPH and introduces else ""
