"""A warm search at 100,000 passages: through the API, and where its time goes.

The service runs in a process of its own, as people run it. Beside it the raw scan of the vectors
by numpy, as the floor to compare with; then eight clients at once, and what the service holds in
memory afterwards.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from pathlib import Path

import numpy as np

from benchmarks.large import build, searches
from benchmarks.serving import served, shares, spread
from index.embed import load_embedder
from index.types import KEEPER, Embedder
from mmsearch.knowledge import KnowledgeBase

CLIENTS = 8


def main() -> None:
    """Build the library and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--passages", type=int, default=100_000)
    parser.add_argument("--questions", type=int, default=300)
    parser.add_argument("--keep", type=Path, help="folder in which the library is kept, or found")
    options = parser.parse_args()
    embedder = load_embedder()
    with tempfile.TemporaryDirectory() as place:
        root = options.keep or Path(place)
        folder = root / "library"
        if not (folder / "library.db").exists():
            build(root, options.passages, embedder)
        questions = searches(options.questions)
        _direct(folder, questions, embedder)
        with served(folder) as service:
            service.times("/search", questions)  # warm: every text was read once
            print(f"search through the API: {spread(service.times('/search', questions))}")
            times, seconds = service.at_once("/search", questions, CLIENTS)
            print(
                f"{CLIENTS} clients at once: {spread(times)}, {len(times) / seconds:.0f} a second"
            )
            own, resident = service.memory()
            print(f"the service holds {own} MB, with mapped files {resident} MB")
        _floor(options.passages, embedder)


def _direct(folder: Path, questions: list[str], embedder: Embedder) -> None:
    start = time.perf_counter()
    with KnowledgeBase.open(folder, embedder=embedder) as knowledge:
        print(f"opened, checksums compared, in {time.perf_counter() - start:.2f} s")
        stages: dict[str, list[float]] = {}
        for question in [*questions, *questions]:
            for name, seconds in knowledge.search(question, reader=KEEPER).timings.items():
                stages.setdefault(name, []).append(seconds)
    shares({name: times[len(questions) :] for name, times in stages.items()})


def _floor(passages: int, embedder: Embedder) -> None:
    matrix = np.ones((passages, embedder.dim), dtype=np.float32)
    query = np.ones(embedder.dim, dtype=np.float32)
    times = []
    for _ in range(30):
        start = time.perf_counter()
        matrix @ query
        times.append(time.perf_counter() - start)
    print(
        f"floor: numpy's product with the same vectors as fp32 takes "
        f"{statistics.median(times) * 1e3:.1f} ms"
    )


if __name__ == "__main__":
    main()
