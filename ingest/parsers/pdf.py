"""Read PDF files: text in reading order, blocks, and a box for every word."""

from __future__ import annotations

import ctypes
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from ingest.errors import EncryptedFile, LimitExceeded, NeedsRecognition, NoText
from ingest.language import detect
from ingest.parsers.pdf_attachments import unlisted
from ingest.parsers.pdf_charts import gather
from ingest.parsers.pdf_headings import body_size, classify, title_key
from ingest.parsers.pdf_joined import part_joined
from ingest.parsers.pdf_pages import assemble
from ingest.parsers.pdf_rules import Drawing, Grid, read_grids
from ingest.parsers.pdf_salvage import salvaged
from ingest.parsers.pdf_scans import Look, Reader, judged, look, needs_reading
from ingest.parsers.pdf_text import Hyphens, Writer
from ingest.parsers.pdf_words import PageWords, open_file, read_words
from ingest.recognition import AGAIN, FILE_SECONDS, PACKS, Recognition, current
from ingest.types import Page, ParsedDocument, Unit

MAX_PAGES = 5_000
MAX_CHARACTERS = 20_000_000
MAX_PAGE_CHARACTERS = 400_000
_MAX_OUTLINE = 2_000
_LOST = "The file is damaged: its pages were put together again, and some may be missing."
_LEAST_SAMPLE = 200  # characters that tell a language
_PAGE_WORD = re.compile(
    r"^(?:pages?|página|стр(?:аница)?|pagina|strana|страна|صفحة|পৃষ্ঠা|p)\b\.?\s*", re.IGNORECASE
)
_UNREAD = {
    Look.PICTURE: "The text of {} is a picture",
    Look.GARBAGE: "The text of {} cannot be read, as its fonts map to no characters",
    Look.POOR: "The text of {} was badly recognised by who made the file",
    Look.PICTURED: "Some text of {} is drawn as pictures",
}
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
    looks: list[Look] = field(default_factory=list)
    failed: dict[int, str] = field(default_factory=dict)
    lacking: set[str] = field(default_factory=set)
    attached: int = 0
    characters: int = 0


