"""Read the words of PDF pages, with their boxes and fonts, through pdfium.

Nothing here knows about paragraphs or tables: a page becomes lines of words in the
order of the file. Coordinates are PDF points with the origin at the top left, in the
direction in which most of the page's text is read (see ``PageWords.turn``).
"""

from __future__ import annotations

import ctypes
import math
import re
import unicodedata
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as raw
from numpy.typing import NDArray

from ingest.errors import LimitExceeded
from ingest.parsers.pdf_place import Placement, turned

# What pdfium puts for a hyphen that ends a line (and, in old versions, U+0002).
_HYPHENS = "\ufffe\x02"
_TOKEN = re.compile(r"[^\s\ufffe\x02]+")
_TOKEN_OR_LEADER = re.compile(r"\.{4,}|…{2,}|_{6,}|(?:(?!\.{4}|…{2}|_{6})[^\s\ufffe\x02])+")
_LEADER = re.compile(r"\.{4}|…{2}|\w_{6}|_{6,}\d")
_NOTED = re.compile(r"(?:[^\W\d_]{4}|[.,;:!?)»”’\"'])(\d{1,3})(?!\S)")
_RAISED = 0.8
_RUN = re.compile(r"\.{4}|…{2}|_{6}")
_JUNK = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b\ufeff\ufffe\uffff\ud800-\udfff]"
)
_PRIVATE = re.compile("[\ue000-\uf8ff]")
_LIGATURES = re.compile("[\ufb00-\ufb06]")
_MARKER = re.compile(r"(?:[•‣◦▪■●○–—*·-]|\(?\w{1,4}[.)]|\d+(?:\.\d+)+\.?)$")
_SAMPLES = 9


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
        hyphen: Whether it ends in a hyphen that may belong to the line break alone.
        leader: Whether dots led to its last word, as in a table of contents.
        text: Its words with a space between them.
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
    hyphen: bool = False
    leader: bool = False
    text: str = ""

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
        measure(line)
        return line


@dataclass(slots=True)
class PageWords:
    """The lines of one page.

    Attributes:
        index: Page index from 0.
        width: Width of the page as shown, in points; ``height`` alike.
        turn: Quarter turns clockwise from the page as shown to the lines' coordinates.
        lines: In the order of the file.
    """

    index: int
    width: float
    height: float
    turn: int = 0
    lines: list[Line] = field(default_factory=list)

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
        _fill(result, place, _Characters(textpage))
    finally:
        textpage.close()
    return result


def _fill(result: PageWords, place: Placement, chars: _Characters) -> None:
    tokens = chars.tokens()
    if not tokens:
        return
    boxes = place.shown(chars.boxes(tokens))
    result.turn = chars.turn(tokens, place.rotation)
    boxes = turned(boxes, result.turn, place.width, place.height)
    result.lines = _lines(tokens, boxes.tolist(), chars, result.index)


