"""Choosing the one to three pieces of the top hits that answer a question. Pure.

Each piece is scored by a weighted sum of its cosine with the question, the share of the
question's words (by idf) that it has, that it has with the piece before it (which says whom
a "they" means) and with its surroundings, the rank of its passage, and whether it holds the
sort of value that is asked for. Where the model does not know the
language of question or passage, the cosine is left out and words decide.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import log

import numpy as np
from numpy.typing import NDArray

from index.types import DocumentText, Embedder, Hit, SearchResult
from mmsearch.answer.question import Question, Word, holds_value, keys, missing, spells_out
from mmsearch.answer.sentences import Piece, extent, pieces

TOP_HITS = 8
"""How many hits an answer is chosen from."""
EMBEDDED = 12
"""How many pieces are embedded: those that look best without their cosine. On XQuAD and on the
programme questions 24 choose the same as 12, at twice the time."""
CONTEXT = 200
"""How many characters of a block's context are embedded with a piece."""
MOST = 3
"""How many pieces an answer has at most."""

# Weights of the score, set on the English half of XQuAD (mmsearch eval).
W_COSINE = 1.0
W_OWN = 0.6
W_BESIDE = 0.6
W_AROUND = 0.1
W_HIT = 0.7
W_VALUE = 0.18
W_NO_VALUE = -0.05
W_SPELLED = 0.4
W_FRAGMENT = -0.25
W_ASKS = -0.5
W_MISSING = -0.4
LEXICAL_BOOST = 1.8
"""Where the cosine is left out, the words' weights are multiplied by this."""

SAME = 0.75
"""Pieces that share this much of their words (of the shorter one) say the same."""
NEAR = 0.68
"""A further piece must reach this share of the best piece's score,"""
NEAR_ELSEWHERE = 0.9
"""or this one when it stands in another document."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A piece of a passage, scored against a question.

    Attributes:
        hit: The passage it stands in.
        start: First character in the document's text.
        end: One past the last.
        text: ``document.text[start:end]``.
        score: The weighted sum; comparable within one question only.
        cosine: Cosine of question and piece, or None where it cannot be trusted.
        words: The words' part of the score, before ``LEXICAL_BOOST``.
        complete: Reads on its own.
        has_value: Holds a value of the sort that is asked for.
        row: Where its table row starts, or -1.
        also: Further pieces that it rests on, cited with it and not said.
    """

    hit: Hit
    start: int
    end: int
    text: str
    score: float
    cosine: float | None
    words: float
    complete: bool
    has_value: bool
    row: int = -1
    also: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Selection:
    """What was chosen, best first, among how many candidates.

    Attributes:
        chosen: One to three pieces, best first; empty when the hits hold none.
        ranked: Every candidate, best first, without what was extended.
        weights: The idf of each of the question's words, in the question's order.
    """

    chosen: tuple[Evidence, ...]
    ranked: tuple[Evidence, ...]
    weights: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class _Candidate:
    hit: Hit
    piece: Piece
    text: str
    stop: int
    own: frozenset[str]
    beside: frozenset[str]
    around: frozenset[str]
    about: frozenset[str]


def select(
    question: Question,
    result: SearchResult,
    *,
    embedder: Embedder,
    text: Callable[[str], DocumentText],
) -> Selection:
    """Score the pieces of the top hits and choose those that answer together.

    Args:
        question: As read by ``question.read``.
        result: Hits, best first, with the question's vector where there is one.
        embedder: The model that the hits were found with.
        text: Returns a document's text and blocks.
    """
    candidates = _candidates(result.hits, text)
    if not candidates:
        return Selection((), (), tuple(1.0 for _ in question.words))
    weights = _weights(question, result, candidates)
    scored = [_lexical(question, c, weights, result.hits[0].score) for c in candidates]
    known = _knows(embedder, question.language)
    order = sorted(range(len(scored)), key=lambda i: (-scored[i].score, i))
    first = [i for i in order if known and _knows(embedder, candidates[i].hit.passage.language)]
    cosines = _cosines(question, result, [candidates[i] for i in first[:EMBEDDED]], embedder)
    for i, cosine in zip(first, cosines, strict=False):
        scored[i] = _with_cosine(scored[i], cosine)
    left = {id(scored[i]) for i in first[len(cosines) :]}
    ranked = sorted(
        (e for e in scored if id(e) not in left),
        key=lambda e: (-e.score, e.hit.rank, e.start),
    )
    chosen = _choose(ranked)
    stops = {(c.hit.passage.passage_id, c.piece.start): c.stop for c in candidates}
    return Selection(
        tuple(_extended(e, stops, text) for e in chosen), tuple(ranked), tuple(weights)
    )


