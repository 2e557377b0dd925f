"""Find the headings of a PDF that only their italics tell, as those of UN papers (pure)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from ingest.parsers.pdf_paragraphs import ends_sentence
from ingest.parsers.pdf_text import Draft
from ingest.types import BlockKind

#: A paper with a larger share of its letters in italics has other uses for them.
_MOST = 0.15
_LEAST_LETTERS, _LONGEST, _LINES = 4, 150, 3
#: Part of the usual font size by which a heading's may differ.
_SIZE = 0.07
#: What else stands alone in italics: dates, sources, the heads of columns.
_NO_TITLE = re.compile(
    r"\d \w+ \d{4}$|^(?:sources?|notes?)\s*:|^(?:page|chapter|item|chapitre|point)s?$",
    re.IGNORECASE,
)
#: Who decides, before what is decided: "The Executive Board".
_ORGAN = re.compile(r"(?:The|Le|La|L[’']|El)(?:\s?(?:[A-ZÀ-Þ][\w-]+|and|of|for|on|et|des?|du|y))+")


def italic_titles(drafts: Sequence[Draft], body: float) -> set[int]:
    """Return the ``id`` of each draft that is such a heading.

    It is a short paragraph of its own before text in upright letters.

    Args:
        drafts: In reading order, of the whole document.
        body: The usual font size in points.
    """
    lines = [line for draft in drafts for line in draft.lines]
    slanted = sum(len(line.text) for line in lines if line.italic)
    if slanted > _MOST * sum(len(line.text) for line in lines):
        return set()
    return {
        id(draft)
        for draft, after in pairwise(drafts)
        if _is_title(draft, body) and not any(line.italic for line in after.lines[:1])
    }


def _is_title(draft: Draft, body: float) -> bool:
    lines = draft.lines
    if draft.kind is not BlockKind.PARAGRAPH or not 0 < len(lines) <= _LINES:
        return False
    if not all(line.italic and abs(line.size - body) < _SIZE * body for line in lines):
        return False
    text = draft.text
    letters = sum(char.isalpha() for char in text)
    if not text[:1].isupper() or letters < _LEAST_LETTERS or len(text) > _LONGEST:
        return False
    if ends_sentence(text) or text.endswith(","):
        return False
    return not _NO_TITLE.search(text) and not _ORGAN.fullmatch(text)
