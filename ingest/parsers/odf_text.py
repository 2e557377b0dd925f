"""The text of OpenDocument files: paragraphs, headings, lists, tables, notes, frames."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from lxml import etree

from ingest.parsers.assemble import Piece
from ingest.parsers.tables import Cell, Row, lead_in, linearise
from ingest.types import BlockKind

_NAMESPACE = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"
OFFICE, TEXT, TABLE, DRAW, STYLE, PRESENTATION = (
    _NAMESPACE % name for name in ("office", "text", "table", "drawing", "style", "presentation")
)
FO, SVG = (_NAMESPACE % f"{name}-compatible" for name in ("xsl-fo", "svg"))

_HREF = "{http://www.w3.org/1999/xlink}href"
_DROPPED = {
    f"{TEXT}tracked-changes",
    f"{TEXT}table-of-content",
    f"{TEXT}ruby-text",
    f"{OFFICE}annotation",
    f"{OFFICE}forms",
    f"{SVG}title",
    f"{SVG}desc",
}
_CAPTIONS = frozenset(("Caption", "Table", "Illustration", "Figure", "Drawing"))
_HEADING_STYLE = re.compile(r"Heading_20_([1-9])(?:_.*)?")
_TITLES = {"Title": 1, "Subtitle": 2}
_MAX_SPAN = 100
_MAX_REPEATED = 1_000


def whole(text: str | None, default: int, most: int) -> int:
    """Read a whole number between 1 and ``most``, or return ``default``."""
    try:
        return max(1, min(int(text or ""), most))
    except ValueError:
        return default


class Styles:
    """What the styles of a file say: whose child a style is, what is bold, which lists count."""

    def __init__(self, trees: Sequence[etree._Element | None]) -> None:
        self._styles: dict[tuple[str, str], etree._Element] = {}
        self._lists: dict[str, etree._Element] = {}
        for tree in trees:
            for style in tree.iter(f"{STYLE}style") if tree is not None else ():
                key = style.get(f"{STYLE}family", ""), style.get(f"{STYLE}name", "")
                self._styles.setdefault(key, style)
            for style in tree.iter(f"{TEXT}list-style") if tree is not None else ():
                self._lists.setdefault(style.get(f"{STYLE}name", ""), style)

    def chain(self, family: str, name: str) -> Iterator[str]:
        """Yield a style's name and those of its parents."""
        seen: set[str] = set()
        while name and name not in seen:
            seen.add(name)
            yield name
            style = self._styles.get((family, name))
            name = style.get(f"{STYLE}parent-style-name", "") if style is not None else ""

    def is_bold(self, family: str, name: str) -> bool:
        """Tell whether a style prints bold."""
        for one in self.chain(family, name):
            style = self._styles.get((family, one))
            text = style.find(f"{STYLE}text-properties") if style is not None else None
            weight = text.get(f"{FO}font-weight") if text is not None else None
            if weight is not None:
                return weight == "bold"
        return False

    def is_hidden(self, name: str) -> bool:
        """Tell whether a style hides the sheet that has it."""
        style = self._styles.get(("table", name))
        told = style.find(f"{STYLE}table-properties") if style is not None else None
        return told is not None and told.get(f"{TABLE}display") == "false"

    def counts(self, name: str, level: int) -> bool:
        """Tell whether a list style numbers its items at a level from 1."""
        style = self._lists.get(name)
        for one in style if style is not None else ():
            if one.get(f"{TEXT}level") == str(level):
                number = one.tag == f"{TEXT}list-level-style-number"
                return number and bool(one.get(f"{STYLE}num-format"))
        return False


