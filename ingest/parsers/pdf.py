"""Read PDF files: text in reading order, blocks, and a box for every word."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from ingest.errors import EncryptedFile, LimitExceeded, NoText
from ingest.parsers.pdf_headings import body_size, classify, title_key
from ingest.parsers.pdf_pages import assemble
from ingest.parsers.pdf_rules import Drawing, Grid, has_pictured_text, read_grids
from ingest.parsers.pdf_second import second_try
from ingest.parsers.pdf_text import Hyphens, Writer
from ingest.parsers.pdf_words import PageWords, open_file, read_words
from ingest.types import Page, ParsedDocument, Unit

MAX_PAGES = 5_000
MAX_CHARACTERS = 20_000_000
MAX_PAGE_CHARACTERS = 400_000
_MAX_OUTLINE = 2_000
_PROPERTIES = {
    "title": "Title",
    "author": "Author",
    "subject": "Subject",
    "created": "CreationDate",
    "modified": "ModDate",
}


@dataclass(slots=True)
class _Reading:
    """What has been read of a file so far."""

    pages: list[Page] = field(default_factory=list)
    words: list[PageWords] = field(default_factory=list)
    grids: list[list[Grid]] = field(default_factory=list)
    broken: list[int] = field(default_factory=list)
    pictured: list[int] = field(default_factory=list)
    characters: int = 0


def parse(path: Path) -> ParsedDocument:
    """Read a PDF file.

    Text comes from its text layer; pictures are not read. Line ends become spaces, words
    hyphenated at a line's end are joined, running headers and footers are left out, and a
    paragraph or table row that a page break cuts is one block.

    Args:
        path: The file. It is not written to.

    Raises:
        EncryptedFile: It needs a password.
        DamagedFile: It is not a PDF, or neither pdfium nor pypdf can read it.
        NoText: No page has text.
        LimitExceeded: It has more than ``MAX_PAGES`` pages or ``MAX_CHARACTERS`` characters.
    """
    try:
        document = open_file(str(path))
    except pdfium.PdfiumError as exc:
        if getattr(exc, "err_code", None) in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY):
            raise EncryptedFile(
                f"{path.name!r} needs a password; save a copy without one and add that"
            ) from exc
        return second_try(path, MAX_PAGES, MAX_CHARACTERS)
    try:
        return _parse(document, path)
    finally:
        document.close()


def _parse(document: Any, path: Path) -> ParsedDocument:
    count = len(document)
    if count > MAX_PAGES:
        raise LimitExceeded(
            f"{path.name!r} has {count:,} pages, more than {MAX_PAGES:,}; "
            "split it and add the parts"
        )
    if count == 0:
        return second_try(path, MAX_PAGES, MAX_CHARACTERS)
    reading = _Reading()
    for index in range(count):
        _read_page(document, index, reading, path)
    if len(reading.broken) == count:
        return second_try(path, MAX_PAGES, MAX_CHARACTERS)
    if not any(page.has_text for page in reading.pages):
        raise NoText(
            f"{path.name!r} holds no text on any of its {count:,} pages, as a scan does; "
            "run text recognition (OCR) on it and add the result"
        )
    return _written(document, reading)


def _read_page(document: Any, index: int, reading: _Reading, path: Path) -> None:
    label = _label(document, index)
    try:
        page = document[index]
    except pdfium.PdfiumError:
        reading.broken.append(index)
        reading.pages.append(Page(index, label, 0.0, 0.0, has_text=False))
        return
    try:
        words, grids = _page_content(page, index, reading, path)
    finally:
        page.close()
    reading.words.append(words)
    reading.grids.append(grids)
    has_text = bool(words.lines)
    reading.pages.append(Page(index, label, words.width, words.height, has_text=has_text))


def _page_content(
    page: Any, index: int, reading: _Reading, path: Path
) -> tuple[PageWords, list[Grid]]:
    try:
        words = read_words(page, index, MAX_PAGE_CHARACTERS)
    except pdfium.PdfiumError:
        reading.broken.append(index)
        return PageWords(index, *page.get_size()), []
    reading.characters += sum(len(line.text) for line in words.lines)
    if reading.characters > MAX_CHARACTERS:
        raise LimitExceeded(
            f"{path.name!r} has more than {MAX_CHARACTERS:,} characters by page {index + 1}; "
            "split it and add the parts"
        )
    if not words.lines:
        return words, []
    drawing = Drawing(page)
    if has_pictured_text(drawing):
        reading.pictured.append(index)
    return words, read_grids(drawing, words)


def _written(document: Any, reading: _Reading) -> ParsedDocument:
    lines = [line for page in reading.words for line in page.lines]
    body = body_size(lines)
    drafts = assemble(reading.words, reading.grids, body)
    classify(drafts, body, _outline(document))
    writer = Writer(Hyphens(lines))
    for draft in drafts:
        writer.write(draft)
    return ParsedDocument(
        text=writer.text,
        blocks=writer.blocks,
        unit=Unit.PAGE,
        pages=tuple(reading.pages),
        words=writer.words(reading.words),
        properties=_properties(document),
        warnings=_warnings(reading),
    )


def _warnings(reading: _Reading) -> tuple[str, ...]:
    broken = set(reading.broken)
    empty = [page.index for page in reading.pages if not page.has_text and page.index not in broken]
    warnings = []
    if empty:
        warnings.append(f"No text on {_named(empty)} (blank, or a picture without OCR).")
    if broken:
        warnings.append(f"Left out {_named(sorted(broken))}: damaged.")
    if reading.pictured:
        named = _named(reading.pictured)
        warnings.append(f"Some text of {named} is drawn as pictures and was not read.")
    return tuple(warnings)


def _named(indices: list[int]) -> str:
    """Name pages from 1, runs of them as "3–7"."""
    runs: list[list[int]] = []
    for index in indices:
        if runs and runs[-1][-1] == index - 1:
            runs[-1].append(index)
        else:
            runs.append([index])
    names = [f"{run[0] + 1}" if len(run) == 1 else f"{run[0] + 1}–{run[-1] + 1}" for run in runs]
    more = f" and {len(names) - 20} more" if len(names) > 20 else ""
    return f"page{'s' if len(indices) > 1 else ''} {', '.join(names[:20])}{more}"


def _label(document: Any, index: int) -> str:
    try:
        return str(document.get_page_label(index) or "").strip()
    except (pdfium.PdfiumError, UnicodeError):
        return ""


def _outline(document: Any) -> Mapping[str, int]:
    """Return the level from 1 of each title in the file's outline, by ``title_key``."""
    levels: dict[str, int] = {}
    try:
        for i, mark in enumerate(document.get_toc(max_depth=8)):
            if i >= _MAX_OUTLINE:
                break
            key = title_key(mark.get_title())
            if len(key) > 2:
                levels.setdefault(key, mark.level + 1)
    except (pdfium.PdfiumError, UnicodeError):
        return {}
    return levels


def _properties(document: Any) -> dict[str, str]:
    try:
        found = document.get_metadata_dict(skip_empty=True)
    except (pdfium.PdfiumError, UnicodeError):
        return {}
    values = {name: _value(found.get(key, "")) for name, key in _PROPERTIES.items()}
    values["language"] = _value(_language(document))
    return {name: value for name, value in values.items() if value}


def _language(document: Any) -> str:
    """Return the language that the file says it is in, such as "fr-FR", or ""."""
    buffer = (ctypes.c_ushort * 64)()
    size = raw.FPDFCatalog_GetLanguage(document.raw, buffer, ctypes.sizeof(buffer))
    if not 2 < size <= ctypes.sizeof(buffer):
        return ""
    return bytes(buffer)[: size - 2].decode("utf-16-le", "replace")


def _value(text: str) -> str:
    return re.sub(r"[\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]+", " ", text).strip()[:1_000]