def in_telling_order(chosen: Sequence[Evidence]) -> list[Evidence]:
    """Put the best piece first: it answers. The others follow as they are read.

    Cells of one table row stay in their order, and so does a figure behind what it is of.
    """
    if not chosen:
        return []
    row = chosen[0].row
    if row >= 0 and sum(e.row == row for e in chosen) > 1:
        return in_reading_order(chosen)
    return [chosen[0], *in_reading_order(chosen[1:])]


def in_reading_order(chosen: Sequence[Evidence]) -> list[Evidence]:
    """Order pieces by their document's best hit, then by their place in it."""
    best: dict[str, int] = {}
    for evidence in chosen:
        doc_id = evidence.hit.passage.doc_id
        best[doc_id] = min(best.get(doc_id, evidence.hit.rank), evidence.hit.rank)
    return sorted(chosen, key=lambda e: (best[e.hit.passage.doc_id], e.start, e.end))


def idf(words: Sequence[Word], texts: Sequence[frozenset[str]]) -> list[float]:
    """Weigh words by how few of the texts have them: ``log(1 + (n - df + .5) / (df + .5))``.

    Robertson and Zaragoza (2009), The Probabilistic Relevance Framework, section 3.
    """
    n = len(texts)
    counts = [sum(word.within(text) for text in texts) for word in words]
    return [log(1 + (n - df + 0.5) / (df + 0.5)) for df in counts]


def coverage(words: Sequence[Word], weights: Sequence[float], having: frozenset[str]) -> float:
    """Return the share of the words' weight that a text has, 0–1; 0 without words."""
    total = sum(weights)
    if not total:
        return 0.0
    return sum(w for word, w in zip(words, weights, strict=True) if word.within(having)) / total


def describing(hit: Hit) -> frozenset[str]:
    """Return the keys of what is known about a hit's document: countries, publishers, year."""
    data = hit.document.metadata
    said = (*data.countries, *data.publisher, str(data.year or ""))
    return keys(" ".join(said), hit.passage.language)


def _weights(
    question: Question, result: SearchResult, candidates: Sequence[_Candidate]
) -> list[float]:
    """Weigh the question's words by their rarity in the library, else among the pieces."""
    if not result.rarity:
        return idf(question.words, [c.own for c in candidates])
    most = max(result.rarity.values())
    return [result.rarity.get(word.stem, most) for word in question.words]


def _candidates(hits: Sequence[Hit], text: Callable[[str], DocumentText]) -> list[_Candidate]:
    found: dict[tuple[str, int, int], _Candidate] = {}
    for hit in hits:
        for candidate in _of_hit(hit, text(hit.passage.doc_id)):
            place = (hit.passage.doc_id, candidate.piece.start, candidate.piece.end)
            found.setdefault(place, candidate)
    return list(found.values())


def _of_hit(hit: Hit, document: DocumentText) -> Iterator[_Candidate]:
    passage = hit.passage
    language = passage.language
    parts = pieces(document.text, document.blocks, passage.start, passage.end, language)
    above = keys(" ".join((hit.document.metadata.title, *passage.locator.heading_path)), language)
    around = keys(passage.text, language)
    about = describing(hit)
    before: frozenset[str] = frozenset()
    for at, piece in enumerate(parts):
        quote = document.text[piece.start : piece.end]
        own = keys(quote, language)
        beside = own | before | above | keys(piece.context, language)
        stop = extent(document.text, parts, at)
        yield _Candidate(hit, piece, quote, stop, own, beside, beside | around, about)
        before = own


