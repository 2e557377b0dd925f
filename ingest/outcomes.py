"""What becomes of one file: unchanged, a document, several files, or a failure with its reason."""

from __future__ import annotations

import hashlib
import itertools
import os
import stat
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from ingest.errors import LimitExceeded, NoText, OldFormat, ParseError
from ingest.held import MAX_DEPTH, PDF_BRINGS, Budget, Held
from ingest.manifest import is_manifest
from ingest.office import Office
from ingest.recognition import PACKS
from ingest.types import Extracted, Failed, Opened, Outcome, SourceFile, Unchanged
from ingest.wire import Content
from ingest.workers import Answer, Errand, Limits, Worker

_HASH_BYTES = 1 << 20
_ZIP = b"PK"
_PDF = b"%PDF-"
_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: A message is a document and holds files, as a PDF may: it is opened again though its text
#: is known.
_MESSAGES = frozenset({".eml", ".msg"})
_OLD_OFFICE = frozenset({".doc", ".dot", ".xls", ".xlt", ".ppt", ".pps", ".pot"})


SaidLanguages = Callable[[SourceFile], Sequence[str]]
"""Tells the languages (ISO 639-1) that somebody said a file is in; empty where nobody did."""


def no_languages(source: SourceFile) -> Sequence[str]:
    """Say nothing of any file."""
    return ()


@dataclass(frozen=True, slots=True)
class Digest:
    """What a file was when it was hashed.

    Attributes:
        sha256: Of its bytes, hexadecimal.
        size: In bytes.
        mtime_ns: When it was last written.
        inode: Its number on the disk.
        head: Its first bytes.
        brings: Whether it is a PDF that brings files along.
    """

    sha256: str
    size: int
    mtime_ns: int
    inode: int
    head: bytes
    brings: bool


class Outcomes:
    """Reads files, one worker a thread; shared by the threads of a run."""

    def __init__(
        self,
        known: Mapping[str, str],
        limits: Limits,
        scratch: Path,
        languages: SaidLanguages = no_languages,
    ) -> None:
        """Read files.

        Args:
            known: Absolute path → SHA-256 of the version the library has.
            limits: What one file may cost.
            scratch: An empty folder for what is unpacked; the caller deletes it.
            languages: Says which languages a file is in, where that is known.
        """
        self._languages = languages
        self._known = known
        self._limits = limits
        self._scratch = scratch
        self._office = Office(limits, scratch)
        self._numbers = itertools.count()
        self._budgets: dict[Path, Budget] = {}
        self._lock = threading.Lock()

    def stop(self) -> None:
        """End every office program that is running. May be called from another thread."""
        self._office.stop()

    def of(self, source: SourceFile, worker: Worker) -> Iterator[Outcome]:
        """Yield ``Opened`` for a file that holds others, then what it is itself, if anything."""
        folder: Path | None = None
        try:
            before = digest(source.content, self._limits)
            same = self._known.get(str(source.path)) == before.sha256
            if not _may_hold(before, source, same=same):
                if same:
                    yield Unchanged(source, before.sha256)
                    return
            else:
                folder = self._new_folder()
            answer = self._read(source, worker, folder, text=not same)
            _require_same(source.content, before)
        except ParseError as exc:
            yield Failed(source, _reason(source, str(exc)), exc.failure)
            return
        except OSError as exc:
            yield Failed(source, f"it cannot be read: {exc.strerror or exc}")
            return
        if answer.held is not None and folder is not None:
            yield from self._opened(source, answer.held, folder)
        elif folder is not None:
            with suppress(OSError):
                folder.rmdir()
        own = _own(source, answer, before, same=same)
        if own is not None:
            yield own

    def _read(
        self, source: SourceFile, worker: Worker, folder: Path | None, *, text: bool
    ) -> Answer:
        """Have a worker read a file; one of an old format is first saved in the one after it."""
        said = tuple(code for code in self._languages(source) if code in PACKS)
        errand = Errand(folder=folder, budget=self._budget(source), text=text, languages=said)
        answer = worker.read(source, errand)
        if not isinstance(answer.error, OldFormat):
            return answer
        saved = self._office.save(source.content, answer.error, self._new_folder())
        answer = worker.read(source, Errand(content=saved, languages=said))
        if answer.content is None:
            return answer
        note = f"It was read as LibreOffice saves it in the format {saved.suffix}."
        parsed = answer.content.parsed
        parsed = replace(parsed, warnings=(note, *parsed.warnings))
        return Answer(Content(parsed, answer.content.passages, answer.content.metadata))

    def _opened(self, source: SourceFile, held: Held, folder: Path) -> Iterator[Outcome]:
        """Yield what a container holds, and a failure for each file that was not unpacked."""
        members, manifests, failed = [], [], []
        size = 0
        for member in held.members:
            stored = None if member.number is None else folder / member.stored_name
            length = _regular_size(stored)
            size += length or 0
            inner = SourceFile(
                path=source.path / member.name,
                root=source.root,
                file=f"{source.file}/{member.name}",
                holder=source,
                stored=None if length is None else stored,
            )
            if length is not None and is_manifest(PurePosixPath(member.name)):
                manifests.append(inner)
                continue
            members.append(inner)
            if length is None:
                failed.append(Failed(inner, member.reason or "it could not be unpacked"))
        self._spend(source, len(held.members), size)
        yield Opened(source, tuple(members), tuple(manifests), held.ignored, not held.problem)
        yield from failed

    def _new_folder(self) -> Path:
        folder = self._scratch / str(next(self._numbers))
        folder.mkdir(mode=0o700)
        return folder

    def _budget(self, source: SourceFile) -> Budget:
        """Return what may be unpacked of a file: nothing where it lies too deep in others."""
        holders = list(source.holders())
        if len(holders) >= MAX_DEPTH:
            return Budget(0, 0)
        with self._lock:
            return self._budgets.get(_outermost(source), Budget())

    def _spend(self, source: SourceFile, files: int, size: int) -> None:
        key = _outermost(source)
        with self._lock:
            left = self._budgets.get(key, Budget())
            self._budgets[key] = Budget(max(left.files - files, 0), max(left.bytes - size, 0))


