"""The library's SQLite file: how it is opened, and what its errors mean.

Its tables are made, and changed, by numbered migrations (``index.migrations``). A library of an
older version is brought up to date when it is opened, under the write lock.

A document *version* lives in the generations ``born <= g < died`` (``died`` is NULL while it
lives), so every published generation can be read while the next one is being written. Text,
blocks, words and passages belong to a *content*, which never changes once it is written; a new
version that only corrects metadata points to the same content.

Only the writer checkpoints: SQLite before 3.51.3 can corrupt a WAL file when two connections
checkpoint at once (sqlite.org/wal.html, section 11). Readers open the file read-only and cannot.
"""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from index.errors import (
    LibraryDamaged,
    LibraryError,
    LibraryFull,
    LibraryNotFound,
    WrongVersion,
)
from index.lock import WriteLock
from index.migrations import MIGRATIONS, VERSION, apply

DATABASE = "library.db"
BUSY_SECONDS = 30.0
UPGRADE_SECONDS = 5.0
"""How long a reader of an older library waits for the writer that is bringing it up to date."""


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
        WrongVersion: It was written by a newer version of the program, or by an older one and
            cannot be brought up to date here.
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
        try:
            version = _version(connection)
            if version == 0:
                raise LibraryNotFound(
                    f"the library in {str(folder)!r} is empty: fill it with 'mmsearch ingest PATH'"
                )
            if version < VERSION:
                _upgrade(folder)
            _refuse_newer(connection, folder)
        except BaseException:
            connection.close()
            raise
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


FULL_ERRNOS = frozenset({errno.ENOSPC, errno.EDQUOT})
"""What the system says where a disk, or somebody's share of it, is full."""


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
    """Apply the migrations that this library lacks, each in a transaction of its own."""
    _refuse_newer(connection, folder)
    for migration in MIGRATIONS[_version(connection) :]:
        with transaction(connection, folder):
            apply(connection, migration)


def _upgrade(folder: Path) -> None:
    """Bring an older library up to date before it is read.

    Raises:
        WrongVersion: This process may not write there, or a writer is at work.
    """
    try:
        lock = WriteLock.acquire(folder, UPGRADE_SECONDS)
        try:
            connect_writer(folder).close()
        finally:
            lock.release()
    except LibraryDamaged:
        raise
    except (OSError, LibraryError) as exc:
        raise _too_old(folder) from exc


def _too_old(folder: Path) -> WrongVersion:
    return WrongVersion(
        f"the library in {str(folder)!r} was made by an older mmsearch and this process may not "
        f"change it: run 'mmsearch check --library {folder}' once as somebody who may write there, "
        "while nothing else is writing"
    )


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _refuse_newer(connection: sqlite3.Connection, folder: Path) -> None:
    version = _version(connection)
    if version > VERSION:
        raise WrongVersion(
            f"the library in {str(folder)!r} has format {version}, this program reads up to "
            f"{VERSION}: install a newer mmsearch"
        )
