"""Every passage that speaks to a question, by document: for lists that must be complete. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace

from index.second_stage import Asked, read_again
from index.types import Hit, SearchResult, StoredDocument
from mmsearch.answer.equivalents import asked_of, with_equivalents
from mmsearch.answer.question import Question, keys, missing
from mmsearch.answer.select import describing

COVERED = 0.6
"""A passage speaks to a question when it has this share (by idf) of its telling words, with its
title, headings and context,"""
ALIKE = 0.55
"""or this cosine with it, where the model knows both languages,"""
COVERED_ALIKE = 0.3
"""and then at least this share. It lacks none of the question's names, numbers and years."""
COVERED_BEYOND = 0.5
"""Of the words that its title and headings do not have, it must itself have this share."""


@dataclass(frozen=True, slots=True)
class DocumentMatches:
    """A document with its matching passages, in reading order."""

    document: StoredDocument
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Everything:
    """All that was found for a question.

    Attributes:
        question: As asked.
        query: What was searched for.
        documents: By their best passage.
        total: How many passages match.
        n_documents: How many documents were searched.
        complete: False when so many passages came near that the rest was not read.
        generation: The generation all of it was read from.
    """

    question: str
    query: str
    documents: tuple[DocumentMatches, ...]
    total: int
    n_documents: int
    complete: bool
    generation: int


def collect(
    question: Question, asked: str, result: SearchResult, *, languages: frozenset[str], most: int
) -> Everything:
    """Keep the hits that speak to a question and group them by document.

    Args:
        question: As read by ``question.read``; its text is what was searched for.
        asked: The question as asked.
        result: As many hits as a search gives.
        languages: Those that the model knows.
        most: How many hits the search gives at most.
    """
    question = with_equivalents(question, result.translation)
    most_telling = max(result.rarity.values(), default=1.0)
    weights = [result.rarity.get(word.stem, most_telling) for word in question.words]
    words = asked_of(question.words, weights)
    kept = [h for h in result.hits if _speaks(question, words, h, languages)]
    grouped: dict[str, list[Hit]] = {}
    for hit in kept:
        grouped.setdefault(hit.passage.doc_id, []).append(hit)
    documents = tuple(
        DocumentMatches(hits[0].document, tuple(sorted(hits, key=lambda h: h.passage.ordinal)))
        for hits in grouped.values()
    )
    full = len(result.hits) >= most and bool(kept) and kept[-1].rank > most * 0.9
    return Everything(
        asked, question.text, documents, len(kept), result.n_documents, not full, result.generation
    )


def _speaks(question: Question, asked: Asked, hit: Hit, languages: frozenset[str]) -> bool:
    passage = hit.passage
    head = " ".join((hit.document.metadata.title, *passage.locator.heading_path, passage.context))
    having = keys(f"{head}\n{passage.text}", passage.language) | describing(hit)
    if missing(question.names, having) or missing(question.given, having):
        return False
    covered = read_again(asked, passage.text, head, passage.language).either
    own = _beyond(asked, head, passage.language)
    if own.terms and read_again(own, passage.text, "", passage.language).either < COVERED_BEYOND:
        return False
    known = {question.language, passage.language} - {"und"} <= languages
    near = known and hit.cosine is not None and hit.cosine >= ALIKE
    return covered >= COVERED or (near and covered >= COVERED_ALIKE)


def _beyond(asked: Asked, head: str, language: str) -> Asked:
    above = keys(head, language)
    terms = (t for t in asked.terms if above.isdisjoint((t.stem, t.folded, *t.also)))
    return replace(asked, terms=tuple(terms))
