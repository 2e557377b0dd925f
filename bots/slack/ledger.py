"""What the bot must not forget: events it has taken on, its turns, and engaged threads.

One SQLite file in the bot's state folder, written through before Slack hears that an event
was taken on. An event is claimed once by its id, and a message once by its place, since Slack
sends a mention both as a mention and as a message. What was claimed and is not done when the
process ends is handed out again by ``unfinished``.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Self, TypeVar, cast

from filelock import FileLock, Timeout

from bots.slack.errors import AlreadyRunning

FILE = "slack.db"
KEEP_DAYS = 30
"""Turns are kept so long: buttons of older messages say that they are too old."""
_DAY = 86_400.0
_T = TypeVar("_T")
_SCHEMA = """
CREATE TABLE IF NOT EXISTS jobs (
  key TEXT PRIMARY KEY, subject TEXT UNIQUE, body TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'claimed', attempts INTEGER NOT NULL DEFAULT 0,
  claimed REAL NOT NULL, stream TEXT);
CREATE INDEX IF NOT EXISTS jobs_open ON jobs (claimed) WHERE state = 'claimed';
CREATE INDEX IF NOT EXISTS jobs_stream ON jobs (stream) WHERE stream IS NOT NULL;
CREATE TABLE IF NOT EXISTS turns (
  turn_id TEXT PRIMARY KEY, body TEXT NOT NULL, made REAL NOT NULL);
CREATE TABLE IF NOT EXISTS threads (
  channel TEXT NOT NULL, thread TEXT NOT NULL, seen REAL NOT NULL,
  PRIMARY KEY (channel, thread));
"""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A job that was taken on.

    Attributes:
        key: The event's id.
        body: What to do, as given to ``claim``.
        attempts: How often work on it has begun.
        claimed: When, in seconds since 1970.
        stream: The timestamp of the message that was begun for it, or "".
    """

    key: str
    body: Mapping[str, Any]
    attempts: int
    claimed: float
    stream: str


