"""The writer's side of the library: documents, passages, vectors and generations.

One process writes at a time, under a lock that dies with it. Everything is written with
``born`` or ``died`` set to the *next* generation, document by document and durably, and
becomes visible all at once when that generation is published.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from index import codec, contents, schema
from index.errors import WrongModel
from index.lock import WriteLock
from index.notes import Notes
from index.originals import Originals
from index.removed import NOT_HELD, Removed, since
from index.types import Embedder
from ingest.types import READER, Extracted, Metadata, Passage, SourceFile


@dataclass(frozen=True, slots=True)
class Known:
    """The living version of a file that the library already has."""

    doc_id: str
    path: str
    root: str
    file: str
    content_no: int
    sha256: str
    read_metadata: Metadata
    metadata: Metadata
    overrides: Mapping[str, Any]
    n_passages: int
    reader: int = READER
    warnings: tuple[str, ...] = ()


class Library:
    """An open library, for writing. Use as a context manager; holds the write lock."""

    def __init__(self, folder: Path, connection: sqlite3.Connection, lock: WriteLock) -> None:
        self.folder = folder
        self.originals = Originals(folder)
        self.notes = Notes(folder, connection)
        self.removed = Removed(folder, connection)
        self._db = connection
        self._lock = lock

    @classmethod
    def open(cls, folder: Path, *, wait: float = 0.0) -> Self:
        """Open or create the library in ``folder`` for writing.

        Args:
            folder: The library's folder.
            wait: Seconds to wait for another writer; negative waits for ever.

        Raises:
            LibraryLocked: Another process is writing; the text says which.
            LibraryFull, LibraryDamaged, WrongVersion: As the names say.
        """
        with schema.translated(folder):
            folder.mkdir(parents=True, exist_ok=True)
            lock = WriteLock.acquire(folder, wait)
            try:
                return cls(folder, schema.connect_writer(folder), lock)
            except BaseException:
                lock.release()
                raise

    def close(self) -> None:
        """Checkpoint, close and let the next writer in."""
        try:
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except sqlite3.OperationalError:
            pass  # a reader is in the way; the next writer does it
        finally:
            self._db.close()
            self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    # -- models and generations -------------------------------------------------------------

    def generation(self) -> int:
        """Return the published generation; 0 means nothing was ever published."""
        row = self._db.execute("SELECT value FROM meta WHERE key = 'generation'").fetchone()
        return int(row[0])

    def model_row(self) -> tuple[int, str, str, int] | None:
        """Return (model_no, name, fingerprint, dim) of the library's model."""
        row = self._db.execute(
            "SELECT model_no, name, fingerprint, dim FROM models "
            "WHERE model_no = (SELECT value FROM meta WHERE key = 'model_no')"
        ).fetchone()
        return tuple(row) if row else None

    def contents(self) -> list[tuple[int, str]]:
        """Return (content_no, title) of every living document, by content."""
        rows = self._db.execute(
            "SELECT content_no, metadata FROM documents WHERE died IS NULL ORDER BY content_no"
        )
        return [(int(number), codec.load_metadata(raw).title) for number, raw in rows]

    def count_passages(self) -> int:
        """Count the passages of every living document."""
        row = self._db.execute(
            "SELECT SUM(n_passages) FROM documents JOIN contents USING (content_no) "
            "WHERE died IS NULL"
        ).fetchone()
        return int(row[0] or 0)

    def use_model(self, embedder: Embedder) -> int:
        """Return the number of this model, which becomes the library's if it has none yet.

        Raises:
            WrongModel: The library was made with another model.
        """
        current = self.model_row()
        if current is None:
            with self.transaction():
                model_no = self.register_model(embedder)
                self.set_model(model_no)
                return model_no
        if current[2] != embedder.fingerprint:
            raise WrongModel(wrong_model(current[1], embedder.name))
        return current[0]

    def register_model(self, embedder: Embedder) -> int:
        """Record a model without making it the library's; returns its number."""
        with self.transaction():
            self._db.execute(
                "INSERT OR IGNORE INTO models (name, fingerprint, dim) VALUES (?, ?, ?)",
                (embedder.name, embedder.fingerprint, embedder.dim),
            )
        row = self._db.execute(
            "SELECT model_no FROM models WHERE fingerprint = ?", (embedder.fingerprint,)
        ).fetchone()
        return int(row[0])

    def set_model(self, model_no: int) -> None:
        """Make a registered model the library's, from the next generation on."""
        with self.transaction():
            self._db.execute("INSERT OR REPLACE INTO meta VALUES ('model_no', ?)", (model_no,))

    def has_pending(self) -> bool:
        """Say whether anything was written since the published generation."""
        row = self._db.execute(
            "SELECT 1 FROM documents WHERE born > :g OR died > :g "
            "UNION ALL SELECT 1 FROM meta WHERE key = 'model_no' AND value IS NOT "
            "(SELECT model_no FROM generations WHERE generation = :g) LIMIT 1",
            {"g": self.generation()},
        ).fetchone()
        return row is not None

    def publish(self) -> int:
        """Make the next generation the current one, in one transaction."""
        generation = self.generation() + 1
        model = self.model_row()
        with self.transaction():
            self._db.execute(
                "INSERT INTO generations VALUES (?, ?, ?)",
                (generation, model[0] if model else None, _now()),
            )
            self._db.execute("UPDATE meta SET value = ? WHERE key = 'generation'", (generation,))
        return generation

    def purge(self, *, keep_before: bool = True) -> int:
        """Delete what no generation from the one before the current on can see, and no undo holds.

        Args:
            keep_before: Whether somebody may still be reading the generation before this one.

        Returns:
            How many versions were deleted.
        """
        oldest = self.generation() - int(keep_before)
        with self.transaction():
            gone = self._db.execute(
                f"DELETE FROM documents WHERE died <= :oldest AND {NOT_HELD}",  # noqa: S608 - a constant
                {"oldest": oldest, "since": since()},
            ).rowcount
            if gone:
                for table in ("passages", "contents"):
                    self._db.execute(
                        f"DELETE FROM {table} WHERE content_no NOT IN "  # noqa: S608 - two literals
                        "(SELECT content_no FROM documents)"
                    )
                self._db.execute(
                    "DELETE FROM vectors WHERE embed_hash NOT IN (SELECT embed_hash FROM passages)"
                )
        self.originals.keep_only(
            row[0] for row in self._db.execute("SELECT DISTINCT sha256 FROM contents")
        )
        return gone

    # -- documents ---------------------------------------------------------------------------

    def known(self) -> Iterator[Known]:
        """Yield the living version of every document, by id."""
        rows = self._db.execute(
            "SELECT d.doc_id, d.path, d.root, d.file, d.content_no, c.sha256, c.metadata, "
            "d.metadata, d.overrides, c.n_passages, c.reader, c.warnings FROM documents d "
            "JOIN contents c USING (content_no) WHERE d.died IS NULL ORDER BY d.doc_id"
        )
        for *place, content_no, sha256, read, effective, said, count, reader, warned in rows:
            doc_id, path, root, file = place
            yield Known(
                doc_id,
                path,
                root,
                file,
                content_no,
                sha256,
                codec.load_metadata(read),
                codec.load_metadata(effective),
                json.loads(said),
                count,
                reader,
                tuple(json.loads(warned)),
            )

    def add(
        self,
        doc_id: str,
        item: Extracted,
        metadata: Metadata,
        overrides: Mapping[str, Any],
        vectors: Mapping[bytes, NDArray[np.float32]],
        model_no: int,
    ) -> None:
        """Store a document with its passages; replaces the living version with this id.

        Args:
            doc_id: The document's id.
            item: What the pipeline made of the file.
            metadata: With the manifest's overrides applied.
            overrides: What the manifest said, to be remembered.
            vectors: Those vectors that the library does not have yet, by embed hash.
            model_no: The model that made them.
        """
        with self.transaction():
            content_no = contents.write_content(self._db, item)
            contents.write_passages(
                self._db,
                content_no,
                doc_id,
                item.passages,
                metadata.title,
                contents.locators_of(item.parsed, item.passages),
            )
            self.add_vectors(model_no, vectors)
            self._bury(doc_id)
            self._add_version(doc_id, item.source, content_no, metadata, overrides)

    def update(
        self,
        known: Known,
        source: SourceFile,
        metadata: Metadata,
        overrides: Mapping[str, Any],
        vectors: Mapping[bytes, NDArray[np.float32]],
        model_no: int,
    ) -> None:
        """Give a document other metadata or another place; its text stays.

        A new title stands in front of every passage when it is embedded, so it takes new
        ``vectors`` (see ``add``); with the old title they may be empty.
        """
        with self.transaction():
            content_no = known.content_no
            if metadata.title != known.metadata.title:
                passages = self.passages(content_no)
                locators = contents.read_locators(self._db, content_no)
                content_no = contents.copy_content(self._db, content_no)
                contents.write_passages(
                    self._db, content_no, known.doc_id, passages, metadata.title, locators
                )
                self.add_vectors(model_no, vectors)
            self._bury(known.doc_id)
            self._add_version(known.doc_id, source, content_no, metadata, overrides)

    def passages(self, content_no: int) -> list[Passage]:
        """Return the passages of a content, in order."""
        return contents.read_passages(self._db, content_no)

    def keys(self, content_no: int) -> list[bytes]:
        """Return the keys under which the vectors of a content's passages are kept, in order."""
        return contents.read_keys(self._db, content_no)

    def remove(self, doc_id: str) -> None:
        """Remove a document from the next generation on."""
        with self.transaction():
            self._bury(doc_id)

    def _bury(self, doc_id: str) -> None:
        pending = self.generation() + 1
        self._db.execute(
            "DELETE FROM documents WHERE doc_id = ? AND died IS NULL AND born = ?",
            (doc_id, pending),
        )
        self._db.execute(
            "UPDATE documents SET died = ? WHERE doc_id = ? AND died IS NULL", (pending, doc_id)
        )

    def _add_version(
        self,
        doc_id: str,
        source: SourceFile,
        content_no: int,
        metadata: Metadata,
        overrides: Mapping[str, Any],
    ) -> None:
        self._db.execute(
            "INSERT INTO documents (doc_id, path, root, file, content_no, overrides, metadata, "
            "added, born) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                doc_id,
                str(source.path),
                str(source.root),
                source.file,
                content_no,
                codec.dump_json(overrides),
                codec.dump_metadata(metadata),
                _now(),
                self.generation() + 1,
            ),
        )

    # -- vectors -----------------------------------------------------------------------------

    def missing_vectors(self, model_no: int, hashes: Sequence[bytes]) -> set[bytes]:
        """Return those hashes for which the library has no vector of this model."""
        missing = set(hashes)
        for chunk in _chunks(list(missing), 500):
            marks = ",".join("?" * len(chunk))
            rows = self._db.execute(
                f"SELECT embed_hash FROM vectors WHERE model_no = ? AND embed_hash IN ({marks})",  # noqa: S608 - question marks only
                (model_no, *chunk),
            )
            missing.difference_update(row[0] for row in rows)
        return missing

    def add_vectors(self, model_no: int, vectors: Mapping[bytes, NDArray[np.float32]]) -> None:
        """Store vectors as float16; equal texts share one."""
        with self.transaction():
            self._db.executemany(
                "INSERT OR IGNORE INTO vectors VALUES (?, ?, ?)",
                ((model_no, key, row.astype("<f2").tobytes()) for key, row in vectors.items()),
            )

    def drop_vectors(self, model_no: int) -> None:
        """Forget every vector of a model that is no longer used."""
        with self.transaction():
            self._db.execute("DELETE FROM vectors WHERE model_no = ?", (model_no,))

    def transaction(self) -> AbstractContextManager[None]:
        """Run a with-block as one durable transaction (nested ones join it)."""
        return schema.transaction(self._db, self.folder)


def wrong_model(stored: str, wanted: str) -> str:
    """Say that a library was made with another model and how to go on."""
    return (
        f"this library was made with the model {stored!r}, not {wanted!r}: embed it again with "
        f"'mmsearch model {wanted}', or set MMSEARCH_MODEL={stored}"
    )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _chunks(items: list[bytes], size: int) -> Iterator[list[bytes]]:
    for at in range(0, len(items), size):
        yield items[at : at + size]
