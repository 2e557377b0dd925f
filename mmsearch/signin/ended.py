"""Sessions that were ended before their time, kept beside the library until they would have ended.

A sealed cookie is good wherever it lies, so whoever signs out has its session named here: also a
service that was started again since, or another one at the same library, takes no copy of it.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import logging
import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from filelock import FileLock

from index.durable import replace_file

FILE = "signed-out"
MOST_ENDED = 10_000
"""How many are remembered; of more, those that end first are forgotten."""
_OWNER = 0o600
_WAIT_S = 10.0
logger = logging.getLogger("mmsearch.signin")


class EndedSessions:
    """Knows which sessions were ended. Safe for use by several threads.

    Where there is no file to write, they are remembered while the process lives.
    """

    def __init__(self, path: Path | None = None, now: Callable[[], float] = time.time) -> None:
        self._path = path
        self._now = now
        self._guard = threading.Lock()
        self._until: dict[str, float] = {}
        self._seen = (0, 0)
        self._tidy()

    def add(self, session_id: str, until: float) -> None:
        """Take no cookie of a session any more, durably; ``until`` in seconds since 1970."""
        with self._guard:
            self._until[_name(session_id)] = until
            self._forget()
            if self._path is None:
                return
            try:
                with _locked(self._path):
                    _append(self._path, f"{_name(session_id)} {until:.0f}")
            except OSError as exc:
                logger.warning("ended sessions are remembered until this process ends: %s", exc)

    def __contains__(self, session_id: str) -> bool:
        """Tell whether a session was ended, here or by another process."""
        with self._guard:
            self._read()
            return _name(session_id) in self._until

    def _tidy(self) -> None:
        """Write the file anew without those whose time is over."""
        if self._path is None or not self._path.is_file():
            return
        try:
            with _locked(self._path):
                self._load(self._path)
                self._forget()
                lines = (f"{name} {until:.0f}\n" for name, until in self._until.items())
                replace_file(self._path, "".join(lines).encode(), mode=_OWNER)
        except OSError as exc:
            logger.warning("the list of ended sessions cannot be written: %s", exc)

    def _read(self) -> None:
        """Take in what was added to the file since it was last read."""
        if self._path is not None:
            with contextlib.suppress(OSError):
                self._load(self._path)

    def _load(self, path: Path) -> None:
        """Take in the file where it has changed; of a damaged one, the lines that are whole."""
        stat = path.stat()
        if (seen := (stat.st_mtime_ns, stat.st_size)) == self._seen:
            return
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
        self._seen = seen
        for line in lines:
            name, _, until = line.partition(" ")
            if until.isdecimal():
                self._until[name] = float(until)

    def _forget(self) -> None:
        now = self._now()
        going = sorted((u, name) for name, u in self._until.items() if u > now)[-MOST_ENDED:]
        self._until = {name: until for until, name in going}


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Let one process at a time write; else what is named while another tidies up is lost."""
    if not path.parent.is_dir():  # the lock would make it
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path.parent))
    with FileLock(path.with_name(f"{path.name}.lock"), timeout=_WAIT_S):
        yield


def _append(path: Path, line: str) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, _OWNER)
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.write(f"\n{line}\n")  # the line before may be half a line, where a process died
        out.flush()
        os.fsync(out.fileno())


def _name(session_id: str) -> str:
    """Return what stands for a session: nobody makes one of it."""
    return hashlib.sha256(session_id.encode()).hexdigest()
