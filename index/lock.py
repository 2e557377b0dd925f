"""One writer at a time: a lock file that the system releases when its process dies."""

from __future__ import annotations

import json
import os
import socket
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from filelock import FileLock, Timeout

from index.errors import LibraryLocked

LOCK = "write.lock"
HOLDER = "write.lock.json"


class WriteLock:
    """The held write lock of a library."""

    def __init__(self, folder: Path, lock: FileLock) -> None:
        self._folder = folder
        self._lock = lock

    @classmethod
    def acquire(cls, folder: Path, wait: float) -> Self:
        """Take the lock, waiting up to ``wait`` seconds (negative: for ever).

        Raises:
            LibraryLocked: Another process holds it; the text says which.
        """
        lock = FileLock(folder / LOCK)
        try:
            lock.acquire(timeout=wait)
        except Timeout as exc:
            raise LibraryLocked(
                f"another process is writing to {str(folder)!r} ({holder(folder)}): "
                "wait for it to end, or stop it"
            ) from exc
        note = {
            "pid": os.getpid(),
            "host": socket.gethostname(),
            "since": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        try:
            (folder / HOLDER).write_text(json.dumps(note), encoding="utf-8")
        except BaseException:
            lock.release()
            raise
        return cls(folder, lock)

    def release(self) -> None:
        """Let the next writer in."""
        (self._folder / HOLDER).unlink(missing_ok=True)
        self._lock.release()


def holder(folder: Path) -> str:
    """Say who holds the write lock, as far as it is known."""
    try:
        note = json.loads((folder / HOLDER).read_text(encoding="utf-8"))
        return f"process {note['pid']} on {note['host']}, since {note['since']}"
    except (OSError, ValueError, KeyError, TypeError):
        return "an unknown process"
