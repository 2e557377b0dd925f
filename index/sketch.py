"""A short sketch of a text by which near-identical texts are found. Pure.

Broder, "On the resemblance and containment of documents" (SEQUENCES 1997), section 3: the least
hashes of a text's shingles under many orders; the share of places where two sketches agree
estimates the share of shingles that two texts have in common.
"""

from __future__ import annotations

import zlib
from functools import lru_cache
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from index.analysis import words

ORDERS = 64
"""Hashes a sketch has: the estimate is right to about 0.06."""
SHINGLE = 4
"""Words in a row that are compared."""
MOST_WORDS = 60_000
"""Only so many words of a text are read."""
_PRIME = np.uint64(0x9E3779B97F4A7C15)
_random = np.random.default_rng(20_170_601)
_FACTORS = _random.integers(1, 2**63, ORDERS, dtype=np.uint64) | np.uint64(1)
_ADDED = _random.integers(0, 2**63, ORDERS, dtype=np.uint64)


def sketch(text: str) -> bytes:
    """Return a text's sketch: ``ORDERS`` little-endian uint32, or b"" for under four words."""
    hashes = np.fromiter(map(_hash, islice(words(text), MOST_WORDS)), dtype=np.uint64)
    if len(hashes) < SHINGLE:
        return b""
    shingles = np.zeros(len(hashes) - SHINGLE + 1, dtype=np.uint64)
    for at in range(SHINGLE):
        shingles = shingles * _PRIME + hashes[at : at + len(shingles)]
    shingles = np.unique(shingles)
    least = [
        int(((shingles * a + b) >> np.uint64(32)).min())
        for a, b in zip(_FACTORS, _ADDED, strict=True)
    ]
    return np.array(least, dtype="<u4").tobytes()


def resemblance(left: bytes, right: bytes) -> float:
    """Estimate the share of shingles that two texts have in common, 0 to 1."""
    if not left or not right:
        return 0.0
    return float(np.mean(unpack(left) == unpack(right)))


def unpack(data: bytes) -> NDArray[np.uint32]:
    """Read a sketch: uint32, (ORDERS,)."""
    return np.frombuffer(data, dtype="<u4")


@lru_cache(maxsize=100_000)
def _hash(word: str) -> int:
    return zlib.crc32(word.encode("utf-8", "surrogatepass"))
