"""PDF files that lost their end, or the way to their pages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ingest.errors import DamagedFile
from ingest.parsers.pdf import parse
from ingest.parsers.pdf_salvage import salvaged
from tests.unit.ingest.parsers.test_pdf import PARAGRAPH, assert_lawful, made, texts, write


def whole(folder: Path) -> bytes:
    pages = [lambda c, n=n: write(c, 72, 200, f"Page {n} of the hub.", *PARAGRAPH) for n in (1, 2)]
    return made(folder, *pages).read_bytes()


def damaged(folder: Path, data: bytes) -> Path:
    path = folder / "damaged.pdf"
    path.write_bytes(data)
    return path


def test_pages_are_read_without_catalogue_and_trailer(tmp_path: Path) -> None:
    data = whole(tmp_path)
    data = data[: data.rindex(b"xref\n", 0, data.rindex(b"startxref"))]
    data = re.sub(rb"/Type /(Catalog|Pages)\b", rb"/Type /Lost", data)
    parsed = parse(damaged(tmp_path, data))
    assert_lawful(parsed)
    assert "damaged" in parsed.warnings[0]
    body = " ".join(PARAGRAPH)
    assert texts(parsed) == ["Page 1 of the hub.", body, "Page 2 of the hub.", body]


def test_nothing_is_made_of_a_file_without_pages() -> None:
    assert salvaged(b"%PDF-1.4\n1 0 obj\n<</Type/Font>>\nendobj\n") is None
    assert salvaged(b"no objects at all") is None


def test_a_file_of_which_nothing_is_left_is_damaged(tmp_path: Path) -> None:
    with pytest.raises(DamagedFile, match="cannot be read as a PDF"):
        parse(damaged(tmp_path, whole(tmp_path)[:200]))


def test_a_long_run_of_line_ends_is_looked_through_once() -> None:
    page = b"1 0 obj\n<</Type/Page>>\nendobj"
    made = salvaged(b"%PDF-1.4" + b"\n" * 300_000 + b"% \r \t" + page)
    assert made is not None
    assert b"/Kids[1 0 R]" in made
