"""A passage with its paragraph and neighbours, as far as a reader may see them."""

from __future__ import annotations

from collections.abc import Sequence

from bots.slack.turns import Spot
from bots.slack.views import Paragraphs, Shown
from index.types import Reader
from ingest.types import Block
from mmsearch.knowledge import KnowledgeBase


def look_up(knowledge: KnowledgeBase, spot: Spot, *, reader: Reader) -> Shown:
    """Return what a button shows.

    Raises:
        NotFound: It is no longer there, or not for this reader; the two look alike.
    """
    passage = knowledge.passage(spot.passage_id, reader=reader)
    document = knowledge.document(passage.doc_id, reader=reader)
    start, end = (spot.start, spot.end) if spot.start >= 0 else (passage.start, passage.end)
    content = knowledge.text(passage.doc_id, reader=reader)
    locator = knowledge.locate(passage.doc_id, start, end, reader=reader)
    paragraphs = around(content.text, content.blocks, start, end)
    return Shown(document, locator, passage.passage_id, paragraphs, passage.ocr)


def around(text: str, blocks: Sequence[Block], start: int, end: int) -> Paragraphs:
    """Return the paragraphs that a span touches, with the one before and the one behind."""
    touched = [n for n, block in enumerate(blocks) if block.start < end and block.end > start]
    if not touched:
        return Paragraphs("", "", text[start:end], "", "")
    first, last = touched[0], touched[-1]
    before = text[blocks[first - 1].start : blocks[first - 1].end] if first else ""
    behind = blocks[last + 1] if last + 1 < len(blocks) else None
    return Paragraphs(
        before=before,
        head=text[min(blocks[first].start, start) : start],
        quoted=text[start:end],
        tail=text[end : max(blocks[last].end, end)],
        after=text[behind.start : behind.end] if behind else "",
    )
