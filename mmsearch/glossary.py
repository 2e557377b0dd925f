"""The acronyms that documents define, of what somebody may read."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from index.snapshot import Snapshot
from index.types import Reader
from ingest.types import Locator
from mmsearch.shapes import Shape, place_shape
from mmsearch.types import Acronym

Locate = Callable[[str, int, int], Locator]
"""Returns where ``document.text[start:end]`` stands: (doc_id, start, end)."""


def acronyms(snapshot: Snapshot, reader: Reader, locate: Locate) -> tuple[Acronym, ...]:
    """List acronyms by name, the commonest meaning first, each with one source of the reader's."""
    entries = {entry.content_no: entry for entry in snapshot.catalogue.entries}
    found = []
    for term in snapshot.derived.glossary.terms(snapshot.catalogue.contents(reader)):
        content_no, start, end = term.sources[0]
        document = entries[content_no].document
        place = locate(document.doc_id, start, end)
        found.append(Acronym(term.short, term.long, len(term.sources), document, start, end, place))
    return tuple(found)


def long_forms(snapshot: Snapshot, reader: Reader) -> Mapping[str, str]:
    """Return what each acronym stands for, as most of a reader's documents that define it say."""
    forms: dict[str, str] = {}
    for term in snapshot.derived.glossary.terms(snapshot.catalogue.contents(reader)):
        forms.setdefault(term.short, term.long)
    return forms


def acronym_shape(acronym: Acronym) -> Shape:
    """Give one acronym with its source."""
    return {
        "short": acronym.short,
        "long": acronym.long,
        "documents": acronym.documents,
        "doc_id": acronym.document.doc_id,
        "file": acronym.document.file,
        "title": acronym.document.metadata.title,
        "start": acronym.start,
        "end": acronym.end,
        **place_shape(acronym.locator),
    }
