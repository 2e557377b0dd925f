"""The words of every passage in their order, sentence by sentence.

What is read of the best passages of each search (``index.stored_words``) lies here as numbers of
words (``index.vocabulary``), so that no text is analysed while somebody waits. They also say which
of a question's words stand side by side: a keyword index can look for phrases, and reads the places
of two frequent words in every passage that has both, which at 100,000 passages takes four times as
long as its words. Here phrases are counted in the few hundred passages that are best by words.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from index.analysis import term, words
from index.second_stage import CELLS, cut
from index.vocabulary import Numbers, Said, Vocabulary

Tokens = NDArray[np.uint32]

NUMBERS_FILE = "sequences.numbers.npy"
STARTS_FILE = "sequences.starts.npy"
PARTS_FILE = "sequences.parts.npy"
TOKENS_FILE = "sequences.npy"
K1, B = 1.2, 0.75
"""Of BM25, as Tantivy has them."""


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """The sentences of some passages, one behind the other, without their contexts.

    Attributes:
        tokens: Numbers of words: uint32, (n_words,).
        part_of: The sentence that each word stands in: int64, (n_words,), ascending.
        cells: Whether a sentence is a row of cells: bool, (n_parts,).
        starts: The first sentence of each passage, and one past the last: int64, (n_passages + 1,).
    """

    tokens: Tokens
    part_of: Numbers
    cells: NDArray[np.bool_]
    starts: Numbers


class Sequences:
    """Passages as sequences of words; immutable once built.

    Attributes:
        numbers: Passage numbers: int64, (n,), ascending.
        starts: Where each passage begins in ``tokens``, where its text does, behind its context,
            and its first row of ``parts``; then the end of each: int64, (n + 1, 3).
        parts: Where each sentence of a passage ends, counted in words from where its text begins,
            and whether it is a row of cells: uint32, (n_parts, 2).
        tokens: The words of one passage after the other, by number: uint32, (n_words,).
        vocabulary: What the numbers mean.
    """

    def __init__(
        self,
        numbers: Numbers,
        starts: Numbers,
        parts: Tokens,
        tokens: Tokens,
        vocabulary: Vocabulary,
    ) -> None:
        self.numbers = numbers
        self.starts = starts
        self.parts = parts
        self.tokens = tokens
        self.vocabulary = vocabulary

    @staticmethod
    def are_in(folder: Path) -> bool:
        """Say whether a folder has such an index."""
        return (folder / TOKENS_FILE).exists()

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Load what ``save`` wrote and whose checksums were compared; words stay in the file."""
        return cls(
            np.load(folder / NUMBERS_FILE, allow_pickle=False),
            np.load(folder / STARTS_FILE, allow_pickle=False),
            np.load(folder / PARTS_FILE, allow_pickle=False),
            np.load(folder / TOKENS_FILE, allow_pickle=False, mmap_mode="r").view(np.ndarray),
            Vocabulary.load(folder),
        )

    def save(self, folder: Path) -> None:
        """Write it into a folder."""
        np.save(folder / NUMBERS_FILE, self.numbers, allow_pickle=False)
        np.save(folder / STARTS_FILE, self.starts, allow_pickle=False)
        np.save(folder / PARTS_FILE, self.parts, allow_pickle=False)
        np.save(folder / TOKENS_FILE, self.tokens, allow_pickle=False)
        self.vocabulary.save(folder)

    def sentences(self, numbers: Sequence[int]) -> Parts:
        """Return the sentences of some passages of this index, in the order given."""
        at = self._positions(numbers)
        opens, closes = self.starts[at], self.starts[at + 1]
        tokens = _joined(self.tokens, opens[:, 1], closes[:, 0] - opens[:, 1])
        counts = closes[:, 2] - opens[:, 2]
        parts = _joined(self.parts, opens[:, 2], counts)
        ends = parts[:, 0].astype(np.int64)
        starts = np.concatenate(([0], np.cumsum(counts)))
        begins = np.concatenate(([0], ends[:-1])) if len(ends) else ends
        begins[starts[:-1][counts > 0]] = 0
        part_of = np.repeat(np.arange(len(ends)), ends - begins)
        return Parts(tokens, part_of, parts[:, 1].astype(np.bool_), starts)

    def words(self, numbers: Sequence[int]) -> list[Tokens]:
        """Return the words of some passages in order, without their contexts.

        As places of their texts in the vocabulary: uint32, (n_words,), for each passage.
        """
        at = self._positions(numbers)
        first, ends = self.starts[at, 1], self.starts[at + 1, 0]
        said = self.vocabulary.words[0].take(_joined(self.tokens, first, ends - first))
        closes = np.cumsum(ends - first).tolist()
        return [said[start:end] for start, end in pairwise([0, *closes])]

    def counts(self, numbers: Sequence[int], phrases: Sequence[Sequence[str]]) -> NDArray[np.int64]:
        """Count how often each passage has each phrase.

        Args:
            numbers: Passages of this index.
            phrases: Stems that have to stand side by side, in order; two and more each.

        Returns:
            int64, (n_passages, n_phrases).
        """
        return self._counts(self._positions(numbers), phrases)

    def _counts(self, at: Numbers, phrases: Sequence[Sequence[str]]) -> NDArray[np.int64]:
        """Count phrases in the passages at some positions."""
        found = np.zeros((len(at), len(phrases)), dtype=np.int64)
        if not found.size:
            return found
        first, sizes = self.starts[at, 0], self.starts[at + 1, 0] - self.starts[at, 0]
        # so many words that are nobody's, that a phrase may be looked for from any place
        nobody = max(map(len, phrases))
        asked = list(dict.fromkeys(stem for phrase in phrases for stem in phrase))
        codes = {stem: code for code, stem in enumerate(asked, start=1)}
        said = self.vocabulary.marked(asked).take(_joined(self.tokens, first, sizes))
        said = np.concatenate((said, np.zeros(nobody, dtype=np.uint16)))
        spots = np.flatnonzero(said != 0)
        heads = said[spots]
        bounds = np.cumsum(sizes)
        for nth, phrase in enumerate(phrases):
            places = spots[heads == codes[phrase[0]]]
            for step, stem in enumerate(phrase[1:], start=1):
                places = places[said[places + step] == codes[stem]]
            owners = np.searchsorted(bounds, places, side="right")
            ends = np.searchsorted(bounds, places + len(phrase) - 1, side="right")
            found[:, nth] = np.bincount(owners[owners == ends], minlength=len(at))
        return found

    def scores(
        self,
        numbers: Sequence[int],
        phrases: Sequence[tuple[Sequence[str], float]],
        rarity: Mapping[str, float],
    ) -> list[float]:
        """Score passages by phrases, as BM25 scores terms and Tantivy phrases.

        Robertson and Zaragoza (2009), The Probabilistic Relevance Framework, section 3.4; a
        phrase is a term with the idf of all its words together.

        Args:
            numbers: Passages of this index.
            phrases: Stems in order, with the weight of each phrase.
            rarity: The idf of each stem.

        Returns:
            A score for each passage, 0 for one without any phrase.
        """
        at = self._positions(numbers)
        counts = self._counts(at, [phrase for phrase, _ in phrases])
        lengths = self.starts[at + 1, 0] - self.starts[at, 0]
        mean = max(len(self.tokens) / max(len(self.numbers), 1), 1.0)
        damping = K1 * (1.0 - B + B * lengths / mean)
        weights = [weight * sum(rarity[stem] for stem in phrase) for phrase, weight in phrases]
        found = counts * (K1 + 1.0) / (counts + damping[:, None])
        scores: list[float] = (found @ np.array(weights)).tolist()
        return scores

    def _positions(self, numbers: Sequence[int]) -> Numbers:
        return np.searchsorted(self.numbers, np.asarray(numbers, dtype=np.int64))


