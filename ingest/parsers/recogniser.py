"""Read the pictures of one document: how each lies, in which script, in which language.

Knows nothing about where a picture comes from; whoever has one draws it, turned as asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from ingest.language import detect
from ingest.parsers import tesseract
from ingest.parsers.tesseract import Found, Picture
from ingest.recognition import Recognition

#: Draws a picture turned clockwise by so many quarter turns; returns its pixels a point too.
Draw = Callable[[int], tuple[Picture, float]]

_LOW = 0.7  # below this mean confidence, the picture may lie on its side
_NOISE = 0.3
_BY_SCRIPT = {
    "Latin": ("en", "fr", "es", "ro"),
    "Cyrillic": ("ru", "sr"),
    "Arabic": ("ar",),
    "Bengali": ("bn",),
}
_SURE_LETTERS = 200
#: A picture read in the language it turned out to be in may lose so much confidence.
_AS_SURE = 0.05


class Recogniser:
    """Reads the pictures of one document; what it learns of one helps with the next.

    Attributes:
        lacking: Debian packages of the languages that pictures were read without.
    """

    def __init__(self, how: Recognition, languages: Sequence[str]) -> None:
        """Start with the languages that the document's own text is in, if any."""
        self._how = how
        self._languages = tuple(how.wanted or languages)
        self._sure = bool(self._languages)
        self._turn = 0
        self.lacking: set[str] = set()

    def read(self, draw: Draw) -> tuple[list[Found], int, float]:
        """Read one picture; returns its words, how it was turned, and pixels a point.

        Raises:
            Failed: Tesseract could not read it.
        """
        self._how.beat()
        turn = self._turn
        picture, scale = draw(turn)
        lies = None
        if not self._sure:
            lies = tesseract.orientation(picture, self._how)
            if lies is not None and lies.turn:
                turn = (turn + lies.turn) % 4
                picture, scale = draw(turn)
        found = self._recognised(picture, self._packs(lies.script if lies else ""))
        if lies is None and confidence(found) < _LOW:
            found, turn, scale = self._turned(draw, picture, (found, turn, scale))
        if not self._sure and confidence(found) < _LOW:
            found = max([found, *self._other_scripts(picture)], key=confidence)
        if not self._sure:
            found = self._in_its_language(picture, found)
        self._turn = turn if found else self._turn
        return [word for word in found if word.confidence >= _NOISE], turn, scale

    def _recognised(self, picture: Picture, packs: Sequence[str]) -> list[Found]:
        return tesseract.recognise(picture, packs, self._how)

    def _other_scripts(self, picture: Picture) -> Iterator[list[Found]]:
        """Read a picture in each script: which one it is in was told wrongly, or not at all."""
        for languages in _BY_SCRIPT.values():
            if packs := self._how.packs(languages):
                self._how.beat()
                yield self._recognised(picture, packs)

    def _in_its_language(self, picture: Picture, found: list[Found]) -> list[Found]:
        """Read a picture again in the one language that it is in, and keep to that."""
        text = " ".join(word.text for word in found)
        if len(text) < _SURE_LETTERS or confidence(found) < _LOW:
            return found
        language = detect(text)
        packs = self._how.packs([language])
        if not packs:
            if package := self._how.lacking(language):
                self.lacking.add(package)
            return found
        self._languages, self._sure = (language,), True
        self._how.beat()
        again = self._recognised(picture, packs)
        return again if confidence(again) >= confidence(found) - _AS_SURE else found

    def _turned(
        self, draw: Draw, picture: Picture, first: tuple[list[Found], int, float]
    ) -> tuple[list[Found], int, float]:
        """Read a picture again where it lies on its side and reads better so."""
        self._how.beat()
        lies = tesseract.orientation(picture, self._how)
        if lies is None or not lies.turn:
            return first
        turn = (first[1] + lies.turn) % 4
        picture, scale = draw(turn)
        found = self._recognised(picture, self._packs(lies.script))
        return (found, turn, scale) if confidence(found) > confidence(first[0]) else first

    def _packs(self, script: str) -> tuple[str, ...]:
        languages = self._languages or _BY_SCRIPT.get(script, _BY_SCRIPT["Latin"])
        if self._sure or not self._how.packs(languages):
            self.lacking |= {pack for code in languages if (pack := self._how.lacking(code))}
        packs = self._how.packs(languages)
        return packs or self._how.packs(["en"]) or tuple(sorted(self._how.installed - {"osd"}))[:1]


def confidence(found: Sequence[Found]) -> float:
    """Return how sure words are on average, by their letters: 0 to 1, 0 of none."""
    length = sum(len(word.text) for word in found)
    return sum(word.confidence * len(word.text) for word in found) / max(length, 1)
