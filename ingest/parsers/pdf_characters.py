"""The characters of a PDF page, as pdfium has them: their text, boxes and fonts."""

from __future__ import annotations

import ctypes
import math
import re
from collections import deque
from itertools import repeat
from typing import Any

import numpy as np
import pypdfium2.raw as raw
from numpy.typing import NDArray

from ingest.parsers.pdf_rtl import has_rtl, mend, parted, righted

_TOKEN = re.compile(r"[^\s\ufffe\x02]+")
_TOKEN_OR_LEADER = re.compile(
    r"\.{4,}|…{2,}|_{6,}|_{3,}(?=\d)|(?:(?!\.{4}|…{2}|_{6}|_{3,}\d)[^\s\ufffe\x02])+"
)
_LEADER = re.compile(r"\.{4}|…{2}|\w_{6}|_{6,}\d")
_DOTS = ("....", "……", "______")
_NUMBER = re.compile(r"(?<![\s\d])\d{1,3}(?!\S)")
_BEFORE_MARK = re.compile(r"(?:[^\W\d_]{4}|[.,;:!?)»”’\"'])$")
_SURROGATE = re.compile("[\ud800-\udfff]")
_SAMPLES = 9
_MAPPED_SAMPLES = 50
_UPRIGHT = 0.1  # radians
_INVISIBLE = 3  # ISO 32000-1, table 106
#: A box taller than this many font sizes is wrong; only those taller than most are looked at.
_TALLEST, _TALLER = 2.0, 1.3
#: Where letters end below and above their base line, in font sizes.
_BELOW, _ABOVE = 0.3, 1.0
#: A character this much smaller than the one before it stands above the line.
RAISED = 0.8


def _bare(function: Any, result: Any, *arguments: Any) -> Any:
    """Return a pdfium function that takes and gives bare addresses: it converts nothing."""
    prototype = ctypes.CFUNCTYPE(result, *arguments)
    return prototype(ctypes.cast(function, ctypes.c_void_p).value or 0)


def _bare_call(function: Any, *arguments: Any, result: Any = ctypes.c_int) -> Any:
    """Return a function of (page's address, index, ``arguments``) that converts nothing."""
    return staticmethod(_bare(function, result, ctypes.c_void_p, ctypes.c_int, *arguments))


