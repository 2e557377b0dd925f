"""Part the words of a PDF that its writer set with too small a space to be taken for one.

pdfium sees no space between "for" and "this" where justified text was squeezed. Which words may
be two is told by the document's other words, and whether they are by the gap between their
letters, so that few pages are looked at twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence, Set
from itertools import chain
from operator import itemgetter
from typing import Any

import pypdfium2 as pdfium

from ingest.parsers.pdf_characters import Characters
from ingest.parsers.pdf_words import Line, PageWords, Word, measure

_SHORTEST, _LONGEST = 6, 30
_ENDS = ".,;:!?)”’"
_LEAST_PART = 2
#: Words that are seen so often are words; their parts must be seen more often.
_KNOWN, _PART_SEEN = 3, 4
#: Words that look like two, and first parts of many such: their pages need no second look.
_WHOLE = frozenset(
    (
        *("within", "without", "another", "throughout", "cannot", "furthermore", "moreover"),
        *("thereby", "whereas", "therefore", "online", "domain", "director", "informal"),
    )
)
_FIRST_PARTS = frozenset(
    (
        *("in", "over", "under", "work", "any", "every", "some", "up", "health", "account"),
        *("peace", "inter", "well", "entre"),
    )
)
#: A gap of so many font sizes is a space where all others in the word are below half of it.
_GAP = 0.1


def part_joined(document: Any, pages: Sequence[PageWords]) -> None:
    """Part joined words in place.

    Args:
        document: The open ``pypdfium2.PdfDocument`` that the pages were read from.
        pages: Its pages. Those whose text is turned or recognised are left as they are.
    """
    words = chain.from_iterable(line.words for page in pages for line in page.lines)
    seen = Counter(map(itemgetter(0), words))
    bare: Counter[str] = Counter()
    for text, times in seen.items():
        bare[text.rstrip(_ENDS)] += times
    parts = {
        text for text, n in bare.items() if n >= _PART_SEEN and text.isalpha() and text.islower()
    }
    rare = (text for text, n in seen.items() if n <= _KNOWN)
    places = {text: where for text in rare if (where := _places(text, parts))}
    for page in pages:
        if page.turn or page.mirrored or page.hidden:
            continue
        found = [
            (line, at, places[word.text])
            for line in page.lines
            if line.confidence is None
            for at, word in enumerate(line.words)
            if word.text in places
        ]
        if found:
            _part_on(document, page, found)


def _places(text: str, parts: Set[str]) -> list[int]:
    """Return where a word may be parted into two words of the document."""
    bare = text.rstrip(_ENDS)
    if not (_SHORTEST <= len(bare) <= _LONGEST and bare.isalpha() and bare[1:].islower()):
        return []
    if bare.lower() in _WHOLE:
        return []
    return [
        at
        for at in range(_LEAST_PART, len(bare) - _LEAST_PART + 1)
        if bare[at:] in parts and (left := bare[:at].lower()) in parts and left not in _FIRST_PARTS
    ]


def _part_on(document: Any, page: PageWords, found: Sequence[tuple[Line, int, list[int]]]) -> None:
    """Part the words of one page whose letters leave a gap."""
    try:
        opened = document[page.index]
        textpage = opened.get_textpage()
    except pdfium.PdfiumError:
        return
    try:
        chars = Characters(textpage)
        # From the end of each line, so that places before it stay.
        for line, at, places in reversed(found):
            parts = _parts(chars, line, line.words[at], places)
            if parts:
                line.words[at : at + 1] = parts
                measure(line)
    finally:
        textpage.close()
        opened.close()


def _parts(chars: Characters, line: Line, word: Word, places: Sequence[int]) -> list[Word]:
    """Return the two words that a word is made of, or nothing where it is one."""
    first, length = word.char, len(word.text)
    if chars.text[first : first + length] != word.text:
        return []
    boxes = chars.char_boxes(list(range(first, first + length)))
    lows, highs = boxes[:, [0, 2]].min(1), boxes[:, [0, 2]].max(1)
    gaps = (lows[1:] - highs[:-1]).tolist()
    widest = max(range(len(gaps)), key=lambda i: (gaps[i], -i))
    others = max((gap for i, gap in enumerate(gaps) if i != widest), default=0.0)
    at = widest + 1
    if at not in places or gaps[widest] < _GAP * line.size or others > gaps[widest] / 2:
        return []
    left = word.x0 + float(highs[widest] - lows[0])
    right = word.x0 + float(lows[at] - lows[0])
    return [
        word._replace(text=word.text[:at], x1=left),
        word._replace(text=word.text[at:], x0=right, char=first + at, raised=False),
    ]
