"""A child process that parses files: ``python -m ingest.worker``.

It reads requests on standard input and answers each with one frame (``ingest.wire``). Before
the first request it gives up what a hostile file could use: memory and processor time beyond
its limits, large files, core dumps. What libraries print goes to standard error, never
between the frames.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from ingest.confine import confine, limit_cpu
from ingest.errors import IngestError, LimitExceeded, OldFormat, ParseError
from ingest.evidence import with_evidence
from ingest.held import Budget, Held, to_row
from ingest.passages import Detect, cut, with_languages
from ingest.recognition import Recognition, reading_pictures
from ingest.tokens import TokenCounter
from ingest.types import Metadata, ParsedDocument
from ingest.unpack import Unpacker
from ingest.wire import REQUEST_PREFIX, Content, encode, encode_note

Parse = Callable[[Path], ParsedDocument]
ReadMetadata = Callable[[ParsedDocument, str], Metadata]
Unpack = Callable[[Path, Unpacker], bool]
"""Unpacks a file that holds others; tells whether it is one."""

#: Processor seconds beyond the wall clock's limit, which the parent keeps.
CPU_MARGIN = 5
_HALF_CHARACTER = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Request:
    """One file to be parsed.

    Attributes:
        path: Where it is.
        file: Its path relative to its root, for the metadata.
        tokenizer_file: The model's ``tokenizer.json``.
        max_tokens: The model's longest input.
        seconds: Limit on processor time.
        folder: Where to unpack what it holds, or "" when it is not to be opened.
        budget: Files and bytes that may be unpacked.
        text: Whether its own text is wanted.
        languages: Those that its pictures are in, where somebody said so.
    """

    path: str
    file: str
    tokenizer_file: str
    max_tokens: int
    seconds: int
    folder: str = ""
    budget: tuple[int, int] = (0, 0)
    text: bool = True
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tools:
    """What turns a file into a document, injected so that tests can bring their own."""

    parse: Parse
    read_metadata: ReadMetadata
    detect: Detect
    unpack: Unpack = lambda path, into: False


def our_tools() -> Tools:
    """Return the parsers and readers of this package."""
    from ingest.language import detect_part
    from ingest.metadata import read_metadata
    from ingest.parsers.registry import parse, unpack

    return Tools(parse, read_metadata, detect_part, unpack)


def main() -> None:
    """Serve with this package's parsers."""
    serve(our_tools)


def serve(load: Callable[[], Tools], arguments: Sequence[str] | None = None) -> None:
    """Answer requests until standard input ends.

    Args:
        load: Returns the tools; called after the limits are set.
        arguments: Command line, by default the process's own.
    """
    parser = argparse.ArgumentParser(prog="python -m ingest.worker", description=__doc__)
    parser.add_argument("--parent", type=int, required=True, help="process id of the parent")
    parser.add_argument("--memory", type=int, required=True, help="limit on memory in bytes")
    parser.add_argument("--recognition", default="{}", help="how pictures are read, as JSON")
    options = parser.parse_args(arguments)
    confine(options.parent, options.memory)
    source, target = _take_over_pipes()
    tools = load()
    _collect_seldom()
    recognition = Recognition.from_json(options.recognition)
    _write(target, encode_note({"ready": True}))
    counters: dict[str, TokenCounter] = {}
    while (request := _read_request(source)) is not None:
        limit_cpu(request.seconds + CPU_MARGIN)

        def beat(seconds: int = request.seconds) -> None:
            limit_cpu(seconds + CPU_MARGIN)
            _write(target, encode_note({"beat": True}))

        wanted = recognition.wanted or tuple(request.languages)
        with reading_pictures(replace(recognition, beat=beat, wanted=wanted)):
            _write(target, _answer(request, tools, counters, options.memory))


def _collect_seldom() -> None:
    """Let Python look for cycles less often: parsing makes many objects and few cycles.

    A million objects are some 100 MB, which a worker may use before it looks.
    """
    gc.freeze()
    gc.set_threshold(1_000_000, 10, 10)


