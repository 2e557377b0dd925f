"""Read the words of PDF pages, with their boxes and fonts, through pdfium.

Nothing here knows about paragraphs or tables: a page becomes lines of words in the
order of the file. Coordinates are PDF points with the origin at the top left, in the
direction in which most of the page's text is read (see ``PageWords.turn``).
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import pypdfium2 as pdfium
from numpy.typing import NDArray

from ingest.errors import LimitExceeded
from ingest.parsers.pdf_characters import RAISED, Characters
from ingest.parsers.pdf_place import Placement, mirrored, turned
from ingest.parsers.pdf_rtl import brackets, is_rtl

# What pdfium puts for a hyphen that ends a line (and, in old versions, U+0002).
_HYPHENS = "\ufffe\x02"
_RUN = re.compile(r"\.{4}|…{2}|_{6}|_{3}$")
_JUNK = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b\ufeff\ufffe\uffff\ud800-\udfff]"
)
_PRIVATE = re.compile("[\ue000-\uf8ff]")
# Latin ligatures, and the forms that Arabic letters take in a word.
_LIGATURES = re.compile("[\ufb00-\ufb06\ufb50-\ufdfb\ufe70-\ufefc]")
_MARKER = re.compile(r"(?:[•‣◦▪■●○–—*·-]|\(?\w{1,4}[.)]|\d+(?:\.\d+)+\.?)$")
# Words of one line share this part of the lower one's height; the space between them is
# at most so many heights.
_SHARED = 0.4
_SHARED_BY_MARK = 0.25  # the mark of a footnote stands higher
_NEAR = 2.2
# Words well apart whose heights differ more than this are not of one line.
_OTHER_SIZE = 0.75


class Word(NamedTuple):
    """One word: its characters, its box in points and its first character's index.

    ``raised`` says that it is a small number above the line, as a footnote's mark is.
    """

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    char: int
    raised: bool = False


@dataclass(slots=True)
class Line:
    """Words that stand on one line, with nothing but a space between them.

    Attributes:
        page: Page index from 0.
        words: In the order in which they are read.
        x0: Left edge in points; ``y0``, ``x1``, ``y1`` alike, ``y`` downwards.
        size: Font size in points of its first letter, as shown.
        bold: Whether it begins in a bold font; ``bold_end`` whether it ends in one.
        italic: Whether it begins and ends in an italic font.
        hyphen: Whether it ends in a hyphen that may belong to the line break alone.
        leader: Whether dots led to its last word, as in a table of contents.
        text: Its words with a space between them.
        confidence: How sure text recognition was of it, 0–1; None in a text layer.
    """

    page: int
    words: list[Word]
    x0: float
    y0: float
    x1: float
    y1: float
    size: float = 0.0
    bold: bool = False
    bold_end: bool = False
    italic: bool = False
    hyphen: bool = False
    leader: bool = False
    text: str = ""
    confidence: float | None = None

    @property
    def height(self) -> float:
        """Height of the line in points."""
        return self.y1 - self.y0

    @classmethod
    def of(cls, words: list[Word], like: Line) -> Line:
        """Make a line of some words of the line ``like``, in its font."""
        line = cls(like.page, words, 0.0, 0.0, 0.0, 0.0, like.size, like.bold, like.bold_end)
        line.hyphen = like.hyphen and words[-1] is like.words[-1]
        line.leader = like.leader
        line.italic = like.italic
        line.confidence = like.confidence
        measure(line)
        return line


@dataclass(slots=True)
class PageWords:
    """The lines of one page.

    Attributes:
        index: Page index from 0.
        width: Width of the page as shown, in points; ``height`` alike.
        turn: Quarter turns clockwise from the page as shown to the lines' coordinates.
        mirrored: Whether left and right are swapped then, so that text that runs from
            right to left is laid out like any other.
        lines: In the order of the file.
        unmapped: Share of its characters that their fonts map to nothing, 0–1.
        hidden: Whether its text is invisible, as a scan's is.
    """

    index: int
    width: float
    height: float
    turn: int = 0
    lines: list[Line] = field(default_factory=list)
    unmapped: float = 0.0
    hidden: bool = False
    mirrored: bool = False

    @property
    def extent(self) -> tuple[float, float]:
        """Width and height in the lines' coordinates."""
        return (self.height, self.width) if self.turn % 2 else (self.width, self.height)


