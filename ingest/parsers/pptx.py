"""PowerPoint presentations: what stands on the slides, in reading order, and the notes below."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from lxml import etree
from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER as PLACEHOLDER
from pptx.exc import PythonPptxError

from ingest.errors import NoText
from ingest.language import detect
from ingest.parsers.alternative import Alternatives, unrepeated
from ingest.parsers.assemble import Piece, assemble
from ingest.parsers.charts import chart_pieces
from ingest.parsers.package_limits import (
    BROKEN_CONTENT,
    core_properties,
    mended,
    opened,
    safe_parser,
)
from ingest.parsers.pdf_rtl import is_rtl
from ingest.parsers.pictures import Pictures
from ingest.parsers.slide_order import Box, reading_order
from ingest.parsers.tables import Cell, Row, lead_in, linearise
from ingest.types import BlockKind, ParsedDocument, Unit

NOUN = "PowerPoint presentation"
NOTES = "Speaker notes"
MAX_SLIDES = 5_000
#: Shapes whose tops differ by less than this part of the slide's height stand side by side.
_SAME_LINE = 30
_MAX_DEPTH = 12
_EMU_A_POINT = 12_700
#: Characters that tell a language.
_TELLS_LANGUAGE = 200
_TITLES = {PLACEHOLDER.TITLE, PLACEHOLDER.CENTER_TITLE, PLACEHOLDER.VERTICAL_TITLE}
_BODIES = {PLACEHOLDER.BODY, PLACEHOLDER.OBJECT, PLACEHOLDER.VERTICAL_BODY}
_FURNITURE = {PLACEHOLDER.DATE, PLACEHOLDER.FOOTER, PLACEHOLDER.SLIDE_NUMBER, PLACEHOLDER.HEADER}
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


def parse(path: Path) -> ParsedDocument:
    """Parse a presentation; places are its slides, from 1.

    A slide's title is a heading, the first slide's above the others. Text is read title first,
    then from top to bottom, columns one after the other. Notes, tables, charts, diagrams and the
    alternative texts of pictures are read, and pictures that text stands on where text
    recognition is installed; comments, dates, footers and slide numbers are not.

    Raises:
        DamagedFile: It is broken.
        EncryptedFile: It needs a password.
        LimitExceeded: It unpacks to more than a presentation does.
        NoText: It holds no text.
        SourceError: It cannot be read.
    """
    with opened(path, NOUN, "PowerPoint") as package:
        presentation, broken = _open(path, package)
        reader = _Reader(presentation)
        pieces = unrepeated(list(reader.pieces()))
        if broken:
            reader.warnings.append(f"{broken} pictures or sounds are damaged.")
        said = [*reader.warnings, *reader.pictures.warnings("slide")]
        try:
            return assemble(pieces, Unit.SLIDE, properties=_properties(package), warnings=said)
        except NoText as exc:
            raise reader.pictures.no_text() from exc


def _open(path: Path, package: ZipFile) -> tuple[Any, int]:
    """Open a presentation, without the pictures that are damaged; returns how many they are.

    python-pptx reads every part at once and gives up at the first that is broken.
    """
    try:
        return Presentation(str(path)), 0
    except BROKEN_CONTENT:
        stream, broken = mended(package)
        return Presentation(stream), broken


def _properties(package: ZipFile) -> dict[str, str]:
    """Return the file's own properties, without the title that PowerPoint gives every file."""
    found = core_properties(package, NOUN)
    if found.get("title", "").casefold() in ("powerpoint presentation", "presentation"):
        del found["title"]
    return found


