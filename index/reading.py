"""The reader's side of the library: what one published generation holds.

Read-only connections, one a thread; nothing here can write, checkpoint or wait for a writer.
"""

from __future__ import annotations

import json
import sqlite3
import threading
import weakref
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from sys import getsizeof
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index import codec, schema
from index.errors import NotFound
from index.types import StoredDocument, Vectors
from ingest.types import Block, Evidence, Locator, Page, Unit, Words

CACHED_BYTES = 192_000_000
"""How much text a process keeps at hand, in bytes: that of 100,000 passages, at two a letter where
one is not Latin. Half of it again for blocks and words."""


@dataclass(frozen=True, slots=True)
class Head:
    """The published generation and its model."""

    generation: int
    model_no: int
    model: str
    fingerprint: str
    dim: int


@dataclass(frozen=True, slots=True)
class DocumentEntry:
    """A document of one generation, with the content it points to."""

    document: StoredDocument
    content_no: int


@dataclass(frozen=True, slots=True)
class PassageRow:
    """A passage as stored, without its text.

    ``place`` is its locator as it is stored: a search reads many passages and shows the places
    of few.
    """

    passage_no: int
    passage_id: str
    content_no: int
    ordinal: int
    start: int
    end: int
    heading_path: tuple[str, ...]
    context: str
    language: str
    kind: str
    place: str
    embed_hash: bytes
    evidence: Evidence = Evidence.PLAIN
    ocr: float | None = None

    @property
    def locator(self) -> Locator:
        """Where it stands."""
        return codec.load_locator(self.place)

    @property
    def first(self) -> int:
        """The first page, slide, row, paragraph or line of it."""
        return codec.first_of(self.place)


@dataclass(frozen=True, slots=True, eq=False)
class Content:
    """A document's text with all that is needed to locate a span of it."""

    text: str
    blocks: tuple[Block, ...]
    unit: Unit
    pages: tuple[Page, ...]
    words: Words


_EVIDENCE = {kind.value: kind for kind in Evidence}
_PASSAGE = (
    'SELECT passage_no, passage_id, content_no, ordinal, start, "end", heading_path, context, '
    "language, kind, evidence, ocr, locator, embed_hash FROM passages "
)


