"""Every passage that speaks to a question, by document: for lists that must be complete. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from index.second_stage import Asked, read_again
from index.translation import Translation
from index.types import Hit, StoredDocument
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
    """All that was found for a question, or a stretch of its documents.

    Attributes:
        question: As asked.
        query: What was searched for.
        documents: By their best passage; those of the stretch that was asked for.
        total: How many passages match, in all documents.
        matching: How many documents have one.
        n_documents: How many documents were searched.
        offset: How many matching documents come before these.
        generation: The generation all of it was read from.
    """

    question: str
    query: str
    documents: tuple[DocumentMatches, ...]
    total: int
    matching: int
    n_documents: int
    generation: int
    offset: int = 0

    @property
    def complete(self) -> bool:
        """Whether these are all the documents that match."""
        return len(self.documents) == self.matching


def collect(
    question: Question,
    asked: str,
    found: Iterable[Sequence[Hit]],
    *,
    rarity: Mapping[str, float],
    translation: Translation,
    languages: frozenset[str],
    n_documents: int,
    generation: int,
    offset: int = 0,
    limit: int | None = None,
) -> Everything:
    """Keep the hits that speak to a question.

    Every document is read and counted; only those of the stretch are kept.

    Args:
        question: As read by ``question.read``; its text is what was searched for.
        asked: The question as asked.
        found: The passages that may speak to it, a document at a time.
        rarity: The idf of each stem of the question's telling words.
        translation: What its terms are called in other languages.
        languages: Those that the model knows.
        n_documents: How many documents were searched.
        generation: The generation that they belong to.
        offset: How many matching documents to pass over.
        limit: How many to keep; None keeps all.
    """
    question = with_equivalents(question, translation)
    most = max(rarity.values(), default=1.0)
    words = asked_of(question.words, [rarity.get(word.stem, most) for word in question.words])
    end = None if limit is None else offset + limit
    kept: list[DocumentMatches] = []
    matching = total = 0
    for hits in found:
        speaking = tuple(h for h in hits if speaks(question, words, h, languages))
        if not speaking:
            continue
        if matching >= offset and (end is None or matching < end):
            kept.append(DocumentMatches(speaking[0].document, speaking))
        matching += 1
        total += len(speaking)
    return Everything(
        asked, question.text, tuple(kept), total, matching, n_documents, generation, offset
    )


def speaks(question: Question, asked: Asked, hit: Hit, languages: frozenset[str]) -> bool:
    """Say whether a passage speaks to a question."""
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
