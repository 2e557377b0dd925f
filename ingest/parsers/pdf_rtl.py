"""Mend text that runs from right to left, as pdfium gives it (pure).

pdfium turns such text around one character at a time. That also turns around what one glyph
stands for (lam and alef), leaves a vowel sign before its letter, and leaves brackets as drawn.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import pairwise

_RTL = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc"
_LETTER = re.compile(f"[{_RTL}]")
_OTHER = re.compile(f"[^\\W\\d_{_RTL}]")
#: Alef in its forms, then lam: the article, or one glyph turned around.
_ALEF_LAM = re.compile("[\u0622\u0623\u0625\u0627]\u0644")
_STRAY_MARK = re.compile(f"[ \xa0]([\u064b-\u0652])(?=[{_RTL}])")
_LETTERS = re.compile("[\u0620-\u064a\u066e-\u06d3\ufb50-\ufdfb\ufe70-\ufefc]{2,}")
_STEP = 0.05  # points
_EDGE = re.compile(f"(?<=[A-Za-z])(?=[{_RTL}])|(?<=[{_RTL}])(?=[A-Za-z])")
_OPENING, _CLOSING = frozenset("([{"), frozenset(")]}")
_MIRRORED = str.maketrans("()[]{}", ")(][}{")


def has_rtl(text: str) -> bool:
    """Tell whether any of a text runs from right to left."""
    return not text.isascii() and bool(_LETTER.search(text))


def is_rtl(text: str) -> bool:
    """Tell whether most letters of a text run from right to left."""
    return not text.isascii() and len(_LETTER.findall(text)) > len(_OTHER.findall(text))


def mend(text: str, one_glyph: Callable[[int], bool]) -> str:
    """Return ``text`` with its letters in the order of reading; its length stays.

    Args:
        text: The characters of a page.
        one_glyph: Tells whether a character and the next one are drawn by one glyph.
    """
    characters = list(text)
    for match in _ALEF_LAM.finditer(text):
        at = match.start()
        if one_glyph(at):
            characters[at], characters[at + 1] = characters[at + 1], characters[at]
    for match in _STRAY_MARK.finditer(text):
        at = match.start()
        # A soft hyphen, which is dropped later, keeps the places of all that follows.
        characters[at : at + 3] = "\xad", characters[at + 2], characters[at + 1]
    return "".join(characters)


def righted(text: str, place: Callable[[int], float | None]) -> str:
    """Return ``text`` with letters that stand in the order of the page turned around.

    Some writers set words so that pdfium leaves them from left to right, whole or in part.

    Args:
        text: The characters of a page.
        place: Where a character begins, from the left; None where that is not known.
    """
    characters = list(text)
    for match in _LETTERS.finditer(text):
        places = [place(at) for at in range(match.start(), match.end())]
        start = 0
        for at in range(1, len(places) + 1):
            before, here = places[at - 1], places[at] if at < len(places) else None
            if before is not None and here is not None and here > before + _STEP:
                continue
            if at - start > 1:
                low, high = match.start() + start, match.start() + at
                characters[low:high] = reversed(characters[low:high])
            start = at
    return "".join(characters)


def parted(text: str, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Part words in which Latin letters touch those of the other direction."""
    result: list[tuple[int, int]] = []
    for start, end in spans:
        edges = [match.start() for match in _EDGE.finditer(text, start, end)]
        points = [start, *(edge for edge in edges if start < edge < end), end]
        result += pairwise(points)
    return result


def brackets(word: str) -> str:
    """Turn the brackets of a word around where they close at its start or open at its end."""
    found = [c for c in word if c in _OPENING or c in _CLOSING]
    turned = bool(found) and found[0] in _CLOSING and found[-1] in _OPENING
    if turned or word[:1] in _CLOSING or word[-1:] in _OPENING:
        return word.translate(_MIRRORED)
    return word
