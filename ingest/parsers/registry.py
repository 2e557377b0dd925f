"""Finding the parser for a file: by what it holds first, by its name second."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import cast

from ingest.errors import LimitExceeded, NotAsNamed, UnsupportedFile
from ingest.parsers.sniff import sniff
from ingest.types import ParsedDocument
from ingest.unpack import Unpacker

Parser = Callable[[Path], ParsedDocument]
Unpack = Callable[[Path, Unpacker], None]


@dataclass(frozen=True, slots=True)
class Format:
    """A format that is read.

    Attributes:
        words: What a file of it is.
        suffixes: Names of its files, lower-case with their dot.
        parses: Whether a file of it is a document.
        opener: The module that takes out the files it holds, or "" where it holds none.
    """

    words: str
    suffixes: frozenset[str]
    parses: bool = True
    opener: str = ""


def _suffixes(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: By the name of the module that reads them.
FORMATS = {
    "pdf": Format("a PDF", _suffixes(".pdf"), opener="pdf_attachments"),
    "docx": Format("a Word document", _suffixes(".docx .docm")),
    "pptx": Format("a PowerPoint presentation", _suffixes(".pptx .pptm .ppsx")),
    "xlsx": Format("an Excel workbook", _suffixes(".xlsx .xlsm")),
    "odf": Format("an OpenDocument file", _suffixes(".odt .ods .odp")),
    "rtf": Format("an RTF document", _suffixes(".rtf")),
    "csv_table": Format("a table of text", _suffixes(".csv .tsv .tab")),
    "eml": Format("a message", _suffixes(".eml"), opener="eml"),
    "msg": Format("an Outlook message", _suffixes(".msg"), opener="msg"),
    "zip_archive": Format("a zip archive", _suffixes(".zip"), parses=False, opener="zip_archive"),
    "markdown": Format("Markdown", _suffixes(".md .markdown")),
    "html": Format("HTML", _suffixes(".html .htm .xhtml")),
    "picture_file": Format("a picture", _suffixes(".png .jpg .jpeg .tif .tiff")),
    "plain": Format("plain text", _suffixes(".txt .text")),
}
#: File names that ``parse`` expects, lower-case with their dot.
SUFFIXES: frozenset[str] = frozenset().union(*(one.suffixes for one in FORMATS.values()))

_SUPPORTED = (
    "PDF (.pdf), Word (.docx), PowerPoint (.pptx), Excel (.xlsx), OpenDocument (.odt, .ods, "
    ".odp), RTF (.rtf), tables of text (.csv, .tsv), messages (.eml, .msg), zip archives (.zip), "
    "Markdown (.md), HTML (.html), scans (.png, .jpg, .tif) and plain text (.txt)"
)


def parse(path: Path) -> ParsedDocument:
    """Parse a file with the parser for what it holds.

    A file that holds another supported format than its name says is parsed as what it
    holds, with a warning.

    Raises:
        UnsupportedFile: There is no parser for what it holds; the text lists what there is.
        OldFormat: It is of an old Office format.
        DamagedFile: It is named as a supported format and holds something else, or is broken.
        EncryptedFile: It needs a password.
        NoText: It is empty or shows no text.
        LimitExceeded: It is larger than a document may be, or is an archive.
        SourceError: It cannot be read.
    """
    suffix = path.suffix.lower()
    content = sniff(path, suffix)
    named = next((key for key, one in FORMATS.items() if suffix in one.suffixes), "")
    if not content.key:
        raise _refusal(suffix, named, content.words)
    if not FORMATS[content.key].parses:
        raise LimitExceeded("The archive is not opened here; unpack it and add its folder.")
    document = cast("Parser", _module(content.key, "parse"))(path)
    if content.key == named:
        return document
    warning = f"The file is named {suffix!r} but holds {content.words}; it was read as that."
    return replace(document, warnings=(warning, *document.warnings))


def unpack(path: Path, into: Unpacker) -> bool:
    """Unpack what a file holds; returns whether it is a format that holds files.

    Raises:
        ParseError: As ``parse`` does, and as the format's own.
        OSError: It cannot be read, or the disk is full.
    """
    key = sniff(path, path.suffix.lower()).key
    if not key or not FORMATS[key].opener:
        return False
    into.text = FORMATS[key].parses
    cast("Unpack", _module(FORMATS[key].opener, "unpack"))(path, into)
    return True


def _module(key: str, function: str) -> object:
    """Import a format's module when it is needed; some load large libraries."""
    return getattr(import_module(f"ingest.parsers.{key}"), function)


def _refusal(suffix: str, named: str, words: str) -> UnsupportedFile | NotAsNamed:
    if named:
        expected = FORMATS[named].words
        return NotAsNamed(
            f"The file is named {suffix!r} but holds {words}, not {expected}. Save it anew as "
            f"{expected}, or give it the name of what it holds."
        )
    name = f"named {suffix!r} and holds" if suffix else "without a suffix and holds"
    return UnsupportedFile(f"The file is {name} {words}. Supported are {_SUPPORTED}.")
