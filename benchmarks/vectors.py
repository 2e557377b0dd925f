"""What the rough scan of the vector index misses, and what it saves, on real vectors.

The passages are windows of 60 words, one every 20 words, of the PDF, Markdown and text files of a
folder, embedded by the library's model, and copies of them with noise until there are enough; the
questions are those of a file. Beside it, in the same run, every passage compared by FAISS alone.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pypdfium2
from numpy.typing import NDArray

from index.embed import load_embedder
from index.types import Vectors
from index.vectors import VectorIndex

WINDOW, STEP = 60, 20
NOISE = 0.025
"""Standard deviation a dimension; a copy has a cosine of about 0.9 to its original."""
WANTED = 100


def main() -> None:
    """Embed, build both indexes, compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="Where the documents are.")
    parser.add_argument("questions", type=Path, help="JSON lines with a field 'question'.")
    parser.add_argument("--passages", type=int, default=100_000)
    options = parser.parse_args()
    embedder = load_embedder()
    texts = [text for path in sorted(options.folder.rglob("*")) for text in _windows(path)]
    lines = options.questions.read_text(encoding="utf-8").splitlines()
    asked = [embedder.embed_query(json.loads(line)["question"]) for line in lines]
    real = embedder.embed_passages(texts)
    rows = _more_of(real, options.passages)
    numbers = np.arange(len(rows), dtype=np.int64)
    exact = VectorIndex.build(rows, numbers, exact_limit=len(rows))
    start = time.perf_counter()
    rough = VectorIndex.build(rows, numbers, exact_limit=0)
    built = time.perf_counter() - start
    print(f"{len(real):,} real passages, {len(rows):,} with copies, {len(asked)} questions")
    all_times, rough_times, shares, firsts = [], [], [], []
    for query in asked:
        expected, seconds = _timed(lambda q: exact.search(q, WANTED, None), query)
        all_times.append(seconds)
        found, seconds = _timed(lambda q: rough.search(q, WANTED, None), query)
        rough_times.append(seconds)
        shares.append(_shared(found, expected, WANTED))
        firsts.append(_shared(found, expected, 10))
    before, after = statistics.median(all_times), statistics.median(rough_times)
    print(
        f"all compared {before * 1e3:.2f} ms, rough scan first {after * 1e3:.2f} ms "
        f"({before / after:.1f} times as fast), built in {built:.1f} s"
    )
    print(
        f"of the nearest {WANTED} found {np.mean(shares):.2%} (least {min(shares):.0%}), "
        f"of the nearest 10 {np.mean(firsts):.2%} (least {min(firsts):.0%})"
    )


def _windows(path: Path) -> Iterator[str]:
    if path.suffix == ".pdf":
        try:
            document = pypdfium2.PdfDocument(path)
        except pypdfium2.PdfiumError:
            return
        words = " ".join(page.get_textpage().get_text_bounded() for page in document).split()
    elif path.suffix in {".md", ".txt"}:
        words = path.read_text(encoding="utf-8", errors="replace").split()
    else:
        return
    for start in range(0, len(words), STEP):
        yield " ".join(words[start : start + WINDOW])


def _more_of(real: Vectors, size: int) -> Vectors:
    chance = np.random.default_rng(0)
    parts = [real]
    while sum(map(len, parts)) < size:
        copy = real + NOISE * chance.normal(size=real.shape).astype(np.float32)
        parts.append(copy / np.linalg.norm(copy, axis=1, keepdims=True))
    return np.concatenate(parts)[:size]


def _timed(
    search: Callable[[NDArray[np.float32]], list[tuple[int, float]]], query: NDArray[np.float32]
) -> tuple[list[tuple[int, float]], float]:
    start = time.perf_counter()
    found = search(query)
    return found, time.perf_counter() - start


def _shared(found: list[tuple[int, float]], expected: list[tuple[int, float]], k: int) -> float:
    return len({n for n, _ in found[:k]} & {n for n, _ in expected[:k]}) / k


if __name__ == "__main__":
    main()
