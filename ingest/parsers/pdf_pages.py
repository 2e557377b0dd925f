"""Put the pages of a PDF together: what belongs to the text, in order, as drafts (pure)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from ingest.parsers.pdf_characters import RAISED
from ingest.parsers.pdf_contents import split_contents
from ingest.parsers.pdf_margins import running_lines
from ingest.parsers.pdf_open_tables import split_tables
from ingest.parsers.pdf_order import in_reading_order
from ingest.parsers.pdf_paragraphs import continues, ends_sentence, paragraphs, usual_leading
from ingest.parsers.pdf_rules import Grid
from ingest.parsers.pdf_tables import Table, drafts, join, take_tables
from ingest.parsers.pdf_text import Draft
from ingest.parsers.pdf_words import Line, PageWords, measure
from ingest.types import BlockKind

_NOTE = re.compile(r"^(\d{1,3}|[*†‡]{1,3}|[a-z])(?:\s|(?=[A-ZÀ-Þ\"“«]))")
_NOTE_RULE = re.compile(r"^_{6,}$")
_NOTE_SIZE = 0.93


@dataclass(slots=True)
class _Page:
    """What one page adds: paragraphs and tables in order, then its footnotes.

    ``cut`` is the paragraph that its end cuts, where that is not the last of them.
    """

    body: list[Draft | Table] = field(default_factory=list)
    notes: list[Draft] = field(default_factory=list)
    cut: Draft | None = None


def assemble(
    pages: Sequence[PageWords], grids: Sequence[Sequence[Grid]], body: float
) -> list[Draft]:
    """Return the drafts of a document in reading order.

    Running lines are left out, tables become rows, paragraphs and rows that a page break
    cuts are one, and footnotes follow the paragraph that calls them, which loses their marks.

    Args:
        pages: All pages.
        grids: The ruled tables of each page.
        body: The usual font size in points.
    """
    taken: list[tuple[list[Table], set[int]]] = []
    for page, its_grids in zip(pages, grids, strict=True):
        taken.append(take_tables(page, its_grids, usual_leading(page.lines)))
    fixed = set().union(*(lines for _, lines in taken)) if taken else set()
    running = running_lines(pages, fixed)
    if len(running) == sum(len(page.lines) for page in pages):
        running = set()
    made = [
        _page(page, tables, lines | running, body)
        for page, (tables, lines) in zip(pages, taken, strict=True)
    ]
    return _joined(made)


def _page(page: PageWords, tables: list[Table], left_out: set[int], body: float) -> _Page:
    leading = usual_leading(page.lines)
    items = in_reading_order(_placed(page, tables, left_out), body)
    flow, notes = _footnotes(items, body, page.extent[1] / 2)
    called = _drop_marks([item for item in flow if isinstance(item, Line)], notes)
    result = _Page()
    run: list[Line] = []
    for item in flow:
        if isinstance(item, Line):
            run.append(item)
            continue
        result.body += _text(run, leading)
        result.body.append(item)
        run = []
    result.body += _text(run, leading)
    result.cut = _cut_at_end(result.body)
    _place_notes(result, _note_drafts(notes), called)
    return result


def _place_notes(page: _Page, notes: Sequence[Draft], called: Mapping[str, int]) -> None:
    """Put each footnote behind the paragraph that calls it.

    Those of a title, those of the page's last paragraph, which may go on overleaf, and those
    that nothing is seen to call stay at the page's end.

    Args:
        page: Its paragraphs and tables; the notes go in between.
        notes: Its footnotes, in order.
        called: The ``id`` of the line that calls each mark.
    """
    home = {
        id(line): at
        for at, item in enumerate(page.body[:-1])
        if isinstance(item, Draft) and ends_sentence(item.text)
        for line in item.lines
    }
    behind: dict[int, list[Draft]] = {}
    last = -1
    for note in notes:
        mark = _NOTE.match(note.text)
        at = home.get(called.get(mark[1], 0), -1) if mark else last
        last = at
        (behind.setdefault(at, []) if at >= 0 else page.notes).append(note)
    page.body = [part for at, item in enumerate(page.body) for part in (item, *behind.get(at, ()))]


def _text(lines: Sequence[Line], leading: float) -> list[Draft | Table]:
    made: list[Draft | Table] = []
    for stretch in split_contents(lines, leading):
        if isinstance(stretch[0], Draft):
            made += stretch
            continue
        for part in split_tables(stretch, leading):
            made += [part] if isinstance(part, Table) else _drafts(part, leading)
    return made


def _placed(page: PageWords, tables: list[Table], left_out: set[int]) -> list[Line | Table]:
    """Put each table where the file writes its first line."""
    items: list[Line | Table] = []
    home = {member: table for table in tables for member in table.members}
    seen: set[int] = set()
    for line in page.lines:
        table = home.get(id(line))
        if table is not None:
            if id(table) not in seen:
                seen.add(id(table))
                items.append(table)
        elif id(line) not in left_out:
            items.append(line)
    return items


def _drafts(lines: Sequence[Line], leading: float) -> list[Draft]:
    return [Draft(BlockKind.PARAGRAPH, [("", group)]) for group in paragraphs(lines, leading)]


def _drop_marks(lines: Sequence[Line], notes: Sequence[Line]) -> dict[str, int]:
    """Take the marks of this page's footnotes out of its text; the footnotes stay.

    Returns:
        The ``id`` of the line that each mark was first seen in.
    """
    marks = {match[1] for line in notes if (match := _NOTE.match(line.text))}
    called: dict[str, int] = {}
    for line in lines:
        kept = [word for word in line.words if not (word.raised and word.text in marks)]
        if not kept or len(kept) == len(line.words):
            continue
        for word in line.words:
            if word.raised and word.text in marks:
                called.setdefault(word.text, id(line))
        line.words = kept
        measure(line)
    return called


def _note_drafts(lines: Sequence[Line]) -> list[Draft]:
    """Make a draft for each footnote: their numbers grow by one."""
    groups: list[list[Line]] = []
    last = -1
    for line in lines:
        mark = _NOTE.match(line.text)
        number = int(mark[1]) if mark and mark[1].isdigit() else -1
        if not groups or (mark and (number < 0 or last < 0 or number == last + 1)):
            groups.append([])
            last = number
        groups[-1].append(line)
    return [Draft(BlockKind.PARAGRAPH, [("", group)]) for group in groups]


def _footnotes(
    items: Sequence[Line | Table], body: float, middle: float
) -> tuple[list[Line | Table], list[Line]]:
    """Split off the small print at the end of a page, from its first mark on.

    Notes in letters of full size are told by their raised marks, below the page's ``middle``.
    """
    for i, item in enumerate(items):
        if isinstance(item, Line) and _NOTE_RULE.match(item.text):
            rest = [line for line in items[i + 1 :] if isinstance(line, Line)]
            if len(rest) == len(items) - i - 1 and all(line.y0 > item.y0 for line in rest):
                return list(items[:i]), rest
    for i, item in enumerate(items):
        if (
            isinstance(item, Line)
            and item.y0 > middle
            and _opens_note(item)
            and _calls(items[:i], item.words[0].text)
            and _all_below(items[i:])
        ):
            return list(items[:i]), [line for line in items[i:] if isinstance(line, Line)]
    start = len(items)
    while start and isinstance(item := items[start - 1], Line) and item.size < _NOTE_SIZE * body:
        start -= 1
    tail = [item for item in items[start:] if isinstance(item, Line)]
    for i, line in enumerate(tail):
        if _NOTE.match(line.text):
            return list(items[: start + i]), tail[i:]
    return list(items), []


def _opens_note(line: Line) -> bool:
    """Tell whether a line begins with a small raised number before words of full size."""
    first = line.words[0]
    small = first.y1 - first.y0 < RAISED * line.height and first.y1 < line.y1 - 1.0
    return len(line.words) > 1 and small and first.text.isdecimal() and len(first.text) < 4


def _calls(items: Sequence[Line | Table], mark: str) -> bool:
    return any(
        word.raised and word.text == mark
        for item in items
        if isinstance(item, Line)
        for word in item.words
    )


def _all_below(items: Sequence[Line | Table]) -> bool:
    """Tell whether items are lines, each below the one before it."""
    return all(
        isinstance(after, Line) and after.y0 > before.y0 - 2.0 for before, after in pairwise(items)
    )


def _joined(pages: Sequence[_Page]) -> list[Draft]:
    """String pages together; a table waits until it is known that it does not go on."""
    result: list[Draft] = []
    waiting: Table | None = None
    last: Draft | None = None
    for page in pages:
        body = list(page.body)
        first = body[0] if body else None
        if waiting is not None and first is not None:
            if isinstance(first, Table) and join(waiting, first):
                del body[0]
            if body:
                result += drafts(waiting)
                waiting = None
        elif last is not None and isinstance(first, Draft) and continues(last.lines, first.lines):
            last.parts[-1][1].extend(first.lines)
            del body[0]
            if page.cut is first:
                page.cut = last
        if body:
            last, waiting = _string(body, result)
            last = page.cut or last
        result += page.notes
    return result + (drafts(waiting) if waiting is not None else [])


def _string(
    body: Sequence[Draft | Table], result: list[Draft]
) -> tuple[Draft | None, Table | None]:
    """Append a page's text but for a table at its end; return what the page ends with."""
    for item in body[:-1]:
        result += drafts(item) if isinstance(item, Table) else [item]
    end = body[-1]
    if isinstance(end, Table):
        return None, end
    result.append(end)
    return end, None


def _cut_at_end(body: Sequence[Draft | Table]) -> Draft | None:
    """Return a paragraph that ends below the last one, in the middle of a sentence.

    Boxes beside the text often come last in the file; it is not they that go on overleaf.
    """
    end = body[-1] if body else None
    if not isinstance(end, Draft):
        return None
    below = [
        item
        for item in body
        if isinstance(item, Draft)
        and len(item.lines) > 1
        and item.lines[-1].y0 > end.lines[-1].y1
        and not ends_sentence(item.text)
    ]
    return max(below, key=lambda item: item.lines[-1].y1, default=None)
