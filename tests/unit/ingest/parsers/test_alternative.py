from __future__ import annotations

from pathlib import Path

import docx
import pytest
from PIL import Image
from pptx import Presentation
from pptx.util import Inches

from ingest.parsers import docx as word
from ingest.parsers import html
from ingest.parsers import pptx as slides
from ingest.parsers.alternative import LABEL, Alternatives, describes, unrepeated
from ingest.parsers.assemble import Piece
from ingest.types import BlockKind, ParsedDocument
from tests.unit.ingest.parsers.laws import check_laws, texts

SAID = "Map of the five regions with the number of returnees in each"
OTHER = "Bars that show how remittances fell between 2019 and 2021"


@pytest.fixture
def picture(tmp_path: Path) -> str:
    path = tmp_path / "map.png"
    Image.new("RGB", (20, 20), "navy").save(path)
    return str(path)


def captions(document: ParsedDocument) -> list[str]:
    return [
        document.text[b.start : b.end]
        for b in document.blocks
        if b.kind is BlockKind.CAPTION and b.context == LABEL
    ]


@pytest.mark.parametrize(
    "text",
    [
        SAID,
        "Carte des cinq régions et nombre de personnes rentrées dans chacune",
        "خريطة المناطق الخمس وعدد العائدين في كل منها",
        "পাঁচটি অঞ্চলের মানচিত্র এবং প্রতিটিতে ফিরে আসা মানুষের সংখ্যা",
    ],
)
def test_what_a_person_says_of_a_picture_describes_it(text: str) -> None:
    assert describes(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Picture 1",
        "Logo of the project",
        "a b c d e f g",
        "Screen shot of 12 May 2021 at 10.22.png",
        "https://example.org/a page with a very long name",
        "A group of people sitting around a table\n\nDescription automatically generated",
        "Un grupo de personas en una mesa. El contenido generado por IA puede ser incorrecto.",
        "Des personnes autour d'une table. Description générée automatiquement",
    ],
)
def test_names_files_and_guesses_describe_nothing(text: str) -> None:
    assert not describes(text)


def test_a_text_is_said_once_and_not_where_it_stands_anyway() -> None:
    made = Alternatives()
    (first,) = made.pieces(f"  {SAID}\n", 3)
    assert (first.text, first.first, first.context) == (SAID, 3, LABEL)
    assert made.pieces(SAID, 4) == []
    beside = Piece(BlockKind.CAPTION, f"Figure 2: {SAID}.", 3, 3)
    assert unrepeated([first, beside]) == [beside]
    far = [Piece(BlockKind.PARAGRAPH, "Something else", 3, 3)] * 3
    assert unrepeated([first, *far, beside]) == [first, *far, beside]


def test_pictures_of_a_word_document(tmp_path: Path, picture: str) -> None:
    document = docx.Document()
    for described in (SAID, "Picture 2", OTHER):
        paragraph = document.add_paragraph(f"Before {described[:3]}. ")
        shape = paragraph.add_run().add_picture(picture)
        shape._inline.docPr.set("descr", described)
    path = tmp_path / "report.docx"
    document.save(str(path))
    parsed = word.parse(path)
    check_laws(parsed)
    assert texts(parsed) == ["Before Map.", SAID, "Before Pic.", "Before Bar.", OTHER]
    assert captions(parsed) == [SAID, OTHER]
    assert [b.first for b in parsed.blocks] == [1, 1, 2, 3, 3]


def test_a_picture_in_a_word_table_is_described_behind_it(tmp_path: Path, picture: str) -> None:
    document = docx.Document()
    table = document.add_table(2, 2)
    for cell, text in zip(table._cells, ("Region", "Place", "North", "here"), strict=True):
        cell.text = text
    shape = table.cell(1, 1).paragraphs[0].add_run().add_picture(picture)
    shape._inline.docPr.set("descr", SAID)
    path = tmp_path / "table.docx"
    document.save(str(path))
    assert texts(word.parse(path))[-1] == SAID


def test_pictures_and_groups_of_a_presentation(tmp_path: Path, picture: str) -> None:
    deck = Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[5])
    slide.shapes.title.text = "Where they returned to"
    drawn = slide.shapes.add_picture(picture, Inches(1), Inches(3))
    drawn._element.nvPicPr.cNvPr.set("descr", SAID)
    slide.shapes.add_picture(picture, Inches(3), Inches(3))  # python-pptx says its file's name
    group = slide.shapes.add_group_shape()
    group.shapes.add_textbox(Inches(1), Inches(5), Inches(4), Inches(1)).text_frame.text = "2021"
    group._element.nvGrpSpPr.cNvPr.set("descr", OTHER)
    path = tmp_path / "deck.pptx"
    deck.save(str(path))
    parsed = slides.parse(path)
    check_laws(parsed)
    assert texts(parsed) == ["Where they returned to", SAID, "2021", OTHER]
    assert captions(parsed) == [SAID, OTHER]


def test_pictures_of_a_page(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(
        f"<nav><img alt='{OTHER} in the menu'></nav><main><p>One paragraph\n"
        f"that <img src=x alt='{SAID}'> goes on\nover lines.</p>"
        f"<table><tr><th>Year<th>Chart<tr><td>2021<td><img alt='{OTHER}'>fell</table>"
        f"<figure><img alt='{SAID} alone'><figcaption>{SAID} alone.</figcaption></figure>"
        "<p>The end. <img alt='Picture 7'></p></main>",
        encoding="utf-8",
    )
    parsed = html.parse(path)
    check_laws(parsed)
    assert captions(parsed) == [SAID, OTHER]
    assert texts(parsed)[:2] == ["One paragraph that goes on over lines.", SAID]
    assert texts(parsed)[-3:] == [OTHER, f"{SAID} alone.", "The end."]
