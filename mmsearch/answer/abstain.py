"""How sure the library is that the chosen pieces answer the question. Pure.

A logistic function over a few named signals. Its coefficients are fitted on questions whose
answer is there and the same questions with their paragraph taken away, so that it learns to
tell an answer from its neighbourhood (XQuAD in English, Spanish, Russian and Arabic, every
other question; the programme's own questions are kept for testing):

    python -m benchmarks.answers fit
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, fields
from math import exp

from index.types import Hit, SearchResult
from mmsearch.answer.question import Question, keys, missing, spells_out
from mmsearch.answer.select import Evidence, Selection, coverage, describing

THRESHOLD = 0.5
"""An answer is given from this confidence on.

On the half of XQuAD that was not fitted on, it answers 84 % of the English questions whose
paragraph is there and 13 % of those whose paragraph was taken away."""


@dataclass(frozen=True, slots=True)
class Signals:
    """What speaks for and against an answer; each 0–1 unless said.

    Attributes:
        cosine: Highest cosine of the question and a chosen piece, -1–1; 0 where it cannot
            be trusted.
        own: Share (by idf) of the question's words in the chosen pieces.
        around: Share of them in the pieces with their passage, headings and title.
        absent: Share of the question's words that none of the top hits has.
        missing_names: Share of the question's names that pieces and surroundings lack.
        missing_numbers: Share of its numbers and years that they lack.
        gap: How far the best hit's score is above the fifth's.
        agreement: The lower of the best piece's two rankings, keywords and vectors.
        no_value: 1 when a figure or date is asked for and no chosen piece has one.
        passage: Cosine of the question and the best piece's passage, -1–1; 0 where it
            cannot be trusted.
        spelled: 1 when a chosen piece spells out an acronym of the question.
    """

    cosine: float
    own: float
    around: float
    absent: float
    missing_names: float
    missing_numbers: float
    gap: float
    agreement: float
    no_value: float
    passage: float
    spelled: float

    def vector(self) -> tuple[float, ...]:
        """Return the signals in the order of ``NAMES``."""
        return tuple(astuple(self))


NAMES = tuple(field.name for field in fields(Signals))

KNOWN: Mapping[str, float] = {
    "cosine": 4.133,
    "own": 2.725,
    "around": 2.427,
    "absent": -0.107,
    "missing_names": -3.0,
    "missing_numbers": -3.5,
    "gap": 1.498,
    "agreement": 2.33,
    "no_value": -0.566,
    "passage": 1.303,
    "spelled": 3.0,
    "bias": -8.19,
}
"""Coefficients where the model knows the language; "bias" is the constant."""
FOREIGN: Mapping[str, float] = {
    "cosine": 0.0,
    "own": 2.985,
    "around": 1.546,
    "absent": -1.132,
    "missing_names": -3.0,
    "missing_numbers": -3.5,
    "gap": 4.328,
    "agreement": 1.696,
    "no_value": -1.303,
    "passage": 0.0,
    "spelled": 3.0,
    "bias": -6.128,
}
"""Coefficients where it does not: words alone."""


def confidence(signals: Signals, *, trusted: bool) -> float:
    """Return how sure the library is, 0–1.

    Args:
        signals: See ``measure``.
        trusted: Whether the model knows the language, so that the cosine says something.
    """
    weights = KNOWN if trusted else FOREIGN
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
    beside = said.union(*(_around(e) for e in chosen))
    anywhere = frozenset(beside).union(*(_passage(hit) for hit in result.hits[:8]))
    wants = question.wants_value
    return Signals(
        cosine=max((e.cosine for e in chosen if e.cosine is not None), default=0.0),
        own=coverage(question.words, selection.weights, said),
        around=coverage(question.words, selection.weights, beside),
        absent=1.0 - coverage(question.words, [1.0] * len(question.words), anywhere),
        missing_names=missing(question.names, beside),
        missing_numbers=missing(question.given, beside),
        gap=_gap(result.hits),
        agreement=_agreement(chosen[0].hit, result.hits),
        no_value=float(wants and not any(e.has_value for e in chosen)),
        passage=(chosen[0].hit.cosine or 0.0) if chosen[0].cosine is not None else 0.0,
        spelled=float(any(spells_out(question, e.text) for e in chosen)),
    )


def _own(evidence: Evidence) -> frozenset[str]:
    return keys(evidence.text, evidence.hit.passage.language)


def _around(evidence: Evidence) -> frozenset[str]:
    hit = evidence.hit
    above = " ".join((hit.document.metadata.title, *hit.passage.locator.heading_path))
    return keys(above, hit.passage.language) | describing(hit) | _passage(hit)


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
