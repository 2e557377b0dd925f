"""Word documents: the XML of a .docx walked to blocks, as Word shows it with changes accepted.

python-docx's ``paragraph.text`` misses content controls, text boxes, notes and tracked
changes, and its reader refuses the strict variant of the format; so the parts are read
here with lxml, which resolves no entities and fetches nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from lxml import etree

from ingest.errors import NoText, ParseError, SourceError
from ingest.language import detect
from ingest.parsers.alternative import Alternatives, unrepeated
from ingest.parsers.assemble import Piece, assemble
from ingest.parsers.charts import CHART, chart_pieces
from ingest.parsers.docx_math import signs
from ingest.parsers.docx_package import MATH, RELATIONS, WORD, Package, damaged
from ingest.parsers.docx_pages import MARK, Pages, with_pages
from ingest.parsers.docx_styles import Numbering, Styles, flag, local_name, value_of, whole
from ingest.parsers.docx_symbols import symbol
from ingest.parsers.pictures import Pictures
from ingest.parsers.tables import Cell, Row, lead_in, linearise
from ingest.types import BlockKind, ParsedDocument, Unit

_MAX_SPAN = 100
#: Characters that tell a language.
_TELLS_LANGUAGE = 200

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
#: Dropped: what tracked changes removed, codes behind fields, properties, pronunciation.
_DROPPED = {
    WORD + name
    for name in (
        *("del", "moveFrom", "delText", "instrText", "delInstrText"),
        *("pPr", "rPr", "sdtPr", "sdtEndPr", "rt"),
    )
}
_BLIP = "{http://schemas.openxmlformats.org/drawingml/2006/main}blip"
_DRAWN = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
_IMAGE_DATA = "{urn:schemas-microsoft-com:vml}imagedata"
_HANGING = {
    _BLIP,
    _DRAWN,
    _IMAGE_DATA,
    f"{WORD}footnoteReference",
    f"{WORD}endnoteReference",
    f"{WORD}txbxContent",
    f"{CHART}chart",
}
_CHARACTERS = {
    f"{WORD}tab": " ",
    f"{WORD}ptab": " ",
    f"{WORD}br": "\n",
    f"{WORD}cr": "\n",
    f"{WORD}noBreakHyphen": "-",
}


def parse(path: Path) -> ParsedDocument:
    """Parse a Word document; places are its paragraphs, counted through tables from 1.

    It has pages where Word left a mark at each page that it broke (``docx_pages``).
    Headers, footers and comments are not read. A footnote follows the paragraph that calls it,
    and a text box the paragraph that holds it, both with its place; so do the alternative texts
    of pictures, and what stands on them where text recognition is installed, after their table
    where they are in one.

    Raises:
        DamagedFile: It is not a Word document, or is broken.
        EncryptedFile: It needs a password.
        LimitExceeded: It unpacks to more than a document does.
        NoText: It holds no text.
        SourceError: It cannot be read.
    """
    try:
        with path.open("rb") as stream:
            package = Package(stream)
            walker = _Walker(package)
            body = package.main.find(f"{WORD}body")
            if body is None:
                raise damaged("its main part has no body")
            pieces = unrepeated(walker.pieces(body))
            said = [*walker.warnings, *walker.pictures.warnings("paragraph")]
            parsed = assemble(
                pieces, Unit.PARAGRAPH, properties=package.properties(), warnings=said
            )
            return with_pages(parsed, walker.pages)
    except NoText as exc:
        raise walker.pictures.no_text() from exc
    except OSError as exc:
        raise SourceError(
            f"Cannot read {str(path)!r}: {exc.strerror or exc}. Check that it is there and "
            "that you may read it."
        ) from exc
    except RecursionError as exc:
        raise damaged("its tables or text boxes nest deeper than any document") from exc


@dataclass(slots=True)
class _Line:
    """A paragraph's text while its runs are walked, with what hangs on it."""

    parts: list[str] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    boxes: list[etree._Element] = field(default_factory=list)
    charts: list[str] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)
    alternatives: list[str] = field(default_factory=list)
    strong: int = 0
    weak: int = 0

    def hang(self, element: etree._Element) -> None:
        """Take what is read after the paragraph: a note, a text box, a chart, a picture."""
        if element.tag == f"{WORD}txbxContent":
            self.boxes.append(element)
        elif element.tag == f"{CHART}chart":
            self.charts.append(element.get(f"{RELATIONS}id", ""))
        elif element.tag == _DRAWN:
            self.alternatives.append(element.get("descr", ""))
        elif element.tag in (_BLIP, _IMAGE_DATA):
            name = element.get(f"{RELATIONS}embed") or element.get(f"{RELATIONS}id")
            self.pictures += [name] if name else []
        else:
            kind = local_name(element).removesuffix("Reference")
            self.notes.append((kind, element.get(f"{WORD}id", "")))

    @property
    def text(self) -> str:
        """The text with runs of spaces as one and lines trimmed."""
        lines = re.sub(r"[ \t]+", " ", "".join(self.parts)).split("\n")
        return "\n".join(line.strip() for line in lines if line.strip())


