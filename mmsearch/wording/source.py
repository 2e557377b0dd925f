"""A passage that a language model may word, split into the pieces that may be quoted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from index.types import DocumentText, Hit, StoredPassage
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
    citations: Sequence[Citation],
    hits: Sequence[Hit],
    text: Callable[[str], DocumentText],
    passages: Callable[[str], Sequence[StoredPassage]],
) -> list[Source]:
    """Return the passages that an answer rests on, then those nearest to the question.

    Args:
        citations: Of the answer without a model; they may stand beside the hits.
        hits: The hits of the search: all of them may be read by the reader.
        text: Returns a document's text and blocks.
        passages: Returns a document's passages.
    """
    cited: dict[str, list[Citation]] = {}
    for citation in citations:
        cited.setdefault(citation.passage_id, []).append(citation)
    known = {hit.passage.passage_id for hit in hits}
    beside = [_hit(c[0], passages) for name, c in cited.items() if name not in known]
    every = [*(hit for hit in beside if hit is not None), *hits]
    order = sorted(every, key=lambda h: (h.passage.passage_id not in cited, h.rank))
    return [
        _source(hit, text(hit.passage.doc_id), tuple(cited.get(hit.passage.passage_id, ())))
        for hit in order[:MOST_SOURCES]
    ]


def _hit(citation: Citation, passages: Callable[[str], Sequence[StoredPassage]]) -> Hit | None:
    """Make a hit of a cited passage that the search itself did not return."""
    own = passages(citation.document.doc_id)
    found = next((p for p in own if p.passage_id == citation.passage_id), None)
    return Hit(0, 0.0, found, citation.document) if found is not None else None


def _source(hit: Hit, document: DocumentText, quotes: tuple[Citation, ...]) -> Source:
    passage = hit.passage
    found = pieces(document.text, document.blocks, passage.start, passage.end, passage.language)
    spans = tuple((p.start, p.end) for p in found) or ((passage.start, passage.end),)
    return Source(hit, spans, document.text, quotes)
