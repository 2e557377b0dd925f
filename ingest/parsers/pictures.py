"""Pictures in office files: those that text stands on, such as a scan pasted into Word, are read.

Photographs and logos are passed over by a look at their greys, before anything is recognised.
"""

from __future__ import annotations

import hashlib
import io
import math
import re
from collections.abc import Callable, Sequence
from itertools import groupby, islice
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps, ImageSequence

from ingest.errors import DamagedFile, NeedsRecognition, NoText
from ingest.parsers.assemble import Piece, no_text
from ingest.parsers.recogniser import Recogniser, confidence
from ingest.parsers.tesseract import Failed, Found, Picture
from ingest.recognition import PACKS, current
from ingest.types import BlockKind

#: Most pixels of a picture that is read, and of one that is opened at all.
MAX_PIXELS = 12_000_000
MAX_SOURCE_PIXELS = 120_000_000
MAX_PICTURES = 500
#: Smaller pictures, in pixels, are signs and logos.
_LEAST_WIDTH, _LEAST_HEIGHT = 400, 120
#: Greys that count as paper, the least share of it, and how much ink a written page has.
_PAPER_GREYS, _PAPER = 32, 0.5
_CONTRAST, _LEAST_INK, _MOST_INK = 70, 0.004, 0.4
#: Fewer or less certain words are labels, or noise in what is no text.
_LEAST_WORDS, _LEAST_SURE = 12, 0.75
_WORD = re.compile(r"\W*[^\W\d_]{3,}\W*")
#: Paragraphs below this are specks beside the text.
_LEAST_PART = 0.6
_DPI, _LOW_DPI, _POINTS = 300, 180, 72
#: What Pillow raises on broken and hostile pictures.
_BROKEN = (
    *(OSError, ValueError, SyntaxError, TypeError, KeyError, IndexError, AttributeError),
    *(ArithmeticError, NotImplementedError, RecursionError, Image.DecompressionBombError),
)


class Pictures:
    """Reads the pictures of one file.

    Attributes:
        unread: Places of pictures that text may stand on and that could not be read.
    """

    def __init__(self, languages: Callable[[], Sequence[str]]) -> None:
        """Start.

        Args:
            languages: Tells the languages (ISO 639-1) of the file's own text; called once, and
                only when there is something to read.
        """
        self.unread: list[int] = []
        self._how = current()
        self._languages = languages
        self._recogniser: Recogniser | None = None
        self._known: dict[bytes, list[tuple[str, float]]] = {}

    def pieces(self, data: bytes, place: int, width: float = 0.0) -> list[Piece]:
        """Return what stands on a picture, a paragraph each, at one place of the file.

        Args:
            data: The picture as the file has it.
            place: Where it stands.
            width: In points, as it is shown; 0 where that is not known.
        """
        key = hashlib.sha256(data).digest()
        if key not in self._known:
            if len(self._known) >= MAX_PICTURES:
                return []
            self._known[key] = self._read(data, place, width)
        return [
            Piece(BlockKind.PARAGRAPH, text, place, place, ocr=sure)
            for text, sure in self._known[key]
        ]

    def of_file(self, path: Path) -> list[Piece]:
        """Return what stands on a file that is a picture, or on each page of a TIFF.

        Places are its paragraphs, from 1.

        Raises:
            DamagedFile: It cannot be opened as a picture.
        """
        found: list[tuple[str, float]] = []
        try:
            with Image.open(path) as image:
                for number, page in enumerate(islice(ImageSequence.Iterator(image), MAX_PICTURES)):
                    if (grey := _grey(page)) is not None:
                        found += self._recognised(grey, number + 1, 0.0)
        except _BROKEN as exc:
            raise DamagedFile(
                f"The picture cannot be opened ({type(exc).__name__}). Open it in a viewer, save "
                "it anew and add that."
            ) from exc
        return [
            Piece(BlockKind.PARAGRAPH, text, place, place, ocr=sure)
            for place, (text, sure) in enumerate(found, 1)
        ]

    def warnings(self, place: str) -> list[str]:
        """Say which pictures could not be read, and whose language was not there.

        Args:
            place: What the file counts: "paragraph", "slide".
        """
        found = []
        if self.unread:
            found.append(
                f"Text may stand on pictures ({_named(place, self.unread)}); to have it read, "
                f"{self._how.remedy()}."
            )
        if self._recogniser is not None and self._recogniser.lacking:
            packages = " ".join(sorted(self._recogniser.lacking))
            found.append(
                f"Its pictures were read without their language; install {packages} and run "
                "ingest again."
            )
        return found

    def no_text(self) -> NoText:
        """Return the error for a file without text, which may be one of pictures alone."""
        if not self.unread:
            return no_text()
        return NeedsRecognition(
            "The file holds no text, only pictures that text may stand on; to have them read, "
            f"{self._how.remedy()}"
        )

    def _read(self, data: bytes, place: int, width: float) -> list[tuple[str, float]]:
        try:
            with Image.open(io.BytesIO(data)) as image:
                grey = _grey(image)
            return [] if grey is None else self._recognised(grey, place, width)
        except _BROKEN:
            return []

    def _recognised(self, image: Image.Image, place: int, width: float) -> list[tuple[str, float]]:
        try:
            if not looks_written(image):
                return []
            if not self._how.ready:
                self.unread.append(place)
                return []
            found, _, _ = self._reader().read(lambda turn: _drawn(image, turn, width))
        except (Failed, MemoryError):
            self.unread.append(place)
            return []
        words = sum(w.confidence >= _LEAST_SURE and bool(_WORD.match(w.text)) for w in found)
        if words < _LEAST_WORDS or confidence(found) < _LEAST_SURE:
            return []
        return [(text, sure) for text, sure in paragraphs(found) if sure >= _LEAST_PART]

    def _reader(self) -> Recogniser:
        if self._recogniser is None:
            languages = [code for code in self._languages() if code in PACKS]
            self._recogniser = Recogniser(self._how, languages)
        return self._recogniser


