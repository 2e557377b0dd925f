"""The parent's side of a parse worker: starting it, talking to it, killing it in time."""

from __future__ import annotations

import logging
import os
import select
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import ingest
from ingest import errors, wire
from ingest.errors import (
    DamagedFile,
    IngestError,
    OldFormat,
    ParseError,
    TooMuchMemory,
    TooSlow,
)
from ingest.held import Budget, Held, from_row
from ingest.recognition import FILE_SECONDS, Recognition
from ingest.types import SourceFile

log = logging.getLogger(__name__)

#: What is started for a worker, before its options.
COMMAND = (sys.executable, "-P", "-m", "ingest.worker")
#: A worker is replaced after this many files, for what libraries leave behind.
FILES_A_WORKER = 200
#: Seconds for the rest of a file after its last picture was read.
AFTER_SECONDS = 30
#: Seconds a worker may take to start; imports take one or two.
START_SECONDS = 60.0
_READ_BYTES = 1 << 20
_STDERR_BYTES = 2000
#: What C and Rust libraries print before they give up for want of memory.
_OUT_OF_MEMORY = ("memory allocation", "bad_alloc", "out of memory", "MemoryError")


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may cost.

    Attributes:
        seconds: Wall-clock time to parse and cut it.
        memory_bytes: Address space of the worker.
        file_bytes: Size of the file.
    """

    seconds: float = 120.0
    memory_bytes: int = 2 << 30
    file_bytes: int = 500_000_000


@dataclass(frozen=True, slots=True)
class Errand:
    """What a worker is asked beside the text of a file.

    Attributes:
        folder: Where to unpack what the file holds; None leaves it closed.
        budget: What may be unpacked.
        text: Whether the file's own text is wanted.
        content: Where the bytes to read lie, when not where the file's own lie.
        languages: Those that its pictures are in, where somebody said so.
    """

    folder: Path | None = None
    budget: Budget = field(default_factory=Budget)
    text: bool = True
    content: Path | None = None
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What a worker made of a file.

    Attributes:
        content: Its text, where it has one.
        held: What it holds, where it is a container.
        error: Why there is no content, where there should be one.
    """

    content: wire.Content | None = None
    held: Held | None = None
    error: ParseError | None = None


class _Gone(Exception):
    """The worker ended, or closed its pipe."""


class _Late(Exception):
    """The worker did not answer in time."""


