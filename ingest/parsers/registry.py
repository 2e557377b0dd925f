"""Finding the parser for a file: by what it holds first, by its name second."""

from __future__ import annotations

import mmap
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import IO, cast

from ingest.errors import DamagedFile, EncryptedFile, NoText, SourceError, UnsupportedFile
from ingest.types import ParsedDocument

Parser = Callable[[Path], ParsedDocument]

_FORMATS = {
    "pdf": ("a PDF", frozenset((".pdf",))),
    "docx": ("a Word document", frozenset((".docx", ".docm"))),
    "markdown": ("Markdown", frozenset((".md", ".markdown"))),
    "html": ("HTML", frozenset((".html", ".htm", ".xhtml"))),
    "plain": ("plain text", frozenset((".txt", ".text"))),
}
#: File names that ``parse`` expects, lower-case with their dot.
SUFFIXES: frozenset[str] = frozenset().union(*(suffixes for _, suffixes in _FORMATS.values()))

_SUPPORTED = "PDF (.pdf), Word (.docx), Markdown (.md), HTML (.html) and plain text (.txt)"
_HEAD = 8192
_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_SIGNATURES = (
    (b"{\\rtf", "an RTF document"),
    (b"\x89PNG\r\n\x1a\n", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"II*\x00", "a TIFF picture"),
    (b"MM\x00*", "a TIFF picture"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"MZ\x90\x00", "a Windows program"),
    (b"\x7fELF", "a Linux program"),
    (b"SQLite format 3\x00", "a SQLite database"),
)
_HTML = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.{0,4000}?-->\s*)*"
    rb"<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_ZIPPED = (
    ("word/", "a Word document"),
    ("xl/", "an Excel workbook"),
    ("ppt/", "a PowerPoint presentation"),
    ("META-INF/", "an OpenDocument or EPUB file"),
)


@dataclass(frozen=True, slots=True)
class _Content:
    """What a file's bytes are: a format's key, or "" with words for what was found."""

    key: str
    words: str


def parse(path: Path) -> ParsedDocument:
    """Parse a file with the parser for what it holds.

    A file that holds another supported format than its name says is parsed as what it
    holds, with a warning.

    Raises:
        UnsupportedFile: There is no parser for what it holds; the text lists what there is.
        DamagedFile: It is named as a supported format and holds something else, or is broken.
        EncryptedFile: It needs a password.
        NoText: It is empty or shows no text.
        LimitExceeded: It is larger than a document may be.
        SourceError: It cannot be read.
    """
    suffix = path.suffix.lower()
    content = _content(path, suffix)
    named = next((key for key, (_, names) in _FORMATS.items() if suffix in names), "")
    if not content.key:
        raise _refusal(suffix, named, content.words)
    document = _parser(content.key)(path)
    if content.key == named:
        return document
    warning = f"The file is named {suffix!r} but holds {content.words}; it was read as that."
    return replace(document, warnings=(warning, *document.warnings))


def _parser(key: str) -> Parser:
    """Import a format's parser when it is needed; some load large libraries."""
    return cast("Parser", import_module(f"ingest.parsers.{key}").parse)


def _content(path: Path, suffix: str) -> _Content:
    """Tell what a file is by its bytes, and text by its name."""
    try:
        with path.open("rb") as stream:
            head = stream.read(_HEAD)
            if not head:
                raise NoText("The file is empty. Check that it was saved or copied in full.")
            return _known(head, stream, suffix) or _text_by_name(head, suffix)
    except OSError as exc:
        raise SourceError(
            f"Cannot read {str(path)!r}: {exc.strerror or exc}. Check that it is there and "
            "that you may read it."
        ) from exc


def _known(head: bytes, stream: IO[bytes], suffix: str) -> _Content | None:
    """Recognise a format by its signature, or return None."""
    place = head[:1024].find(b"%PDF-")
    text_name = suffix in SUFFIXES - _FORMATS["pdf"][1] - _FORMATS["docx"][1]
    if place == 0 or (place > 0 and not (text_name and not head[:place].isspace())):
        return _Content("pdf", "a PDF")
    if head.startswith(_ZIP):
        return _zipped(stream, suffix)
    if head.startswith(_OLE2):
        return _ole2(stream)
    for signature, words in _SIGNATURES:
        if head.startswith(signature):
            return _Content("", words)
    return _Content("html", "HTML") if _HTML.match(head) else None


def _text_by_name(head: bytes, suffix: str) -> _Content:
    """Take text for what its name says, as nothing in it tells Markdown from plain text."""
    for key in ("markdown", "html", "plain"):
        words, suffixes = _FORMATS[key]
        if suffix in suffixes:
            return _Content(key, words)
    return _Content("", "binary data" if b"\x00" in head else "plain text")


def _zipped(stream: IO[bytes], suffix: str) -> _Content:
    try:
        with zipfile.ZipFile(stream) as package:
            names = package.namelist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
        # The Word parser says what is broken about what claims to be its own.
        word = suffix in _FORMATS["docx"][1]
        return _Content("docx" if word else "", "a damaged zip archive")
    if any(re.fullmatch(r"word/document\d*\.xml", name, re.IGNORECASE) for name in names):
        return _Content("docx", "a Word document")
    for folder, words in _ZIPPED:
        if any(name.startswith(folder) for name in names):
            return _Content("docx" if folder == "word/" else "", words)
    return _Content("", "a zip archive")


def _ole2(stream: IO[bytes]) -> _Content:
    """Tell apart what Microsoft's old container holds, by the names of its streams."""
    with mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:

        def has(name: str) -> bool:
            return data.find(name.encode("utf-16-le")) >= 0

        if has("EncryptedPackage"):
            raise EncryptedFile(
                "The file is protected by a password. Open it in the program that made it, "
                "save it without a password and add that."
            )
        if has("WordDocument"):
            raise UnsupportedFile(
                "The file is a Word document of the old format (.doc). Open it in Word or "
                "LibreOffice, save it as .docx and add that."
            )
        if has("PowerPoint Document"):
            return _Content("", "a PowerPoint presentation of the old format (.ppt)")
        return _Content("", "an Office file of an old format (.xls, .msg …)")


def _refusal(suffix: str, named: str, words: str) -> UnsupportedFile | DamagedFile:
    if named:
        expected = _FORMATS[named][0]
        return DamagedFile(
            f"The file is named {suffix!r} but holds {words}, not {expected}. Save it anew as "
            f"{expected}, or give it the name of what it holds."
        )
    name = f"named {suffix!r} and holds" if suffix else "without a suffix and holds"
    hint = " Save an RTF document as .docx." if "RTF" in words else ""
    return UnsupportedFile(f"The file is {name} {words}. Supported are {_SUPPORTED}.{hint}")
