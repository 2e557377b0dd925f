"""Pictures of PDF pages with passages marked, drawn by a worker that may be killed."""

from __future__ import annotations

import json
import selectors
import struct
import subprocess
import sys
import threading
import time
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Self

from ingest.types import Rect

# A frame of the worker's: see mmsearch.picture_worker, which this process does not import,
# so that nothing that reads documents is loaded where the service runs.
_FRAME = struct.Struct(">II")
_MAX_PIXELS = 25_000_000
_MAX_RECTS = 5_000
_MAX_REPLY = 256 * 1024 * 1024
_CACHE_BYTES = 32 * 1024 * 1024

_Key = tuple[str, int, int, int, float]


class PictureError(Exception):
    """A page cannot be drawn: its file is damaged, or drawing took too long."""


class PictureNotFound(PictureError):
    """There is no such page, or no such file."""


class PagePictures:
    """Draws pages of PDF files. Safe for use by several threads, which take turns.

    The drawing is done by ``mmsearch.picture_worker``, which is started on first use, has
    a limit on memory, and is killed and started anew when a page takes too long.

    Args:
        timeout: Longest time for one page in seconds.
        max_pixels: Largest picture; a page that would be larger is drawn at a smaller scale.
        cache_bytes: How many bytes of pictures without marks to keep.
    """

    def __init__(
        self,
        *,
        timeout: float = 10.0,
        max_pixels: int = _MAX_PIXELS,
        cache_bytes: int = _CACHE_BYTES,
    ) -> None:
        self._timeout = timeout
        self._max_pixels = max_pixels
        self._lock = threading.Lock()
        self._worker: subprocess.Popen[bytes] | None = None
        self._closed = False
        self._cache = _Cache(cache_bytes)

    def png(
        self, path: Path, page_index: int, rects: Sequence[Rect], *, scale: float = 2.0
    ) -> bytes:
        """Draw a page as a PNG, with ``rects`` marked in yellow under readable text.

        Args:
            path: The PDF file.
            page_index: Page index from 0.
            rects: Boxes in points, origin at the top left of the page as shown.
            scale: Pixels for each point, in (0, 8].

        Raises:
            PictureNotFound: There is no such file or page.
            PictureError: The page cannot be drawn, or not in time.
            ValueError: ``scale`` or the number of rects is out of range.
        """
        if not 0 < scale <= 8:
            raise ValueError(f"scale is {scale!r}; expected more than 0 and at most 8")
        if len(rects) > _MAX_RECTS:
            raise ValueError(f"{len(rects):,} rects; expected at most {_MAX_RECTS:,}")
        key = _key(path, page_index, scale)
        if not rects and (known := self._cache.get(key)) is not None:
            return known
        request = {
            "path": str(path),
            "page": page_index,
            "scale": scale,
            "rects": [[rect.x0, rect.y0, rect.x1, rect.y1] for rect in rects],
            "max_pixels": self._max_pixels,
        }
        with self._lock:
            picture = self._drawn(request)
        if not rects:
            self._cache.put(key, picture)
        return picture

    def close(self) -> None:
        """End the worker. Calls after this raise ``PictureError``."""
        with self._lock:
            self._closed = True
            self._kill()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _drawn(self, request: dict[str, object]) -> bytes:
        if self._closed:
            raise PictureError("the pictures are closed; open them again to draw a page")
        for attempt in range(2):
            fresh = self._worker is None
            try:
                return self._asked(request)
            except _WorkerGone as exc:
                self._kill()
                # A worker that died while idle is no fault of this page: try once more.
                if fresh or attempt:
                    raise PictureError(
                        f"page {request['page']!r} of {request['path']!r} ended the drawing "
                        "process; the file is damaged or far too complex"
                    ) from exc
        raise AssertionError("unreachable")

    def _asked(self, request: dict[str, object]) -> bytes:
        worker = self._worker or self._started()
        if worker.stdin is None or worker.stdout is None:
            raise _WorkerGone
        try:
            encoded = json.dumps(request).encode()
            worker.stdin.write(_FRAME.pack(len(encoded), 0) + encoded)
            worker.stdin.flush()
        except OSError as exc:
            raise _WorkerGone from exc
        deadline = time.monotonic() + self._timeout
        try:
            header, picture = _reply(worker.stdout, deadline)
        except TimeoutError as exc:
            self._kill()
            raise PictureError(
                f"page {request['page']!r} of {request['path']!r} was not drawn within "
                f"{self._timeout:g} seconds; open the original file instead"
            ) from exc
        if header.get("ok"):
            return picture
        reason = f"page {request['page']!r} of {request['path']!r}: {header.get('reason')}"
        if header.get("kind") == "missing":
            raise PictureNotFound(f"there is no such page: {reason}")
        raise PictureError(f"cannot draw {reason}")

    def _started(self) -> subprocess.Popen[bytes]:
        self._worker = subprocess.Popen(
            [sys.executable, "-m", "mmsearch.picture_worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=Path(__file__).resolve().parent.parent,
            env={"PYTHONUTF8": "1"},  # none of this process's tokens and settings
        )
        return self._worker

    def _kill(self) -> None:
        worker, self._worker = self._worker, None
        if worker is None:
            return
        worker.kill()
        worker.wait()
        for stream in (worker.stdin, worker.stdout):
            if stream is not None:
                _close(stream)


class _WorkerGone(Exception):
    """The worker ended in the middle of a request."""


class _Cache:
    """The pictures used last, up to a number of bytes."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._size = 0
        self._lock = threading.Lock()
        self._pictures: OrderedDict[_Key, bytes] = OrderedDict()

    def get(self, key: _Key) -> bytes | None:
        with self._lock:
            picture = self._pictures.get(key)
            if picture is not None:
                self._pictures.move_to_end(key)
            return picture

    def put(self, key: _Key, picture: bytes) -> None:
        with self._lock:
            self._size += len(picture) - len(self._pictures.pop(key, b""))
            self._pictures[key] = picture
            while self._size > self._limit:
                _, oldest = self._pictures.popitem(last=False)
                self._size -= len(oldest)


def _key(path: Path, page_index: int, scale: float) -> _Key:
    """Name a picture by its file's path, size and time of change, page and scale."""
    try:
        found = path.stat()
    except OSError as exc:
        raise PictureNotFound(f"there is no file {str(path)!r} to draw a page of") from exc
    return (str(path), found.st_size, found.st_mtime_ns, page_index, scale)


def _reply(stream: IO[bytes], deadline: float) -> tuple[dict[str, object], bytes]:
    header_length, body_length = _FRAME.unpack(_read(stream, _FRAME.size, deadline))
    if header_length + body_length > _MAX_REPLY:
        raise _WorkerGone
    header: dict[str, object] = json.loads(_read(stream, header_length, deadline))
    return header, _read(stream, body_length, deadline)


def _read(stream: IO[bytes], length: int, deadline: float) -> bytes:
    """Read exactly ``length`` bytes from a pipe, or give up at the deadline."""
    chunks: list[bytes] = []
    with selectors.DefaultSelector() as selector:
        selector.register(stream, selectors.EVENT_READ)
        while length:
            left = deadline - time.monotonic()
            if left <= 0 or not selector.select(left):
                raise TimeoutError
            chunk = stream.read1(min(length, 1 << 20))  # type: ignore[attr-defined]
            if not chunk:
                raise _WorkerGone
            chunks.append(chunk)
            length -= len(chunk)
    return b"".join(chunks)


def _close(stream: IO[bytes]) -> None:
    try:
        stream.close()
    except OSError:
        return  # the worker is gone, and what was not yet sent with it