def extract(request: Request, tools: Tools, count: TokenCounter) -> Content:
    """Parse one file, cut it and read its metadata.

    Raises:
        ParseError: The file cannot become a document.
    """
    parsed = _whole_characters(tools.parse(Path(request.path)))
    metadata = tools.read_metadata(parsed, request.file)
    passages = cut(parsed, title=metadata.title, count_tokens=count, max_tokens=request.max_tokens)
    main_language = metadata.languages[0] if metadata.languages else "und"
    told = with_languages(passages, tools.detect, main_language)
    return Content(parsed, with_evidence(told, metadata.kind), metadata)


def open_container(request: Request, tools: Tools) -> Held | None:
    """Unpack what a file holds; None when it is no container or is not to be opened.

    Raises:
        ParseError: It cannot be opened at all.
    """
    if not request.folder:
        return None
    path = Path(request.path)
    into = Unpacker(Path(request.folder), Budget(*request.budget), path.stat().st_size)
    try:
        if not tools.unpack(path, into):
            return None
    except LimitExceeded as exc:
        return into.held(str(exc))
    except OSError as exc:
        return into.held(f"it could not be unpacked: {exc.strerror or exc}")
    return into.held()


def _answer(
    request: Request, tools: Tools, counters: dict[str, TokenCounter], memory_bytes: int
) -> list[bytes]:
    """Return the frame that answers a request; whatever a parser raises becomes one."""
    try:
        count = counters.get(request.tokenizer_file)
        if count is None:
            count = counters[request.tokenizer_file] = TokenCounter(Path(request.tokenizer_file))
    except IngestError as exc:
        return encode_note({"error": "TokenizerError", "reason": str(exc)})
    note: dict[str, object] = {}
    try:
        held = open_container(request, tools)
        note = {} if held is None else {"held": to_row(held)}
        if held is not None and not (held.text and request.text):
            return encode_note(note)
        return encode(extract(request, tools, count), note)
    except MemoryError:
        return encode_note({"error": "MemoryError", "reason": ""})
    except OldFormat as exc:
        return encode_note(
            {**note, "error": "OldFormat", "reason": str(exc), "successor": exc.successor}
        )
    except ParseError as exc:
        return encode_note({**note, "error": type(exc).__name__, "reason": str(exc)})
    except IngestError as exc:
        return encode_note({**note, "error": "ParseError", "reason": str(exc)})
    except Exception as exc:  # noqa: BLE001 - one bad file must not end the run, whatever it does
        reason = f"{type(exc).__name__}: {exc}"
        return encode_note({**note, "error": "Exception", "reason": reason})


def _whole_characters(parsed: ParsedDocument) -> ParsedDocument:
    """Replace half characters (lone surrogates) in the text, which UTF-8 cannot hold."""
    if parsed.text.isascii() or not _HALF_CHARACTER.search(parsed.text):
        return parsed
    return replace(parsed, text=_HALF_CHARACTER.sub("\ufffd", parsed.text))


def _take_over_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Keep the pipes for the frames and point 0 and 1 elsewhere for everybody else."""
    source = os.fdopen(os.dup(0), "rb")
    target = os.fdopen(os.dup(1), "wb", buffering=0)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return source, target


def _read_request(source: BinaryIO) -> Request | None:
    """Read one request; None when the parent has closed the pipe."""
    prefix = source.read(REQUEST_PREFIX.size)
    if len(prefix) < REQUEST_PREFIX.size:
        return None
    (size,) = REQUEST_PREFIX.unpack(prefix)
    return Request(**json.loads(source.read(size)))


def _write(target: BinaryIO, parts: Sequence[bytes]) -> None:
    """Write a frame whole; a pipe takes it in pieces."""
    for part in parts:
        view = memoryview(part)
        while view:
            view = view[target.write(view) :]


if __name__ == "__main__":
    main()
