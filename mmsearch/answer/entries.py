"""Finding the members of a series in a document: its recommendations, lessons, findings. Pure.

Three layouts are read: a label with a number ("Recommendation 4: …", also as a heading or the
first cell of a row), a column of that name ("No: 4 | Recommendations: …"), and the numbered or
bulleted items, or else the paragraphs, under a heading of that name. Where management answers
in the rows that follow, its answer belongs to the entry.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from index.types import DocumentText
from ingest.types import Block, BlockKind
from mmsearch.answer.series_words import (
    ACTIONS,
    ADDRESSEES,
    NOUNS,
    RESPONSE,
    Sort,
    Verdict,
    verdict,
)

LEAST_WORDS = 4
"""A label with fewer words behind it names an entry and does not state it."""
LONGEST = 420
"""Most characters of a statement; it ends with the sentence before."""
SAME = 0.8
"""Statements that share this much of the words of the shorter one say the same."""
_STOP = re.compile(r"(?<=[.!?؟։।…])[\"”»)\]]*(?=\s+[^\sa-zà-ÿа-я])|\n")
_WORD = re.compile(r"[^\W\d_]{2,}")
_FORM = re.compile(r"^\W*\(?time\s*\d\)?\W*$", re.IGNORECASE)

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Entry:
    """One member of a series; spans are offsets in the document's text.

    Attributes:
        number: As the document counts it, or "".
        statement: What it says, at most ``LONGEST`` characters.
        whole: All of it, with what management answers.
        verdict: What management says to it, where the document has that.
        said: The line with the verdict.
        reasons: Lines between the verdict and the actions.
        actions: What will be done, an item each.
        addressees: Lines that say who is to act, and when where the row says it with them.
    """

    number: str
    statement: Span
    whole: Span
    verdict: Verdict | None = None
    said: Span | None = None
    reasons: tuple[Span, ...] = ()
    actions: tuple[Span, ...] = ()
    addressees: tuple[Span, ...] = ()


def entries(document: DocumentText, sort: Sort) -> tuple[Entry, ...]:
    """Return a document's entries of one sort, in order; none where it has no such series."""
    labelled = _labelled(document, sort)
    found = labelled if len(labelled) > 1 else _listed(document, sort) or labelled
    return tuple(found)


def _labelled(document: DocumentText, sort: Sort) -> list[Entry]:
    """Find entries that a label with a number opens."""
    text, blocks = document.text, document.blocks
    opened: list[tuple[int, str, int]] = []
    for at, block in enumerate(blocks):
        match = _label(sort).match(text, block.start, block.end)
        if match:
            number = match.group("before") or match.group("after") or ""
            opened.append((at, number, match.end()))
    found: list[Entry] = []
    for nth, (at, number, behind) in enumerate(opened):
        stop = opened[nth + 1][0] if nth + 1 < len(opened) else _end(blocks, at)
        statement = _statement(text, blocks, at, behind, stop)
        if statement is None:
            continue
        last = blocks[max(at, min(stop, len(blocks)) - 1)]
        entry = Entry(number, statement, (blocks[at].start, last.end))
        entry = replace(entry, addressees=_addressees(text, blocks[at:stop]))
        found.append(_answered(text, blocks[at:stop], entry))
    return _once(text, found)


def _statement(text: str, blocks: Sequence[Block], at: int, behind: int, stop: int) -> Span | None:
    """Return the label with what it states, or the block below a bare label."""
    block = blocks[at]
    if len(_WORD.findall(text[behind : block.end])) >= LEAST_WORDS:
        return _first_sentence(text, block.start, block.end, behind)
    if block.kind is BlockKind.TABLE_ROW or at + 1 >= min(stop, len(blocks)):
        return None
    below = blocks[at + 1]
    if below.kind is BlockKind.HEADING or len(_WORD.findall(text[below.start : below.end])) < 4:
        return None
    return _first_sentence(text, below.start, below.end, below.start)


