"""The documents of one generation in memory: who may read what, and what filters admit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from operator import itemgetter
from typing import Self

import numpy as np
from numpy.typing import NDArray

from index.errors import BadFilter, NotFound
from index.reading import DocumentEntry, Reading
from index.relations import Found
from index.types import Filters, Reader, Related, Relation, StoredDocument
from ingest.language import LANGUAGES
from ingest.types import Evidence, Metadata

Mask = NDArray[np.bool_]

EVIDENCE: tuple[Evidence, ...] = tuple(Evidence)
"""Kinds of evidence by number; plain is 0."""

FACETS: dict[str, Callable[[Metadata], Iterable[str]]] = {
    "kind": lambda m: (m.kind,),
    "country": lambda m: m.countries,
    "year": lambda m: (str(m.year),) if m.year is not None else (),
    "language": lambda m: m.languages,
    "publisher": lambda m: m.publisher,
}
"""What documents are counted by, and how each is read from the metadata."""


@dataclass(frozen=True, slots=True, eq=False)
class Catalogue:
    """Documents and passages of one generation.

    Attributes:
        entries: Documents, by id.
        numbers: Passage numbers: int64, (n,), ascending.
        owners: The position in ``entries`` of each passage's document: int32, (n,).
        evidence: The position in ``EVIDENCE`` of each passage's kind of evidence: int8, (n,).
        spoken: A bit for each of ``LANGUAGES`` that a document is in: int16, (n_documents,).
    """

    entries: tuple[DocumentEntry, ...]
    numbers: NDArray[np.int64]
    owners: NDArray[np.int32]
    evidence: NDArray[np.int8]
    spoken: NDArray[np.int16]
    _by_id: dict[str, int]
    _related: Mapping[int, Sequence[tuple[Relation, int]]] = field(default_factory=dict)

    @classmethod
    def read(cls, reading: Reading, generation: int) -> Catalogue:
        """Read the catalogue of a generation."""
        entries = tuple(reading.documents(generation))
        rows = reading.passage_numbers(generation)
        position = {entry.content_no: at for at, entry in enumerate(entries)}
        owners = np.array([position[c] for c in rows[:, 1].tolist()], dtype=np.int32)
        evidence = np.zeros(len(rows), dtype=np.int8)
        for number, kind in reading.evidence(generation):
            evidence[np.searchsorted(rows[:, 0], number)] = EVIDENCE.index(kind)
        by_id = {entry.document.doc_id: at for at, entry in enumerate(entries)}
        spoken = np.array([_bits(e.document.metadata.languages) for e in entries], dtype=np.int16)
        return cls(entries, rows[:, 0].copy(), owners, evidence, spoken, by_id)

    def with_relations(self, found: Iterable[Found]) -> Self:
        """Return the catalogue with what was derived of how its documents belong together."""
        related: dict[int, list[tuple[Relation, int]]] = {}
        for one, relation, other in found:
            here, there = self._by_id.get(one), self._by_id.get(other)
            if here is None or there is None:
                continue
            related.setdefault(here, []).append((relation, there))
            related.setdefault(there, []).append((relation.inverse, here))
        return replace(self, _related=related)

    def related(self, at: int) -> Sequence[tuple[Relation, int]]:
        """Return how the document at a position stands to others, whoever may read them."""
        return self._related.get(at, ())

    def shown(self, doc_id: str, reader: Reader) -> StoredDocument:
        """Return a document as somebody may see it, with what belongs to it.

        Raises:
            NotFound: It does not exist, or this reader may not see it.
        """
        document = self.entry(doc_id, reader).document
        found = []
        for relation, at in self._related.get(self._by_id[doc_id], ()):
            other = self.entries[at].document
            metadata = other.metadata
            if reader.may_read(metadata.access, metadata.groups):
                language = metadata.languages[0] if metadata.languages else ""
                one = Related(relation, other.doc_id, other.file, metadata.title, language)
                found.append((relation, self._n_superseded(at), other.file, one))
        if not found:
            return document
        found.sort(key=itemgetter(0, 1, 2))
        return replace(document, related=tuple(one for *_, one in found))

    def _n_superseded(self, at: int) -> int:
        """Count what a document supersedes: the newest version of a work has most behind it."""
        return sum(relation is Relation.SUPERSEDES for relation, _ in self.related(at))

    def readable(self, reader: Reader) -> Mask:
        """Say which documents somebody may read: bool, (n_documents,)."""
        if reader.everything:
            return np.ones(len(self.entries), dtype=bool)
        metadata = (entry.document.metadata for entry in self.entries)
        return np.fromiter(
            (reader.may_read(m.access, m.groups) for m in metadata), bool, len(self.entries)
        )

    def contents(self, reader: Reader) -> frozenset[int]:
        """Return the contents of the documents that somebody may read."""
        mask = self.readable(reader)
        return frozenset(self.entries[at].content_no for at in np.flatnonzero(mask))

    def admitted(self, reader: Reader, filters: Filters | None) -> Mask:
        """Say which documents a reader's filters admit: bool, (n_documents,).

        Raises:
            BadFilter: A value that no document this reader may read has.
        """
        mask = self.readable(reader)
        if filters is None or filters == Filters():
            return mask
        self._check(filters, mask)
        tests = _tests(filters)
        for at in np.flatnonzero(mask):
            document = self.entries[at].document
            mask[at] = all(test(document.metadata) for test in tests) and (
                not filters.doc_ids or document.doc_id in filters.doc_ids
            )
        if filters.evidence:
            mask &= np.isin(np.arange(len(mask)), self.owners[self.is_evidence(filters)])
        return mask

    def languages(self, mask: Mask) -> frozenset[str]:
        """Return the languages that the documents of a mask are in, of those of the product."""
        bits = int(np.bitwise_or.reduce(self.spoken[mask])) if mask.any() else 0
        return frozenset(code for at, code in enumerate(LANGUAGES) if bits >> at & 1)

    def is_evidence(self, filters: Filters | None) -> Mask:
        """Say which passages are of the kinds of evidence that a filter wants: bool, (n,)."""
        if filters is None or not filters.evidence:
            return np.ones(len(self.numbers), dtype=bool)
        return np.isin(self.evidence, [EVIDENCE.index(kind) for kind in filters.evidence])

    def entry(self, doc_id: str, reader: Reader) -> DocumentEntry:
        """Return a document.

        Raises:
            NotFound: It does not exist, or this reader may not see it.
        """
        at = self._by_id.get(doc_id)
        if at is not None:
            entry = self.entries[at]
            metadata = entry.document.metadata
            if reader.may_read(metadata.access, metadata.groups):
                return entry
        raise NotFound(f"there is no document {doc_id!r} in this library")

    def facets(self, mask: Mask) -> dict[str, dict[str, int]]:
        """Count the documents of a mask by each facet, most frequent first, then by name.

        A document counts for each kind of evidence that at least one of its passages is.
        """
        counts = {name: self.counts(name, mask) for name in FACETS}
        counts["evidence"] = _ordered(self._count_evidence(mask))
        return counts

    def counts(self, facet: str, mask: Mask) -> dict[str, int]:
        """Count the documents of a mask by one of ``FACETS``, as ``facets`` does by all."""
        counter: Counter[str] = Counter()
        for at in np.flatnonzero(mask):
            counter.update(FACETS[facet](self.entries[at].document.metadata))
        return _ordered(counter)

    def _count_evidence(self, mask: Mask) -> Counter[str]:
        shown = mask[self.owners] & (self.evidence > 0)
        pairs = np.unique(np.stack((self.owners[shown], self.evidence[shown])), axis=1)
        return Counter(EVIDENCE[number].value for number in pairs[1].tolist())

    def _check(self, filters: Filters, readable: Mask) -> None:
        wanted = {
            "kind": filters.kinds,
            "country": filters.countries,
            "language": filters.languages,
            "publisher": filters.publishers,
        }
        for name, values in wanted.items():
            known = self.counts(name, readable) if values else {}
            have = {value.casefold() for value in known}
            for value in values:
                if value.casefold() not in have:
                    some = ", ".join(sorted(known)[:40]) or "none"
                    raise BadFilter(f"no document has the {name} {value!r}; there are: {some}")
        low, high = filters.year_from, filters.year_to
        if low is not None and high is not None and low > high:
            raise BadFilter(f"the years {low} to {high} run backwards: give the earlier one first")
        for doc_id in filters.doc_ids:
            at = self._by_id.get(doc_id)
            if at is None or not readable[at]:
                raise BadFilter(f"there is no document {doc_id!r} in this library")


def _bits(languages: Iterable[str]) -> int:
    return sum(1 << LANGUAGES.index(code) for code in set(languages) if code in LANGUAGES)


def _ordered(counter: Counter[str]) -> dict[str, int]:
    return dict(sorted(counter.items(), key=lambda item: (-item[1], item[0])))


def _tests(filters: Filters) -> list[Callable[[Metadata], bool]]:
    tests: list[Callable[[Metadata], bool]] = []

    def one_of(values: Sequence[str], read: Callable[[Metadata], Iterable[str]]) -> None:
        folded = {value.casefold() for value in values}
        if folded:
            tests.append(lambda m: any(value.casefold() in folded for value in read(m)))

    one_of(filters.kinds, FACETS["kind"])
    one_of(filters.countries, FACETS["country"])
    one_of(filters.languages, FACETS["language"])
    one_of(filters.publishers, FACETS["publisher"])
    one_of([level.value for level in filters.access], lambda m: (m.access.value,))
    low, high = filters.year_from, filters.year_to
    if filters.years:
        tests.append(lambda m: m.year in filters.years)
    if low is not None:
        tests.append(lambda m: m.year is not None and m.year >= low)
    if high is not None:
        tests.append(lambda m: m.year is not None and m.year <= high)
    return tests
