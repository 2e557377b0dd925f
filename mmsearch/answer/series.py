"""Answering from a series: which recommendations were accepted, what was answered to one. Pure.

Sentences that look most like a question are no answer to "which recommendations …": that is all
of them, in their order, and nothing else. And whether something was accepted is said by the row
of the response, which seldom repeats what the recommendation was about.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from index.analysis import words
from index.types import DocumentText, Embedder, Hit, Relation, SearchResult, StoredPassage
from ingest.metadata_countries import local_name
from mmsearch.answer.entries import entries, says_again
from mmsearch.answer.question import Question, Word, keys, missing
from mmsearch.answer.responses import Entry
from mmsearch.answer.select import Evidence, coverage, describing, idf
from mmsearch.answer.series_words import (
    ACTIONS_ASKED,
    GENERIC,
    NOUNS,
    WHOM_ASKED,
    WHY,
    Sort,
    Verdict,
    asked_sort,
    asks_for_one,
    verdict,
)
from mmsearch.answer.spans import Span

COVERED = 0.5
"""An entry is about a topic when its statement has this share (by idf) of the topic's words,"""
ALIKE = 0.3
"""… or this cosine with them. The question itself says too much: whose recommendations they are
makes all of them alike."""
MOST_ACTIONS = 6
"""How many actions of one response are quoted."""
OWN = 0.5
"""What a document gains that is about no other country than the one in the question, in words."""
OPENING = 800
"""So many characters of a document's beginning say what it is about, besides its metadata."""
SURE, BASE = 0.97, 0.6
"""Confidence when all words of the question are in the series and its document, and when none
is; a series is only answered from when it is of the sort, verdict and names that are asked for."""

NONE_SUCH = 0.1
"""… and when management decided on the series, but never as asked: other verdicts do not answer."""

Passages = Callable[[str], Sequence[StoredPassage]]
"""Returns a document's passages, in order."""


@dataclass(frozen=True, slots=True)
class Series:
    """Pieces that answer together, in the order in which they are to be read.

    Attributes:
        evidence: The pieces; none when the documents speak of the matter and none is as asked.
        confidence: 0–1.
        total: How many entries there are, or None for the response to one of them.
    """

    evidence: tuple[Evidence, ...]
    confidence: float
    total: int | None


@dataclass(frozen=True, slots=True)
class _Shelf:
    """A document among the hits that has a series.

    Attributes:
        hit: Its best hit.
        document: Its text.
        entries: Its series.
        about: Keys of title, countries, publisher, year, and of its opening.
    """

    hit: Hit
    document: DocumentText
    entries: tuple[Entry, ...]
    about: frozenset[str]


def asks_for_series(question: str) -> bool:
    """Say whether a question may be answered from a series; see ``from_series``."""
    return bool(
        asked_sort(question) or verdict(question) or asks_for_one(question) or _number(question)
    )


def from_series(
    question: Question,
    result: SearchResult,
    *,
    embedder: Embedder,
    text: Callable[[str], DocumentText],
    passages: Passages,
) -> Series | None:
    """Answer from the series of the documents found, or return None: it is another question.

    Args:
        question: As read by ``question.read``.
        result: Hits, best first.
        embedder: The model that the hits were found with.
        text: Returns a document's text and blocks.
        passages: See ``Passages``.
    """
    sort, said = asked_sort(question.text), verdict(question.text)
    number = _number(question.text)
    if number is not None:
        shelves = _best(question, _shelves(result, Sort.RECOMMENDATION, text, None))
        return _one(question, shelves, passages, embedder, number)
    if sort is not None:
        shelves = _best(question, _shelves(result, sort, text, said))
        found = _all(question, shelves, said, passages, embedder)
        if found is None and said is not None and _decided(result, sort, text):
            return Series((), NONE_SUCH, 0)
        return found
    if said is None and asks_for_one(question.text):
        shelves = _shelves(result, Sort.RECOMMENDATION, text, None)
        eligible = [shelf for _, shelf in _eligible(question, shelves)]
        return _one(question, eligible, passages, embedder, None)
    if said is not None:
        shelves = _shelves(result, Sort.RECOMMENDATION, text, None)
        answered = [s for s in shelves if any(e.verdict for e in s.entries)]
        return _one(question, _best(question, answered), passages, embedder, None)
    return None


