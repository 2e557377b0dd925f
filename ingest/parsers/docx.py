"""Word documents: the XML of a .docx walked to blocks, as Word shows it with changes accepted.

python-docx's ``paragraph.text`` misses content controls, text boxes, notes and tracked
changes, and its reader refuses the strict variant of the format; so the parts are read
here with lxml, which resolves no entities and fetches nothing.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO

from lxml import etree

from ingest.errors import DamagedFile, EncryptedFile, LimitExceeded, SourceError
from ingest.parsers.assemble import Piece, assemble
from ingest.parsers.tables import Cell, Row, lead_in, linearise
from ingest.types import BlockKind, ParsedDocument, Unit

MAX_ENTRIES = 10_000
MAX_UNPACKED = 1_000_000_000
MAX_PART = 100_000_000
#: Real documents pack 5 to 30 times; zip bombs 1,000 times.
MAX_RATIO = 200
_RATIO_MATTERS_FROM = 20_000_000
_MAX_SPAN = 100

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_STRICT = (
    (b"http://purl.oclc.org/ooxml/wordprocessingml/main", _W),
    (b"http://purl.oclc.org/ooxml/officeDocument/relationships", _R),
    (b"http://purl.oclc.org/ooxml/officeDocument/math", _M),
)
_MAIN_PART = re.compile(r"word/document\d*\.xml", re.IGNORECASE)

#: Dropped: what tracked changes removed, codes behind fields, properties, pronunciation.
_DROPPED = {
    _W + name
    for name in "del moveFrom delText instrText delInstrText pPr rPr sdtPr sdtEndPr rt ppr".split()
}
_CHARACTERS = {
    f"{_W}tab": " ",
    f"{_W}ptab": " ",
    f"{_W}br": "\n",
    f"{_W}cr": "\n",
    f"{_W}noBreakHyphen": "-",
}
#: Symbol fonts put these at private code points (Wingdings, Wingdings 2, Symbol).
_SYMBOLS = {
    ("wingdings", 0xFC): "✓",
    ("wingdings", 0xFB): "✗",
    ("wingdings", 0xFE): "☑",
    ("wingdings", 0xFD): "☒",
    ("wingdings", 0xA8): "☐",
    ("wingdings", 0x6F): "☐",
    ("wingdings", 0xE0): "→",
    ("wingdings 2", 0x50): "✓",
    ("wingdings 2", 0x4F): "✗",
    ("wingdings 2", 0x52): "☑",
    ("wingdings 2", 0xA3): "☐",
    ("symbol", 0xB7): "•",
    ("symbol", 0xAE): "→",
    ("symbol", 0xB3): "≥",
    ("symbol", 0xA3): "≤",
}
_CORE = {
    "title": "title",
    "creator": "author",
    "subject": "subject",
    "created": "created",
    "modified": "modified",
    "language": "language",
}
_ROMAN = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


def parse(path: Path) -> ParsedDocument:
    """Parse a Word document; places are its paragraphs, counted through tables from 1.

    Headers, footers, comments and pictures are not read. A footnote follows the paragraph
    that calls it, and a text box the paragraph that holds it, both with its place.

    Raises:
        DamagedFile: It is not a Word document, or is broken.
        EncryptedFile: It needs a password.
        LimitExceeded: It unpacks to more than a document does.
        NoText: It holds no text.
        SourceError: It cannot be read.
    """
    try:
        with path.open("rb") as stream:
            package = _Package(stream)
            walker = _Walker(package)
            body = package.main.find(f"{_W}body")
            if body is None:
                raise _damaged("its main part has no body")
            pieces = walker.pieces(body)
            return assemble(
                pieces, Unit.PARAGRAPH, properties=package.properties(), warnings=walker.warnings
            )
    except OSError as exc:
        raise SourceError(
            f"Cannot read {str(path)!r}: {exc.strerror or exc}. Check that it is there and "
            "that you may read it."
        ) from exc
    except RecursionError as exc:
        raise _damaged("its tables or text boxes nest deeper than any document") from exc


def _damaged(why: str) -> DamagedFile:
    return DamagedFile(
        f"The Word document is damaged: {why}. Open it in Word, save it anew and add that."
    )


class _Package:
    """The parts of a .docx, each read within limits."""

    def __init__(self, stream: IO[bytes]) -> None:
        try:
            self._zip = zipfile.ZipFile(stream)
        except (zipfile.BadZipFile, NotImplementedError, ValueError) as exc:
            raise _damaged(f"it cannot be unpacked ({exc})") from exc
        self._check_sizes()
        self._names = {name.lower(): name for name in self._zip.namelist()}
        self._main_name = self._find_main()
        main = self.part(self._main_name)
        if main is None:
            raise _damaged("it has no main part 'word/document.xml'")
        self.main = main
        self._targets = self._relations(self._main_name)

    def _check_sizes(self) -> None:
        entries = self._zip.infolist()
        unpacked = sum(entry.file_size for entry in entries)
        packed = sum(entry.compress_size for entry in entries)
        if len(entries) > MAX_ENTRIES:
            raise LimitExceeded(
                f"The Word document holds {len(entries):,} parts, the limit is {MAX_ENTRIES:,}. "
                "No document needs that many; do not open it."
            )
        swollen = unpacked > _RATIO_MATTERS_FROM and unpacked > MAX_RATIO * max(1, packed)
        if unpacked > MAX_UNPACKED or swollen:
            raise LimitExceeded(
                f"The Word document unpacks from {packed:,} to {unpacked:,} bytes; the limits are "
                f"{MAX_UNPACKED:,} bytes and {MAX_RATIO} times its size. It may be a zip bomb; "
                "do not open it."
            )

    def _find_main(self) -> str:
        for kind, target in self._relations("").items():
            if kind == "officeDocument":
                return target
        found = sorted(name for name in self._names.values() if _MAIN_PART.fullmatch(name))
        return found[0] if found else "word/document.xml"

    def _relations(self, part: str) -> dict[str, str]:
        """Map the last word of a relation's type to the part it names."""
        home = PurePosixPath(part).parent
        tree = self.part(str(home / "_rels" / f"{PurePosixPath(part).name}.rels"))
        found: dict[str, str] = {}
        for relation in tree if tree is not None else ():
            target = relation.get("Target", "")
            if relation.get("TargetMode") != "External" and target:
                name = target.lstrip("/") if target.startswith("/") else str(home / target)
                found.setdefault(relation.get("Type", "").rpartition("/")[2], name)
        return found

    def related(self, kind: str) -> etree._Element | None:
        """Return the part that the main part relates to in this way, if it has one."""
        name = self._targets.get(kind)
        return self.part(name) if name else None

    def part(self, name: str) -> etree._Element | None:
        """Return the root of a part, or None where the package has no such part."""
        actual = self._names.get(name.lower())
        if actual is None:
            return None
        entry = self._zip.getinfo(actual)
        if entry.flag_bits & 1:
            raise EncryptedFile(
                f"The part {name!r} of the Word document is encrypted. Save it without a password."
            )
        if entry.file_size > MAX_PART:
            raise LimitExceeded(
                f"The part {name!r} of the Word document has {entry.file_size:,} bytes, the limit "
                f"is {MAX_PART:,}. Split the document into parts and add those."
            )
        try:
            with self._zip.open(entry) as stream:
                data = stream.read(MAX_PART + 1)
        except (zipfile.BadZipFile, zipfile.zlib.error, EOFError, NotImplementedError) as exc:
            raise _damaged(f"its part {name!r} cannot be unpacked ({exc})") from exc
        return _xml(data, name)

    def properties(self) -> dict[str, str]:
        """Return title, author … from the document's own properties."""
        found: dict[str, str] = {}
        for part, names in (("docProps/core.xml", _CORE), ("docProps/app.xml", {"Company": "publisher"})):
            tree = self.part(part)
            for child in tree if tree is not None else ():
                key = names.get(_local(child))
                if key and child.text:
                    found.setdefault(key, child.text.strip())
        return found


