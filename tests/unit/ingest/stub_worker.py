"""A worker with a parser that does what the file's first line says. Run as a program."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from ingest.errors import EncryptedFile, SourceError
from ingest.recognition import current
from ingest.types import Block, BlockKind, Metadata, ParsedDocument, Unit
from ingest.worker import Tools, serve


def start_child(seconds: str) -> None:
    subprocess.Popen(["sleep", seconds])
    time.sleep(600)


def write_on_stdout(_: str) -> None:
    sys.stdout.write("rubbish")
    sys.stdout.flush()
    os.write(1, b"MMW1 more rubbish")


def write_a_false_frame(_: str) -> None:
    for fd in range(3, 20):
        with suppress(OSError):
            os.write(fd, b"MMW1" + b"\xff" * 40)


def refuse(_: str) -> None:
    raise EncryptedFile("it needs a password")


def refuse_to_read(_: str) -> None:
    raise SourceError("it cannot be read")


def fail(_: str) -> None:
    raise ZeroDivisionError("a mistake")


def read_a_picture(_: str) -> None:
    current().beat()
    time.sleep(2.5)


ACTS: dict[str, Callable[[str], object]] = {
    "hang": lambda _: time.sleep(600),
    "spin": lambda _: ctypes.CDLL(None).sleep(600),
    "children": start_child,
    "picture": read_a_picture,
    "eat": lambda _: "x" * (8 << 30),
    "segfault": lambda _: ctypes.string_at(0),
    "abort": lambda _: os.abort(),
    "leave": lambda _: os._exit(3),
    "rubbish": write_on_stdout,
    "lie": write_a_false_frame,
    "locked": refuse,
    "unreadable": refuse_to_read,
    "break": fail,
    "interrupted": lambda _: os.kill(os.getpid(), signal.SIGINT),
    "scribble": lambda target: os.truncate(target, 1 << 30),
}


def parse(path: Path) -> ParsedDocument:
    """Obey the file."""
    text = path.read_text(encoding="utf-8", errors="surrogateescape")
    order, _, rest = text.partition("\n")
    if order in ACTS:
        ACTS[order](rest.strip())
    if order == "touch":
        path.write_text("touch and more", encoding="utf-8")
    if order == "secrets":
        text = " ".join(sorted(os.environ))
    if order == "languages":
        text = " ".join(current().wanted) or "none"
    if order == "half":
        text = "half \udcff character"
    blocks = (Block(BlockKind.PARAGRAPH, 0, len(text), 1, 1),) if text else ()
    return ParsedDocument(text, blocks, Unit.LINE)


def read_metadata(parsed: ParsedDocument, file: str) -> Metadata:
    """Name a document after its file."""
    return Metadata(title=file)


if __name__ == "__main__":
    if "--broken" in sys.argv:
        sys.exit("no such library")
    serve(lambda: Tools(parse, read_metadata, lambda text, main: "en"))
