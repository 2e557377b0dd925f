"""Telling what a file is by its bytes, and text by its name."""

from __future__ import annotations

import mmap
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import olefile

from ingest.errors import EmptyFile, EncryptedFile, OldFormat, SourceError

HEAD = 8192
#: Names of text, in which nothing tells one format from another.
TEXTS = {
    "markdown": frozenset((".md", ".markdown")),
    "html": frozenset((".html", ".htm", ".xhtml")),
    "csv_table": frozenset((".csv", ".tsv", ".tab")),
    "eml": frozenset((".eml",)),
    "plain": frozenset((".txt", ".text")),
}
_TEXT_NAMES = frozenset[str]().union(*TEXTS.values())
_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_PICTURES = (
    (b"\x89PNG\r\n\x1a\n", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"II*\x00", "a TIFF picture"),
    (b"MM\x00*", "a TIFF picture"),
)
_SIGNATURES = (
    (b"GIF8", "a GIF picture"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"MZ\x90\x00", "a Windows program"),
    (b"\x7fELF", "a Linux program"),
    (b"SQLite format 3\x00", "a SQLite database"),
)
_HTML = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?:(?!-->).)*-->\s*)*"
    rb"<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_MAIN_PARTS = (
    (re.compile(r"word/document\d*\.xml", re.IGNORECASE), "docx", "a Word document"),
    (re.compile(r"xl/workbook\.xml", re.IGNORECASE), "xlsx", "an Excel workbook"),
    (re.compile(r"ppt/presentation\.xml", re.IGNORECASE), "pptx", "a PowerPoint presentation"),
)
_CONTENT_TYPES = "[Content_Types].xml"
_FOLDERS = (("word/", 0), ("xl/", 1), ("ppt/", 2))
#: What the parser of a format says of a broken package is better than what can be said here.
_PACKAGES = {
    "docx": frozenset((".docx", ".docm")),
    "xlsx": frozenset((".xlsx", ".xlsm")),
    "pptx": frozenset((".pptx", ".pptm", ".ppsx")),
    "odf": frozenset((".odt", ".ods", ".odp")),
    "zip_archive": frozenset((".zip",)),
}
_OLD = (
    ("WordDocument", "a Word document of the old format (.doc)", "Word", "docx"),
    ("PowerPoint Document", "a PowerPoint presentation of the old format (.ppt)", "it", "pptx"),
    ("Workbook", "an Excel workbook of the old format (.xls)", "Excel", "xlsx"),
    ("Book", "an Excel workbook of the old format (.xls)", "Excel", "xlsx"),
)
_LOCKED = ("EncryptedPackage", "EncryptedSummary")
_MESSAGE = "__properties_version1.0"
_WORD_ENCRYPTED = 0x01


@dataclass(frozen=True, slots=True)
class Content:
    """What a file's bytes are: a format's key, or "" with words for what was found."""

    key: str
    words: str


def sniff(path: Path, suffix: str) -> Content:
    """Tell what a file is.

    Raises:
        EmptyFile: It is empty.
        EncryptedFile: It needs a password.
        OldFormat: It is of an old Office format.
        SourceError: It cannot be read.
    """
    try:
        with path.open("rb") as stream:
            head = stream.read(HEAD)
            if not head:
                raise EmptyFile("The file is empty. Check that it was saved or copied in full.")
            return _known(head, stream, suffix) or _text_by_name(head, suffix)
    except OSError as exc:
        raise SourceError(
            f"Cannot read {str(path)!r}: {exc.strerror or exc}. Check that it is there and "
            "that you may read it."
        ) from exc