class _Walker:
    """Walks a document's body once, counting paragraphs and making pieces."""

    def __init__(self, package: Package) -> None:
        self.warnings: list[str] = []
        self.pages = Pages()
        self.pictures = Pictures(lambda: _languages(package.main))
        self._package = package
        self._depth = 0
        self._pictured: list[Piece] = []
        self._alternatives = Alternatives()
        self._count = 0
        self._styles = Styles(package.related("styles"))
        self._numbering = Numbering(package.related("numbering"))
        self._notes: dict[tuple[str, str], etree._Element] = {}
        for kind in ("footnote", "endnote"):
            tree = package.related(f"{kind}s")
            for note in tree if tree is not None else ():
                self._notes[kind, note.get(f"{WORD}id", "")] = note

    def pieces(self, parent: etree._Element) -> list[Piece]:
        """Return the pieces of a body, a cell, a text box or a note."""
        found: list[Piece] = []
        for element in _blocks(parent):
            if element.tag == f"{WORD}p":
                found.extend(self._paragraph(element))
            elif element.tag == f"{WORD}tbl":
                found.extend(self._table(element, found[-1] if found else None))
            elif "A part of another file is embedded; it was left out." not in self.warnings:
                self.warnings.append("A part of another file is embedded; it was left out.")
        return found

    # Paragraphs

    def _paragraph(self, element: etree._Element) -> Iterator[Piece]:
        self._count += 1
        place = self._count
        line = _Line()
        self._run(element, line)
        properties = element.find(f"{WORD}pPr")
        text = self.pages.take(place, line.text)
        if text:
            yield self._styled(text, properties, place)
        self._count = place
        for box in line.boxes:
            yield from self._aside(box, place)
        for name in line.charts:
            yield from self._chart(name, place)
        for described in line.alternatives:
            self._pictured += self._alternatives.pieces(described, place)
        for name in line.pictures:
            self._pictured += self.pictures.pieces(self._package.picture(name) or b"", place)
        if not self._depth:
            yield from self._take_pictured()
        for key in line.notes:
            note = self._notes.pop(key, None)
            if note is not None:
                yield from self._aside(note, place)

    def _chart(self, name: str, place: int) -> list[Piece]:
        try:
            root = self._package.by_id(name)
        except ParseError:
            root = None
        if root is None:
            self.warnings.append("A chart is broken and was left out.")
            return []
        return chart_pieces(root, place)

    def _take_pictured(self) -> list[Piece]:
        """Return what stood on pictures; those in a table are read after it."""
        found, self._pictured = self._pictured, []
        return found

    def _aside(self, element: etree._Element, place: int) -> Iterator[Piece]:
        """Yield what stands beside the text, all at the place of its paragraph."""
        page, start = self.pages.now, self.pages.starts.get(place, 1)
        breaks = self.pages.breaks.get(place, [])
        for piece in self.pieces(element):
            yield replace(piece, first=place, last=place)
        self._count = place
        self.pages.now, self.pages.starts[place], self.pages.breaks[place] = page, start, breaks

    def _styled(self, text: str, properties: etree._Element | None, place: int) -> Piece:
        style = value_of(properties, "pStyle") or ""
        outline = value_of(properties, "outlineLvl")
        level = self._styles.level(style)
        if outline is not None:
            level = whole(outline, 9) + 1 if whole(outline, 9) < 9 else 0
        numbering = properties.find(f"{WORD}numPr") if properties is not None else None
        if numbering is None or numbering.find(f"{WORD}numId") is None:
            numbering = self._styles.numbering(style)
        label = self._numbering.label(numbering) if numbering is not None else None
        text = (label or "") + text
        self.pages.shift(place, len(label or ""))
        if level:
            return Piece(BlockKind.HEADING, text.replace("\n", " "), place, place, level)
        if self._styles.is_caption(style):
            return Piece(BlockKind.CAPTION, text, place, place)
        kind = BlockKind.PARAGRAPH if label is None else BlockKind.LIST_ITEM
        return Piece(kind, text, place, place)

    def _run(self, parent: etree._Element, line: _Line) -> None:
        """Collect the text under a paragraph, a run or what wraps runs."""
        for child in parent:
            tag = child.tag
            if tag in _DROPPED or not isinstance(tag, str):
                continue
            if tag in (f"{WORD}t", f"{MATH}t"):
                line.parts.append((child.text or "").replace(MARK, ""))
            elif tag == f"{WORD}lastRenderedPageBreak":
                line.parts.append(MARK)
            elif tag in _CHARACTERS:
                line.parts.append(_CHARACTERS[tag])
            elif tag == f"{WORD}sym":
                line.parts.append(symbol(child))
            elif tag in _HANGING:
                line.hang(child)
            elif tag == f"{_MC}AlternateContent":
                self._run(_chosen(child), line)
            elif tag != f"{WORD}r":
                before, after = signs(child)
                line.parts.append(before)
                self._run(child, line)
                line.parts.append(after)
            elif not flag(child.find(f"{WORD}rPr"), "vanish"):
                self._text_run(child, line)

    def _text_run(self, run: etree._Element, line: _Line) -> None:
        before = len(line.parts)
        self._run(run, line)
        length = sum(len(part.strip()) for part in line.parts[before:])
        if flag(run.find(f"{WORD}rPr"), "b"):
            line.strong += length
        else:
            line.weak += length

    # Tables

    def _table(self, element: etree._Element, before: Piece | None) -> list[Piece]:
        rows = list(_children(element, "tr"))
        cells = [cell for row in rows for cell in _children(row, "tc")]
        if len(cells) == 1 and self._is_layout(cells[0]):
            return self.pieces(cells[0])
        grid: list[Row] = []
        self._depth += 1
        for row in rows:
            if row.find(f"{WORD}trPr/{WORD}del") is not None:
                self._count += sum(1 for _ in row.iter(f"{WORD}p"))
            else:
                grid.append(self._row(row, grid[-1] if grid else None))
        self._depth -= 1
        pictured = [] if self._depth else self._take_pictured()
        return [*linearise(grid, lead_in(before)), *pictured]

    def _is_layout(self, cell: etree._Element) -> bool:
        """Tell whether a table's only cell is a frame around ordinary text."""
        if any(element.tag == f"{WORD}tbl" for element in _blocks(cell)):
            return True
        styles = (value_of(p, "pPr/pStyle") or "" for p in cell.iter(f"{WORD}p"))
        return any(self._styles.level(style) for style in styles)

    def _row(self, element: etree._Element, above: Row | None) -> Row:
        first = self._count + 1
        column = whole(value_of(element, "trPr/gridBefore"), 0)
        cells: list[Cell] = []
        page = ends = self.pages.now
        for item in _children(element, "tc"):
            # Each cell of a row that a page break splits has a mark of its own.
            self.pages.now = page
            width = min(_MAX_SPAN, max(1, whole(value_of(item, "tcPr/gridSpan"), 1)))
            pieces = self.pieces(item)
            ends = max(ends, self.pages.now)
            text = "\n".join(piece.text for piece in pieces)
            merge = value_of(item, "tcPr/vMerge")
            carried = merge is not None and merge != "restart" and not text
            if carried and above is not None:
                text = next((c.text for c in above.cells if c.column == column), "")
            cells.append(Cell(text, column, width, bool(pieces) and _is_bold(item), carried))
            column += width
        self.pages.now = ends
        header = flag(element.find(f"{WORD}trPr"), "tblHeader")
        return Row(tuple(cells), first, max(first, self._count), header)