def _first_sentence(text: str, start: int, end: int, behind: int) -> Span:
    """End a statement with its first full sentence behind the label."""
    limit = min(end, behind + LONGEST)
    for match in _STOP.finditer(text, behind, limit):
        if len(_WORD.findall(text[behind : match.start()])) >= LEAST_WORDS:
            return _strip(
                text, start, match.start() if text[match.start()] == "\n" else match.end()
            )
    if limit < end:
        limit = text.rfind(" ", behind, limit)
    return _strip(text, start, limit)


def _addressees(text: str, blocks: Sequence[Block]) -> tuple[Span, ...]:
    """Find the lines of an entry's rows that name those who are to act."""
    return tuple(
        line
        for block in blocks
        if block.kind is BlockKind.TABLE_ROW
        for line in _lines(text, block.start, block.end)
        if ADDRESSEES.match(text[slice(*line)])
    )


def _answered(text: str, blocks: Sequence[Block], entry: Entry) -> Entry:
    """Read management's answer from the blocks of an entry."""
    for block in blocks:
        if RESPONSE.match(text[block.start : block.end]) is None:
            continue
        lines = list(_lines(text, block.start, block.end))
        head = text[slice(*lines[0])]
        cut = ACTIONS.search(head.split("(Time 1)")[-1]) if len(lines) > 1 else None
        said = lines[0]
        which = verdict(head)
        after = lines[1:]
        listing = next(
            (n for n, line in enumerate(after) if ACTIONS.match(text[slice(*line)])), None
        )
        if listing is None and cut is not None:
            reasons, actions = [], after
        elif listing is None:
            reasons, actions = after, []
        else:
            reasons, actions = after[:listing], after[listing + 1 :]
        return replace(
            entry,
            verdict=which,
            said=said,
            reasons=tuple(s for s in reasons if not _FORM.match(text[slice(*s)])),
            actions=tuple(s for s in actions if not _FORM.match(text[slice(*s)])),
        )
    return entry


def _listed(document: DocumentText, sort: Sort) -> list[Entry]:
    """Find the items under a heading that names the sort, or its paragraphs where it has none."""
    text, blocks = document.text, document.blocks
    found: list[Entry] = []
    for at, block in enumerate(blocks):
        if block.kind is not BlockKind.HEADING or not _names(text[block.start : block.end], sort):
            continue
        below = list(_below(document, at))
        items = [b for b in below if b.kind is BlockKind.LIST_ITEM]
        for item in items or [b for b in below if b.kind is BlockKind.PARAGRAPH]:
            said = text[item.start : item.end].rstrip()
            if said.endswith(("?", "؟", ":")) or len(_WORD.findall(said)) < LEAST_WORDS:
                continue
            span = _first_sentence(text, item.start, item.end, item.start)
            found.append(Entry("", span, (item.start, item.end)))
    return _once(text, found)


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
    return len(words) <= 5 and re.search(NOUNS[sort], heading, re.IGNORECASE) is not None


@cache
def _label(sort: Sort) -> re.Pattern[str]:
    noun = NOUNS[sort]
    mark = r"(?:no\.?|n[°ºo]\.?|numéro|número|#|№)?"
    return re.compile(
        rf"\W{{0,3}}(?:(?:[^\W\d_]+\s+){{0,2}}(?:{noun})\s*{mark}\s*(?P<after>\d+(?:\.\d+)*)\b"
        rf"(?:\s*\([^)\n]{{1,20}}\))?\s*[:.)–—-]?"
        rf"|(?:no|n[°ºo]|nr|#|№)\W{{0,3}}(?P<before>\d+)\s*[\n|]\s*(?:{noun})\s*:)",
        re.IGNORECASE,
    )


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


def _lines(text: str, start: int, end: int) -> Iterator[Span]:
    at = start
    while at < end:
        cut = text.find("\n", at, end)
        stop = end if cut < 0 else cut
        if text[at:stop].strip():
            yield _strip(text, at, stop)
        at = stop + 1


def _strip(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
