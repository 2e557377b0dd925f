"""A pack as slides; python-pptx is imported here alone."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.util import Inches, Pt

from mmsearch.packs.outline import Entry, Outline
from mmsearch.packs.script import is_rtl

WIDTH, HEIGHT, MARGIN = Inches(13.333), Inches(7.5), Inches(0.7)
ON_A_SLIDE = 900
"""Characters of a quote; a longer one runs on to the next slide."""
LINES_ON_A_SLIDE = 9
BLANK = 6
_INK, _SOFT, _ACCENT = (
    RGBColor(0x1D, 0x27, 0x29),
    RGBColor(0x56, 0x62, 0x66),
    RGBColor(0x0B, 0x5A, 0x66),
)


def slides(pack: Outline) -> bytes:
    """Write a pack as .pptx: a title, its contents, a slide or more a snippet, its sources."""
    show = Presentation()
    show.slide_width, show.slide_height = WIDTH, HEIGHT
    show.core_properties.title = pack.name
    first = _slide(show, pack.name, pack.rtl, top=2.4, size=40)
    _box(first, 4.2, 1.2, [(pack.date, 18, _SOFT, ""), (pack.link, 14, _ACCENT, pack.link)], pack)
    if pack.note:
        _box(first, 5.4, 1.4, [(pack.note, 16, _INK, "")], pack)
    lines = [(entry.label, 18, _INK, "") for entry in pack.entries]
    _listed(show, pack, pack.words["contents"], lines)
    for entry in pack.entries:
        _entry(show, entry, pack)
    sources = [(f"[{s.number}] {s.reference}", 14, _INK, s.link) for s in pack.sources]
    _listed(show, pack, pack.words["sources"], sources)
    written = io.BytesIO()
    show.save(written)
    return written.getvalue()


_Line = tuple[str, int, RGBColor, str]
"""Text, size in points, colour, link or ""."""


def _listed(show: Any, pack: Outline, heading: str, lines: Sequence[_Line]) -> None:
    for at in range(0, max(len(lines), 1), LINES_ON_A_SLIDE):
        slide = _slide(show, heading, pack.rtl)
        _box(slide, 1.5, 5.4, lines[at : at + LINES_ON_A_SLIDE], pack)


def _entry(show: Any, entry: Entry, pack: Outline) -> None:
    parts = list(_parts(entry.quote)) or [""]
    for part in parts:
        slide = _slide(show, entry.label, pack.rtl, size=24)
        size = 24 if len(part) < 320 else 20 if len(part) < 600 else 16
        _box(slide, 1.5, 4.4, [(part or entry.remark, size, _INK, "")], pack)
        below: list[_Line] = []
        if entry.reference:
            below.append((f"{entry.reference} [{entry.source}]", 12, _SOFT, entry.link))
        if entry.remark and part:
            below.append((entry.remark, 12, _SOFT, ""))
        _box(slide, 6.2, 1.0, below, pack)
        if entry.note:
            slide.notes_slide.notes_text_frame.text = entry.note


def _parts(quote: str) -> Iterator[str]:
    """Cut a long quote where words part; put together again, nothing is missing."""
    while len(quote) > ON_A_SLIDE:
        at = max(quote.rfind("\n", 0, ON_A_SLIDE), quote.rfind(" ", 0, ON_A_SLIDE)) + 1
        at = at or ON_A_SLIDE
        yield quote[:at]
        quote = quote[at:]
    if quote:
        yield quote


def _slide(show: Any, heading: str, rtl: bool, *, top: float = 0.5, size: int = 28) -> Any:
    slide = show.slides.add_slide(show.slide_layouts[5])  # a title and nothing else
    title = slide.shapes.title
    title.left, title.top = MARGIN, Inches(top)
    title.width, title.height = WIDTH - 2 * MARGIN, Inches(0.9 if top < 1 else 1.6)
    frame = title.text_frame
    frame.word_wrap = True
    _fill(frame.paragraphs[0], (heading, size, _ACCENT, ""), rtl)
    frame.paragraphs[0].runs[0].font.bold = True
    return slide


def _box(slide: Any, top: float, height: float, lines: Sequence[_Line], pack: Outline) -> None:
    if not lines:
        return
    shape = slide.shapes.add_textbox(MARGIN, Inches(top), WIDTH - 2 * MARGIN, Inches(height))
    frame = shape.text_frame
    frame.word_wrap = True
    for number, line in enumerate(lines):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        paragraph.space_after = Pt(6)
        _fill(paragraph, line, pack.rtl)


def _fill(paragraph: Any, line: _Line, rtl: bool) -> None:
    text, size, colour, link = line
    run = paragraph.add_run()
    run.text = text
    run.font.size = Pt(size)
    run.font.color.rgb = colour
    if link:
        run.hyperlink.address = link
    properties = paragraph._p.get_or_add_pPr()
    if is_rtl(text, default=rtl):
        properties.set("rtl", "1")
        properties.set("algn", "r")
    else:
        properties.set("algn", "l")
