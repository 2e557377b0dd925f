"""Starting an office program confined: ``python -m ingest.office_child … -- program arguments``.

The process gives up the network where the system lets it, ends with its parent, and has limits
on memory and on the files it writes; then it becomes the program.
"""

from __future__ import annotations

import argparse
import ctypes
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from ingest.confine import confine

_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000


def main(arguments: Sequence[str] | None = None) -> None:
    """Confine this process and become the program."""
    parser = argparse.ArgumentParser(prog="python -m ingest.office_child", description=__doc__)
    parser.add_argument("--parent", type=int, required=True, help="process id of the parent")
    parser.add_argument("--memory", type=int, required=True, help="limit on memory in bytes")
    parser.add_argument("program", nargs="+")
    options = parser.parse_args(arguments)
    leave_network()
    confine(options.parent, options.memory)
    os.execv(options.program[0], options.program)  # noqa: S606 - an absolute path that we found


def leave_network() -> bool:
    """Move into a network namespace that has nothing; False where the system does not allow it."""
    if sys.platform != "linux":
        return False
    user, group = os.getuid(), os.getgid()
    libc = ctypes.CDLL(None)
    if user == 0 and libc.unshare(_CLONE_NEWNET) == 0:
        return True
    if libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET) != 0:
        return False
    with suppress(OSError):
        Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1", encoding="ascii")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1", encoding="ascii")
    return True


if __name__ == "__main__":
    main()
