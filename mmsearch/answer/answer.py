"""From hits to a cited answer, or to saying that there is none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from index.types import DocumentText, Embedder, Hit, SearchResult
from mmsearch.answer.abstain import THRESHOLD, confidence, measure
from mmsearch.answer.cite import Locate, cite
from mmsearch.answer.equivalents import with_equivalents
from mmsearch.answer.question import Question, read
from mmsearch.answer.rows import with_columns
from mmsearch.answer.select import TOP_HITS, Evidence, in_telling_order, select
from mmsearch.answer.series import Passages, from_series
from mmsearch.answer.verify import verify
from mmsearch.types import Answer

BESIDE = 4
"""Of so many of the best hits the passages beside them are read as well …"""
REACH = 2
"""… so many on either side …"""
FADED = 0.85
"""… each worth this much of its hit."""


def compose(
    question: str,
    result: SearchResult,
    *,
    embedder: Embedder,
    text: Callable[[str], DocumentText],
    locate: Locate,
    language: str,
    passages: Passages | None = None,
    narrow: SearchResult | None = None,
    bar: float = THRESHOLD,
) -> Answer:
    """Answer a question from the hits of its search, or abstain with the nearest of them.

    Every sentence of the answer is a span of a stored document and was compared with it just
    before; what does not compare is left out, and nothing left means no answer.

    Args:
        question: As asked.
        result: The hits, best first.
        embedder: The model that the hits were found with.
        text: Returns a document's text and blocks, of the result's generation.
        locate: Returns where a span stands in its file.
        language: The question's ISO 639-1 code, or "und".
        passages: Returns a document's passages, for answers from a series ("which
            recommendations …"); None answers without them.
        narrow: The same search in the documents that such a series is about, where the question
            says which.
        bar: The confidence from which on it answers; 0 shows what it would have said.
    """
    asked = with_equivalents(read(question, language), result.translation)
    wide = replace(result, hits=read_from(result.hits, embedder, passages))
    pieces, sure, total = _from_sentences(asked, wide, embedder, text)
    if passages is not None:
        series = from_series(
            asked, narrow or result, embedder=embedder, text=text, passages=passages
        )
        if series is not None and (series.confidence >= THRESHOLD or not series.evidence):
            pieces, sure, total = series.evidence, series.confidence, series.total
        pieces = with_columns(pieces, text, passages)
    kept = verify(pieces, text) if sure >= bar else []
    sentences, citations = cite(kept, locate)
    return Answer(
        question=question,
        answered=bool(sentences),
        confidence=sure if sentences or sure < bar else 0.0,
        sentences=sentences,
        citations=citations,
        nearest=result.hits,
        generation=result.generation,
        total=total if sentences else None,
        translation=result.translation,
    )


def read_from(
    hits: Sequence[Hit], embedder: Embedder, passages: Passages | None
) -> tuple[Hit, ...]:
    """Return the hits to choose from: the best, and what stands beside them.

    Passages are cut by the model's tokens, of which a language that it does not know has many:
    there a sentence and the one that says whom it means are often in two passages.
    """
    best = list(hits[:TOP_HITS])
    if passages is None:
        return tuple(best)
    have = {hit.passage.passage_id for hit in best}
    for hit in hits[:BESIDE]:
        if hit.passage.language in embedder.languages:
            continue
        at = hit.passage.ordinal
        for passage in passages(hit.passage.doc_id)[max(0, at - REACH) : at + REACH + 1]:
            if passage.passage_id not in have:
                have.add(passage.passage_id)
                best.append(replace(hit, passage=passage, score=FADED * hit.score, keyword=None))
    return tuple(best)


def _from_sentences(
    asked: Question,
    result: SearchResult,
    embedder: Embedder,
    text: Callable[[str], DocumentText],
) -> tuple[tuple[Evidence, ...], float, None]:
    """Choose sentences; return them in reading order with the confidence."""
    selection = select(asked, result, embedder=embedder, text=text)
    if not selection.chosen:
        return (), 0.0, None
    trusted = any(e.cosine is not None for e in selection.chosen)
    sure = confidence(measure(asked, selection, result), trusted=trusted)
    return tuple(in_telling_order(selection.chosen)), sure, None
