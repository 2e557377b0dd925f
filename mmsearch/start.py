"""Start here: a way into a country, a theme, or whatever the filters leave.

What to read and in which order, what was found, learned and recommended, and the acronyms that
one meets on the way. Made from the library alone: by kinds of document, by kinds of evidence and
by where a passage stands, so that it is the same in every language; the words of a theme are the
only words that are searched for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from index.types import Filters, Hit, Reader, StoredDocument, StoredPassage
from ingest.language import LANGUAGES, detect_question
from ingest.types import Evidence
from mmsearch.marking import marks
from mmsearch.types import Acronym

if TYPE_CHECKING:
    from mmsearch.knowledge import KnowledgeBase

ORDER: Mapping[str, str] = {
    "brief": "overview",
    "inception report": "planned",
    "annual report": "done",
    "report": "done",
    "evaluation": "worked",
    "lessons learned": "learned",
    "management response": "decided",
    "decision": "decided",
    "resolution": "decided",
    "guideline": "how",
    "training material": "how",
    "policy": "how",
    "terms of reference": "planned",
    "meeting notes": "decided",
}
"""Kinds of document in the order in which a newcomer reads them, with why each is there."""
MORE = "more"
SECTIONS: Mapping[Evidence, tuple[str, ...]] = {
    Evidence.FINDING: ("evaluation", "brief", "report", "annual report"),
    Evidence.LESSON: ("lessons learned", "evaluation", "brief"),
    Evidence.RECOMMENDATION: ("evaluation", "brief", "management response", "report"),
}
"""What is laid out, and the kinds of document that say it best, the best first."""
MOST_DOCUMENTS = 8
MOST_OF_A_KIND = 2
MOST_PASSAGES = 6
MOST_OF_A_DOCUMENT = 3
MOST_ACRONYMS = 24
MOST_LISTED = 200
SEARCHED = 100
LEAST_SHARE = 0.2
"""A document on a theme weighs at least this share of what the weightiest does."""

_SUMMARY = re.compile(
    r"summary|main|key|overall|conclusion|synth|r[ée]sum|princip|cl[ée]s?\b|essentiel|resumen|clave"
    r"|conclusi|краткое|основн|главн|вывод|резюме|ملخص|موجز|الرئيسية|خلاصة|sumar|rezumat|glavn|zaklju"
    r"|сажетак|главн|закључ|সারসংক্ষেপ|প্রধান",
    re.IGNORECASE,
)
"""Headings under which the main points stand, in the languages of the library."""
_BARE = re.compile(r"[^\W\d_]{3,}")


@dataclass(frozen=True, slots=True)
class Step:
    """A document to read.

    Attributes:
        document: The document.
        why: Why it is there: overview, planned, done, worked, learned, decided, how or more.
    """

    document: StoredDocument
    why: str


@dataclass(frozen=True, slots=True)
class Start:
    """A way in.

    Attributes:
        steps: What to read, in this order.
        sections: Passages by kind of evidence; those of a document stand together, in its order.
        acronyms: Those that stand in the passages, then others of the documents to read.
    """

    steps: tuple[Step, ...]
    sections: Mapping[Evidence, tuple[Hit, ...]]
    acronyms: tuple[Acronym, ...]


def lay_out(theme: str, filters: Filters, *, reader: Reader, shelf: KnowledgeBase) -> Start:
    """Lay out a way into a theme, or into what the filters leave.

    Args:
        theme: A few words, or "".
        filters: Which documents; with no theme, at least one should be set.
        reader: Who wants it.
        shelf: The library.

    Raises:
        BadQuery: The theme cannot be searched.
        BadFilter: A filter names a value that the reader's documents do not have.
    """
    if theme.strip():
        said = _Theme(theme, reader, shelf)
        documents = _nearest(said.hits(filters))
        sections = {
            kind: _by_document(said.hits(replace(filters, evidence=(kind,))))
            for kind in SECTIONS
            if not filters.evidence or kind in filters.evidence
        }
    else:
        documents = _listed(filters, reader, shelf)
        sections = {kind: _by_structure(kind, filters, reader, shelf) for kind in SECTIONS}
    steps = _reading_order(documents, ranked=bool(theme.strip()))
    return Start(steps, sections, _acronyms(steps, sections, reader, shelf))


class _Theme:
    """Searches for a theme and keeps what has words of it.

    Where nothing has, the theme is in another language than the documents: then what comes
    nearest in meaning is kept.
    """

    def __init__(self, theme: str, reader: Reader, shelf: KnowledgeBase) -> None:
        self._theme = theme
        self._asked_in = detect_question(theme, LANGUAGES)
        self._reader = reader
        self._shelf = shelf
        self._foreign: bool | None = None

    def hits(self, filters: Filters) -> list[Hit]:
        """Return hits, best first; the first call decides whether the theme is foreign."""
        found = self._shelf.search(
            self._theme, reader=self._reader, filters=filters, limit=SEARCHED
        ).hits
        current = [hit for hit in found if not hit.document.superseded_by]
        spoken = [hit for hit in current if self._is_spoken_of(hit)]
        if self._foreign is None:
            self._foreign = not spoken
        return current[:MOST_PASSAGES] if self._foreign else spoken

    def _is_spoken_of(self, hit: Hit) -> bool:
        text = f"{hit.document.metadata.title}\n{hit.passage.text}"
        language = hit.passage.language
        return bool(marks(self._theme, text, asked_in=self._asked_in, language=language))


def _nearest(hits: Sequence[Hit]) -> list[StoredDocument]:
    """Return the documents that say most on a theme, those that only touch it left out."""
    weights: dict[str, float] = {}
    for hit in hits:
        weights[hit.document.doc_id] = weights.get(hit.document.doc_id, 0.0) + hit.score
    least = LEAST_SHARE * max(weights.values(), default=0.0)
    documents = {hit.document.doc_id: hit.document for hit in hits}
    order = sorted(documents, key=lambda doc_id: (-weights[doc_id], doc_id))
    return [documents[doc_id] for doc_id in order if weights[doc_id] >= least]


def _listed(filters: Filters, reader: Reader, shelf: KnowledgeBase) -> list[StoredDocument]:
    page = shelf.documents(reader=reader, filters=filters, limit=MOST_LISTED)
    return [one for one in page.documents if not one.superseded_by]


def _by_document(hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """Keep the best few, few of a document; each document's together and in its order."""
    counts: dict[str, int] = {}
    kept = []
    for hit in hits:
        counts[hit.document.doc_id] = counts.get(hit.document.doc_id, 0) + 1
        if counts[hit.document.doc_id] <= MOST_OF_A_DOCUMENT:
            kept.append(hit)
    kept = kept[:MOST_PASSAGES]
    first = {hit.document.doc_id: at for at, hit in reversed(list(enumerate(kept)))}
    kept.sort(key=lambda hit: (first[hit.document.doc_id], hit.passage.ordinal))
    return _ranked(kept)