class Worker:
    """One child process, started when it is needed and started again when it was killed.

    Used by one thread; only ``stop`` may be called from another. That thread must live as
    long as the child: Linux ends a child with the thread that started it.
    """

    def __init__(
        self,
        limits: Limits,
        *,
        tokenizer_file: Path,
        max_tokens: int,
        recognition: Recognition | None = None,
        command: Sequence[str] = COMMAND,
    ) -> None:
        self._limits = limits
        self._recognition = recognition or Recognition()
        self._tokenizer_file = tokenizer_file
        self._max_tokens = max_tokens
        self._command = tuple(command)
        self._child: subprocess.Popen[bytes] | None = None
        self._stderr: BinaryIO | None = None
        self._lock = threading.Lock()
        self._closed = False
        self._files = 0

    def extract(self, source: SourceFile) -> wire.Content:
        """Have one file parsed and cut; it is not opened if it holds others.

        Raises:
            ParseError: The file cannot become a document, or broke a limit or the worker.
            IngestError: No worker can be started, or it was closed.
        """
        answer = self.read(source, Errand())
        if answer.content is None:
            raise answer.error or ParseError("it holds no text of its own")
        return answer.content

    def read(self, source: SourceFile, errand: Errand) -> Answer:
        """Have one file opened, parsed and cut.

        Raises:
            ParseError: It broke a limit or the worker.
            IngestError: No worker can be started, or it was closed.
        """
        if self._files >= FILES_A_WORKER:
            self._kill()
        if self._child is None:
            self._start()
        self._files += 1
        deadline = time.monotonic() + self._limits.seconds
        try:
            self._send(source, errand)
            return self._receive(deadline)
        except _Late:
            self._kill()
            raise TooSlow(
                f"reading it was stopped after {self._limits.seconds:g} s; "
                f"split the file, or raise the limit on time"
            ) from None
        except _Gone:
            raise self._cause_of_death() from None
        except wire.BadFrame as exc:
            self._kill()
            raise DamagedFile(
                f"the parser gave an answer that cannot be used ({exc}); the file may be damaged"
            ) from exc

    def stop(self) -> None:
        """Kill the child and start no other. May be called from another thread."""
        with self._lock:
            self._closed = True
            if self._child is not None:
                _kill_group(self._child)

    def close(self) -> None:
        """Stop, and let go of the child's pipes. For the thread that uses the worker."""
        self.stop()
        self._kill()

    def _start(self) -> None:
        """Start a child and wait until it is ready."""
        with self._lock:
            if self._closed:
                raise IngestError("the parse worker was closed")
            # No context manager: the file lives as long as the child.
            self._stderr = tempfile.TemporaryFile()  # noqa: SIM115
            options = ["--parent", str(os.getpid()), "--memory", str(self._limits.memory_bytes)]
            options += ["--recognition", self._recognition.to_json()]
            self._child = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                [*self._command, *options],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._stderr,
                bufsize=0,
                cwd=os.sep,
                env=environment(),
                start_new_session=True,
            )
            self._files = 0
        try:
            header, _, _ = self._read_frame(time.monotonic() + START_SECONDS)
        except (_Gone, _Late, wire.BadFrame) as exc:
            said = self._last_words()
            self._kill()
            raise IngestError(f"the parse worker does not start: {said or repr(exc)}") from exc
        if not header.get("ready"):
            self._kill()
            raise IngestError(f"the parse worker does not start: it said {header!r}")

    def _send(self, source: SourceFile, errand: Errand) -> None:
        """Send a request; it is small, so the pipe takes it without waiting."""
        request = {
            "path": str(errand.content or source.content),
            "file": source.file,
            "tokenizer_file": str(self._tokenizer_file),
            "max_tokens": self._max_tokens,
            "seconds": int(self._limits.seconds) + 1,
            "folder": str(errand.folder or ""),
            "budget": [errand.budget.files, errand.budget.bytes],
            "text": errand.text,
            "languages": errand.languages,
        }
        child = self._child
        if child is None or child.stdin is None:
            raise _Gone
        try:
            child.stdin.write(wire.encode_request(request))
        except (OSError, ValueError) as exc:
            raise _Gone from exc

    def _receive(self, deadline: float) -> Answer:
        """Read the answer to a request."""
        header, text, words = self._read_frame(deadline)
        latest = deadline + FILE_SECONDS
        while header.get("beat"):
            # Another picture is about to be read: that takes time of its own.
            longer = time.monotonic() + 3 * self._recognition.page_seconds + AFTER_SECONDS
            deadline = max(deadline, min(longer, latest))
            header, text, words = self._read_frame(deadline)
        held = _held(header)
        if "error" in header:
            return Answer(held=held, error=self._error(header))
        if held is not None and "blocks" not in header:
            return Answer(held=held)
        return Answer(wire.decode(header, text, words), held)

    def _error(self, header: Mapping[str, object]) -> ParseError:
        """Return what an answer says went wrong with the file.

        Raises:
            IngestError: It went wrong with the run.
        """
        error, reason = str(header["error"]), str(header.get("reason", ""))[:_STDERR_BYTES]
        if error == "MemoryError":
            self._kill()
            return self._too_much_memory()
        if error == "TokenizerError":
            raise IngestError(reason)
        if error == "OldFormat":
            return OldFormat(reason, str(header.get("successor")))
        kind = getattr(errors, error, None)
        if isinstance(kind, type) and issubclass(kind, ParseError):
            return kind(reason)
        return DamagedFile(f"the parser failed on it ({reason}); the file may be damaged")

    def _read_frame(self, deadline: float) -> tuple[dict[str, object], bytes, bytes]:
        """Read one frame from the child."""
        lengths = wire.read_prefix(self._read(wire.PREFIX.size, deadline))
        if lengths.total > self._limits.memory_bytes:
            raise wire.BadFrame(f"it claims {lengths.total} bytes")
        header = wire.read_header(self._read(lengths.header, deadline))
        return header, self._read(lengths.text, deadline), self._read(lengths.words, deadline)

    def _read(self, size: int, deadline: float) -> bytes:
        """Read exactly ``size`` bytes before ``deadline`` (of the monotonic clock)."""
        child = self._child
        if child is None or child.stdout is None:
            raise _Gone
        data = bytearray()
        try:
            pipe = child.stdout.fileno()
            poll = select.poll()
            poll.register(pipe, select.POLLIN)
            while len(data) < size:
                left = deadline - time.monotonic()
                if left <= 0 or not poll.poll(left * 1000):
                    raise _Late
                part = os.read(pipe, min(size - len(data), _READ_BYTES))
                if not part:
                    raise _Gone
                data += part
        except (OSError, ValueError) as exc:
            raise _Gone from exc
        return bytes(data)

    def _cause_of_death(self) -> IngestError:
        """Say why the child is gone, and clear it away."""
        said = self._last_words()
        code = self._kill(patience=1.0)
        if self._closed:
            return IngestError("the parse worker was closed")
        if any(words in said for words in _OUT_OF_MEMORY):
            return self._too_much_memory()
        if code == -signal.SIGXCPU:
            return TooSlow(f"reading it took more than {self._limits.seconds:g} s")
        log.warning("a parse worker ended with code %s: %s", code, said)
        if code == -signal.SIGKILL:
            return TooMuchMemory(
                "the system killed the parser, most likely for want of memory; try it again "
                "with fewer workers"
            )
        how = f"signal {-code}" if code < 0 else f"exit code {code}"
        return DamagedFile(f"the parser crashed ({how}); the file may be damaged")

    def _too_much_memory(self) -> TooMuchMemory:
        return TooMuchMemory(
            f"reading it needed more than {self._limits.memory_bytes / (1 << 30):.3g} GB of "
            f"memory; split the file, or raise the limit on memory"
        )

    def _last_words(self) -> str:
        """Return the end of what the child printed to standard error."""
        if self._stderr is None:
            return ""
        size = self._stderr.seek(0, os.SEEK_END)
        self._stderr.seek(max(size - _STDERR_BYTES, 0))
        return self._stderr.read().decode("utf-8", "replace").strip()

    def _kill(self, patience: float = 0.0) -> int:
        """End the child and its children, and return its exit code.

        Args:
            patience: Seconds to wait for a child that is ending by itself, for its exit code.
        """
        with self._lock:
            child, self._child = self._child, None
            stderr, self._stderr = self._stderr, None
        if stderr is not None:
            stderr.close()
        if child is None:
            return 0
        if patience:
            with suppress(subprocess.TimeoutExpired):
                child.wait(patience)
        _kill_group(child)
        code = child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                pipe.close()
        return code


