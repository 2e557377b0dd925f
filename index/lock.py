"""One writer at a time: a lock file that the system releases when its process dies."""

from __future__ import annotations

import json
import os
import socket
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from filelock import FileLock, Timeout

from index.errors import LibraryLocked

LOCK = "write.lock"
HOLDER = "write.lock.json"


@dataclass(frozen=True, slots=True)
class Holder:
    """The process that holds a write lock, as it says itself."""

    pid: int
    host: str
    since: str

    def __str__(self) -> str:
        return f"process {self.pid} on {self.host}, since {self.since}"

    def is_here(self) -> bool:
        """Tell whether it runs, or ran, on this machine."""
        return self.host == socket.gethostname()


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
            holder = read_holder(folder) or "an unknown process"
            raise LibraryLocked(
                f"another process is writing to {str(folder)!r} ({holder}): "
                "wait for it to end, or stop it"
            ) from exc
        since = datetime.now(UTC).isoformat(timespec="seconds")
        note = Holder(os.getpid(), socket.gethostname(), since)
        try:
            (folder / HOLDER).write_text(json.dumps(asdict(note)), encoding="utf-8")
        except BaseException:
            lock.release()
            raise
        return cls(folder, lock)

    def release(self) -> None:
        """Let the next writer in."""
        (self._folder / HOLDER).unlink(missing_ok=True)
        self._lock.release()


def read_holder(folder: Path) -> Holder | None:
    """Return who holds the write lock, or held it last; None where nobody left a note."""
    try:
        note = json.loads((folder / HOLDER).read_text(encoding="utf-8"))
        return Holder(int(note["pid"]), str(note["host"]), str(note["since"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def is_alive(pid: int) -> bool:
    """Tell whether a process of this machine lives, whoever it belongs to."""
    try:
        os.kill(pid, 0)
    except PermissionError:
        return True
    except (ProcessLookupError, OverflowError):
        return False
    return True
