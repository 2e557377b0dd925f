"""What a process gives up before it touches a hostile file: memory, large files, outliving us."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys
import time

#: Largest file that a confined process may write; py3langid unpacks its model to 30 MB.
MAX_WRITTEN_BYTES = 256 << 20
_PR_SET_PDEATHSIG = 1


def confine(parent: int, memory_bytes: int) -> None:
    """Bind this process to its parent's life and to its limits."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _die_with(parent)
    limit(resource.RLIMIT_CORE, 0)
    limit(resource.RLIMIT_FSIZE, MAX_WRITTEN_BYTES)
    limit(resource.RLIMIT_AS, memory_bytes)


def limit(kind: int, most: int) -> None:
    """Bind this process to a limit, or to a lower one that it has already.

    Linux always can; macOS takes no limit on memory, and then there is none.
    """
    _, hard = resource.getrlimit(kind)
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    try:
        resource.setrlimit(kind, (most, most))
    except (OSError, ValueError):
        if sys.platform == "linux":
            raise


def limit_cpu(seconds: int) -> None:
    """Allow this process so many more seconds of processor time, or fewer where it has a limit.

    Only the soft limit moves, so that the next file can have its time too.
    """
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    soft = int(time.process_time()) + seconds
    soft = soft if hard == resource.RLIM_INFINITY else min(soft, hard)
    resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


def _die_with(parent: int) -> None:
    """Ask Linux to end this process with its parent; elsewhere the end of the pipe does."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        raise SystemExit(1)
