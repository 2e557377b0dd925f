"""The library's tables, as the numbered steps that made them.

A library records each step in its table ``migrations`` and the number of the last one in SQLite's
``user_version``. A step, once released, never changes; what is new is a new step.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True)
class Migration:
    """One step: from the version before to ``version``.

    Attributes:
        version: The library's version afterwards; steps count from 1 without a gap.
        name: What it is for, in a few words.
        sql: Statements, each ended by a semicolon.
    """

    version: int
    name: str
    sql: str


_FIRST = """CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;
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

_EVIDENCE = """
CREATE TABLE migrations (
  version INTEGER PRIMARY KEY, name TEXT NOT NULL, applied TEXT NOT NULL
);
ALTER TABLE passages ADD COLUMN evidence TEXT NOT NULL DEFAULT 'plain';
ALTER TABLE passages ADD COLUMN ocr REAL CHECK (ocr BETWEEN 0 AND 1);
ALTER TABLE contents ADD COLUMN reader INTEGER NOT NULL DEFAULT 1;
ALTER TABLE contents ADD COLUMN sketch BLOB;
"""

_KEEPING = """
CREATE TABLE failures (
  path TEXT PRIMARY KEY, root TEXT NOT NULL, file TEXT NOT NULL, reason TEXT NOT NULL,
  failed TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE left_out (
  path TEXT PRIMARY KEY, root TEXT NOT NULL, file TEXT NOT NULL, title TEXT NOT NULL,
  sha256 TEXT NOT NULL, removed TEXT NOT NULL
) WITHOUT ROWID;
"""

_FAILURES = """
ALTER TABLE failures ADD COLUMN failure TEXT NOT NULL DEFAULT '';
"""

MIGRATIONS: tuple[Migration, ...] = (
    Migration(1, "documents, passages, vectors and generations", _FIRST),
    Migration(2, "kinds of evidence, confidence of OCR, sketches of texts", _EVIDENCE),
    Migration(3, "files that failed, and those that a keeper removed", _KEEPING),
    Migration(4, "why files failed, in a word", _FAILURES),
)
VERSION = MIGRATIONS[-1].version
"""The version that this program writes."""


def apply(connection: sqlite3.Connection, migration: Migration) -> None:
    """Apply one step and record it; the caller holds the transaction.

    The first step had no record of its own and is recorded with the second.
    """
    for statement in migration.sql.split(";"):
        if statement.strip():
            connection.execute(statement)
    if migration.version == 1:
        connection.execute("INSERT INTO meta VALUES ('generation', 0)")
    else:
        _record(connection, migration)
    connection.execute(f"PRAGMA user_version = {int(migration.version)}")


def _record(connection: sqlite3.Connection, migration: Migration) -> None:
    now = datetime.now(UTC).isoformat(timespec="seconds")
    known = [MIGRATIONS[0], migration] if migration.version == 2 else [migration]
    connection.executemany(
        "INSERT INTO migrations VALUES (?, ?, ?)",
        [(step.version, step.name, now) for step in known],
    )
