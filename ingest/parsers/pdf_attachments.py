"""The files that a PDF brings along: those it lists, and those pinned to its pages."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw
from pypdf import PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import DictionaryObject

from ingest.held import MAX_MEMBERS, PDF_BRINGS
from ingest.parsers.pdf_words import open_file
from ingest.unpack import Unpacker

_MAX_PAGES = 5_000
_OPEN_TEXT = re.compile(rb"/StmF\s*/Identity")
_CLOSED_FILES = re.compile(rb"/EFF\s*/(?!Identity)")
#: What pypdf lets through on hostile files besides its own errors.
_FAULTS = (
    *(PyPdfError, OSError, ValueError, TypeError, LookupError, AttributeError, AssertionError),
    *(ArithmeticError, NotImplementedError, RecursionError),
)


def unpack(path: Path, into: Unpacker) -> None:
    """Take the files that a PDF brings along; one that cannot be had is noted.

    A PDF that cannot be opened brings nothing; what is wrong with it, its parser says.

    Raises:
        LimitExceeded: They are too many or too large.
        OSError: The disk is full.
    """
    try:
        document = open_file(str(path))
    except pdfium.PdfiumError:
        return
    listed = set()
    locked = _are_locked(document, path)
    try:
        for number in range(document.count_attachments()):
            if number > MAX_MEMBERS:
                break
            attachment = document.get_attachment(number)
            listed.add(_take(attachment, number + 1, into, locked=locked))
    finally:
        document.close()
    for number, (name, data) in enumerate(_pinned(path), 1):
        if len(data) and name not in listed:
            into.take(name or f"attachment {number}", [data])


def unlisted(document: Any, path: Path) -> int:
    """Count the files of a PDF whose bytes do not show that it brings any, so none were taken."""
    count: int = document.count_attachments()
    return count if count and PDF_BRINGS not in path.read_bytes() else 0


def _are_locked(document: Any, path: Path) -> bool:
    """Tell whether a PDF opens without a password that the files it brings need.

    ISO 32000-2, 7.6.6: the crypt filter of embedded files may be another than that of the text.
    """
    if raw.FPDF_GetSecurityHandlerRevision(document.raw) < 0:
        return False
    data = path.read_bytes()
    return bool(_OPEN_TEXT.search(data) and _CLOSED_FILES.search(data))


def _take(attachment: Any, number: int, into: Unpacker, *, locked: bool) -> str:
    """Take one file, and return its name."""
    try:
        name = attachment.get_name() or f"attachment {number}"
    except (pdfium.PdfiumError, UnicodeError):
        name = f"attachment {number}"
    if locked:
        into.refuse(name, "it needs a password; open the PDF with it and save the file from there")
        return str(name)
    try:
        data = attachment.get_data()
    except pdfium.PdfiumError:
        into.refuse(name, "it cannot be taken out of the PDF; open the PDF and save it from there")
    else:
        into.take(name, [bytes(data)])
    return str(name)


def _pinned(path: Path) -> Iterator[tuple[str, bytes]]:
    """Yield name and bytes of the files that stand on pages as pins; pdfium does not list them."""
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = PdfReader(path)
        for page in islice(reader.pages, _MAX_PAGES):
            for note in page.annotations or ():
                found = _file_of(note.get_object())
                if found is not None:
                    yield found
    except _FAULTS:
        return


def _file_of(note: Any) -> tuple[str, bytes] | None:
    if not isinstance(note, DictionaryObject) or note.get("/Subtype") != "/FileAttachment":
        return None
    said = note.get("/FS")
    specification = said.get_object() if said is not None else None
    if not isinstance(specification, DictionaryObject) or "/EF" not in specification:
        return None
    files = specification["/EF"]
    stream: Any = files.get("/UF") or files.get("/F") if isinstance(files, DictionaryObject) else ""
    data = stream.get_object().get_data() if stream else b""
    name = str(specification.get("/UF") or specification.get("/F") or "")
    return name, bytes(data)
