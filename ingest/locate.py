"""Where a span of text stands in the file a person opens. Pure."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import itemgetter

from ingest.sections import blocks_of_span, has_text, heading_path, span_path
from ingest.types import Block, Locator, Page, PageArea, Rect, Unit, Words

#: Words are on one line when their boxes share this part of the lower one's height.
SAME_LINE = 0.5

#: A rectangle is at most so many times as tall as the tallest word in it.
STRAIGHT = 1.2

#: One word of ``WORD_DTYPE`` as a tuple.
Word = tuple[int, int, int, float, float, float, float]


def locate(
    start: int,
    end: int,
    *,
    text: str,
    blocks: Sequence[Block],
    unit: Unit,
    pages: Sequence[Page] = (),
    words: Words | None = None,
) -> Locator:
    """Return where ``text[start:end]`` stands.

    For a PDF, places and pages are those of the words really overlapped, not of the whole
    block, so a quote from the second half of a paragraph that runs over a page break has
    only the second page.

    Args:
        start: First character, 0 ≤ start.
        end: One past the last, start ≤ end ≤ len(text).
        text: The document's text, for the headings.
        blocks: The document's blocks, in order.
        unit: What the blocks' places count.
        pages: The document's pages in order of their index, for their labels.
        words: The document's words with their boxes, ascending by start.

    Raises:
        ValueError: The span is not within the text.
    """
    if not 0 <= start <= end <= len(text):
        raise ValueError(
            f"the span {start}–{end} is not within the text, which has {len(text)} characters"
        )
    near = blocks_of_span(blocks, start, end)
    touched = [at for at in near if has_text(text, blocks[at])] or list(near)
    paths = _paths(text, blocks, touched)
    areas = () if words is None else _areas(_words_of_span(words, start, end), pages)
    if areas and unit is Unit.PAGE:
        first, last = areas[0].index + 1, areas[-1].index + 1
    else:
        first = min((blocks[at].first for at in touched), default=1)
        last = max((blocks[at].last for at in touched), default=first)
    kinds = [blocks[at].kind for at in touched]
    anchor = _anchor(blocks, touched[0]) if touched else ""
    return Locator(unit, first, last, span_path(kinds, paths), areas, anchor)


def _anchor(blocks: Sequence[Block], at: int) -> str:
    """Return the anchor of the nearest heading at or above a block that has one."""
    return next((block.anchor for block in reversed(blocks[: at + 1]) if block.anchor), "")


def _paths(text: str, blocks: Sequence[Block], touched: Sequence[int]) -> list[tuple[str, ...]]:
    """Return the heading path of each touched block, walking back once a section."""
    paths: list[tuple[str, ...]] = []
    for at in touched:
        if paths and blocks[at].level == 0:
            paths.append(paths[-1])
        else:
            paths.append(heading_path(text, blocks, at))
    return paths


def _words_of_span(words: Words, start: int, end: int) -> list[Word]:
    """Return the words that ``[start, end)`` overlaps.

    Bisects a view: ``searchsorted`` would first copy the whole column out of the records.
    """
    starts = words["start"]
    low = max(bisect_right(starts, start) - 1, 0)
    high = bisect_left(starts, end)
    if low < high and int(words["end"][low]) <= start:
        low += 1
    found: list[Word] = words[low:high].tolist()
    return found


def _areas(words: Sequence[Word], pages: Sequence[Page]) -> tuple[PageArea, ...]:
    """Return a page area for every page of the words, pages ascending."""
    by_page = sorted(words, key=itemgetter(2))
    areas = []
    for index, group in groupby(by_page, key=itemgetter(2)):
        page = pages[index] if index < len(pages) else None
        # Of a page without a size only its number is known.
        rects = _lines(group) if page is None or page.width else ()
        areas.append(PageArea(index, page.label if page else "", rects))
    return tuple(areas)


def _lines(words: Iterable[Word]) -> tuple[Rect, ...]:
    """Merge the boxes of words in reading order into one rectangle a line of text.

    A line that does not run straight, as on a tilted scan, has several. Written without
    ``min`` and ``max``: this is the hot loop of every search result.
    """
    lines: list[Rect] = []
    empty = True
    left = top = right = bottom = tallest = 0.0
    for _, _, _, x0, y0, x1, y1 in words:
        shared = (bottom if bottom < y1 else y1) - (top if top > y0 else y0)
        height, lower = bottom - top, y1 - y0
        tallest = lower if lower > tallest or empty else tallest
        if (
            not empty
            and shared >= SAME_LINE * (height if height < lower else lower)
            and height + lower - shared <= STRAIGHT * tallest
        ):
            left = x0 if x0 < left else left
            top = y0 if y0 < top else top
            right = x1 if x1 > right else right
            bottom = y1 if y1 > bottom else bottom
            continue
        if not empty:
            lines.append(Rect(left, top, right, bottom))
        empty = False
        left, top, right, bottom, tallest = x0, y0, x1, y1, lower
    if not empty:
        lines.append(Rect(left, top, right, bottom))
    return tuple(lines)