def _languages(main: etree._Element) -> list[str]:
    """Return the language of a document's text, where there is enough of it."""
    words = islice((text.text or "" for text in main.iter(f"{WORD}t")), 2_000)
    text = " ".join(words)
    return [detect(text)] if len(text) > _TELLS_LANGUAGE else []


def _blocks(parent: etree._Element) -> Iterator[etree._Element]:
    """Yield paragraphs, tables and embedded files, through whatever wraps them."""
    for child in parent:
        if child.tag in (f"{WORD}p", f"{WORD}tbl", f"{WORD}altChunk"):
            yield child
        elif child.tag == f"{_MC}AlternateContent":
            yield from _blocks(_chosen(child))
        elif child.tag in _WRAPPERS:
            yield from _blocks(child)


_WRAPPERS = {
    WORD + name for name in ["sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag"]
}


def _children(parent: etree._Element, name: str) -> Iterator[etree._Element]:
    """Yield a table's rows or a row's cells, through whatever wraps them."""
    for child in parent:
        if child.tag == WORD + name:
            yield child
        elif child.tag in _WRAPPERS:
            yield from _children(child, name)


def _chosen(alternatives: etree._Element) -> etree._Element:
    """Return the first choice of an AlternateContent, so that none is read twice."""
    choice = alternatives.find(f"{_MC}Choice")
    if choice is None:
        choice = alternatives.find(f"{_MC}Fallback")
    return alternatives if choice is None else choice


def _is_bold(cell: etree._Element) -> bool:
    strong = weak = 0
    for run in cell.iter(f"{WORD}r"):
        length = sum(len((text.text or "").strip()) for text in run.iter(f"{WORD}t"))
        if flag(run.find(f"{WORD}rPr"), "b"):
            strong += length
        else:
            weak += length
    return strong > 0 and not weak
