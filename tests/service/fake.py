"""A small library in memory behind the signatures of ``KnowledgeBase``, with real PDF files.

Passages are paragraphs, words are matched by their letters, and an answer is the paragraph
that shares most words with the question. What it decides by itself is who may read what.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from index.errors import BadFilter, BadQuery, NotFound
from index.types import (
    DocumentText,
    Embedder,
    Filters,
    Hit,
    Reader,
    SearchResult,
    StoredDocument,
    StoredPassage,
)
from ingest.types import (
    Block,
    BlockKind,
    Evidence,
    Locator,
    Metadata,
    Page,
    PageArea,
    Rect,
    Unit,
    Why,
)
from mmsearch.answer.abstain import THRESHOLD
from mmsearch.answer.everything import DocumentMatches, Everything
from mmsearch.knowledge import DocumentPage, KnowledgeBase, Status
from mmsearch.types import Acronym, Answer, Citation, Sentence
from mmsearch.wording.word import Told
from tests.fakes import WordEmbedder

WIDTH, HEIGHT, MARGIN, SIZE, LEADING = 595.0, 842.0, 72.0, 11.0, 16.0
FONT = "Helvetica"
GENERATION = 7

Paragraph = tuple[str, ...]
"""Its lines."""


@dataclass(frozen=True)
class Line:
    """One line of text where it stands."""

    start: int
    end: int
    page: int
    rect: Rect


@dataclass
class FakeDocument:
    """A document with everything the service may ask of it."""

    stored: StoredDocument
    text: str
    passages: tuple[StoredPassage, ...]
    lines: tuple[Line, ...]
    path: Path


@dataclass
class FakeKnowledge:
    """Behaves as a ``KnowledgeBase`` towards the service.

    Attributes:
        all: Every document, whoever may read it.
        failure: Raised by every call, to see what the service makes of it.
        asked: The questions that reached it.
        history: The history of the last of them.
    """

    all: Sequence[FakeDocument]
    failure: Exception | None = None
    asked: list[str] = field(default_factory=list)
    history: list[str] = field(default_factory=list)
    closed: bool = False

    def pinned(self) -> KnowledgeBase:
        return self  # type: ignore[return-value]

    def search(
        self, question: str, *, reader: Reader, filters: Filters | None = None, limit: int = 10
    ) -> SearchResult:
        self._fail()
        self.asked.append(question)
        if not question.strip():
            raise BadQuery("the question is empty")
        admitted = list(self._admitted(reader, filters))
        wanted = _words(question)
        found = [
            (len(wanted & _words(p.text)) / len(wanted or {""}), p, d)
            for d in admitted
            for p in d.passages
            if not (filters and filters.evidence) or p.evidence in filters.evidence
        ]
        best = sorted((f for f in found if f[0] > 0), key=lambda f: (-f[0], f[1].passage_id))
        hits = [
            Hit(rank, score, passage, document.stored, also_in=self._also_in(reader, document))
            for rank, (score, passage, document) in enumerate(best[:limit], start=1)
        ]
        return SearchResult(tuple(hits), GENERATION, len(admitted))

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
        self.history = list(history)
        result = self.search(question, reader=reader, filters=filters)
        hits, n_documents = result.hits, result.n_documents
        if not hits or hits[0].score < 0.3:
            return Answer(question, False, 0.1, (), (), hits, GENERATION, n_documents=n_documents)
        top = hits[0]
        passage, document = top.passage, top.document
        # The first two lines of the passage, as if they were a sentence.
        quote = "\n".join(passage.text.splitlines()[:2])
        start, end = passage.start, passage.start + len(quote)
        place = self.locate(document.doc_id, start, end, reader=reader)
        cited = Citation(1, passage.passage_id, document, quote, start, end, place, ocr=passage.ocr)
        sentence = Sentence(quote.replace("\n", " "), (1,))
        return Answer(question, True, 0.8, (sentence,), (cited,), hits, GENERATION)

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
        result = self.search(question, reader=reader, filters=filters, limit=100)
        grouped: dict[str, list[Hit]] = {}
        for hit in result.hits:
            grouped.setdefault(hit.passage.doc_id, []).append(hit)
        matches = tuple(DocumentMatches(h[0].document, tuple(h)) for h in grouped.values())
        n, end = len(result.hits), None if limit is None else offset + limit
        return Everything(
            question,
            question,
            matches[offset:end],
            n,
            len(matches),
            result.n_documents,
            GENERATION,
            offset,
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
        self._fail()
        found = [d.stored for d in self._admitted(reader, filters)]
        found.sort(key=lambda d: (d.metadata.title, d.doc_id))
        if newest:
            found.sort(key=lambda d: d.added, reverse=True)
        return DocumentPage(tuple(found[offset : offset + limit]), len(found))

    def readable(self, *, reader: Reader) -> tuple[StoredDocument, ...]:
        return self.documents(reader=reader, limit=1000).documents

    def passages(self, doc_id: str, *, reader: Reader) -> tuple[StoredPassage, ...]:
        return self._find(doc_id, reader).passages

    def document(self, doc_id: str, *, reader: Reader) -> StoredDocument:
        return self._find(doc_id, reader).stored

    def text(self, doc_id: str, *, reader: Reader) -> DocumentText:
        document = self._find(doc_id, reader)
        blocks = tuple(
            Block(BlockKind.PARAGRAPH, p.start, p.end, p.locator.first, p.locator.last)
            for p in document.passages
        )
        return DocumentText(doc_id, document.text, blocks)

    def passage(self, passage_id: str, *, reader: Reader) -> StoredPassage:
        self._fail()
        for document in self._admitted(reader, None):
            for passage in document.passages:
                if passage.passage_id == passage_id:
                    return passage
        raise NotFound(f"there is no passage {passage_id!r}")

    def locate(self, doc_id: str, start: int, end: int, *, reader: Reader) -> Locator:
        document = self._find(doc_id, reader)
        if not 0 <= start < end <= len(document.text):
            raise NotFound(f"document {doc_id!r} has no characters {start} to {end}")
        return _place(document.lines, start, end, paged=bool(document.stored.pages))

    def original(self, doc_id: str, *, reader: Reader) -> Path:
        return self._find(doc_id, reader).path

    def facets(
        self, *, reader: Reader, filters: Filters | None = None
    ) -> Mapping[str, Mapping[str, int]]:
        self._fail()
        return self._count(self._admitted(reader, filters))

    def glossary(self, *, reader: Reader) -> tuple[Acronym, ...]:
        self._fail()
        found = []
        for document in self._admitted(reader, None):
            place = self.locate(document.stored.doc_id, 0, 20, reader=reader)
            found.append(Acronym("NN", document.text[:20], 1, document.stored, 0, 20, place))
        return tuple(found)

    def long_forms(self, *, reader: Reader) -> Mapping[str, str]:
        return {acronym.short: acronym.long for acronym in self.glossary(reader=reader)}

    def status(self, *, reader: Reader) -> Status:
        self._fail()
        found = list(self._admitted(reader, None))
        return Status(GENERATION, len(found), sum(len(d.passages) for d in found), "fake-model")

    def embedder(self) -> Embedder:
        self._fail()
        return WordEmbedder()

    def close(self) -> None:
        self.closed = True

    def _fail(self) -> None:
        if self.failure is not None:
            raise self.failure

    def _find(self, doc_id: str, reader: Reader) -> FakeDocument:
        self._fail()
        for document in self._admitted(reader, None):
            if document.stored.doc_id == doc_id:
                return document
        raise NotFound(f"there is no document {doc_id!r}")

    def _admitted(self, reader: Reader, filters: Filters | None) -> Iterator[FakeDocument]:
        readable = [
            d
            for d in self.all
            if reader.may_read(d.stored.metadata.access, d.stored.metadata.groups)
        ]
        wanted = filters or Filters()
        known = self._count(readable)
        values = {
            "kind": wanted.kinds,
            "country": wanted.countries,
            "language": wanted.languages,
            "publisher": wanted.publishers,
        }
        for name, some in values.items():
            for value in some:
                if value not in known[name]:
                    raise BadFilter(f"no {name} {value!r}; SECRET-EXCEPTION-TEXT")
        for document in readable:
            kinds = {passage.evidence for passage in document.passages}
            if wanted.evidence and kinds.isdisjoint(wanted.evidence):
                continue
            if _matches(document.stored.metadata, wanted):
                yield document

    def _count(self, documents: Sequence[FakeDocument] | Iterator[FakeDocument]) -> dict:
        counts: dict[str, Counter[str]] = {
            name: Counter()
            for name in ("kind", "country", "year", "language", "publisher", "evidence")
        }
        for document in documents:
            m = document.stored.metadata
            counts["kind"][m.kind] += 1
            counts["country"].update(m.countries)
            counts["year"].update([str(m.year)] if m.year else [])
            counts["language"].update(m.languages)
            counts["publisher"].update(m.publisher)
            kinds = {passage.evidence for passage in document.passages}
            counts["evidence"].update(kind.value for kind in kinds - {Evidence.PLAIN})
        return counts

    def _also_in(self, reader: Reader, document: FakeDocument) -> tuple[tuple[str, str], ...]:
        return tuple(
            (other.stored.doc_id, other.stored.file)
            for other in self._admitted(reader, None)
            if other is not document and other.text == document.text
        )


def make_document(
    folder: Path,
    doc_id: str,
    file: str,
    pages: Sequence[Sequence[Paragraph]],
    metadata: Metadata,
    evidence: Evidence = Evidence.PLAIN,
) -> FakeDocument:
    """Write a file (a PDF for that suffix, else its text) and make its document."""
    text, lines, spans = _lay_out(pages)
    path = folder / f"{doc_id}{Path(file).suffix}"
    paged = path.suffix == ".pdf"
    if paged:
        _draw(path, pages, metadata.title)
    else:
        path.write_text(text, encoding="utf-8")
    passages = tuple(
        StoredPassage(
            passage_id=f"{doc_id}.{ordinal}",
            doc_id=doc_id,
            ordinal=ordinal,
            start=start,
            end=end,
            text=text[start:end],
            language=(*metadata.languages, "und")[0],
            kind="paragraph",
            locator=_place(lines, start, end, paged=paged),
            evidence=evidence if ordinal else Evidence.PLAIN,
        )
        for ordinal, (start, end) in enumerate(spans)
    )
    content = path.read_bytes()
    why = (Why("title", "line 1", "the first heading", metadata.title),)
    metadata = replace(metadata, why=metadata.why or why)
    stored = StoredDocument(
        doc_id=doc_id,
        file=file,
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        metadata=metadata,
        n_passages=len(passages),
        pages=tuple(Page(i, "iv" if i == 1 else str(i + 1), WIDTH, HEIGHT) for i in _of(pages))
        if paged
        else (),
        added=datetime(2024, 5, 2, 9, 30, tzinfo=UTC),
    )
    return FakeDocument(stored, text, passages, lines, path)


def _of(pages: Sequence[Sequence[Paragraph]]) -> range:
    return range(len(pages))


def _lay_out(
    pages: Sequence[Sequence[Paragraph]],
) -> tuple[str, tuple[Line, ...], list[tuple[int, int]]]:
    """Set the text: lines of a paragraph by "\n", paragraphs by an empty line."""
    text, lines, spans = "", [], []
    for page, paragraphs in enumerate(pages):
        y = MARGIN
        for paragraph in paragraphs:
            text += "\n\n" if text else ""
            began = len(text)
            for at, line in enumerate(paragraph):
                text += ("\n" if at else "") + line
                right = MARGIN + stringWidth(line, FONT, SIZE)
                rect = Rect(MARGIN, y - SIZE, right, y + 3)
                lines.append(Line(len(text) - len(line), len(text), page, rect))
                y += LEADING
            spans.append((began, len(text)))
            y += LEADING
    return text, tuple(lines), spans


def _draw(path: Path, pages: Sequence[Sequence[Paragraph]], title: str) -> None:
    canvas = Canvas(str(path), pagesize=(WIDTH, HEIGHT), invariant=1)
    canvas.setTitle(title)
    for paragraphs in pages:
        canvas.setFont(FONT, SIZE)
        y = MARGIN
        for paragraph in paragraphs:
            for line in paragraph:
                canvas.drawString(MARGIN, HEIGHT - y, line)
                y += LEADING
            y += LEADING
        canvas.showPage()
    canvas.save()


def _place(lines: Sequence[Line], start: int, end: int, *, paged: bool) -> Locator:
    touched = [
        (n, line) for n, line in enumerate(lines, 1) if line.start < end and line.end > start
    ]
    if not paged:
        return Locator(Unit.LINE, touched[0][0], touched[-1][0])
    areas = [
        PageArea(
            page,
            "iv" if page == 1 else str(page + 1),
            tuple(line.rect for _, line in touched if line.page == page),
        )
        for page in sorted({line.page for _, line in touched})
    ]
    return Locator(Unit.PAGE, areas[0].index + 1, areas[-1].index + 1, ("Guide",), tuple(areas))


def _matches(metadata: Metadata, wanted: Filters) -> bool:
    return (
        (not wanted.kinds or metadata.kind in wanted.kinds)
        and (not wanted.countries or not set(wanted.countries).isdisjoint(metadata.countries))
        and (not wanted.languages or not set(wanted.languages).isdisjoint(metadata.languages))
        and (not wanted.publishers or not set(wanted.publishers).isdisjoint(metadata.publisher))
        and (not wanted.access or metadata.access in wanted.access)
        and (not wanted.years or metadata.year in wanted.years)
        and (wanted.year_from is None or (metadata.year or 0) >= wanted.year_from)
        and (wanted.year_to is None or (metadata.year or 9999) <= wanted.year_to)
    )


def _words(text: str) -> set[str]:
    return {word for word in re.findall(r"\w+", text.casefold()) if len(word) > 3}