class _Characters:
    """The characters of a page by index. Calls pdfium with bare addresses: 3,000 a page."""

    _prototype = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)

    def __init__(self, textpage: Any) -> None:
        self._page = textpage.raw
        self._handle = ctypes.cast(self._page, ctypes.c_void_p).value
        address = ctypes.cast(raw.FPDFText_GetLooseCharBox, ctypes.c_void_p).value
        self._box = self._prototype(address or 0)
        self._matrix = raw.FS_MATRIX()
        self._name = ctypes.create_string_buffer(128)
        self._flags = ctypes.c_int()
        self.text = self._read(textpage.count_chars())

    def _read(self, count: int) -> str:
        if count <= 0:
            return ""
        buffer = (ctypes.c_ushort * (count + 1))()
        got = raw.FPDFText_GetText(self._page, 0, count, buffer)
        text = bytes(buffer)[: 2 * max(got - 1, 0)].decode("utf-16-le", "surrogatepass")
        if len(text) == count and not any("\ud800" <= c <= "\udfff" for c in text if c > "\ud7ff"):
            return text
        codes = (raw.FPDFText_GetUnicode(self._page, i) for i in range(count))
        return "".join(chr(code) if code <= 0x10FFFF else "\ufffd" for code in codes)

    def tokens(self) -> list[tuple[int, int]]:
        """Return the half-open spans of words; dot leaders are left out."""
        if _LEADER.search(self.text):
            found = _TOKEN_OR_LEADER.finditer(self.text)
            spans = [match.span() for match in found if match[0].strip(".…_")]
        else:
            spans = [match.span() for match in _TOKEN.finditer(self.text)]
        if not (noted := {match.end(): match.start(1) for match in _NOTED.finditer(self.text)}):
            return spans
        return [part for span in spans for part in self._without_mark(span, noted.get(span[1]))]

    def _without_mark(self, span: tuple[int, int], mark: int | None) -> list[tuple[int, int]]:
        """Part a word from a footnote's mark that is set right behind it."""
        start, end = span
        if mark is None or self.font(mark)[0] > _RAISED * self.font(start)[0]:
            return [span]
        return [(start, mark), (mark, end)]

    def char_boxes(self, indices: list[int]) -> NDArray[np.float64]:
        """Return boxes of characters in page coordinates, shape (n, 4)."""
        store = np.zeros((len(indices), 4), dtype=np.float32)
        address = store.ctypes.data
        box, handle = self._box, self._handle
        for i in indices:
            box(handle, i, address)
            address += 16
        boxes: NDArray[np.float64] = store.astype(np.float64)
        return boxes

    def boxes(self, tokens: list[tuple[int, int]]) -> NDArray[np.float64]:
        """Return a box for each token: its first and its last character, joined.

        Shape (n, 4), page coordinates, two opposite corners.
        """
        first = self.char_boxes([start for start, _ in tokens])
        last = self.char_boxes([end - 1 for _, end in tokens])
        both = np.stack([first, last])
        low, high = both.min(0), both.max(0)
        x0, x1 = np.minimum(low[:, 0], low[:, 2]), np.maximum(high[:, 0], high[:, 2])
        y0, y1 = np.minimum(low[:, 1], low[:, 3]), np.maximum(high[:, 1], high[:, 3])
        boxes: NDArray[np.float64] = np.nan_to_num(np.stack([x0, y0, x1, y1], axis=1))
        return boxes

    def turn(self, tokens: list[tuple[int, int]], rotation: int) -> int:
        """Return the quarter turns that bring most words upright on the page as shown."""
        votes = [0, 0, 0, 0]
        for start, _ in tokens[:: max(1, len(tokens) // _SAMPLES)]:
            angle = raw.FPDFText_GetCharAngle(self._page, start)
            if angle >= 0:
                votes[(round(angle / (math.pi / 2)) - rotation) % 4] += 1
        return max(range(4), key=lambda quarter: (votes[quarter], -quarter))

    def font(self, index: int) -> tuple[float, bool]:
        """Return a character's size in points, as shown, and whether it is bold."""
        size = raw.FPDFText_GetFontSize(self._page, index)
        if raw.FPDFText_GetMatrix(self._page, index, self._matrix):
            size *= math.hypot(self._matrix.c, self._matrix.d)
        raw.FPDFText_GetFontInfo(self._page, index, self._name, 128, self._flags)
        name = self._name.value.lower()
        heavy = any(word in name for word in (b"bold", b"black", b"heavy", b"demi"))
        return size, heavy or raw.FPDFText_GetFontWeight(self._page, index) >= 600


def _lines(
    tokens: list[tuple[int, int]], boxes: list[list[float]], chars: _Characters, page: int
) -> list[Line]:
    """Group words, in the order of the file, into lines."""
    lines: list[Line] = []
    line: Line | None = None
    text = chars.text
    previous_end = 0
    for (start, end), box in zip(tokens, boxes, strict=True):
        shown = clean(text[start:end])
        if not shown:
            continue
        gap = text[previous_end:start]
        soft = text[previous_end - 1 : previous_end] == "\xad"
        previous_end = end
        x0, y0, x1, y1 = box
        word = Word(shown, x0, y0, x1, y1, start, raised=start > 0 and not gap)
        hyphen = gap[:1] in _HYPHENS and bool(gap)
        if line is not None and _same_line(line, word, gap):
            if hyphen and len(gap) == 1:
                word = _joined(line.words.pop(), word)
            line.words.append(word)
            if len(gap) > 4:
                line.leader = line.leader or bool(_RUN.search(gap))
            continue
        if line is not None:
            line.hyphen = hyphen or soft
        line = Line(page, [word], 0.0, 0.0, 0.0, 0.0)
        lines.append(line)
    if line is not None:
        line.hyphen = text[previous_end : previous_end + 1] in _HYPHENS and previous_end < len(text)
    for line in lines:
        measure(line)
        _style(line, chars)
    return lines


def _same_line(line: Line, word: Word, gap: str) -> bool:
    last = line.words[-1]
    height = last.y1 - last.y0
    if gap == " " and word.y0 == last.y0 and 0 <= word.x0 - last.x1 < height:
        return True
    other = word.y1 - word.y0
    if min(last.y1, word.y1) - max(last.y0, word.y0) < 0.4 * min(height, other):
        return False
    height = max(height, other)
    space = max(word.x0 - last.x1, last.x0 - word.x1)
    if "\n" in gap or "\r" in gap:
        return -0.3 * height < space < 0.8 * height
    marker = len(line.words) == 1 and _MARKER.match(last.text)
    return space < (5.0 if marker else 2.2) * height


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


def _style(line: Line, chars: _Characters) -> None:
    words = line.words
    first = words[1] if len(words) > 1 and not words[0].text[0].isalnum() else words[0]
    line.size, line.bold = chars.font(first.char)
    line.bold_end = line.bold
    if len(words) > 1:
        line.bold_end = chars.font(words[-1].char)[1]
    if len(first.text) < 4 and len(words) > 1:
        longest = max(words[:5], key=lambda word: len(word.text))
        line.size = chars.font(longest.char)[0]
    for i, word in enumerate(words):
        if i and word.text.isdecimal() and len(word.text) < 4 and not word.raised:
            low = word.y1 - word.y0 < _RAISED * line.height
            words[i] = word._replace(raised=low)
    line.size = line.size if math.isfinite(line.size) and line.size > 0 else line.height


def open_file(path: str, password: str | None = None) -> Any:
    """Open a PDF; ``pypdfium2.PdfiumError`` where pdfium cannot."""
    return pdfium.PdfDocument(path, password=password)