def _xml(data: bytes, name: str) -> etree._Element:
    for strict, usual in _STRICT:
        data = data.replace(strict, usual.strip("{}").encode())
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as exc:
        raise _damaged(f"its part {name!r} is not well-formed ({exc.msg})") from exc
    if root.getroottree().docinfo.doctype:
        raise _damaged(f"its part {name!r} declares a document type, which Word never does")
    return root


def _local(element: etree._Element) -> str:
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _value(parent: etree._Element | None, path: str, attribute: str = "val") -> str | None:
    """Return an attribute of a child found by local names, "a/b"; "" when it has none."""
    for name in path.split("/"):
        parent = None if parent is None else parent.find(_W + name)
    return None if parent is None else parent.get(_W + attribute, "")


def _flag(parent: etree._Element | None, name: str) -> bool:
    value = _value(parent, name)
    return value is not None and value.lower() not in ("0", "false", "off", "none")


def _whole(text: str | None, default: int) -> int:
    try:
        return int(text or "")
    except ValueError:
        return default


class _Styles:
    """What paragraph styles say: heading level, caption, numbering, each through its parents."""

    def __init__(self, tree: etree._Element | None) -> None:
        self._styles: dict[str, etree._Element] = {}
        for style in tree.findall(f"{_W}style") if tree is not None else ():
            self._styles.setdefault(style.get(f"{_W}styleId", ""), style)

    def _chain(self, style_id: str) -> Iterator[etree._Element]:
        seen: set[str] = set()
        while style_id in self._styles and style_id not in seen:
            seen.add(style_id)
            style = self._styles[style_id]
            yield style
            style_id = _value(style, "basedOn") or ""

    def level(self, style_id: str) -> int:
        """Return the heading level of a style, 0 for body text."""
        for style in self._chain(style_id):
            outline = _value(style, "pPr/outlineLvl")
            if outline is not None:
                return _whole(outline, 9) + 1 if _whole(outline, 9) < 9 else 0
            name = (_value(style, "name") or "").lower()
            heading = re.fullmatch(r"heading ([1-9])", name)
            if heading:
                return int(heading[1])
            if name == "title":
                return 1
        if style_id not in self._styles:
            heading = re.fullmatch(r"(?i)heading ?([1-9])", style_id)
            return int(heading[1]) if heading else 0
        return 0

    def is_caption(self, style_id: str) -> bool:
        """Tell whether a style is a caption's."""
        return any((_value(s, "name") or "").lower() == "caption" for s in self._chain(style_id))

    def numbering(self, style_id: str) -> etree._Element | None:
        """Return a style's numbering properties."""
        for style in self._chain(style_id):
            found = style.find(f"{_W}pPr/{_W}numPr")
            if found is not None:
                return found
        return None


