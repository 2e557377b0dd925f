"""From hits to a cited answer, or to saying that there is none."""

from __future__ import annotations

from collections.abc import Callable

from index.types import DocumentText, Embedder, SearchResult
from mmsearch.answer.abstain import THRESHOLD, confidence, measure
from mmsearch.answer.cite import Locate, cite
from mmsearch.answer.question import Question, read
from mmsearch.answer.select import Evidence, in_reading_order, select
from mmsearch.answer.series import Passages, from_series
from mmsearch.answer.verify import verify
from mmsearch.types import Answer


def compose(
    question: str,
    result: SearchResult,
    *,
    embedder: Embedder,
    text: Callable[[str], DocumentText],
    locate: Locate,
    language: str,
    passages: Passages | None = None,
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
        bar: The confidence from which on it answers; 0 shows what it would have said.
    """
    asked = read(question, language)
    pieces, sure, total = _from_sentences(asked, result, embedder, text)
    if passages is not None:
        series = from_series(asked, result, embedder=embedder, text=text, passages=passages)
        if series is not None and series.confidence >= THRESHOLD:
            pieces, sure, total = series.evidence, series.confidence, series.total
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
    )


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
    return tuple(in_reading_order(selection.chosen)), sure, None
