"""Which passages of a ranking stand on a page: none twice, no document all of it, one version."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np
from numpy.typing import NDArray

from index.catalogue import Catalogue
from index.reading import DocumentEntry, PassageRow
from index.snapshot import Snapshot
from index.types import SAME_WORK, Relation

Words = NDArray[np.uint32]

SAME_PLACE = 0.8
"""What each further passage of one page counts of the one before: who looks there sees all."""
PER_DOCUMENT = 3
"""From how many pages of one document on the further ones give way to other documents …"""
REPEATED = 0.85
"""… each counting this much of the one before."""
SAME = 0.9
"""Passages that share this much of their words (Jaccard) are shown once."""
SIGNATURE_BITS = 1024
"""A passage has about a hundred different words, so few of them share a bit."""


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """A passage that was found, with its document.

    Attributes:
        at: The position of its document in the catalogue.
        entry: Its document.
        row: It as stored.
        words: Its words in order, as ``Sequences.words`` gives them.
        signature: Of its words; see ``signatures``.
        score: What it was ranked by.
    """

    at: int
    entry: DocumentEntry
    row: PassageRow
    words: Words
    signature: int
    score: float


def choose(
    snapshot: Snapshot,
    ranking: Sequence[tuple[int, float]],
    limit: int,
    language: str,
    read: Mapping[int, PassageRow],
) -> list[tuple[Candidate, list[Candidate]]]:
    """Choose what stands on the page, each with the near-identical passages it stands for.

    Of the versions of one work (identical files, revisions, translations) one is shown: not one
    that another of them supersedes, then one in the question's language, then the best. What only
    the others say comes after everything else.

    Args:
        snapshot: The generation.
        ranking: (passage number, score), best first, all of it readable.
        limit: How many passages.
        language: The question's.
        read: Rows at hand, by passage number.
    """
    found: list[tuple[float, Candidate, list[Candidate]]] = []
    aside: list[Candidate] = []
    twins = _Twins()
    seen: dict[int, Counter[int]] = {}
    others = _other_versions(snapshot.catalogue, ranking, language)
    for candidate in _candidates(snapshot, ranking, read_for(limit), read):
        if candidate.at in others:
            aside.append(candidate)
        elif (also := twins.placed(candidate)) is not None:
            worth = candidate.score * _share(candidate, seen.setdefault(candidate.at, Counter()))
            found.append((worth, candidate, also))
        if len(found) == read_for(limit):
            break
    found.sort(key=lambda item: -item[0])
    shown = [(candidate, also) for _, candidate, also in found[:limit]]
    rest = [(c, also) for c in aside if (also := twins.placed(c)) is not None]
    return shown + rest[: limit - len(shown)]


def read_for(limit: int) -> int:
    """Return how many passages a page of so many is chosen from."""
    return 2 * limit + 5


def _share(candidate: Candidate, seen: Counter[int]) -> float:
    """Return what a passage counts beside those of its document before it, and count it.

    Args:
        candidate: The passage.
        seen: How many passages of each page (slide, row, line …) of its document came before.
    """
    place = candidate.row.first
    share = SAME_PLACE ** seen[place]
    seen[place] += 1
    return share * REPEATED ** max(0, len(seen) - PER_DOCUMENT)


def _other_versions(
    catalogue: Catalogue, ranking: Sequence[tuple[int, float]], language: str
) -> frozenset[int]:
    """Return the positions of documents that another version of their work stands for."""
    numbers = [number for number, _ in ranking]
    owners = catalogue.owners[np.searchsorted(catalogue.numbers, numbers)].tolist()
    present: dict[int, int] = {}
    for order, at in enumerate(owners):
        if catalogue.related(at):
            present.setdefault(at, order)
    others: set[int] = set()
    for members in _works(catalogue, present):
        newer = {
            at
            for at in members
            for relation, other in catalogue.related(at)
            if relation is Relation.SUPERSEDED_BY and other in members
        }
        ranks = {
            at: (at in newer, _foreign(catalogue, at, language), present[at]) for at in members
        }
        others |= members - {min(members, key=ranks.__getitem__)}
    return frozenset(others)


def _works(catalogue: Catalogue, present: dict[int, int]) -> Iterator[set[int]]:
    """Yield the groups of two and more documents that are versions of one work."""
    seen: set[int] = set()
    for start in present:
        if start in seen:
            continue
        members, waiting = {start}, [start]
        while waiting:
            for relation, other in catalogue.related(waiting.pop()):
                if relation in SAME_WORK and other in present and other not in members:
                    members.add(other)
                    waiting.append(other)
        seen |= members
        if len(members) > 1:
            yield members


def _foreign(catalogue: Catalogue, at: int, language: str) -> bool:
    languages = catalogue.entries[at].document.metadata.languages
    return language != "und" and bool(languages) and languages[0] != language


def _candidates(
    snapshot: Snapshot,
    ranking: Sequence[tuple[int, float]],
    size: int,
    read: Mapping[int, PassageRow],
) -> Iterator[Candidate]:
    """Read candidates best first, so many at a time."""
    catalogue = snapshot.catalogue
    for at in range(0, len(ranking), size):
        chunk = ranking[at : at + size]
        new = [number for number, _ in chunk if number not in read]
        rows = {**read, **(snapshot.reading.passages(new) if new else {})}
        numbers = [number for number, _ in chunk]
        owners = catalogue.owners[np.searchsorted(catalogue.numbers, numbers)].tolist()
        words = snapshot.derived.lexical.sequences.words(numbers)
        known = zip(chunk, owners, words, signatures(words), strict=True)
        for (number, score), owner, said, signature in known:
            yield Candidate(owner, catalogue.entries[owner], rows[number], said, signature, score)


def signatures(passages: Sequence[Words]) -> list[int]:
    """Return for each passage a number of ``SIGNATURE_BITS`` bits, one of them set by each word."""
    bits = np.zeros((len(passages), SIGNATURE_BITS), dtype=np.bool_)
    rows = np.repeat(np.arange(len(passages)), [len(words) for words in passages])
    bits[rows, np.concatenate(passages) % SIGNATURE_BITS] = True
    return [int.from_bytes(row.tobytes()) for row in np.packbits(bits, axis=1)]


class _Twins:
    """The passages placed so far.

    Where two share ``SAME`` of their words, few of those of either are missing from the other;
    and of the bits of its signature no more are missing than of its words.
    """

    def __init__(self) -> None:
        self._placed: list[tuple[Candidate, int, list[Candidate]]] = []
        self._wordless: list[Candidate] | None = None

    def placed(self, candidate: Candidate) -> list[Candidate] | None:
        """Return a list for a passage's twins, or None where it is one of an earlier passage."""
        size, own = len(candidate.words), candidate.signature
        if not size:
            return self._without_words(candidate)
        missing = size - ceil(SAME * size)  # at most, as some words may be there more than once
        for earlier, lacking, twins in self._placed:
            other = earlier.signature
            if (own & ~other).bit_count() > missing or (other & ~own).bit_count() > lacking:
                continue
            if _same(candidate, earlier):
                twins.append(candidate)
                return None
        also: list[Candidate] = []
        self._placed.append((candidate, missing, also))
        return also

    def _without_words(self, candidate: Candidate) -> list[Candidate] | None:
        if self._wordless is None:
            self._wordless = []
            return self._wordless
        self._wordless.append(candidate)
        return None


def _same(one: Candidate, other: Candidate) -> bool:
    left, right = frozenset(one.words.tolist()), frozenset(other.words.tolist())
    shared = len(left & right)
    return shared >= SAME * (len(left) + len(right) - shared)
