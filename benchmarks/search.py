"""A warm search at 100,000 passages: through the API, and where its time goes.

The passages are made of 30,000 words whose frequencies follow Zipf's law, as in real text, and
questions of eight words among the 5,000 most frequent; vectors are random (a scan takes the same
time whatever they mean); questions are embedded by the real model. Beside it,
in the same run, the raw scan of the vectors by numpy, as the floor to compare with.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from hashlib import sha256
from itertools import accumulate
from pathlib import Path

import httpx
import numpy as np
import uvicorn

from index.build import Builder
from index.embed import load_embedder
from index.library import Library
from index.types import KEEPER, Embedder, Vectors
from ingest.language import detect
from ingest.types import (
    Block,
    BlockKind,
    Extracted,
    Metadata,
    ParsedDocument,
    Passage,
    SourceFile,
    Unit,
)
from mmsearch.api.app import create_app
from mmsearch.knowledge import KnowledgeBase
from mmsearch.settings import load_settings

SAMPLES = Path(__file__).parent.parent / "samples" / "library"
PER_DOCUMENT = 100


class RandomPassages:
    """The real model for questions, random unit vectors for passages."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._random = np.random.default_rng(0)
        self.name = embedder.name
        self.fingerprint = embedder.fingerprint
        self.dim = embedder.dim
        self.max_tokens = embedder.max_tokens
        self.languages = embedder.languages
        self.count_tokens = embedder.count_tokens
        self.embed_query = embedder.embed_query

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Return random rows of unit length: float32, (n, dim)."""
        rows = self._random.normal(size=(len(texts), self.dim)).astype(np.float32)
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
        return rows


def main() -> None:
    """Build the library and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--passages", type=int, default=100_000)
    parser.add_argument("--questions", type=int, default=300)
    parser.add_argument("--keep", type=Path, help="folder in which the library is kept, or found")
    options = parser.parse_args()
    chance = random.Random(0)
    words = _vocabulary()
    embedder = load_embedder()
    with tempfile.TemporaryDirectory() as place:
        root = options.keep or Path(place)
        folder = root / "library"
        if not (folder / "library.db").exists():
            _build(root, words, options.passages, embedder)
        start = time.perf_counter()
        knowledge = KnowledgeBase.open(folder, embedder=embedder)
        print(f"opened, checksums compared, in {time.perf_counter() - start:.2f} s")
        questions = [
            " ".join(chance.choices(words[20:5_000], k=8)) for _ in range(options.questions)
        ]
        _direct(knowledge, questions)
        _through_api(knowledge, questions)
        _floor(options.passages, embedder)
        knowledge.close()


def _build(root: Path, words: list[str], passages: int, embedder: Embedder) -> None:
    start = time.perf_counter()
    root.mkdir(parents=True, exist_ok=True)
    with Library.open(root / "library") as library:
        builder = Builder(library, RandomPassages(embedder), lambda source: None, 5_000)
        for _ in builder.run(_documents(root, words, passages, random.Random(1))):
            pass
        built = time.perf_counter()
        builder.publish()
    print(
        f"{passages:,} passages stored in {built - start:.0f} s, "
        f"published in {time.perf_counter() - built:.1f} s"
    )


def _direct(knowledge: KnowledgeBase, questions: list[str]) -> None:
    stages: dict[str, list[float]] = {}
    for question in questions:
        for name, seconds in knowledge.search(question, reader=KEEPER).timings.items():
            stages.setdefault(name, []).append(seconds)
    total = sum(statistics.median(times) for times in stages.values())
    for name, times in stages.items():
        median = statistics.median(times)
        print(f"  {name:<9} median {median * 1e3:6.2f} ms  {median / total:4.0%}")


def _through_api(knowledge: KnowledgeBase, questions: list[str]) -> None:
    app = create_app(knowledge, load_settings())
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    port = server.servers[0].sockets[0].getsockname()[1]
    with httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:
        times = []
        for question in questions:
            start = time.perf_counter()
            client.get("/search", params={"q": question}).raise_for_status()
            times.append(time.perf_counter() - start)
    times.sort()
    print(
        f"search through the API: median {statistics.median(times) * 1e3:.1f} ms, "
        f"p95 {times[int(0.95 * len(times))] * 1e3:.1f} ms over {len(times)} questions"
    )
    server.should_exit = True
    thread.join()


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


def _vocabulary() -> list[str]:
    """Make 30,000 words from those of the English samples: as many as a real library has."""
    files = [path.read_text(encoding="utf-8") for path in sorted(SAMPLES.rglob("*.md"))]
    texts = " ".join(text for text in files if detect(text) == "en")
    known = sorted({word for word in texts.split() if word.isalpha() and len(word) > 3})
    return [f"{word}{'abcdefghijklmnop'[n % 16] * (n // 16)}" for n in range(80) for word in known][
        :30_000
    ]


def _documents(
    root: Path, words: list[str], passages: int, chance: random.Random
) -> Iterator[Extracted]:
    weights = list(accumulate(1.0 / (rank + 10) for rank in range(len(words))))
    for at in range(passages // PER_DOCUMENT):
        lines = [
            " ".join(chance.choices(words, cum_weights=weights, k=120)) for _ in range(PER_DOCUMENT)
        ]
        text = "\n\n".join(lines)
        path = root / f"{at}.txt"
        path.write_text(text, encoding="utf-8")
        blocks, parts, start = [], [], 0
        for line in lines:
            end = start + len(line)
            blocks.append(Block(BlockKind.PARAGRAPH, start, end, 1, 1))
            parts.append(Passage(start, end, line, (), "", "en", BlockKind.PARAGRAPH))
            start = end + 2
        raw = text.encode()
        yield Extracted(
            SourceFile(path, root, path.name),
            sha256(raw).hexdigest(),
            len(raw),
            ParsedDocument(text, tuple(blocks), Unit.LINE),
            tuple(parts),
            Metadata(title=f"Document {at}", year=2000 + at % 25, languages=("en",)),
        )


if __name__ == "__main__":
    main()
