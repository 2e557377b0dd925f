"""From files to passages: hash, skip the unchanged, parse in killable workers, report."""

from __future__ import annotations

import tempfile
import threading
from collections import deque
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from queue import Empty, Full, Queue

from ingest.outcomes import Outcomes, SaidLanguages, no_languages
from ingest.recognition import Recognition
from ingest.types import Opened, Outcome, SourceFile
from ingest.workers import COMMAND, Limits, Worker

__all__ = ["Limits", "extract"]

#: Seconds after which a thread that waits for room looks whether it should stop.
_LOOK_AGAIN = 0.2


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
    scratch: Path | None = None,
    languages: SaidLanguages = no_languages,
    taken: Callable[[SourceFile], None] = lambda source: None,
) -> Generator[Outcome]:
    """Hash, parse and cut files, and yield one outcome for each as they finish.

    The largest come first, so that no worker is left with a large one at the end.

    A file that holds others yields ``Opened`` first, and those others follow as files of their
    own. An archive, which is nothing but its files, yields no other outcome unless something is
    wrong with it. At most about two documents a worker are held at a time: when the caller is
    slow, the workers wait. Closing the iterator, or an exception in the caller, kills every worker.

    Args:
        files: The files of a walk.
        known: Absolute path → SHA-256 of the version the library has.
        tokenizer_file: The embedding model's ``tokenizer.json``.
        max_tokens: The model's longest input; see ``ingest.passages.cut``.
        workers: Most processes at once; each is started when there is a file for it.
        limits: What one file may cost.
        recognition: How pictures of text are read; by default they are not.
        command: What is started for a worker, before its options.
        scratch: Folder for what is unpacked; the system's temporary one when None.
        languages: Says which languages a file is in, for its pictures.
        taken: Called when a file is begun with, from the thread that reads it.

    Raises:
        IngestError: No worker can be started, whatever the file.
    """
    if not files:
        return
    limits = limits or Limits()
    started = [
        Worker(
            limits,
            tokenizer_file=tokenizer_file,
            max_tokens=max_tokens,
            recognition=recognition,
            command=command,
        )
        for _ in range(max(workers, 1))
    ]
    with tempfile.TemporaryDirectory(prefix="mmsearch-", dir=scratch) as folder:
        run = _Run(
            files, started, Outcomes(known, limits, Path(folder).resolve(), languages), taken
        )
        try:
            run.start()
            while (outcome := run.next_outcome()) is not None:
                yield outcome
                if not isinstance(outcome, Opened):
                    _clear(outcome.source)
        finally:
            run.stop()


def _clear(source: SourceFile) -> None:
    """Delete the bytes of a file that was unpacked; those of any other are not ours."""
    if source.holder is not None and source.stored is not None:
        source.stored.unlink(missing_ok=True)


class _Run:
    """Threads that each take files and feed one worker; results go through a short queue."""

    def __init__(
        self,
        files: Sequence[SourceFile],
        workers: Sequence[Worker],
        outcomes: Outcomes,
        taken: Callable[[SourceFile], None],
    ) -> None:
        self._waiting = deque(sorted(files, key=_size, reverse=True))
        self._taken = taken
        self._workers = workers
        self._outcomes = outcomes
        self._busy = 0
        self._ended = 0
        self._changed = threading.Condition()
        self._stopped = threading.Event()
        self._done: Queue[Outcome | BaseException | None] = Queue(maxsize=len(workers))
        self._threads = [
            threading.Thread(target=self._work, args=(worker,), daemon=True, name="ingest")
            for worker in workers
        ]

    def start(self) -> None:
        """Start the threads; each starts its worker when a file needs one."""
        for thread in self._threads:
            thread.start()

    def next_outcome(self) -> Outcome | None:
        """Wait for the next outcome; None when there are no more."""
        while self._ended < len(self._threads):
            done = self._done.get()
            if isinstance(done, BaseException):
                raise done
            if done is not None:
                return done
            self._ended += 1
        return None

    def stop(self) -> None:
        """Kill the workers and wait for the threads."""
        self._stopped.set()
        self._outcomes.stop()
        with self._changed:
            self._changed.notify_all()
        for worker in self._workers:
            worker.stop()
        for thread in self._threads:
            if thread.ident is not None:
                thread.join()
        with suppress(Empty):
            while True:
                self._done.get_nowait()

    def _work(self, worker: Worker) -> None:
        """Take files until there are none, and none can come any more."""
        try:
            while (source := self._next_file()) is not None:
                try:
                    self._taken(source)
                    for outcome in self._outcomes.of(source, worker):
                        self._put(outcome)
                        if isinstance(outcome, Opened):
                            self._add(outcome.members)
                finally:
                    self._finished()
        except Exception as exc:  # noqa: BLE001 - raised again in the caller's thread
            self._put(exc)
        finally:
            worker.close()
            self._put(None)

    def _next_file(self) -> SourceFile | None:
        """Return the next file, waiting while another thread may find more.

        None at the end or when the run was stopped.
        """
        with self._changed:
            while not self._waiting and self._busy and not self._stopped.is_set():
                self._changed.wait()
            if self._stopped.is_set() or not self._waiting:
                return None
            self._busy += 1
            return self._waiting.popleft()

    def _add(self, members: Sequence[SourceFile]) -> None:
        """Put files that were unpacked before those that wait: their bytes take room."""
        with self._changed:
            self._waiting.extendleft(reversed([m for m in members if m.stored is not None]))
            self._changed.notify_all()

    def _finished(self) -> None:
        with self._changed:
            self._busy -= 1
            self._changed.notify_all()

    def _put(self, done: Outcome | BaseException | None) -> None:
        """Hand over a result; wait for room, but not beyond the end of the run."""
        while not self._stopped.is_set():
            with suppress(Full):
                self._done.put(done, timeout=_LOOK_AGAIN)
                return


def _size(source: SourceFile) -> int:
    """Return a file's size in bytes; 0 where it cannot be told, which its outcome will say."""
    try:
        return source.content.stat().st_size
    except OSError:
        return 0
