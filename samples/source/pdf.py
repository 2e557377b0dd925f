"""Sets a text as a PDF: outline, page labels, running header, tables over page breaks."""

from __future__ import annotations

import html
from functools import partial
from pathlib import Path
from typing import Any

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import PageBreak, SimpleDocTemplate, Spacer, TableStyle
from reportlab.platypus import Paragraph as Flowing
from reportlab.platypus import Table as Grid

from samples.source.markup import (
    Footnote,
    Heading,
    Item,
    NewPage,
    Piece,
    Table,
    Text,
    runs,
)

_MARGIN = 24 * mm
_WIDTH = A4[0] - 2 * _MARGIN
_INK = colors.HexColor("#1b3a57")
_RULE = colors.HexColor("#9fb3c4")
_ROMAN = ("", "i", "ii", "iii", "iv", "v", "vi")

_BODY = ParagraphStyle("body", fontName="Helvetica", fontSize=10.5, leading=15, spaceAfter=7)
_CELL = ParagraphStyle("cell", parent=_BODY, fontSize=9, leading=12, spaceAfter=0)
_ITEM = ParagraphStyle("item", parent=_BODY, leftIndent=14, bulletIndent=2, spaceAfter=4)
_NOTE = ParagraphStyle("note", parent=_BODY, fontSize=8.5, leading=11)
_HEADINGS = {
    level: ParagraphStyle(
        f"heading{level}",
        parent=_BODY,
        fontName="Helvetica-Bold",
        fontSize=size,
        leading=size * 1.25,
        textColor=_INK,
        spaceBefore=12,
        spaceAfter=6,
        keepWithNext=1,
    )
    for level, size in ((1, 17), (2, 13), (3, 11), (4, 10.5))
}


def write(text: Text, path: Path) -> None:
    """Write ``text`` to ``path`` as a PDF, the same bytes every time."""
    document = SimpleDocTemplate(
        str(path),
        pagesize=A4,
        leftMargin=_MARGIN,
        rightMargin=_MARGIN,
        topMargin=_MARGIN,
        bottomMargin=_MARGIN,
        title=text.title,
        author=text.author,
        subject=text.title,
        creator=text.author,
        lang=text.language,
        invariant=1,
        pageCompression=0,
    )
    document.afterFlowable = partial(_enter_in_outline, document)
    document.build(
        [flowable for piece in text.pieces for flowable in _flowables(piece, text)],
        onFirstPage=partial(_first_page, text),
        onLaterPages=partial(_later_page, text),
    )


def _flowables(piece: Piece, text: Text) -> list[Any]:
    if isinstance(piece, Heading):
        heading = Flowing(_inline(piece.text), _HEADINGS[piece.level])
        heading.outline = (piece.level - 1, piece.text)
        return [heading]
    if isinstance(piece, Item):
        mark = f"{piece.number}." if piece.number else "•"
        return [Flowing(_inline(piece.text), _ITEM, bulletText=mark)]
    if isinstance(piece, Table):
        return [_grid(piece, text.columns.get(len(piece.rows[0]))), Spacer(1, 8)]
    if isinstance(piece, NewPage):
        return [PageBreak()]
    if isinstance(piece, Footnote):
        return [Flowing(f"<super>{piece.number}</super> {_inline(piece.text)}", _NOTE)]
    return [Flowing(_inline(piece.text), _BODY)]


def _grid(table: Table, shares: list[float] | None) -> Any:
    """Set a table whose header is repeated on every page it runs over."""
    shares = shares or [1.0] * len(table.rows[0])
    cells = [
        [Flowing(f"<b>{_inline(cell)}</b>" if n == 0 else _inline(cell), _CELL) for cell in row]
        for n, row in enumerate(table.rows)
    ]
    grid = Grid(
        cells,
        colWidths=[_WIDTH * share / sum(shares) for share in shares],
        repeatRows=1,
    )
    grid.setStyle(
        TableStyle(
            [
                ("GRID", (0, 0), (-1, -1), 0.5, _RULE),
                ("BACKGROUND", (0, 0), (-1, 0), colors.HexColor("#e4ecf2")),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ]
        )
    )
    return grid


def _inline(text: str) -> str:
    """Turn runs into the library's inline tags."""
    parts = []
    for run in runs(text):
        part = html.escape(run.text, quote=False)
        if run.footnote:
            part = f"<super>{run.footnote}</super>"
        if run.bold:
            part = f"<b>{part}</b>"
        if run.italic:
            part = f"<i>{part}</i>"
        parts.append(part)
    return "".join(parts)


def _enter_in_outline(document: Any, flowable: Any) -> None:
    """Enter a heading that was just drawn in the outline; levels never skip one."""
    outline = getattr(flowable, "outline", None)
    if outline is None:
        return
    level, title = outline
    key = f"h{document.seq.nextf('outline')}"
    document.canv.bookmarkPage(key)
    document.canv.addOutlineEntry(title.replace("*", ""), key, level=level, closed=False)


def _first_page(text: Text, canvas: Any, document: Any) -> None:
    """Write what stands in the file once: its dates and the labels of its pages."""
    moment = text.moment
    stamp = canvas._doc._timeStamp
    stamp.t = moment.timestamp()
    stamp.lt = moment.timetuple()
    stamp.YMDhms = tuple(stamp.lt)[:6]
    stamp.dhh = stamp.dmm = 0
    if text.front_pages:
        canvas.addPageLabel(0, style="ROMAN_LOWER", start=1)
    canvas.addPageLabel(text.front_pages, style="ARABIC", start=1)
    _later_page(text, canvas, document)


def _later_page(text: Text, canvas: Any, document: Any) -> None:
    """Draw the running header and the printed page number."""
    page = document.page
    label = _ROMAN[page] if page <= text.front_pages else str(page - text.front_pages)
    canvas.saveState()
    canvas.setFont("Helvetica", 8)
    canvas.setFillColor(_INK)
    if page > 1:
        canvas.drawString(_MARGIN, A4[1] - 14 * mm, text.title)
    canvas.drawRightString(A4[0] - _MARGIN, 12 * mm, label)
    canvas.restoreState()
