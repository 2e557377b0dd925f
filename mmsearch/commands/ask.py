"""mmsearch search and mmsearch ask."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from typing import Any

from rich.console import Console

from index.errors import BadQuery
from index.types import KEEPER, Filters, Hit, Relation, SearchResult, StoredDocument
from ingest.language import LANGUAGES, detect_question
from ingest.types import Evidence
from mmsearch.answer.everything import Everything
from mmsearch.commands.output import console, styled, write_json
from mmsearch.knowledge import KnowledgeBase
from mmsearch.opening import chosen_reranker, open_journal, open_knowledge
from mmsearch.phrases.catalogue import not_found, place, remarks, say
from mmsearch.phrases.searched import searched_for
from mmsearch.settings import Settings
from mmsearch.shapes import ask_shape, everything_shape, search_shape
from mmsearch.types import Answer, Citation


def search(
    question: str,
    settings: Settings,
    *,
    model: str | None,
    filters: Filters,
    limit: int,
    as_json: bool,
) -> int:
    """Search for one question, or for each line of standard input when it is ``-``."""
    with KnowledgeBase.open(
        settings.library, model=model, cache=settings.cache, reranker=chosen_reranker(settings)
    ) as knowledge:

        def one(text: str) -> None:
            result = knowledge.search(text, reader=KEEPER, filters=filters, limit=limit)
            if as_json:
                write_json(search_shape(text, result))
            else:
                _print_hits(console(), text, result)

        empty: dict[str, Any] = {"hits": []}
        return _each(question, one, empty, as_json=as_json, knowledge=knowledge)


def ask(question: str, settings: Settings, *, filters: Filters, as_json: bool) -> int:
    """Answer one question, or each line of standard input when it is ``-``."""
    with open_knowledge(settings) as knowledge, closing(open_journal(settings)) as journal:

        def one(text: str) -> None:
            answer = knowledge.ask(text, reader=KEEPER, filters=filters)
            answer = replace(answer, answer_id=journal.record_answer(answer, reader=KEEPER))
            if as_json:
                write_json(ask_shape(answer))
            else:
                print_answer(console(), answer)

        empty: dict[str, Any] = {
            "answered": False,
            "confidence": 0.0,
            "sentences": [],
            "citations": [],
            "nearest": [],
        }
        return _each(question, one, empty, as_json=as_json, knowledge=knowledge)


def find_all(question: str, settings: Settings, *, filters: Filters, as_json: bool) -> int:
    """Print every passage that speaks to one question, or to each line of standard input."""
    with open_knowledge(settings) as knowledge:

        def one(text: str) -> None:
            found = knowledge.find_all(text, reader=KEEPER, filters=filters)
            if as_json:
                write_json(everything_shape(found))
            else:
                _print_everything(console(), found)

        empty: dict[str, Any] = {
            "total": 0,
            "matching": 0,
            "offset": 0,
            "searched": 0,
            "complete": True,
            "documents": [],
        }
        return _each(question, one, empty, as_json=as_json, knowledge=knowledge)


def _print_everything(screen: Console, found: Everything) -> None:
    screen.print(
        styled(
            f"{found.total} passages in {found.matching} of {found.n_documents} documents searched",
            "bold",
        )
    )
    for match in found.documents:
        screen.print()
        screen.print(styled(f"{match.document.metadata.title} ({match.document.file})", "bold"))
        for hit in match.hits:
            screen.print(styled(f"  {place(hit.passage.locator, 'en')}", "cyan"))
            screen.print(styled("  " + _shorten(" ".join(hit.passage.text.split()), 300)))


def _each(
    question: str,
    one: Callable[[str], None],
    empty: dict[str, Any],
    *,
    as_json: bool,
    knowledge: KnowledgeBase,
) -> int:
    """Run on one question, or line by line; a bad line is reported in its place."""
    if question != "-":
        one(question)
        return 0
    code = 0
    for text in _lines(sys.stdin):
        try:
            one(text)
        except BadQuery as exc:
            code = 2
            generation = knowledge.status(reader=KEEPER).generation
            if as_json:
                shape = {"question": text, **empty, "generation": generation, "error": str(exc)}
                write_json(shape)
            else:
                console(stderr=True).print(styled(f"error: {exc}", "red"))
    return code


def _lines(stream: Iterable[str]) -> Iterator[str]:
    for line in stream:
        yield line.rstrip("\r\n")


def _print_hits(screen: Console, question: str, result: SearchResult) -> None:
    if not result.hits:
        language = detect_question(question, LANGUAGES)
        name = "no_hits" if result.generation else "empty_library"
        screen.print(styled(say(name, language, count=result.n_documents)))
        return
    for hit in result.hits:
        _print_hit(screen, hit)
    language = result.translation.language
    if also := searched_for(result.hits, result.translation):
        joined = say("list_comma", language).join(also)
        screen.print(styled(say("also_searched", language, words=joined), "dim"))


def _print_hit(screen: Console, hit: Hit) -> None:
    metadata = hit.document.metadata
    where = place(hit.passage.locator)
    read = recognised(hit.passage.ocr)
    label = evidence_label(hit.passage.evidence)
    parts = (label, metadata.year, metadata.kind, where, read)
    about = ", ".join(str(part) for part in parts if part)
    screen.print(styled(f"{hit.rank}. {metadata.title}", "bold"), styled(f"({about})", "dim"))
    if hit.passage.locator.heading_path:
        screen.print(styled("   " + " > ".join(hit.passage.locator.heading_path), "cyan"))
    screen.print(styled(_shorten(hit.passage.text, 400)))
    if hit.also_in:
        names = ", ".join(file for _, file in hit.also_in)
        screen.print(styled(f"   also in {names}", "dim"))
    _print_related(screen, hit.document, "   ")
    screen.print(styled(f"   {hit.document.file}", "dim"))
    screen.print()


def print_answer(screen: Console, answer: Answer) -> None:
    """Print an answer with its sources, or the nearest passages."""
    if not answer.answered:
        screen.print(styled(not_found(answer), "bold"))
        for remark in remarks(answer):
            screen.print(styled(remark, "dim"))
        if answer.nearest:
            screen.print(styled(say("nearest", answer.language)) + "\n")
        for hit in answer.nearest[:3]:
            _print_hit(screen, hit)
        if not answer.generation:
            screen.print(styled("Fill it with 'mmsearch ingest PATH'.", "dim"))
        _print_id(screen, answer)
        return
    if answer.total is not None and answer.total > 1:
        screen.print(styled(say("in_all", answer.language, count=answer.total), "bold"))
    for sentence in answer.sentences:
        marks = "".join(f" [{n}]" for n in sentence.citations)
        screen.print(styled(" ".join(sentence.text.split()) + marks))
    for remark in remarks(answer):
        screen.print(styled(remark, "dim"))
    screen.print()
    _print_sources(screen, answer)
    _print_id(screen, answer)


def _print_sources(screen: Console, answer: Answer) -> None:
    """Print where each quote stands; several of one document below its name."""
    by_document: dict[str, list[Citation]] = {}
    for citation in answer.citations:
        by_document.setdefault(citation.document.doc_id, []).append(citation)
    for citations in by_document.values():
        document = citations[0].document
        year = f" ({document.metadata.year})" if document.metadata.year else ""
        name = f"{document.metadata.title}{year}"
        if len(citations) == 1:
            name = f"[{citations[0].n}] {name}"
            screen.print(styled(name, "bold"), styled(_whereabouts(citations[0], answer), "cyan"))
        else:
            screen.print(styled(name, "bold"))
            for one in citations:
                screen.print(styled(f"[{one.n}] {_whereabouts(one, answer)}", "cyan"))
        screen.print(styled(f"    {document.file}", "dim"))
        _print_related(screen, document, "    ")


def _whereabouts(citation: Citation, answer: Answer) -> str:
    read, label = recognised(citation.ocr), evidence_label(citation.evidence)
    return ", ".join(filter(None, (place(citation.locator, answer.language), read, label)))


def _print_id(screen: Console, answer: Answer) -> None:
    if answer.answer_id:
        screen.print(styled(f"\nmmsearch receipt {answer.answer_id}", "dim"))


def _print_related(screen: Console, document: StoredDocument, indent: str) -> None:
    """Say that a document is superseded or corrected, and what else belongs to it."""
    for other in document.related:
        what = other.relation.value.replace("_", " ")
        loud = other.relation in {Relation.SUPERSEDED_BY, Relation.CORRECTED_BY}
        screen.print(styled(f"{indent}{what} {other.file}", "yellow" if loud else "dim"))


def evidence_label(evidence: Evidence) -> str:
    """Name a kind of evidence as a person would; "" where it is plain."""
    return "" if evidence is Evidence.PLAIN else evidence.value.replace("_", " ")


def recognised(ocr: float | None) -> str:
    """Say that a text was recognised in a scan, and how surely; "" where it was not."""
    return "" if ocr is None else f"recognised in a scan, {ocr:.0%} sure"


def _shorten(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text
    return text[:limit].rsplit(" ", 1)[0] + " …"
