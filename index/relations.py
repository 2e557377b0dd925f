"""How documents belong together: versions, corrections, twins, briefs, translations. Pure.

The hard part is precision: a relation that is wrong hides a document behind another. So a revision
and a correction are believed by their symbols, a draft only with a text that resembles the final
one's, a translation only beside a file of the same name in another language.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import combinations
from pathlib import PurePosixPath

from index.sketch import ORDERS, resemblance, unpack
from index.types import Relation
from ingest.types import Metadata

SAME_TEXT = 0.97
"""Sketches that agree so far are of one text in two files."""
DRAFT = 0.4
"""A draft and its final version have at least so much of their text in common."""
MOST_IN_A_BUCKET = 200
"""Larger buckets are a name that says nothing, such as "report.pdf" in every folder."""

_LANGUAGE = re.compile(
    r"(?:en|fr|es|ar|ru|ro|sr|bn|eng|fra|fre|spa|ara|rus|ron|srp|ben|english|french|francais|anglais"
    r"|spanish|espanol|ingles|arabic|russian|romanian|serbian|bangla|latn|cyrl)"
)
_DRAFT = re.compile(r"\b(?:draft|projet|borrador|not for (?:citation|circulation))\b")
_FINAL = re.compile(r"\b(?:final|finale)\b")
_NUMBERED = re.compile(r"\b(?:v|ver|version|rev|draft) ?(\d{1,2})\b")
_KIND_WORDS = frozenset(
    [
        "evaluation",
        "report",
        "brief",
        "summary",
        "executive",
        "full",
        "management",
        "response",
        "synthesis",
        "resume",
        "informe",
        "rapport",
        "note",
        "factsheet",
        "action",
        "plan",
        "matrix",
        "policy",
        "the",
        "to",
        "of",
        "du",
        "des",
        "del",
        "and",
        "de",
        "la",
        "le",
        "an",
        "a",
        "inception",
        "initial",
        "final",
        "draft",
        "evaluacion",
        "reponse",
        "direction",
        "fr",
        "en",
        "es",
        "ar",
        "ru",
    ]
)
_SYMBOL_PART = re.compile(r"/(Corr|Rev|Add)\.(\d+)$")
_FULL = frozenset({"evaluation", "report", "annual report", "lessons learned"})
YEARS_TO_RESPOND = 2
"""A response comes out so many years after the report, at most."""
_LEAST_STEM = 2
"""Words that a file's name must keep to say what the document is about."""


@dataclass(frozen=True, slots=True)
class Described:
    """What is compared of a document."""

    doc_id: str
    file: str
    sha256: str
    metadata: Metadata
    sketch: bytes


Found = tuple[str, Relation, str]
"""(doc_id, relation, doc_id): the first stands in the relation to the second."""


def relate(documents: Sequence[Described]) -> list[Found]:
    """Find every relation among the documents of a library.

    Returns:
        Relations in one direction each (``Relation.inverse`` gives the other), sorted; two
        documents have one relation at most, the strongest.
    """
    found: dict[frozenset[str], Found] = {}
    rules: tuple[Callable[[Sequence[Described]], Iterator[Found]], ...] = (
        _identical,
        _by_symbol,
        _same_text,
        _versions,
        _translations,
        _briefs,
    )
    for rule in rules:
        for one, relation, other in rule(documents):
            found.setdefault(frozenset({one, other}), (one, relation, other))
    return sorted(found.values())


def _identical(documents: Sequence[Described]) -> Iterator[Found]:
    for group in _buckets(documents, lambda d: d.sha256):
        for other in group[1:]:
            yield other.doc_id, Relation.IDENTICAL, group[0].doc_id
        for one, other in combinations(group[1:], 2):
            yield other.doc_id, Relation.IDENTICAL, one.doc_id


def _by_symbol(documents: Sequence[Described]) -> Iterator[Found]:
    """Corrigenda, addenda and revisions by their symbols, translations by the same symbol."""
    by_symbol: dict[str, list[Described]] = defaultdict(list)
    for document in documents:
        if document.metadata.symbol:
            by_symbol[document.metadata.symbol].append(document)
    for symbol, group in by_symbol.items():
        for one, other in combinations(group, 2):
            if _language(one) != _language(other):
                yield other.doc_id, Relation.TRANSLATION, one.doc_id
        match = _SYMBOL_PART.search(symbol)
        if match is None:
            continue
        base, part, number = symbol[: match.start()], match[1], int(match[2])
        relation = {"Corr": Relation.CORRECTS, "Rev": Relation.SUPERSEDES, "Add": Relation.ADDS_TO}
        before = [base]
        if part == "Rev":
            before += [f"{base}/Rev.{n}" for n in range(1, number)]
        for earlier in before:
            for one, other in _pairs(group, by_symbol.get(earlier, [])):
                yield one.doc_id, relation[part], other.doc_id


def _same_text(documents: Sequence[Described]) -> Iterator[Found]:
    """One text in two files, such as a report as Word and as PDF."""
    for band in range(0, ORDERS, 8):
        for one, other in _paired(documents, partial(_band, band)):
            alike = resemblance(one.sketch, other.sketch) >= SAME_TEXT
            if alike and _language(one) == _language(other):
                yield other.doc_id, Relation.SAME_TEXT, one.doc_id


def _band(at: int, document: Described) -> bytes:
    return unpack(document.sketch)[at : at + 8].tobytes() if document.sketch else b""


