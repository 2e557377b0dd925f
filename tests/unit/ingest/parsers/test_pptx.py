from __future__ import annotations

import re
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Inches

from ingest.errors import DamagedFile, LimitExceeded, NoText
from ingest.parsers import package_limits
from ingest.parsers import pptx as parser
from ingest.types import BlockKind, ParsedDocument, Unit
from tests.unit.ingest.parsers.laws import check_laws, texts

BOX = (Inches(1), Inches(1), Inches(4), Inches(1))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "deck.pptx"


@pytest.fixture
def deck() -> Any:
    return Presentation()


def parsed(deck: Any, file: Path) -> ParsedDocument:
    deck.save(str(file))
    document = parser.parse(file)
    check_laws(document, places=len(deck.slides))
    assert document.unit is Unit.SLIDE
    return document


def slide(deck: Any, layout: int = 5, title: str = "") -> Any:
    made = deck.slides.add_slide(deck.slide_layouts[layout])
    if title:
        made.shapes.title.text = title
    return made


def test_titles_bodies_and_notes(deck: Any, file: Path) -> None:
    slide(deck, 0, "Migration in Moldova").placeholders[1].text = "A short course"
    body = slide(deck, 1, "What we learned")
    frame = body.placeholders[1].text_frame
    frame.text = "Plan early"
    frame.add_paragraph().text = "Ask the diaspora"
    body.notes_slide.notes_text_frame.text = "Tell the story of Cahul."
    document = parsed(deck, file)
    rows = [
        (b.kind.value, b.level, b.first, document.text[b.start : b.end]) for b in document.blocks
    ]
    assert rows == [
        ("heading", 1, 1, "Migration in Moldova"),
        ("paragraph", 0, 1, "A short course"),
        ("heading", 2, 2, "What we learned"),
        ("list_item", 0, 2, "Plan early"),
        ("list_item", 0, 2, "Ask the diaspora"),
        ("paragraph", 0, 2, "Tell the story of Cahul."),
    ]
    assert document.blocks[-1].context == parser.NOTES


def test_shapes_are_read_from_top_to_bottom_and_groups_too(deck: Any, file: Path) -> None:
    made = slide(deck)
    group = made.shapes.add_group_shape()
    group.shapes.add_textbox(Inches(1), Inches(4), Inches(2), Inches(1)).text_frame.text = "low"
    inner = group.shapes.add_group_shape()
    inner.shapes.add_textbox(Inches(1), Inches(3), Inches(2), Inches(1)).text_frame.text = "deep"
    made.shapes.add_textbox(Inches(5), Inches(1), Inches(2), Inches(1)).text_frame.text = "right"
    made.shapes.add_textbox(Inches(1), Inches(1), Inches(2), Inches(1)).text_frame.text = "left"
    assert texts(parsed(deck, file)) == ["left", "right", "deep", "low"]


def test_a_table_with_merged_cells(deck: Any, file: Path) -> None:
    table = slide(deck).shapes.add_table(3, 3, *BOX).table
    for at, text in enumerate(["Country", "Year", "Spent", "Serbia", "2020", "5", "", "2021", "7"]):
        table.cell(at // 3, at % 3).text = text
    table.cell(1, 0).merge(table.cell(2, 0))
    assert texts(parsed(deck, file), BlockKind.TABLE_ROW) == [
        "Country: Serbia | Year: 2020 | Spent: 5",
        "Country: Serbia | Year: 2021 | Spent: 7",
    ]


def test_a_charts_title_and_values(deck: Any, file: Path) -> None:
    data = CategoryChartData()
    data.categories = ["2020", "2021"]
    data.add_series("Women", (10, 12.5))
    data.add_series("Men", (8, None))
    chart = slide(deck).shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, *BOX, data).chart
    chart.has_title = True
    chart.chart_title.text_frame.text = "Returnees"
    document = parsed(deck, file)
    said = ["Returnees", "2020 | Women: 10 | Men: 8", "2021 | Women: 12.5"]
    assert texts(document) == said
    (name,) = [part for part in zipfile.ZipFile(file).namelist() if part.startswith("ppt/charts/c")]
    rewrite(file, name, lambda xml: xml.replace("barChart", "bar3DChart"))
    assert texts(parser.parse(file)) == said


def test_a_slide_that_is_broken_costs_no_other(deck: Any, file: Path) -> None:
    slide(deck, 5, "First")
    slide(deck, 5, "Second").shapes.add_table(1, 1, *BOX).table.cell(0, 0).text = "cell"
    slide(deck, 5, "Third")
    deck.save(str(file))
    rewrite(file, "ppt/slides/slide2.xml", lambda xml: xml.replace("<a:tc>", '<a:tc gridSpan="x">'))
    document = parser.parse(file)
    assert {"First", "Second", "Third"} <= set(texts(document))
    assert document.warnings == ("A part of slide 2 is broken and was left out.",)


def rewrite(file: Path, part: str, change: Any) -> None:
    with zipfile.ZipFile(file) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    parts[part] = change(parts[part].decode()).encode()
    with zipfile.ZipFile(file, "w") as package:
        for name, data in parts.items():
            package.writestr(name, data)


def test_a_damaged_picture_costs_no_text(deck: Any, file: Path, tmp_path: Path) -> None:
    picture = tmp_path / "map.png"
    Image.new("RGB", (8, 8), "red").save(picture)
    slide(deck, 5, "First").shapes.add_picture(str(picture), *BOX[:2])
    deck.save(str(file))
    with zipfile.ZipFile(file) as package:
        (entry,) = (e for e in package.infolist() if e.filename.endswith(".png"))
    data = bytearray(file.read_bytes())
    data[entry.header_offset + 30 + len(entry.filename) + 12] ^= 0xFF
    file.write_bytes(data)
    document = parser.parse(file)
    assert texts(document) == ["First"]
    assert document.warnings == ("1 pictures or sounds are damaged.",)


def test_the_files_own_properties(deck: Any, file: Path) -> None:
    slide(deck, 5, "T")
    deck.core_properties.title = "PowerPoint Presentation"
    deck.core_properties.author = "Ana"
    assert parsed(deck, file).properties["author"] == "Ana"
    assert "title" not in parser.parse(file).properties


def test_an_empty_deck_holds_no_text(deck: Any, file: Path) -> None:
    deck.save(str(file))
    with pytest.raises(NoText, match="holds no text"):
        parser.parse(file)


def test_a_deck_that_was_cut(deck: Any, file: Path) -> None:
    deck.save(str(file))
    file.write_bytes(file.read_bytes()[:5000])
    with pytest.raises(DamagedFile, match="PowerPoint presentation is damaged"):
        parser.parse(file)


def test_entities_are_not_resolved(deck: Any, file: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("hush")
    slide(deck, 5, "Title")
    deck.save(str(file))
    head = f'<!DOCTYPE x [<!ENTITY e SYSTEM "{secret.as_uri()}">]>'
    rewrite(
        file,
        "ppt/slides/slide1.xml",
        lambda xml: re.sub(r"(<\?xml.*?\?>)", r"\1" + head, xml).replace("Title</", "&e;</"),
    )
    with suppress(NoText, DamagedFile):
        assert "hush" not in parser.parse(file).text


def test_a_bomb_is_refused(deck: Any, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deck.save(str(file))
    monkeypatch.setattr(package_limits, "MAX_UNPACKED", 1_000)
    with pytest.raises(LimitExceeded, match="unpacks from"):
        parser.parse(file)