def _lexical(
    question: Question, candidate: _Candidate, weights: Sequence[float], top: float
) -> Evidence:
    words = sum(
        weight * coverage(question.words, weights, having)
        for weight, having in (
            (W_OWN, candidate.own),
            (W_BESIDE, candidate.beside),
            (W_AROUND, candidate.around),
        )
    )
    has_value = holds_value(question, candidate.text)
    score = LEXICAL_BOOST * words
    score += W_HIT * (candidate.hit.score / top if top > 0 else 0.0)
    if question.wants_value:
        score += W_VALUE if has_value else W_NO_VALUE
    if spells_out(question, candidate.text):
        score += W_SPELLED
    if not candidate.piece.complete:
        score += W_FRAGMENT
    if candidate.text.rstrip().endswith(("?", "؟")):
        score += W_ASKS
    score += W_MISSING * missing(question.names, candidate.around | candidate.about)
    score += W_MISSING * missing(question.given, candidate.beside | candidate.about)
    return Evidence(
        hit=candidate.hit,
        start=candidate.piece.start,
        end=candidate.piece.end,
        text=candidate.text,
        score=score,
        cosine=None,
        words=words,
        complete=candidate.piece.complete,
        has_value=has_value,
        row=candidate.piece.row,
    )


def _with_cosine(evidence: Evidence, cosine: float) -> Evidence:
    score = evidence.score - (LEXICAL_BOOST - 1) * evidence.words + W_COSINE * cosine
    return replace(evidence, cosine=cosine, score=score)


def _cosines(
    question: Question,
    result: SearchResult,
    candidates: Sequence[_Candidate],
    embedder: Embedder,
) -> list[float]:
    if not candidates:
        return []
    asked: NDArray[np.float32] = (
        result.query_vector
        if result.query_vector is not None
        else embedder.embed_query(question.text)
    )
    vectors = embedder.embed_passages([_in_context(c) for c in candidates])
    return [float(x) for x in vectors @ asked]


def _in_context(candidate: _Candidate) -> str:
    """Put what a row or list item belongs to in front of it, as its passage has it."""
    context = candidate.piece.context[:CONTEXT].strip()
    return f"{context}\n{candidate.text}" if context else candidate.text


def _knows(embedder: Embedder, language: str) -> bool:
    return language == "und" or language in embedder.languages


def _choose(ranked: Sequence[Evidence]) -> list[Evidence]:
    """Take the best piece, then those that are nearly as good and say something new."""
    if not ranked:
        return []
    best = ranked[0]
    chosen = [best]
    for evidence in ranked[1:]:
        if len(chosen) == MOST:
            break
        own = keys(evidence.text, evidence.hit.passage.language)
        if _belongs(evidence, best) and not any(_same(own, other) for other in chosen):
            chosen.append(evidence)
    return chosen


def _belongs(evidence: Evidence, best: Evidence) -> bool:
    """Say whether a piece may follow the best: of its row, its document, or as good as it is."""
    if not evidence.complete:
        return False
    same = evidence.hit.passage.doc_id == best.hit.passage.doc_id
    if same and evidence.row == best.row >= 0:
        return True
    return evidence.score >= (NEAR if same else NEAR_ELSEWHERE) * best.score


def _same(own: frozenset[str], other: Evidence) -> bool:
    theirs = keys(other.text, other.hit.passage.language)
    return len(own & theirs) >= SAME * min(len(own), len(theirs))


def _extended(
    evidence: Evidence,
    stops: dict[tuple[str, int], int],
    text: Callable[[str], DocumentText],
) -> Evidence:
    stop = stops[(evidence.hit.passage.passage_id, evidence.start)]
    if stop == evidence.end:
        return evidence
    whole = text(evidence.hit.passage.doc_id).text[evidence.start : stop]
    return replace(evidence, end=stop, text=whole)
