"""Taking turns at a library: a keeper's edit goes before the files that wait to be read.

Who wants to write leaves a mark beside the lock; the process that reads looks for one after each
file, publishes what it has, and lets the other in.
"""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from index.library import Library

SECONDS = 30.0
"""How long an edit waits for its turn."""
_MARK = ".turn-"
_PATIENCE = 5.0
_STALE = 120.0


@contextmanager
def my_turn(folder: Path, *, wait: float = SECONDS) -> Iterator[Library]:
    """Open a library for writing as soon as whoever reads into it can let go.

    Raises:
        LibraryLocked: Somebody else is writing and did not end in time.
    """
    mark = folder / f"{_MARK}{secrets.token_hex(6)}"
    mark.touch()
    try:
        library = Library.open(folder, wait=wait)
    finally:
        mark.unlink(missing_ok=True)
    with library:
        yield library


def somebody_waits(folder: Path) -> bool:
    """Tell whether somebody waits for a turn."""
    now = time.time()
    for entry in os.scandir(folder):
        if entry.name.startswith(_MARK):
            try:
                if now - entry.stat().st_mtime < _STALE:
                    return True
                os.unlink(entry.path)  # noqa: PTH108 - its owner was killed
            except FileNotFoundError:
                continue
    return False


def let_others_in(folder: Path) -> None:
    """Wait a moment, without the lock, until whoever waits has it."""
    latest = time.monotonic() + _PATIENCE
    while somebody_waits(folder) and time.monotonic() < latest:
        time.sleep(0.05)
