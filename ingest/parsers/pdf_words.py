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

#: What pdfium puts for a hyphen that ends a line (and, in old versions, U+0002).
HYPHENS = "\ufffe\x02"
_TOKEN = re.compile(r"[^\s\ufffe\x02]+")
_TOKEN_OR_LEADER = re.compile(r"\.{4,}|…{2,}|(?:(?!\.{4}|…{2})[^\s\ufffe\x02])+")
_JUNK = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b\ufeff\ufffe\uffff\ud800-\udfff]")
_PRIVATE = re.compile("[\ue000-\uf8ff]")
_LIGATURES = re.compile("[\ufb00-\ufb06]")
_MARKER = re.compile(r"(?:[•‣◦▪■●○–—*·-]|\(?\w{1,4}[.)]|\d+(?:\.\d+)+\.?)$")
_SAMPLES = 9


class Word(NamedTuple):
    """One word: its characters, its box in points and its first character's index."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    char: int


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
        return cls(
            like.page,
            words,
            min(word.x0 for word in words),
            min(word.y0 for word in words),
            max(word.x1 for word in words),
            max(word.y1 for word in words),
            like.size,
            like.bold,
            like.bold_end,
            like.hyphen and words[-1] is like.words[-1],
            like.leader,
            " ".join([word.text for word in words]),
        )


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


class Placement:
    """Where a page's own coordinates lie on the page as shown.

    A page's own origin is at the bottom left of its media box, before it is cropped and
    turned (ISO 32000-1, 7.7.3.3 and 14.11.2).
    """

    def __init__(self, page: Any) -> None:
        self.rotation = page.get_rotation() // 90 % 4
        left, bottom, right, top = _bounds(page)
        self.left, self.bottom, self.right, self.top = left, bottom, right, top
        across, down = right - left, top - bottom
        self.width, self.height = (down, across) if self.rotation % 2 else (across, down)

    def shown(self, boxes: NDArray[np.float64]) -> NDArray[np.float64]:
        """Map boxes of shape (n, 4), two opposite corners each, to x0, y0, x1, y1 as shown."""
        x, y = boxes[:, 0::2], boxes[:, 1::2]
        if self.rotation == 0:
            u, v = x - self.left, self.top - y
        elif self.rotation == 1:
            u, v = y - self.bottom, x - self.left
        elif self.rotation == 2:
            u, v = self.right - x, y - self.bottom
        else:
            u, v = self.top - y, self.right - x
        return np.stack([u.min(1), v.min(1), u.max(1), v.max(1)], axis=1)


def turned(boxes: NDArray[np.float64], turn: int, width: float, height: float) -> NDArray[np.float64]:
    """Turn boxes of shape (n, 4) clockwise by quarter turns.

    Args:
        boxes: x0, y0, x1, y1, origin at the top left.
        turn: Quarter turns clockwise, 0–3.
        width: Width of the page that the boxes are on; ``height`` alike.
    """
    x0, y0, x1, y1 = boxes.T
    if turn == 1:
        return np.stack([height - y1, x0, height - y0, x1], axis=1)
    if turn == 2:
        return np.stack([width - x1, height - y1, width - x0, height - y0], axis=1)
    if turn == 3:
        return np.stack([y0, width - x1, y1, width - x0], axis=1)
    return boxes


def read_words(page: Any, index: int, max_chars: int) -> PageWords:
    """Read the lines of a page.

    Args:
        page: An open ``pypdfium2.PdfPage``.
        index: Its index from 0.
        max_chars: Characters beyond this many are not looked at; the caller has checked.

    Raises:
        pypdfium2.PdfiumError: The page's text cannot be read.
    """
    place = Placement(page)
    result = PageWords(index, place.width, place.height)
    textpage = page.get_textpage()
    try:
        _fill(result, place, _Characters(textpage, max_chars))
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


def _bounds(page: Any) -> tuple[float, float, float, float]:
    rect = raw.FS_RECTF()
    if raw.FPDF_GetPageBoundingBox(page.raw, rect):
        box = (rect.left, rect.bottom, rect.right, rect.top)
        if all(map(math.isfinite, box)) and box[2] > box[0] and box[3] > box[1]:
            return box
    width, height = page.get_size()
    return (0.0, 0.0, width, height)


class _Characters:
    """The characters of a page by index. Calls pdfium with bare addresses: 3,000 a page."""

    _prototype = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)

    def __init__(self, textpage: Any, max_chars: int) -> None:
        self._page = textpage.raw
        self._handle = ctypes.cast(self._page, ctypes.c_void_p).value
        address = ctypes.cast(raw.FPDFText_GetLooseCharBox, ctypes.c_void_p).value
        self._box = self._prototype(address or 0)
        self._matrix = raw.FS_MATRIX()
        self._name = ctypes.create_string_buffer(128)
        self._flags = ctypes.c_int()
        self.text = self._read(min(textpage.count_chars(), max_chars))

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
        if "...." not in self.text and "……" not in self.text:
            return [match.span() for match in _TOKEN.finditer(self.text)]
        found = _TOKEN_OR_LEADER.finditer(self.text)
        return [match.span() for match in found if match[0].strip(".…")]

    def char_boxes(self, indices: list[int]) -> NDArray[np.float64]:
        """Return boxes of characters in page coordinates, shape (n, 4)."""
        store = np.zeros((len(indices), 4), dtype=np.float32)
        address = store.ctypes.data
        box, handle = self._box, self._handle
        for i in indices:
            box(handle, i, address)
            address += 16
        return store.astype(np.float64)

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
        return np.nan_to_num(np.stack([x0, y0, x1, y1], axis=1))

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
    lines: list[Line] = []
    line: Line | None = None
    text = chars.text
    previous_end = 0
    for (start, end), (x0, y0, x1, y1) in zip(tokens, boxes, strict=True):
        shown = clean(text[start:end])
        gap = text[previous_end:start]
        if not shown:
            continue
        hyphen = bool(gap) and (gap[0] in HYPHENS)
        previous_end = end
        word = Word(shown, x0, y0, x1, y1, start)
        if line is not None and _same_line(line, word, "\n" in gap or "\r" in gap):
            if hyphen and len(gap) == 1:
                word = _joined(line.words.pop(), word)
            line.words.append(word)
            _grow(line, word)
            line.leader = line.leader or "...." in gap or "……" in gap
            continue
        if line is not None:
            line.hyphen = hyphen or text[line.words[-1].char :].startswith("\xad")
        line = Line(page, [word], x0, y0, x1, y1)
        lines.append(line)
    for line in lines:
        _style(line, chars)
    return lines


def _same_line(line: Line, word: Word, broken: bool) -> bool:
    last = line.words[-1]
    height = min(last.y1 - last.y0, word.y1 - word.y0)
    if min(last.y1, word.y1) - max(last.y0, word.y0) < 0.4 * height:
        return False
    height = max(last.y1 - last.y0, word.y1 - word.y0)
    gap = max(word.x0 - last.x1, last.x0 - word.x1)
    if broken:
        return -0.3 * height < gap < 0.8 * height
    marker = len(line.words) == 1 and _MARKER.match(last.text)
    return gap < (5.0 if marker else 2.2) * height


def _joined(left: Word, right: Word) -> Word:
    return Word(
        f"{left.text}-{right.text}",
        min(left.x0, right.x0),
        min(left.y0, right.y0),
        max(left.x1, right.x1),
        max(left.y1, right.y1),
        left.char,
    )


def _grow(line: Line, word: Word) -> None:
    line.x0 = min(line.x0, word.x0)
    line.y0 = min(line.y0, word.y0)
    line.x1 = max(line.x1, word.x1)
    line.y1 = max(line.y1, word.y1)


def _style(line: Line, chars: _Characters) -> None:
    line.text = " ".join([word.text for word in line.words])
    words = line.words
    first = words[1] if len(words) > 1 and not words[0].text[0].isalnum() else words[0]
    line.size, line.bold = chars.font(first.char)
    line.bold_end = line.bold
    if len(words) > 1:
        line.bold_end = chars.font(words[-1].char)[1]
    if len(first.text) < 4 and len(words) > 1:
        longest = max(words[:5], key=lambda word: len(word.text))
        line.size = chars.font(longest.char)[0]
    line.size = line.size if math.isfinite(line.size) and line.size > 0 else line.height


def open_file(path: str, password: str | None = None) -> Any:
    """Open a PDF; ``pypdfium2.PdfiumError`` where pdfium cannot."""
    return pdfium.PdfDocument(path, password=password)
