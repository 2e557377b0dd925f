"""The vector index: FAISS over the passages of one generation. Nothing else imports FAISS.

Cosines always come from float16 vectors. Up to ``EXACT_LIMIT`` passages every one is compared.
Above, a scan of product-quantised codes (Jégou, Douze & Schmid, TPAMI 2011, in the 4-bit layout of
André, Kermarrec & Le Scouarnec, VLDB 2015) chooses ``ROUGH_FACTOR`` times as many passages as
are wanted, and only those are compared. The codes of 100,000 passages are 10 MB, which stay in the
processor's cache, where their float16 vectors are 77 MB, which do not: the search takes a third of
the time, and other work that keeps the memory busy does not slow it down.

FAISS reads many damaged files without an error, so the files are only opened after their
checksums were compared (``index.derived``).
"""

from __future__ import annotations

from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from index.types import Vectors

INDEX_FILE = "vectors.faiss"
ROUGH_FILE = "vectors.rough.faiss"
NUMBERS_FILE = "vectors.numbers.npy"
EXACT_LIMIT = 20_000
"""Up to here every vector is compared (about 1 ms on one core)."""
ROUGH_FACTOR = 10
"""Passages compared exactly for each one wanted: ``benchmarks.vectors`` prints what is missed."""
_CODE_BITS = 4
_CODED_TOGETHER = 2
"""Dimensions that share a code."""
_MOST_ALLOWED = 0.5
"""When filters admit a smaller share than this, comparing all that they admit is as quick."""


class VectorIndex:
    """Passage vectors that can be searched; immutable once built.

    Attributes:
        numbers: Passage numbers by position: int64, (n,), ascending.
    """

    def __init__(
        self, index: faiss.Index, numbers: NDArray[np.int64], rough: faiss.Index | None = None
    ) -> None:
        self.numbers = numbers
        self._index = index
        self._rough = rough

    @classmethod
    def build(
        cls, vectors: Vectors, numbers: NDArray[np.int64], *, exact_limit: int = EXACT_LIMIT
    ) -> VectorIndex:
        """Build an index.

        Args:
            vectors: float32, (n, dim), rows of unit length.
            numbers: int64, (n,), ascending; the passage number of each row.
            exact_limit: Above how many passages a rough scan goes first.
        """
        dim = max(vectors.shape[1], 1) if vectors.ndim == 2 else 1
        half = faiss.ScalarQuantizer.QT_fp16
        index = faiss.IndexScalarQuantizer(dim, half, faiss.METRIC_INNER_PRODUCT)
        rough = None
        if len(numbers):
            index.train(vectors)
            index.add(vectors)
        if len(numbers) > exact_limit and dim % _CODED_TOGETHER == 0:
            codes = dim // _CODED_TOGETHER
            rough = faiss.IndexPQFastScan(dim, codes, _CODE_BITS, faiss.METRIC_INNER_PRODUCT)
            rough.train(vectors)
            rough.add(vectors)
        return cls(index, numbers, rough)

    @classmethod
    def load(cls, folder: Path) -> VectorIndex:
        """Load an index that ``save`` wrote and whose checksum was compared."""
        numbers = np.load(folder / NUMBERS_FILE, allow_pickle=False)
        rough = folder / ROUGH_FILE
        return cls(
            faiss.read_index(str(folder / INDEX_FILE)),
            numbers,
            faiss.read_index(str(rough)) if rough.exists() else None,
        )

    def save(self, folder: Path) -> None:
        """Write the index into a folder."""
        faiss.write_index(self._index, str(folder / INDEX_FILE))
        if self._rough is not None:
            faiss.write_index(self._rough, str(folder / ROUGH_FILE))
        np.save(folder / NUMBERS_FILE, self.numbers, allow_pickle=False)

    def search(
        self, query: NDArray[np.float32], k: int, allowed: NDArray[np.bool_] | None
    ) -> list[tuple[int, float]]:
        """Find the passages nearest to a question.

        Args:
            query: float32, (dim,), unit length.
            k: How many at most.
            allowed: bool, (n,), by position; None allows all.

        Returns:
            (passage number, cosine), best first, ties by number.
        """
        if not len(self.numbers) or k < 1:
            return []
        _alone()
        selector = _selector(self._worth_comparing(query, k, allowed))
        parameters = faiss.SearchParameters(sel=selector) if selector is not None else None
        scores, positions = self._index.search(query[None, :], k, params=parameters)
        found = positions[0] >= 0
        numbers = self.numbers[positions[0][found]].tolist()
        pairs = zip(numbers, scores[0][found].tolist(), strict=True)
        return sorted(pairs, key=lambda item: (-item[1], item[0]))

    def cosines(self, query: NDArray[np.float32], numbers: list[int]) -> dict[int, float]:
        """Compute exact cosines of a question with passages of this index, by number."""
        if not numbers:
            return {}
        _alone()
        positions = np.searchsorted(self.numbers, np.array(numbers, dtype=np.int64))
        vectors = self._index.reconstruct_batch(positions.astype(np.int64))
        return dict(zip(numbers, (vectors @ query).tolist(), strict=True))

    def _worth_comparing(
        self, query: NDArray[np.float32], k: int, allowed: NDArray[np.bool_] | None
    ) -> NDArray[np.bool_] | None:
        """Say which of the allowed passages are compared exactly: bool, (n,); None is all."""
        wanted, total = ROUGH_FACTOR * k, len(self.numbers)
        admitted = total if allowed is None else int(allowed.sum())
        if self._rough is None or admitted < _MOST_ALLOWED * total:
            return allowed
        size = min(wanted * total // admitted, total)
        _, positions = self._rough.search(query[None, :], size)
        near = np.zeros(total, dtype=np.bool_)
        near[positions[0][positions[0] >= 0]] = True
        if allowed is not None:
            near &= allowed
        # what is nearest may be just what is not allowed
        return near if int(near.sum()) >= min(wanted // 2, admitted) else allowed


def _alone() -> None:
    """Let FAISS compute on the calling thread alone; OpenMP keeps this for each thread.

    Else its other threads wait in a loop for the next search, on the core that keywords need.
    """
    faiss.omp_set_num_threads(1)


def _selector(allowed: NDArray[np.bool_] | None) -> faiss.IDSelector | None:
    if allowed is None:
        return None
    return faiss.IDSelectorBitmap(np.packbits(allowed, bitorder="little"))