def clean(text: str) -> str:
    """Return ``text`` without characters that nobody sees, with letters for ligatures.

    NUL and other controls, soft hyphens, lone surrogates, U+FFFE and U+FFFF go; a character
    of a symbol font becomes a bullet.
    """
    if text.isascii() and text.isprintable():
        return text
    text = _JUNK.sub("", text)
    text = _PRIVATE.sub("•", text)
    return _LIGATURES.sub(lambda m: unicodedata.normalize("NFKC", m[0]), text)


def read_words(page: Any, index: int, max_chars: int) -> PageWords:
    """Read the lines of a page.

    Args:
        page: An open ``pypdfium2.PdfPage``.
        index: Its index from 0.
        max_chars: The most characters that one page may have.

    Raises:
        pypdfium2.PdfiumError: The page's text cannot be read.
        LimitExceeded: It has more than ``max_chars`` characters.
    """
    place = Placement(page)
    result = PageWords(index, place.width, place.height)
    textpage = page.get_textpage()
    try:
        if (count := textpage.count_chars()) > max_chars:
            raise LimitExceeded(
                f"page {index + 1} has {count:,} characters, more than {max_chars:,}; "
                "save the file again without it and add that"
            )
        _fill(result, place, Characters(textpage))
    finally:
        textpage.close()
    return result


def _fill(result: PageWords, place: Placement, chars: Characters) -> None:
    tokens = chars.tokens()
    if not tokens:
        return
    result.unmapped = chars.unmapped()
    result.hidden = chars.hidden(tokens[0][0])
    boxes = place.shown(chars.boxes(tokens))
    result.turn = chars.turn(tokens, place.rotation)
    boxes = turned(boxes, result.turn, place.width, place.height)
    result.mirrored = chars.rtl and is_rtl(chars.text)
    if result.mirrored:
        boxes = mirrored(boxes, result.extent[0])
    result.lines = _lines(tokens, boxes, chars, result.index)


def _lines(
    tokens: list[tuple[int, int]], boxes: NDArray[np.float64], chars: Characters, page: int
) -> list[Line]:
    """Group words, in the order of the file, into lines."""
    text = chars.text
    words = _page_words(tokens, boxes, text)
    lines: list[Line] = []
    line: Line | None = None
    previous_end = 0
    for first, end in _chunks(tokens, boxes, text):
        start = tokens[first][0]
        gap = text[previous_end:start]
        soft = text[previous_end - 1 : previous_end] == "\xad"
        chunk = [word for word in words[first:end] if word.text]
        if not chunk:
            continue
        previous_end = tokens[end - 1][1]
        word = chunk[0]
        hyphen = gap[:1] in _HYPHENS and bool(gap)
        if line is not None and _same_line(line, word, gap):
            if hyphen and len(gap) == 1:
                chunk[0] = _joined(line.words.pop(), word)
            line.words += chunk
            if len(gap) > 3:
                line.leader = line.leader or bool(_RUN.search(gap))
            continue
        if line is not None:
            line.hyphen = hyphen or soft
        line = Line(page, chunk, 0.0, 0.0, 0.0, 0.0)
        lines.append(line)
    if line is not None:
        line.hyphen = text[previous_end : previous_end + 1] in _HYPHENS and previous_end < len(text)
    for line in lines:
        if chars.rtl:
            _mend_brackets(line)
        measure(line)
        _style(line, chars)
    return lines


def _mend_brackets(line: Line) -> None:
    if is_rtl(" ".join(word.text for word in line.words)):
        line.words = [word._replace(text=brackets(word.text)) for word in line.words]


