"""Suggestions while somebody types: the library's own titles, countries and acronyms.

Only what the reader may read is suggested. What is suggested from is put together once for each
reader and generation.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from index.analysis import fold, words
from index.types import Reader, StoredDocument

MOST = 8
MOST_TITLES = 5
SHORTEST = 2
"""Characters that must have been typed."""
LONGEST_TAIL = 4
"""How many of the last words may be the beginning of a country or an acronym's long form."""
_KEPT = 32
"""Readers of different rights whose vocabulary is kept at hand."""


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
    def build(
        cls, documents: Sequence[StoredDocument], long_forms: Mapping[str, str]
    ) -> Vocabulary:
        """Put together what documents are called, and their acronyms with what those stand for."""
        titles = tuple(Titled(d, _folded(d.metadata.title)) for d in documents)
        countries = sorted({name for d in documents for name in d.metadata.countries})
        return cls(titles, tuple(countries), tuple(sorted(long_forms.items())))

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

    def long_forms(self, *, reader: Reader) -> Mapping[str, str]:
        """Return what each acronym that those documents define stands for."""
        ...


class Suggestions:
    """Suggests to every reader what that reader may read. Safe for use by several threads."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._kept: OrderedDict[tuple[int, Reader], Vocabulary] = OrderedDict()
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
                vocabulary = self._kept[key] = Vocabulary.build(
                    library.readable(reader=reader), library.long_forms(reader=reader)
                )
            self._kept.move_to_end(key)
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return vocabulary.suggest(typed)


def _folded(text: str) -> tuple[str, ...]:
    return tuple(fold(word) for word in words(text))


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
