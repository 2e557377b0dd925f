"""What a workbook's package says beside its cells: merged ones, drawings, lacking results.

The reader that streams a workbook's rows gives none of these.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from zipfile import ZipFile

from lxml import etree

from ingest.errors import ParseError
from ingest.parsers.assemble import Piece
from ingest.parsers.charts import CHART, chart_pieces
from ingest.parsers.package_limits import BROKEN_CONTENT, read_part
from ingest.parsers.sheet_regions import MOST_CARRIED
from ingest.types import BlockKind

NOUN = "Excel workbook"
_DRAWN = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
_TEXT = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_RELATIONS = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_BARE_FORMULA = re.compile(rb"<f\b[^<>]*(?:/>|>[^<]*</f>)\s*(?:(?:<v\s*/>|<v>\s*</v>)\s*)?</c>")
_MERGED = re.compile(rb"mergeCell\s+ref=\"([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})\"")
#: Bytes of a sheet that are looked through for merged cells and formulas.
_LOOKED_AT = 200_000_000
_BLOCK = 1 << 20
#: Bytes that one merged cell or one formula may have and still be seen across two blocks.
_OVERLAP = 1 << 12
_MOST_MERGED = 100_000
#: Longest formula of a workbook in characters, by the limits of Excel.
_LONGEST_FORMULA = 8_192
_SHEET_OF = re.compile(r"'((?:[^'\[\]]|'')+)'!|([^'!\[\]()]+)!")


@dataclass(frozen=True, slots=True)
class Merged:
    """How many columns and rows the cell at the top left of a merged one is shown over."""

    width: int
    height: int


@dataclass(slots=True)
class SheetParts:
    """What the XML of one sheet says.

    Attributes:
        merged: By row from 1 and column from 0.
        uncalculated: Formulas whose results no program has stored, as scripts write them.
    """

    merged: dict[tuple[int, int], Merged]
    uncalculated: int = 0


def sheet_parts(package: ZipFile, name: str, widest: int) -> SheetParts:
    """Look through a sheet's XML, block by block.

    Args:
        package: The workbook's.
        name: Of the sheet's part.
        widest: Most columns that a merged cell is taken to have.
    """
    found = SheetParts({})
    if name not in package.NameToInfo:
        return found
    with package.open(name) as stream:
        rest = b""
        for _ in range(_LOOKED_AT // _BLOCK):
            block = stream.read(_BLOCK)
            data = rest + block
            keep = len(data) if not block else max(len(data) - _OVERLAP, 0)
            # What begins in the kept part may end beyond it; what begins later comes again.
            for match in _BARE_FORMULA.finditer(data):
                found.uncalculated += match.start() < keep
            for match in _MERGED.finditer(data):
                if match.start() < keep and len(found.merged) < _MOST_MERGED:
                    _note(found.merged, match, widest)
            rest = data[keep:]
            if not block:
                break
    return found


def _note(merged: dict[tuple[int, int], Merged], match: re.Match[bytes], widest: int) -> None:
    left, right = _column(match[1]), _column(match[3])
    top, bottom = int(match[2]), int(match[4])
    width, height = min(right - left + 1, widest), min(bottom - top + 1, MOST_CARRIED)
    if width > 0 and height > 0:
        merged[top, left] = Merged(width, height)


def _column(letters: bytes) -> int:
    """Return a column's number from 0."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet that the workbook names.

    Attributes:
        name: As it is shown.
        part: The name of its part.
        state: "visible", "hidden", or "veryHidden": no menu of Excel shows it.
        cells: Whether it has cells; a chart sheet has none.
    """

    name: str
    part: str
    state: str
    cells: bool


def named_sheets(package: ZipFile) -> list[Sheet]:
    """Return the workbook's sheets in its order."""
    book = next((n for n in package.namelist() if n.lower() == "xl/workbook.xml"), "")
    tree = read_part(package, book, NOUN) if book else None
    targets = related(package, book)
    found = []
    for sheet in tree.iter("{*}sheet") if tree is not None else ():
        key = next((v for k, v in sheet.attrib.items() if str(k).endswith("}id")), "")
        kind, part = targets.get(str(key), ("", ""))
        found.append(
            Sheet(
                name=sheet.get("name", ""),
                part=part,
                state=sheet.get("state", "visible"),
                cells=kind == "worksheet",
            )
        )
    return found