def _page_words(tokens: list[tuple[int, int]], boxes: NDArray[np.float64], text: str) -> list[Word]:
    """Make a word of each token; those of which nothing is seen have no text."""
    shown = [text[start:end] for start, end in tokens]
    if not text.isascii() or _JUNK.search(text):
        shown = [clean(word) for word in shown]
    starts, ends = zip(*tokens, strict=True)
    raised = [start == end and start > 0 for start, end in zip(starts, (0, *ends), strict=False)]
    x0, y0, x1, y1 = boxes.T.tolist()
    return list(map(Word._make, zip(shown, x0, y0, x1, y1, starts, raised, strict=True)))


def _chunks(
    tokens: list[tuple[int, int]], boxes: NDArray[np.float64], text: str
) -> Iterator[tuple[int, int]]:
    """Yield the half-open runs of words that stand on one line with a plain space between them."""
    spans = np.array(tokens, dtype=np.int64)
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    before, after = boxes[:-1].T, boxes[1:].T
    spaced = (spans[1:, 0] - spans[:-1, 1] == 1) & (codes[spans[:-1, 1]] == ord(" "))
    height, other = before[3] - before[1], after[3] - after[1]
    shared = np.minimum(before[3], after[3]) - np.maximum(before[1], after[1])
    space = np.maximum(after[0] - before[2], before[0] - after[2])
    level = shared >= _SHARED * np.minimum(height, other)
    tall = np.maximum(height, other)
    alike = (np.minimum(height, other) >= _OTHER_SIZE * tall) | (space <= _OTHER_SIZE * tall)
    plain = spaced & level & alike & (space < _NEAR * tall)
    edges = [0, *(np.flatnonzero(~plain) + 1).tolist(), len(tokens)]
    yield from pairwise(edges)


def _same_line(line: Line, word: Word, gap: str) -> bool:
    last = line.words[-1]
    height = last.y1 - last.y0
    other = word.y1 - word.y0
    shared = _SHARED
    if len(line.words) == 1 and last.text.isdecimal() and len(last.text) < 4:
        shared = _SHARED_BY_MARK
    if min(last.y1, word.y1) - max(last.y0, word.y0) < shared * min(height, other):
        return False
    low, height = min(height, other), max(height, other)
    space = max(word.x0 - last.x1, last.x0 - word.x1)
    if "\n" in gap or "\r" in gap:
        return -0.3 * height < space < 0.8 * height
    if len(gap) > 4 and _RUN.search(gap):
        return True
    if low < _OTHER_SIZE * height < space and min(len(word.text), len(last.text)) > 2:
        return False
    marker = len(line.words) == 1 and _MARKER.match(last.text)
    return space < (5.0 if marker else _NEAR) * height


def _joined(left: Word, right: Word) -> Word:
    return Word(
        f"{left.text}-{right.text}",
        min(left.x0, right.x0),
        min(left.y0, right.y0),
        max(left.x1, right.x1),
        max(left.y1, right.y1),
        left.char,
    )


def measure(line: Line) -> None:
    """Set a line's text and box from its words."""
    texts, x0, y0, x1, y1, _, _ = zip(*line.words, strict=True)
    line.text = " ".join(texts)
    line.x0, line.y0, line.x1, line.y1 = min(x0), min(y0), max(x1), max(y1)


def _style(line: Line, chars: Characters) -> None:
    words = line.words
    first = words[1] if len(words) > 1 and not words[0].text[0].isalnum() else words[0]
    line.size, line.bold, line.italic = chars.font(first.char)
    line.bold_end = line.bold
    if len(words) > 1:
        _, line.bold_end, italic_end = chars.font(words[-1].char)
        line.italic = line.italic and italic_end
    if len(first.text) < 4 and len(words) > 1:
        longest = max(words[:5], key=lambda word: len(word.text))
        line.size = chars.font(longest.char)[0]
    for i, word in enumerate(words):
        if i and word.text.isdecimal() and len(word.text) < 4 and not word.raised:
            low = word.y1 - word.y0 < RAISED * line.height
            words[i] = word._replace(raised=low)
    line.size = line.size if math.isfinite(line.size) and line.size > 0 else line.height


def open_file(file: str | bytes, password: str | None = None) -> Any:
    """Open a PDF, by its path or its bytes; ``pypdfium2.PdfiumError`` where pdfium cannot."""
    return pdfium.PdfDocument(file, password=password)
