"""What every embedder has: what it says about its model, and the model's tokenizer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tokenizers import Tokenizer

from index.errors import ModelError
from index.model_prompts import Prompts

CHUNK = 512
"""How many texts are tokenised at once; what bounds the memory of a long run."""


@dataclass(frozen=True, slots=True)
class ModelCard:
    """What an embedder says about its model; see ``index.types.Embedder``."""

    name: str
    fingerprint: str
    dim: int
    max_tokens: int
    languages: frozenset[str]
    prompts: Prompts
    tokenizer_file: Path


class DescribedEmbedder:
    """The part of an ``Embedder`` that needs no weights; embedding is left to who inherits.

    Raises:
        ModelError: The tokenizer cannot be read.
    """

    def __init__(self, card: ModelCard) -> None:
        self.card = card
        self.tokenizer = read_tokenizer(card.tokenizer_file)

    @property
    def name(self) -> str:
        """The model's name or folder, as it was asked for."""
        return self.card.name

    @property
    def fingerprint(self) -> str:
        """Digest of weights, tokenizer, pooling and prompts; neither name nor precision."""
        return self.card.fingerprint

    @property
    def dim(self) -> int:
        """Length of a vector."""
        return self.card.dim

    @property
    def max_tokens(self) -> int:
        """Longest input in tokens, special tokens included."""
        return self.card.max_tokens

    @property
    def languages(self) -> frozenset[str]:
        """ISO 639-1 codes of the languages the model knows."""
        return self.card.languages

    @property
    def tokenizer_file(self) -> Path:
        """The model's ``tokenizer.json``."""
        return self.card.tokenizer_file

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Count tokens without special tokens, without truncation, in order."""
        counts: list[int] = []
        for start in range(0, len(texts), CHUNK):
            some = [sound(text) for text in texts[start : start + CHUNK]]
            encodings = self.tokenizer.encode_batch_fast(some, add_special_tokens=False)
            counts.extend(len(encoding.ids) for encoding in encodings)
        return counts


def read_tokenizer(path: Path) -> Tokenizer:
    """Read a ``tokenizer.json``, with truncation and padding off.

    Raises:
        ModelError: It cannot be read or is not a tokenizer.
    """
    try:
        tokenizer = Tokenizer.from_file(str(path))
    except Exception as exc:
        raise ModelError(
            f"The tokenizer {str(path)!r} cannot be read ({exc}); install the model again."
        ) from exc
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def sound(text: str) -> str:
    """Replace lone surrogates, which no tokenizer takes."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode()
    return text
