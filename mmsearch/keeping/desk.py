"""The keepers' desk at a library: uploads and their queue, edits, removals, reading again."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from index import changes
from index.inventory import Inventory, read_generation, read_inventory
from index.lock import is_alive, read_holder
from index.publish import publish
from index.types import Embedder
from ingest.edits import read_edits
from mmsearch.keeping.errors import KeepingError, NoSuchEntry
from mmsearch.keeping.receive import Intake
from mmsearch.keeping.removing import remove_documents, restore_documents
from mmsearch.keeping.runner import Runner
from mmsearch.keeping.store import Store, new_entry_id
from mmsearch.keeping.turn import my_turn
from mmsearch.keeping.types import TROUBLE, Entry, Kind, Limits, State
from mmsearch.settings import Settings

_log = logging.getLogger("mmsearch.keeping")


@dataclass(frozen=True, slots=True)
class Desk:
    """What keepers do to one library. Safe for use by several threads.

    Attributes:
        library: The library's folder.
        store: The queue.
        intake: Takes files in.
        runner: Has them read.
    """

    library: Path
    store: Store
    intake: Intake
    runner: Runner

    @classmethod
    def open(cls, settings: Settings, limits: Limits | None = None) -> Desk:
        """Make the desk of a library; nothing is read before ``start``."""
        limits = limits or Limits(
            file_bytes=settings.upload_megabytes * 1_000_000,
            waiting_bytes=settings.upload_waiting_megabytes * 1_000_000,
            waiting_files=settings.upload_waiting,
        )
        store = Store(settings.library)
        intake = Intake(settings.library, store, limits)
        return cls(settings.library, store, intake, Runner(settings, store))

    def start(self) -> None:
        """Clear away what a service that is gone left, and begin to read what waits.

        Where the folder cannot be written, the library is served all the same.
        """
        try:
            self.intake.tidy()
            for entry in self.store.forget_old():
                if entry.stored:
                    Path(entry.stored).unlink(missing_ok=True)
        except (KeepingError, OSError) as exc:
            _log.warning("the library is served as it is, and takes no changes: %s", exc)
            return
        self.runner.start()

    def close(self) -> None:
        """End reading in good order; what waits is kept."""
        self.runner.close()

    # -- the queue ---------------------------------------------------------------------------

    def entries(self) -> list[Entry]:
        """List what is received, waits, is read or has ended, the oldest first."""
        return [*self.store.entries(), *self.intake.receiving()]

    def cancel(self, entry_id: str) -> None:
        """Take an entry out of the queue, or off the list, with bytes that are no document.

        Raises:
            NoSuchEntry: There is none with this id.
            EntryBusy: It is being read.
        """
        entry = self.store.take_out(entry_id)
        if entry.stored:
            Path(entry.stored).unlink(missing_ok=True)

    def try_again(self, entry_id: str) -> Entry:
        """Read a file of the queue that failed once more; raises as ``Store.again``."""
        entry = self.store.again(entry_id)
        self.runner.wake()
        return entry

    def try_all_again(self) -> list[Entry]:
        """Read every uploaded file that failed, and is still here, once more."""
        failed = [entry for entry in self.store.entries(State.FAILED) if entry.stored]
        return [self.try_again(entry.entry_id) for entry in failed]

    def trouble(self) -> str:
        """Say why nothing is read at the moment, or ""."""
        return self.store.noted(TROUBLE)

    def blocked_by(self) -> str:
        """Say who else is writing to the library, while something waits for it; or ""."""
        holder = read_holder(self.library)
        if holder is None:
            return ""
        ours = holder.is_here() and holder.pid in (os.getpid(), self.runner.pid)
        # One that was killed took the lock with it.
        return "" if ours or (holder.is_here() and not is_alive(holder.pid)) else str(holder)

    # -- documents ---------------------------------------------------------------------------

    def generation(self) -> int:
        """Return the published generation."""
        return read_generation(self.library)

    def inventory(self) -> Inventory:
        """Return where files lie, what failed and what is left out.

        An uploaded file that was removed is left out no longer than its removal can be undone.
        """
        found = read_inventory(self.library)
        uploads = str(self.intake.uploads)
        left_out = tuple(
            one
            for one in found.left_out
            if one.root != uploads or one.path in found.held or Path(one.path).is_file()
        )
        return replace(found, left_out=left_out)

    def edit(
        self, doc_ids: Sequence[str], given: Mapping[str, Any], embedder: Callable[[], Embedder]
    ) -> tuple[list[str], int]:
        """Edit metadata; returns the documents that changed and the generation that has it.

        Raises:
            EditError: What is wanted cannot be.
            NotFound: A document is not there.
            LibraryLocked: Somebody else is writing.
        """
        change = read_edits(given)
        with my_turn(self.library) as library:
            changed = changes.edit(library, embedder, doc_ids, change)
            return changed, publish(library)

    def remove(self, doc_ids: Sequence[str]) -> tuple[list[str], int]:
        """Remove documents; the files of those that were uploaded are deleted.

        For ``index.removed.UNDO_SECONDS`` they can be taken back.

        Returns:
            The documents that are gone, and the generation without them.

        Raises:
            NotFound: A document is not there.
            LibraryLocked: Somebody else is writing.
        """
        with my_turn(self.library) as library:
            gone, generation = remove_documents(library, doc_ids)
        files = [known.file for known in gone]
        self.store.drop(str(self.intake.uploads), files)
        self.runner.wipe_later()
        return [known.doc_id for known in gone], generation

    def restore(
        self, doc_ids: Sequence[str], embedder: Callable[[], Embedder]
    ) -> tuple[list[str], int]:
        """Take removed documents back; returns their ids and the generation that has them.

        Raises:
            NotFound: One of them cannot be taken back any more.
            LibraryLocked: Somebody else is writing.
        """
        with my_turn(self.library) as library:
            back, generation = restore_documents(library, embedder, doc_ids)
        return [known.doc_id for known in back], generation

    def read_again(self, doc_ids: Sequence[str] = (), paths: Sequence[str] = ()) -> list[Entry]:
        """Have documents, and files that failed or were removed, read again.

        Args:
            doc_ids: Documents.
            paths: Places of files that failed or were removed.

        Raises:
            NoSuchEntry: One of them is not there.
        """
        inventory = self.inventory()
        wanted = [self._again_document(inventory, doc_id) for doc_id in doc_ids]
        wanted += [self._again_file(inventory, path) for path in paths]
        entries = [
            self.store.add(entry)
            for entry in {(entry.root, entry.file): entry for entry in wanted}.values()
            if not self.store.is_taken(entry.root, entry.file)
        ]
        self.runner.wake()
        return entries

    def _again_document(self, inventory: Inventory, doc_id: str) -> Entry:
        place = inventory.places.get(doc_id)
        if place is None:
            raise NoSuchEntry(f"there is no document {doc_id!r}")
        return _again(place.root, place.file, place.sha256, doc_id)

    def _again_file(self, inventory: Inventory, path: str) -> Entry:
        failed = next((f for f in inventory.failures if f.path == path), None)
        left = next((one for one in inventory.left_out if one.path == path), None)
        one = failed or left
        if one is None:
            raise NoSuchEntry(f"no file {path!r} failed or was removed")
        file = one.file
        # What lies in an archive is read with it.
        while file and not (Path(one.root) / file).is_file():
            file = file.rpartition("/")[0]
        if left is not None:
            with my_turn(self.library) as library:
                library.notes.take_back([path])
        return _again(one.root, file or one.file, "", "")


def _again(root: str, file: str, sha256: str, doc_id: str) -> Entry:
    waiting = State.WAITING
    return Entry(new_entry_id(), Kind.AGAIN, file, root, "", 0, sha256, waiting, doc_id=doc_id)
