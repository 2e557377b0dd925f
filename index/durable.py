"""Files that are there whole or not at all, also after a crash or on a full disk."""

from __future__ import annotations

import os
import shutil
from pathlib import Path


def replace_file(path: Path, data: bytes, *, mode: int = 0o666) -> None:
    """Put a file in place whole and durably, or leave what was there.

    What is written first is named ``.<name>.new``; what a crash left of one is written over. The
    caller sees to it that one process writes ``path`` at a time.

    Args:
        path: The file; one that is there keeps its permissions. Its folder must be there.
        data: What it holds from now on.
        mode: Permissions of a file that is new, before the umask.

    Raises:
        OSError: It cannot be written; ``path`` is whole, and nothing else is left.
    """
    fresh = path.with_name(f".{path.name}.new")
    fresh.unlink(missing_ok=True)
    try:
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            shutil.copymode(path, fresh)
        fresh.replace(path)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make what was made, renamed and deleted in a folder durable.

    Raises:
        OSError: The disk says no.
    """
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