class Ledger:
    """The bot's durable memory. Safe for several threads of the one process that has it."""

    def __init__(self, folder: Path, *, now: Callable[[], float] = time.time) -> None:
        """Open the ledger in ``folder``, made when missing.

        Raises:
            AlreadyRunning: Another process has it.
        """
        folder.mkdir(parents=True, exist_ok=True)
        self._now = now
        self._held = FileLock(folder / "slack.lock")
        try:
            self._held.acquire(timeout=0)
        except Timeout:
            raise AlreadyRunning(
                f"the bot runs already with the state in {str(folder)!r}; stop the other one, or "
                "give this one a folder of its own with MMSEARCH_SLACK_STATE"
            ) from None
        self._lock = threading.Lock()
        self._queueing = threading.Lock()
        self._queue: list[_Write] = []
        self._db = sqlite3.connect(folder / FILE, check_same_thread=False, isolation_level=None)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = FULL")  # an acknowledged event outlives the power
        self._db.executescript(_SCHEMA)
        self._prune()

    def claim(self, key: str, body: Mapping[str, Any], *, subject: str | None = None) -> bool:
        """Take an event on, durably, unless it was taken on before.

        Args:
            key: The event's id.
            body: What to do; plain JSON.
            subject: What it is about; two events about the same are one.

        Returns:
            False for an event, or a subject, that was claimed before.
        """
        row = (key, subject, json.dumps(body), self._now())

        def write(db: sqlite3.Connection) -> bool:
            made = db.execute(
                "INSERT OR IGNORE INTO jobs (key, subject, body, claimed) VALUES (?, ?, ?, ?)", row
            )
            return made.rowcount == 1

        return self._written(write)

    def begin(self, key: str) -> Claimed | None:
        """Count one more attempt at a job and return it; None when it is done."""
        sql = (
            "UPDATE jobs SET attempts = attempts + 1 WHERE key = ? AND state = 'claimed' "
            "RETURNING key, body, attempts, claimed, stream"
        )
        row = self._written(lambda db: db.execute(sql, (key,)).fetchone())
        return _claimed(row) if row else None

    def note_stream(self, key: str, ts: str) -> None:
        """Remember the message that is being written for a job."""
        self._written(partial(_execute, "UPDATE jobs SET stream = ? WHERE key = ?", (ts, key)))

    def streams(self) -> frozenset[str]:
        """Return the messages that are known to have been begun for some job."""
        with self._lock:
            rows = self._db.execute("SELECT stream FROM jobs WHERE stream IS NOT NULL")
            return frozenset(row[0] for row in rows)

    def finish(self, key: str, state: str = "done") -> None:
        """Confirm that a job is over: "done", "refused" or "failed"."""
        sql = "UPDATE jobs SET state = ?, body = '{}' WHERE key = ?"
        self._written(partial(_execute, sql, (state, key)))

    def unfinished(self) -> list[Claimed]:
        """Return the jobs that are not over, oldest first."""
        with self._lock:
            rows = self._db.execute(
                "SELECT key, body, attempts, claimed, stream FROM jobs "
                "WHERE state = 'claimed' ORDER BY claimed, key"
            ).fetchall()
        return [_claimed(row) for row in rows]

    def counts(self) -> dict[str, int]:
        """Count the jobs by their state."""
        with self._lock:
            return dict(self._db.execute("SELECT state, count(*) FROM jobs GROUP BY state"))

    def keep_turn(self, body: Mapping[str, Any]) -> str:
        """Keep what the buttons of a message need to know; returns the turn's id."""
        turn_id = secrets.token_urlsafe(12)
        row = (turn_id, json.dumps(body), self._now())
        self._written(partial(_execute, "INSERT INTO turns VALUES (?, ?, ?)", row))
        if self._now() - self._pruned > _DAY:
            self._prune()
        return turn_id

    def turn(self, turn_id: str) -> dict[str, Any] | None:
        """Return what was kept of a turn, or None when it is unknown or too old."""
        with self._lock:
            row = self._db.execute(
                "SELECT body FROM turns WHERE turn_id = ?", (turn_id,)
            ).fetchone()
        found: dict[str, Any] | None = json.loads(row[0]) if row else None
        return found

    def engage(self, channel: str, thread: str) -> None:
        """Remember that the bot has a part in a thread."""
        row = (channel, thread, self._now())
        sql = "INSERT OR REPLACE INTO threads VALUES (?, ?, ?)"
        self._written(partial(_execute, sql, row))

    def engaged(self, channel: str, thread: str) -> bool:
        """Say whether the bot is known to have a part in a thread."""
        with self._lock:
            row = self._db.execute(
                "SELECT 1 FROM threads WHERE channel = ? AND thread = ?", (channel, thread)
            ).fetchone()
        return row is not None

    def close(self) -> None:
        """Close the file and let another process have it."""
        with self._lock:
            self._db.close()
        self._held.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _prune(self) -> None:
        self._pruned = self._now()
        oldest = (self._pruned - KEEP_DAYS * _DAY,)
        for sql in (
            "DELETE FROM jobs WHERE state <> 'claimed' AND claimed < ?",
            "DELETE FROM turns WHERE made < ?",
            "DELETE FROM threads WHERE seen < ?",
        ):
            self._written(partial(_execute, sql, oldest))

    def _written(self, work: Callable[[sqlite3.Connection], _T]) -> _T:
        """Do a piece of writing; it is on the disk when this returns.

        Waiting for the disk takes most of the time, so whoever comes to write does all that
        waits at that moment, in one transaction.
        """
        mine = _Write(work)
        with self._queueing:
            self._queue.append(mine)
        with self._lock:
            if not mine.done:
                with self._queueing:
                    batch, self._queue = self._queue, []
                self._commit(batch)
        if mine.error is not None:
            raise mine.error
        return cast(_T, mine.result)

    def _commit(self, batch: list[_Write]) -> None:
        error: BaseException | None = None
        try:
            self._db.execute("BEGIN IMMEDIATE")
            for one in batch:
                one.result = one.work(self._db)
            self._db.execute("COMMIT")
        except Exception as exc:  # noqa: BLE001  # whoever waits for the batch is told
            error = exc
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
        for one in batch:
            one.error, one.done = error, True


@dataclass(slots=True)
class _Write:
    """A piece of writing that waits for its turn."""

    work: Callable[[sqlite3.Connection], Any]
    result: Any = None
    error: BaseException | None = None
    done: bool = False


def _claimed(row: tuple[Any, ...]) -> Claimed:
    return Claimed(row[0], json.loads(row[1]), row[2], row[3], row[4] or "")


def _execute(sql: str, values: tuple[object, ...], db: sqlite3.Connection) -> int:
    return db.execute(sql, values).rowcount
