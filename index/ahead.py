"""Embedding ahead: passages are embedded on threads of their own while others are stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from index.types import Embedder, Vectors

TOGETHER = 64
"""Texts embedded by one call; a run that is stopped waits for the calls that have begun."""
CALLS = 2
"""Calls at once: while the last text of one keeps a core busy, the next has work for the others."""


@dataclass(frozen=True, slots=True)
class Awaited:
    """Vectors that are being made, by the key of their text."""

    keys: Sequence[bytes]
    calls: Sequence[Future[Vectors]]

    def vectors(self) -> dict[bytes, Vectors]:
        """Wait for them: float32, (dim,), unit length each."""
        rows = (row for call in self.calls for row in call.result())
        return dict(zip(self.keys, rows, strict=True))


class Ahead:
    """Embeds texts in the order in which they are handed over. Use as a context manager.

    Leaving it, in whatever way, drops the calls that have not begun.
    """

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._pool = ThreadPoolExecutor(CALLS, thread_name_prefix="embed")

    def begin(self, texts: Mapping[bytes, str]) -> Awaited:
        """Have texts embedded; returns at once."""
        keys = sorted(texts)
        parts = [keys[at : at + TOGETHER] for at in range(0, len(keys), TOGETHER)]
        embed = self._embedder.embed_passages
        calls = [self._pool.submit(embed, [texts[key] for key in part]) for part in parts]
        return Awaited(keys, calls)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._pool.shutdown(cancel_futures=True)
