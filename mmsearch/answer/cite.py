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

    The same span keeps its number, and is said once.

    Args:
        evidence: Verified pieces, in reading order.
        locate: See ``Locate``.
    """
    sentences: list[Sentence] = []
    citations: dict[tuple[str, int, int], Citation] = {}
    for piece in evidence:
        passage = piece.hit.passage
        span = (passage.doc_id, piece.start, piece.end)
        if span in citations:
            continue
        citations[span] = Citation(
            n=len(citations) + 1,
            passage_id=passage.passage_id,
            document=piece.hit.document,
            quote=piece.text,
            start=piece.start,
            end=piece.end,
            locator=locate(*span),
        )
        sentences.append(Sentence(piece.text, (citations[span].n,)))
    return tuple(sentences), tuple(citations.values())
