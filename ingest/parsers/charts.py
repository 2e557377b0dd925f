"""Charts drawn in a document: their title, and the values that they keep, a row a category."""

from __future__ import annotations

from lxml import etree

from ingest.parsers.assemble import Piece
from ingest.parsers.tables import Cell, Row, lead_in, linearise
from ingest.types import BlockKind

CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_TEXT = "{http://schemas.openxmlformats.org/drawingml/2006/main}t"
MAX_POINTS = 10_000


def chart_pieces(root: etree._Element, place: int) -> list[Piece]:
    """Return a chart's title as a caption and its values as rows, all at one place."""
    title = root.find(f"{CHART}chart/{CHART}title")
    words = " ".join(text.text or "" for text in title.iter(_TEXT)) if title is not None else ""
    found = [Piece(BlockKind.CAPTION, " ".join(words.split()), place, place)] if words else []
    series = list(root.iter(f"{CHART}ser"))
    names = ["", *(_value(one.find(f"{CHART}tx")) for one in series)]
    categories: dict[int, str] = {}
    for one in series:
        categories |= _points(one, "cat") or _points(one, "xVal")
    values = [_points(one, "val") or _points(one, "yVal") for one in series]
    rows = [Row(_cells(names), place, place, header=True)]
    for at in sorted({at for points in (categories, *values) for at in points})[:MAX_POINTS]:
        texts = [categories.get(at, ""), *(points.get(at, "") for points in values)]
        rows.append(Row(_cells(texts), place, place))
    return found + linearise(rows, lead_in(found[0] if found else None))


def _points(series: etree._Element, name: str) -> dict[int, str]:
    """Return a series' points by their number."""
    holder = series.find(f"{CHART}{name}")
    found: dict[int, str] = {}
    for point in holder.iter(f"{CHART}pt") if holder is not None else ():
        at = point.get("idx", "")
        if at.isascii() and at.isdigit() and len(at) < 8:
            found[int(at)] = _value(point)
    return found


def _value(holder: etree._Element | None) -> str:
    """Return the first value below an element, numbers without the noise of binary fractions."""
    value = next(holder.iter(f"{CHART}v"), None) if holder is not None else None
    text = (value.text or "").strip() if value is not None else ""
    try:
        return f"{float(text):.12g}" if "." in text else text
    except ValueError:
        return text


def _cells(texts: list[str]) -> tuple[Cell, ...]:
    return tuple(Cell(" ".join(text.split()), column) for column, text in enumerate(texts))
