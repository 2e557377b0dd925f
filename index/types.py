"""What the index layer speaks in: readers, filters, hits and stored documents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.translation import Translation
from ingest.types import AccessLevel, Block, Evidence, Locator, Metadata, Page

Vectors = NDArray[np.float32]
"""float32, shape (n, dim), rows of unit length."""


class Embedder(Protocol):
    """Turns text into vectors of unit length.

    ``name`` and ``fingerprint`` say which model this is: two embedders with the same
    fingerprint give vectors that may be compared.
    """

    @property
    def name(self) -> str:
        """The model's name, as ``mmsearch model`` shows it."""
        ...

    @property
    def fingerprint(self) -> str:
        """Digest of weights, tokenizer and prompts; precision (int8, fp32) is not part of it."""
        ...

    @property
    def dim(self) -> int:
        """Length of a vector."""
        ...

    @property
    def max_tokens(self) -> int:
        """Longest input in tokens, special tokens included."""
        ...

    @property
    def languages(self) -> frozenset[str]:
        """ISO 639-1 codes of the languages the model knows."""
        ...

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Count tokens without special tokens, without truncation, in order."""
        ...

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Embed passages, in order; the model's own passage prompt is put in front."""
        ...

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """Embed one question: float32, shape (dim,), unit length."""
        ...


class Reranker(Protocol):
    """Reads a question and a passage together and says how well the one answers the other."""

    @property
    def name(self) -> str:
        """The model's name or folder, as it was asked for."""
        ...

    @property
    def languages(self) -> frozenset[str]:
        """ISO 639-1 codes of the languages the model knows."""
        ...

    def score(self, question: str, passages: Sequence[str]) -> NDArray[np.float32]:
        """Score passages, in order: float32, (n_passages,), higher is better, any scale."""
        ...


@dataclass(frozen=True, slots=True)
class Reader:
    """What somebody may read. Every function that shows anything takes one.

    Attributes:
        internal: May read internal documents.
        groups: May read restricted documents of these groups.
        everything: May read all of it (the library's keeper).
    """

    internal: bool = False
    groups: frozenset[str] = frozenset()
    everything: bool = False

    def may_read(self, access: AccessLevel, groups: Sequence[str]) -> bool:
        """Decide on one document."""
        if self.everything or access is AccessLevel.PUBLIC:
            return True
        if access is AccessLevel.INTERNAL:
            return self.internal
        return not self.groups.isdisjoint(groups)


PUBLIC = Reader()
KEEPER = Reader(everything=True)


@dataclass(frozen=True, slots=True)
class Filters:
    """Which documents to search. Values of one field are alternatives; fields all hold.

    Countries, kinds, languages and publishers are compared without regard to case.
    ``year_from`` and ``year_to`` are inclusive; a document without a year matches neither them
    nor ``years``.
    ``evidence`` chooses passages within the documents; a document without one is left out.
    """

    kinds: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    publishers: tuple[str, ...] = ()
    access: tuple[AccessLevel, ...] = ()
    year_from: int | None = None
    year_to: int | None = None
    doc_ids: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    years: tuple[int, ...] = ()


class Relation(StrEnum):
    """How one document stands to another."""

    IDENTICAL = "identical"
    SAME_TEXT = "same_text"
    TRANSLATION = "translation"
    CORRECTS = "corrects"
    CORRECTED_BY = "corrected_by"
    SUPERSEDES = "supersedes"
    SUPERSEDED_BY = "superseded_by"
    ADDS_TO = "adds_to"
    ADDED_TO_BY = "added_to_by"
    BRIEF_OF = "brief_of"
    HAS_BRIEF = "has_brief"
    RESPONDS_TO = "responds_to"
    ANSWERED_BY = "answered_by"

    @property
    def inverse(self) -> Relation:
        """The relation seen from the other document."""
        return _INVERSE.get(self, self)


