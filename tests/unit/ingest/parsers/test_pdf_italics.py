from __future__ import annotations

from pathlib import Path

import pytest

from ingest.parsers.pdf import parse
from ingest.parsers.pdf_headings import classify
from ingest.parsers.pdf_italics import italic_titles
from ingest.parsers.pdf_text import Draft
from ingest.types import BlockKind
from tests.unit.ingest.parsers.test_pdf import Canvas, assert_lawful, made, texts, write
from tests.unit.ingest.parsers.test_pdf_parts import line

BODY = "The offices say that the money arrived late in every year of the programme."


def draft(text: str, *, italic: bool = False, bold: bool = False, size: float = 10) -> Draft:
    one = line(text, size=size)
    one.italic, one.bold, one.bold_end = italic, bold, bold
    return Draft(BlockKind.PARAGRAPH, [("", [one])])


def found(*drafts: Draft) -> list[str]:
    rest = [draft(BODY) for _ in range(8)]
    chosen = italic_titles([*drafts, *rest], 10.0)
    return [one.text for one in drafts if id(one) in chosen]


def test_a_short_line_in_italics_above_text_is_a_heading() -> None:
    title = draft("Vendor sanctions and what came of them", italic=True)
    assert found(title, draft(BODY)) == [title.text]


@pytest.mark.parametrize(
    "text",
    [
        "The Executive Board",
        "The Economic and Social Council",
        "11 February 2025",
        "Source : les évaluateurs",
        "Page",
        "of the regions, and of the towns in them",
        "It is late.",
        "Takes note of the report,",
        " ".join(["Words"] * 40),
    ],
)
def test_other_lines_in_italics_are_none(text: str) -> None:
    assert found(draft(text, italic=True), draft(BODY)) == []


def test_lines_that_follow_one_another_small_print_and_quotes_are_none() -> None:
    first, second = draft("First regular session", italic=True), draft("Of 2025", italic=True)
    assert found(first, second, draft(BODY, italic=True)) == []
    assert found(draft("A note to the table", italic=True, size=8), draft(BODY)) == []


def test_a_paper_in_italics_has_no_headings_by_them() -> None:
    title = draft("Vendor sanctions", italic=True)
    whole = [title, draft(BODY), *(draft(BODY, italic=True) for _ in range(4))]
    assert italic_titles(whole, 10.0) == set()


def test_they_stand_below_all_other_headings_and_captions_stay() -> None:
    drafts = [
        draft("II. What was found", bold=True, size=14),
        draft("A. Sanctions", bold=True),
        draft("Vendor sanctions", italic=True),
        draft(BODY),
        draft("Table 1. Sanctions by year", italic=True),
        *(draft(BODY) for _ in range(8)),
    ]
    classify(drafts, 10.0, {})
    heading, plain = BlockKind.HEADING, BlockKind.PARAGRAPH
    kinds = [heading, heading, heading, plain, BlockKind.CAPTION, plain]
    assert [one.kind for one in drafts[:6]] == kinds
    assert [one.level for one in drafts[:3]] == [1, 2, 3]


def test_italics_are_read_from_the_fonts_of_a_file(tmp_path: Path) -> None:
    def page(canvas: Canvas) -> None:
        y = write(canvas, 72, 90, "Vendor sanctions", font="Helvetica-Oblique", size=10)
        for _ in range(6):
            y = write(canvas, 72, y + 12, BODY, size=10)

    parsed = parse(made(tmp_path, page))
    assert_lawful(parsed)
    assert texts(parsed, BlockKind.HEADING) == ["Vendor sanctions"]