def _by_structure(
    kind: Evidence, filters: Filters, reader: Reader, shelf: KnowledgeBase
) -> tuple[Hit, ...]:
    """Take passages of a kind from the documents that say it best, main points first."""
    if filters.evidence and kind not in filters.evidence:
        return ()
    documents = _listed(replace(filters, evidence=(kind,)), reader, shelf)
    best = SECTIONS[kind]
    order = sorted(
        documents,
        key=lambda one: (
            best.index(one.metadata.kind) if one.metadata.kind in best else len(best),
            -(one.metadata.year or 0),
            one.metadata.title,
            one.doc_id,
        ),
    )
    chosen: list[tuple[StoredDocument, list[StoredPassage]]] = []
    for document in order:
        if sum(len(some) for _, some in chosen) >= 2 * MOST_PASSAGES:
            break
        some = [
            passage
            for passage in shelf.passages(document.doc_id, reader=reader)
            if passage.evidence is kind and _says_something(passage)
        ]
        if some:
            chosen.append((document, _main_points(some)))
    return _share_out(chosen)


def _main_points(passages: Sequence[StoredPassage]) -> list[StoredPassage]:
    """Put those under a heading of main points first, else keep the document's order."""
    return sorted(
        passages,
        key=lambda one: (not _SUMMARY.search(" ".join(one.locator.heading_path)), one.ordinal),
    )


def _says_something(passage: StoredPassage) -> bool:
    """Leave out what is only a heading or numbers."""
    return len(_BARE.findall(passage.text)) >= 8


def _share_out(chosen: Sequence[tuple[StoredDocument, Sequence[StoredPassage]]]) -> tuple[Hit, ...]:
    """Fill the section from the first document on; alone, a document may fill it."""
    most = MOST_PASSAGES if len(chosen) == 1 else MOST_OF_A_DOCUMENT
    kept: list[tuple[StoredDocument, StoredPassage]] = []
    for document, passages in chosen:
        some = sorted(passages[:most], key=lambda one: one.ordinal)
        kept += [(document, passage) for passage in some[: MOST_PASSAGES - len(kept)]]
    return _ranked([Hit(1, 0.0, passage, document) for document, passage in kept])


def _ranked(hits: Iterable[Hit]) -> tuple[Hit, ...]:
    return tuple(replace(hit, rank=rank) for rank, hit in enumerate(hits, start=1))


def _reading_order(documents: Sequence[StoredDocument], *, ranked: bool) -> tuple[Step, ...]:
    """Choose what to read: a few of each kind, the nearest or the newest, in reading order."""
    kinds = list(ORDER)

    def place(document: StoredDocument) -> int:
        kind = document.metadata.kind
        return kinds.index(kind) if kind in ORDER else len(kinds)

    def newest(document: StoredDocument) -> tuple[int, str, str]:
        return (-(document.metadata.year or 0), document.metadata.title, document.doc_id)

    candidates = list(documents) if ranked else sorted(documents, key=newest)
    counts: dict[str, int] = {}
    chosen = []
    for document in candidates:
        kind = document.metadata.kind
        counts[kind] = counts.get(kind, 0) + 1
        if counts[kind] <= MOST_OF_A_KIND:
            chosen.append(document)
    if ranked:
        chosen = chosen[:MOST_DOCUMENTS]
    chosen.sort(key=place)
    return tuple(Step(one, ORDER.get(one.metadata.kind, MORE)) for one in chosen[:MOST_DOCUMENTS])


def _acronyms(
    steps: Sequence[Step],
    sections: Mapping[Evidence, Sequence[Hit]],
    reader: Reader,
    shelf: KnowledgeBase,
) -> tuple[Acronym, ...]:
    """Return what one meets: acronyms in the passages, then those of the documents to read."""
    met = set()
    for hits in sections.values():
        for hit in hits:
            met |= set(re.findall(r"[^\W_][\w&./-]*[^\W_]", hit.passage.text))
    to_read = {step.document.doc_id for step in steps}
    first: dict[str, Acronym] = {}
    for acronym in shelf.glossary(reader=reader):
        if acronym.short in met or (len(steps) <= 3 and acronym.document.doc_id in to_read):
            known = first.get(acronym.short)
            nearer = known and known.document.doc_id not in to_read
            if known is None or (nearer and acronym.document.doc_id in to_read):
                first[acronym.short] = acronym
    found = sorted(first.values(), key=lambda one: (one.short not in met, one.short))
    return tuple(sorted(found[:MOST_ACRONYMS], key=lambda one: one.short.casefold()))
