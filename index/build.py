"""Outcomes of the pipeline in, a new generation out.

Passages of several documents are embedded together; a document is reported as added only after
it and its vectors were committed. What a stopped run had reported is published all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from index import codec
from index.ahead import Ahead, Awaited
from index.changes import Vectors, embed_missing, restate
from index.embedded import embed_texts
from index.library import Known, Library
from index.notes import LeftOut
from index.originals import ChangedWhileRead
from index.presence import Presence, is_there
from index.publish import publish
from index.schema import FULL_ERRNOS, full
from index.types import Embedder
from ingest.edits import Edits, strictest_access
from ingest.errors import ParseError
from ingest.manifest import Overrides
from ingest.recognition import AGAIN
from ingest.types import (
    READER,
    Extracted,
    Failed,
    FileResult,
    FileState,
    Metadata,
    Opened,
    Outcome,
    Passage,
    SourceFile,
    Unchanged,
)

BATCH = 256
"""Passages embedded together; more fill the batches better, fewer are reported sooner."""

FindOverrides = Callable[[SourceFile], Overrides | None]
"""What a manifest says of a file; None keeps what an earlier manifest said."""


@dataclass(frozen=True, slots=True)
class _Job:
    """A document that waits to be embedded and stored."""

    doc_id: str
    item: Extracted
    metadata: Metadata
    overrides: Mapping[str, Any]
    state: FileState
    texts: dict[bytes, str]
    remark: str = ""


@dataclass(frozen=True, slots=True)
class _Batch:
    """Documents whose passages are being embedded."""

    jobs: Sequence[_Job]
    awaited: Awaited


@dataclass(slots=True)
class Builder:
    """Writes one run's outcomes into a library.

    Attributes:
        library: Open for writing.
        embedder: The library's model.
        overrides: What the manifest says of a file.
        batch: Passages embedded together.
        left_out: Files of the run that were passed over, since a keeper had removed them.
    """

    library: Library
    embedder: Embedder
    overrides: FindOverrides
    batch: int = BATCH
    _by_path: dict[str, Known] = field(default_factory=dict)
    _by_id: dict[str, Known] = field(default_factory=dict)
    _files_by_digest: dict[str, str] = field(default_factory=dict)
    _waiting: list[_Job] = field(default_factory=list)
    _begun: _Batch | None = None
    _model_no: int = 0
    _given: set[str] = field(default_factory=set)
    _access: dict[str, Overrides] = field(default_factory=dict)
    _presence: Presence = field(default_factory=Presence)
    _failing: set[str] = field(default_factory=set)
    _left: dict[str, LeftOut] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._model_no = self.library.use_model(self.embedder)
        for known in self.library.known():
            self._remember(known)
        self._failing = {one.path for one in self.library.notes.failures()}
        for left in self.library.notes.left_out():
            self._left[left.path] = left
            self._left.setdefault(codec.short_id(Path(left.root).name, left.file), left)

    def known_digests(self, files: Iterable[SourceFile], *, again: str = "") -> dict[str, str]:
        """Return the digest that the library has of each file, by absolute path.

        Files that an older reader read are left out, so that they are read again.

        Args:
            files: The files of a walk.
            again: Documents with these words in a warning are left out too.
        """
        sources = {str(source.path): source for source in files}
        sources |= self._known_members(sources)
        found = ((path, self._find(source)) for path, source in sources.items())
        left = {path: one.sha256 for path, one in self._left.items() if path in sources}
        return left | {
            path: known.sha256
            for path, known in found
            if known is not None
            and known.reader >= READER
            and not (again and any(again in warning for warning in known.warnings))
        }

    def _known_members(self, sources: Mapping[str, SourceFile]) -> dict[str, SourceFile]:
        """Return the files that the library knows inside some files, as a run would name them."""
        by_name = {(source.root.name, source.file): source for source in sources.values()}
        members: dict[str, SourceFile] = {}
        for known in self._by_path.values():
            for at in (at for at, sign in enumerate(known.file) if sign == "/"):
                holder = sources.get(known.path.removesuffix(known.file[at:])) or by_name.get(
                    (Path(known.root).name, known.file[:at])
                )
                if holder is not None:
                    path, file = holder.path / known.file[at + 1 :], holder.file + known.file[at:]
                    members[str(path)] = SourceFile(path, holder.root, file, holder)
        return members

    def run(self, outcomes: Iterable[Outcome]) -> Generator[FileResult]:
        """Store outcomes as they come; yields a result once it is durable.

        One batch is stored, and the next one gathered, while another is embedded. Closing the
        iterator early, or an error in it, loses nothing that was yielded.

        Raises:
            LibraryFull: The disk is full.
        """
        self._waiting, self._begun = [], None
        with Ahead(self.embedder) as ahead:
            for outcome in outcomes:
                self._presence.note(outcome)
                if isinstance(outcome, Opened):
                    continue
                result = self._taken(outcome)
                if result is not None:
                    yield result
                if sum(len(job.texts) for job in self._waiting) >= self.batch:
                    yield from self._next_batch(ahead)
            yield from self._next_batch(ahead)
            yield from self._next_batch(ahead)

    def _taken(self, outcome: Extracted | Failed | Unchanged) -> FileResult | None:
        """Take one file in; a document that waits to be embedded has no result yet."""
        if self._is_left_out(outcome.source):
            self.left_out.append(outcome.source.file)
            return None
        if isinstance(outcome, Failed):
            return self._failed(outcome.source, outcome.reason, outcome.failure)
        if isinstance(outcome, Unchanged):
            return self._unchanged(outcome)
        return self._accept(outcome)

    def prune(self, roots: Sequence[Path], found: Iterable[SourceFile]) -> list[FileResult]:
        """Remove the documents below some folders, or in some files, whose files are gone.

        Args:
            roots: Folders, and files that hold others.
            found: What a walk found in them; what ``run`` saw counts too.
        """
        self._presence.seen.update(str(source.path) for source in found)
        gone = [k for path, k in self._by_path.items() if self._presence.is_gone(path, roots)]
        results = []
        for known in gone:
            self.library.remove(known.doc_id)
            results.append(
                FileResult(known.file, FileState.REMOVED, "the file is gone", known.doc_id)
            )
        return results

    def forget_failures(self, roots: Sequence[Path]) -> None:
        """Forget what failed in earlier runs below some folders and is not there any more."""
        self.library.notes.forget_failures(
            path for path in self._failing if self._presence.is_gone(path, roots)
        )

    def edited_languages(self, source: SourceFile) -> Sequence[str]:
        """Return the languages that a keeper said a file is in, or none."""
        known = self._find(source)
        return Edits.stored(known.overrides).said.get("languages", ()) if known else ()

    def publish(self) -> int:
        """Publish what was stored; returns the current generation."""
        return publish(self.library)

    # -- one file ----------------------------------------------------------------------------

    def _unchanged(self, outcome: Unchanged) -> FileResult:
        known = self._find(outcome.source)
        if known is None:
            return self._failed(outcome.source, "the library lost this file")
        self._restore_original(outcome)
        if known.path in self._failing or str(outcome.source.path) in self._failing:
            self.library.notes.forget_failures([known.path, str(outcome.source.path)])
        overrides = self.overrides(outcome.source) or Overrides.from_json(known.overrides)
        edits = Edits.stored(known.overrides)
        metadata = edits.apply(overrides.apply(known.read_metadata))
        moved = known.path != str(outcome.source.path)
        state, remark = FileState.UNCHANGED, ""
        if metadata != known.metadata or moved:
            state = FileState.REPLACED if metadata != known.metadata else FileState.UNCHANGED
            remark = "its metadata changed" if metadata != known.metadata else "it was moved"
            said = edits.beside(overrides)
            restate(
                self.library, self._embed, self._model_no, known, outcome.source, metadata, said
            )
        return FileResult(outcome.source.file, state, remark, known.doc_id, known.n_passages)

    def _restore_original(self, outcome: Unchanged) -> None:
        if not self.library.originals.path(outcome.sha256).is_file():
            with suppress(OSError, ChangedWhileRead):
                self.library.originals.keep(outcome.source.content, outcome.sha256)

    def _accept(self, item: Extracted) -> FileResult | None:
        """Queue a document, keeping its original first; a result means that it failed."""
        try:
            item.source.file.encode()
            self.library.originals.keep(item.source.content, item.sha256)
        except UnicodeEncodeError:
            return FileResult(
                item.source.file.encode("utf-8", "replace").decode(),
                FileState.FAILED,
                "its name is not valid text: rename it",
                failure=ParseError.failure,
            )
        except ChangedWhileRead:
            reason = "it changed while it was being read: run the same command again"
            return self._failed(item.source, reason)
        except OSError as exc:
            if exc.errno in FULL_ERRNOS:
                raise full(self.library.folder) from exc
            return self._failed(item.source, f"it cannot be read: {exc}")
        known = self._find(item.source)
        said = self.overrides(item.source)
        if said is None:
            said = Overrides.from_json(known.overrides) if known else self._inherited(item.source)
        edits = Edits.stored(known.overrides) if known else Edits()
        metadata = edits.apply(said.apply(item.metadata))
        job = _Job(
            known.doc_id if known else self._new_id(item.source),
            item,
            metadata,
            edits.beside(said),
            FileState.REPLACED if known else FileState.ADDED,
            embed_texts(metadata.title, item.passages, self.embedder.languages),
            _read_again(known, item),
        )
        self._waiting.append(job)
        return None

    def _inherited(self, source: SourceFile) -> Overrides:
        """Return who may read a new file inside another of which no manifest speaks now.

        What an earlier manifest said of the other's files holds for it too, the strictest first.
        """
        holder = next(reversed(list(source.holders())), None)
        if holder is None:
            return Overrides()
        key = str(holder.path)
        if key not in self._access:
            said = [
                known.overrides
                for path, known in self._by_path.items()
                if path == key or path.startswith(f"{key}/")
            ]
            self._access[key] = strictest_access(said)
        return self._access[key]

    def _next_batch(self, ahead: Ahead) -> Generator[FileResult]:
        """Have what waits embedded, and store what was begun before it."""
        jobs, self._waiting = self._waiting, []
        before, self._begun = self._begun, self._begin(ahead, jobs) if jobs else None
        if before is not None:
            yield from self._store(before)

    def _begin(self, ahead: Ahead, jobs: Sequence[_Job]) -> _Batch:
        """Have those texts embedded of which there is no vector, nor one being made."""
        texts = {key: text for job in jobs for key, text in job.texts.items()}
        missing = self.library.missing_vectors(self._model_no, list(texts))
        if self._begun is not None:
            missing.difference_update(self._begun.awaited.keys)
        return _Batch(jobs, ahead.begin({key: texts[key] for key in missing}))

    def _store(self, batch: _Batch) -> Generator[FileResult]:
        vectors = batch.awaited.vectors()
        results = []
        with self.library.transaction():
            for job in batch.jobs:
                own = {key: vectors[key] for key in job.texts if key in vectors}
                self.library.add(
                    job.doc_id, job.item, job.metadata, job.overrides, own, self._model_no
                )
                if str(job.item.source.path) in self._failing:
                    self.library.notes.forget_failures([str(job.item.source.path)])
                results.append(self._result(job))
        yield from results

    def _result(self, job: _Job) -> FileResult:
        twin = self._files_by_digest.setdefault(job.item.sha256, job.item.source.file)
        remark = f"identical to {twin}" if twin != job.item.source.file else job.remark
        return FileResult(
            job.item.source.file,
            job.state,
            remark,
            job.doc_id,
            len(job.item.passages),
            len(job.item.parsed.pages),
            job.item.parsed.warnings,
        )

    def _embed(self, title: str, passages: Sequence[Passage]) -> Vectors:
        return embed_missing(self.library, self.embedder, self._model_no, title, passages)

    def _failed(
        self, source: SourceFile, reason: str, failure: str = ParseError.failure
    ) -> FileResult:
        self.library.notes.note_failure(source, reason, failure)
        self._failing.add(str(source.path))
        return FileResult(source.file, FileState.FAILED, reason, failure=failure)

    def _is_left_out(self, source: SourceFile) -> bool:
        """Tell whether a keeper removed a file, or what it lies in; a folder may have moved."""
        for one in (source, *source.holders()) if self._left else ():
            if str(one.path) in self._left:
                return True
            named = self._left.get(_name_id(one))
            if named is not None and not is_there(named.path):
                return True
        return False

    # -- which document a file is --------------------------------------------------------------

    def _remember(self, known: Known) -> None:
        self._by_path[known.path] = known
        self._by_id[known.doc_id] = known
        self._files_by_digest.setdefault(known.sha256, known.file)

    def _find(self, source: SourceFile) -> Known | None:
        """Find a file by its path, or by its name where a whole folder was moved."""
        known = self._by_path.get(str(source.path))
        if known is not None:
            return known
        named = self._by_id.get(_name_id(source))
        if named is not None and not is_there(named.path):
            return named
        return None

    def _new_id(self, source: SourceFile) -> str:
        """Make an id from the file's name, from its whole path where another file has that."""
        doc_id = _name_id(source)
        taken = {job.doc_id for job in self._waiting} | self._by_id.keys() | self._given
        if doc_id in taken:
            doc_id = codec.short_id(str(source.path))
        self._given.add(doc_id)
        return doc_id


def _read_again(known: Known | None, item: Extracted) -> str:
    if known is None or known.sha256 != item.sha256:
        return ""
    if known.reader >= READER and any(AGAIN in warning for warning in known.warnings):
        return "the file is the same; pictures in it can be read now"
    if known.reader >= READER:
        return "the file is the same; it was read again"
    return "the file is the same; this version of mmsearch reads more from it"


def _name_id(source: SourceFile) -> str:
    return codec.short_id(source.root.name, source.file)
