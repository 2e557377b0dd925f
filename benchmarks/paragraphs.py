"""XQuAD as a small library of paragraphs, searched by brute force. Shared by the benchmarks."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from index.analysis import terms
from index.embed_onnx import OnnxEmbedder
from index.fusion import fuse, min_max
from index.types import (
    DocumentText,
    Embedder,
    Hit,
    SearchResult,
    StoredDocument,
    StoredPassage,
    Vectors,
)
from ingest.types import Block, BlockKind, Locator, Metadata, Unit

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared" / "data"


class Remembering:
    """An embedder that embeds each text once, so that a benchmark ends in minutes."""

    def __init__(self, inner: Embedder) -> None:
        self._inner = inner
        self._seen: dict[str, Vectors] = {}
        self.name, self.fingerprint = inner.name, inner.fingerprint
        self.dim, self.max_tokens, self.languages = inner.dim, inner.max_tokens, inner.languages

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """See ``Embedder``."""
        return self._inner.count_tokens(texts)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """See ``Embedder``."""
        new = [text for text in dict.fromkeys(texts) if text not in self._seen]
        if new:
            self._seen.update(zip(new, self._inner.embed_passages(new), strict=True))
        return np.stack([self._seen[text] for text in texts])

    def embed_query(self, text: str) -> Vectors:
        """See ``Embedder``."""
        key = "\0" + text
        if key not in self._seen:
            self._seen[key] = self._inner.embed_query(text)
        return self._seen[key]


class Reading(Remembering):
    """The same of an embedder that gives tokens, which are computed each time."""

    def __init__(self, inner: OnnxEmbedder) -> None:
        super().__init__(inner)
        self.embed_tokens = inner.embed_tokens


def remembering(inner: Embedder) -> Remembering:
    """Return an embedder that remembers, and that gives tokens where it did."""
    return Reading(inner) if isinstance(inner, OnnxEmbedder) else Remembering(inner)


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of XQuAD: what is asked, the paragraph that answers, the answers."""

    question: str
    gold: str
    answers: tuple[str, ...]


class Paragraphs:
    """XQuAD in one language, searched by brute force with the library's own fusion."""

    def __init__(self, language: str, embedder: Embedder) -> None:
        folder = SHARED / "xquad" / language
        rows = [json.loads(line) for line in lines(folder / "corpus.jsonl")]
        self.language, self.embedder = language, embedder
        self.ids = [row["_id"] for row in rows]
        self.texts = {row["_id"]: row["text"] for row in rows}
        self.titles = {row["_id"]: row["title"].replace("_", " ") for row in rows}
        self.known = language in embedder.languages
        fronted = [f"{self.titles[i]}\n{self.texts[i]}" for i in self.ids]
        self.vectors = embedder.embed_passages(fronted) if self.known else None
        self._index(fronted)
        gold = dict(line.split("\t")[:2] for line in lines(folder / "qrels.tsv")[1:])
        queries = [json.loads(line) for line in lines(folder / "queries.jsonl")]
        self.asked = [Asked(q["text"], gold[q["_id"]], tuple(q["answers"])) for q in queries]

    def _index(self, texts: Sequence[str]) -> None:
        self.counts = [Counter(stem for stem, _ in terms(t, self.language)) for t in texts]
        self.lengths = np.array([sum(c.values()) for c in self.counts])
        self.df = Counter(term for counts in self.counts for term in counts)

    def search(self, question: str, without: str = "", limit: int = 10) -> SearchResult:
        """Return the best paragraphs; ``without`` leaves one out, as if it were not there."""
        vector = self.embedder.embed_query(question)
        allowed = [n for n, i in enumerate(self.ids) if i != without]
        bm25 = {n: s for n in allowed if (s := self._bm25(question, n)) > 0}
        cosines = {}
        if self.vectors is not None:
            scores = self.vectors @ vector
            cosines = {n: float(scores[n]) for n in allowed}
            cosines = dict(sorted(cosines.items(), key=lambda x: -x[1])[:100])
        ranking = fuse(bm25, cosines, 0.5 if self.known else 0.0)[:limit]
        scaled = min_max(bm25)
        hits = tuple(
            self._hit(rank, n, score, scaled.get(n), cosines.get(n))
            for rank, (n, score) in enumerate(ranking, 1)
        )
        return SearchResult(hits, 1, len(self.ids), vector)

    def text(self, doc_id: str) -> DocumentText:
        """Return a paragraph as a document of one block."""
        text = self.texts[doc_id]
        return DocumentText(doc_id, text, (Block(BlockKind.PARAGRAPH, 0, len(text), 1, 1),))

    def _bm25(self, question: str, n: int, k1: float = 1.2, b: float = 0.75) -> float:
        total, mean = 0.0, float(self.lengths.mean())
        for stem, _ in set(terms(question, self.language)):
            tf = self.counts[n].get(stem, 0)
            if tf:
                weight = math.log(1 + (len(self.ids) - self.df[stem] + 0.5) / (self.df[stem] + 0.5))
                norm = k1 * (1 - b + b * self.lengths[n] / mean)
                total += weight * tf * (k1 + 1) / (tf + norm)
        return total

    def _hit(
        self, rank: int, n: int, score: float, keyword: float | None, cosine: float | None
    ) -> Hit:
        doc_id, text = self.ids[n], self.texts[self.ids[n]]
        place = Locator(Unit.PARAGRAPH, 1, 1)
        passage = StoredPassage(
            f"{doc_id}/0", doc_id, 0, 0, len(text), text, self.language, "paragraph", place
        )
        metadata = Metadata(self.titles[doc_id], languages=(self.language,))
        document = StoredDocument(
            doc_id, doc_id, "", 0, metadata, 1, (), datetime.fromtimestamp(0, UTC)
        )
        return Hit(rank, score, passage, document, keyword, cosine)


def lines(path: Path) -> list[str]:
    """Return the lines of a text file."""
    return path.read_text(encoding="utf-8").splitlines()
