"""The queue on disk: an SQLite file of its own beside the library.

With a rollback journal, so that SQLite's own locks are enough for the service and the process
that reads.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from ingest.types import AccessLevel
from mmsearch.keeping.errors import EntryBusy, KeepingUnavailable, NoSuchEntry
from mmsearch.keeping.types import AT_WORK, ENDED, Entry, Kind, State

DATABASE = "keeping.db"
VERSION = 2
BUSY_SECONDS = 10.0
KEEP_DAYS = 30
"""How long what ended is listed."""
MOST_LISTED = 2000
MOST_ATTEMPTS = 3

_TABLES = (
    """CREATE TABLE entries (
      number INTEGER PRIMARY KEY, entry_id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL,
      file TEXT NOT NULL, root TEXT NOT NULL, stored TEXT NOT NULL, size INTEGER NOT NULL,
      sha256 TEXT NOT NULL, state TEXT NOT NULL, reason TEXT NOT NULL, doc_id TEXT NOT NULL,
      documents INTEGER NOT NULL, failed INTEGER NOT NULL, access TEXT, groups TEXT NOT NULL,
      attempts INTEGER NOT NULL, received TEXT NOT NULL, changed TEXT NOT NULL,
      claimed INTEGER NOT NULL DEFAULT 0
    )""",
    "CREATE INDEX entries_state ON entries (state)",
    "CREATE TABLE notes (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
)
_SINCE_1 = ("ALTER TABLE entries ADD COLUMN failure TEXT NOT NULL DEFAULT ''",)
"""What a queue of version 1 lacks."""
_COLUMNS = (
    "entry_id, kind, file, root, stored, size, sha256, state, reason, doc_id, documents, failed, "
    "access, groups, attempts, received, changed, failure"
)


def new_entry_id() -> str:
    """Make an id that nobody guesses."""
    return f"u_{secrets.token_hex(8)}"


class Store:
    """Keeps the queue. Safe for use by several threads and processes; made when it is needed."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / DATABASE

    def add(self, entry: Entry) -> Entry:
        """Put a file in the queue; one of the same place that failed before gives way to it.

        Returns:
            The entry with its times.
        """
        entry = replace(entry, received=_now(), changed=_now())
        values = _row(entry)
        with self._open() as db:
            db.execute(
                "DELETE FROM entries WHERE root = ? AND file = ? AND state = ?",
                (entry.root, entry.file, State.FAILED),
            )
            marks = ", ".join("?" * len(values))
            db.execute(f"INSERT INTO entries ({_COLUMNS}) VALUES ({marks})", values)  # noqa: S608 - constants
        return entry

    def entries(self, *states: State, limit: int = MOST_LISTED) -> list[Entry]:
        """List entries, those in some states or all of them, the oldest first."""
        marks = ", ".join("?" * len(states))
        where = f"WHERE state IN ({marks})" if states else ""
        with self._open() as db:
            rows = db.execute(
                f"SELECT {_COLUMNS} FROM (SELECT * FROM entries {where} "  # noqa: S608 - constants
                "ORDER BY number DESC LIMIT ?) ORDER BY number",
                (*states, limit),
            ).fetchall()
        return [_entry(row) for row in rows]

    def waiting(self, most_files: int, most_bytes: int) -> list[Entry]:
        """Return the next entries to read, the oldest first: one at least, if any waits."""
        with self._open() as db:
            rows = db.execute(
                f"SELECT {_COLUMNS} FROM entries WHERE state = ? ORDER BY number LIMIT ?",  # noqa: S608 - constants
                (State.WAITING, most_files),
            ).fetchall()
        some: list[Entry] = []
        for entry in map(_entry, rows):
            if some and sum(one.size for one in some) + entry.size > most_bytes:
                break
            some.append(entry)
        return some

    def entry(self, entry_id: str) -> Entry:
        """Return an entry.

        Raises:
            NoSuchEntry: There is none with this id.
        """
        with self._open() as db:
            return _read(db, entry_id)

    def load(self) -> tuple[int, int]:
        """Count the files, and their bytes, that wait, are read, or are kept for another try."""
        with self._open() as db:
            row = db.execute(
                "SELECT count(*), coalesce(sum(size), 0) FROM entries "
                "WHERE state IN (?, ?, ?) OR (state = ? AND stored != '')",
                (State.WAITING, *sorted(AT_WORK), State.FAILED),
            ).fetchone()
        return int(row[0]), int(row[1])

    def claim(self, entry_ids: Iterable[str]) -> set[str]:
        """Keep entries that wait from being taken out; returns those that are still there."""
        with self._open() as db:
            return {
                str(row[0])
                for entry_id in entry_ids
                for row in db.execute(
                    "UPDATE entries SET claimed = 1 WHERE entry_id = ? AND state = ? "
                    "RETURNING entry_id",
                    (entry_id, State.WAITING),
                ).fetchall()
            }

    def mark(self, entry_id: str, state: State) -> None:
        """Say that an entry is at work, unless it has been taken out."""
        with self._open() as db:
            db.execute(
                "UPDATE entries SET state = ?, changed = ? WHERE entry_id = ?",
                (state, _now(), entry_id),
            )

    def finish(self, entry: Entry) -> None:
        """Keep how an entry ended."""
        with self._open() as db:
            db.execute(
                "UPDATE entries SET state = ?, reason = ?, doc_id = ?, documents = ?, failed = ?, "
                "stored = ?, failure = ?, changed = ?, claimed = 0 WHERE entry_id = ?",
                (
                    *(entry.state, entry.reason, entry.doc_id, entry.documents, entry.failed),
                    *(entry.stored, entry.failure, _now(), entry.entry_id),
                ),
            )

    def again(self, entry_id: str) -> Entry:
        """Let an entry that failed wait once more.

        Raises:
            NoSuchEntry: There is none with this id.
            EntryBusy: It did not fail.
        """
        with self._open() as db:
            entry = _read(db, entry_id)
            if entry.state is not State.FAILED:
                raise EntryBusy(f"{entry.file!r} did not fail")
            db.execute(
                "UPDATE entries SET state = ?, reason = '', failure = '', attempts = 0, "
                "changed = ? WHERE entry_id = ?",
                (State.WAITING, _now(), entry_id),
            )
        return replace(entry, state=State.WAITING, reason="", failure="")

    def take_out(self, entry_id: str) -> Entry:
        """Take an entry out of the queue, or off the list where it has ended; returns it.

        Raises:
            NoSuchEntry: There is none with this id.
            EntryBusy: It is being read.
        """
        with self._open() as db:
            entry = _read(db, entry_id)
            (claimed,) = db.execute(
                "SELECT claimed FROM entries WHERE entry_id = ?", (entry_id,)
            ).fetchone()
            if claimed or entry.state in AT_WORK:
                raise EntryBusy(f"{entry.file!r} is being read")
            db.execute("DELETE FROM entries WHERE entry_id = ?", (entry_id,))
        return entry

    def release(self, *, crashed: bool = False) -> None:
        """Let everything that was at work wait again, as its reader is gone.

        Args:
            crashed: Whether the reader ended by itself; a file that did this to it
                ``MOST_ATTEMPTS`` times fails.
        """
        states = tuple(sorted(AT_WORK))
        with self._open() as db:
            db.execute("UPDATE entries SET claimed = 0")
            db.execute(
                "UPDATE entries SET state = ?, attempts = attempts + ? WHERE state IN (?, ?)",
                (State.WAITING, int(crashed), *states),
            )
            db.execute(
                "UPDATE entries SET state = ?, reason = ?, changed = ? "
                "WHERE state = ? AND attempts >= ?",
                (
                    *(State.FAILED, "reading it was broken off several times; see the log"),
                    *(_now(), State.WAITING, MOST_ATTEMPTS),
                ),
            )

    def forget_old(self, *, days: int = KEEP_DAYS) -> list[Entry]:
        """Drop what ended long ago; returns it."""
        before = (datetime.now(UTC) - timedelta(days=days)).isoformat(timespec="seconds")
        states = tuple(sorted(ENDED))
        marks = ", ".join("?" * len(states))
        with self._open() as db:
            rows = db.execute(
                f"DELETE FROM entries WHERE state IN ({marks}) AND changed < ? "  # noqa: S608 - constants
                f"RETURNING {_COLUMNS}",
                (*states, before),
            ).fetchall()
        return [_entry(row) for row in rows]

    def drop(self, root: str, files: Iterable[str]) -> list[Entry]:
        """Drop what has ended of some files, as they were removed; returns it."""
        states = tuple(sorted(ENDED))
        marks = ", ".join("?" * len(states))
        with self._open() as db:
            return [
                _entry(row)
                for file in files
                for row in db.execute(
                    f"DELETE FROM entries WHERE root = ? AND file = ? AND state IN ({marks}) "  # noqa: S608 - constants
                    f"RETURNING {_COLUMNS}",
                    (root, file, *states),
                ).fetchall()
            ]

    def note(self, name: str, value: str) -> None:
        """Keep a remark for the keepers, such as why nothing is read at the moment."""
        with self._open() as db:
            db.execute("INSERT OR REPLACE INTO notes VALUES (?, ?)", (name, value))

    def noted(self, name: str) -> str:
        """Return a remark, or ""."""
        with self._open() as db:
            row = db.execute("SELECT value FROM notes WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else ""

    def is_taken(self, root: str, file: str) -> bool:
        """Tell whether a file that waits or is being read has this place."""
        with self._open() as db:
            row = db.execute(
                "SELECT 1 FROM entries WHERE root = ? AND file = ? AND state IN (?, ?, ?)",
                (root, file, State.WAITING, *sorted(AT_WORK)),
            ).fetchone()
        return row is not None

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection for one transaction, committed when the body returns."""
        try:
            if not self.path.exists():
                self.path.touch(mode=0o600)
            with closing(
                sqlite3.connect(self.path, timeout=BUSY_SECONDS, isolation_level=None)
            ) as db:
                db.execute("PRAGMA synchronous = FULL")
                db.execute("BEGIN IMMEDIATE")
                _prepare(db)
                yield db
                db.execute("COMMIT")
        except (sqlite3.Error, OSError) as exc:
            raise KeepingUnavailable(f"{str(self.path)!r}: {exc}") from exc


def _prepare(db: sqlite3.Connection) -> None:
    """Make the tables, or those columns that an older queue lacks."""
    (version,) = db.execute("PRAGMA user_version").fetchone()
    for statement in (*(() if version else _TABLES), *(_SINCE_1 if version < VERSION else ())):
        db.execute(statement)
    if version < VERSION:
        db.execute(f"PRAGMA user_version = {VERSION}")


def owner(entries: Iterable[Entry], file: str) -> Entry | None:
    """Return the entry that a file is, or lies in."""
    by_file = {entry.file: entry for entry in entries}
    while file and file not in by_file:
        file = file.rpartition("/")[0]
    return by_file.get(file)


def _read(db: sqlite3.Connection, entry_id: str) -> Entry:
    row = db.execute(
        f"SELECT {_COLUMNS} FROM entries WHERE entry_id = ?",  # noqa: S608 - a constant
        (entry_id,),
    ).fetchone()
    if row is None:
        raise NoSuchEntry(f"there is no entry {entry_id!r}")
    return _entry(row)


def _entry(row: Any) -> Entry:
    entry_id, kind, file, root, stored, size, sha256, state, reason, doc_id, *rest = row
    documents, failed, access, groups, attempts, received, changed, failure = rest
    return Entry(
        *(entry_id, Kind(kind), file, root, stored, size, sha256, State(state), reason, doc_id),
        *(documents, failed, AccessLevel(access) if access else None, tuple(json.loads(groups))),
        *(attempts, received, changed, failure),
    )


def _row(entry: Entry) -> tuple[Any, ...]:
    return (
        *(entry.entry_id, entry.kind, entry.file, entry.root, entry.stored, entry.size),
        *(entry.sha256, entry.state, entry.reason, entry.doc_id, entry.documents, entry.failed),
        *(entry.access, json.dumps(entry.groups), entry.attempts, entry.received, entry.changed),
        entry.failure,
    )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
