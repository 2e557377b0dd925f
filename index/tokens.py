"""What a text's tokens mean where they stand: the vectors inside the model, not only the text's.

Only some embedders can say it; who wants it asks ``isinstance(embedder, TokenEmbedder)`` and
does without where the answer is no.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Tokens:
    """A text as the model reads it.

    Attributes:
        ids: int64, (n_tokens,), with the special tokens at both ends.
        spans: int64, (n_tokens, 2), where each begins and ends in the text, in characters; a
            special token spans nothing.
        layers: float32, (2, n_tokens, dim), the vectors half-way through the model and at its end.
        vector: float32, (dim,), the text's own, of unit length; as ``embed_passages`` gives it.
    """

    ids: NDArray[np.int64]
    spans: NDArray[np.int64]
    layers: NDArray[np.float32]
    vector: NDArray[np.float32]


@runtime_checkable
class TokenEmbedder(Protocol):
    """An ``Embedder`` that also gives the vectors of tokens."""

    @property
    def fingerprint(self) -> str:
        """See ``index.types.Embedder``."""
        ...

    def embed_tokens(self, texts: Sequence[str]) -> list[Tokens]:
        """Read texts, in order, as passages are read: with the model's passage prompt."""
        ...