class _Numbering:
    """Counts list items and writes their numbers as Word does."""

    def __init__(self, tree: etree._Element | None) -> None:
        self._levels: dict[str, dict[int, etree._Element]] = {}
        self._abstract: dict[str, str] = {}
        self._counts: dict[str, dict[int, int]] = {}
        self._restarts: dict[str, dict[int, int]] = {}
        if tree is None:
            return
        for abstract in tree.findall(f"{_W}abstractNum"):
            key = abstract.get(f"{_W}abstractNumId", "")
            self._levels[key] = {
                _whole(level.get(f"{_W}ilvl"), 0): level for level in abstract.findall(f"{_W}lvl")
            }
        for number in tree.findall(f"{_W}num"):
            key = number.get(f"{_W}numId", "")
            self._abstract[key] = _value(number, "abstractNumId") or ""
            self._restarts[key] = {
                _whole(override.get(f"{_W}ilvl"), 0): _whole(_value(override, "startOverride"), 1)
                for override in number.findall(f"{_W}lvlOverride")
                if override.find(f"{_W}startOverride") is not None
            }

    def label(self, properties: etree._Element) -> str | None:
        """Count one item; return "3. ", "" for a bullet, or None when it is no list item."""
        number = _value(properties, "numId") or ""
        depth = min(8, max(0, _whole(_value(properties, "ilvl"), 0)))
        abstract = self._abstract.get(number)
        if abstract is None:
            return None
        levels = self._levels.get(abstract, {})
        counts = self._counts.setdefault(abstract, {})
        restart = self._restarts[number].pop(depth, None)
        start = _whole(_value(levels.get(depth), "start"), 1)
        counts[depth] = restart if restart is not None else counts.get(depth, start - 1) + 1
        for deeper in [level for level in counts if level > depth]:
            del counts[deeper]
        shape = _value(levels.get(depth), "lvlText") or ""
        kind = _value(levels.get(depth), "numFmt") or "decimal"
        if kind in ("bullet", "none") or "%" not in shape:
            return ""

        def written(match: re.Match[str]) -> str:
            at = int(match[1]) - 1
            count = counts.get(at, _whole(_value(levels.get(at), "start"), 1))
            return _number(count, _value(levels.get(at), "numFmt") or "decimal")

        return re.sub(r"%([1-9])", written, shape).strip() + " "


