"""Suggestions while somebody types: the library's own titles, countries and acronyms.

Only what the reader may read is suggested. What is suggested from is read once for each reader
and generation.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from index.acronyms import learn
from index.analysis import fold, words
from index.types import Reader, StoredDocument

MOST = 8
MOST_TITLES = 5
SHORTEST = 2
"""Characters that must have been typed."""
LONGEST_TAIL = 4
"""How many of the last words may be the beginning of a country or an acronym's long form."""
READ_AT_MOST = 20_000_000
"""Characters of documents that acronyms are learned from, for one reader."""
_KEPT = 32


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something that was perhaps meant.

    Attributes:
        kind: "title", "country" or "acronym".
        text: What it is called.
        detail: The long form of an acronym, the year of a title, or "".
        doc_id: For a title, its document.
        at: Where in what was typed the words begin that it would replace.
    """

    kind: str
    text: str
    detail: str = ""
    doc_id: str = ""
    at: int = 0


@dataclass(frozen=True, slots=True)
class Titled:
    """A document as it is suggested, with the folded words of its title."""

    document: StoredDocument
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Vocabulary:
    """What is suggested to one reader of one generation."""

    titles: tuple[Titled, ...]
    countries: tuple[str, ...]
    acronyms: tuple[tuple[str, str], ...]

    @classmethod
    def build(cls, documents: Sequence[StoredDocument], texts: Iterable[str]) -> Vocabulary:
        """Read documents and, for acronyms, their texts up to ``READ_AT_MOST`` characters."""
        titles = tuple(Titled(d, _folded(d.metadata.title)) for d in documents)
        countries = sorted({name for d in documents for name in d.metadata.countries})
        return cls(titles, tuple(countries), tuple(learn(_up_to(texts)).items()))

    def suggest(self, typed: str) -> list[Suggestion]:
        """Return what may be meant, at most ``MOST``: countries, acronyms, then titles."""
        if len(typed.strip()) < SHORTEST:
            return []
        found: list[Suggestion] = []
        for at, tail in _tails(typed):
            for name in self.countries:
                if _begins(_folded(name), tail):
                    found.append(Suggestion("country", name, at=at))
            for short, long in self.acronyms:
                if _begins(_folded(short), tail) or _begins(_folded(long), tail):
                    found.append(Suggestion("acronym", short, long, at=at))
        words_first = _distinct(found)[: MOST - MOST_TITLES]
        return words_first + self._titled(typed)[: MOST - len(words_first)]

    def _titled(self, typed: str) -> list[Suggestion]:
        wanted = _folded(typed)
        return [
            Suggestion(
                "title",
                titled.document.metadata.title,
                str(titled.document.metadata.year or ""),
                titled.document.doc_id,
            )
            for titled in self.titles
            if wanted and all(any(w.startswith(part) for w in titled.words) for part in wanted)
        ]


class Library(Protocol):
    """What suggestions are made from; ``mmsearch.knowledge.KnowledgeBase`` is one."""

    def readable(self, *, reader: Reader) -> Sequence[StoredDocument]:
        """Return every document the reader may read, by title."""
        ...

    def texts(self, *, reader: Reader) -> Iterable[str]:
        """Yield the texts of those documents."""
        ...


class Suggestions:
    """Suggests to every reader what that reader may read. Safe for use by several threads."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._kept: dict[tuple[int, Reader], Vocabulary] = {}
        self._building = threading.Lock()

    def suggest(self, typed: str, *, reader: Reader, generation: int) -> list[Suggestion]:
        """Return what may be meant by what was typed so far.

        Args:
            typed: What stands in the box.
            reader: Whoever types.
            generation: The library's published generation.
        """
        key = (generation, reader)
        with self._building:
            vocabulary = self._kept.get(key)
            if vocabulary is None:
                library = self._library
                vocabulary = Vocabulary.build(
                    library.readable(reader=reader), library.texts(reader=reader)
                )
                self._kept = {k: v for k, v in self._kept.items() if k[0] == generation}
                if len(self._kept) < _KEPT:
                    self._kept[key] = vocabulary
        return vocabulary.suggest(typed)


def _folded(text: str) -> tuple[str, ...]:
    return tuple(fold(word) for word in words(text))


def _up_to(texts: Iterable[str]) -> Iterable[str]:
    left = READ_AT_MOST
    for text in texts:
        yield text[:left]
        left -= len(text)
        if left <= 0:
            return


def _tails(typed: str) -> list[tuple[int, tuple[str, ...]]]:
    """Return the last words of what was typed, longest first, with where they begin."""
    starts = [at for at in range(len(typed)) if _opens(typed, at)]
    tails = [(at, _folded(typed[at:])) for at in starts[-LONGEST_TAIL:]]
    return [(at, tail) for at, tail in tails if len("".join(tail)) >= SHORTEST]


def _opens(text: str, at: int) -> bool:
    return not text[at].isspace() and (at == 0 or text[at - 1].isspace())


def _begins(name: tuple[str, ...], tail: tuple[str, ...]) -> bool:
    if not tail or len(tail) > len(name):
        return False
    *whole, last = tail
    return list(name[: len(whole)]) == whole and name[len(whole)].startswith(last)


def _distinct(found: list[Suggestion]) -> list[Suggestion]:
    seen: dict[tuple[str, str], Suggestion] = {}
    for one in found:
        seen.setdefault((one.kind, one.text), one)
    return list(seen.values())
