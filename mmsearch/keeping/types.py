"""What the queue of a library speaks in."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from ingest.types import AccessLevel

UPLOADS = "uploads"
"""Folder in a library with the files that were uploaded, under their names. A folder of documents
like any other: ``mmsearch ingest LIBRARY/uploads`` reads it."""
INCOMING = "incoming"
"""Folder in a library with files that were uploaded and are no documents yet, under their ids."""

TROUBLE = "trouble"
"""Name of the store's note that says why nothing is read at the moment."""


class State(StrEnum):
    """Where a file in the queue stands."""

    RECEIVING = "receiving"
    WAITING = "waiting"
    READING = "reading"
    EMBEDDING = "embedding"
    ADDED = "added"
    UNCHANGED = "unchanged"
    REPLACED = "replaced"
    DUPLICATE = "duplicate"
    FAILED = "failed"


AT_WORK = frozenset({State.READING, State.EMBEDDING})
ENDED = frozenset(
    {State.ADDED, State.UNCHANGED, State.REPLACED, State.DUPLICATE, State.FAILED},
)


class Kind(StrEnum):
    """What a file is in the queue for."""

    UPLOAD = "upload"
    AGAIN = "again"


@dataclass(frozen=True, slots=True)
class Limits:
    """What may be uploaded.

    Attributes:
        file_bytes: Largest file.
        waiting_bytes: Bytes of all files that wait, or failed and are kept for another try.
        waiting_files: How many files may wait.
        at_once: How many may be received at once.
        reserve_bytes: What is left free on the disk.
    """

    file_bytes: int = 200_000_000
    waiting_bytes: int = 5_000_000_000
    waiting_files: int = 500
    at_once: int = 64
    reserve_bytes: int = 200_000_000


@dataclass(frozen=True, slots=True)
class Entry:
    """A file in the queue.

    Attributes:
        entry_id: Its id.
        kind: Uploaded, or to be read again.
        file: Its path below its root, with forward slashes.
        root: The folder that it counts as found in.
        stored: Where its bytes lie while they wait; "" for a file that lies in its place.
        size: In bytes.
        sha256: Of its bytes, hexadecimal; "" when it is to be read again.
        state: Where it stands.
        reason: For a failure, what happened and what to do; else a remark.
        doc_id: The document that came of it, or that it is the same as.
        documents: How many documents came of it; an archive gives many.
        failed: How many files in it failed.
        access: Who may read it, where that was said, else None.
        groups: With restricted access, the groups.
        attempts: How often reading it ended without a result.
        received: When it came (UTC, ISO 8601).
        changed: When its state changed last.
        failure: For a failure, what ``ingest.errors`` calls it.
    """

    entry_id: str
    kind: Kind
    file: str
    root: str
    stored: str
    size: int
    sha256: str
    state: State
    reason: str = ""
    doc_id: str = ""
    documents: int = 0
    failed: int = 0
    access: AccessLevel | None = None
    groups: tuple[str, ...] = ()
    attempts: int = 0
    received: str = ""
    changed: str = ""
    failure: str = ""

    @property
    def path(self) -> Path:
        """The file's place, which is its identity in the library."""
        return Path(self.root) / self.file
