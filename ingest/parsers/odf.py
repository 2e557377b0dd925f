"""OpenDocument files: texts (.odt), sheets (.ods) and presentations (.odp)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from zipfile import ZipFile

from lxml import etree

from ingest.errors import DamagedFile, EncryptedFile, NoText
from ingest.language import detect
from ingest.parsers.assemble import Piece, assemble
from ingest.parsers.odf_sheets import sheets
from ingest.parsers.odf_text import (
    DRAW,
    OFFICE,
    PRESENTATION,
    SVG,
    TEXT,
    ReadPicture,
    Styles,
    TextWalker,
)
from ingest.parsers.package_limits import BROKEN_ZIP, MAX_PART, opened, read_part
from ingest.parsers.pdf_rtl import is_rtl
from ingest.parsers.pictures import Pictures
from ingest.parsers.pptx import NOTES
from ingest.parsers.slide_order import Box, reading_order
from ingest.types import BlockKind, ParsedDocument, Unit

NOUN = "OpenDocument file"
_META = {
    "title": "title",
    "initial-creator": "author",
    "creator": "author",
    "subject": "subject",
    "creation-date": "created",
    "date": "modified",
    "language": "language",
}
_FURNITURE = frozenset(("date-time", "footer", "header", "page-number"))
_LENGTH = re.compile(r"(-?[\d.]+)(cm|mm|in|pt|pc|px)?")
_POINTS = {"cm": 28.35, "mm": 2.835, "in": 72.0, "pt": 1.0, "pc": 12.0, "px": 0.75}
#: Shapes whose tops differ by less than this, in points, stand side by side.
_SAME_LINE = 18.0
#: Characters that tell a language.
_TELLS_LANGUAGE = 200


def parse(path: Path) -> ParsedDocument:
    """Parse an OpenDocument file; places are paragraphs, rows or slides, from 1.

    Footnotes follow the paragraph that calls them; tracked changes are read as accepted;
    comments and tables of contents are left out; hidden sheets are read and say so.

    Raises:
        DamagedFile: It is broken, or a drawing or a formula.
        EncryptedFile: It needs a password.
        LimitExceeded: It unpacks to more than a document does.
        NoText: It holds no text.
        SourceError: It cannot be read.
    """
    with opened(path, NOUN, "LibreOffice") as package:
        _require_open(package)
        content = read_part(package, "content.xml", NOUN)
        body = content.find(f"{OFFICE}body") if content is not None else None
        if content is None or body is None or not len(body):
            raise DamagedFile("The OpenDocument file is damaged: it has no content.")
        styles = Styles([content, read_part(package, "styles.xml", NOUN)])
        pictures = Pictures(lambda: _languages(content))

        def picture(name: str, place: int) -> list[Piece]:
            return pictures.pieces(_picture(package, name), place)

        unit, pieces = _read(body[0], styles, picture)
        said = pictures.warnings(unit.value)
        try:
            return assemble(pieces, unit, properties=_properties(package), warnings=said)
        except NoText as exc:
            raise pictures.no_text() from exc


def _languages(content: etree._Element) -> list[str]:
    """Return the language of a file's text, where there is enough of it."""
    text = " ".join(str(part) for part in islice(content.itertext(), 2_000))
    return [detect(text)] if len(text) > _TELLS_LANGUAGE else []


def _picture(package: ZipFile, name: str) -> bytes:
    """Return a picture that the package has; nothing of drawings, or where it is broken."""
    if not name.startswith("Pictures/") or name not in package.NameToInfo:
        return b""
    entry = package.getinfo(name)
    try:
        return package.read(entry) if entry.file_size <= MAX_PART else b""
    except BROKEN_ZIP:
        return b""


def _read(body: etree._Element, styles: Styles, picture: ReadPicture) -> tuple[Unit, list[Piece]]:
    if body.tag == f"{OFFICE}text":
        return Unit.PARAGRAPH, TextWalker(styles, picture).pieces(body)
    if body.tag == f"{OFFICE}spreadsheet":
        return Unit.ROW, list(sheets(body, styles))
    if body.tag == f"{OFFICE}presentation":
        return Unit.SLIDE, list(_slides(body, styles, picture))
    raise DamagedFile("The OpenDocument file is no text, sheet or presentation.")


def _require_open(package: ZipFile) -> None:
    """Refuse a file whose parts are encrypted, which the package itself does not say."""
    manifest = read_part(package, "META-INF/manifest.xml", NOUN)
    for element in manifest.iter() if manifest is not None else ():
        if isinstance(element.tag, str) and element.tag.endswith("}encryption-data"):
            raise EncryptedFile(
                "The file is protected by a password. Open it in LibreOffice, save it without a "
                "password and add that."
            )


def _properties(package: ZipFile) -> dict[str, str]:
    found: dict[str, str] = {}
    tree = read_part(package, "meta.xml", NOUN)
    for element in tree.iter() if tree is not None else ():
        key = _META.get(etree.QName(element).localname) if isinstance(element.tag, str) else None
        if key and element.text and element.text.strip():
            found.setdefault(key, element.text.strip())
    return found


def _slides(body: etree._Element, styles: Styles, picture: ReadPicture) -> Iterator[Piece]:
    """Yield each slide's title, then its shapes from top to bottom, then its notes."""
    for number, page in enumerate(body.findall(f"{DRAW}page"), 1):
        walker = TextWalker(styles, _at(number, picture))
        shapes = [shape for shape in page if shape.tag != f"{PRESENTATION}notes"]
        titles = [shape for shape in shapes if shape.get(f"{PRESENTATION}class") == "title"]
        rest = _in_order([shape for shape in shapes if shape not in titles])
        level = 1 if number == 1 else 2
        for piece in _placed(titles, walker, number):
            text = " ".join(piece.text.split())
            yield replace(piece, kind=BlockKind.HEADING, text=text, level=level)
        yield from _placed(rest, walker, number)
        notes = page.findall(f"{PRESENTATION}notes/{DRAW}frame")
        for piece in _placed(notes, walker, number):
            yield replace(piece, context=NOTES)


def _at(number: int, picture: ReadPicture) -> ReadPicture:
    """Read the pictures of one slide."""
    return lambda name, _: picture(name, number)


def _placed(shapes: list[etree._Element], walker: TextWalker, number: int) -> Iterator[Piece]:
    for shape in shapes:
        if shape.get(f"{PRESENTATION}class") in _FURNITURE:
            continue
        holder = etree.Element(f"{TEXT}section")
        holder.append(shape)
        for piece in walker.pieces(holder):
            heading = piece.kind is BlockKind.HEADING
            kind = BlockKind.PARAGRAPH if heading else piece.kind
            yield replace(piece, kind=kind, level=0, first=number, last=number)


def _in_order(shapes: list[etree._Element]) -> list[etree._Element]:
    """Sort shapes as they are read."""
    boxes = [Box(*(_points(s, side) for side in ("x", "y", "width", "height"))) for s in shapes]
    words = "".join(str(part) for shape in shapes for part in shape.itertext())
    order = reading_order(boxes, same_line=_SAME_LINE, leftward=is_rtl(words))
    return [shapes[at] for at in order]


def _points(shape: etree._Element, name: str) -> float:
    found = _LENGTH.fullmatch(shape.get(f"{SVG}{name}", "").strip())
    if not found:
        return 0.0
    try:
        return float(found[1]) * _POINTS.get(found[2] or "pt", 1.0)
    except ValueError:
        return 0.0
