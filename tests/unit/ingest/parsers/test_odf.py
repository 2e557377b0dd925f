from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from ingest.errors import DamagedFile, EncryptedFile
from ingest.parsers import odf as parser
from ingest.types import ParsedDocument, Unit
from tests.unit.ingest.parsers.laws import check_laws, rows_of, texts

NAMES = ("office", "text", "table", "style", "presentation")
SPACES = " ".join(f'xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"' for n in NAMES)
SPACES += ' xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"'
SPACES += ' xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"'
SPACES += ' xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"'


def write(tmp_path: Path, kind: str, body: str, styles: str = "", manifest: str = "") -> Path:
    path = tmp_path / "a.odt"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("mimetype", f"application/vnd.oasis.opendocument.{kind}")
        package.writestr(
            "content.xml",
            f"<office:document-content {SPACES}><office:automatic-styles>{styles}"
            f"</office:automatic-styles><office:body><office:{kind}>{body}</office:{kind}>"
            "</office:body></office:document-content>",
        )
        package.writestr("META-INF/manifest.xml", f'<m xmlns:m="m">{manifest}</m>')
    return path


def parsed(path: Path) -> ParsedDocument:
    document = parser.parse(path)
    check_laws(document)
    return document


def test_headings_paragraphs_notes_and_boxes(tmp_path: Path) -> None:
    body = """<text:tracked-changes><text:p>Deleted words</text:p></text:tracked-changes>
    <text:h text:outline-level="2">Lessons</text:h>
    <text:p>One<text:s text:c="3"/>two<text:line-break/>three<text:note><text:note-citation>1
    </text:note-citation><text:note-body><text:p>A note.</text:p></text:note-body></text:note>
    <draw:frame><draw:text-box><text:p>A box.</text:p></draw:text-box></draw:frame> four</text:p>
    <text:p>Last<office:annotation><text:p>Remark</text:p></office:annotation>.</text:p>"""
    assert rows_of(parsed(write(tmp_path, "text", body))) == [
        ("heading", 2, 1, "Lessons"),
        ("paragraph", 0, 2, "One two\nthree four"),
        ("paragraph", 0, 2, "A note."),
        ("paragraph", 0, 2, "A box."),
        ("paragraph", 0, 3, "Last."),
    ]


def test_lists_that_count_show_their_numbers(tmp_path: Path) -> None:
    styles = """<text:list-style style:name="L1">
    <text:list-level-style-number text:level="1" style:num-format="1"/>
    <text:list-level-style-bullet text:level="2"/></text:list-style>"""
    body = """<text:list text:style-name="L1"><text:list-item><text:p>First</text:p>
    <text:list><text:list-item><text:p>Inner</text:p></text:list-item></text:list>
    </text:list-item><text:list-item><text:p>Second</text:p></text:list-item></text:list>"""
    document = parsed(write(tmp_path, "text", body, styles))
    assert texts(document) == ["1. First", "Inner", "2. Second"]


def test_a_table_with_spans(tmp_path: Path) -> None:
    def cell(text: str, more: str = "") -> str:
        return f"<table:table-cell {more}><text:p>{text}</text:p></table:table-cell>"

    covered = "<table:covered-table-cell/>"
    tall = 'table:number-rows-spanned="2"'
    body = f"""<table:table><table:table-header-rows><table:table-row>{cell("Country")}
    {cell("Year")}{cell("Spent")}</table:table-row></table:table-header-rows>
    <table:table-row>{cell("Serbia", tall)}{cell("2020")}{cell("5")}</table:table-row>
    <table:table-row>{covered}{cell("2021")}{cell("7")}</table:table-row></table:table>"""
    assert texts(parsed(write(tmp_path, "text", body))) == [
        "Country: Serbia | Year: 2020 | Spent: 5",
        "Country: Serbia | Year: 2021 | Spent: 7",
    ]


def test_sheets_with_repeated_cells_and_a_hidden_one(tmp_path: Path) -> None:
    def cell(text: str, times: int = 1) -> str:
        inside = f"<text:p>{text}</text:p>" if text else ""
        repeated = f'table:number-columns-repeated="{times}"'
        return f"<table:table-cell {repeated}>{inside}</table:table-cell>"

    styles = """<style:style style:name="T" style:family="table">
    <style:table-properties table:display="false"/></style:style>"""
    body = f"""<table:table table:name="Costs">
    <table:table-row table:number-rows-repeated="4">{cell("", 16384)}</table:table-row>
    <table:table-row>{cell("Line")}{cell("Plan")}{cell("Spent")}</table:table-row>
    <table:table-row>{cell("Staff")}{cell("5 %", 2)}{cell("", 16381)}</table:table-row>
    <table:table-row table:number-rows-repeated="1048570">{cell("", 16384)}</table:table-row>
    </table:table><table:table table:name="Pay" table:style-name="T"><table:table-row>
    {cell("Secret")}</table:table-row></table:table>"""
    document = parsed(write(tmp_path, "spreadsheet", body, styles))
    assert document.unit is Unit.ROW
    assert rows_of(document) == [
        ("heading", 1, 6, "Costs"),
        ("table_row", 0, 6, "Line: Staff | Plan: 5 % | Spent: 5 %"),
        ("heading", 1, 1, "Pay (hidden sheet)"),
        ("paragraph", 0, 1, "Secret"),
    ]


def test_slides_with_titles_and_notes(tmp_path: Path) -> None:
    def box(text: str, more: str = "") -> str:
        return (
            f"<draw:frame {more}><draw:text-box><text:p>{text}</text:p></draw:text-box>"
            "</draw:frame>"
        )

    body = f"""<draw:page>{box("Low", 'svg:y="9cm"')}{box("High", 'svg:y="2cm"')}
    {box("The title", 'presentation:class="title" svg:y="1cm"')}
    {box("7", 'presentation:class="page-number"')}
    <presentation:notes>{box("Say this.")}</presentation:notes></draw:page>
    <draw:page>{box("Next", 'presentation:class="title"')}</draw:page>"""
    document = parsed(write(tmp_path, "presentation", body))
    assert document.unit is Unit.SLIDE
    assert rows_of(document) == [
        ("heading", 1, 1, "The title"),
        ("paragraph", 0, 1, "High"),
        ("paragraph", 0, 1, "Low"),
        ("paragraph", 0, 1, "Say this."),
        ("heading", 2, 2, "Next"),
    ]


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    locked = write(tmp_path, "text", "<text:p>x</text:p>", manifest="<m:encryption-data/>")
    with pytest.raises(EncryptedFile, match="protected by a password"):
        parser.parse(locked)
    with pytest.raises(DamagedFile, match="no text, sheet or presentation"):
        parser.parse(write(tmp_path, "drawing", "<text:p>x</text:p>"))
