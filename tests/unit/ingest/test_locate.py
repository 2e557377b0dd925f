from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from ingest.locate import locate
from ingest.passages import cut
from ingest.types import (
    WORD_DTYPE,
    Block,
    BlockKind,
    Locator,
    Page,
    PageArea,
    ParsedDocument,
    Rect,
    Unit,
)
from tests.unit.ingest.documents import count_tokens, document
from tests.unit.ingest.test_passages import documents

PARSED = document(("h1", "One"), ("p", "Intro."), ("h2", "Sub"), ("p", "Body."), ("h1", "Two"))


def where(parsed: ParsedDocument, part: str) -> Locator:
    start = parsed.text.index(part)
    return locate(
        start, start + len(part), text=parsed.text, blocks=parsed.blocks, unit=parsed.unit
    )


@pytest.mark.parametrize(
    ("part", "path", "first", "last"),
    [
        ("One", ("One",), 1, 1),
        ("Intro", ("One",), 2, 2),
        ("Body", ("One", "Sub"), 4, 4),
        ("Sub\nBody", ("One", "Sub"), 3, 4),
        ("Two", ("Two",), 5, 5),
        ("Intro.\nSub\nBody", ("One",), 2, 4),
    ],
)
def test_a_span_has_the_headings_and_places_of_its_blocks(
    part: str, path: tuple[str, ...], first: int, last: int
) -> None:
    assert where(PARSED, part) == Locator(Unit.PARAGRAPH, first, last, path)


@given(documents)
@settings(deadline=None, max_examples=30)
def test_a_passage_and_its_locator_agree_on_the_headings(parsed: ParsedDocument) -> None:
    for passage in cut(parsed, title="T", count_tokens=count_tokens):
        found = locate(
            passage.start, passage.end, text=parsed.text, blocks=parsed.blocks, unit=parsed.unit
        )
        assert found.heading_path == passage.heading_path


def pdf(*rows: tuple[str, int, float, float, float, float]) -> ParsedDocument:
    """Make a one-paragraph PDF of (word, page, x0, y0, x1, y1)."""
    text = ""
    words = []
    for word, *box in rows:
        start = len(text) + (1 if text else 0)
        text = f"{text} {word}" if text else word
        words.append((start, start + len(word), *box))
    pages = tuple(Page(n, label, 600, 800) for n, label in enumerate(["i", "ii", "1"]))
    blocks = (Block(BlockKind.PARAGRAPH, 0, len(text), 1, 3),)
    return ParsedDocument(text, blocks, Unit.PAGE, pages, np.array(words, dtype=WORD_DTYPE))


PDF = pdf(
    ("alpha", 0, 10, 700, 40, 712),
    ("beta", 0, 44, 702, 70, 714),
    ("gamma", 0, 10, 720, 40, 732),
    ("delta", 1, 10, 50, 40, 62),
)


def on_page(parsed: ParsedDocument, part: str) -> Locator:
    start = parsed.text.index(part)
    return locate(
        start,
        start + len(part),
        text=parsed.text,
        blocks=parsed.blocks,
        unit=parsed.unit,
        pages=parsed.pages,
        words=parsed.words,
    )


def test_words_on_one_line_are_one_rectangle() -> None:
    assert on_page(PDF, "alpha beta gamma").pages == (
        PageArea(0, "i", (Rect(10, 700, 70, 714), Rect(10, 720, 40, 732))),
    )


def test_part_of_a_word_has_the_whole_words_box() -> None:
    assert on_page(PDF, "et").pages == (PageArea(0, "i", (Rect(44, 702, 70, 714),)),)


def test_a_span_over_a_page_break_has_both_pages() -> None:
    found = on_page(PDF, "gamma delta")
    assert [(area.index, area.label) for area in found.pages] == [(0, "i"), (1, "ii")]
    assert (found.first, found.last) == (1, 2)


def test_a_span_after_the_page_break_has_only_its_own_page() -> None:
    found = on_page(PDF, "delta")
    assert (found.first, found.last) == (2, 2)


def test_a_span_without_words_falls_back_to_its_block() -> None:
    found = locate(5, 6, text=PDF.text, blocks=PDF.blocks, unit=PDF.unit, words=PDF.words)
    assert (found.first, found.last, found.pages) == (1, 3, ())


def test_a_page_without_an_entry_has_no_label() -> None:
    found = locate(0, 5, text=PDF.text, blocks=PDF.blocks, unit=PDF.unit, words=PDF.words)
    assert found.pages[0].label == ""


def test_white_space_between_blocks_stands_where_the_block_before_it_stands() -> None:
    at = PARSED.text.index("\nSub")
    found = locate(at, at + 1, text=PARSED.text, blocks=PARSED.blocks, unit=PARSED.unit)
    assert (found.first, found.heading_path) == (2, ("One",))


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (3, 2), (0, 999)])
def test_a_span_outside_the_text_is_refused(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="is not within the text"):
        locate(start, end, text=PARSED.text, blocks=PARSED.blocks, unit=PARSED.unit)


def test_a_document_without_blocks_has_a_place_all_the_same() -> None:
    assert locate(0, 0, text="", blocks=(), unit=Unit.LINE) == Locator(Unit.LINE, 1, 1)


def test_a_tilted_line_has_rectangles_that_leave_its_neighbours_alone() -> None:
    tilted = pdf(
        *((f"w{n}", 0, 30.0 * n, 100 + 1.5 * n, 30.0 * n + 25, 110 + 1.5 * n) for n in range(9))
    )
    rects = (
        locate(
            0,
            len(tilted.text),
            text=tilted.text,
            blocks=tilted.blocks,
            unit=tilted.unit,
            pages=tilted.pages,
            words=tilted.words,
        )
        .pages[0]
        .rects
    )
    assert len(rects) > 1
    assert max(rect.y1 - rect.y0 for rect in rects) <= 12
    assert (rects[0].x0, rects[-1].x1) == (0, 265)
