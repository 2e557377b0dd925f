"""A library of 100,000 passages that others measure on, and questions for it.

The passages are made of 30,000 words whose frequencies follow Zipf's law, as in real text, in
sentences of twenty. Their vectors are random (a scan takes the same time whatever they mean);
questions are embedded by the real model.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterator, Sequence
from hashlib import sha256
from itertools import accumulate
from pathlib import Path

import numpy as np

from index.build import Builder
from index.library import Library
from index.types import Embedder, Vectors
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

ROOT = Path(__file__).parent.parent
SAMPLES = ROOT / "samples" / "library"
QUESTIONS = ROOT / "tests" / "questions"
PER_DOCUMENT = 100
SENTENCES, SENTENCE_WORDS = 6, 20
"""Of a passage, and of each sentence: about what the passages of a report have."""


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


def build(root: Path, passages: int, embedder: Embedder) -> None:
    """Make the library in ``root / "library"``, and say how long it took."""
    words = vocabulary()
    start = time.perf_counter()
    root.mkdir(parents=True, exist_ok=True)
    with Library.open(root / "library") as library:
        builder = Builder(library, RandomPassages(embedder), lambda source: None, 5_000)
        for _ in builder.run(documents(root, words, passages, random.Random(1))):
            pass
        built = time.perf_counter()
        builder.publish()
    print(
        f"{passages:,} passages stored in {built - start:.0f} s, "
        f"published in {time.perf_counter() - built:.1f} s"
    )


def searches(count: int) -> list[str]:
    """Make searches of eight words among the 5,000 most frequent."""
    chance, words = random.Random(0), vocabulary()
    return [" ".join(chance.choices(words[20:5_000], k=8)) for _ in range(count)]


def questions() -> list[str]:
    """Return the questions of people over real documents, in English and French."""
    return [
        json.loads(line)["question"]
        for name in ("programme", "staff")
        for line in (QUESTIONS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    ]


def vocabulary() -> list[str]:
    """Make 30,000 words from those of the English samples: as many as a real library has."""
    files = [path.read_text(encoding="utf-8") for path in sorted(SAMPLES.rglob("*.md"))]
    texts = " ".join(text for text in files if detect(text) == "en")
    known = sorted({word for word in texts.split() if word.isalpha() and len(word) > 3})
    return [f"{word}{'abcdefghijklmnop'[n % 16] * (n // 16)}" for n in range(80) for word in known][
        :30_000
    ]


def documents(
    root: Path, words: list[str], passages: int, chance: random.Random
) -> Iterator[Extracted]:
    """Write text files of ``PER_DOCUMENT`` passages and yield each as the pipeline would."""
    weights = list(accumulate(1.0 / (rank + 10) for rank in range(len(words))))
    for at in range(passages // PER_DOCUMENT):
        lines = [
            " ".join(_sentence(words, weights, chance) for _ in range(SENTENCES))
            for _ in range(PER_DOCUMENT)
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


def _sentence(words: list[str], weights: list[float], chance: random.Random) -> str:
    chosen = " ".join(chance.choices(words, cum_weights=weights, k=SENTENCE_WORDS))
    return f"{chosen[:1].upper()}{chosen[1:]}."
