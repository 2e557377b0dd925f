"""Read PDF pages that are pictures, or whose text layer cannot be used, through tesseract.

Which pages these are is told from what pdfium says of them (``look``); they are drawn,
recognised and put back as lines like any other page's, with a confidence.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from statistics import median
from typing import Any

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as raw

from ingest.parsers.pdf_rtl import is_rtl
from ingest.parsers.pdf_rules import Drawing, has_pictured_text
from ingest.parsers.pdf_words import Line, PageWords, Word, clean, measure
from ingest.parsers.recogniser import Recogniser
from ingest.parsers.tesseract import Failed, Found, Picture
from ingest.recognition import Recognition

_DPI = 300
#: Most pixels of a picture that is drawn, and of those that a page holds.
MAX_PIXELS = 12_000_000
MAX_SOURCE_PIXELS = 120_000_000
_STAMP = 120  # characters that may stand on a scan without being its text
_COVER = 0.5
_UNMAPPED = 0.5
_ODD = 0.02
_MANY_PATHS = 20
_TOKEN = re.compile(r"[^\W\d_][^\s]+")
_PLAIN = re.compile(
    r"(?:[^\W\d_]|['’])+(?:[-/–](?:[^\W\d_’']|['’])+|[-/–]\d+)*(?:\(?s\)?)?"
    r"|[A-Z]+[./-].*|(?:\w\.)+\w?|www\..*|.*@.*|.*://.*"
)
_HUMP = re.compile(r"[a-z][A-Z]|[A-Z]{2}[a-z]+[A-Z]")


class Look(Enum):
    """What a page is, before its pictures are read."""

    TEXT = "its text layer can be used"
    BLANK = "nothing is on it"
    PICTURE = "a picture without text, or with little more than a stamp"
    GARBAGE = "its text layer says nothing, as its fonts map to no characters"
    LAYER = "a picture with a hidden text layer"
    POOR = "a picture with a hidden text layer that was badly recognised"
    PICTURED = "some of its words are drawn as pictures"


def needs_reading(what: Look) -> bool:
    """Tell whether a page's pictures are to be read."""
    return what not in (Look.TEXT, Look.BLANK, Look.LAYER)


def look(words: PageWords, drawing: Drawing) -> Look:
    """Tell what a page is."""
    pictures = drawing.pictures()
    if not words.lines:
        forms = any(kind == raw.FPDF_PAGEOBJ_FORM for _, kind in drawing.objects)
        drawn = pictures or forms or len(drawing.objects) >= _MANY_PATHS
        return Look.PICTURE if drawn else Look.BLANK
    length = sum(len(line.text) for line in words.lines)
    if words.unmapped >= _UNMAPPED and length >= _STAMP // 4:
        return Look.GARBAGE
    if pictures and _cover(pictures, words) >= _COVER:
        if length < _STAMP:
            return Look.PICTURE
        if words.hidden:
            odd = oddness(" ".join(line.text for line in words.lines))
            return Look.POOR if odd >= _ODD else Look.LAYER
    return Look.PICTURED if has_pictured_text(drawing) else Look.TEXT


def judged(looks: Sequence[Look]) -> list[Look]:
    """Hold every hidden text layer of a document for poor where many of them are."""
    poor = looks.count(Look.POOR)
    if poor * 3 < looks.count(Look.LAYER):
        return list(looks)
    return [Look.POOR if poor and what is Look.LAYER else what for what in looks]


def _cover(pictures: Sequence[tuple[float, float, float, float]], words: PageWords) -> float:
    area = max((x1 - x0) * (y1 - y0) for x0, y0, x1, y1 in pictures)
    return area / max(words.width * words.height, 1.0)


def oddness(text: str) -> float:
    """Return the share of words that no writer spells so: digits or capitals inside them."""
    tokens = [token.strip('.,;:()[]"“”«»*!?') for token in _TOKEN.findall(text)]
    tokens = [token for token in tokens if len(token) > 2]
    odd = sum(not _PLAIN.fullmatch(token) or bool(_HUMP.search(token)) for token in tokens)
    return odd / len(tokens) if tokens else 0.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one page: its lines, or why it could not be read."""

    words: PageWords
    failure: str = ""


class Reader:
    """Reads the pages of one document that are pictures."""

    def __init__(self, how: Recognition, languages: Sequence[str]) -> None:
        """Start with the languages that the document's own text is in, if any."""
        self._recogniser = Recogniser(how, languages)

    @property
    def lacking(self) -> set[str]:
        """Debian packages of the languages that pages were read without."""
        return self._recogniser.lacking

    def read(self, page: Any, before: PageWords, what: Look) -> Outcome:
        """Read one page.

        Args:
            page: An open ``pypdfium2.PdfPage``.
            before: What its text layer gave.
            what: From ``look``.
        """
        if _source_pixels(page) > MAX_SOURCE_PIXELS:
            return Outcome(before, f"its pictures have more than {MAX_SOURCE_PIXELS:,} pixels")
        try:
            found, turn, scale = self._recogniser.read(lambda turn: _drawn(page, before, turn))
        except (Failed, pdfium.PdfiumError) as exc:
            return Outcome(before, str(exc))
        except MemoryError:
            return Outcome(before, "drawing it takes too much memory")
        made = PageWords(before.index, before.width, before.height, turn)
        made.mirrored = is_rtl(" ".join(word.text for word in found))
        if made.mirrored:
            edge = made.extent[0] * scale
            found = [word._replace(x0=edge - word.x1, x1=edge - word.x0) for word in found]
        made.lines = lines_of(found, scale, before.index)
        return Outcome(_chosen(before, made, what))


