"""What was read about a document, together with where it stood."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from ingest.types import Why

_LONGEST = 160

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """A value with its provenance (see ``ingest.types.Why``)."""

    value: T
    place: str
    rule: str
    words: str = ""

    def why(self, field: str) -> Why:
        """Say why a field has this value."""
        words = " ".join(self.words.split())
        if len(words) > _LONGEST:
            words = f"{words[: _LONGEST - 1]}…"
        return Why(field, self.place, self.rule, words)
