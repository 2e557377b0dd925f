"""Beginning with nothing: an empty library where there is none yet, never inside something else."""

from __future__ import annotations

from pathlib import Path

from index import schema
from index.errors import LibraryError, LibraryNotFound
from index.library import Library
from mmsearch.journal import store as journal
from mmsearch.keeping import store as keeping
from mmsearch.packs import store as packs

OURS = (
    *("write.lock", "lost+found", "slack", "signed-out"),
    *(store.DATABASE for store in (schema, journal, keeping, packs)),
)
"""How the names begin of what may lie in the folder of a library that has not begun: beside the
library a file system's own, the bot's and the service's."""
NAMED = 3


def begin_library(folder: Path) -> bool:
    """Make an empty library in a folder that is absent or empty; one that is there stays as it is.

    Args:
        folder: The library's folder.

    Returns:
        Whether it was made.

    Raises:
        LibraryNotFound: The folder is a file, or holds something else.
        LibraryError: It cannot be made there, or the library in it cannot be opened.
    """
    try:
        schema.connect_reader(folder).close()
    except LibraryNotFound:
        _refuse_other_things(folder)
    else:
        return False
    try:
        Library.open(folder, wait=schema.BUSY_SECONDS).close()
    except OSError as exc:
        raise LibraryError(
            f"no library can be made in {str(folder)!r} ({exc.strerror}): name a folder that this "
            "user may write in with --library or MMSEARCH_LIBRARY"
        ) from exc
    return True


def _refuse_other_things(folder: Path) -> None:
    """Make sure that a folder has nothing in it that is somebody else's.

    Raises:
        LibraryNotFound: It has; naming the first.
    """
    if not folder.exists():
        return
    name = str(folder)
    if not folder.is_dir():
        raise LibraryNotFound(f"{name!r} is a file: name a folder with --library")
    others = sorted(path.name for path in folder.iterdir() if not _is_ours(path.name))
    if others:
        more = f" and {len(others) - NAMED} more" if len(others) > NAMED else ""
        raise LibraryNotFound(
            f"there is no library in {name!r}, and the folder holds something else "
            f"({', '.join(map(repr, others[:NAMED]))}{more}): name a new or empty folder with "
            f"--library. If these are documents, load them with 'mmsearch ingest {name}'"
        )


def _is_ours(name: str) -> bool:
    return name.startswith((".", *OURS))
