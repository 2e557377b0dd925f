"""A pack as PDF; fpdf2 is imported here alone. Scripts are shaped by HarfBuzz."""

from __future__ import annotations

import logging
from typing import Any

from fpdf import FPDF
from fpdf.enums import XPos, YPos
from fpdf.errors import FPDFException

from mmsearch.packs.errors import CannotExport
from mmsearch.packs.fonts import Font, fonts_for
from mmsearch.packs.outline import Entry, Outline
from mmsearch.packs.script import is_rtl

logging.getLogger("fpdf").setLevel(logging.ERROR)

_INK, _SOFT, _ACCENT, _LINE = (29, 39, 41), (86, 98, 102), (11, 90, 102), (200, 205, 206)
_MARGIN = 22  # millimetres, as every length here


def pdf(pack: Outline) -> bytes:
    """Write a pack as PDF on A4.

    Raises:
        CannotExport: No installed font has a script that it needs.
    """
    fonts = fonts_for(_everything(pack))
    try:
        paper = _Paper(fonts, rtl=pack.rtl)
        paper.write_pack(pack)
        return bytes(paper.output())
    except FPDFException as exc:
        raise CannotExport("this pack cannot be laid out as PDF; export it as Word") from exc


def _everything(pack: Outline) -> str:
    entries = [
        part for e in pack.entries for part in (e.label, e.quote, e.reference, e.note, e.remark)
    ]
    sources = [source.reference for source in pack.sources]
    return "".join((pack.name, pack.note, *entries, *sources, *pack.words.values(), "0123456789"))


class _Paper(FPDF):
    """Pages with a running number, and text in any script."""

    def __init__(self, fonts: list[Font], *, rtl: bool) -> None:
        super().__init__(format="A4")
        self._rtl = rtl
        self.set_margin(_MARGIN)
        self.set_auto_page_break(True, margin=_MARGIN)
        for font in fonts:
            self.add_font(font.name, "", str(font.regular))
            self.add_font(font.name, "B", str(font.bold))
        self._font = fonts[0].name
        self.set_fallback_fonts([font.name for font in fonts[1:]], exact_match=False)
        self.set_text_shaping(True)

    def footer(self) -> None:
        """Number the page (called by fpdf2)."""
        self.set_y(-15)
        self._ink(_SOFT, 9)
        self.cell(0, 6, str(self.page_no()), align="C")

    def write_pack(self, pack: Outline) -> None:
        """Write everything."""
        self.set_title(pack.name)
        self.set_lang(pack.language)
        self.add_page()
        self._say(pack.name, size=24, bold=True, colour=_ACCENT)
        self._say(pack.date, size=10, colour=_SOFT)
        self._say(pack.link, size=10, colour=_ACCENT, link=pack.link)
        if pack.note:
            self.ln(3)
            self._say(pack.note)
        self.ln(6)
        targets = {entry.number: self.add_link() for entry in pack.entries}
        self._heading(pack.words["contents"])
        for entry in pack.entries:
            self._say(entry.label, size=11, link=targets[entry.number])
        for entry in pack.entries:
            self._entry(entry, targets[entry.number], pack.words["note"])
        self.ln(6)
        self._heading(pack.words["sources"])
        for source in pack.sources:
            self._say(f"[{source.number}] {source.reference}", size=10)
            self._say(source.link, size=9, colour=_ACCENT, link=source.link)
            self.ln(1.5)

    def _entry(self, entry: Entry, target: Any, note: str) -> None:
        self.ln(7)
        if self.will_page_break(45):
            self.add_page()
        self.set_link(target, y=self.get_y(), page=self.page_no())
        self.start_section(entry.label)
        self._say(entry.label, size=13, bold=True, colour=_ACCENT)
        self.ln(1.5)
        for part in entry.quote.split("\n\n"):
            self._say(part, size=11.5, indent=5)
            self.ln(1)
        if entry.reference:
            self._say(f"{entry.reference} [{entry.source}]", size=9.5, colour=_SOFT, indent=5)
            self._say(entry.link, size=9, colour=_ACCENT, link=entry.link, indent=5)
        if entry.remark and entry.remark != entry.heading:
            self._say(entry.remark, size=9.5, colour=_SOFT, indent=5)
        if entry.note:
            self.ln(1)
            self._say(f"{note}: {entry.note}", size=10.5)

    def _heading(self, text: str) -> None:
        self.start_section(text)
        self._say(text, size=15, bold=True)
        self.set_draw_color(*_LINE)
        self.line(_MARGIN, self.get_y() + 1, self.w - _MARGIN, self.get_y() + 1)
        self.ln(4)

    def _say(
        self,
        text: str,
        *,
        size: float = 11,
        bold: bool = False,
        colour: tuple[int, int, int] = _INK,
        link: Any = "",
        indent: float = 0,
    ) -> None:
        if not text:
            return
        rtl = is_rtl(text, default=self._rtl)
        self._ink(colour, size, bold=bold)
        self.set_text_shaping(True, direction="rtl" if rtl else "ltr")
        self.set_x(_MARGIN if rtl else _MARGIN + indent)
        self.multi_cell(
            self.w - 2 * _MARGIN - indent,
            size * 0.5,
            text,
            align="R" if rtl else "L",
            link=link,
            new_x=XPos.LMARGIN,
            new_y=YPos.NEXT,
        )

    def _ink(self, colour: tuple[int, int, int], size: float, *, bold: bool = False) -> None:
        self.set_font(self._font, "B" if bold else "", size)
        self.set_text_color(*colour)
