from __future__ import annotations

import io
import zipfile
from pathlib import Path

import docx
import numpy as np
import pytest
from PIL import Image
from pptx import Presentation
from pptx.util import Pt

from ingest.errors import DamagedFile, NoText
from ingest.parsers import docx as word
from ingest.parsers import pptx
from ingest.parsers.pictures import Pictures, looks_written, paragraphs
from ingest.parsers.registry import parse
from ingest.parsers.tesseract import Found
from ingest.recognition import AGAIN, Recognition, reading_pictures
from tests.unit.ingest.parsers.laws import check_laws, texts
from tests.unit.ingest.parsers.test_odf import write as open_document
from tests.unit.ingest.parsers.test_pdf_scans import SENTENCES, picture


def photograph() -> Image.Image:
    """Return greys that run into each other, as those of a landscape do."""
    across, down = np.meshgrid(np.arange(900), np.arange(600))
    grey = 127 + 90 * np.sin(across / 70) * np.cos(down / 50) + (across * 7 + down * 13) % 30
    return Image.fromarray(np.clip(grey, 0, 255).astype(np.uint8))


def stored(image: Image.Image) -> io.BytesIO:
    stream = io.BytesIO()
    image.save(stream, "PNG")
    stream.seek(0)
    return stream


@pytest.fixture
def scan(tmp_path: Path) -> Image.Image:
    return picture(tmp_path)


def test_a_page_is_told_from_a_photograph(scan: Image.Image) -> None:
    assert looks_written(scan)
    assert not looks_written(photograph())
    assert not looks_written(Image.new("L", (900, 600), 255))


@pytest.mark.parametrize(
    "data", [b"", b"\x89PNG\r\n\x1a\n broken", stored(Image.new("L", (300, 90), 255)).read()]
)
def test_what_cannot_be_read_or_is_too_small_says_nothing(data: bytes) -> None:
    pictures = Pictures(list)
    assert pictures.pieces(data, 3) == []
    assert pictures.warnings("slide") == []


def test_words_are_joined_to_paragraphs() -> None:
    found = [
        Found("Sup-", 0, 0, 9, 9, 0.8, (1, 1, 1)),
        Found("port", 0, 9, 9, 18, 0.9, (1, 1, 2)),
        Found("hub", 9, 9, 18, 18, 1.0, (1, 1, 2)),
        Found("Next", 0, 40, 9, 49, 0.5, (1, 2, 1)),
    ]
    (first, sure), second = paragraphs(found)
    assert (first, round(sure, 2), second) == ("Support hub", 0.89, ("Next", 0.5))


def test_a_scan_in_word_is_named_where_it_cannot_be_read(tmp_path: Path, scan: Image.Image) -> None:
    path = tmp_path / "a.docx"
    document = docx.Document()
    document.add_picture(stored(scan))
    document.save(str(path))
    with pytest.raises(NoText, match="only pictures that text may stand on"):
        word.parse(path)
    document.add_paragraph("Words of its own.")
    document.save(str(path))
    (warning,) = word.parse(path).warnings
    assert warning.startswith("Text may stand on pictures (paragraph 1)")
    assert AGAIN in warning


def test_a_scan_in_word_is_read_in_its_place(
    tmp_path: Path, scan: Image.Image, tesseract: Recognition
) -> None:
    path = tmp_path / "a.docx"
    document = docx.Document()
    document.add_paragraph("Before.")
    document.add_picture(stored(scan))
    table = document.add_table(2, 2)
    for cell, text in zip([c for row in table.rows for c in row.cells], "abcd", strict=True):
        cell.text = text
    table.cell(1, 1).paragraphs[0].add_run().add_picture(stored(scan), width=docx.shared.Cm(6))
    document.add_paragraph("Behind.")
    document.save(str(path))
    with reading_pictures(tesseract):
        parsed = word.parse(path)
    check_laws(parsed)
    said = " ".join(SENTENCES)
    assert texts(parsed) == ["Before.", said, "a | b", "c | d", said, "Behind."]
    sure = [block.ocr for block in parsed.blocks]
    assert [one is not None and one > 0.8 for one in sure] == [
        False,
        True,
        False,
        False,
        True,
        False,
    ]
    assert parsed.warnings == ()


def test_a_scan_on_a_slide_is_read(
    tmp_path: Path, scan: Image.Image, tesseract: Recognition
) -> None:
    path = tmp_path / "a.pptx"
    deck = Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[6])
    slide.shapes.add_picture(stored(scan), 0, 0, Pt(400))
    slide.shapes.add_picture(stored(photograph()), 0, Pt(500), Pt(400))
    deck.save(str(path))
    with reading_pictures(tesseract):
        parsed = pptx.parse(path)
    assert texts(parsed) == [" ".join(SENTENCES)]
    assert (parsed.blocks[0].first, parsed.blocks[0].ocr is not None) == (1, True)


def test_a_scan_kept_as_a_picture_is_a_document(
    tmp_path: Path, scan: Image.Image, tesseract: Recognition
) -> None:
    path = tmp_path / "minutes.tif"
    scan.save(path, save_all=True, append_images=[scan])
    with pytest.raises(NoText, match="install tesseract-ocr"):
        parse(path)
    with reading_pictures(tesseract):
        parsed = parse(path)
    check_laws(parsed)
    assert texts(parsed) == [" ".join(SENTENCES)] * 2
    assert [block.first for block in parsed.blocks] == [1, 2]
    photo = tmp_path / "photo.jpg"
    photograph().save(photo)
    with reading_pictures(tesseract), pytest.raises(NoText, match="No text stands on the picture"):
        parse(photo)
    photo.write_bytes(b"\xff\xd8\xff broken")
    with pytest.raises(DamagedFile, match="cannot be opened"):
        parse(photo)


def test_a_scan_in_an_open_document_is_read_in_its_place(
    tmp_path: Path, scan: Image.Image, tesseract: Recognition
) -> None:
    frame = (
        '<draw:frame><draw:image xmlns:xlink="http://www.w3.org/1999/xlink" '
        'xlink:href="Pictures/1.png"/></draw:frame>'
    )
    body = f"<text:p>Before.</text:p><text:p>With {frame}a scan.</text:p><text:p>Behind.</text:p>"
    path = open_document(tmp_path, "text", body)
    with zipfile.ZipFile(path, "a") as package:
        package.writestr("Pictures/1.png", stored(scan).read())
    (warning,) = parse(path).warnings
    assert warning.startswith("Text may stand on pictures (paragraph 2)")
    with reading_pictures(tesseract):
        parsed = parse(path)
    assert texts(parsed) == ["Before.", "With a scan.", " ".join(SENTENCES), "Behind."]
    assert [block.first for block in parsed.blocks] == [1, 2, 2, 3]
    assert [block.ocr is not None for block in parsed.blocks] == [False, False, True, False]