_PAIRS = (
    (Relation.CORRECTS, Relation.CORRECTED_BY),
    (Relation.SUPERSEDES, Relation.SUPERSEDED_BY),
    (Relation.ADDS_TO, Relation.ADDED_TO_BY),
    (Relation.BRIEF_OF, Relation.HAS_BRIEF),
    (Relation.RESPONDS_TO, Relation.ANSWERED_BY),
)
_INVERSE = dict(_PAIRS) | {back: there for there, back in _PAIRS}
SAME_WORK = frozenset(
    {
        Relation.IDENTICAL,
        Relation.SAME_TEXT,
        Relation.TRANSLATION,
        Relation.SUPERSEDES,
        Relation.SUPERSEDED_BY,
    }
)
"""Relations between documents of which a search shows one."""


@dataclass(frozen=True, slots=True)
class Related:
    """Another document that belongs to one, as its reader may see it.

    Attributes:
        relation: How the document that carries this stands to the other one.
        doc_id: The other document.
        file: Its file.
        title: Its title.
        language: Its main language, or "".
    """

    relation: Relation
    doc_id: str
    file: str
    title: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A document of the library, without its text.

    Attributes:
        doc_id: Stays the same while the file keeps its name under its root.
        file: Path as ingested, relative to its root, with forward slashes.
        sha256: Of the original file, hexadecimal.
        size: Of the original file, in bytes.
        metadata: Title, year, kind …
        n_passages: How many passages it has.
        pages: Its pages, for formats that have them.
        added: When this version was added (UTC).
        warnings: What the parser repaired or left out.
        related: What else belongs to it, only of what its reader may read; filled where a
            document is shown to somebody.
    """

    doc_id: str
    file: str
    sha256: str
    size: int
    metadata: Metadata
    n_passages: int
    pages: tuple[Page, ...]
    added: datetime
    warnings: tuple[str, ...] = ()
    related: tuple[Related, ...] = ()

    @property
    def superseded_by(self) -> Related | None:
        """The newest version of it that its reader may read, if this is not the newest.

        Of ``related``, in which the newer of two that supersede it stands behind the other.
        """
        newer = [r for r in self.related if r.relation is Relation.SUPERSEDED_BY]
        return newer[-1] if newer else None


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage as it lies in the library; ``text`` is ``document.text[start:end]``.

    ``evidence`` says what kind of evidence it is; ``ocr`` how sure the recognition of its text
    was, 0 to 1, or None where nothing was recognised.
    """

    passage_id: str
    doc_id: str
    ordinal: int
    start: int
    end: int
    text: str
    language: str
    kind: str
    locator: Locator
    context: str = ""
    evidence: Evidence = Evidence.PLAIN
    ocr: float | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """One search result.

    Attributes:
        rank: From 1.
        score: Fused score in 0–1, higher is better; only comparable within one search.
        passage: The passage.
        document: Its document.
        keyword: The keywords' share before fusion (min-max over the candidates, 0–1), or
            None when the keyword ranking did not have it.
        cosine: Cosine of question and passage, or None when it was not computed.
        also_in: Documents with the same passage, left out of the page (doc_id, file).
    """

    rank: int
    score: float
    passage: StoredPassage
    document: StoredDocument
    keyword: float | None = None
    cosine: float | None = None
    also_in: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Hits of one search, with the generation they were read from.

    Attributes:
        hits: Best first.
        generation: The generation every hit belongs to.
        n_documents: How many documents the reader and the filters admitted.
        query_vector: The question's vector, for reuse by the answer, or None.
        timings: Seconds by stage: "embed", "vectors", "keywords", "read".
        rarity: The idf of each stem of the question's telling words, among the passages that
            the reader and the filters admit.
        translation: What the question's terms are called in the other languages of the
            documents that the reader and the filters admit.
        gist: The question in the model's language, as it was embedded; "" where the question
            itself was.
    """

    hits: tuple[Hit, ...]
    generation: int
    n_documents: int
    query_vector: NDArray[np.float32] | None = None
    timings: dict[str, float] = field(default_factory=dict)
    rarity: Mapping[str, float] = field(default_factory=dict)
    translation: Translation = field(default_factory=Translation)
    gist: str = ""


@dataclass(frozen=True, slots=True)
class DocumentText:
    """A document's text and blocks, to check a quote or show its surroundings."""

    doc_id: str
    text: str
    blocks: tuple[Block, ...]