class _Reader:
    """Reads a presentation once; what cannot be read of it becomes a warning."""

    def __init__(self, presentation: Any) -> None:
        self.warnings: list[str] = []
        self.pictures = Pictures(self._languages)
        self._alternatives = Alternatives()
        self._presentation = presentation
        self._step = max(int(presentation.slide_height or 0) // _SAME_LINE, 1)

    def pieces(self) -> Iterator[Piece]:
        """Yield the pieces of every slide."""
        slides = self._presentation.slides
        for number in range(1, len(slides) + 1):
            if number > MAX_SLIDES:
                self.warnings.append(f"Only the first {MAX_SLIDES:,} slides were read.")
                return
            found: list[Piece] = []
            try:
                slide = slides[number - 1]
                found += self._slide(slide, number)
                found += self._notes(slide, number)
            except BROKEN_CONTENT:
                self._lost(number)
            yield from found

    def _languages(self) -> list[str]:
        """Return the language of the slides, where they have enough words."""
        shapes = (shape for slide in self._presentation.slides for shape in slide.shapes)
        text = " ".join(filter(None, map(_words, islice(shapes, 1_000))))
        return [detect(text)] if len(text) > _TELLS_LANGUAGE else []

    def _lost(self, number: int) -> None:
        warning = f"A part of slide {number} is broken and was left out."
        if warning not in self.warnings:
            self.warnings.append(warning)

    def _slide(self, slide: Any, number: int) -> list[Piece]:
        shapes = list(slide.shapes)
        titles = [shape for shape in shapes if _placeholder(shape) in _TITLES]
        level = 1 if number == 1 or _is_section(slide) else 2
        found: list[Piece] = []
        for shape in titles:
            text = " ".join(_lines(shape)).strip()
            if text:
                found.append(Piece(BlockKind.HEADING, text, number, number, level))
        for shape in self._in_order(shape for shape in shapes if shape not in titles):
            found += self._shape(shape, number, found[-1] if found else None, 0)
        return found

    def _in_order(self, shapes: Iterable[Any]) -> list[Any]:
        """Sort shapes as they are read; those without a place of their own come last."""
        placed, lost = [], []
        for shape in shapes:
            box = _box(shape)
            if box is None:
                lost.append(shape)
            else:
                placed.append((shape, box))
        order = reading_order(
            [box for _, box in placed],
            same_line=self._step,
            leftward=is_rtl(" ".join(map(_words, (shape for shape, _ in placed)))),
        )
        return [placed[at][0] for at in order] + lost

    def _shape(self, shape: Any, number: int, before: Piece | None, depth: int) -> list[Piece]:
        try:
            if _placeholder(shape) in _FURNITURE or depth > _MAX_DEPTH:
                return []
            if shape.element.tag.endswith("}grpSp"):
                found: list[Piece] = []
                for inner in self._in_order(shape.shapes):
                    found += self._shape(inner, number, before, depth + 1)
                return found + self._alternatives.pieces(_alternative(shape), number)
            if getattr(shape, "has_table", False):
                return linearise(list(_table_rows(shape.table, number)), lead_in(before))
            if shape.has_text_frame:
                return list(_text(shape, number))
            described = self._alternatives.pieces(_alternative(shape), number)
            if getattr(shape, "has_chart", False):
                return [*chart_pieces(shape.chart.part._element, number), *described]
            if shape.element.tag.endswith("}pic"):
                return [*described, *self._picture(shape, number)]
            return [*_diagram(shape, number), *described]
        except BROKEN_CONTENT:
            self._lost(number)
            return []

    def _picture(self, shape: Any, number: int) -> list[Piece]:
        try:
            data = shape.image.blob
        except (PythonPptxError, *BROKEN_CONTENT):
            return []  # it lies elsewhere, or is damaged
        width = float(shape.width or 0) / _EMU_A_POINT
        return self.pictures.pieces(data, number, width)

    def _notes(self, slide: Any, number: int) -> Iterator[Piece]:
        if not slide.has_notes_slide:
            return
        frame = slide.notes_slide.notes_text_frame
        for paragraph in frame.paragraphs if frame is not None else ():
            text = _plain(paragraph.text)
            yield Piece(BlockKind.PARAGRAPH, text, number, number, context=NOTES)


def _box(shape: Any) -> Box | None:
    try:
        sides = [shape.left, shape.top, shape.width, shape.height]
    except BROKEN_CONTENT:
        return None
    return None if None in sides[:2] else Box(*(float(side or 0) for side in sides))


def _alternative(shape: Any) -> str:
    """Return what a shape's author wrote for readers who cannot see it."""
    return next((one.get("descr", "") for one in shape.element.iter(f"{_P}cNvPr")), "")


def _words(shape: Any) -> str:
    try:
        return str(shape.text_frame.text) if shape.has_text_frame else ""
    except BROKEN_CONTENT:
        return ""


def _placeholder(shape: Any) -> Any:
    """Return a placeholder's type, or None for any other shape."""
    return shape.placeholder_format.type if shape.is_placeholder else None


def _is_section(slide: Any) -> bool:
    """Tell whether a slide only opens a section, by its layout."""
    kind = slide.slide_layout.element.get("type")
    return kind in ("secHead", "title")


def _plain(text: str) -> str:
    return " ".join(text.replace("\v", "\n").split())


def _lines(shape: Any) -> list[str]:
    return [_plain(paragraph.text) for paragraph in shape.text_frame.paragraphs]


def _text(shape: Any, number: int) -> Iterator[Piece]:
    """Yield a shape's paragraphs; bullets and numbers make them list items."""
    body = _placeholder(shape) in _BODIES
    several = len(shape.text_frame.paragraphs) > 1
    for paragraph in shape.text_frame.paragraphs:
        properties = paragraph._p.pPr
        marks = {child.tag for child in properties} if properties is not None else set()
        listed = bool(marks & {f"{_A}buChar", f"{_A}buAutoNum", f"{_A}buBlip"})
        listed = listed or (body and several and f"{_A}buNone" not in marks)
        kind = BlockKind.LIST_ITEM if listed else BlockKind.PARAGRAPH
        yield Piece(kind, _plain(paragraph.text), number, number)


def _table_rows(table: Any, number: int) -> Iterator[Row]:
    """Yield a table's rows; a merged cell reaches over what it covers."""
    marked = bool(table.first_row)
    above: dict[int, str] = {}
    for at, row in enumerate(table.rows):
        cells = []
        for column, cell in enumerate(row.cells):
            text = "\n".join(line for line in map(_plain, cell.text.split("\n")) if line)
            if cell.is_spanned:
                # Over columns it is in the cell's width; over rows it is read again.
                covered = cell._tc.vMerge and not cell._tc.hMerge
                if not covered:
                    continue
                cells.append(Cell(above.get(column, ""), column, carried=True))
                continue
            width = cell.span_width if cell.is_merge_origin else 1
            above[column] = text
            cells.append(Cell(text, column, max(1, min(width, 100)), _is_bold(cell)))
        yield Row(tuple(cells), number, number, header=marked and at == 0)


def _is_bold(cell: Any) -> bool:
    runs = [run for paragraph in cell.text_frame.paragraphs for run in paragraph.runs]
    return bool(runs) and all(run.font.bold for run in runs if run.text.strip())


def _diagram(shape: Any, number: int) -> Iterator[Piece]:
    """Yield the texts of a diagram (SmartArt), which lie in a part of their own."""
    links = shape.element.find(f".//{_DIAGRAM}relIds")
    name = links.get(f"{_RELATION}dm") if links is not None else None
    if name is None:
        return
    root = etree.fromstring(shape.part.related_part(name).blob, safe_parser())
    for point in root.iter(f"{_DIAGRAM}pt"):
        for paragraph in point.iter(f"{_A}p"):
            text = "".join(run.text or "" for run in paragraph.iter(f"{_A}t"))
            yield Piece(BlockKind.LIST_ITEM, _plain(text), number, number)
