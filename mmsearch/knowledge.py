"""The one door to a library: for the command line, the service, bots and notebooks."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from types import TracebackType
from typing import Self

from index.embed import DEFAULT, load_embedder
from index.errors import LibraryLocked, WrongModel
from index.library import wrong_model
from index.originals import Originals
from index.publish import publish_pending
from index.reading import Reading
from index.retrieve import MAX_QUESTION, checked, retrieve
from index.snapshot import Snapshot, open_snapshot
from index.types import (
    DocumentText,
    Embedder,
    Filters,
    Reader,
    Reranker,
    SearchResult,
    StoredDocument,
    StoredPassage,
)
from ingest.language import LANGUAGES, detect_question
from ingest.types import Locator
from mmsearch.answer.abstain import THRESHOLD
from mmsearch.answer.answer import compose
from mmsearch.answer.everything import Everything
from mmsearch.answer.question import read
from mmsearch.complete import everything
from mmsearch.conversation.follow_up import understand
from mmsearch.glossary import acronyms, long_forms
from mmsearch.narrowing import narrowed
from mmsearch.stored import passage_named, passages_of, place_of, text_of
from mmsearch.types import Acronym, Answer, new_answer_id
from mmsearch.wording.client import ChatModel
from mmsearch.wording.source import gather
from mmsearch.wording.word import Told, word

EVIDENCE = 10
"""How many passages an answer is made from."""


@dataclass(frozen=True, slots=True)
class Status:
    """What a library holds, of what its reader may see."""

    generation: int
    n_documents: int
    n_passages: int
    model: str


@dataclass(frozen=True, slots=True)
class DocumentPage:
    """One page of a listing, with the number of documents in all of it."""

    documents: tuple[StoredDocument, ...]
    total: int


class KnowledgeBase:
    """An open library. Safe for use by several threads; sees one generation per call.

    Every call takes the reader it is for and raises ``NotFound`` alike for what does not
    exist and for what that reader may not see.
    """

    def __init__(
        self,
        reading: Reading,
        snapshot: Snapshot,
        embedder: Embedder,
        cache: Path | None = None,
        writer: ChatModel | None = None,
        reranker: Reranker | None = None,
    ) -> None:
        self._reading = reading
        self._state = (snapshot, embedder)
        self._cache = cache
        self._writer = writer
        self._reranker = reranker
        self._retrieve = partial(retrieve, reranker=reranker)
        self._moving = threading.Lock()

    @classmethod
    def open(
        cls,
        folder: Path,
        *,
        model: str | None = None,
        cache: Path | None = None,
        embedder: Embedder | None = None,
        writer: ChatModel | None = None,
        reranker: Reranker | None = None,
    ) -> Self:
        """Open the library in ``folder`` for reading.

        What a stopped ingest had stored is published first, when nobody is writing.

        Args:
            folder: The library.
            model: The model it is expected to have; None takes the library's own.
            cache: Where exported models are kept; None is the user's cache folder.
            embedder: An embedder at hand, in place of loading one.
            writer: A language model that may word answers; None quotes the documents.
            reranker: A model that reads the first passages of a search again, or None.

        Raises:
            LibraryNotFound: There is none.
            WrongModel: It was embedded with another model than ``model``.
            ModelError: The model cannot be loaded.
        """
        reading = Reading(folder)
        try:
            head = reading.head()
            if reading.has_pending(head.generation):
                _publish_quietly(folder)
            snapshot = open_snapshot(reading)
            name = model or snapshot.head.model or DEFAULT
            ready = embedder if embedder is not None else load_embedder(name, cache=cache)
            if snapshot.head.fingerprint and ready.fingerprint != snapshot.head.fingerprint:
                raise WrongModel(wrong_model(snapshot.head.model, ready.name))
            return cls(reading, snapshot, ready, cache, writer, reranker)
        except BaseException:
            reading.close()
            raise

    def search(
        self, question: str, *, reader: Reader, filters: Filters | None = None, limit: int = 10
    ) -> SearchResult:
        """Search. Raises BadQuery (empty, over 2,000 characters) and BadFilter."""
        return self._retrieve(
            *self._opened(), question, reader=reader, filters=filters, limit=limit
        )

    def ask(
        self,
        question: str,
        *,
        reader: Reader,
        filters: Filters | None = None,
        history: Sequence[str] = (),
        bar: float = THRESHOLD,
        told: Told | None = None,
    ) -> Answer:
        """Answer from the library or say that it does not know.

        Args:
            question: As asked.
            reader: Who asks.
            filters: Which documents to search.
            history: The questions of the conversation before this one, oldest first. What a
                follow-up lacks is taken from them; ``Answer.query`` says how it was read.
            bar: The confidence from which on it answers, 0–1.
            told: Called with each sentence as soon as it is sure, and its citations: with a
                language model they come one by one.

        Raises:
            BadQuery: The question is empty or over 2,000 characters.
            BadFilter: A filter names a value that the reader's documents do not have.
        """
        started = time.perf_counter()
        snapshot, embedder = self._opened()
        understood = understand(checked(question), history)
        query = understood.query[:MAX_QUESTION]
        language = detect_question(query, LANGUAGES)

        def found(chosen: Filters | None) -> SearchResult:
            return self._retrieve(
                snapshot, embedder, query, reader=reader, filters=chosen, limit=EVIDENCE
            )

        def countries() -> Collection[str]:
            catalogue = snapshot.catalogue
            return catalogue.counts("country", catalogue.admitted(reader, filters))

        result = found(filters)
        about = narrowed(read(query, language), filters, countries)

        def text(doc_id: str) -> DocumentText:
            return text_of(snapshot, doc_id, reader)

        def place(doc_id: str, start: int, end: int) -> Locator:
            return place_of(snapshot, doc_id, start, end, reader)

        passages = cache(partial(passages_of, snapshot, reader=reader))
        answer = compose(
            query,
            result,
            embedder=embedder,
            text=text,
            locate=place,
            language=language,
            passages=passages,
            narrow=found(about) if about else None,
            bar=bar,
        )
        answer = replace(
            answer,
            question=understood.question,
            answer_id=new_answer_id(),
            query=query,
            language=understood.language,
            n_documents=result.n_documents,
            checks={
                **answer.checks,
                "quotes_verbatim": len(answer.citations),
                "passages_read": len(result.hits),
            },
        )
        if self._writer is not None and answer.answered and answer.total is None:
            sources = gather(answer.citations, result.hits, text, passages)
            answer = word(answer, sources, model=self._writer, locate=place, told=told)
        elif told is not None:
            for sentence in answer.sentences:
                told(sentence, tuple(c for c in answer.citations if c.n in sentence.citations))
        return replace(answer, seconds=time.perf_counter() - started)

    def find_all(
        self,
        question: str,
        *,
        reader: Reader,
        filters: Filters | None = None,
        history: Sequence[str] = (),
        offset: int = 0,
        limit: int | None = None,
    ) -> Everything:
        """Return every passage that speaks to a question, by document; see ``ask`` for errors.

        All of the library is read; ``limit`` documents are kept, from ``offset`` on.
        """
        snapshot, embedder = self._opened()
        return everything(
            snapshot, embedder, question, reader, filters, history, offset=offset, limit=limit
        )

    def documents(
        self,
        *,
        reader: Reader,
        filters: Filters | None = None,
        offset: int = 0,
        limit: int = 50,
        newest: bool = False,
    ) -> DocumentPage:
        """List documents by title, or those added last first; then by id."""
        catalogue = self._current().catalogue
        mask = catalogue.admitted(reader, filters)
        chosen = [
            e.document for e, admitted in zip(catalogue.entries, mask, strict=True) if admitted
        ]
        chosen.sort(key=lambda d: (d.metadata.title.casefold(), d.doc_id))
        if newest:
            chosen.sort(key=lambda d: d.added, reverse=True)
        page = chosen[offset : offset + limit]
        return DocumentPage(tuple(catalogue.shown(d.doc_id, reader) for d in page), len(chosen))

    def readable(self, *, reader: Reader) -> tuple[StoredDocument, ...]:
        """Return every document a reader may read, by title."""
        return self.documents(reader=reader, limit=sys.maxsize).documents

    def passages(self, doc_id: str, *, reader: Reader) -> tuple[StoredPassage, ...]:
        """Return the passages of a document, in order."""
        return tuple(passages_of(self._current(), doc_id, reader))

    def document(self, doc_id: str, *, reader: Reader) -> StoredDocument:
        """Return one document."""
        return self._current().catalogue.shown(doc_id, reader)

    def text(self, doc_id: str, *, reader: Reader) -> DocumentText:
        """Return a document's text and blocks."""
        return text_of(self._current(), doc_id, reader)

    def passage(self, passage_id: str, *, reader: Reader) -> StoredPassage:
        """Return one passage."""
        return passage_named(self._current(), passage_id, reader)

    def locate(self, doc_id: str, start: int, end: int, *, reader: Reader) -> Locator:
        """Return where a span of a document's text stands in its file.

        Raises:
            NotFound: There is no such document, or no such span in it.
        """
        return place_of(self._current(), doc_id, start, end, reader)

    def original(self, doc_id: str, *, reader: Reader) -> Path:
        """Return the path of the stored original, its bytes checked against their digest."""
        entry = self._current().catalogue.entry(doc_id, reader)
        return Originals(self._reading.folder).checked(entry.document.sha256)

    def facets(
        self, *, reader: Reader, filters: Filters | None = None
    ) -> Mapping[str, Mapping[str, int]]:
        """Count documents by "kind", "country", "year", "language", "publisher" and "evidence"."""
        catalogue = self._current().catalogue
        return catalogue.facets(catalogue.admitted(reader, filters))

    def glossary(self, *, reader: Reader) -> tuple[Acronym, ...]:
        """List the acronyms that a reader's documents define, each with its first source."""
        snapshot = self._current()
        return acronyms(
            snapshot, reader, lambda d, start, end: place_of(snapshot, d, start, end, reader)
        )

    def long_forms(self, *, reader: Reader) -> Mapping[str, str]:
        """Return what each acronym that a reader's documents define stands for."""
        return long_forms(self._current(), reader)

    def status(self, *, reader: Reader) -> Status:
        """Return what the library holds."""
        snapshot, embedder = self._opened()
        mask = snapshot.catalogue.readable(reader)
        entries = zip(snapshot.catalogue.entries, mask, strict=True)
        n_passages = sum(e.document.n_passages for e, readable in entries if readable)
        head = snapshot.head
        return Status(head.generation, int(mask.sum()), n_passages, embedder.name)

    def embedder(self) -> Embedder:
        """Return the model that embedded what is published."""
        return self._opened()[1]

    def close(self) -> None:
        """Close it and its language model; no other thread may be using it any more."""
        with self._moving:
            self._reading.close()
        if self._writer is not None:
            self._writer.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def pinned(self) -> KnowledgeBase:
        """Return this library as it is now: every call to it sees the same generation.

        For one request at a time: a generation's texts are kept until the second one after it
        is published.
        """
        state = self._opened()
        return _Pinned(self._reading, *state, self._cache, self._writer, self._reranker)

    def _current(self) -> Snapshot:
        """Return the published generation, moving to a new one when there is one."""
        return self._opened()[0]

    def _opened(self) -> tuple[Snapshot, Embedder]:
        """Return the published generation with the model that embedded it, never of two models.

        One thread opens a new generation while the others go on with the one before.
        """
        snapshot, embedder = self._state
        if self._reading.head() != snapshot.head and self._moving.acquire(blocking=False):
            try:
                snapshot, embedder = self._state
                if self._reading.head() == snapshot.head:
                    return self._state  # another thread has moved meanwhile
                snapshot = open_snapshot(self._reading)
                if snapshot.head.fingerprint != embedder.fingerprint:
                    embedder = load_embedder(snapshot.head.model, cache=self._cache)
                self._state = (snapshot, embedder)
            finally:
                self._moving.release()
        return self._state


def _publish_quietly(folder: Path) -> None:
    try:
        publish_pending(folder)
    except (LibraryLocked, OSError):
        return  # somebody is writing, or this process may not: the published generation serves


class _Pinned(KnowledgeBase):
    """A library as it was at one moment; what it shares with the open one is not its to close."""

    def _opened(self) -> tuple[Snapshot, Embedder]:
        return self._state

    def close(self) -> None:
        """Do nothing."""