def _known(head: bytes, stream: IO[bytes], suffix: str) -> Content | None:
    """Recognise a format by its signature, or return None."""
    if head.startswith(_ZIP):
        return _zipped(stream, suffix)
    if head.startswith(_OLE2):
        return _ole2(stream)
    if head.startswith(b"{\\rtf"):
        return Content("rtf", "an RTF document")
    for signature, words in _PICTURES:
        if head.startswith(signature):
            return Content("picture_file", words)
    for signature, words in _SIGNATURES:
        if head.startswith(signature):
            return Content("", words)
    place = head[:1024].find(b"%PDF-")
    if place == 0 or (place > 0 and not (suffix in _TEXT_NAMES and not head[:place].isspace())):
        return Content("pdf", "a PDF")
    return Content("html", "HTML") if _HTML.match(head) and suffix != ".eml" else None


def _text_by_name(head: bytes, suffix: str) -> Content:
    """Take text for what its name says, as nothing in it tells Markdown from plain text."""
    for key, suffixes in TEXTS.items():
        if suffix in suffixes:
            return Content(key, "plain text")
    if b"\x00" in head:
        return Content("", "binary data")
    # Old systems export tables of text under the name of a workbook.
    table = suffix == ".xls" and b"\t" in head
    return Content("csv_table" if table else "", "plain text")


def _zipped(stream: IO[bytes], suffix: str) -> Content:
    try:
        with zipfile.ZipFile(stream) as package:
            names = package.namelist()
            kind = package.read("mimetype")[:100] if "mimetype" in names else b""
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, RuntimeError, EOFError):
        key = next((key for key, suffixes in _PACKAGES.items() if suffix in suffixes), "")
        return Content(key, "a damaged zip archive")
    for pattern, key, words in _MAIN_PARTS:
        if any(pattern.fullmatch(name) for name in names):
            return Content(key, words)
    if "xl/workbook.bin" in names:
        raise _old("an Excel workbook of the binary format (.xlsb)", "Excel", "xlsx")
    if kind.startswith(b"application/vnd.oasis.opendocument."):
        return Content("odf", "an OpenDocument file")
    if kind.startswith(b"application/epub"):
        return Content("", "an EPUB book")
    for folder, at in _FOLDERS if _CONTENT_TYPES in names else ():
        if any(name.startswith(folder) for name in names):
            return Content(*_MAIN_PARTS[at][1:])
    # One that lost its main part is better called damaged than opened as a folder of XML.
    key = next((key for key, suffixes in _PACKAGES.items() if suffix in suffixes), "zip_archive")
    return Content(key, "a zip archive")


def _ole2(stream: IO[bytes]) -> Content:
    """Tell apart what Microsoft's old container holds, by the names of its streams."""
    streams = _streams(stream)
    if any(name in streams for name in _LOCKED):
        raise locked()
    if _MESSAGE in streams:
        return Content("msg", "an Outlook message")
    for name, words, program, successor in _OLD:
        if name in streams:
            raise _old(words, program, successor)
    return Content("", "an Office file of an old format (Publisher, Visio, Works …)")


def _streams(stream: IO[bytes]) -> frozenset[str]:
    """Return the names of the streams that matter; those found anywhere where it is broken."""
    try:
        with olefile.OleFileIO(stream) as ole:
            found = {entry[0] for entry in ole.listdir(streams=True, storages=False)}
            if "WordDocument" in found and ole.exists("WordDocument"):
                flags = ole.openstream("WordDocument").read(12)
                if len(flags) == 12 and flags[11] & _WORD_ENCRYPTED:
                    raise locked()
            return frozenset(found)
    except (OSError, ValueError, IndexError, TypeError, AttributeError, RecursionError):
        pass
    with mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
        names = (*_LOCKED, _MESSAGE, *(name for name, *_ in _OLD[:3]))
        return frozenset(name for name in names if data.find(name.encode("utf-16-le")) >= 0)


def locked() -> EncryptedFile:
    """Return the error for an Office file with a password."""
    return EncryptedFile(
        "The file is protected by a password. Open it in the program that made it, "
        "save it without a password and add that."
    )


def _old(words: str, program: str, successor: str) -> OldFormat:
    return OldFormat(
        f"The file is {words}. Open it in {program} or LibreOffice, save it as .{successor} and "
        "add that.",
        successor,
    )
