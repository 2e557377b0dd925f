from __future__ import annotations

import zipfile
from collections import Counter
from pathlib import Path

import docx
import pytest

from ingest.errors import (
    DamagedFile,
    EncryptedFile,
    LimitExceeded,
    NoText,
    OldFormat,
    ParseError,
    SourceError,
    UnsupportedFile,
)
from ingest.held import Budget
from ingest.parsers import registry
from ingest.parsers.sniff import sniff
from ingest.types import Unit
from ingest.unpack import Unpacker
from tests.unit.ingest.parsers.laws import check_laws

OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


def write(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def zipped(path: Path, *names: str) -> Path:
    with zipfile.ZipFile(path, "w") as package:
        for name in names:
            package.writestr(name, "x")
    return path


@pytest.mark.parametrize(
    ("name", "data", "text"),
    [
        ("a.md", b"# *T*\n", "T"),
        ("a.MARKDOWN", b"# *T*\n", "T"),
        ("a.txt", b"# *T*\n", "# *T*\n"),
        ("a.htm", b"<p>T", "T"),
        ("a.xhtml", b"<?xml version='1.0'?><html><p>T</p></html>", "T"),
        ("a.md", b"Save as <!doctype html>", "Save as"),
        ("a.txt", b"About the mark %PDF-1.7 of files", "About the mark %PDF-1.7 of files"),
    ],
)
def test_text_goes_by_its_name(tmp_path: Path, name: str, data: bytes, text: str) -> None:
    document = registry.parse(write(tmp_path / name, data))
    assert document.text == text
    assert document.warnings == ()


@pytest.mark.parametrize("name", ["page.txt", "page.md", "page.bin", "page.docx", "page"])
def test_html_is_known_by_its_content(tmp_path: Path, name: str) -> None:
    page = b"\xef\xbb\xbf\n<!-- made by hand -->\n<!DOCTYPE html><p>Text"
    document = registry.parse(write(tmp_path / name, page))
    assert document.text == "Text"
    assert "but holds HTML" in document.warnings[0]


def test_a_word_document_under_another_name(tmp_path: Path) -> None:
    made = docx.Document()
    made.add_paragraph("Text")
    made.save(str(tmp_path / "a.pdf"))
    document = registry.parse(tmp_path / "a.pdf")
    assert (document.text, document.unit) == ("Text", Unit.PARAGRAPH)
    assert "named '.pdf' but holds a Word document" in document.warnings[0]


@pytest.mark.parametrize(
    ("name", "data", "match"),
    [
        ("a.pdf", b"just words", "named '.pdf' but holds plain text, not a PDF"),
        ("a.docx", b"just words", "named '.docx' but holds plain text, not a Word document"),
        ("a.txt", b"GIF89a\x00", "named '.txt' but holds a GIF picture"),
        ("a.docx", b"PK\x03\x04broken", "Word document is damaged"),
        ("a.md", OLE2, "named '.md' but holds an Office file of an old format"),
    ],
)
def test_a_file_that_is_not_what_its_name_says(
    tmp_path: Path, name: str, data: bytes, match: str
) -> None:
    with pytest.raises(DamagedFile, match=match):
        registry.parse(write(tmp_path / name, data))


def test_another_zip_under_the_name_of_a_word_document(tmp_path: Path) -> None:
    with pytest.raises(DamagedFile, match="The Excel workbook is damaged"):
        registry.parse(zipped(tmp_path / "a.docx", "xl/workbook.xml"))


@pytest.mark.parametrize(
    ("name", "data", "match"),
    [
        ("a.log", b"a,b", r"named '.log' and holds plain text. Supported are PDF \(.pdf\), Word"),
        ("README", b"words", "without a suffix and holds plain text"),
        ("a.bin", b"\x00\x01", "holds binary data"),
        ("a.doc", OLE2 + "WordDocument".encode("utf-16-le"), "save it as .docx"),
        ("a.ppt", OLE2 + "PowerPoint Document".encode("utf-16-le"), "save it as .pptx"),
        ("a.xls", OLE2 + "Workbook".encode("utf-16-le"), "save it as .xlsx"),
        ("a.xyz", b"PK\x05\x06broken", "holds a damaged zip archive"),
    ],
)
def test_what_has_no_parser_is_named(tmp_path: Path, name: str, data: bytes, match: str) -> None:
    with pytest.raises(UnsupportedFile, match=match):
        registry.parse(write(tmp_path / name, data))


def test_an_old_format_says_what_to_save_it_as(tmp_path: Path) -> None:
    path = write(tmp_path / "a.doc", OLE2 + "WordDocument".encode("utf-16-le"))
    with pytest.raises(OldFormat, match="old format") as raised:
        registry.parse(path)
    assert raised.value.successor == "docx"


def test_an_archive_is_opened_and_never_parsed(tmp_path: Path) -> None:
    archive = zipped(tmp_path / "a.zip", "one.txt", "ppt.txt", "word/two.txt")
    with pytest.raises(LimitExceeded, match="unpack it"):
        registry.parse(archive)
    folder = tmp_path / "out"
    folder.mkdir()
    into = Unpacker(folder, Budget(), 1_000)
    assert registry.unpack(archive, into)
    assert [m.name for m in into.held().members] == ["one.txt", "ppt.txt", "word/two.txt"]
    assert not into.held().text
    assert not registry.unpack(write(tmp_path / "a.txt", b"words"), into)


def test_a_pdf_first_in_an_archive_does_not_make_it_a_pdf(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a.pdf", "%PDF-1.7")
    assert sniff(tmp_path / "a.zip", ".zip").key == "zip_archive"


@pytest.mark.parametrize("name", ["a.docx", "a.xlsx"])
def test_an_encrypted_office_file(tmp_path: Path, name: str) -> None:
    data = OLE2 + "EncryptedPackage".encode("utf-16-le")
    with pytest.raises(EncryptedFile, match="protected by a password"):
        registry.parse(write(tmp_path / name, data))


@pytest.mark.parametrize("name", ["a.txt", "a.pdf", "a.xyz"])
def test_an_empty_file_holds_no_text(tmp_path: Path, name: str) -> None:
    with pytest.raises(NoText, match="The file is empty"):
        registry.parse(write(tmp_path / name, b""))


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"Cannot read .*none\.txt"):
        registry.parse(tmp_path / "none.txt")


def test_the_suffixes_are_lower_case_with_their_dot() -> None:
    assert {".pdf", ".docx", ".md", ".html", ".htm", ".txt"} <= registry.SUFFIXES
    assert all(suffix == suffix.lower() and suffix[0] == "." for suffix in registry.SUFFIXES)


def outcome(path: Path) -> str:
    """Parse a file and name its error, or check what came out."""
    try:
        check_laws(registry.parse(path))
    except ParseError as error:
        return type(error).__name__
    return "read"


@pytest.mark.shared
def test_every_odd_file_ends_well(shared_data: Path) -> None:
    found = Counter(
        outcome(path)
        for path in sorted((shared_data / "torture").rglob("*"))
        if path.is_file() and path.suffix != ".pdf"
    )
    assert found["read"] > 130
    refused = {"UnsupportedFile", "EncryptedFile", "NoText", "EmptyFile", "OldFormat"}
    refused.add("LimitExceeded")
    assert set(found) == {"read", *refused}


def test_many_comments_before_no_tag_are_told_at_once(tmp_path: Path) -> None:
    file = write(tmp_path / "a.html", b"<!---->" * 500 + b"Water flows.")
    assert sniff(file, ".txt").key == "plain"
    page = write(tmp_path / "page.txt", b"<!---->\n<!-- a > b -- c -->" * 100 + b"<html><p>Water.")
    assert sniff(page, ".txt").key == "html"
