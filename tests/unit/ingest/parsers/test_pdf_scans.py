"""PDF pages that are pictures: told apart, recognised, and put where they stand."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy as np
import pypdfium2 as pdfium
import pytest
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from ingest.errors import NoText
from ingest.parsers.pdf import parse
from ingest.parsers.pdf_rules import Drawing
from ingest.parsers.pdf_scans import Look, judged, lines_of, look, oddness
from ingest.parsers.pdf_words import read_words
from ingest.parsers.tesseract import Found
from ingest.recognition import AGAIN, Recognition, reading_pictures
from tests.unit.ingest.parsers.test_pdf import Draw, assert_lawful, made, texts, write

SENTENCES = (
    "The support hub keeps what every country office has learned",
    "and answers in the language of the person who asks, with the",
    "page that each sentence was taken from.",
)


def typed(canvas: Canvas) -> None:
    write(canvas, 72, 160, *SENTENCES, font="Times-Roman", size=14)


def picture(folder: Path, draw: Draw = typed, *, turn: int = 0) -> Image.Image:
    """Return a page as a scanner would see it, turned clockwise by quarter turns."""
    with pdfium.PdfDocument(made(folder, draw, name="typed.pdf")) as document:
        return document[0].render(scale=200 / 72, grayscale=True, rotation=90 * turn).to_pil()


def scanned(image: Image.Image, *, stamp: str = "", hidden: tuple[str, ...] = ()) -> Draw:
    def draw(canvas: Canvas) -> None:
        stream = BytesIO()
        image.convert("L").save(stream, "PNG")
        width, height = (side * 72 / 200 for side in image.size)
        canvas.setPageSize((width, height))
        canvas.drawImage(ImageReader(stream), 0, 0, width, height)
        if stamp:
            write(canvas, 30, 20, stamp, size=6)
        if hidden:
            text = canvas.beginText(72, 700)
            text.setTextRenderMode(3)
            text.setFont("Helvetica", 10)
            for line in hidden:
                text.textLine(line)
            canvas.drawText(text)

    return draw


def looked(path: Path) -> list[Look]:
    with pdfium.PdfDocument(path) as document:
        return [
            look(read_words(document[i], i, 10_000), Drawing(document[i]))
            for i in range(len(document))
        ]


def test_pages_are_told_apart(tmp_path: Path) -> None:
    image = Image.new("L", (1654, 2339), 255)
    poor = ("The rneeting of tlie C0mmittee in Juiy l982 vvas heId with Mr. AIves.",) * 4
    path = made(
        tmp_path,
        typed,
        lambda canvas: None,
        scanned(image),
        scanned(image, stamp="Kept by the library"),
        scanned(image, hidden=SENTENCES),
        scanned(image, hidden=poor),
    )
    assert looked(path) == [
        Look.TEXT,
        Look.BLANK,
        Look.PICTURE,
        Look.PICTURE,
        Look.LAYER,
        Look.POOR,
    ]


def test_one_poor_layer_of_few_makes_the_others_poor() -> None:
    assert judged([Look.LAYER, Look.POOR, Look.TEXT]) == [Look.POOR, Look.POOR, Look.TEXT]
    assert judged([Look.LAYER] * 9 + [Look.POOR]) == [Look.LAYER] * 9 + [Look.POOR]
    assert judged([Look.LAYER, Look.TEXT]) == [Look.LAYER, Look.TEXT]


@pytest.mark.parametrize(
    "text",
    [
        "The Secretary-General's note A/39/361 of 25 July 1984 (see www.example.org/a)",
        "l’intégration et l'État, aujourd’hui; Bosnia-Herzegovina and the IOM–UNDP office",
    ],
)
def test_what_people_write_is_not_odd(text: str) -> None:
    assert oddness(text) == 0


def test_what_machines_misread_is_odd() -> None:
    assert oddness("prelinj.nary consulEations with Under-Secretary-Genera1 expLore") > 0.5


def test_words_of_one_line_are_one_line_in_points() -> None:
    found = [
        Found("Support", 100, 200, 190, 230, 0.9, (1, 1, 1)),
        Found("hub", 200, 200, 240, 230, 0.6, (1, 1, 1)),
        Found("co-", 100, 240, 140, 270, 0.8, (1, 1, 2)),
    ]
    first, second = lines_of(found, 2.0, 4)
    assert (first.text, first.page) == ("Support hub", 4)
    assert (first.x0, first.y0, first.x1, first.y1) == (50, 100, 120, 115)
    assert first.confidence == pytest.approx((7 * 0.9 + 3 * 0.6) / 10)
    assert second.hyphen


def test_without_tesseract_the_pages_and_the_remedy_are_named(tmp_path: Path) -> None:
    scan = scanned(picture(tmp_path))
    parsed = parse(made(tmp_path, typed, scan, scan))
    assert [page.has_text for page in parsed.pages] == [True, False, False]
    (warning,) = parsed.warnings
    assert "pages 2–3" in warning
    assert "install tesseract-ocr" in warning
    assert AGAIN in warning


def test_a_scan_without_tesseract_says_what_to_install(tmp_path: Path) -> None:
    path = made(tmp_path, scanned(picture(tmp_path)))
    with pytest.raises(NoText, match="install tesseract-ocr"):
        parse(path)
    with (
        reading_pictures(Recognition(on=False)),
        pytest.raises(NoText, match=r"off \(MMSEARCH_OCR\)"),
    ):
        parse(path)


def test_a_page_without_anything_is_no_scan(tmp_path: Path) -> None:
    parsed = parse(made(tmp_path, typed, lambda canvas: None))
    assert parsed.warnings == ("Nothing is on page 2.",)


def test_a_scan_inside_a_good_file_is_read_where_it_stands(
    tmp_path: Path, tesseract: Recognition
) -> None:
    beats = []
    how = replace(tesseract, beat=lambda: beats.append(1))
    path = made(tmp_path, typed, scanned(picture(tmp_path)))
    with reading_pictures(how):
        parsed = parse(path)
    assert_lawful(parsed)
    first, second = texts(parsed)
    assert second == first == " ".join(SENTENCES)
    assert [block.ocr is None for block in parsed.blocks] == [True, False]
    assert parsed.blocks[1].ocr > 0.85
    assert parsed.warnings == ("Text recognition read page 2.",)
    assert beats == [1]
    real, read = (parsed.words[parsed.words["page"] == page] for page in (0, 1))
    for side in ("x0", "x1"):
        np.testing.assert_allclose(read[side], real[side], atol=2.5)
    middles = [(words["y0"] + words["y1"]) / 2 for words in (real, read)]
    np.testing.assert_allclose(*middles, atol=5)


def test_a_scan_on_its_side_is_turned_and_its_boxes_are_not(
    tmp_path: Path, tesseract: Recognition
) -> None:
    def draw(canvas: Canvas) -> None:
        for i in range(3):
            write(canvas, 72, 160 + 90 * i, *SENTENCES, font="Times-Roman", size=14)

    path = made(tmp_path, scanned(picture(tmp_path, draw, turn=1)))
    with reading_pictures(tesseract):
        parsed = parse(path)
    assert " ".join(SENTENCES) in parsed.text
    page = parsed.pages[0]
    assert page.width > page.height
    words = parsed.words
    assert (words["x1"] <= page.width).all()
    assert (words["y1"] <= page.height).all()
    tall = (words["y1"] - words["y0"]) > (words["x1"] - words["x0"])
    assert tall.mean() > 0.8


def test_a_page_that_cannot_be_read_in_time_is_named(tmp_path: Path) -> None:
    slow = tmp_path / "slow"
    slow.write_text("#!/bin/sh\nexec /bin/sleep 60\n")
    slow.chmod(0o755)
    how = Recognition(str(slow), frozenset({"eng"}), page_seconds=0.2)
    path = made(tmp_path, typed, scanned(picture(tmp_path)))
    with reading_pictures(how):
        (warning,) = parse(path).warnings
    assert "page 2" in warning
    assert "more than 0.2 s" in warning
