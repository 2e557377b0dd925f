"""From hits to a cited answer, or to saying that there is none."""

from __future__ import annotations

from collections.abc import Callable

from index.types import DocumentText, Embedder, SearchResult
from mmsearch.answer.abstain import THRESHOLD, confidence, measure
from mmsearch.answer.cite import Locate, cite
from mmsearch.answer.question import read
from mmsearch.answer.select import in_reading_order, select
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
    """
    asked = read(question, language)
    selection = select(asked, result, embedder=embedder, text=text)
    sure = 0.0
    if selection.chosen:
        trusted = any(e.cosine is not None for e in selection.chosen)
        sure = confidence(measure(asked, selection, result), trusted=trusted)
    kept = verify(in_reading_order(selection.chosen), text) if sure >= THRESHOLD else []
    sentences, citations = cite(kept, locate)
    return Answer(
        question=question,
        answered=bool(sentences),
        confidence=sure if sentences or sure < THRESHOLD else 0.0,
        sentences=sentences,
        citations=citations,
        nearest=result.hits,
        generation=result.generation,
    )
