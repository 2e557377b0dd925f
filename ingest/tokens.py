"""Counting a model's tokens with its own tokenizer file, without the model."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ingest.errors import IngestError

#: Texts are tokenized together up to this many characters: an encoding takes
#: some hundred bytes a token until it is dropped.
BATCH_CHARACTERS = 200_000


class TokenCounter:
    """A tokenizer that only counts: called with texts, it returns one number for each.

    Attributes:
        file: The tokenizer file it was read from.
    """

    def __init__(self, file: Path) -> None:
        """Read ``file``, a ``tokenizer.json``.

        Raises:
            IngestError: It cannot be read.
        """
        from tokenizers import Tokenizer

        self.file = file
        try:
            self._tokenizer = Tokenizer.from_file(str(file))
        except Exception as exc:
            raise IngestError(
                f"the tokenizer file {str(file)!r} cannot be read ({exc}); "
                f"a tokenizer.json of the embedding model was expected"
            ) from exc
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()

    def __call__(self, texts: Sequence[str]) -> list[int]:
        """Count tokens without special tokens, in order."""
        counts: list[int] = []
        batch: list[str] = []
        size = 0
        for text in texts:
            if batch and size + len(text) > BATCH_CHARACTERS:
                counts += self._count(batch)
                batch, size = [], 0
            batch.append(text)
            size += len(text)
        return counts + (self._count(batch) if batch else [])

    def _count(self, texts: list[str]) -> list[int]:
        """Count one batch."""
        encode = getattr(self._tokenizer, "encode_batch_fast", self._tokenizer.encode_batch)
        return [len(encoding) for encoding in encode(texts, add_special_tokens=False)]