def _all(
    question: Question,
    shelves: Sequence[_Shelf],
    said: Verdict | None,
    passages: Passages,
    embedder: Embedder,
) -> Series | None:
    found: list[Evidence] = []
    total, covered = 0, 0.0
    why = WHY.search(question.text) is not None
    for shelf in shelves:
        wanted = [e for e in shelf.entries if said is None or _is(e.verdict, said)]
        topic = _topic(question, shelf)
        if topic:
            wanted = _about(question, topic, wanted, shelf, embedder)
        covered = max(covered, _covered(question, shelf, wanted))
        for entry in wanted:
            piece = _evidence(shelf, entry.statement, passages)
            if piece is None or any(says_again(piece.text, other.text) for other in found):
                continue
            also = _evidence(shelf, entry.said, passages) if said and entry.said else None
            found.append(replace(piece, also=(also,) if also and not why else ()))
            total += 1
            spans = [entry.said, *entry.reasons[:1]] if why else []
            reasons = dict.fromkeys(span for span in spans if span)
            found += [r for span in reasons if (r := _evidence(shelf, span, passages))]
    if not found:
        return None
    return Series(tuple(found), BASE + (SURE - BASE) * covered, total)


def _decided(result: SearchResult, sort: Sort, text: Callable[[str], DocumentText]) -> bool:
    """Say whether any document found has verdicts on such a series."""
    return any(e.verdict for shelf in _shelves(result, sort, text, None) for e in shelf.entries)


def _one(
    question: Question,
    shelves: Sequence[_Shelf],
    passages: Passages,
    embedder: Embedder,
    number: str | None,
) -> Series | None:
    """Answer with one entry: what it says, and what was answered to it."""
    best: tuple[float, _Shelf, Entry] | None = None
    for shelf in shelves:
        if number is not None:
            named = [e for e in shelf.entries if e.number == number]
            scored = [(1.0, e) for e in named[:1]]
        else:
            topic = _telling(question) if len(shelves) > 1 else _topic(question, shelf)
            scored = _ranked(question, topic, shelf, embedder)[:1]
        for score, entry in scored:
            if best is None or score > best[0]:
                best = (score, shelf, entry)
    if best is None:
        return None
    score, shelf, entry = best
    spans = [entry.statement, *([entry.said] if entry.said else [])]
    if WHOM_ASKED.search(question.text):
        spans += entry.addressees
    if WHY.search(question.text):
        spans += entry.reasons[:1]
    elif ACTIONS_ASKED.search(question.text) or number is None:
        spans += entry.actions[:MOST_ACTIONS] or entry.reasons[:1]
    found = [piece for span in spans if (piece := _evidence(shelf, span, passages))]
    if not found:
        return None
    share = max(_covered(question, shelf, [entry]), min(1.0, score))
    return Series(tuple(found), BASE + (SURE - BASE) * share, None)


def _shelves(
    result: SearchResult, sort: Sort, text: Callable[[str], DocumentText], said: Verdict | None
) -> list[_Shelf]:
    found: dict[str, _Shelf] = {}
    for hit in result.hits:
        doc_id = hit.passage.doc_id
        if doc_id in found:
            continue
        document = text(doc_id)
        series = entries(document, sort, hit.document.metadata.kind)
        if not series or (said and not any(_is(e.verdict, said) for e in series)):
            continue
        language = hit.passage.language
        opening = document.text[: min(OPENING, min(e.whole[0] for e in series))]
        data = hit.document.metadata
        names = " ".join(local_name(country, language) for country in data.countries)
        about = keys(f"{data.title} {data.kind} {names} {opening}", language) | describing(hit)
        found[doc_id] = _Shelf(hit, document, series, about)
    return list(found.values())


def _best(question: Question, shelves: Sequence[_Shelf]) -> list[_Shelf]:
    """Keep the documents that most of the question is about.

    Where several are as good they all answer, but for a brief or response that repeats its report.
    """
    good = _eligible(question, shelves)
    most = max((score for score, _ in good), default=0)
    best = [shelf for score, shelf in good if score == most]
    whole = {shelf.hit.passage.doc_id for shelf in best}
    return [shelf for shelf in best if not whole & set(_reports(shelf))]


def _reports(shelf: _Shelf) -> Iterator[str]:
    """Yield the documents that a brief sums up, or that a response repeats to answer them."""
    for other in shelf.hit.document.related:
        if other.relation in (Relation.BRIEF_OF, Relation.RESPONDS_TO):
            yield other.doc_id


def _eligible(question: Question, shelves: Sequence[_Shelf]) -> list[tuple[float, _Shelf]]:
    """Leave out documents that lack a name or year; say how many words name each that is left.

    A document about the place alone is preferred to one that is about others too.
    """
    good = []
    places = _places(question)
    for shelf in shelves:
        everything = shelf.about | keys(shelf.document.text, shelf.hit.passage.language)
        if missing(question.names, everything) or missing(question.given, shelf.about | everything):
            continue
        if missing(places, shelf.about):
            continue
        score = float(sum(word.within(shelf.about) for word in _telling(question)))
        if places and len(shelf.hit.document.metadata.countries) == 1:
            score += OWN
        good.append((score, shelf))
    return good


def _telling(question: Question) -> list[Word]:
    """Return the question's words without those that name series and verdicts."""
    return [word for word in question.words if not word.within(GENERIC[question.language])]


