"""Finding the members of a series in a document: its recommendations, lessons, findings. Pure.

Three layouts are read: a label with a number ("Recommendation 4: …", also as a heading or the
first cell of a row), a column of that name ("No: 4 | Recommendations: …"), and the numbered or
bulleted items, or else the rows or paragraphs, under a heading of that name. What management
answers belongs to the entry (``responses``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache

from index.types import DocumentText
from ingest.types import Block, BlockKind
from mmsearch.answer.responses import Entry, answered, cell_end, has_response
from mmsearch.answer.series_words import LEARNED, NOUNS, Sort
from mmsearch.answer.spans import Span, strip

LEAST_WORDS = 4
"""A label with fewer words behind it names an entry and does not state it."""
LEAST_STATED = 8
"""An item's first sentence with fewer words is a title ("People leave; notes stay."): the next
belongs to it."""
LONGEST = 420
"""Most characters of a statement; it ends with the sentence before."""
LESSONS = "lessons learned"
SAME = 0.8
"""Statements that share this much of the words of the shorter one say the same."""
_STOP = re.compile(r"(?<=[.!?؟։।…])[\"”»)\]]*(?=\s+[^\sa-zà-ÿа-я])|\n")
_COUNTED = re.compile(r"\W{0,3}(\d{1,3})\s*[|.)]\s")
_WORD = re.compile(r"[^\W\d_]{2,}")


def entries(document: DocumentText, sort: Sort, kind: str = "") -> tuple[Entry, ...]:
    """Return a document's entries of one sort, in order; none where it has no such series.

    Args:
        document: Its text and blocks.
        sort: What to look for.
        kind: The document's kind: one of lessons learned gives its list when no section of it
            has the name.
    """
    labelled = _labelled(document, sort)
    found = labelled if len(labelled) > 1 else _listed(document, sort) or labelled
    if not found and sort is Sort.LESSON and kind == LESSONS:
        found = _items(document.text, document.blocks)
    return tuple(found)


def _labelled(document: DocumentText, sort: Sort) -> list[Entry]:
    """Find entries that a label with a number opens."""
    text, blocks = document.text, document.blocks
    opened: list[tuple[int, str, int]] = []
    for at, block in enumerate(blocks):
        match = _label(sort).match(text, block.start, block.end)
        if match is None and has_response(text, block):
            match = _unnumbered(sort).match(text, block.start, block.end)
        if match and not (opened and _goes_on(text, blocks, opened[-1], at, match)):
            opened.append((at, _number(match), match.end()))
    found: list[Entry] = []
    for nth, (at, number, behind) in enumerate(opened):
        stop = opened[nth + 1][0] if nth + 1 < len(opened) else _end(blocks, at)
        statement = _statement(text, blocks, at, behind, stop)
        if statement is None:
            continue
        last = blocks[max(at, min(stop, len(blocks)) - 1)]
        entry = Entry(number, statement, (blocks[at].start, last.end))
        found.append(answered(text, blocks[at:stop], entry))
    return _once(text, found)


def _number(match: re.Match[str]) -> str:
    groups = match.groupdict()
    return groups.get("before") or groups.get("after") or ""


def _goes_on(
    text: str,
    blocks: Sequence[Block],
    opened: tuple[int, str, int],
    at: int,
    match: re.Match[str],
) -> bool:
    """Say whether a row repeats the first cell of the entry before it: it has a further action."""
    before, _, behind = opened
    if not (blocks[before].kind is blocks[at].kind is BlockKind.TABLE_ROW):
        return False
    first = text[blocks[before].start : cell_end(text, behind, blocks[before].end)]
    return first == text[blocks[at].start : cell_end(text, match.end(), blocks[at].end)]


def _statement(text: str, blocks: Sequence[Block], at: int, behind: int, stop: int) -> Span | None:
    """Return the label with what it states, or the block below a bare label."""
    block = blocks[at]
    end = cell_end(text, behind, block.end) if block.kind is BlockKind.TABLE_ROW else block.end
    least = LEAST_WORDS if end == block.end else 1
    if len(_WORD.findall(text[behind:end])) >= least:
        return _first_sentence(text, block.start, end, behind)
    if block.kind is BlockKind.TABLE_ROW or at + 1 >= min(stop, len(blocks)):
        return None
    below = blocks[at + 1]
    if below.kind is BlockKind.HEADING or len(_WORD.findall(text[below.start : below.end])) < 4:
        return None
    return _first_sentence(text, below.start, below.end, below.start)


def _first_sentence(text: str, start: int, end: int, behind: int, least: int = LEAST_WORDS) -> Span:
    """End a statement with its first full sentence behind the label."""
    limit = min(end, behind + LONGEST)
    for match in _STOP.finditer(text, behind, limit):
        if len(_WORD.findall(text[behind : match.start()])) >= least:
            return strip(text, start, match.start() if text[match.start()] == "\n" else match.end())
    if limit < end:
        limit = text.rfind(" ", behind, limit)
    return strip(text, start, limit)


def _listed(document: DocumentText, sort: Sort) -> list[Entry]:
    """Find the items under a heading that names the sort, or else its rows or paragraphs."""
    text, blocks = document.text, document.blocks
    found: list[Entry] = []
    for at, block in enumerate(blocks):
        if block.kind is not BlockKind.HEADING or not _names(text[block.start : block.end], sort):
            continue
        found += _items(text, list(_below(document, at)), others=True)
    return _once(text, found)


def _items(text: str, blocks: Sequence[Block], *, others: bool = False) -> list[Entry]:
    """Make entries of list items, or of table rows or paragraphs (``others``); of no question."""
    found: list[Entry] = []
    kinds = (BlockKind.LIST_ITEM, BlockKind.TABLE_ROW, BlockKind.PARAGRAPH)
    for kind in kinds if others else kinds[:1]:
        least = LEAST_WORDS if kind is BlockKind.TABLE_ROW else LEAST_STATED
        for item in (block for block in blocks if block.kind is kind):
            said = text[item.start : item.end].rstrip()
            if said.endswith(("?", "؟", ":")) or len(_WORD.findall(said)) < LEAST_WORDS:
                continue
            span = _first_sentence(text, item.start, item.end, item.start, least)
            number = _COUNTED.match(said)
            found.append(Entry(number[1] if number else "", span, (item.start, item.end)))
        if found:
            break
    return found


def _below(document: DocumentText, at: int) -> Iterator[Block]:
    """Yield what stands under a heading; headings of another sort end it at any level."""
    level = document.blocks[at].level
    for block in document.blocks[at + 1 :]:
        if block.kind is BlockKind.HEADING:
            heading = document.text[block.start : block.end]
            if block.level <= level or any(_names(heading, sort) for sort in Sort):
                return
        yield block


def _end(blocks: Sequence[Block], at: int) -> int:
    """Return where the last entry ends: with its table, else before the next heading."""
    if blocks[at].kind is BlockKind.TABLE_ROW:
        for n in range(at + 1, len(blocks)):
            if blocks[n].kind is not BlockKind.TABLE_ROW:
                return n
        return len(blocks)
    for n in range(at + 2, len(blocks)):
        if blocks[n].kind is BlockKind.HEADING:
            return n
    return min(len(blocks), at + 2)


def _names(heading: str, sort: Sort) -> bool:
    words = _WORD.findall(heading)
    if sort is Sort.LESSON and LEARNED.match(heading.lstrip(" 0123456789.")):
        return True
    return len(words) <= 5 and re.search(NOUNS[sort], heading, re.IGNORECASE) is not None


@cache
def _label(sort: Sort) -> re.Pattern[str]:
    noun = NOUNS[sort]
    mark = r"(?:no\.?|n[°ºo]\.?|numéro|número|#|№)?"
    return re.compile(
        rf"\W{{0,3}}(?:(?:[^\W\d_]+\s+){{0,2}}(?:{noun})\s*{mark}\s*:?\s*(?P<after>\d+(?:\.\d+)*)\b"
        rf"(?:\s*\([^)\n]{{1,20}}\))?\s*[:.)–—-]?"
        rf"|(?:no|n[°ºo]|nr|#|№)\W{{0,3}}(?P<before>\d+)\s*[\n|]\s*(?:{noun})\s*:)",
        re.IGNORECASE,
    )


@cache
def _unnumbered(sort: Sort) -> re.Pattern[str]:
    return re.compile(rf"\W{{0,3}}(?:{NOUNS[sort]})\s*:\s*", re.IGNORECASE)


def says_again(statement: str, other: str) -> bool:
    """Say whether a statement repeats another: a summary's, an annex's, a response's."""
    own, theirs = _said(statement), _said(other)
    return len(own & theirs) >= SAME * min(len(own), len(theirs))


@lru_cache(maxsize=512)
def _said(statement: str) -> frozenset[str]:
    return frozenset(word.casefold() for word in _WORD.findall(statement))


def _once(text: str, found: Sequence[Entry]) -> list[Entry]:
    """Drop entries that say again what one before them said."""
    kept: list[Entry] = []
    for entry in found:
        own = text[slice(*entry.statement)]
        if not any(says_again(own, text[slice(*other.statement)]) for other in kept):
            kept.append(entry)
    return kept