def lines_of(found: Sequence[Found], scale: float, page: int) -> list[Line]:
    """Group recognised words into lines, in points.

    Args:
        found: In reading order.
        scale: Pixels a point.
        page: Page index from 0.
    """
    lines: list[Line] = []
    places: list[tuple[int, int, int]] = []
    for word in found:
        text = clean(word.text)
        if not text:
            continue
        x0, y0, x1, y1 = (value / scale for value in (word.x0, word.y0, word.x1, word.y1))
        made = Word(text, x0, y0, x1, y1, 0)
        if not lines or places[-1] != word.place:
            lines.append(Line(page, [], 0.0, 0.0, 0.0, 0.0, confidence=0.0))
            places.append(word.place)
        line = lines[-1]
        line.words.append(made)
        line.confidence = (line.confidence or 0.0) + word.confidence * len(text)
    for line in lines:
        measure(line)
        line.confidence = (line.confidence or 0.0) / sum(len(word.text) for word in line.words)
        line.hyphen = line.text.endswith("-") and line.text[-2:-1].isalpha()
    _set_sizes(lines, places)
    return lines


def _set_sizes(lines: Sequence[Line], places: Sequence[tuple[int, int, int]]) -> None:
    """Guess font sizes: boxes are as high as their letters, so the median of a paragraph."""
    usual = median([line.height for line in lines]) if lines else 0.0
    heights: dict[tuple[int, int], list[float]] = {}
    for line, place in zip(lines, places, strict=True):
        heights.setdefault(place[:2], []).append(line.height)
    for line, place in zip(lines, places, strict=True):
        size = median(heights[place[:2]])
        line.size = usual if 0.7 * usual < size < 1.35 * usual else size


def _chosen(before: PageWords, made: PageWords, what: Look) -> PageWords:
    """Choose between a text layer and what was recognised, or join them."""
    old, new = (" ".join(line.text for line in page.lines) for page in (before, made))
    if not made.lines or (_mean(made) < 0.5 and len(made.lines) < 3):
        return before
    if what is Look.PICTURE:
        return made if len(new) > len(old) else before
    if what is Look.GARBAGE:
        return made if _mean(made) >= 0.5 else before
    if what is Look.POOR:
        return made if oddness(new) < oddness(old) and len(new) > 0.6 * len(old) else before
    return _joined(before, made)


def _joined(before: PageWords, made: PageWords) -> PageWords:
    """Add those words to a page that its text layer does not have."""
    if (before.turn, before.mirrored) != (made.turn, made.mirrored):
        return before
    boxes = np.array([w[1:5] for line in before.lines for w in line.words], dtype=np.float64)
    added = []
    for line in made.lines:
        words = [word for word in line.words if not _over(boxes, word)]
        if words:
            added.append(Line.of(words, line))
    joined = PageWords(before.index, before.width, before.height, before.turn)
    joined.lines = [*before.lines, *added]
    return joined


def _over(boxes: np.ndarray[Any, np.dtype[np.float64]], word: Word) -> bool:
    x, y = (word.x0 + word.x1) / 2, (word.y0 + word.y1) / 2
    inside = (boxes[:, 0] <= x) & (x <= boxes[:, 2]) & (boxes[:, 1] <= y) & (y <= boxes[:, 3])
    return bool(inside.any())


def _mean(page: PageWords) -> float:
    length = sum(len(line.text) for line in page.lines)
    return sum((line.confidence or 0.0) * len(line.text) for line in page.lines) / max(length, 1)


def _drawn(page: Any, words: PageWords, turn: int) -> tuple[Picture, float]:
    """Draw a page in grey, turned clockwise by quarter turns; returns pixels a point too."""
    area = max(words.width * words.height, 1.0)
    scale = min(_DPI / 72, math.sqrt(MAX_PIXELS / area))
    bitmap = page.render(scale=scale, rotation=90 * turn, grayscale=True, may_draw_forms=False)
    try:
        pixels = np.ascontiguousarray(bitmap.to_numpy().reshape(bitmap.height, bitmap.width, -1))
        picture = Picture(
            bitmap.width, bitmap.height, pixels[:, :, 0].tobytes(), max(round(72 * scale), 70)
        )
    finally:
        bitmap.close()
    return picture, scale


def _source_pixels(page: Any) -> int:
    total = 0
    width, height = raw.c_uint(), raw.c_uint()
    for item, kind in Drawing(page).objects:
        if kind == raw.FPDF_PAGEOBJ_IMAGE and raw.FPDFImageObj_GetImagePixelSize(
            item, width, height
        ):
            total += width.value * height.value
    return total
