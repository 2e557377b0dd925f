"""A warm answer at 100,000 passages, without a language model: through the API, and its stages.

The library is that of ``benchmarks.search``; the questions are those that people asked of real
documents (``tests/questions``), in English and French, each once for each measurement.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from benchmarks.large import RandomPassages, build, questions
from benchmarks.serving import served, shares, spread
from index.embed import load_embedder
from index.types import KEEPER, Embedder, Vectors
from mmsearch.knowledge import KnowledgeBase

Result = TypeVar("Result")


class Watched(RandomPassages):
    """The real model, with the seconds that it took for sentences."""

    def __init__(self, embedder: Embedder) -> None:
        super().__init__(embedder)
        self._embedder = embedder
        self.seconds = 0.0

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Embed sentences by the real model."""
        return self.timed(lambda: self._embedder.embed_passages(texts))

    def timed(self, work: Callable[[], Result]) -> Result:
        """Add the seconds of some work."""
        start = time.perf_counter()
        try:
            return work()
        finally:
            self.seconds += time.perf_counter() - start


def main() -> None:
    """Build the library, or take the one that is kept, and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--passages", type=int, default=100_000)
    parser.add_argument("--keep", type=Path, help="folder in which the library is kept, or found")
    parser.add_argument("--library", type=Path, help="measure this library instead")
    options = parser.parse_args()
    embedder = load_embedder()
    asked = questions()
    with tempfile.TemporaryDirectory() as place:
        root = options.keep or Path(place)
        folder = options.library or root / "library"
        if options.library is None and not (folder / "library.db").exists():
            build(root, options.passages, embedder)
        _direct(folder, asked, embedder)
        with served(folder) as service:
            service.times("/ask", asked[:20])
            print(f"answer through the API: {spread(service.times('/ask', asked))}")


def _direct(folder: Path, asked: list[str], embedder: Embedder) -> None:
    watched = Watched(embedder)
    stages: dict[str, list[float]] = {"search": [], "sentences": [], "compose": []}
    answered = 0
    with KnowledgeBase.open(folder, embedder=watched) as knowledge:
        for question in [*asked[:20], *asked]:
            start = time.perf_counter()
            knowledge.search(question, reader=KEEPER)
            between, watched.seconds = time.perf_counter(), 0.0
            answered += knowledge.ask(question, reader=KEEPER).answered
            search, ask = between - start, time.perf_counter() - between
            stages["search"].append(search)
            stages["sentences"].append(watched.seconds)
            stages["compose"].append(max(0.0, ask - search - watched.seconds))
    print(f"{len(asked)} questions, {answered} answered; searching, embedding sentences, the rest:")
    shares({name: times[20:] for name, times in stages.items()})


if __name__ == "__main__":
    main()
