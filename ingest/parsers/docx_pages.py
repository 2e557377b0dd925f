"""The pages of a Word document, where Word left a mark at each break it last saw.

A mark says where the text ran over to a new page when the file was last saved by a program that
lays it out. Nothing is known of the pages' size or of where a line stands on them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from ingest.types import WORD_DTYPE, Block, BlockKind, Page, ParsedDocument

#: Stands for a break while a paragraph's text is put together; no text has it (Unicode 23.7).
MARK = "\ufdd0"


@dataclass(slots=True)
class Pages:
    """Counts pages while a document is walked.

    Attributes:
        now: The page that the walk is on, from 1.
        last: The highest page so far.
        starts: The page on which each paragraph begins, by its number.
        breaks: Within paragraphs, the characters at which a new page begins.
    """

    now: int = 1
    last: int = 1
    starts: dict[int, int] = field(default_factory=dict)
    breaks: dict[int, list[int]] = field(default_factory=dict)

    def take(self, place: int, text: str) -> str:
        """Take the marks out of a paragraph's text and return it without them."""
        first, *rest = text.split(MARK)
        bare = first
        breaks = []
        for part in rest:
            if not bare or bare[-1].isspace():
                part = part.lstrip()
            breaks.append(len(bare))
            bare += part
        begun = sum(1 for at in breaks if not bare[:at].strip())
        self.starts[place] = self.now + begun
        self.breaks[place] = breaks[begun:]
        self.now += len(breaks)
        self.last = max(self.last, self.now)
        return bare.strip()

    def shift(self, place: int, length: int) -> None:
        """Take account of a label put before a paragraph's text."""
        self.breaks[place] = [at + length for at in self.breaks.get(place, ())]


def with_pages(parsed: ParsedDocument, pages: Pages) -> ParsedDocument:
    """Return the document with its pages, and the page of every stretch of its text.

    Without a mark in the whole file nothing is known, and nothing is said.
    """
    if pages.last < 2:
        return parsed
    seen: set[int] = set()
    stretches = [part for block in parsed.blocks for part in _stretches(block, pages, seen)]
    words = np.zeros(len(stretches), dtype=WORD_DTYPE)
    for name, at in (("start", 0), ("end", 1), ("page", 2)):
        words[name] = [stretch[at] for stretch in stretches]
    made = tuple(Page(index, "", 0.0, 0.0) for index in range(pages.last))
    return replace(parsed, pages=made, words=words)


def _stretches(block: Block, pages: Pages, seen: set[int]) -> Iterator[tuple[int, int, int]]:
    """Yield (start, end, page index) of a block's parts, one a page.

    What stands beside a paragraph (a note, a text box) is on the page where that begins, and a
    row on the page where it begins.
    """
    page = pages.starts.get(block.first, 1)
    start = block.start
    if block.first not in seen and block.kind is not BlockKind.TABLE_ROW:
        for at in pages.breaks.get(block.first, ()):
            end = min(block.start + at, block.end)
            if end > start:
                yield start, end, page - 1
            page, start = page + 1, end
    seen.add(block.first)
    if block.end > start:
        yield start, block.end, page - 1