def _places(question: Question) -> tuple[Word, ...]:
    """Return the names that stand after a preposition of place: "in Haiti", "en Haïti"."""
    near = {w for match in _PLACE.finditer(question.text) for w in words(match.group(1))}
    return tuple(name for name in question.names if any(name.folded == _fold(w) for w in near))


def _fold(word: str) -> str:
    return next(iter(k for k in keys(word, "und")), word)


_PLACE = re.compile(
    r"\b(?:in|for|en|au|aux|pour|în|pentru|para|в|для|u|у|za|за)\s+(?:the\s+|la\s+|le\s+)?"
    r"([A-ZÀ-ÝА-Я][\w’'-]+(?:\s+[A-ZÀ-ÝА-Я][\w’'-]+)*)"
)
_NUMBERED = re.compile(
    rf"\b(?:{NOUNS[Sort.RECOMMENDATION]})\s*(?:no\.?|n[°ºo]\.?|number|numéro|número|#|№)?\s*"
    r"(\d{1,3})\b",
    re.IGNORECASE,
)


def _number(question: str) -> str | None:
    match = _NUMBERED.search(question)
    return match.group(1) if match else None


def _is(has: Verdict | None, wanted: Verdict) -> bool:
    """Say whether a verdict is the one asked for; partly accepted is also accepted."""
    return has is wanted or (wanted is Verdict.ACCEPTED and has is Verdict.PARTLY)


def _topic(question: Question, shelf: _Shelf) -> tuple[Word, ...]:
    """Return the question's words that neither ask nor name the document: they say what about."""
    return tuple(word for word in _telling(question) if not word.within(shelf.about))


def _about(
    question: Question,
    topic: Sequence[Word],
    wanted: Sequence[Entry],
    shelf: _Shelf,
    embedder: Embedder,
) -> list[Entry]:
    """Keep the entries that are about the topic, in their order."""
    chosen = {id(e) for _, e in _ranked(question, topic, shelf, embedder)}
    return [e for e in wanted if id(e) in chosen]


def _ranked(
    question: Question, topic: Sequence[Word], shelf: _Shelf, embedder: Embedder
) -> list[tuple[float, Entry]]:
    """Score the entries about a topic, best first.

    Where no statement is, those whose management response is; none of both, none at all.
    """
    language = shelf.hit.passage.language
    text = shelf.document.text
    heads = [keys(text[slice(*e.statement)], language) for e in shelf.entries]
    wholes = [keys(text[slice(*e.whole)], language) for e in shelf.entries]
    weights = idf(topic, wholes)
    cosines = _cosines(question, topic, shelf, embedder)
    stating, answering = [], []
    for entry, head, whole, cosine in zip(shelf.entries, heads, wholes, cosines, strict=True):
        stated, said = coverage(topic, weights, head), coverage(topic, weights, whole)
        scored = (0.5 * stated + 0.2 * said + 0.6 * cosine, entry)
        if stated >= COVERED or cosine >= ALIKE:
            stating.append(scored)
        elif said >= COVERED:
            answering.append(scored)
    return sorted(stating or answering, key=lambda item: (-item[0], item[1].statement))


def _cosines(
    question: Question, topic: Sequence[Word], shelf: _Shelf, embedder: Embedder
) -> list[float]:
    """Return each statement's cosine with a topic; 0 where the model knows no such tongue."""
    languages = {question.language, shelf.hit.passage.language} - {"und"}
    if not topic or not languages <= embedder.languages:
        return [0.0] * len(shelf.entries)
    statements = [shelf.document.text[slice(*e.statement)] for e in shelf.entries]
    vectors = embedder.embed_passages(statements)
    about = embedder.embed_query(" ".join(word.folded for word in topic))
    return [float(x) for x in vectors @ np.asarray(about)]


def _covered(question: Question, shelf: _Shelf, wanted: Sequence[Entry]) -> float:
    """Return the share of the question's telling words in the document's name or the entries."""
    telling = _telling(question)
    if not telling:
        return 1.0
    language = shelf.hit.passage.language
    having = shelf.about.union(
        *(keys(shelf.document.text[slice(*e.whole)], language) for e in wanted)
    )
    return sum(word.within(having) for word in telling) / len(telling)


def _evidence(shelf: _Shelf, span: Span, passages: Passages) -> Evidence | None:
    """Make a span into evidence, cut to the passage that holds its beginning."""
    start, end = span
    for passage in passages(shelf.hit.passage.doc_id):
        if passage.start <= start < passage.end:
            end = min(end, passage.end)
            text = shelf.document.text[start:end].rstrip()
            hit = replace(shelf.hit, passage=passage)
            return Evidence(
                hit=hit,
                start=start,
                end=start + len(text),
                text=text,
                score=1.0,
                cosine=None,
                complete=True,
            )
    return None
