"""The library's SQLite file: its tables, how it is opened, and what its errors mean.

A document *version* lives in the generations ``born <= g < died`` (``died`` is NULL while it
lives), so every published generation can be read while the next one is being written. Text,
blocks, words and passages belong to a *content*, which never changes once it is written; a new
version that only corrects metadata points to the same content.

Only the writer checkpoints: SQLite before 3.51.3 can corrupt a WAL file when two connections
checkpoint at once (sqlite.org/wal.html, section 11). Readers open the file read-only and cannot.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from index.errors import LibraryDamaged, LibraryError, LibraryFull, LibraryNotFound, WrongVersion

DATABASE = "library.db"
VERSION = 1
BUSY_SECONDS = 30.0

TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE models (
  model_no INTEGER PRIMARY KEY, name TEXT NOT NULL, fingerprint TEXT NOT NULL UNIQUE,
  dim INTEGER NOT NULL
);
CREATE TABLE generations (
  generation INTEGER PRIMARY KEY, model_no INTEGER REFERENCES models, published TEXT NOT NULL
);
CREATE TABLE contents (
  content_no INTEGER PRIMARY KEY, sha256 TEXT NOT NULL, size INTEGER NOT NULL,
  unit TEXT NOT NULL, text TEXT NOT NULL, blocks BLOB NOT NULL, words BLOB NOT NULL,
  pages TEXT NOT NULL, warnings TEXT NOT NULL, metadata TEXT NOT NULL, n_passages INTEGER NOT NULL,
  digest BLOB NOT NULL
);
CREATE TABLE documents (
  version_no INTEGER PRIMARY KEY, doc_id TEXT NOT NULL, path TEXT NOT NULL, root TEXT NOT NULL,
  file TEXT NOT NULL, content_no INTEGER NOT NULL REFERENCES contents, overrides TEXT NOT NULL,
  metadata TEXT NOT NULL, added TEXT NOT NULL, born INTEGER NOT NULL, died INTEGER
);
CREATE UNIQUE INDEX documents_alive_id ON documents (doc_id) WHERE died IS NULL;
CREATE UNIQUE INDEX documents_alive_path ON documents (path) WHERE died IS NULL;
CREATE INDEX documents_content ON documents (content_no);
CREATE TABLE passages (
  passage_no INTEGER PRIMARY KEY, content_no INTEGER NOT NULL REFERENCES contents,
  ordinal INTEGER NOT NULL, passage_id TEXT NOT NULL, start INTEGER NOT NULL,
  "end" INTEGER NOT NULL, heading_path TEXT NOT NULL, context TEXT NOT NULL,
  language TEXT NOT NULL, kind TEXT NOT NULL, locator TEXT NOT NULL, embed_hash BLOB NOT NULL,
  UNIQUE (content_no, ordinal)
);
CREATE INDEX passages_id ON passages (passage_id);
CREATE TABLE vectors (
  model_no INTEGER NOT NULL, embed_hash BLOB NOT NULL, vector BLOB NOT NULL,
  PRIMARY KEY (model_no, embed_hash)
) WITHOUT ROWID;
"""


def connect_writer(folder: Path) -> sqlite3.Connection:
    """Open the database for writing, creating it; the caller holds the write lock.

    Raises:
        LibraryDamaged: The file is not a database, or a damaged one.
        WrongVersion: It was written by a newer version of the program.
    """
    with translated(folder):
        connection = sqlite3.connect(
            folder / DATABASE, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        _migrate(connection, folder)
        return connection


def connect_reader(folder: Path) -> sqlite3.Connection:
    """Open the database read-only.

    Raises:
        LibraryNotFound: There is no library in the folder.
        LibraryDamaged: The file is not a database.
        WrongVersion: It was written by a newer version of the program.
    """
    path = folder / DATABASE
    if not path.is_file():
        raise LibraryNotFound(
            f"there is no library in {str(folder)!r}: "
            f"make one with 'mmsearch ingest PATH --library {folder}'"
        )
    with translated(folder):
        uri = f"{path.resolve().as_uri()}?mode=ro"
        connection = sqlite3.connect(
            uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        connection.execute("PRAGMA query_only = ON")
        if _version(connection) == 0:
            connection.close()
            raise LibraryNotFound(
                f"the library in {str(folder)!r} is empty: fill it with 'mmsearch ingest PATH'"
            )
        _refuse_newer(connection, folder)
        return connection


@contextmanager
def transaction(connection: sqlite3.Connection, folder: Path) -> Iterator[None]:
    """Run the body as one transaction; a transaction inside a transaction joins it.

    Raises:
        LibraryFull: The disk is full; nothing of this transaction was kept.
        LibraryDamaged: SQLite found the file damaged.
    """
    if connection.in_transaction:
        yield
        return
    with translated(folder):
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise


@contextmanager
def translated(folder: Path) -> Iterator[None]:
    """Turn SQLite's errors, and a full disk, into ours."""
    try:
        yield
    except sqlite3.DatabaseError as exc:
        raise _translate(exc, folder) from exc
    except OSError as exc:
        if exc.errno in FULL_ERRNOS:
            raise full(folder) from exc
        raise


FULL_ERRNOS = frozenset({28, 122})
"""ENOSPC and EDQUOT."""


def full(folder: Path) -> LibraryFull:
    """Say that the disk is full and that nothing was lost."""
    return LibraryFull(
        f"the disk that holds {str(folder)!r} is full; everything reported as added is safe: "
        "free some space and run the same command again"
    )


def _translate(exc: sqlite3.DatabaseError, folder: Path) -> LibraryError:
    code = getattr(exc, "sqlite_errorcode", 0) & 0xFF
    if code == sqlite3.SQLITE_FULL:
        return full(folder)
    if code in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}:
        return LibraryDamaged(
            f"{str(folder / DATABASE)!r} is damaged ({exc}); put a copy of it back, "
            "or delete the library folder and ingest the documents again"
        )
    return LibraryError(f"the library in {str(folder)!r} could not be used: {exc}")


def _migrate(connection: sqlite3.Connection, folder: Path) -> None:
    _refuse_newer(connection, folder)
    if _version(connection) == 0:
        with transaction(connection, folder):
            for statement in TABLES.split(";"):
                if statement.strip():
                    connection.execute(statement)
            connection.execute("INSERT INTO meta VALUES ('generation', 0)")
            connection.execute(f"PRAGMA user_version = {VERSION}")


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _refuse_newer(connection: sqlite3.Connection, folder: Path) -> None:
    version = _version(connection)
    if version > VERSION:
        raise WrongVersion(
            f"the library in {str(folder)!r} has format {version}, this program reads up to "
            f"{VERSION}: install a newer mmsearch"
        )