def _number(count: int, kind: str) -> str:
    if kind.endswith("Letter") and 0 < count <= 26 * 9:
        text = chr(97 + (count - 1) % 26) * ((count - 1) // 26 + 1)
    elif kind.endswith("Roman") and 0 < count < 40:
        text = ""
        for value, sign in _ROMAN:
            while count >= value:
                text, count = text + sign, count - value
    else:
        return str(count)
    return text.upper() if kind.startswith("upper") else text


@dataclass(slots=True)
class _Line:
    """A paragraph's text while its runs are walked, with what hangs on it."""

    parts: list[str] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    boxes: list[etree._Element] = field(default_factory=list)
    strong: int = 0
    weak: int = 0

    @property
    def text(self) -> str:
        """The text with runs of spaces as one and lines trimmed."""
        lines = re.sub(r"[ \t]+", " ", "".join(self.parts)).split("\n")
        return "\n".join(line.strip() for line in lines).strip()


class _Walker:
    """Walks a document's body once, counting paragraphs and making pieces."""

    def __init__(self, package: _Package) -> None:
        self.warnings: list[str] = []
        self._count = 0
        self._styles = _Styles(package.related("styles"))
        self._numbering = _Numbering(package.related("numbering"))
        self._notes: dict[tuple[str, str], etree._Element] = {}
        for kind in ("footnote", "endnote"):
            tree = package.related(f"{kind}s")
            for note in tree if tree is not None else ():
                self._notes[kind, note.get(f"{_W}id", "")] = note

    def pieces(self, parent: etree._Element) -> list[Piece]:
        """Return the pieces of a body, a cell, a text box or a note."""
        found: list[Piece] = []
        for element in _blocks(parent):
            if element.tag == f"{_W}p":
                found.extend(self._paragraph(element))
            elif element.tag == f"{_W}tbl":
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
        properties = element.find(f"{_W}pPr")
        text = line.text
        if text:
            yield self._styled(text, properties, place)
        self._count = place
        for box in line.boxes:
            yield from self._aside(box, place)
        for key in line.notes:
            note = self._notes.pop(key, None)
            if note is not None:
                yield from self._aside(note, place)

    def _aside(self, element: etree._Element, place: int) -> Iterator[Piece]:
        """Yield what stands beside the text, all at the place of its paragraph."""
        for piece in self.pieces(element):
            yield Piece(piece.kind, piece.text, place, place, piece.level, piece.context, piece.tight)
        self._count = place

    def _styled(self, text: str, properties: etree._Element | None, place: int) -> Piece:
        style = _value(properties, "pStyle") or ""
        outline = _value(properties, "outlineLvl")
        level = self._styles.level(style)
        if outline is not None:
            level = _whole(outline, 9) + 1 if _whole(outline, 9) < 9 else 0
        numbering = properties.find(f"{_W}numPr") if properties is not None else None
        if numbering is None or numbering.find(f"{_W}numId") is None:
            numbering = self._styles.numbering(style)
        label = self._numbering.label(numbering) if numbering is not None else None
        text = (label or "") + text
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
            if tag in (f"{_W}t", f"{_M}t"):
                line.parts.append(child.text or "")
            elif tag in _CHARACTERS:
                line.parts.append(_CHARACTERS[tag])
            elif tag == f"{_W}sym":
                line.parts.append(_symbol(child))
            elif tag in (f"{_W}footnoteReference", f"{_W}endnoteReference"):
                kind = _local(child).removesuffix("Reference")
                line.notes.append((kind, child.get(f"{_W}id", "")))
            elif tag == f"{_W}txbxContent":
                line.boxes.append(child)
            elif tag == f"{_MC}AlternateContent":
                self._run(_chosen(child), line)
            elif tag != f"{_W}r":
                self._run(child, line)
            elif not _flag(child.find(f"{_W}rPr"), "vanish"):
                self._text_run(child, line)

    def _text_run(self, run: etree._Element, line: _Line) -> None:
        before = len(line.parts)
        self._run(run, line)
        length = sum(len(part.strip()) for part in line.parts[before:])
        if _flag(run.find(f"{_W}rPr"), "b"):
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
        for row in rows:
            if row.find(f"{_W}trPr/{_W}del") is not None:
                self._count += sum(1 for _ in row.iter(f"{_W}p"))
            else:
                grid.append(self._row(row, grid[-1] if grid else None))
        return linearise(grid, lead_in(before))

    def _is_layout(self, cell: etree._Element) -> bool:
        """Tell whether a table's only cell is a frame around ordinary text."""
        if any(element.tag == f"{_W}tbl" for element in _blocks(cell)):
            return True
        styles = (_value(p, "pPr/pStyle") or "" for p in cell.iter(f"{_W}p"))
        return any(self._styles.level(style) for style in styles)

    def _row(self, element: etree._Element, above: Row | None) -> Row:
        first = self._count + 1
        column = _whole(_value(element, "trPr/gridBefore"), 0)
        cells: list[Cell] = []
        for item in _children(element, "tc"):
            width = min(_MAX_SPAN, max(1, _whole(_value(item, "tcPr/gridSpan"), 1)))
            pieces = self.pieces(item)
            text = "\n".join(piece.text for piece in pieces)
            merge = _value(item, "tcPr/vMerge")
            carried = merge is not None and merge != "restart" and not text
            if carried and above is not None:
                text = next((c.text for c in above.cells if c.column == column), "")
            cells.append(Cell(text, column, width, bool(pieces) and _is_bold(item), carried))
            column += width
        header = _flag(element.find(f"{_W}trPr"), "tblHeader")
        return Row(tuple(cells), first, max(first, self._count), header)


def _blocks(parent: etree._Element) -> Iterator[etree._Element]:
    """Yield paragraphs, tables and embedded files, through whatever wraps them."""
    for child in parent:
        if child.tag in (f"{_W}p", f"{_W}tbl", f"{_W}altChunk"):
            yield child
        elif child.tag == f"{_MC}AlternateContent":
            yield from _blocks(_chosen(child))
        elif child.tag in _WRAPPERS:
            yield from _blocks(child)


_WRAPPERS = {_W + name for name in "sdt sdtContent customXml ins moveTo smartTag".split()}


def _children(parent: etree._Element, name: str) -> Iterator[etree._Element]:
    """Yield a table's rows or a row's cells, through whatever wraps them."""
    for child in parent:
        if child.tag == _W + name:
            yield child
        elif child.tag in _WRAPPERS:
            yield from _children(child, name)


def _chosen(alternatives: etree._Element) -> etree._Element:
    """Return the first choice of an AlternateContent, so that none is read twice."""
    choice = alternatives.find(f"{_MC}Choice")
    if choice is None:
        choice = alternatives.find(f"{_MC}Fallback")
    return alternatives if choice is None else choice


def _symbol(element: etree._Element) -> str:
    font = element.get(f"{_W}font", "").lower()
    try:
        code = int(element.get(f"{_W}char", ""), 16) & 0xFF
    except ValueError:
        return ""
    return _SYMBOLS.get((font, code), "")


def _is_bold(cell: etree._Element) -> bool:
    strong = weak = 0
    for run in cell.iter(f"{_W}r"):
        length = sum(len((text.text or "").strip()) for text in run.iter(f"{_W}t"))
        if _flag(run.find(f"{_W}rPr"), "b"):
            strong += length
        else:
            weak += length
    return strong > 0 and not weak
