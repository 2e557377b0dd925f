"""The stems of every passage in their order: which of a question's words stand side by side.

A keyword index can look for phrases, and reads the places of two frequent words in every passage
that has both: at 100,000 passages a question's phrases take four times as long as its words. Here
phrases are counted in the few hundred passages that are best by words. Stems are kept as 32-bit
digests, four bytes a word; one false match in some thousand questions over a large library is as
harmless as it is rare.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Self
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]
Digests = NDArray[np.uint32]

NUMBERS_FILE = "sequences.numbers.npy"
STARTS_FILE = "sequences.starts.npy"
DIGESTS_FILE = "sequences.npy"
K1, B = 1.2, 0.75
"""Of BM25, as Tantivy has them."""


class Sequences:
    """Passages as sequences of stems; immutable once built.

    Attributes:
        numbers: Passage numbers: int64, (n,), ascending.
        starts: Where each passage begins in ``digests``, and where the last one ends: int64,
            (n + 1,).
        digests: The stems of one passage after the other: uint32, (n_words,).
    """

    def __init__(self, numbers: Numbers, starts: Numbers, digests: Digests) -> None:
        self.numbers = numbers
        self.starts = starts
        self.digests = digests

    @staticmethod
    def are_in(folder: Path) -> bool:
        """Say whether a folder has such an index."""
        return (folder / DIGESTS_FILE).exists()

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Load what ``save`` wrote and whose checksums were compared; words stay in the file."""
        return cls(
            np.load(folder / NUMBERS_FILE, allow_pickle=False),
            np.load(folder / STARTS_FILE, allow_pickle=False),
            np.load(folder / DIGESTS_FILE, allow_pickle=False, mmap_mode="r"),
        )

    def save(self, folder: Path) -> None:
        """Write it into a folder."""
        np.save(folder / NUMBERS_FILE, self.numbers, allow_pickle=False)
        np.save(folder / STARTS_FILE, self.starts, allow_pickle=False)
        np.save(folder / DIGESTS_FILE, self.digests, allow_pickle=False)

    def counts(self, numbers: Sequence[int], phrases: Sequence[Sequence[str]]) -> NDArray[np.int64]:
        """Count how often each passage has each phrase.

        Args:
            numbers: Passages of this index.
            phrases: Stems that have to stand side by side, in order; two and more each.

        Returns:
            int64, (n_passages, n_phrases).
        """
        found = np.zeros((len(numbers), len(phrases)), dtype=np.int64)
        if not found.size:
            return found
        words, owners = self._gathered(numbers, max(map(len, phrases)))
        wanted = sorted({digest(stem) for phrase in phrases for stem in phrase})
        places = {w: np.flatnonzero(words == w) for w in wanted}
        for nth, phrase in enumerate(phrases):
            at = places[digest(phrase[0])]
            for step, stem in enumerate(phrase[1:], start=1):
                at = at[words[at + step] == digest(stem)]
            at = at[owners[at + len(phrase) - 1] == owners[at]]
            found[:, nth] = np.bincount(owners[at], minlength=len(numbers))
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
        counts = self.counts(numbers, [phrase for phrase, _ in phrases])
        at = np.searchsorted(self.numbers, np.asarray(numbers, dtype=np.int64))
        lengths = self.starts[at + 1] - self.starts[at]
        mean = max(len(self.digests) / max(len(self.numbers), 1), 1.0)
        damping = K1 * (1.0 - B + B * lengths / mean)
        weights = [weight * sum(rarity[stem] for stem in phrase) for phrase, weight in phrases]
        found = counts * (K1 + 1.0) / (counts + damping[:, None])
        return [float(score) for score in found @ np.array(weights)]

    def _gathered(self, numbers: Sequence[int], spare: int) -> tuple[Digests, NDArray[np.int32]]:
        """Return the words of some passages, one after the other, and whose each of them is.

        So many spare words that are nobody's (-1) stand behind the last, so that a phrase may
        be looked for from any place.
        """
        at = np.searchsorted(self.numbers, np.asarray(numbers, dtype=np.int64))
        first, sizes = self.starts[at], self.starts[at + 1] - self.starts[at]
        words = _gather(self.digests, first, sizes)
        owners = np.repeat(np.arange(len(at), dtype=np.int32), sizes)
        nobody = np.full(spare, -1, dtype=np.int32)
        return np.append(words, np.zeros(spare, np.uint32)), np.append(owners, nobody)


class Recorder:
    """Gathers the stems of passages that are added to an index."""

    def __init__(self) -> None:
        self._numbers = array("q")
        self._ends = array("q", [0])
        self._digests = array("I")

    def add(self, number: int, stems: Iterable[str]) -> None:
        """Add a passage."""
        self._digests.extend(map(digest, stems))
        self._numbers.append(number)
        self._ends.append(len(self._digests))

    def joined(self, before: Sequences | None, wanted: Numbers) -> Sequences:
        """Return what was added, with what an earlier index has of the passages wanted.

        Args:
            before: Of an earlier generation.
            wanted: Passage numbers: int64, ascending.
        """
        added = Sequences(
            np.array(self._numbers, dtype=np.int64),
            np.array(self._ends, dtype=np.int64),
            np.array(self._digests, dtype=np.uint32),
        )
        parts = [added] if before is None else [before, added]
        numbers = np.concatenate([part.numbers for part in parts])
        first = np.concatenate([part.starts[:-1] for part in parts])
        sizes = np.concatenate([np.diff(part.starts) for part in parts])
        if before is not None:
            first[len(before.numbers) :] += len(before.digests)
        digests = np.concatenate([part.digests for part in parts])
        order = np.argsort(numbers, kind="stable")
        order = order[np.isin(numbers[order], wanted)]
        ends = np.concatenate(([0], np.cumsum(sizes[order])))
        return Sequences(numbers[order], ends, _joined(digests, first[order], sizes[order]))


@lru_cache(maxsize=200_000)
def digest(stem: str) -> int:
    """Return the number that stands for a stem, 0 to 2³² - 1."""
    return crc32(stem.encode("utf-8", "surrogatepass"))


def _joined(words: Digests, first: Numbers, sizes: Numbers) -> Digests:
    """Put many stretches of words one behind the other, those that follow each other at once."""
    if not len(first):
        return words[:0]
    opens = np.flatnonzero(first[1:] != (first + sizes)[:-1]) + 1
    begins, ends = np.append(0, opens), np.append(opens, len(first))
    return np.concatenate(
        [words[first[a] : first[b - 1] + sizes[b - 1]] for a, b in zip(begins, ends, strict=True)]
    )


def _gather(words: Digests, first: Numbers, sizes: Numbers) -> Digests:
    """Put some stretches of words one behind the other."""
    shift = np.repeat(first - np.cumsum(sizes) + sizes, sizes)
    return words[np.arange(len(shift)) + shift]
