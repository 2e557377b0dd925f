"""Saying a table row with its column names, which are cited with it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from index.types import DocumentText, StoredPassage
from mmsearch.answer.columns import head_of, labelled
from mmsearch.answer.select import Evidence


def with_columns(
    evidence: Sequence[Evidence],
    text: Callable[[str], DocumentText],
    passages: Callable[[str], Sequence[StoredPassage]],
) -> tuple[Evidence, ...]:
    """Let each bare row be said with its column names, which are cited with it.

    Args:
        evidence: Chosen pieces.
        text: Returns a document's text and blocks.
        passages: Returns a document's passages, in order.
    """
    return tuple(
        _with_columns(piece, text(piece.hit.passage.doc_id), passages) for piece in evidence
    )


def _with_columns(
    piece: Evidence,
    document: DocumentText,
    passages: Callable[[str], Sequence[StoredPassage]],
) -> Evidence:
    head = head_of(document, piece.row) if piece.row == piece.start and not piece.said else None
    if head is None or "\n" in piece.text:
        return piece
    stop = head.start + len(document.text[head.start : head.end].rstrip())
    for passage in passages(piece.hit.passage.doc_id):
        if passage.start <= head.start and stop <= passage.end:
            names = replace(
                piece,
                hit=replace(piece.hit, passage=passage),
                start=head.start,
                end=stop,
                text=document.text[head.start : stop],
                also=(),
            )
            return replace(piece, said=labelled(names.text, piece.text), also=(*piece.also, names))
    return piece