def _own(source: SourceFile, answer: Answer, before: Digest, *, same: bool) -> Outcome | None:
    """Return what a file is itself; None for an archive, which is nothing but its files."""
    held, content = answer.held, answer.content
    if answer.error is not None:
        return Failed(source, _reason(source, str(answer.error)), answer.error.failure)
    if held is not None and not held.text:
        if held.problem or not held.members:
            failure = LimitExceeded.failure if held.problem else NoText.failure
            return Failed(source, held.problem or "there are no documents in it", failure)
        return None
    if same or content is None:
        return Unchanged(source, before.sha256)
    parsed = content.parsed
    if held is not None and held.problem:
        parsed = replace(parsed, warnings=(*parsed.warnings, f"Its attachments: {held.problem}"))
    return Extracted(
        source=source,
        sha256=before.sha256,
        size=before.size,
        parsed=parsed,
        passages=content.passages,
        metadata=content.metadata,
    )


def _reason(source: SourceFile, reason: str) -> str:
    """Name a file by its own name, not by that of the numbered file with its bytes."""
    if source.stored is None:
        return reason
    whole = reason.replace(str(source.stored), str(source.path))
    return whole.replace(repr(source.stored.name), repr(source.path.name))


def _may_hold(before: Digest, source: SourceFile, *, same: bool) -> bool:
    """Tell by its bytes and its name whether a file may hold others."""
    head, suffix = before.head, source.path.suffix.lower()
    if suffix in _MESSAGES or before.brings:
        return True
    if head.startswith(_OLE2):
        return not (same and suffix in _OLD_OFFICE)
    return head.startswith(_ZIP) and not same


def _outermost(source: SourceFile) -> Path:
    """Return the file on disk that a file is, or lies in."""
    return next(reversed([source, *source.holders()])).path


def _regular_size(stored: Path | None) -> int | None:
    """Return the size of an unpacked file; None when there is none, or it is something else."""
    if stored is None:
        return None
    try:
        found = stored.lstat()
    except OSError:
        return None
    return found.st_size if stat.S_ISREG(found.st_mode) else None


def digest(path: Path, limits: Limits) -> Digest:
    """Hash a file in blocks.

    Raises:
        LimitExceeded: It is too large.
        ParseError: It is a pipe or a device.
        OSError: It cannot be read.
    """
    # Without O_NONBLOCK, opening a pipe that nobody writes to would wait for ever.
    flags = os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW
    with os.fdopen(os.open(path, flags), "rb", buffering=0) as file:
        found = os.fstat(file.fileno())
        if not stat.S_ISREG(found.st_mode):
            raise ParseError("it is not a regular file; copy its content into one")
        if found.st_size > limits.file_bytes:
            raise LimitExceeded(
                f"it has {found.st_size / 1e6:,.0f} MB, more than the limit of "
                f"{limits.file_bytes / 1e6:,.0f} MB; split it, or raise the limit on file size"
            )
        hashed = hashlib.sha256()
        head = tail = b""
        is_pdf = brings = False
        while block := file.read(_HASH_BYTES):
            if not head:
                head, is_pdf = block[:8], _PDF in block[:1024]
            brings = brings or (is_pdf and PDF_BRINGS in tail + block)
            tail = block[-len(PDF_BRINGS) :]
            hashed.update(block)
    return Digest(hashed.hexdigest(), found.st_size, found.st_mtime_ns, found.st_ino, head, brings)


def _require_same(path: Path, before: Digest) -> None:
    """Make sure that the bytes that were parsed are those that were hashed.

    Raises:
        ParseError: The file changed in between.
    """
    now = path.stat()
    if (now.st_size, now.st_mtime_ns, now.st_ino) != (before.size, before.mtime_ns, before.inode):
        raise ParseError("it changed while it was being read; run it again")