class Reading:
    """Reads the truth. Safe for use by several threads."""

    def __init__(self, folder: Path, *, cached: int = CACHED_BYTES) -> None:
        self.folder = folder
        self._most = cached
        self._local = threading.local()
        self._own: weakref.WeakSet[_Own] = weakref.WeakSet()
        self._guard = threading.Lock()
        self._contents: OrderedDict[int, Content] = OrderedDict()
        self._cached = 0
        self._texts: OrderedDict[int, str] = OrderedDict()
        self._text_bytes = 0

    def head(self) -> Head:
        """Return the generation that is published now; generation 0 has no model yet."""
        row = self._one(
            "SELECT m.value, n.model_no, n.name, n.fingerprint, n.dim FROM meta m "
            "LEFT JOIN generations g ON g.generation = m.value "
            "LEFT JOIN models n USING (model_no) WHERE m.key = 'generation'"
        )
        generation, model_no, name, fingerprint, dim = row
        return Head(int(generation), model_no or 0, name or "", fingerprint or "", dim or 0)

    def has_pending(self, generation: int) -> bool:
        """Say whether documents were written that no generation shows yet."""
        row = self._one(
            "SELECT EXISTS (SELECT 1 FROM documents WHERE born > :g OR died > :g)",
            {"g": generation},
        )
        return bool(row[0])

    def documents(self, generation: int) -> list[DocumentEntry]:
        """Return every document of a generation, by id."""
        rows = self._rows(
            "SELECT d.doc_id, d.file, c.sha256, c.size, d.metadata, c.n_passages, c.pages, "
            "d.added, c.warnings, d.content_no FROM documents d JOIN contents c "
            "USING (content_no) WHERE born <= :g AND (died IS NULL OR died > :g) "
            "ORDER BY d.doc_id",
            {"g": generation},
        )
        return [
            DocumentEntry(
                StoredDocument(
                    doc_id=row[0],
                    file=row[1],
                    sha256=row[2],
                    size=row[3],
                    metadata=codec.load_metadata(row[4]),
                    n_passages=row[5],
                    pages=codec.load_pages(row[6]),
                    added=datetime.fromisoformat(row[7]),
                    warnings=tuple(json.loads(row[8])),
                ),
                row[9],
            )
            for row in rows
        ]

    def passage_numbers(self, generation: int) -> NDArray[np.int64]:
        """Return (passage_no, content_no) of a generation: int64, (n, 2), by passage_no."""
        rows = self._rows(
            "SELECT passage_no, content_no FROM passages WHERE content_no IN "
            "(SELECT content_no FROM documents WHERE born <= :g AND (died IS NULL OR died > :g)) "
            "ORDER BY passage_no",
            {"g": generation},
        )
        return np.array(rows, dtype=np.int64).reshape(-1, 2)

    def evidence(self, generation: int) -> Iterator[tuple[int, Evidence]]:
        """Yield (passage_no, kind of evidence) of a generation's passages that are not plain."""
        rows = self._iterate(
            "SELECT passage_no, evidence FROM passages WHERE evidence <> 'plain' AND content_no IN "
            "(SELECT content_no FROM documents WHERE born <= ?1 AND (died IS NULL OR died > ?1))",
            (generation,),
        )
        for number, evidence in rows:
            yield number, Evidence(evidence)

    def sketches(self, generation: int) -> dict[int, bytes]:
        """Return the sketch of each text of a generation by content; b"" where it has none."""
        rows = self._iterate(
            "SELECT content_no, sketch FROM contents WHERE content_no IN "
            "(SELECT content_no FROM documents WHERE born <= ?1 AND (died IS NULL OR died > ?1))",
            (generation,),
        )
        return {content_no: sketch or b"" for content_no, sketch in rows}

    def vectors(self, model_no: int, dim: int, numbers: NDArray[np.int64]) -> Vectors:
        """Return the vectors of passages, in the order given: float32, (n, dim).

        Raises:
            LibraryError: A passage has no vector of this model.
        """
        wanted = {int(n): at for at, n in enumerate(numbers)}
        matrix = np.zeros((len(numbers), dim), dtype=np.float32)
        found = 0
        rows = self._iterate(
            "SELECT p.passage_no, v.vector FROM passages p JOIN vectors v "
            "ON v.model_no = ? AND v.embed_hash = p.embed_hash ORDER BY p.passage_no",
            (model_no,),
        )
        for number, blob in rows:
            at = wanted.get(number)
            if at is not None:
                matrix[at] = np.frombuffer(blob, dtype="<f2")
                found += 1
        if found != len(numbers):
            raise NotFound(f"{len(numbers) - found} passages have no vector of this model")
        return matrix

    def passages(self, numbers: Sequence[int]) -> dict[int, PassageRow]:
        """Return passages by number."""
        found: dict[int, PassageRow] = {}
        for at in range(0, len(numbers), 500):
            chunk = [int(n) for n in numbers[at : at + 500]]
            marks = ",".join("?" * len(chunk))
            for row in self._rows(_PASSAGE + f"WHERE passage_no IN ({marks})", chunk):
                found[row[0]] = _passage(row)
        return found

    def passages_of(self, content_no: int) -> list[PassageRow]:
        """Return the passages of one content, in order."""
        rows = self._rows(_PASSAGE + "WHERE content_no = ? ORDER BY ordinal", (content_no,))
        return [_passage(row) for row in rows]

    def passages_named(self, passage_id: str) -> list[PassageRow]:
        """Return the passages with this id, of any version of their document."""
        return [_passage(r) for r in self._rows(_PASSAGE + "WHERE passage_id = ?", (passage_id,))]

    def content(self, content_no: int) -> Content:
        """Return a document's text, blocks, pages and words; kept at hand for the next call."""
        with self._guard:
            kept = self._contents.get(content_no)
            if kept is not None:
                self._contents.move_to_end(content_no)
                return kept
        row = self._one(
            "SELECT blocks, unit, pages, words FROM contents WHERE content_no = ?", (content_no,)
        )
        content = Content(
            self.text(content_no),
            codec.unpack_blocks(row[0]),
            Unit(row[1]),
            codec.load_pages(row[2]),
            codec.unpack_words(row[3]),
        )
        self._keep(content_no, content)
        return content

    def text(self, content_no: int) -> str:
        """Return a document's text alone; cheaper than ``content`` where nothing is located."""
        with self._guard:
            kept = self._texts.get(content_no)
            if kept is not None:
                self._texts.move_to_end(content_no)
                return kept
        text = str(self._one("SELECT text FROM contents WHERE content_no = ?", (content_no,))[0])
        with self._guard:
            if content_no not in self._texts:
                self._texts[content_no] = text
                self._text_bytes += getsizeof(text)
            while self._text_bytes > self._most and len(self._texts) > 1:
                _, dropped = self._texts.popitem(last=False)
                self._text_bytes -= getsizeof(dropped)
        return text

    def digests(self) -> Iterator[tuple[int, bool]]:
        """Yield (content_no, whether its bytes match their digest) for every content."""
        rows = self._iterate("SELECT content_no, text, blocks, words, pages, digest FROM contents")
        for content_no, text, blocks, words, pages, digest in rows:
            yield content_no, codec.content_digest(text, blocks, words, pages) == digest

    def integrity(self) -> str:
        """Return "ok", or what SQLite's own check found wrong with the file."""
        return str(self._one("PRAGMA quick_check(3)")[0])

    def close(self) -> None:
        """Close every thread's connection."""
        with self._guard:
            for own in tuple(self._own):
                own.close()
        self._local = threading.local()

    def _keep(self, content_no: int, content: Content) -> None:
        with self._guard:
            if content_no not in self._contents:
                self._contents[content_no] = content
                self._cached += _size(content)
            while self._cached > self._most // 2 and len(self._contents) > 1:
                _, dropped = self._contents.popitem(last=False)
                self._cached -= _size(dropped)

    def _connection(self) -> sqlite3.Connection:
        own: _Own | None = getattr(self._local, "own", None)
        if own is None:
            own = self._local.own = _Own(schema.connect_reader(self.folder))
            with self._guard:
                self._own.add(own)
        return own.connection

    def _rows(self, sql: str, values: Sequence[object] | dict[str, object] = ()) -> list[Any]:
        with schema.translated(self.folder):
            return self._connection().execute(sql, values).fetchall()

    def _iterate(self, sql: str, values: Sequence[object] = ()) -> Iterator[Any]:
        with schema.translated(self.folder):
            yield from self._connection().execute(sql, values)

    def _one(self, sql: str, values: Sequence[object] | dict[str, object] = ()) -> Any:
        rows = self._rows(sql, values)
        if not rows:
            raise NotFound("the library has no such row")
        return rows[0]


class _Own:
    """A thread's own connection, closed when the thread has ended."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self.close = weakref.finalize(self, connection.close)
        self.close.atexit = False


def _size(content: Content) -> int:
    """Estimate what a content takes beside its text, in bytes; a block takes some 250."""
    return content.words.nbytes + 250 * len(content.blocks)


def _passage(row: Any) -> PassageRow:
    number, passage_id, content_no, ordinal, start, end, path, *texts, place, embed_hash = row
    context, language, kind, evidence, ocr = texts
    return PassageRow(
        number,
        passage_id,
        content_no,
        ordinal,
        start,
        end,
        tuple(json.loads(path)) if path != "[]" else (),
        context,
        language,
        kind,
        place,
        embed_hash,
        _EVIDENCE[evidence],
        ocr,
    )
