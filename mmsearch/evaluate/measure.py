"""Asking a library every question of a set, or judging a run that somebody else made."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from index.types import Filters, Reader, StoredDocument
from mmsearch.answer.abstain import THRESHOLD
from mmsearch.evaluate.corpus import document_id
from mmsearch.evaluate.judge import NameOf, Outcome, judge, ranking_measures
from mmsearch.evaluate.questions import Query
from mmsearch.evaluate.trec import Ranking
from mmsearch.knowledge import KnowledgeBase

DEPTH = 100
"""How many hits of a search are ranked and saved."""
WITHOUT = "/without"
"""Marks a question that was asked again with its gold documents left out."""


def by_file(document: StoredDocument) -> str:
    """Name a document as ``mmsearch documents`` does."""
    return document.file


def by_corpus_id(document: StoredDocument) -> str:
    """Name a document of a corpus by its id there."""
    return document_id(document.file)


def ask_all(
    base: KnowledgeBase,
    queries: Sequence[Query],
    *,
    reader: Reader,
    name: NameOf = by_file,
    without_gold: bool = False,
    bar: float = THRESHOLD,
    each: Callable[[], None] = lambda: None,
) -> Iterator[Outcome]:
    """Search and ask each question, in order.

    Args:
        base: The library.
        queries: The questions.
        reader: Who asks.
        name: What the questions call a document.
        without_gold: Ask each answerable question again with its gold documents left out, as
            a question that nothing answers.
        bar: The confidence that an answer needs.
        each: Called after each question.
    """
    listed = base.documents(reader=reader, limit=10_000_000).documents
    ids = {name(document): document.doc_id for document in listed}

    def one(query: Query, filters: Filters | None) -> Outcome:
        answer = base.ask(
            query.text, reader=reader, filters=filters, history=query.history, bar=0.0
        )
        searched = answer.query or query.text
        hits = base.search(searched, reader=reader, filters=filters, limit=DEPTH).hits
        return judge(
            query, hits, answer, bar=bar, name=name, text=lambda d: base.text(d, reader=reader)
        )

    for query in queries:
        yield one(query, None)
        if without_gold and query.answerable and query.judged:
            gone = {gold.file for gold in query.gold} | {k for k, v in query.gains.items() if v > 0}
            kept = tuple(doc_id for known, doc_id in ids.items() if known not in gone)
            if kept:
                yield one(_unanswerable(query), Filters(doc_ids=kept))
        each()


def judge_run(queries: Sequence[Query], run: Mapping[str, Ranking]) -> list[Outcome]:
    """Judge rankings by document that were made elsewhere; there are no answers to judge."""
    found = []
    for query in queries:
        if not query.judged:
            continue
        gains = dict(query.gains) or {gold.file: 1.0 for gold in query.gold}
        ranking = tuple(run.get(query.query_id, ()))
        measures = ranking_measures([item for item, _ in ranking], gains)
        found.append(
            Outcome(
                query.query_id,
                query.text,
                query.language,
                query.kind,
                query.answerable,
                0.0,
                False,
                False,
                (),
                ranking,
                gains,
                measures,
            )
        )
    return found


def _unanswerable(query: Query) -> Query:
    return replace(
        query,
        query_id=query.query_id + WITHOUT,
        answerable=False,
        gold=(),
        gains={},
        answers=(),
    )
