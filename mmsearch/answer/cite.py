"""Numbering the sources of an answer. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ingest.types import Locator
from mmsearch.answer.select import Evidence
from mmsearch.types import Citation, Sentence

Locate = Callable[[str, int, int], Locator]
"""Returns where ``document.text[start:end]`` stands in its file: (doc_id, start, end)."""


def cite(
    evidence: Sequence[Evidence], locate: Locate
) -> tuple[tuple[Sentence, ...], tuple[Citation, ...]]:
    """Make a sentence and a citation of each piece, numbered from 1 as they appear.

    The same span keeps its number, and is said once. What a piece also rests on is cited
    behind it.

    Args:
        evidence: Verified pieces, in reading order.
        locate: See ``Locate``.
    """
    sentences: list[Sentence] = []
    citations: dict[tuple[str, int, int], Citation] = {}
    for piece in evidence:
        if _span(piece) in citations:
            continue
        numbers = []
        for part in (piece, *piece.also):
            cited = citations.get(_span(part)) or _citation(part, len(citations) + 1, locate)
            citations[_span(part)] = cited
            numbers.append(cited.n)
        sentences.append(Sentence(piece.said or piece.text, tuple(numbers)))
    return tuple(sentences), tuple(citations.values())


def _span(piece: Evidence) -> tuple[str, int, int]:
    return piece.hit.passage.doc_id, piece.start, piece.end


def _citation(piece: Evidence, n: int, locate: Locate) -> Citation:
    return Citation(
        n=n,
        passage_id=piece.hit.passage.passage_id,
        document=piece.hit.document,
        quote=piece.text,
        start=piece.start,
        end=piece.end,
        locator=locate(*_span(piece)),
        evidence=piece.hit.passage.evidence,
        ocr=piece.hit.passage.ocr,
    )