def _versions(documents: Sequence[Described]) -> Iterator[Found]:
    """Draft and final, version 1 and 2: files of one name but for the version, of like text."""
    for one, other in _paired(documents, _unversioned):
        first, second = _rank(one), _rank(other)
        if first == second or resemblance(one.sketch, other.sketch) < DRAFT:
            continue
        newer, older = (one, other) if first > second else (other, one)
        yield newer.doc_id, Relation.SUPERSEDES, older.doc_id


def _unversioned(document: Described) -> str:
    """Return a file's name without what says which version it is."""
    name = " ".join(_name(document.file))
    for pattern in (_NUMBERED, _DRAFT, _FINAL):
        name = pattern.sub(" ", name)
    kept = " ".join(name.split())
    folder = str(PurePosixPath(document.file).parent)
    return f"{folder}/{kept}|{_language(document)}" if kept else ""


def _rank(document: Described) -> tuple[int, int]:
    """Order versions: draft before unmarked before final; within them by number."""
    text = f"{' '.join(_name(document.file))} {_plain(document.metadata.title)}"
    numbers = [int(n) for n in _NUMBERED.findall(text)]
    stage = -1 if _DRAFT.search(text) else 1 if _FINAL.search(text) else 0
    return stage, max(numbers, default=0)


def _translations(documents: Sequence[Described]) -> Iterator[Found]:
    """Files of one name but for the language, in different languages, of one year and kind."""
    for one, other in _paired(documents, _untranslated):
        left, right = one.metadata, other.metadata
        years = {left.year, right.year} - {None}
        kinds = {left.kind, right.kind} - {"document"}
        if _language(one) != _language(other) and len(years) < 2 and len(kinds) < 2:
            yield other.doc_id, Relation.TRANSLATION, one.doc_id


def _untranslated(document: Described) -> str:
    words = _name(document.file)
    kept = [word for word in words if not _LANGUAGE.fullmatch(word)]
    if not kept or not _language(document):
        return ""
    parents = PurePosixPath(document.file).parent.parts
    folder = "/".join(part for part in parents if not _LANGUAGE.fullmatch(part.lower()))
    return f"{folder}/{' '.join(kept)}"


def _briefs(documents: Sequence[Described]) -> Iterator[Found]:
    """The brief and the full report, the response and what it answers: of one subject."""
    for key in (_subject_by_name, _subject_by_title, _subject_by_words):
        for one, other in _paired(documents, key):
            if key is _subject_by_words and not _soon_after(one, other):
                continue
            for first, second in ((one, other), (other, one)):
                if first.metadata.kind == "brief" and second.metadata.kind in _FULL:
                    yield first.doc_id, Relation.BRIEF_OF, second.doc_id
                elif first.metadata.kind == "management response" and second.metadata.kind in _FULL:
                    yield first.doc_id, Relation.RESPONDS_TO, second.doc_id


def _subject_by_name(document: Described) -> str:
    kept = [word for word in _name(document.file) if word not in _KIND_WORDS]
    telling = [word for word in kept if not word.isdigit()]
    folder = str(PurePosixPath(document.file).parent)
    return f"{folder}/{' '.join(kept)}" if len(telling) >= _LEAST_STEM else ""


def _subject_by_title(document: Described) -> str:
    kept = [word for word in _plain(document.metadata.title).split() if word not in _KIND_WORDS]
    return " ".join(kept) if len(kept) > _LEAST_STEM else ""


def _subject_by_words(document: Described) -> str:
    """Return a title's telling words in whatever order: "Response to Review of X", "X: Review"."""
    words = {word for word in _subject_by_title(document).split() if not word.isdigit()}
    return " ".join(sorted(words)) if len(words) > _LEAST_STEM else ""


def _soon_after(one: Described, other: Described) -> bool:
    """Say whether one of two may respond to the other: both have years, and near ones."""
    years = [d.metadata.year for d in (one, other) if d.metadata.year is not None]
    kinds = {one.metadata.kind, other.metadata.kind}
    most = YEARS_TO_RESPOND if "management response" in kinds else 0
    return len(years) == 2 and max(years) - min(years) <= most


def _name(file: str) -> list[str]:
    stem = re.sub(r"\.[A-Za-z0-9]{1,5}$", "", PurePosixPath(file).name)
    return _plain(re.sub(r"([a-z])([A-Z])", r"\1 \2", stem)).split()


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text.lower())
    bare = "".join(char for char in folded if not unicodedata.combining(char))
    return " ".join(re.findall(r"[^\W_]+", bare))


def _language(document: Described) -> str:
    return document.metadata.languages[0] if document.metadata.languages else ""


def _paired(
    documents: Iterable[Described], key: Callable[[Described], str | bytes]
) -> Iterator[tuple[Described, Described]]:
    for group in _buckets(documents, key):
        yield from combinations(group, 2)


def _buckets(
    documents: Iterable[Described], key: Callable[[Described], str | bytes]
) -> Iterator[list[Described]]:
    """Yield groups of two and more documents with the same key; an empty key groups nothing."""
    groups: dict[str | bytes, list[Described]] = defaultdict(list)
    for document in documents:
        if value := key(document):
            groups[value].append(document)
    for group in groups.values():
        if 1 < len(group) <= MOST_IN_A_BUCKET:
            yield group


def _pairs(
    ones: Iterable[Described], others: Sequence[Described]
) -> Iterator[tuple[Described, Described]]:
    """Pair two versions; of several languages those of the same one."""
    for one in ones:
        same = [other for other in others if _language(other) == _language(one)]
        for other in same or others:
            yield one, other