def related(package: ZipFile, part: str) -> dict[str, tuple[str, str]]:
    """Map a part's relations, by id, to the last word of their type and the part they name."""
    home = PurePosixPath(part).parent
    tree = read_part(package, f"{home}/_rels/{PurePosixPath(part).name}.rels", NOUN)
    found: dict[str, tuple[str, str]] = {}
    for relation in tree if tree is not None else ():
        target = relation.get("Target", "")
        if target and relation.get("TargetMode") != "External":
            name = target[1:] if target.startswith("/") else _joined(home, target)
            kind = relation.get("Type", "").rpartition("/")[2]
            found[relation.get("Id", "")] = kind, name
    return found


def _joined(home: PurePosixPath, target: str) -> str:
    parts = list(home.parts)
    for part in PurePosixPath(target).parts:
        if part == "..":
            del parts[-1:]
        else:
            parts.append(part)
    return "/".join(parts)


def drawn(package: ZipFile, sheet: Sheet, read: frozenset[str]) -> Iterator[Piece]:
    """Yield the charts and text boxes drawn on a sheet, at the rows where they begin.

    The values of a chart are cells; where those are read, they are not said twice, and its
    title stands alone.

    Args:
        package: The workbook's.
        sheet: The sheet.
        read: Names of the sheets whose cells are read.
    """
    for kind, drawing in related(package, sheet.part).values():
        if kind != "drawing":
            continue
        tree = read_part(package, drawing, NOUN)
        parts = related(package, drawing)
        for anchor in tree if tree is not None else ():
            row = anchor.findtext(f"{_DRAWN}from/{_DRAWN}row", "0")
            place = int(row) + 1 if row.isascii() and row.isdigit() and len(row) < 8 else 1
            for paragraph in anchor.iterfind(f".//{_DRAWN}txBody/{_TEXT}p"):
                words = "".join(text.text or "" for text in paragraph.iter(f"{_TEXT}t"))
                yield Piece(BlockKind.PARAGRAPH, " ".join(words.split()), place, place)
            for chart in anchor.iter(f"{CHART}chart"):
                yield from _chart(package, parts.get(chart.get(f"{_RELATIONS}id", "")), place, read)


def _chart(
    package: ZipFile, part: tuple[str, str] | None, place: int, read: frozenset[str]
) -> list[Piece]:
    root = read_part(package, part[1], NOUN) if part else None
    if root is None:
        return []
    found = chart_pieces(root, place)
    return [p for p in found if p.kind is BlockKind.CAPTION] if _repeats(root, read) else found


def _repeats(root: etree._Element, read: frozenset[str]) -> bool:
    """Tell whether all the values of a chart are cells of sheets that are read."""
    sources = [
        series.findtext(f"{CHART}{holder}/{CHART}numRef/{CHART}f", "")
        for series in root.iter(f"{CHART}ser")
        for holder in ("val", "yVal")
        if series.find(f"{CHART}{holder}") is not None
    ]
    return all(_sheets_of(source) <= read and _sheets_of(source) for source in sources)


def _sheets_of(formula: str) -> set[str]:
    """Return the sheets that a chart's formula names; those of other files with their brackets."""
    if "[" in formula:
        return {formula}
    return {
        (quoted or plain).replace("''", "'").strip("(, ")
        for quoted, plain in _SHEET_OF.findall(formula[:_LONGEST_FORMULA])
    }


def drawn_safely(
    package: ZipFile, sheet: Sheet, read: frozenset[str], warnings: list[str]
) -> list[Piece]:
    """Return what is drawn on a sheet; where that is broken, a warning says so."""
    found: list[Piece] = []
    try:
        for piece in drawn(package, sheet, read):
            found.append(piece)
    except (ParseError, *BROKEN_CONTENT):
        warnings.append(f"A drawing on the sheet {sheet.name!r} is broken and was left out.")
    return found
