"""The words of a library, each once, with what they are searched by.

A passage is kept as the numbers of its words (``index.sequences``), four bytes a word. Here stands
what each number means: the word as it was found, its stem and its folded form. Texts are sorted,
so that one is found by bisection and those that begin alike are neighbours.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

TEXTS_FILE = "vocabulary.texts.npy"
ENDS_FILE = "vocabulary.ends.npy"
WORDS_FILE = "vocabulary.words.npy"
NOWHERE = 2**32 - 1
"""The place of a text that is not there."""

_CODE = ("utf-8", "surrogatepass")

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

    def __init__(self, texts: list[str], words: Places) -> None:
        """Hold sorted texts, and words."""
        self.words = words
        self._texts = texts

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
        return cls(texts, np.ascontiguousarray(rows[new].T)), numbers

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Load what ``save`` wrote and whose checksums were compared."""
        joined = bytes(np.load(folder / TEXTS_FILE, allow_pickle=False)).decode(*_CODE)
        ends = np.load(folder / ENDS_FILE, allow_pickle=False).tolist()
        texts = [joined[start:end] for start, end in pairwise(ends)]
        return cls(texts, np.load(folder / WORDS_FILE, allow_pickle=False))

    def save(self, folder: Path) -> None:
        """Write it into a folder: the texts one behind the other, and where each ends."""
        joined = np.frombuffer("".join(self._texts).encode(*_CODE), dtype=np.uint8)
        ends = np.cumsum([0, *map(len, self._texts)], dtype=np.int64)
        np.save(folder / TEXTS_FILE, joined, allow_pickle=False)
        np.save(folder / ENDS_FILE, ends, allow_pickle=False)
        np.save(folder / WORDS_FILE, self.words, allow_pickle=False)

    def place(self, text: str) -> int:
        """Return the place of a text, or ``NOWHERE``."""
        at = bisect_left(self._texts, text)
        return at if at < len(self._texts) and self._texts[at] == text else NOWHERE

    def beginning(self, start: str) -> tuple[int, int]:
        """Return the first place of the texts that begin so, and the one behind their last."""
        first = bisect_left(self._texts, start)
        after = bisect_left(self._texts, True, first, key=lambda text: not text.startswith(start))
        return first, after

    def text(self, place: int) -> str:
        """Return the text at a place."""
        return self._texts[place]

    def said(self, numbers: NDArray[np.int64]) -> list[Said]:
        """Return words by number."""
        texts = self._texts
        chosen = self.words[:, numbers].T.tolist()
        return [(texts[word], texts[stem], texts[folded]) for word, stem, folded in chosen]

    def marks(self, texts: Sequence[str]) -> NDArray[np.uint16]:
        """Return by place which of some texts stands there: its number from 1, or 0 for none.

        uint16, (n_texts,): numbers of words are compared with many texts at once by looking up.
        """
        found = np.zeros(len(self._texts), dtype=np.uint16)
        for number, text in enumerate(texts, start=1):
            if (place := self.place(text)) != NOWHERE:
                found[place] = number
        return found

    def marked(self, stems: Sequence[str]) -> NDArray[np.uint16]:
        """Say which of some stems each word has, from 1; 0 is another: uint16, (n_words,)."""
        marked: NDArray[np.uint16] = self.marks(stems).take(self.words[1])
        return marked
