"""Reading the best passages again from their words as they are kept, without their texts.

What ``index.second_stage.strengths`` finds in the text of a passage was analysed when it was
published (``index.sequences``); here it is found by comparing numbers, in some twentieth of the
time. Both give the same to the last bit.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import chain, pairwise

import numpy as np
from numpy.typing import NDArray

from index.analysis import terms
from index.second_stage import (
    NEAR,
    SOFT,
    SOFT_LETTERS,
    SYNONYM,
    Asked,
    Shares,
    Strengths,
    Term,
    cut,
    likeness,
    over_parts,
)
from index.sequences import Parts, Sequences
from index.value import Wanted, holds
from index.vocabulary import Vocabulary


def stored_strengths(
    asked: Asked,
    sequences: Sequences,
    numbers: Sequence[int],
    passages: Sequence[tuple[str, str, str]],
) -> Strengths:
    """Read passages from the words that are kept of them.

    Args:
        asked: The question, with nothing in ``Asked.together``.
        sequences: The words of the generation that the passages are of.
        numbers: Their numbers.
        passages: Text, head and language of each; a text is only read where a value is wanted.
    """
    parts = sequences.sentences(numbers)
    reading = _Reading(parts, sequences.vocabulary, len(numbers), len(asked.terms))
    heads = [_head(head, language) for _, head, language in passages]
    for at, term in enumerate(asked.terms):
        reading.read(at, term, heads)
    reading.read_synonyms([term.like for term in asked.terms], heads)
    if asked.sort is Wanted.ANY:
        held = np.ones(len(parts.cells), dtype=np.bool_)
    else:
        sentences = chain.from_iterable(cut(text) for text, _, _ in passages)
        held = np.array([holds(asked.sort, s, asked.given) for s in sentences], dtype=np.bool_)
    rows, above = reading.rows, reading.above
    order = reading.order(asked.terms)
    return Strengths(rows, _over(parts, rows, above), above, held, order, parts.starts)


class _Head:
    """The keys of what stands above a passage, and how they begin."""

    def __init__(self, keys: frozenset[str]) -> None:
        self.keys = keys
        self._openings = frozenset(key[:SOFT_LETTERS] for key in keys)

    def is_like(self, start: str, longest: int) -> bool:
        """Say whether one of them begins so and is not too long."""
        return start[:SOFT_LETTERS] in self._openings and any(
            key.startswith(start) and len(key) <= longest for key in self.keys
        )


@lru_cache(maxsize=20_000)
def _head(head: str, language: str) -> _Head:
    return _Head(frozenset(chain.from_iterable(terms(head, language))))


class _Reading:
    """The words of some passages, and how far each sentence says those of a question.

    Attributes:
        rows: As in ``Strengths``.
        above: As in ``Strengths``.
    """

    def __init__(self, parts: Parts, vocabulary: Vocabulary, n_passages: int, n_terms: int) -> None:
        n_parts = len(parts.cells)
        self._vocabulary = vocabulary
        self._part_of = parts.part_of
        self._passage_of = np.repeat(np.arange(n_passages), np.diff(parts.starts))
        self._stems = vocabulary.words[1][parts.tokens]
        # each word twice: as its stem and as its folded form
        self._keys = np.concatenate((self._stems, vocabulary.words[2][parts.tokens]))
        self._key_part = np.concatenate((parts.part_of, parts.part_of))
        self._asked = np.full(len(parts.tokens), -1, dtype=np.int64)
        self._has_stem = np.zeros((n_parts, n_terms), dtype=np.bool_)
        self.rows = np.zeros((n_parts, n_terms))
        self.above = np.zeros((n_passages, n_terms))

    def read(self, at: int, term: Term, heads: Sequence[_Head]) -> None:
        """Find one word of the question."""
        same = frozenset((term.stem, term.folded, *term.also))
        said = np.zeros(len(self.rows), dtype=np.bool_)
        for key in same:
            place = self._vocabulary.place(key)
            where = self._key_part[self._keys == place]
            said[where] = True
            if key == term.stem:
                self._has_stem[where, at] = True
            if key == term.stem or key in term.also:
                self._asked[self._stems == place] = at
        self.rows[said, at] = 1.0
        exact = np.array([not same.isdisjoint(head.keys) for head in heads], dtype=np.bool_)
        self.above[exact, at] = 1.0
        exact[self._passage_of[said]] = True
        like = likeness(term)
        if like is not None and not exact.all():
            self._read_like(at, *like, heads, exact)

    def read_synonyms(self, like: Sequence[Sequence[str]], heads: Sequence[_Head]) -> None:
        """Find what means about the same as the words of the question, after all were read.

        Args:
            like: The synonyms of each word.
            heads: What stands above each passage.
        """
        said = sorted(frozenset(chain.from_iterable(like)))
        if not said:
            return
        number = {key: at for at, key in enumerate(said, start=1)}
        marks = self._vocabulary.marks(said)[self._keys]
        found = np.flatnonzero(marks)
        marks, parts = marks[found], self._key_part[found]
        for at, keys in enumerate(like):
            chosen = np.zeros(len(said) + 1, dtype=np.bool_)
            chosen[[number[key] for key in keys]] = True
            rows = parts[chosen[marks]]
            self.rows[rows, at] = np.maximum(self.rows[rows, at], SYNONYM)
            above = [not head.keys.isdisjoint(keys) for head in heads]
            self.above[above, at] = np.maximum(self.above[above, at], SYNONYM)

    def order(self, asked: Sequence[Term]) -> Shares:
        """Return ``Reading.order`` of each passage; after all words were read."""
        n_passages, n_terms = self.above.shape
        near = np.zeros((len(self.rows), max(0, n_terms - 1)), dtype=np.bool_)
        for step in range(1, NEAR + 1):
            left, right = self._asked[:-step], self._asked[step:]
            follows = (left >= 0) & (right == left + 1)
            follows &= self._part_of[:-step] == self._part_of[step:]
            near[self._part_of[:-step][follows], left[follows]] = True
        weights = [left.weight + right.weight for left, right in pairwise(asked)]
        total = sum(weights)
        found = np.zeros(n_passages)
        several = self._has_stem.sum(axis=1) > 1
        if total:
            share = np.zeros(len(near))
            for at, weight in enumerate(weights):
                share += np.where(near[:, at], weight, 0.0)
            np.maximum.at(found, self._passage_of[several], share[several] / total)
        return found

    def _read_like(
        self, at: int, start: str, longest: int, heads: Sequence[_Head], exact: NDArray[np.bool_]
    ) -> None:
        """Find what is like a word in the passages that do not have it."""
        first, after = self._vocabulary.beginning(start)
        near = np.flatnonzero((self._keys >= first) & (self._keys < after))
        near = near[~exact[self._passage_of[self._key_part[near]]]]
        for place in frozenset(self._keys[near].tolist()):
            if len(self._vocabulary.text(place)) <= longest:
                self.rows[self._key_part[near[self._keys[near] == place]], at] = SOFT
        for passage in np.flatnonzero(~exact).tolist():
            if heads[passage].is_like(start, longest):
                self.above[passage, at] = SOFT


def _over(parts: Parts, rows: Shares, above: Shares) -> Shares:
    """Return what stands over each sentence; see ``over_parts``."""
    over: Shares = np.repeat(above, np.diff(parts.starts), axis=0)
    for at, (first, end) in enumerate(pairwise(parts.starts.tolist())):
        cells = parts.cells[first:end]
        if cells.any():
            over[first:end] = over_parts(
                cells.tolist(), rows[first:end].tolist(), above[at].tolist()
            )
    return over
