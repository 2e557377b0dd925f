"""The vector index: FAISS over the passages of one generation. Nothing else imports FAISS.

Flat float16 up to ``FLAT_LIMIT`` passages, HNSW above. FAISS reads many damaged files without
an error, so the files are only opened after their checksums were compared (``index.derived``).
"""

from __future__ import annotations

from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from index.types import Vectors

INDEX_FILE = "vectors.faiss"
NUMBERS_FILE = "vectors.numbers.npy"
FLAT_LIMIT = 300_000
"""Up to here an exhaustive scan is quick enough on one core (about 20 ms)."""
_HNSW_LINKS = 32
_HNSW_EFFORT = 128


class VectorIndex:
    """Passage vectors that can be searched; immutable once built.

    Attributes:
        numbers: Passage numbers by position: int64, (n,), ascending.
    """

    def __init__(self, index: faiss.Index, numbers: NDArray[np.int64]) -> None:
        self.numbers = numbers
        self._index = index
        faiss.omp_set_num_threads(1)

    @classmethod
    def build(
        cls, vectors: Vectors, numbers: NDArray[np.int64], *, flat_limit: int = FLAT_LIMIT
    ) -> VectorIndex:
        """Build an index.

        Args:
            vectors: float32, (n, dim), rows of unit length.
            numbers: int64, (n,), ascending; the passage number of each row.
            flat_limit: From how many passages on an approximate index is built.
        """
        dim = max(vectors.shape[1], 1) if vectors.ndim == 2 else 1
        half = faiss.ScalarQuantizer.QT_fp16
        if len(numbers) <= flat_limit:
            index = faiss.IndexScalarQuantizer(dim, half, faiss.METRIC_INNER_PRODUCT)
        else:
            index = faiss.IndexHNSWSQ(dim, half, _HNSW_LINKS, faiss.METRIC_INNER_PRODUCT)
            index.hnsw.efConstruction = _HNSW_EFFORT
        if len(numbers):
            index.train(vectors)
            index.add(vectors)
        return cls(index, numbers)

    @classmethod
    def load(cls, folder: Path) -> VectorIndex:
        """Load an index that ``save`` wrote and whose checksum was compared."""
        numbers = np.load(folder / NUMBERS_FILE, allow_pickle=False)
        return cls(faiss.read_index(str(folder / INDEX_FILE)), numbers)

    def save(self, folder: Path) -> None:
        """Write the index into a folder."""
        faiss.write_index(self._index, str(folder / INDEX_FILE))
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
        parameters = self._parameters(allowed, k)
        scores, positions = self._index.search(query[None, :], k, params=parameters)
        found = [
            (int(self.numbers[p]), float(s))
            for p, s in zip(positions[0], scores[0], strict=True)
            if p >= 0
        ]
        return sorted(found, key=lambda item: (-item[1], item[0]))

    def cosines(self, query: NDArray[np.float32], numbers: list[int]) -> dict[int, float]:
        """Compute exact cosines of a question with passages of this index, by number."""
        if not numbers:
            return {}
        positions = np.searchsorted(self.numbers, np.array(numbers, dtype=np.int64))
        vectors = self._index.reconstruct_batch(positions.astype(np.int64))
        return dict(zip(numbers, (vectors @ query).tolist(), strict=True))

    def _parameters(self, allowed: NDArray[np.bool_] | None, k: int) -> object:
        hnsw = hasattr(self._index, "hnsw")
        selector = None
        if allowed is not None:
            selector = faiss.IDSelectorBitmap(np.packbits(allowed, bitorder="little"))
        if hnsw:
            return faiss.SearchParametersHNSW(sel=selector, efSearch=max(_HNSW_EFFORT, 2 * k))
        return faiss.SearchParameters(sel=selector) if selector is not None else None
