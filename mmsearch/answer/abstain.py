"""How sure the library is that the chosen pieces answer the question. Pure.

A logistic function over named signals. Its coefficients lie in ``coefficients.json`` and are
fitted on questions whose answer is there, over paragraphs and over real reports, on the same
with their documents taken away, and with a name, a year or their chief word exchanged, so that it
learns to tell an answer from its neighbourhood and from a near miss:

    python -m benchmarks.abstention fit
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from importlib.resources import files
from math import exp
from operator import attrgetter

from index.analysis import terms
from index.second_stage import in_order
from index.types import Hit, SearchResult
from mmsearch.answer.equivalents import asked_of
from mmsearch.answer.question import Question, keys, missing, spells_out
from mmsearch.answer.select import Evidence, Selection, coverage, describing
from mmsearch.conversation.entities import EntityType, entities

RIGHT, WRONG = 1.0, 1.0
"""What a right answer is worth, and what a wrong one costs: as much, because who cannot trust
the answers reads the passages anyway. So it answers where it is rather right than not."""
THRESHOLD = WRONG / (RIGHT + WRONG)
"""An answer is given from this confidence on: there it is worth as much as it costs."""

EXCHANGEABLE = frozenset({EntityType.COUNTRY, EntityType.YEAR, EntityType.ORGANISATION})
"""Types of entities of which one takes the place of another in a near miss."""


@dataclass(frozen=True, slots=True)
class Signals:
    """What speaks for and against an answer; each 0–1 unless said.

    Attributes:
        cosine: Highest cosine of the question and a chosen piece, -1–1; 0 where it cannot
            be trusted.
        best: Share (by idf) of the question's words in the best piece, themselves or in another
            language.
        around: Share of them in the pieces with their passage, headings and title.
        missing_names: Share of the question's names that pieces and surroundings lack.
        names_apart: Share of them that the best piece, its headings and title lack.
        missing_numbers: Share of its numbers and years that pieces and surroundings lack.
        numbers_apart: Share of them that the best piece, its headings and title lack.
        gap: How far the best hit's score is above the fifth's.
        agreement: The lower of the best piece's two rankings, keywords and vectors.
        no_value: 1 when no chosen piece has the kind of answer that is asked for.
        passage: Cosine of the question and the best piece's passage, -1–1; 0 where it
            cannot be trusted.
        spelled: 1 when a chosen piece spells out an acronym of the question.
        first: 1 when the best piece stands in the best hit.
        order: Share (by idf) of the question's neighbouring words that stand near each other
            in the best piece, in their order.
        odds: How likely the best piece is among all, by their scores.
        apart: How far its score is above that of the best piece of another passage, a tenth.
        given: 1 when the question has a name or a number.
        other: 1 when the best piece names another country, year or organisation in the place
            of the question's.
        hit: The best hit's score.
        score: The best piece's score, a tenth; without a limit.
        reads: How likely the learnt reader takes the best piece to answer (``Features.reads``),
            -1–1; None where it was not read.
    """

    cosine: float
    best: float
    around: float
    missing_names: float
    names_apart: float
    missing_numbers: float
    numbers_apart: float
    gap: float
    agreement: float
    no_value: float
    passage: float
    spelled: float
    first: float
    order: float
    odds: float
    apart: float
    given: float
    other: float
    hit: float
    score: float
    reads: float | None = None

    def vector(self) -> tuple[float, ...]:
        """Return the signals in the order of ``NAMES``; one that there is not counts 0."""
        return tuple(value or 0.0 for value in _VALUES(self))


NAMES = tuple(field.name for field in fields(Signals))
_VALUES = attrgetter(*NAMES)


def _load() -> Mapping[str, Mapping[str, float]]:
    text = files("mmsearch.answer").joinpath("coefficients.json").read_text(encoding="utf-8")
    loaded: Mapping[str, Mapping[str, float]] = json.loads(text)
    return loaded


COEFFICIENTS = _load()
"""By "read" (the learnt reader read a piece), "known" (the model knows the language, but is another
than the reader's) and "foreign" (words alone); "bias" is constant."""


def confidence(signals: Signals, *, trusted: bool) -> float:
    """Return how sure the library is, 0–1.

    Args:
        signals: See ``measure``.
        trusted: Whether the model knows the language, so that the cosine says something.
    """
    label = "foreign" if not trusted else "known" if signals.reads is None else "read"
    weights = COEFFICIENTS[label]
    total = weights["bias"] + sum(
        weights[name] * value for name, value in zip(NAMES, signals.vector(), strict=True)
    )
    return 1.0 / (1.0 + exp(-max(-30.0, min(30.0, total))))


def measure(question: Question, selection: Selection, result: SearchResult) -> Signals:
    """Measure the signals of a selection that chose at least one piece.

    Raises:
        ValueError: The selection chose nothing; there is nothing to be sure of.
    """
    if not selection.chosen:
        raise ValueError("the selection is empty: answer 'not found' without measuring it")
    chosen = selection.chosen
    said = frozenset().union(*(_own(e) for e in chosen))
    named = said.union(*(_named(e) for e in chosen))
    best = _own(chosen[0]) | _named(chosen[0])
    beside = named.union(*(_passage(e.hit) for e in chosen))
    weights = selection.weights
    words = tuple(replace(word, like=()) for word in question.words)
    return Signals(
        cosine=max((e.cosine for e in chosen if e.cosine is not None), default=0.0),
        best=coverage(words, weights, _own(chosen[0])),
        around=coverage(words, weights, beside),
        missing_names=missing(question.names, beside),
        names_apart=missing(question.names, best),
        missing_numbers=missing(question.given, beside),
        numbers_apart=missing(question.given, best),
        gap=_gap(result.hits),
        agreement=_agreement(chosen[0].hit, result.hits),
        no_value=float(all(e.offers is False for e in chosen)),
        passage=(chosen[0].hit.cosine or 0.0) if chosen[0].cosine is not None else 0.0,
        spelled=float(any(spells_out(question, e.text) for e in chosen)),
        first=float(chosen[0].hit.rank == 1),
        order=in_order(
            asked_of(words, weights).terms,
            terms(chosen[0].text, chosen[0].hit.passage.language),
        ),
        odds=_odds(selection.ranked),
        apart=_apart(selection.ranked),
        given=float(bool(question.names or question.given)),
        other=float(_names_another(question, chosen[0])),
        hit=result.hits[0].score if result.hits else 0.0,
        score=chosen[0].score / 10,
        reads=chosen[0].reads,
    )


def _odds(ranked: Sequence[Evidence]) -> float:
    """Return the share of the best piece among all, by the exponentials of their scores."""
    return 1.0 / sum(exp(e.score - ranked[0].score) for e in ranked)


def _apart(ranked: Sequence[Evidence]) -> float:
    best = ranked[0]
    others = (e.score for e in ranked if e.hit.passage != best.hit.passage)
    return min(1.0, (best.score - next(others, best.score - 10)) / 10)


def _names_another(question: Question, best: Evidence) -> bool:
    """Say whether a piece has another entity of a type of which the question's are missing."""
    asked = _by_type(question.text, question.language)
    if not asked:
        return False
    said = _by_type(best.text, best.hit.passage.language)
    data = best.hit.document.metadata
    above = " ; ".join(
        (data.title, *best.hit.passage.locator.heading_path, *data.countries, str(data.year or ""))
    )
    known = _by_type(above, best.hit.passage.language)
    return any(
        said.get(sort) and keys.isdisjoint(said[sort] | known.get(sort, frozenset()))
        for sort, keys in asked.items()
    )


def _by_type(text: str, language: str) -> dict[EntityType, frozenset[str]]:
    found: dict[EntityType, set[str]] = {}
    for entity in entities(text, language):
        if entity.type in EXCHANGEABLE:
            found.setdefault(entity.type, set()).add(entity.key)
    return {sort: frozenset(keys) for sort, keys in found.items()}


def _own(evidence: Evidence) -> frozenset[str]:
    return keys(evidence.text, evidence.hit.passage.language)


def _named(evidence: Evidence) -> frozenset[str]:
    hit = evidence.hit
    above = " ".join((hit.document.metadata.title, *hit.passage.locator.heading_path))
    return keys(f"{above}\n{hit.passage.context}", hit.passage.language) | describing(hit)


def _passage(hit: Hit) -> frozenset[str]:
    passage = hit.passage
    return keys(f"{passage.context}\n{passage.text}", passage.language)


def _gap(hits: Sequence[Hit]) -> float:
    top = hits[0].score
    if len(hits) < 2 or top <= 0:
        return 0.0
    return max(0.0, (top - hits[min(4, len(hits) - 1)].score) / top)


def _agreement(hit: Hit, hits: Sequence[Hit]) -> float:
    cosines = [h.cosine for h in hits if h.cosine is not None]
    keyword = hit.keyword if hit.keyword is not None else 0.0
    if hit.cosine is None or not cosines or max(cosines) <= 0:
        return keyword
    return min(keyword, max(0.0, hit.cosine / max(cosines)))
