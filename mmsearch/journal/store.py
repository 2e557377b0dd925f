"""The journal's SQLite file: its tables, its migrations, and one writer at a time.

Several processes write (the service, the Slack bot, the command line). SQLite before 3.51.3
can corrupt a WAL file when two connections write or checkpoint at the same instant
(sqlite.org/wal.html, section 11), so every write holds a lock file that the system releases
when its process dies, and nothing checkpoints outside it.
"""

from __future__ import annotations

import secrets
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from mmsearch.journal.errors import JournalDamaged, JournalError, JournalUnavailable

DATABASE = "journal.db"
LOCK = "journal.lock"
WAIT = 2.0
"""Seconds that a write waits for others before it gives up; one takes some milliseconds."""
CHECKPOINT_PAGES = 1000
"""The WAL is folded into the file when it has this many pages of 4 kB."""

MIGRATIONS = (
    """
    CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;
    CREATE TABLE answers (
      answer_id TEXT PRIMARY KEY, asked TEXT NOT NULL, question TEXT, query TEXT,
      language TEXT NOT NULL, answered INTEGER NOT NULL, confidence REAL NOT NULL,
      seconds REAL NOT NULL, generation INTEGER NOT NULL, body TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX answers_asked ON answers (asked);
    CREATE TABLE feedback (
      answer_id TEXT NOT NULL, asker BLOB NOT NULL, helpful INTEGER NOT NULL,
      missing TEXT NOT NULL, given TEXT NOT NULL, PRIMARY KEY (answer_id, asker)
    ) WITHOUT ROWID;
    CREATE TABLE gaps (
      gap_id TEXT PRIMARY KEY, sameness BLOB NOT NULL UNIQUE, question TEXT,
      language TEXT NOT NULL, reason TEXT NOT NULL, missing TEXT NOT NULL, state TEXT NOT NULL,
      note TEXT NOT NULL, first TEXT NOT NULL, last TEXT NOT NULL, times INTEGER NOT NULL,
      answer_id TEXT NOT NULL
    ) WITHOUT ROWID
    """,
)
"""Statements that take the file from version n to n + 1; never changed, only added to."""


class Store:
    """The open file. Safe for use by several threads and processes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / DATABASE
        self._guard = threading.Lock()
        self._file_lock = FileLock(folder / LOCK, thread_local=False)
        self._connection: sqlite3.Connection | None = None

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Lend the connection for reading.

        Raises:
            JournalUnavailable: It cannot be opened, or is busy for too long.
            JournalDamaged: SQLite found it damaged.
        """
        with self._lent() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Run the body as one transaction; what it wrote is durable when this returns.

        Raises:
            JournalUnavailable: Another process writes, or the disk is full; nothing was kept.
            JournalDamaged: SQLite found it damaged.
        """
        with self._lent() as connection, self._locked():
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise
            self._checkpoint(connection)

    def close(self) -> None:
        """Close the file; it is opened again when it is needed."""
        with self._guard:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    @contextmanager
    def _lent(self) -> Iterator[sqlite3.Connection]:
        if not self._guard.acquire(timeout=WAIT):
            raise self._unavailable("another thread is using it")
        try:
            with self._translated():
                if self._connection is None:
                    self._connection = self._connect()
                yield self._connection
        finally:
            self._guard.release()

    @contextmanager
    def _locked(self) -> Iterator[None]:
        try:
            self._file_lock.acquire(timeout=WAIT, poll_interval=0.005)
        except Timeout as exc:
            raise self._unavailable("another process is writing to it") from exc
        try:
            yield
        finally:
            self._file_lock.release()

    def _connect(self) -> sqlite3.Connection:
        if not self.folder.is_dir():
            raise self._unavailable("there is no such folder")
        with self._locked():
            self.path.touch(mode=0o600)
            connection = sqlite3.connect(
                self.path, timeout=WAIT, isolation_level=None, check_same_thread=False
            )
            try:
                connection.execute("PRAGMA journal_mode = WAL")
                connection.execute("PRAGMA synchronous = FULL")
                connection.execute("PRAGMA secure_delete = ON")
                connection.execute("PRAGMA wal_autocheckpoint = 0")
                self._migrate(connection)
            except BaseException:
                connection.close()
                raise
        return connection

    def _migrate(self, connection: sqlite3.Connection) -> None:
        version = int(connection.execute("PRAGMA user_version").fetchone()[0])
        if version > len(MIGRATIONS):
            raise self._unavailable(
                f"it has format {version}, this program reads up to {len(MIGRATIONS)}: "
                "use a newer mmsearch"
            )
        for number, statements in enumerate(MIGRATIONS[version:], start=version + 1):
            connection.execute("BEGIN IMMEDIATE")
            for statement in statements.split(";"):
                connection.execute(statement)
            if number == 1:
                row = ("secret", secrets.token_bytes(32))
                connection.execute("INSERT INTO meta VALUES (?, ?)", row)
            connection.execute(f"PRAGMA user_version = {number}")
            connection.execute("COMMIT")

    def _checkpoint(self, connection: sqlite3.Connection) -> None:
        wal = self.path.with_name(f"{DATABASE}-wal")
        if wal.exists() and wal.stat().st_size > CHECKPOINT_PAGES * 4096:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _unavailable(self, why: str) -> JournalUnavailable:
        return JournalUnavailable(f"the journal {str(self.path)!r} cannot be used: {why}")

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """Turn SQLite's errors and those of the disk into ours."""
        try:
            yield
        except JournalError:
            raise
        except sqlite3.DatabaseError as exc:
            code = getattr(exc, "sqlite_errorcode", 0) & 0xFF
            if code in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}:
                raise JournalDamaged(
                    f"the journal {str(self.path)!r} is damaged ({exc}); move it away and a new "
                    "one is begun: receipts and gaps in it are lost, documents are not"
                ) from exc
            raise self._unavailable(str(exc)) from exc
        except OSError as exc:
            raise self._unavailable(exc.strerror or str(exc)) from exc