def _held(header: Mapping[str, object]) -> Held | None:
    """Return what an answer says a file holds."""
    row = header.get("held")
    if row is None:
        return None
    if not isinstance(row, dict):
        raise wire.BadFrame("what it says the file holds is no object")
    try:
        return from_row(row)
    except (ValueError, TypeError) as exc:
        raise wire.BadFrame(f"what it says the file holds cannot be used: {exc}") from exc


def _kill_group(child: subprocess.Popen[bytes]) -> None:
    """Kill a child and all it started; it leads a process group of its own."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)


def environment() -> dict[str, str]:
    """Return a worker's environment: what its libraries need, and none of the parent's secrets."""
    variables = {
        "PATH": os.defpath,
        "TMPDIR": tempfile.gettempdir(),
        "LANG": "C.UTF-8",
        "PYTHONPATH": str(Path(ingest.__file__).resolve().parent.parent),
        "PYTHONUTF8": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "TOKENIZERS_PARALLELISM": "false",
        "MALLOC_ARENA_MAX": "2",
    }
    # Where programs and libraries look for their files, as they did when they were found.
    kept = ("LD_LIBRARY_PATH", "TESSDATA_PREFIX")
    variables |= {name: os.environ[name] for name in kept if name in os.environ}
    threads = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "RAYON_NUM_THREADS")
    return variables | dict.fromkeys(threads, "1")
