"""Starts the process that reads what waits, watches over it, and ends it with the service."""

from __future__ import annotations

import json
import logging
import math
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import IO

import mmsearch
from index.errors import LibraryError, LibraryLocked
from index.library import Library
from index.removed import UNDO_SECONDS
from mmsearch.keeping.errors import KeepingError
from mmsearch.keeping.store import Store
from mmsearch.settings import Settings, child_environment

COMMAND = (sys.executable, "-P", "-m", "mmsearch.keeping.session")
SETTINGS = frozenset(
    {
        *("library", "cache", "workers", "file_seconds", "file_megabytes"),
        *("ocr", "ocr_languages", "ocr_page_seconds"),
    }
)
"""What the process has to know; no secret is among it."""
TOGETHER = 0.7
"""Seconds that a file waits for others to come with it."""
LONGEST_TOGETHER = 5.0
LOOK_EVERY = 2.0
WIPE_AFTER = UNDO_SECONDS + 60.0
"""Seconds after which nobody reads what was removed, or takes it back: it is wiped off the disk."""
AFTER_TROUBLE = 20.0
"""Seconds until the library is tried again after it could not be used."""
SECONDS_TO_END = 20.0
_ENDED_WELL = {0, 3, 130, -signal.SIGTERM}
_log = logging.getLogger("mmsearch.keeping")


class Runner:
    """Has what waits read, in a process of its own, for as long as it is open."""

    def __init__(self, settings: Settings, store: Store) -> None:
        self._settings = settings
        self._store = store
        self._wake = threading.Event()
        self._stopped = threading.Event()
        self._last = 0.0
        self._wipe_at = math.inf
        self._child: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._run, daemon=True, name="keeping")

    def start(self) -> None:
        """Begin; what an earlier service had left is read first, and what it had removed wiped."""
        self.wipe_later()
        self._thread.start()

    def wake(self) -> None:
        """Say that something waits."""
        self._last = time.monotonic()
        self._wake.set()

    def wipe_later(self) -> None:
        """Wipe what was removed off the disk, once nobody can be reading it any more."""
        self._wipe_at = time.monotonic() + WIPE_AFTER

    @property
    def pid(self) -> int:
        """The id of the process that reads; 0 where there is none."""
        child = self._child
        return child.pid if child is not None and child.poll() is None else 0

    def close(self) -> None:
        """Let the process publish what it has, and end it."""
        self._stopped.set()
        self._wake.set()
        if self._thread.ident is not None:
            self._thread.join()

    def _run(self) -> None:
        with suppress(KeepingError):
            self._store.release()
        while not self._stopped.is_set():
            self._wake.wait(LOOK_EVERY)
            self._wake.clear()
            if time.monotonic() >= self._wipe_at:
                self._wipe()
            try:
                if self._stopped.is_set() or not self._store.waiting(1, 0):
                    continue
                self._gather()
                if not self._stopped.is_set():
                    self._read()
            except (KeepingError, OSError):
                _log.exception("what waits cannot be read")
                self._stopped.wait(AFTER_TROUBLE)

    def _wipe(self) -> None:
        self._wipe_at = math.inf
        try:
            with Library.open(self._settings.library) as library:
                library.purge(keep_before=False)
        except LibraryLocked:
            self.wipe_later()
        except (LibraryError, OSError):
            _log.exception("what was removed is still on the disk; the next run wipes it")

    def _gather(self) -> None:
        """Wait until nothing has come for a moment, so that what comes together is one run."""
        latest = time.monotonic() + LONGEST_TOGETHER
        while time.monotonic() < min(self._last + TOGETHER, latest):
            if self._stopped.wait(0.1):
                return

    def _read(self) -> None:
        """Run the process to its end, or to that of the service."""
        with tempfile.TemporaryFile() as said:
            child = self._child = self._start(said)
            while child.poll() is None and not self._stopped.wait(0.1):
                pass
            code = _end(child)
            crashed = code not in _ENDED_WELL
            if crashed:
                said.seek(0)
                words = said.read()[-4000:].decode("utf-8", "replace")
                _log.error("the process that reads ended with code %s: %s", code, words)
        self._store.release(crashed=crashed)
        if code == 3 or crashed:
            self._stopped.wait(AFTER_TROUBLE)

    def _start(self, said: IO[bytes]) -> subprocess.Popen[bytes]:
        wanted = SETTINGS | ({"model"} & self._settings.model_fields_set)
        given = self._settings.model_dump(mode="json", include=set(wanted), exclude_none=True)
        given["library"] = str(self._settings.library.resolve())
        root = str(Path(mmsearch.__file__).resolve().parent.parent)
        return subprocess.Popen(  # noqa: S603 - our own module, no shell
            [*COMMAND, json.dumps(given)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=said,
            env=child_environment() | {"PYTHONPATH": root},
            start_new_session=True,  # Ctrl-C is for the service, which ends it in good order
        )


def _end(child: subprocess.Popen[bytes]) -> int:
    """End the process by closing its input, or kill it; returns its exit code."""
    if child.stdin is not None:
        child.stdin.close()
    try:
        return child.wait(SECONDS_TO_END)
    except subprocess.TimeoutExpired:
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        return child.wait()