class _Known(dict[str, int]):
    """The numbers that words of one language have for now; a new one is analysed once."""

    def __init__(self, language: str, said: list[Said]) -> None:
        super().__init__()
        self._language = language
        self._said = said

    def __missing__(self, word: str) -> int:
        number = self[word] = len(self._said)
        self._said.append((word, *term(word, self._language)))
        return number


class Recorder:
    """Gathers the words of passages that are added to an index."""

    def __init__(self) -> None:
        self._said: list[Said] = []
        self._known: dict[str, _Known] = {}
        self._numbers = array("q")
        self._starts = array("q")
        self._parts = array("I")
        self._tokens = array("I")

    def add(self, number: int, context: str, text: str, language: str) -> list[Said]:
        """Add a passage, and return its words in order, those of its context first."""
        if language not in self._known:
            self._known[language] = _Known(language, self._said)
        number_of = self._known[language].__getitem__
        tokens = list(map(number_of, words(context)))
        body = len(tokens)
        self._numbers.append(number)
        self._starts.extend((len(self._tokens), len(self._tokens) + body, len(self._parts) // 2))
        for part in cut(text):
            tokens += map(number_of, words(part))
            self._parts.extend((len(tokens) - body, CELLS in part))
        self._tokens.extend(tokens)
        return [self._said[token] for token in tokens]

    def joined(self, before: Sequences | None, wanted: Numbers) -> Sequences:
        """Return what was added, with what an earlier index has of the passages wanted.

        Args:
            before: Of an earlier generation.
            wanted: Passage numbers: int64, ascending.
        """
        ends = (len(self._tokens), 0, len(self._parts) // 2)
        numbers = np.array(self._numbers, dtype=np.int64)
        starts = np.array([*self._starts, *ends], dtype=np.int64).reshape(-1, 3)
        parts = np.array(self._parts, dtype=np.uint32).reshape(-1, 2)
        tokens = np.array(self._tokens, dtype=np.uint32)
        said = self._said
        firsts, lasts = starts[:-1], starts[1:]
        if before is not None:
            known = before.vocabulary.words.shape[1]
            shift = np.array([len(before.tokens), len(before.tokens), len(before.parts)])
            numbers = np.concatenate((before.numbers, numbers))
            firsts = np.concatenate((before.starts[:-1], firsts + shift))
            lasts = np.concatenate((before.starts[1:], lasts + shift))
            parts = np.concatenate((before.parts, parts))
            tokens = np.concatenate((before.tokens, tokens + np.uint32(known)))
            said = [*before.vocabulary.said(np.arange(known)), *said]
        order = np.argsort(numbers, kind="stable")
        order = order[np.isin(numbers[order], wanted)]
        firsts, sizes = firsts[order], (lasts - firsts)[order]
        bodies = firsts[:, 1] - firsts[:, 0]
        ends_of = np.concatenate((np.zeros((1, 3), dtype=np.int64), np.cumsum(sizes, axis=0)))
        ends_of[:, 1] = ends_of[:, 0]
        ends_of[:-1, 1] += bodies
        tokens, vocabulary = _numbered(_joined(tokens, firsts[:, 0], sizes[:, 0]), said)
        parts = _joined(parts, firsts[:, 2], sizes[:, 2])
        return Sequences(numbers[order], ends_of, parts, tokens, vocabulary)


def _numbered(tokens: Tokens, said: Sequence[Said]) -> tuple[Tokens, Vocabulary]:
    """Number words anew, those alone that are there."""
    there = np.zeros(len(said), dtype=np.bool_)
    there[tokens] = True
    vocabulary, numbers = Vocabulary.build([said[at] for at in np.flatnonzero(there).tolist()])
    renumbered = np.zeros(len(said), dtype=np.uint32)
    renumbered[there] = numbers
    return renumbered[tokens], vocabulary


def _joined(rows: Tokens, first: Numbers, sizes: Numbers) -> Tokens:
    """Put stretches of rows one behind the other, those that follow each other at once."""
    if not len(first):
        return rows[:0]
    ends = first + sizes
    opens = np.flatnonzero(first[1:] != ends[:-1]) + 1
    begins = first[np.append(0, opens)].tolist()
    closes = ends[np.append(opens, len(first)) - 1].tolist()
    return np.concatenate([rows[a:b] for a, b in zip(begins, closes, strict=True)])
