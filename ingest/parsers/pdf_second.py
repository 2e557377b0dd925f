"""Read a PDF that pdfium cannot open, through pypdf: text without boxes."""

from __future__ import annotations

import logging
import re
from pathlib import Path

from pypdf import PageObject, PdfReader
from pypdf.errors import DependencyError, DeprecationError, FileNotDecryptedError, PyPdfError

from ingest.errors import DamagedFile, EncryptedFile, LimitExceeded, NeedsRecognition
from ingest.parsers.pdf_words import clean
from ingest.types import Block, BlockKind, Page, ParsedDocument, Unit

_GAP = re.compile(r"\n[ \t]*\n")
# What pypdf lets through on hostile files besides its own errors.
_FAULTS = (
    PyPdfError,
    DependencyError,
    DeprecationError,
    OSError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    AssertionError,
    ArithmeticError,
    NotImplementedError,
    RecursionError,
)


def second_try(path: Path, max_pages: int, max_characters: int) -> ParsedDocument:
    """Read a PDF's text with pypdf, a paragraph for each stretch between empty lines.

    Args:
        path: The file.
        max_pages: More pages than this raise ``LimitExceeded``.
        max_characters: More characters than this raise ``LimitExceeded``.

    Raises:
        DamagedFile: pypdf cannot read it either.
        EncryptedFile: It needs a password.
        NeedsRecognition: No page has text.
        LimitExceeded: It is too long.
    """
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = PdfReader(path)
        if reader.is_encrypted and not reader.decrypt(""):
            raise EncryptedFile(
                f"{path.name!r} needs a password; save a copy without one and add that"
            )
        if len(reader.pages) > max_pages:
            raise LimitExceeded(
                f"{path.name!r} has {len(reader.pages):,} pages, more than {max_pages:,}; "
                "split it and add the parts"
            )
        texts, pages = _read(reader, max_characters, path)
    except FileNotDecryptedError as exc:
        raise EncryptedFile(
            f"{path.name!r} needs a password; save a copy without one and add that"
        ) from exc
    except _FAULTS as exc:
        raise DamagedFile(
            f"{path.name!r} cannot be read as a PDF ({type(exc).__name__}); "
            "open it in a viewer, save it again and add that"
        ) from exc
    if not any(texts):
        if not pages:
            raise DamagedFile(f"{path.name!r} has no pages; get the file again from its source")
        raise NeedsRecognition(
            f"{path.name!r} holds no text; run text recognition (OCR) on it and add that"
        )
    return _document(texts, pages)


def _read(reader: PdfReader, max_characters: int, path: Path) -> tuple[list[str], list[Page]]:
    texts: list[str] = []
    pages: list[Page] = []
    total = 0
    for index, page in enumerate(reader.pages):
        text = _text(page)
        total += len(text)
        if total > max_characters:
            raise LimitExceeded(
                f"{path.name!r} has more than {max_characters:,} characters by page {index + 1}; "
                "split it and add the parts"
            )
        texts.append(text)
        box = page.cropbox
        width, height = float(box.width), float(box.height)
        pages.append(Page(index, "", width, height, has_text=bool(text.strip())))
    return texts, pages


def _text(page: PageObject) -> str:
    try:
        return page.extract_text()
    except _FAULTS:
        return ""


def _document(texts: list[str], pages: list[Page]) -> ParsedDocument:
    written: list[str] = []
    blocks: list[Block] = []
    length = 0
    for page, text in zip(pages, texts, strict=True):
        for stretch in _GAP.split(text):
            words = clean(" ".join(stretch.split()))
            if not words:
                continue
            if written:
                written.append("\n\n")
                length += 2
            written.append(words)
            number = page.index + 1
            end = length + len(words)
            blocks.append(Block(BlockKind.PARAGRAPH, length, end, number, number))
            length = end
    return ParsedDocument(
        text="".join(written),
        blocks=tuple(blocks),
        unit=Unit.PAGE,
        pages=tuple(pages),
        warnings=("The file is damaged: its text was recovered, without places on the page.",),
    )
