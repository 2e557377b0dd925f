"""Checking every quote against the stored text before it is shown."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from index.types import DocumentText
from mmsearch.answer.select import Evidence

_log = logging.getLogger(__name__)


def verify(evidence: Sequence[Evidence], text: Callable[[str], DocumentText]) -> list[Evidence]:
    """Return the pieces that stand in their document, letter for letter, in their passage.

    A piece that does not is left out and logged by its place, never by its text.

    Args:
        evidence: Pieces about to be shown, in order.
        text: Returns a document's text as the library has it.
    """
    kept = []
    for piece in evidence:
        whole = text(piece.hit.passage.doc_id).text
        if all(_stands(part, whole) for part in (piece, *piece.also)):
            kept.append(piece)
        else:
            _log.error(
                "a quote is not in its document: %s, characters %d to %d",
                piece.hit.passage.passage_id,
                piece.start,
                piece.end,
            )
    return kept


def _stands(piece: Evidence, text: str) -> bool:
    passage = piece.hit.passage
    return (
        bool(piece.text.strip())
        and text[piece.start : piece.end] == piece.text
        and passage.start <= piece.start < piece.end <= passage.end
        and text[passage.start : passage.end] == passage.text
    )
