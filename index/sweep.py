"""Finding every passage that has enough of a question's words, through the whole library.

A search ends with its best hundred. Here each word is looked up by itself, and what is kept of a
passage is how much of the question's weight it has: a few bytes, whatever its length. Texts are
read one document at a time, when they are asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from index.analysis import terms, words
from index.catalogue import Catalogue
from index.lexicon import translate
from index.retrieve import checked, stored_passage
from index.second_stage import telling
from index.snapshot import Snapshot
from index.translation import Alternative, Rendering, Translation
from index.types import Filters, Hit, Reader
from ingest.language import LANGUAGES, detect_question


@dataclass(frozen=True, slots=True, eq=False)
class Swept:
    """What was found, without texts.

    Attributes:
        rarity: The idf of each stem of the question's telling words, in what was searched.
        translation: What its terms are called in the languages of what was searched.
        n_documents: How many documents were searched.
        generation: The generation all of it belongs to.
        found: By document, the one with the best passage first, then with most: its position in the
            catalogue, and its passages' positions in order, int64, (n,).
        shares: How much of the words' weight each passage of the library has: float32, (n,).
    """

    rarity: Mapping[str, float]
    translation: Translation
    n_documents: int
    generation: int
    found: tuple[tuple[int, NDArray[np.int64]], ...]
    shares: NDArray[np.float32]


def sweep(
    snapshot: Snapshot, question: str, *, reader: Reader, filters: Filters | None, least: float
) -> Swept:
    """Find every passage with at least a share of the question's telling words, by idf.

    A word is in a passage as a search finds it: by stem, as it is written, in title, headings and
    context, where the library does not have it with one letter changed, and by what it is called
    in other languages.

    Args:
        snapshot: The generation.
        question: What is searched for.
        reader: Who asks: nothing else is counted.
        filters: Which documents to search.
        least: The share, above 0 and at most 1.

    Raises:
        BadQuery: The question is empty or too long.
        BadFilter: A filter names something that this reader's documents do not have.
    """
    question = checked(question)
    language = detect_question(question, LANGUAGES)
    catalogue = snapshot.catalogue
    admitted = catalogue.admitted(reader, filters)
    mask = admitted[catalogue.owners] & catalogue.is_evidence(filters)
    translation = translate(question, language, catalogue.languages(admitted))
    places = _Places(snapshot, question, language, mask, translation)
    asked = telling(question, language, places.frequencies, int(mask.sum()))
    total = sum(term.weight for term in asked) or 1.0
    shares = np.zeros(len(mask), dtype=np.float32)
    for term in asked:
        shares[places.of(term.stem)] += term.weight / total
    return Swept(
        {term.stem: term.weight for term in asked},
        translation,
        int(admitted.sum()),
        snapshot.head.generation,
        _by_document(catalogue, shares, least),
        shares,
    )


def read_swept(
    snapshot: Snapshot, swept: Swept, vector: NDArray[np.float32], *, reader: Reader
) -> Iterator[tuple[Hit, ...]]:
    """Yield the passages of each document in reading order, reading one document at a time.

    Args:
        snapshot: The generation that was swept.
        swept: What was found.
        vector: The question's: float32, (dim,), unit length.
        reader: Who asks.
    """
    catalogue, rank = snapshot.catalogue, 0
    for at, positions in swept.found:
        entry = catalogue.entries[at]
        document = catalogue.shown(entry.document.doc_id, reader)
        numbers = [int(n) for n in catalogue.numbers[positions]]
        cosines = snapshot.derived.vectors.cosines(vector, numbers)
        rows = snapshot.reading.passages(numbers)
        hits = [
            Hit(
                rank=rank + order,
                score=min(1.0, float(swept.shares[position])),
                passage=stored_passage(snapshot, entry, rows[number]),
                document=document,
                cosine=cosines[number],
            )
            for order, (position, number) in enumerate(zip(positions, numbers, strict=True), 1)
        ]
        rank += len(hits)
        yield tuple(sorted(hits, key=lambda hit: hit.passage.ordinal))


class _Places:
    """Where the words of a question stand: positions of passages that may be seen."""

    def __init__(
        self,
        snapshot: Snapshot,
        question: str,
        language: str,
        mask: NDArray[np.bool_],
        translation: Translation,
    ) -> None:
        self._snapshot, self._language, self._mask = snapshot, language, mask
        stems = [stem for stem, _ in terms(question, language)]
        self._written = dict(zip(stems, words(question), strict=True))
        self._said: dict[str, list[Rendering]] = {}
        for rendering in translation.renderings:
            for stem in stems[rendering.start : rendering.end]:
                self._said.setdefault(stem, []).append(rendering)
        self._known: dict[str, NDArray[np.int64]] = {}

    def frequencies(self, stems: Sequence[str]) -> dict[str, int]:
        """Return in how many passages each word is, as it is asked for."""
        return {stem: len(self._word(self._written[stem], self._language)) for stem in stems}

    def of(self, stem: str) -> NDArray[np.int64]:
        """Return the passages that have a word or what it is called in another language."""
        found = [self._word(self._written[stem], self._language)]
        for rendering in self._said.get(stem, ()):
            found += [self._alternative(one) for one in rendering.alternatives]
        return np.unique(np.concatenate(found))

    def _alternative(self, said: Alternative) -> NDArray[np.int64]:
        """Return the passages that have all words of a term, none of them misspelt."""
        stems = [stem for stem, _ in said.pairs]
        if not stems or not all(self._snapshot.derived.lexical.frequencies(stems).values()):
            return np.empty(0, dtype=np.int64)
        places = [self._word(folded, said.language) for _, folded in said.pairs]
        return reduce(np.intersect1d, places)

    def _word(self, word: str, language: str) -> NDArray[np.int64]:
        key = f"{language} {word}"
        if key not in self._known:
            lexical = self._snapshot.derived.lexical
            languages = (language,) if language != "und" else ("en",)
            hits = lexical.search(word, languages, lexical.count())
            having = np.array(sorted(number for number, _ in hits), dtype=np.int64)
            positions = np.searchsorted(self._snapshot.catalogue.numbers, having)
            self._known[key] = positions[self._mask[positions]]
        return self._known[key]


def _by_document(
    catalogue: Catalogue, shares: NDArray[np.float32], least: float
) -> tuple[tuple[int, NDArray[np.int64]], ...]:
    positions = np.flatnonzero(shares >= least)
    grouped: dict[int, list[int]] = {}
    for position in positions:
        grouped.setdefault(int(catalogue.owners[position]), []).append(int(position))
    found = [(at, np.array(members, dtype=np.int64)) for at, members in grouped.items()]
    return tuple(sorted(found, key=lambda i: (-float(shares[i[1]].max()), -len(i[1]), i[0])))