@dataclass(slots=True)
class _Line:
    """A paragraph's text while it is walked, with what hangs on it."""

    parts: list[str] = field(default_factory=list)
    asides: list[etree._Element] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The text with runs of spaces as one and lines trimmed."""
        lines = re.sub(r"[ \t\r]+", " ", "".join(self.parts)).split("\n")
        return "\n".join(line.strip() for line in lines if line.strip())


ReadPicture = Callable[[str, int], list[Piece]]
"""Returns what stands on the picture that the package has under a name, at a place."""


def no_picture(name: str, place: int) -> list[Piece]:
    """Read no picture."""
    return []


class TextWalker:
    """Walks a text once, counting paragraphs and making pieces."""

    def __init__(self, styles: Styles, picture: ReadPicture = no_picture) -> None:
        self._styles = styles
        self._picture = picture
        self._count = 0
        self._depth = 0

    def pieces(self, parent: etree._Element) -> list[Piece]:
        """Return the pieces of what holds blocks."""
        found: list[Piece] = []
        for element in parent:
            tag = element.tag
            if tag in _DROPPED or not isinstance(tag, str):
                continue
            if tag in (f"{TEXT}p", f"{TEXT}h"):
                found += self._paragraph(element)
            elif tag == f"{TEXT}list":
                found += self._list(element, "", 1)
            elif tag == f"{DRAW}image" and not self._depth:
                found += self._picture(element.get(_HREF, ""), max(self._count, 1))
            elif tag == f"{TABLE}table":
                found += linearise(self._rows(element), lead_in(found[-1] if found else None))
            else:
                found += self.pieces(element)
        return found

    def _paragraph(self, element: etree._Element, label: str | None = None) -> Iterator[Piece]:
        self._count += 1
        place = self._count
        line = _Line()
        self._inline(element, line)
        if line.text:
            yield self._styled(element, line.text, place, label)
        for aside in line.asides:
            for piece in self.pieces(aside):
                yield replace(piece, first=place, last=place)
        self._count = place

    def _styled(self, element: etree._Element, text: str, place: int, label: str | None) -> Piece:
        names = list(self._styles.chain("paragraph", element.get(f"{TEXT}style-name", "")))
        level = 0
        if element.tag == f"{TEXT}h":
            level = whole(element.get(f"{TEXT}outline-level"), 1, 9)
        for name in names:
            heading = _HEADING_STYLE.fullmatch(name)
            level = level or (int(heading[1]) if heading else _TITLES.get(name, 0))
        if level:
            return Piece(BlockKind.HEADING, text.replace("\n", " "), place, place, level)
        if label is not None:
            return Piece(BlockKind.LIST_ITEM, label + text, place, place)
        caption = any(name in _CAPTIONS for name in names)
        return Piece(BlockKind.CAPTION if caption else BlockKind.PARAGRAPH, text, place, place)

    def _inline(self, parent: etree._Element, line: _Line) -> None:
        line.parts.append(_flat(parent.text))
        for child in parent:
            tag = child.tag
            if tag == f"{TEXT}s" or tag == f"{TEXT}tab":
                line.parts.append(" ")
            elif tag == f"{TEXT}line-break":
                line.parts.append("\n")
            elif tag == f"{TEXT}note":
                line.asides += child.findall(f"{TEXT}note-body")
            elif isinstance(tag, str) and tag.startswith(DRAW):
                line.asides.append(child)
            elif tag not in _DROPPED and isinstance(tag, str):
                self._inline(child, line)
            line.parts.append(_flat(child.tail))

    def _list(self, element: etree._Element, style: str, level: int) -> Iterator[Piece]:
        """Yield a list's items, with their numbers where the list counts."""
        style = element.get(f"{TEXT}style-name", style)
        counts = self._styles.counts(style, level)
        number = 0
        for item in element:
            if item.tag not in (f"{TEXT}list-item", f"{TEXT}list-header"):
                continue
            number = whole(item.get(f"{TEXT}start-value"), number + 1, 1_000_000)
            label = f"{number}. " if counts and item.tag == f"{TEXT}list-item" else ""
            for child in item:
                if child.tag in (f"{TEXT}p", f"{TEXT}h"):
                    yield from self._paragraph(child, label)
                    label = ""
                elif child.tag == f"{TEXT}list":
                    yield from self._list(child, style, level + 1)

    # Tables

    def _rows(self, table: etree._Element) -> list[Row]:
        rows: list[Row] = []
        above: dict[int, str] = {}
        self._depth += 1
        for element, header in table_rows(table):
            first = self._count + 1
            cells = tuple(self._cells(element, above))
            rows.append(Row(cells, first, max(first, self._count), header))
        self._depth -= 1
        return rows

    def _cells(self, row: etree._Element, above: dict[int, str]) -> Iterator[Cell]:
        column = 0
        covered_until = 0
        for item in row:
            repeated = whole(item.get(f"{TABLE}number-columns-repeated"), 1, _MAX_REPEATED)
            if item.tag == f"{TABLE}covered-table-cell":
                # Covered from the left it is in that cell's width, from above it is read again.
                if column >= covered_until and above.get(column):
                    yield Cell(above[column], column, carried=True)
                column += repeated
                continue
            if item.tag != f"{TABLE}table-cell":
                continue
            found = self.pieces(item)
            text = "\n".join(piece.text for piece in found)
            width = whole(item.get(f"{TABLE}number-columns-spanned"), 1, _MAX_SPAN)
            tall = whole(item.get(f"{TABLE}number-rows-spanned"), 1, _MAX_REPEATED) > 1
            above[column] = text if tall else ""
            bold = self._is_bold(item)
            for at in range(repeated if text else 1):
                yield Cell(text, column + at, width, bold)
            covered_until = column + width
            column += repeated

    def _is_bold(self, cell: etree._Element) -> bool:
        paragraphs = list(cell.iter(f"{TEXT}p"))
        return bool(paragraphs) and all(
            self._styles.is_bold("paragraph", p.get(f"{TEXT}style-name", ""))
            or any(name == "Table_20_Heading" for name in self._chain(p))
            for p in paragraphs
        )

    def _chain(self, paragraph: etree._Element) -> Iterator[str]:
        return self._styles.chain("paragraph", paragraph.get(f"{TEXT}style-name", ""))


def table_rows(table: etree._Element) -> Iterator[tuple[etree._Element, bool]]:
    """Yield a table's rows through whatever groups them, and whether they are headers."""
    for child in table:
        if child.tag == f"{TABLE}table-row":
            yield child, False
        elif child.tag == f"{TABLE}table-header-rows":
            yield from ((row, True) for row, _ in table_rows(child))
        elif child.tag in (f"{TABLE}table-rows", f"{TABLE}table-row-group"):
            yield from table_rows(child)


def _flat(text: str | None) -> str:
    """Return white space as the format counts it: line ends are spaces."""
    return (text or "").replace("\n", " ")