class Characters:
    """The characters of a page by index. Calls pdfium with bare addresses: 3,000 a page."""

    _get_box = _bare_call(raw.FPDFText_GetLooseCharBox, ctypes.c_void_p)
    _get_object = _bare_call(raw.FPDFText_GetTextObject, result=ctypes.c_void_p)
    _get_size = _bare_call(raw.FPDFText_GetFontSize, result=ctypes.c_double)
    _get_matrix = _bare_call(raw.FPDFText_GetMatrix, ctypes.c_void_p)
    _get_font = staticmethod(_bare(raw.FPDFTextObj_GetFont, ctypes.c_void_p, ctypes.c_void_p))
    _has_error = _bare_call(raw.FPDFText_HasUnicodeMapError)

    def __init__(self, textpage: Any) -> None:
        self._page = textpage.raw
        self._handle = ctypes.cast(self._page, ctypes.c_void_p).value
        self._fonts: dict[int, tuple[float, bool, bool]] = {}
        self._faces: dict[int, tuple[bool, bool]] = {}
        self._matrix = raw.FS_MATRIX()
        self._matrix_at = ctypes.addressof(self._matrix)
        self._name = ctypes.create_string_buffer(128)
        self._flags = ctypes.c_int()
        self.text = self._read(textpage.count_chars())
        self.rtl = has_rtl(self.text)
        if self.rtl:
            self.text = mend(righted(self.text, self._place), self._one_glyph)

    def _read(self, count: int) -> str:
        if count <= 0:
            return ""
        buffer = (ctypes.c_ushort * (count + 1))()
        got = raw.FPDFText_GetText(self._page, 0, count, buffer)
        text = bytes(buffer)[: 2 * max(got - 1, 0)].decode("utf-16-le", "surrogatepass")
        if len(text) == count and not _SURROGATE.search(text):
            return text
        codes = (raw.FPDFText_GetUnicode(self._page, i) for i in range(count))
        return "".join(chr(code) if code <= 0x10FFFF else "\ufffd" for code in codes)

    def _place(self, index: int) -> float | None:
        """Return where a character of upright text begins, from the left."""
        if raw.FPDFText_GetCharAngle(self._page, index) > _UPRIGHT:
            return None
        origin = self._origin(index)
        return origin[0] if origin else None

    def _one_glyph(self, index: int) -> bool:
        """Tell whether a character and the next one stand at one place."""
        first, second = self._origin(index), self._origin(index + 1)
        return first is not None and first == second

    def _origin(self, index: int) -> tuple[float, float] | None:
        x, y = ctypes.c_double(), ctypes.c_double()
        if not raw.FPDFText_GetCharOrigin(self._page, index, x, y):
            return None
        return (x.value, y.value)

    def tokens(self) -> list[tuple[int, int]]:
        """Return the half-open spans of words; dot leaders are left out."""
        text = self.text
        if any(dots in text for dots in _DOTS) and _LEADER.search(text):
            found = _TOKEN_OR_LEADER.finditer(self.text)
            spans = [match.span() for match in found if match[0].strip(".…_")]
        else:
            spans = [match.span() for match in _TOKEN.finditer(self.text)]
        if self.rtl:
            spans = parted(self.text, spans)
        if not (noted := self._noted()):
            return spans
        return [part for span in spans for part in self._without_mark(span, noted.get(span[1]))]

    def _noted(self) -> dict[int, int]:
        """Return where short numbers that may be marks of footnotes end, and where they begin."""
        text = self.text
        return {
            match.end(): match.start()
            for match in _NUMBER.finditer(text)
            if _BEFORE_MARK.search(text, max(match.start() - 4, 0), match.start())
        }

    def _without_mark(self, span: tuple[int, int], mark: int | None) -> list[tuple[int, int]]:
        """Part a word from a footnote's mark that is set right behind it."""
        start, end = span
        if mark is None or self.font(mark)[0] > RAISED * self.font(start)[0]:
            return [span]
        return [(start, mark), (mark, end)]

    def char_boxes(self, indices: list[int]) -> NDArray[np.float64]:
        """Return boxes of characters in page coordinates, shape (n, 4)."""
        store = np.zeros((len(indices), 4), dtype=np.float32)
        first = store.ctypes.data
        places = range(first, first + store.nbytes, 16)
        calls = map(self._get_box, repeat(self._handle), indices, places)
        deque(calls, maxlen=0)
        boxes: NDArray[np.float64] = store.astype(np.float64)
        return boxes

    def boxes(self, tokens: list[tuple[int, int]]) -> NDArray[np.float64]:
        """Return a box for each token: its first and its last character, joined.

        Shape (n, 4), page coordinates, two opposite corners. A font that claims to be much
        taller than it is set does not count: its words reach from below to above their line.
        """
        first = self.char_boxes([start for start, _ in tokens])
        last = self.char_boxes([end - 1 for _, end in tokens])
        low, high = np.minimum(first, last), np.maximum(first, last)
        x0, x1 = np.minimum(low[:, 0], low[:, 2]), np.maximum(high[:, 0], high[:, 2])
        y0, y1 = np.minimum(low[:, 1], low[:, 3]), np.maximum(high[:, 1], high[:, 3])
        boxes: NDArray[np.float64] = np.nan_to_num(np.stack([x0, y0, x1, y1], axis=1))
        for at in self._tall(boxes, tokens):
            index = tokens[at][0]
            origin, (size, _, _) = self._origin(index), self.font(index)
            upright = raw.FPDFText_GetCharAngle(self._page, index) < _UPRIGHT
            if origin and upright and boxes[at, 3] - boxes[at, 1] > _TALLEST * size > 0:
                boxes[at, 1], boxes[at, 3] = origin[1] - _BELOW * size, origin[1] + _ABOVE * size
        return boxes

    def _tall(self, boxes: NDArray[np.float64], tokens: list[tuple[int, int]]) -> list[int]:
        """Return which boxes may be too tall: those above the page's usual, or all of them."""
        if not tokens:
            return []
        heights = boxes[:, 3] - boxes[:, 1]
        usual = float(np.median(heights))
        near = int(np.abs(heights - usual).argmin())
        if usual > _TALLEST * self.font(tokens[near][0])[0]:
            return list(range(len(tokens)))
        found: list[int] = np.flatnonzero(heights > _TALLER * usual).tolist()
        return found

    def turn(self, tokens: list[tuple[int, int]], rotation: int) -> int:
        """Return the quarter turns that bring most words upright on the page as shown."""
        votes = [0, 0, 0, 0]
        for start, _ in tokens[:: max(1, len(tokens) // _SAMPLES)]:
            angle = raw.FPDFText_GetCharAngle(self._page, start)
            if angle >= 0:
                votes[(round(angle / (math.pi / 2)) - rotation) % 4] += 1
        return max(range(4), key=lambda quarter: (votes[quarter], -quarter))

    def unmapped(self) -> float:
        """Return the share of characters that their font maps to nothing, from a sample."""
        sample = range(0, len(self.text), max(1, len(self.text) // _MAPPED_SAMPLES))
        errors = sum(int(self._has_error(self._handle, index) == 1) for index in sample)
        return float(errors / max(len(sample), 1))

    def hidden(self, index: int) -> bool:
        """Tell whether a character is drawn invisibly, as the text of a scan is."""
        run = raw.FPDFText_GetTextObject(self._page, index)
        return bool(run) and raw.FPDFTextObj_GetTextRenderMode(run) == _INVISIBLE

    def font(self, index: int) -> tuple[float, bool, bool]:
        """Return a character's size in points, as shown, whether it is bold, and italic."""
        run = self._get_object(self._handle, index)
        if run is None:
            return self._font(index)
        found = self._fonts.get(run)
        if found is None:
            found = self._fonts[run] = self._font(index, self._get_font(run))
        return found

    def _font(self, index: int, font: int | None = None) -> tuple[float, bool, bool]:
        """Read size and face; the runs of one font have one face."""
        size = self._get_size(self._handle, index)
        if self._get_matrix(self._handle, index, self._matrix_at):
            size *= math.hypot(self._matrix.c, self._matrix.d)
        if font is None:
            return size, *self._face(index)
        face = self._faces.get(font)
        if face is None:
            face = self._faces[font] = self._face(index)
        return size, *face

    def _face(self, index: int) -> tuple[bool, bool]:
        """Tell whether a character is bold, and whether it is italic."""
        raw.FPDFText_GetFontInfo(self._page, index, self._name, 128, self._flags)
        name = self._name.value.lower()
        heavy = any(word in name for word in (b"bold", b"black", b"heavy", b"demi"))
        heavy = heavy or raw.FPDFText_GetFontWeight(self._page, index) >= 600
        return heavy, b"italic" in name or b"oblique" in name
