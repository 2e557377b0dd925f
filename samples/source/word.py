"""Sets a text as a Word document: headings, lists, tables with joined cells, footnotes."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from lxml import etree

from samples.source.markup import (
    ABOVE,
    Footnote,
    Heading,
    Item,
    NewPage,
    Piece,
    Table,
    Text,
    runs,
)

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_FOOTNOTES = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time a zip archive can hold


def write(text: Text, path: Path) -> None:
    """Write ``text`` to ``path`` as a Word document, the same bytes every time."""
    document = docx.Document()
    _set_properties(document, text)
    document.add_paragraph(text.title, style="Title")
    notes: dict[int, str] = {}
    for piece in text.pieces:
        if isinstance(piece, Footnote):
            notes[piece.number] = piece.text
        else:
            _add(document, piece, text)
    if notes:
        _add_footnotes(document, notes)
    buffer = io.BytesIO()
    document.save(buffer)
    path.write_bytes(_same_bytes_every_time(buffer.getvalue()))


def _set_properties(document: Any, text: Text) -> None:
    properties = document.core_properties
    properties.title = text.title
    properties.author = text.author
    properties.last_modified_by = text.author
    properties.comments = ""
    properties.language = text.language
    properties.created = properties.modified = text.moment.replace(tzinfo=None)
    properties.revision = 1


def _add(document: Any, piece: Piece, text: Text) -> None:
    if isinstance(piece, Heading):
        document.add_heading(piece.text, level=piece.level)
    elif isinstance(piece, Item):
        style = "List Number" if piece.number else "List Bullet"
        _write_runs(document.add_paragraph(style=style), piece.text)
    elif isinstance(piece, Table):
        _add_table(document, piece, text)
    elif isinstance(piece, NewPage):
        document.add_page_break()
    elif not isinstance(piece, Footnote):
        _write_runs(document.add_paragraph(), piece.text)


def _add_table(document: Any, table: Table, text: Text) -> None:
    """Add a table with a repeated header row; a cell of ``^^`` joins the one above it."""
    grid = document.add_table(rows=len(table.rows), cols=len(table.rows[0]), style="Table Grid")
    marker = OxmlElement("w:tblHeader")
    grid.rows[0]._tr.get_or_add_trPr().append(marker)
    cells = [list(row.cells) for row in grid.rows]
    for n, row in enumerate(table.rows):
        for m, content in enumerate(row):
            if content == ABOVE:
                cells[n][m] = cells[n - 1][m].merge(cells[n][m])
                continue
            _write_runs(cells[n][m].paragraphs[0], f"**{content}**" if n == 0 else content)
    for share, column in zip(text.columns.get(len(table.rows[0]), ()), grid.columns, strict=False):
        column.width = int(share * 360_000)  # centimetres to English Metric Units
    for joined in {id(cell._tc): cell for row in cells for cell in row}.values():
        _drop_empty_paragraphs(joined)


def _drop_empty_paragraphs(cell: Any) -> None:
    """Remove what joining cells left behind, but for the one paragraph a cell must have."""
    for paragraph in cell.paragraphs[1:]:
        if not paragraph.text:
            paragraph._p.getparent().remove(paragraph._p)


def _write_runs(paragraph: Any, text: str) -> None:
    for run in runs(text):
        written = paragraph.add_run(run.text)
        written.bold = run.bold or None
        written.italic = run.italic or None
        if run.footnote:
            reference = OxmlElement("w:footnoteReference")
            reference.set(qn("w:id"), str(run.footnote))
            written.font.superscript = True
            written._r.append(reference)


def _add_footnotes(document: Any, notes: dict[int, str]) -> None:
    """Add the part that holds the footnotes, which python-docx has no call for."""
    root = etree.Element(f"{{{_W}}}footnotes", nsmap={"w": _W})
    for number, kind in ((-1, "separator"), (0, "continuationSeparator")):
        note = etree.SubElement(root, f"{{{_W}}}footnote")
        note.set(f"{{{_W}}}type", kind)
        note.set(f"{{{_W}}}id", str(number))
        run = etree.SubElement(etree.SubElement(note, f"{{{_W}}}p"), f"{{{_W}}}r")
        etree.SubElement(run, f"{{{_W}}}{kind}")
    for number, content in sorted(notes.items()):
        note = etree.SubElement(root, f"{{{_W}}}footnote")
        note.set(f"{{{_W}}}id", str(number))
        run = etree.SubElement(etree.SubElement(note, f"{{{_W}}}p"), f"{{{_W}}}r")
        etree.SubElement(run, f"{{{_W}}}t").text = content
    part = Part(
        PackURI("/word/footnotes.xml"),
        _FOOTNOTES,
        etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True),
        document.part.package,
    )
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)


def _same_bytes_every_time(data: bytes) -> bytes:
    """Pack the archive again, members by name, all with the same time."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w") as new:
        names = sorted(old.namelist(), key=lambda name: (name != "[Content_Types].xml", name))
        for name in names:
            member = zipfile.ZipInfo(name, date_time=_EPOCH)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.create_system = 0
            new.writestr(member, old.read(name))
    return buffer.getvalue()
