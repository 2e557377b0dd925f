"""From files to passages: hash, skip the unchanged, parse in killable workers, report."""

from __future__ import annotations

import hashlib
import os
import stat
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, Full, Queue

from ingest.errors import LimitExceeded, ParseError
from ingest.recognition import Recognition
from ingest.types import Extracted, Failed, Outcome, SourceFile, Unchanged
from ingest.workers import COMMAND, Limits, Worker

__all__ = ["Limits", "extract"]

_HASH_BYTES = 1 << 20
#: Seconds after which a thread that waits for room looks whether it should stop.
_LOOK_AGAIN = 0.2


@dataclass(frozen=True, slots=True)
class _Digest:
    """What a file was when it was hashed."""

    sha256: str
    size: int
    mtime_ns: int
    inode: int


def extract(
    files: Sequence[SourceFile],
    *,
    known: Mapping[str, str],
    tokenizer_file: Path,
    max_tokens: int,
    workers: int,
    limits: Limits | None = None,
    recognition: Recognition | None = None,
    command: Sequence[str] = COMMAND,
) -> Iterator[Outcome]:
    """Hash, parse and cut files, and yield exactly one outcome for each as they finish.

    At most about two documents a worker are held at a time: when the caller is slow, the
    workers wait. Closing the iterator, or an exception in the caller, kills every worker.

    Args:
        files: The files of a walk.
        known: Absolute path → SHA-256 of the version the library has.
        tokenizer_file: The embedding model's ``tokenizer.json``.
        max_tokens: The model's longest input; see ``ingest.passages.cut``.
        workers: Most processes at once; there are never more than files.
        limits: What one file may cost.
        recognition: How pictures of text are read; by default they are not.
        command: What is started for a worker, before its options.

    Raises:
        IngestError: No worker can be started, whatever the file.
    """
    limits = limits or Limits()
    started = [
        Worker(
            limits,
            tokenizer_file=tokenizer_file,
            max_tokens=max_tokens,
            recognition=recognition,
            command=command,
        )
        for _ in range(min(max(workers, 1), len(files)))
    ]
    run = _Run(files, known, started, limits)
    try:
        run.start()
        for _ in files:
            yield run.next_outcome()
    finally:
        run.stop()


class _Run:
    """Threads that each take files and feed one worker; results go through a short queue."""

    def __init__(
        self,
        files: Sequence[SourceFile],
        known: Mapping[str, str],
        workers: Sequence[Worker],
        limits: Limits,
    ) -> None:
        self._waiting = iter(files)
        self._known = known
        self._workers = workers
        self._limits = limits
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._done: Queue[Outcome | BaseException] = Queue(maxsize=max(len(workers), 1))
        self._threads = [
            threading.Thread(target=self._work, args=(worker,), daemon=True, name="ingest")
            for worker in workers
        ]

    def start(self) -> None:
        """Start the threads; each starts its worker when a file needs one."""
        for thread in self._threads:
            thread.start()

    def next_outcome(self) -> Outcome:
        """Wait for the next outcome."""
        done = self._done.get()
        if isinstance(done, BaseException):
            raise done
        return done

    def stop(self) -> None:
        """Kill the workers and wait for the threads."""
        self._stopped.set()
        for worker in self._workers:
            worker.stop()
        for thread in self._threads:
            if thread.ident is not None:
                thread.join()
        with suppress(Empty):
            while True:
                self._done.get_nowait()

    def _work(self, worker: Worker) -> None:
        """Take files until there are none."""
        try:
            while (source := self._next_file()) is not None:
                self._put(_outcome(source, self._known, worker, self._limits))
        except Exception as exc:  # noqa: BLE001 - raised again in the caller's thread
            self._put(exc)
        finally:
            worker.close()

    def _next_file(self) -> SourceFile | None:
        """Return the next file, or None at the end or when the run was stopped."""
        with self._lock:
            return None if self._stopped.is_set() else next(self._waiting, None)

    def _put(self, done: Outcome | BaseException) -> None:
        """Hand over a result; wait for room, but not beyond the end of the run."""
        while not self._stopped.is_set():
            with suppress(Full):
                self._done.put(done, timeout=_LOOK_AGAIN)
                return


def _outcome(
    source: SourceFile, known: Mapping[str, str], worker: Worker, limits: Limits
) -> Outcome:
    """Return what becomes of one file."""
    try:
        before = _digest(source.path, limits)
        if known.get(str(source.path)) == before.sha256:
            return Unchanged(source, before.sha256)
        content = worker.extract(source)
        _require_same(source.path, before)
    except ParseError as exc:
        return Failed(source, str(exc))
    except OSError as exc:
        return Failed(source, f"it cannot be read: {exc.strerror or exc}")
    return Extracted(
        source=source,
        sha256=before.sha256,
        size=before.size,
        parsed=content.parsed,
        passages=content.passages,
        metadata=content.metadata,
    )


def _digest(path: Path, limits: Limits) -> _Digest:
    """Hash a file in blocks.

    Raises:
        LimitExceeded: It is too large.
        ParseError: It is a pipe or a device.
        OSError: It cannot be read.
    """
    # Without O_NONBLOCK, opening a pipe that nobody writes to would wait for ever.
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb", buffering=0) as file:
        found = os.fstat(file.fileno())
        if not stat.S_ISREG(found.st_mode):
            raise ParseError("it is not a regular file; copy its content into one")
        if found.st_size > limits.file_bytes:
            raise LimitExceeded(
                f"it has {found.st_size / 1e6:,.0f} MB, more than the limit of "
                f"{limits.file_bytes / 1e6:,.0f} MB; split it, or raise the limit on file size"
            )
        digest = hashlib.sha256()
        while block := file.read(_HASH_BYTES):
            digest.update(block)
    return _Digest(digest.hexdigest(), found.st_size, found.st_mtime_ns, found.st_ino)


def _require_same(path: Path, before: _Digest) -> None:
    """Make sure that the bytes that were parsed are those that were hashed.

    Raises:
        ParseError: The file changed in between.
    """
    now = path.stat()
    if (now.st_size, now.st_mtime_ns, now.st_ino) != (before.size, before.mtime_ns, before.inode):
        raise ParseError("it changed while it was being read; run it again")
