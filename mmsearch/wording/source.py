"""A passage that a language model may word, split into the pieces that may be quoted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from index.types import DocumentText, Hit
from mmsearch.answer.sentences import pieces
from mmsearch.types import Citation

MOST_SOURCES = 6
"""How many passages a model gets."""


@dataclass(frozen=True, slots=True)
class Source:
    """A numbered passage.

    Attributes:
        hit: The passage.
        spans: (start, end) in the document's text of each piece that may be quoted, in order.
        text: The document's text.
        quotes: What the answer without a model quotes from this passage.
    """

    hit: Hit
    spans: tuple[tuple[int, int], ...]
    text: str
    quotes: tuple[Citation, ...]

    @property
    def headings(self) -> tuple[str, ...]:
        """The headings above it, outermost first."""
        return self.hit.passage.locator.heading_path


def gather(
    citations: Sequence[Citation], hits: Sequence[Hit], text: Callable[[str], DocumentText]
) -> list[Source]:
    """Return the passages that an answer rests on, then those nearest to the question.

    Args:
        citations: Of the answer without a model.
        hits: The hits of the search: all of them may be read by the reader.
        text: Returns a document's text and blocks.
    """
    cited: dict[str, list[Citation]] = {}
    for citation in citations:
        cited.setdefault(citation.passage_id, []).append(citation)
    order = sorted(hits, key=lambda h: (h.passage.passage_id not in cited, h.rank))
    return [
        _source(hit, text(hit.passage.doc_id), tuple(cited.get(hit.passage.passage_id, ())))
        for hit in order[:MOST_SOURCES]
    ]


def _source(hit: Hit, document: DocumentText, quotes: tuple[Citation, ...]) -> Source:
    passage = hit.passage
    found = pieces(document.text, document.blocks, passage.start, passage.end, passage.language)
    spans = tuple((p.start, p.end) for p in found) or ((passage.start, passage.end),)
    return Source(hit, spans, document.text, quotes)
