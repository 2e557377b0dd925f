"""What a library remembers of files that are no documents: those that failed or were removed.

A file that a keeper removed is left out by every later run over its folder, until somebody names
it itself. None of this belongs to a generation.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from index import schema
from ingest.types import SourceFile


@dataclass(frozen=True, slots=True)
class FailedFile:
    """A file that the last run over it could not read.

    Attributes:
        path: Absolute; in an archive it goes on from the archive's.
        root: The folder it was found under.
        file: Its path below that.
        reason: What was wrong and what to do.
        failed: When (UTC, ISO 8601).
        failure: The reason as ``ingest.errors`` calls it; "" where an older version noted it.
    """

    path: str
    root: str
    file: str
    reason: str
    failed: str
    failure: str = ""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A file that a keeper removed: its place, its title and digest then, and when it was."""

    path: str
    root: str
    file: str
    title: str
    sha256: str
    removed: str


class Notes:
    """The two lists of a library that is open for writing."""

    def __init__(self, folder: Path, connection: sqlite3.Connection) -> None:
        self._folder = folder
        self._db = connection

    def failures(self) -> list[FailedFile]:
        """Return the files that failed, by path."""
        return read_failures(self._db)

    def left_out(self) -> list[LeftOut]:
        """Return the files that were removed, by path."""
        return read_left_out(self._db)

    def note_failure(self, source: SourceFile, reason: str, failure: str = "") -> None:
        """Remember that a file failed, in place of what was remembered of it."""
        row = (*map(_text, (source.path, source.root, source.file, reason)), _now(), failure)
        with schema.transaction(self._db, self._folder):
            self._db.execute("INSERT OR REPLACE INTO failures VALUES (?, ?, ?, ?, ?, ?)", row)

    def forget_failures(self, paths: Iterable[str]) -> None:
        """Forget that some files failed."""
        with schema.transaction(self._db, self._folder):
            self._db.executemany("DELETE FROM failures WHERE path = ?", ((p,) for p in paths))

    def leave_out(self, one: LeftOut) -> None:
        """Leave a file out from now on."""
        row = (one.path, one.root, one.file, one.title, one.sha256, one.removed or _now())
        with schema.transaction(self._db, self._folder):
            self._db.execute("INSERT OR REPLACE INTO left_out VALUES (?, ?, ?, ?, ?, ?)", row)

    def take_back(self, paths: Iterable[str]) -> None:
        """Take files in again, with what lies in them."""
        with schema.transaction(self._db, self._folder):
            for path in paths:
                self._db.execute(
                    "DELETE FROM left_out WHERE path = ? OR substr(path, 1, ?) = ?",
                    (path, len(path) + 1, f"{path}/"),
                )


def read_failures(db: sqlite3.Connection) -> list[FailedFile]:
    """Read the files that failed, by path."""
    columns = "path, root, file, reason, failed, failure"
    return [FailedFile(*row) for row in db.execute(f"SELECT {columns} FROM failures ORDER BY path")]  # noqa: S608 - a literal


def read_left_out(db: sqlite3.Connection) -> list[LeftOut]:
    """Read the files that were removed, by path."""
    columns = "path, root, file, title, sha256, removed"
    return [LeftOut(*row) for row in db.execute(f"SELECT {columns} FROM left_out ORDER BY path")]  # noqa: S608 - a literal


def _text(value: object) -> str:
    """Return a path or a reason as text, bytes of a name that are no UTF-8 as escapes."""
    return str(value).encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
