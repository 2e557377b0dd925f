"""The process that reads what waits in the queue, through the same loading as the command's.

    python -P -m mmsearch.keeping.session SETTINGS

The service starts it when something waits and ends it by closing its standard input; it ends by
itself when nothing has waited for a while. Files that come together become one generation.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from index.errors import LibraryError
from index.library import Known, Library
from index.originals import Originals, file_digest
from index.reading import Reading
from ingest.errors import IngestError, ParseError
from ingest.held import stored_name
from ingest.manifest import Overrides
from ingest.types import FileResult, FileState, SourceFile
from ingest.walk import Walk
from mmsearch.keeping.errors import KeepingError
from mmsearch.keeping.receive import place
from mmsearch.keeping.store import Store, owner
from mmsearch.keeping.turn import let_others_in, somebody_waits
from mmsearch.keeping.types import INCOMING, TROUBLE, Entry, Kind, State
from mmsearch.load_options import load_options
from mmsearch.loading import LocalModel, Session, Watcher, open_session
from mmsearch.manifests import Manifests
from mmsearch.settings import Settings, load_settings

BATCH_FILES = 200
BATCH_BYTES = 400_000_000
"""What becomes one generation at most, so that edits and other writers get their turn."""
LINGER = 5.0
"""Seconds to wait for more before the process ends."""
_NICE = 5
_GOOD = (FileState.ADDED, FileState.REPLACED, FileState.UNCHANGED)
_log = logging.getLogger("mmsearch.keeping")


def main() -> None:
    """Read what waits until nothing does; exit code 3 where the library cannot be used."""
    settings = load_settings(**json.loads(sys.argv[1]))
    logging.basicConfig(format="%(levelname)s %(name)s %(message)s")
    signal.signal(signal.SIGTERM, lambda *_: _interrupt())
    threading.Thread(target=_end_with_parent, daemon=True).start()
    os.nice(_NICE)
    try:
        sys.exit(work(settings))
    except KeyboardInterrupt:
        sys.exit(130)


def _end_with_parent() -> None:
    """Interrupt this process once its standard input ends, as it does with its parent."""
    while os.read(sys.stdin.fileno(), 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


def _interrupt() -> None:
    raise KeyboardInterrupt


def work(settings: Settings, *, linger: float = LINGER, model: LocalModel | None = None) -> int:
    """Read what waits in the queue of a library, batch by batch.

    Args:
        settings: Which library, and what reading one file may cost.
        linger: Seconds to wait for more.
        model: The library's model where it is at hand.

    Returns:
        0 when nothing waits any more, 3 when the library cannot be used; the store has why.
    """
    store = Store(settings.library)
    until = time.monotonic() + linger
    try:
        options = load_options(settings, wait=-1.0, prune=True, model=_first_model(settings))
        while True:
            if store.waiting(1, 0):
                let_others_in(settings.library)
                with open_session(options, model) as session:
                    model = session.embedder
                    _Batch(store, session).read(store.waiting(BATCH_FILES, BATCH_BYTES))
                store.note(TROUBLE, "")
                until = time.monotonic() + linger
            elif time.monotonic() >= until:
                return 0
            else:
                time.sleep(min(0.2, linger))
    except (LibraryError, IngestError, KeepingError, OSError) as exc:
        _log.error("what waits cannot be read: %s", exc)
        with suppress(KeepingError):  # the queue may lie on the same full disk
            store.release()
            store.note(TROUBLE, str(exc))
        return 3


def _first_model(settings: Settings) -> str | None:
    """Return the model that a library gets which has none yet; any other keeps its own."""
    with closing(Reading(settings.library)) as reading:
        return None if reading.head().model else settings.chosen_model


@dataclass(slots=True)
class _Outcome:
    """What has become of one entry so far."""

    entry: Entry
    counts: Counter[FileState] = field(default_factory=Counter)
    doc_id: str = ""
    remark: str = ""
    reason: str = ""
    failure: str = ""
    whole: bool = False

    def note(self, result: FileResult) -> None:
        """Take account of a file of it: itself, or one that it holds."""
        self.counts[result.state] += 1
        self.whole = self.whole or result.file == self.entry.file
        if result.state is FileState.FAILED:
            inner = "" if result.file == self.entry.file else f"{result.file}: "
            if not self.reason:
                self.reason, self.failure = f"{inner}{result.reason}", result.failure
        elif result.state in _GOOD:
            self.doc_id = self.doc_id or result.doc_id or ""
            self.remark = self.remark or result.reason

    def ended(self) -> Entry:
        """Return the entry as it ended."""
        good = sum(self.counts[state] for state in _GOOD)
        failed = self.counts[FileState.FAILED]
        if not good:
            reason = self.reason or "nothing in it could be read"
            return replace(
                self.entry,
                state=State.FAILED,
                reason=reason,
                failed=failed,
                failure=self.failure or ParseError.failure,
            )
        state = next(State(state.value) for state in _GOOD if self.counts[state])
        return replace(
            self.entry,
            state=state,
            reason=self.reason or self.remark,
            doc_id=self.doc_id,
            documents=good,
            failed=failed,
            stored="",
        )


class _Watch(Watcher):
    """Writes into the store where each entry stands, and gives way between files."""

    def __init__(
        self, store: Store, entries: Sequence[Entry], give_way: Callable[[], None]
    ) -> None:
        self._store = store
        self._give_way = give_way
        self._stood: dict[str, tuple[Entry, State]] = {
            str(entry.path): (entry, State.WAITING) for entry in entries
        }

    def taken(self, source: SourceFile) -> None:
        """Note that a file is being read."""
        self._move(source, State.READING)

    def parsed(self, source: SourceFile) -> None:
        """Note that a file was read and waits to be embedded."""
        self._give_way()
        if source.holder is None:
            self._move(source, State.EMBEDDING)

    def _move(self, source: SourceFile, state: State) -> None:
        path = str([source, *source.holders()][-1].path)
        entry, before = self._stood.get(path, (None, state))
        if entry is not None and before is not state and before is not State.EMBEDDING:
            self._stood[path] = entry, state
            self._store.mark(entry.entry_id, state)


class _Batch:
    """Reads some entries in one session and publishes them together."""

    def __init__(self, store: Store, session: Session) -> None:
        self._store = store
        self._session = session
        self._library: Library = session.library
        self._gave_way = False

    def read(self, batch: Sequence[Entry]) -> None:
        """Read entries; those that have to wait for another of them stay as they are."""
        ready = self._ready(batch)
        ended: list[_Outcome] = []
        interrupted = False
        for root in dict.fromkeys(entry.root for entry in ready):
            some = [entry for entry in ready if entry.root == root]
            for kind in Kind:
                chosen = [entry for entry in some if entry.kind is kind]
                if chosen and not interrupted:
                    outcomes, interrupted = self._read_some(chosen, again=kind is Kind.AGAIN)
                    ended += outcomes
        self._session.publish()
        for outcome in ended:
            self._settle(outcome.entry, outcome.ended())
        if interrupted and not self._gave_way:
            raise KeyboardInterrupt
        self._store.release()

    def _ready(self, batch: Sequence[Entry]) -> list[Entry]:
        """Return the entries to read now; ends those that are there already."""
        known = list(self._library.known())
        by_sha = {one.sha256: one for one in known}
        by_path = {one.path: one for one in known}
        kept = self._store.entries(State.ADDED, State.REPLACED, State.UNCHANGED)
        files = {one.sha256: one for one in kept if one.sha256 and one.path.is_file()}
        ready: list[Entry] = []
        for entry in batch:
            twin = by_sha.get(entry.sha256) or files.get(entry.sha256)
            if entry.kind is Kind.UPLOAD and not Path(entry.stored).is_file():
                self._lost(entry, by_path.get(str(entry.path)))
            elif entry.kind is Kind.UPLOAD and twin and str(twin.path) != str(entry.path):
                self._duplicate(entry, twin)
            elif any(_collide(entry, one) for one in ready):
                continue
            else:
                ready.append(entry)
        claimed = self._store.claim(entry.entry_id for entry in ready)
        return [entry for entry in ready if entry.entry_id in claimed]

    def _lost(self, entry: Entry, known: Known | None) -> None:
        """End an entry whose bytes are gone: it was put in place when its reader was killed."""
        if known is not None and known.sha256 == entry.sha256:
            ended = replace(entry, state=State.ADDED, doc_id=known.doc_id, documents=1, stored="")
        elif entry.path.is_file():
            ended = replace(entry, state=State.ADDED, stored="")
        else:
            reason = "its bytes are gone; send it again"
            ended = replace(entry, state=State.FAILED, reason=reason, stored="")
        self._store.finish(ended)

    def _duplicate(self, entry: Entry, twin: Known | Entry) -> None:
        Path(entry.stored).unlink(missing_ok=True)
        reason = f"the same file as {twin.file}"
        self._store.finish(
            replace(entry, state=State.DUPLICATE, reason=reason, doc_id=twin.doc_id, stored="")
        )

    def _read_some(self, entries: Sequence[Entry], *, again: bool) -> tuple[list[_Outcome], bool]:
        """Read entries of one folder; returns how they ended, and whether it was stopped."""
        outcomes = {entry.entry_id: _Outcome(entry) for entry in entries}

        def each(result: FileResult) -> None:
            entry = owner(entries, result.file)
            if entry is not None and result.state is not FileState.REMOVED:
                outcomes[entry.entry_id].note(result)

        sources = [source for entry in entries if (source := self._source(entry)) is not None]
        found = [entry for entry in entries if any(s.file == entry.file for s in sources)]
        for entry in entries:
            if entry not in found:
                outcomes[entry.entry_id].reason = f"there is no file {str(entry.path)!r} any more"
        try:
            report = self._session.read(
                Walk(tuple(sources)),
                self._manifests(sources, entries),
                [entry.path for entry in found],
                begin=lambda _: None,
                each=each,
                watcher=_Watch(self._store, found, self._give_way),
                again=again,
            )
        except IngestError as exc:  # a manifest beside the files is wrong
            for outcome in outcomes.values():
                outcome.reason = str(exc)
            return list(outcomes.values()), False
        done = [one for one in outcomes.values() if one.whole or not report.interrupted]
        return done, report.interrupted

    def _give_way(self) -> None:
        """Stop reading where somebody waits: what is durable is published, the rest waits."""
        if somebody_waits(self._library.folder):
            self._gave_way = True
            raise KeyboardInterrupt

    def _manifests(self, sources: Sequence[SourceFile], entries: Sequence[Entry]) -> Manifests:
        manifests = Manifests.read(None, sources)
        for entry in entries:
            if entry.access is not None:
                said = Overrides(access=entry.access, groups=entry.groups or None)
                manifests.by_file[entry.path] = said
        return manifests

    def _source(self, entry: Entry) -> SourceFile | None:
        """Return where to read an entry from; None where it is nowhere."""
        if entry.kind is Kind.UPLOAD:
            return SourceFile(entry.path, Path(entry.root), entry.file, stored=Path(entry.stored))
        if entry.path.is_file():
            return SourceFile(entry.path, Path(entry.root), entry.file)
        copy = self._copy(entry)
        if copy is None:
            return None
        return SourceFile(entry.path, Path(entry.root), entry.file, stored=copy)

    def _copy(self, entry: Entry) -> Path | None:
        """Take a file that is not in its place from the originals, under a name with its suffix."""
        original = Originals(self._library.folder).path(entry.sha256) if entry.sha256 else None
        if original is None or not original.is_file():
            return None
        incoming = self._library.folder.resolve() / INCOMING
        copy = incoming / stored_name(entry.entry_id, entry.file)
        copy.parent.mkdir(mode=0o700, exist_ok=True)
        shutil.copyfile(original, copy)
        return copy

    def _settle(self, before: Entry, entry: Entry) -> None:
        """Put an entry's file in its place, or keep it for another try, and keep how it ended."""
        if entry.kind is Kind.AGAIN:
            for copy in (self._library.folder.resolve() / INCOMING).glob(f"{entry.entry_id}*"):
                copy.unlink(missing_ok=True)
        elif entry.state is State.FAILED:
            # The queue remembers it, and lets it be tried again.
            path, notes = str(entry.path), self._library.notes
            below = [f.path for f in notes.failures() if f.path.startswith(f"{path}/")]
            notes.forget_failures([path, *below])
        else:
            if entry.state is State.UNCHANGED:
                entry = replace(entry, state=_since(before))
            try:
                place(before)
            except OSError as exc:
                _log.warning("%r stays in %r: %s", entry.file, before.stored, exc)
                entry = replace(entry, stored=before.stored)
        self._store.finish(entry)


def _since(entry: Entry) -> State:
    """Tell what a file that the library has did, which is not in its place: a run was cut off."""
    if not entry.path.is_file():
        return State.ADDED
    return State.UNCHANGED if file_digest(entry.path) == entry.sha256 else State.REPLACED


def _collide(one: Entry, other: Entry) -> bool:
    """Tell whether one of two entries has to wait: it is the same file, or has the same place."""
    same = one.kind is Kind.UPLOAD and one.sha256 == other.sha256
    return same or (one.root == other.root and one.file == other.file)


if __name__ == "__main__":
    main()