def parse(path: Path) -> ParsedDocument:
    """Read a PDF file.

    Text comes from its text layer; pages that are pictures, or whose text layer cannot be
    used, are recognised where that is possible (``ingest.recognition``). Line ends become
    spaces, words hyphenated at a line's end are joined, running headers and footers are left
    out, and a paragraph or table row that a page break cuts is one block.

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
        return _rescued(path)
    try:
        return _parse(document, path) or _rescued(path)
    finally:
        document.close()


def _rescued(path: Path) -> ParsedDocument:
    """Read what is left of a file whose pages pdfium does not find by itself."""
    # pypdf is imported for the few files that need it: a worker starts a fifth sooner without.
    from ingest.parsers.pdf_second import second_try

    mended = salvaged(path.read_bytes())
    if mended is not None:
        try:
            document = open_file(mended)
        except pdfium.PdfiumError:
            return second_try(path, MAX_PAGES, MAX_CHARACTERS)
        try:
            if parsed := _parse(document, path):
                return replace(parsed, warnings=(_LOST, *parsed.warnings))
        except NoText:
            pass  # pypdf may still find some
        finally:
            document.close()
    return second_try(path, MAX_PAGES, MAX_CHARACTERS)


def _parse(document: Any, path: Path) -> ParsedDocument | None:
    """Read an open file; None where it has no page that can be read."""
    count = len(document)
    if count > MAX_PAGES:
        raise LimitExceeded(
            f"{path.name!r} has {count:,} pages, more than {MAX_PAGES:,}; "
            "split it and add the parts"
        )
    if count == 0:
        return None
    reading = _Reading(attached=unlisted(document, path))
    for index in range(count):
        _read_page(document, index, reading, path)
    if len(reading.broken) == count:
        return None
    part_joined(document, reading.words)
    _recognise(document, reading, how := current())
    if not any(page.has_text for page in reading.pages):
        raise _no_text(path, reading, how)
    return _written(document, reading, how)


def _no_text(path: Path, reading: _Reading, how: Recognition) -> NoText:
    name, count = repr(path.name), len(reading.pages)
    its = "its page" if count == 1 else f"any of its {count:,} pages"
    if Look.PICTURE not in reading.looks:
        return NoText(f"{name} holds no text on {its}, and no pictures")
    if not how.ready:
        return NeedsRecognition(
            f"{name} holds no text on {its}, as a scan does; to have it read, {how.remedy()}"
        )
    why = "; ".join(sorted(set(reading.failed.values()))) or "no words were found in them"
    are = "a picture" if count == 1 else f"{count:,} pages of pictures"
    return NoText(f"{name} is {are}, and text recognition failed: {why}")


def _recognise(document: Any, reading: _Reading, how: Recognition) -> None:
    """Read the pages that are pictures, for as long as one file may take."""
    reading.looks = judged(reading.looks)
    pages = [i for i, what in enumerate(reading.looks) if needs_reading(what)]
    if not pages or not how.ready:
        return
    reader = Reader(how, _languages(document, reading))
    until = time.monotonic() + FILE_SECONDS
    for index in pages:
        if time.monotonic() > until:
            reading.failed[index] = f"the file's {FILE_SECONDS / 60:g} minutes were over"
            continue
        page = document[index]
        try:
            outcome = reader.read(page, reading.words[index], reading.looks[index])
            words = outcome.words
            if outcome.failure:
                reading.failed[index] = outcome.failure
            elif words is not reading.words[index]:
                reading.grids[index] = read_grids(Drawing(page), words)
                reading.words[index] = words
                reading.pages[index] = replace(reading.pages[index], has_text=bool(words.lines))
        finally:
            page.close()
    reading.lacking = reader.lacking


def _languages(document: Any, reading: _Reading) -> tuple[str, ...]:
    """Return the language of the text that the file has, or that it says it is in."""
    usable = (
        line.text
        for page, what in zip(reading.words, reading.looks, strict=True)
        if what not in (Look.PICTURE, Look.GARBAGE)
        for line in page.lines
    )
    text = " ".join(islice(usable, 200))
    found = detect(text) if len(text) > _LEAST_SAMPLE else "und"
    said = _language(document)[:2].lower()
    return tuple(code for code in (found, said) if code in PACKS)[:1]


def _read_page(document: Any, index: int, reading: _Reading, path: Path) -> None:
    label = _label(document, index)
    try:
        page = document[index]
    except pdfium.PdfiumError:
        reading.broken.append(index)
        reading.pages.append(Page(index, label, 0.0, 0.0, has_text=False))
        reading.words.append(PageWords(index, 0.0, 0.0))
        reading.grids.append([])
        reading.looks.append(Look.BLANK)
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
        reading.looks.append(Look.BLANK)
        return PageWords(index, *page.get_size()), []
    reading.characters += sum(len(line.text) for line in words.lines)
    if reading.characters > MAX_CHARACTERS:
        raise LimitExceeded(
            f"{path.name!r} has more than {MAX_CHARACTERS:,} characters by page {index + 1}; "
            "split it and add the parts"
        )
    drawing = Drawing(page)
    reading.looks.append(look(words, drawing))
    return words, read_grids(drawing, words) if words.lines else []


def _written(document: Any, reading: _Reading, how: Recognition) -> ParsedDocument:
    lines = [line for page in reading.words for line in page.lines]
    body = body_size(lines)
    drafts = gather(assemble(reading.words, reading.grids, body))
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
        warnings=tuple(_warnings(document, reading, how)),
    )


def _warnings(document: Any, reading: _Reading, how: Recognition) -> Iterator[str]:
    broken = set(reading.broken)
    read = {page.index for page in reading.words if _was_recognised(page)}
    looks = [(i, what) for i, what in enumerate(reading.looks) if i not in broken | read]
    if blank := [i for i, what in looks if what is Look.BLANK]:
        yield f"Nothing is on {_named(blank)}."
    if broken:
        yield f"Left out {_named(sorted(broken))}: damaged."
    for what, words in _UNREAD.items():
        pages = [i for i, found in looks if found is what]
        if not pages:
            continue
        if not how.ready:
            yield f"{words.format(_named(pages))}; to have it read, {how.remedy()}."
        elif what is not Look.POOR or any(i in reading.failed for i in pages):
            why = "; ".join(sorted({reading.failed[i] for i in pages if i in reading.failed}))
            yield f"{words.format(_named(pages))}; recognition found no more ({why or 'no words'})."
    if read:
        yield f"Text recognition read {_named(sorted(read))}."
    if reading.attached:
        yield f"Attached files were not read: {reading.attached:,}."
    if reading.lacking:
        packages = " ".join(sorted(reading.lacking))
        yield f"Its pictures were read without their language; install {packages} and {AGAIN}."


def _was_recognised(page: PageWords) -> bool:
    return any(line.confidence is not None for line in page.lines)


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
    """Return the label printed on a page, without the word for "page": it is said beside it."""
    try:
        return _PAGE_WORD.sub("", str(document.get_page_label(index) or "").strip())
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
