"""A pack as a Word document; python-docx is imported here alone."""

from __future__ import annotations

import io
from typing import Any

from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor

from mmsearch.packs.outline import Entry, Outline
from mmsearch.packs.script import is_rtl

_LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
_COLOUR = RGBColor(0x0B, 0x5A, 0x66)


def word(pack: Outline) -> bytes:
    """Write a pack as .docx."""
    document = Document()
    document.styles["Normal"].font.size = Pt(11)
    document.core_properties.title = pack.name
    document.core_properties.language = pack.language
    _say(document.add_heading(level=0), pack.name, pack.rtl)
    line = _say(document.add_paragraph(), f"{pack.date}  ", pack.rtl)
    _link(line, pack.link, pack.link)
    if pack.note:
        _say(document.add_paragraph(), pack.note, pack.rtl)
    _contents(document, pack)
    for entry in pack.entries:
        _entry(document, entry, pack)
    _say(document.add_heading(level=1), pack.words["sources"], pack.rtl)
    for source in pack.sources:
        line = _say(document.add_paragraph(), f"[{source.number}] {source.reference} ", pack.rtl)
        _link(line, source.link, source.link)
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def _contents(document: Any, pack: Outline) -> None:
    _say(document.add_heading(level=1), pack.words["contents"], pack.rtl)
    for entry in pack.entries:
        line = _say(document.add_paragraph(), "", pack.rtl)
        _link(line, entry.label, f"#s{entry.number}")


def _entry(document: Any, entry: Entry, pack: Outline) -> None:
    heading = _say(document.add_heading(level=1), entry.label, pack.rtl)
    _bookmark(heading, entry.number)
    if entry.quote:
        for part in entry.quote.split("\n\n"):
            _say(document.add_paragraph(style="Quote"), part, pack.rtl)
        line = _say(document.add_paragraph(), f"{entry.reference} [{entry.source}] ", pack.rtl)
        _link(line, entry.link, entry.link)
    if entry.remark and entry.remark != entry.heading:
        _say(document.add_paragraph(), entry.remark, pack.rtl).runs[0].italic = True
    if entry.note:
        _say(document.add_paragraph(), f"{pack.words['note']}: {entry.note}", pack.rtl)


def _say(paragraph: Any, text: str, rtl: bool) -> Any:
    """Put text into a paragraph, in its own direction (ISO 29500-1, 17.3.1.6 and 17.3.2.30)."""
    if is_rtl(text, default=rtl):
        paragraph._p.get_or_add_pPr().append(OxmlElement("w:bidi"))
    run = paragraph.add_run(text)
    if is_rtl(text, default=rtl):
        run.font.rtl = True
    return paragraph


def _bookmark(paragraph: Any, number: int) -> None:
    start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    for mark in (start, end):
        mark.set(qn("w:id"), str(number))
    start.set(qn("w:name"), f"s{number}")
    paragraph._p.insert(1 if paragraph._p.pPr is not None else 0, start)
    paragraph._p.append(end)


def _link(paragraph: Any, text: str, address: str) -> None:
    """Append a link; an address that begins with "#" is a bookmark."""
    link = OxmlElement("w:hyperlink")
    if address.startswith("#"):
        link.set(qn("w:anchor"), address[1:])
    else:
        link.set(qn("r:id"), paragraph.part.relate_to(address, _LINK, is_external=True))
    run = paragraph.add_run(text)
    run.font.color.rgb = _COLOUR
    run.font.underline = True
    link.append(run._r)
    paragraph._p.append(link)
