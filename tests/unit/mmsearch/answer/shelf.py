"""A shelf of short documents with a search of its own, to test answering without an index."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from index.analysis import terms
from index.types import (
    DocumentText,
    Hit,
    SearchResult,
    StoredDocument,
    StoredPassage,
    Vectors,
)
from ingest.types import Block, BlockKind, Locator, Metadata, Unit
from mmsearch.answer.answer import compose
from mmsearch.types import Answer

DIM = 512


class WordEmbedder:
    """Vectors of stems: texts are close when they share words. Knows English only."""

    name = "words"
    fingerprint = "words"
    dim = DIM
    max_tokens = 256
    languages = frozenset({"en"})

    def __init__(self) -> None:
        self.embedded: list[str] = []

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) for text in texts]

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        self.embedded.extend(texts)
        return np.stack([self.embed_query(text) for text in texts])

    def embed_query(self, text: str) -> NDArray[np.float32]:
        vector = np.full(DIM, 1e-6, dtype=np.float32)
        for stem, _ in terms(text, "en"):
            vector[zlib.crc32(stem.encode()) % DIM] += 1
        return vector / np.linalg.norm(vector)


@dataclass
class Shelf:
    """Documents by id, each one passage, with its title."""

    texts: Mapping[str, str]
    titles: Mapping[str, str] = field(default_factory=dict)
    language: str = "en"
    blocks: Mapping[str, tuple[Block, ...]] = field(default_factory=dict)
    embedder: WordEmbedder = field(default_factory=WordEmbedder)

    def text(self, doc_id: str) -> DocumentText:
        text = self.texts[doc_id]
        whole = (Block(BlockKind.PARAGRAPH, 0, len(text), 1, 1),)
        return DocumentText(doc_id, text, self.blocks.get(doc_id, whole))

    def locate(self, doc_id: str, start: int, end: int) -> Locator:
        line = self.texts[doc_id].count("\n", 0, start) + 1
        return Locator(Unit.LINE, line, line)

    def search(self, question: str) -> SearchResult:
        asked = {stem for stem, _ in terms(question, self.language)}
        vector = self.embedder.embed_query(question)
        found = []
        for doc_id, text in self.texts.items():
            shared = asked & {stem for stem, _ in terms(text, self.language)}
            cosine = float(self.embedder.embed_query(text) @ vector)
            found.append((len(shared) / max(1, len(asked)), cosine, doc_id))
        found.sort(key=lambda item: (-item[0] - item[1], item[2]))
        hits = tuple(
            self._hit(rank, doc_id, keyword, cosine)
            for rank, (keyword, cosine, doc_id) in enumerate(found, 1)
        )
        return SearchResult(hits, 1, len(hits), vector)

    def ask(self, question: str) -> Answer:
        return compose(
            question,
            self.search(question),
            embedder=self.embedder,
            text=self.text,
            locate=self.locate,
            language=self.language,
            passages=self.passages,
        )

    def passages(self, doc_id: str) -> tuple[StoredPassage, ...]:
        return (self._hit(1, doc_id, 0.0, 0.0).passage,)

    def _hit(self, rank: int, doc_id: str, keyword: float, cosine: float) -> Hit:
        text = self.texts[doc_id]
        passage = StoredPassage(
            f"{doc_id}-p0",
            doc_id,
            0,
            0,
            len(text),
            text,
            self.language,
            "paragraph",
            Locator(Unit.LINE, 1, 1),
        )
        metadata = Metadata(self.titles.get(doc_id, doc_id), languages=(self.language,))
        document = StoredDocument(
            doc_id, f"{doc_id}.md", "", 0, metadata, 1, (), datetime(2025, 1, 1, tzinfo=UTC)
        )
        return Hit(rank, (keyword + cosine) / 2, passage, document, keyword, cosine)


PROGRAMME = Shelf(
    texts={
        "kenya": (
            "The mobile clinic in Kenya treated 4,200 patients in 2023. Each visit took about "
            "twenty minutes. The county paid for the fuel and the drivers."
        ),
        "garden": (
            "School gardens were planted beside nine schools. Pupils water the beds before "
            "class. The harvest goes to the school kitchen."
        ),
        "loans": (
            "Returning migrants may ask for a small loan. The ceiling is 900 dollars and the "
            "loan is paid back within two years. A committee of traders decides."
        ),
        "radio": (
            "A weekly radio programme explains how to register a business. It is broadcast on "
            "Sunday evenings and listeners phone in with questions."
        ),
        "training": (
            "The network for returnees (NFR) trained 36 mentors. Each mentor follows four "
            "families for a year and writes a short note every month."
        ),
    },
    titles={
        "kenya": "Mobile clinics: final report",
        "garden": "School gardens: lessons learned",
        "loans": "Loans for returning migrants",
        "radio": "Radio for small businesses",
        "training": "Mentors for families",
    },
)
