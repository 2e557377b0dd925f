"""Counting a model's tokens with its own tokenizer file, without the model."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

from ingest.errors import IngestError

#: Texts are tokenized together up to this many characters: an encoding takes
#: some hundred bytes a token until it is dropped.
BATCH_CHARACTERS = 200_000
#: Most words whose number of tokens is remembered, some 100 bytes each.
REMEMBERED_WORDS = 200_000
#: White space for Python that a tokenizer may delete instead of parting words at it.
_DELETED = "\x0b\x0c\x1c\x1d\x1e\x1f\x85"


class TokenCounter:
    """A tokenizer that only counts: called with texts, it returns one number for each.

    Where the tokenizer parts words at white space before anything else, each distinct word
    is tokenized once: a document repeats its words, and a splitter asks for each part again.

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
            self._by_word = parts_at_spaces(json.loads(file.read_bytes()))
        except Exception as exc:
            raise IngestError(
                f"the tokenizer file {str(file)!r} cannot be read ({exc}); "
                f"a tokenizer.json of the embedding model was expected"
            ) from exc
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._words: dict[str, int] = {}

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
        if not self._by_word or any(c in text for text in texts for c in _DELETED):
            return self._encode(texts)
        parted = [text.split() for text in texts]
        known = self._words
        new = [word for word in dict.fromkeys(chain.from_iterable(parted)) if word not in known]
        if new:
            if len(known) + len(new) > REMEMBERED_WORDS:
                known.clear()
                new = list(dict.fromkeys(chain.from_iterable(parted)))
            known.update(zip(new, self._encode(new), strict=True))
        return [sum(map(known.__getitem__, words)) for words in parted]

    def _encode(self, texts: list[str]) -> list[int]:
        """Count one batch by tokenizing it."""
        encode = getattr(self._tokenizer, "encode_batch_fast", self._tokenizer.encode_batch)
        return [len(encoding) for encoding in encode(texts, add_special_tokens=False)]


def parts_at_spaces(tokenizer: Mapping[str, Any]) -> bool:
    """Tell whether the tokens of a text are those of its words between white space.

    So it is for BERT's tokenizers, and for those that begin with a split at white space,
    unless a token of their own holds a space.

    Args:
        tokenizer: Content of a ``tokenizer.json``.
    """
    first = tokenizer.get("pre_tokenizer") or {}
    if first.get("type") == "Sequence":
        first = (first.get("pretokenizers") or [{}])[0]
    alone = first.get("type") in {"BertPreTokenizer", "WhitespaceSplit"}
    added = tokenizer.get("added_tokens") or ()
    return alone and not any(" " in token.get("content", "").strip() for token in added)
