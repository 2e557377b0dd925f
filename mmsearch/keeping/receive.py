"""Receiving files: streamed to disk, counted while they come, in the queue only when complete.

A file has no name of its own choosing until then: its bytes lie under an id in ``incoming``, so
that one that is cut off, or that fills the disk, leaves nothing behind.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from index.durable import sync_folder
from index.lock import is_alive
from index.schema import FULL_ERRNOS
from ingest.held import free_name, stored_name
from ingest.types import AccessLevel
from mmsearch.keeping.errors import CutOff, EmptyUpload, NoRoom, TooLarge, TooMany, UploadRefused
from mmsearch.keeping.names import upload_name
from mmsearch.keeping.store import Store, new_entry_id
from mmsearch.keeping.types import INCOMING, UPLOADS, Entry, Kind, Limits, State

_LOOK_EVERY = 8_000_000
"""Bytes between two looks at the room on the disk."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody says of a file that they send.

    Attributes:
        name: As its sender calls it, perhaps with folders.
        size: In bytes, or None where it was not said.
        replaces: Whether it is a new version of the uploaded file of that name.
        access: Who may read it; None leaves that to what was said before, or public.
        groups: With restricted access, the groups.
    """

    name: str
    size: int | None = None
    replaces: bool = False
    access: AccessLevel | None = None
    groups: tuple[str, ...] = ()


class Intake:
    """Takes files in. Safe for use by several threads."""

    def __init__(self, library: Path, store: Store, limits: Limits) -> None:
        self.library = library.resolve()
        self.limits = limits
        self._store = store
        self._guard = threading.Lock()
        self._open: dict[str, Receiving] = {}

    @property
    def uploads(self) -> Path:
        """The folder of uploaded documents."""
        return self.library / UPLOADS

    @property
    def incoming(self) -> Path:
        """The folder of files that are no documents yet."""
        return self.library / INCOMING

    def begin(self, wish: Wish) -> Receiving:
        """Begin to receive a file.

        Raises:
            BadName, TooLarge, TooMany, NoRoom: It is not taken.
        """
        name = upload_name(wish.name)
        if wish.size is not None and wish.size > self.limits.file_bytes:
            raise self._too_large()
        with self._guard:
            self._check_room(wish.size or 0)
            self.incoming.mkdir(mode=0o700, parents=True, exist_ok=True)
            entry_id = new_entry_id()
            part = self.incoming / f"{entry_id}.{os.getpid()}.part"
            receiving = Receiving(self, entry_id, name, wish, part)
            self._open[entry_id] = receiving
        return receiving

    def receiving(self) -> list[Entry]:
        """List what is being received, as it stands."""
        with self._guard:
            return [one.entry() for one in self._open.values()]

    def tidy(self) -> None:
        """Delete what a service that is gone had received in part, or had lost track of."""
        kept = {Path(entry.stored).name for entry in self._store.entries() if entry.stored}
        for path in self.incoming.glob("*"):
            owner = path.stem.rpartition(".")[2] if path.suffix == ".part" else ""
            if owner.isdecimal() and int(owner) != os.getpid() and is_alive(int(owner)):
                continue
            if path.name not in kept:
                path.unlink(missing_ok=True)

    def check_room(self, more: int) -> None:
        """Make sure that the disk still has room.

        Raises:
            NoRoom: It has not.
        """
        free = shutil.disk_usage(self.library).free
        if free - more < self.limits.reserve_bytes:
            raise NoRoom(
                "The disk of the library is full. Nothing that was there is lost; free some space "
                "and send the file again."
            )

    def _check_room(self, size: int) -> None:
        if len(self._open) >= self.limits.at_once:
            raise TooMany(
                f"{self.limits.at_once} files are being received at the moment. Try again soon."
            )
        files, waiting = self._store.load()
        waiting += sum(one.promised for one in self._open.values())
        if files + len(self._open) >= self.limits.waiting_files:
            raise TooMany(
                f"{self.limits.waiting_files} files wait already, or failed and are kept. Try "
                "again when some have been read, or take those that failed off the list."
            )
        if waiting + size > self.limits.waiting_bytes:
            raise TooMany(
                f"{waiting / 1e6:,.0f} MB wait already, or failed and are kept; at most "
                f"{self.limits.waiting_bytes / 1e6:,.0f} MB do. Try again when some have been read."
            )
        # Twice: the library keeps a copy of every file that it has read.
        unwritten = sum(one.promised - one.received for one in self._open.values())
        self.check_room(unwritten + 2 * size)

    def _too_large(self) -> TooLarge:
        return TooLarge(
            f"The file has more than {self.limits.file_bytes / 1e6:,.0f} MB, which is the most "
            "that is taken. Split it, or have the library's keeper load it with 'mmsearch ingest'."
        )

    def done(self, receiving: Receiving) -> None:
        """Forget a file that was received, or was given up."""
        with self._guard:
            self._open.pop(receiving.entry_id, None)

    def keep(self, receiving: Receiving, stored: Path, sha256: str) -> Entry:
        """Put a received file in the queue, under a name that nothing else has."""
        wish, root = receiving.wish, str(self.uploads)
        with self._guard:
            name = self._place(receiving.name, replaces=wish.replaces)
            entry = Entry(
                *(receiving.entry_id, Kind.UPLOAD, name, root, str(stored), receiving.received),
                *(sha256, State.WAITING),
                access=wish.access,
                groups=wish.groups,
            )
            failed = [e for e in self._store.entries(State.FAILED) if e.file == name and e.stored]
            entry = self._store.add(entry)
        for one in failed:
            Path(one.stored).unlink(missing_ok=True)
        return entry

    def _place(self, name: str, *, replaces: bool) -> str:
        """Return the name that a file gets: its own, or one beside what has that already."""
        parts = name.split("/")
        for at in range(len(parts) - 1):
            if (self.uploads / "/".join(parts[: at + 1])).is_file():
                parts[at] += " (folder)"
        name = "/".join(parts)
        is_there = (self.uploads / name).is_file()
        return name if replaces and is_there else free_name(name, self._is_taken)

    def _is_taken(self, name: str) -> bool:
        return (self.uploads / name).exists() or self._store.is_taken(str(self.uploads), name)


@dataclass(slots=True)
class Receiving:
    """One file while it is received. Used by one request.

    Attributes:
        received: Bytes so far.
    """

    intake: Intake
    entry_id: str
    name: str
    wish: Wish
    part: Path
    received: int = 0
    began: str = field(default_factory=lambda: datetime.now(UTC).isoformat())
    _out: BinaryIO | None = None
    _digest: hashlib._Hash = field(default_factory=hashlib.sha256)
    _looked: int = 0

    @property
    def promised(self) -> int:
        """Bytes that it will have, as far as is known."""
        return max(self.received, self.wish.size or 0)

    def entry(self) -> Entry:
        """Return it as the list of the queue shows it; its size is what has come so far."""
        root = str(self.intake.uploads)
        return Entry(
            *(self.entry_id, Kind.UPLOAD, self.name, root, "", self.received, ""),
            State.RECEIVING,
            received=self.began,
            changed=self.began,
        )

    def write(self, data: bytes) -> None:
        """Take more bytes.

        Raises:
            TooLarge, NoRoom: It is not taken; what has come is deleted by ``abandon``.
        """
        self.received += len(data)
        limit = self.intake.limits.file_bytes
        if self.received > limit or (self.wish.size is not None and self.received > self.wish.size):
            raise self.intake._too_large()
        if self.received - self._looked >= _LOOK_EVERY:
            self._looked = self.received
            self.intake.check_room(len(data))
        try:
            if self._out is None:
                self._out = self.part.open("xb", buffering=0)
            self._out.write(data)
        except OSError as exc:
            raise _refused(exc) from exc
        self._digest.update(data)

    def finish(self) -> Entry:
        """Make the file durable and put it in the queue.

        Raises:
            EmptyUpload, CutOff: It is empty, or shorter than was said.
            NoRoom: The disk is full.
        """
        out = self._out
        if out is None or (self.wish.size is not None and self.received < self.wish.size):
            if not self.received:
                raise EmptyUpload("The file is empty. Check it and send it again.")
            raise CutOff("The file arrived only in part. Check it and send it again.")
        stored = self.part.with_name(stored_name(self.entry_id, self.name))
        try:
            os.fsync(out.fileno())
            out.close()
            self.part.rename(stored)
            entry = self.intake.keep(self, stored, self._digest.hexdigest())
        except OSError as exc:
            stored.unlink(missing_ok=True)
            raise _refused(exc) from exc
        except BaseException:
            stored.unlink(missing_ok=True)
            raise
        self.intake.done(self)
        return entry

    def abandon(self) -> None:
        """Delete what has come, unless it was put in the queue."""
        if self._out is not None:
            self._out.close()
        self.part.unlink(missing_ok=True)
        self.intake.done(self)


def _refused(exc: OSError) -> UploadRefused:
    if exc.errno in FULL_ERRNOS:
        return NoRoom(
            "The disk of the library is full. Nothing that was there is lost; free some space and "
            "send the file again."
        )
    return UploadRefused(f"The file cannot be kept: {exc.strerror or exc}.")


def place(entry: Entry) -> None:
    """Move a file that became a document to its place among the uploads, durably.

    Raises:
        OSError: It cannot be moved there; it stays where it is.
    """
    target = entry.path
    target.parent.mkdir(parents=True, exist_ok=True)
    Path(entry.stored).replace(target)
    sync_folder(target.parent)
