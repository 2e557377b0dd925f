"""The words of a library, each once, with what they are searched by.

A passage is kept as the numbers of its words (``index.sequences``), four bytes a word. Here stands
what each number means: the word as it was found, its stem and its folded form. Texts are sorted,
so that one is found by bisection and those that begin alike are neighbours.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

TEXTS_FILE = "vocabulary.texts.npy"
ENDS_FILE = "vocabulary.ends.npy"
WORDS_FILE = "vocabulary.words.npy"
NOWHERE = 2**32 - 1
"""The place of a text that is not there."""

Places = NDArray[np.uint32]
Numbers = NDArray[np.int64]
Said = tuple[str, str, str]
"""A word, its stem and its folded form."""


class Vocabulary:
    """Words by number; immutable once built.

    Attributes:
        words: The place of each word's text, of its stem and of its folded form among the texts:
            uint32, (3, n_words).
    """

    def __init__(self, texts: NDArray[np.uint8], ends: Numbers, words: Places) -> None:
        """Hold sorted texts in UTF-8, where each of them ends (0 first), and the words."""
        self.words = words
        self._texts = texts
        self._view = memoryview(texts.data)
        self._ends = ends
        self._all = range(len(ends) - 1)

    @classmethod
    def build(cls, said: Sequence[Said]) -> tuple[Self, NDArray[np.uint32]]:
        """Number words, by their text.

        Args:
            said: Words, some of them perhaps more than once.

        Returns:
            The vocabulary, and the number of each word given: uint32, (n,).
        """
        texts = sorted({text for word in said for text in word})
        place = {text: at for at, text in enumerate(texts)}
        rows = np.array([[place[text] for text in word] for word in said], dtype=np.uint32)
        rows = rows.reshape(-1, 3)
        order = np.lexsort(rows.T[::-1])
        rows = rows[order]
        new = np.ones(len(rows), dtype=np.bool_)
        new[1:] = (rows[1:] != rows[:-1]).any(axis=1)
        numbers = np.empty(len(rows), dtype=np.uint32)
        numbers[order] = np.cumsum(new) - 1
        encoded = [_bytes(text) for text in texts]
        ends = np.cumsum([0, *map(len, encoded)], dtype=np.int64)
        joined = np.frombuffer(b"".join(encoded), dtype=np.uint8)
        return cls(joined, ends, np.ascontiguousarray(rows[new].T)), numbers

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Load what ``save`` wrote and whose checksums were compared."""
        return cls(
            np.load(folder / TEXTS_FILE, allow_pickle=False),
            np.load(folder / ENDS_FILE, allow_pickle=False),
            np.load(folder / WORDS_FILE, allow_pickle=False),
        )

    def save(self, folder: Path) -> None:
        """Write it into a folder."""
        np.save(folder / TEXTS_FILE, self._texts, allow_pickle=False)
        np.save(folder / ENDS_FILE, self._ends, allow_pickle=False)
        np.save(folder / WORDS_FILE, self.words, allow_pickle=False)

    def place(self, text: str) -> int:
        """Return the place of a text, or ``NOWHERE``."""
        data = _bytes(text)
        at = bisect_left(self._all, data, key=self._at)
        return at if at in self._all and self._at(at) == data else NOWHERE

    def beginning(self, start: str) -> tuple[int, int]:
        """Return the first place of the texts that begin so, and the one behind their last."""
        data = _bytes(start)
        first = bisect_left(self._all, data, key=self._at)
        size = len(data)
        after = bisect_left(self._all, True, first, key=lambda at: self._at(at)[:size] != data)
        return first, after

    def text(self, place: int) -> str:
        """Return the text at a place."""
        return self._at(place).decode("utf-8", "surrogatepass")

    def said(self, numbers: NDArray[np.int64]) -> list[Said]:
        """Return words by number."""
        texts = [self.text(place) for place in self._all]
        chosen = self.words[:, numbers].T.tolist()
        return [(texts[word], texts[stem], texts[folded]) for word, stem, folded in chosen]

    def _at(self, place: int) -> bytes:
        return bytes(self._view[self._ends[place] : self._ends[place + 1]])


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