def _grey(image: Image.Image) -> Image.Image | None:
    """Return a picture in grey on white; None where it is too small or too large."""
    width, height = image.size
    if width * height > MAX_SOURCE_PIXELS:
        return None
    if min(width, height) < _LEAST_HEIGHT or max(width, height) < _LEAST_WIDTH:
        return None
    upright = ImageOps.exif_transpose(image)
    if upright.has_transparency_data:
        upright = upright.convert("RGBA")
        white = Image.new("RGBA", upright.size, "white")
        upright = Image.alpha_composite(white, upright)
    return upright.convert("L")


def looks_written(image: Image.Image) -> bool:
    """Tell whether a grey picture has much paper of one shade and a little ink on it."""
    small = image.copy()
    small.thumbnail((600, 600), Image.Resampling.BOX)
    grey = np.asarray(small)
    counts = np.bincount(grey.ravel(), minlength=256)
    shares = np.convolve(counts, np.ones(_PAPER_GREYS, dtype=np.int64), "valid") / grey.size
    paper = int(shares.argmax()) + _PAPER_GREYS // 2
    ink = float((np.abs(grey.astype(np.int16) - paper) > _CONTRAST).mean())
    return float(shares.max()) >= _PAPER and _LEAST_INK <= ink <= _MOST_INK


def _drawn(image: Image.Image, turn: int, width: float) -> tuple[Picture, float]:
    """Draw a picture turned, at the resolution at which letters are best read."""
    dpi = image.width * _POINTS / width if width else _DPI
    scale = min(_DPI / dpi, 3.0) if dpi < _LOW_DPI else 1.0
    scale = min(scale, math.sqrt(MAX_PIXELS / (image.width * image.height)))
    size = max(round(image.width * scale), 1), max(round(image.height * scale), 1)
    drawn = image if size == image.size else image.resize(size, Image.Resampling.LANCZOS)
    if turn:
        drawn = drawn.rotate(-90 * turn, expand=True)
    shown = min(max(round(dpi * scale), 70), 600)
    return Picture(drawn.width, drawn.height, drawn.tobytes(), shown), shown / _POINTS


def paragraphs(found: Sequence[Found]) -> list[tuple[str, float]]:
    """Join words to paragraphs as they were recognised, each with how sure it is.

    A word that was hyphenated at the end of a line is joined.
    """
    made = []
    for _, words in groupby(found, key=lambda word: word.place[:2]):
        group = list(words)
        text = ""
        for _, line in groupby(group, key=lambda word: word.place):
            said = " ".join(word.text for word in line)
            joined = text.endswith("-") and text[-2:-1].isalpha() and said[:1].islower()
            text = text[:-1] + said if joined else f"{text} {said}".strip()
        made.append((text, confidence(group)))
    return made


def _named(place: str, places: Sequence[int]) -> str:
    numbers = sorted(set(places))
    shown = ", ".join(map(str, numbers[:10]))
    more = f" and {len(numbers) - 10} more" if len(numbers) > 10 else ""
    return f"{place}{'s' if len(numbers) > 1 else ''} {shown}{more}"
