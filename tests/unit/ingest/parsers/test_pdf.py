"""Reading PDF files: text, blocks, words and refusals, on documents made here."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pypdfium2 as pdfium
import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, NameObject, NumberObject, RectangleObject, TextStringObject
from reportlab.lib.colors import black
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from ingest.errors import DamagedFile, EncryptedFile, LimitExceeded, NoText
from ingest.parsers.pdf import MAX_PAGES, parse
from ingest.parsers.pdf_place import Placement
from ingest.parsers.pdf_second import second_try
from ingest.types import Block, BlockKind, ParsedDocument, Unit

HEIGHT = A4[1]
Draw = Callable[[Canvas], None]

# Set in Helvetica 10 to fill a measure of about 440 points.
PARAGRAPH = (
    "The support hub keeps what every country office has learned, so that a new colleague finds",
    "in an afternoon what took the last one a year, and it answers in the language of the person",
    "who asks, with the page that each sentence was taken from.",
)


def made(folder: Path, *pages: Draw, name: str = "made.pdf") -> Path:
    path = folder / name
    canvas = Canvas(str(path), pagesize=A4, invariant=1)
    for draw in pages:
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return path


def write(
    canvas: Canvas, x: float, y: float, *lines: str, font: str = "Helvetica", size: float = 10
) -> float:
    """Write lines downwards from ``y`` points below the top; return where the next would be."""
    canvas.setFont(font, size)
    for line in lines:
        canvas.drawString(x, HEIGHT - y, line)
        y += 1.2 * size
    return y


def texts(parsed: ParsedDocument, kind: BlockKind | None = None) -> list[str]:
    return [
        parsed.text[block.start : block.end]
        for block in parsed.blocks
        if kind is None or block.kind is kind
    ]


def block_with(parsed: ParsedDocument, words: str) -> Block:
    (found,) = [b for b in parsed.blocks if words in parsed.text[b.start : b.end]]
    return found


def assert_lawful(parsed: ParsedDocument) -> None:
    """Hold the contract of ``ParsedDocument``: blocks cover the text, words lie in order."""
    end = 0
    for block in parsed.blocks:
        assert not parsed.text[end : block.start].strip()
        piece = parsed.text[block.start : block.end]
        assert piece
        assert piece == piece.strip()
        assert 1 <= block.first <= block.last <= len(parsed.pages)
        end = block.end
    assert end == len(parsed.text)
    words = parsed.words
    assert (words["end"] > words["start"]).all()
    assert (words["start"][1:] >= words["end"][:-1]).all()
    assert (words["x1"] > words["x0"]).all()
    assert (words["y1"] > words["y0"]).all()


def assert_words_read_back(path: Path, parsed: ParsedDocument) -> None:
    """Read what pdfium finds under each box; on an upright page of a simple font."""
    document = pdfium.PdfDocument(path)
    assert len(parsed.words)
    for word in parsed.words:
        page = document[int(word["page"])]
        place = Placement(page)
        assert place.rotation == 0
        under = page.get_textpage().get_text_bounded(
            place.left + word["x0"] - 0.3,
            place.top - word["y1"],
            place.left + word["x1"] + 0.3,
            place.top - word["y0"],
        )
        assert parsed.text[word["start"] : word["end"]].rstrip("-") in under
    document.close()


def test_lines_become_one_paragraph(tmp_path: Path) -> None:
    path = made(tmp_path, lambda c: write(c, 72, 100, *PARAGRAPH))
    parsed = parse(path)
    assert parsed.text == " ".join(PARAGRAPH)
    assert parsed.unit is Unit.PAGE
    assert [(b.kind, b.first, b.last) for b in parsed.blocks] == [(BlockKind.PARAGRAPH, 1, 1)]
    assert_lawful(parsed)
    assert_words_read_back(path, parsed)


def test_a_hyphen_at_a_line_end_goes_and_the_word_has_two_boxes(tmp_path: Path) -> None:
    lines = (
        "Every report of the programme asks for better coor-",
        "dination between the agencies.",
    )
    parsed = parse(made(tmp_path, lambda c: write(c, 72, 100, *lines)))
    assert "better coordination between" in parsed.text
    start = parsed.text.index("coordination")
    halves = parsed.words[(parsed.words["start"] >= start) & (parsed.words["end"] <= start + 12)]
    assert [parsed.text[w["start"] : w["end"]] for w in halves] == ["coor", "dination"]
    assert halves["y0"][1] > halves["y0"][0]


def test_a_hyphen_stays_where_the_document_writes_it(tmp_path: Path) -> None:
    lines = (
        "The co-construction of plans is what people asked for, again and again; co-",
        "construction takes time.",
    )
    parsed = parse(made(tmp_path, lambda c: write(c, 72, 100, *lines)))
    assert parsed.text.count("co-construction") == 2


def test_a_paragraph_over_a_page_break_is_one_block(tmp_path: Path) -> None:
    path = made(
        tmp_path,
        lambda c: write(c, 72, 740, *PARAGRAPH[:2]),
        lambda c: write(c, 72, 100, PARAGRAPH[2]),
    )
    parsed = parse(path)
    assert parsed.text == " ".join(PARAGRAPH)
    assert [(b.first, b.last) for b in parsed.blocks] == [(1, 2)]
    assert set(parsed.words["page"].tolist()) == {0, 1}
    assert_words_read_back(path, parsed)


def test_running_headers_and_page_numbers_go(tmp_path: Path) -> None:
    def page(number: int) -> Draw:
        def draw(canvas: Canvas) -> None:
            write(canvas, 72, 40, "Lessons from eight countries")
            write(canvas, 72, 130, f"Finding {number} stands here alone on its page.")
            write(canvas, 290, 810, f"Page {number} of 4")

        return draw

    parsed = parse(made(tmp_path, *(page(n) for n in range(1, 5))))
    assert texts(parsed) == [f"Finding {n} stands here alone on its page." for n in range(1, 5)]


def test_words_of_the_body_stay_though_pages_repeat_them(tmp_path: Path) -> None:
    parsed = parse(made(tmp_path, *[lambda c: write(c, 72, 300, "The same sentence.")] * 4))
    assert texts(parsed) == ["The same sentence."] * 4


def test_headings_have_levels_and_numbered_paragraphs_are_none(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        y = write(canvas, 72, 80, "I. Introduction", font="Helvetica-Bold", size=16)
        y = write(canvas, 72, y + 10, "A. Background", font="Helvetica-Bold", size=12)
        for number in range(1, 15):
            first, *rest = PARAGRAPH
            y = write(canvas, 72, y + 8, f"{number}. {first}", *rest)

    parsed = parse(made(tmp_path, draw))
    headings = [b for b in parsed.blocks if b.kind is BlockKind.HEADING]
    assert [(parsed.text[b.start : b.end], b.level) for b in headings] == [
        ("I. Introduction", 1),
        ("A. Background", 2),
    ]
    assert len(texts(parsed, BlockKind.PARAGRAPH)) == 14


def test_list_items_are_one_block_each(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        y = write(canvas, 72, 80, *PARAGRAPH)
        y = write(canvas, 90, y + 8, "(a) Train the focal points;", "(b) Keep the minutes;")
        write(canvas, 90, y + 8, "\u2022 One more point.", "\u2022 And another.")

    assert texts(parse(made(tmp_path, draw)), BlockKind.LIST_ITEM) == [
        "(a) Train the focal points;",
        "(b) Keep the minutes;",
        "\u2022 One more point.",
        "\u2022 And another.",
    ]


def test_two_columns_written_line_by_line_are_read_in_order(tmp_path: Path) -> None:
    left = [f"Left column, line number {n} of ten, goes" for n in range(1, 11)]
    right = [f"Right column, line number {n} of ten, goes" for n in range(1, 11)]

    def draw(canvas: Canvas) -> None:
        for i, pair in enumerate(zip(left, right, strict=True)):
            write(canvas, 60, 100 + 12 * i, pair[0])
            write(canvas, 320, 100 + 12 * i, pair[1])

    text = parse(made(tmp_path, draw)).text
    assert text.index("Left column, line number 10") < text.index("Right column, line number 1 ")


def test_footnotes_follow_the_page_and_do_not_cut_its_paragraph(tmp_path: Path) -> None:
    def first(canvas: Canvas) -> None:
        write(canvas, 72, 600, *PARAGRAPH)
        write(canvas, 72, 680, *PARAGRAPH[:2])
        write(canvas, 72, 790, "1 Counted at the end of the year.", size=7.5)

    parsed = parse(made(tmp_path, first, lambda c: write(c, 72, 100, PARAGRAPH[2])))
    assert texts(parsed) == [
        " ".join(PARAGRAPH),
        " ".join(PARAGRAPH),
        "1 Counted at the end of the year.",
    ]


def test_the_mark_of_a_footnote_goes_and_other_figures_stay(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        write(canvas, 72, 300, "The hub opened in 12 countries.")
        width = canvas.stringWidth("The hub opened in 12 countries.", "Helvetica", 10)
        write(canvas, 72 + width, 296, "1", size=6)
        write(canvas, 72, 312, *PARAGRAPH)
        write(canvas, 72, 790, "1 Counted at the end of the year.", size=7.5)

    path = made(tmp_path, draw)
    parsed = parse(path)
    assert texts(parsed) == [
        "The hub opened in 12 countries.",
        "1 Counted at the end of the year.",
        " ".join(PARAGRAPH),
    ]
    assert_words_read_back(path, parsed)


def test_a_hyphen_that_stands_for_a_missing_part_stays_apart(tmp_path: Path) -> None:
    lines = ("What the programme needs most of all is a plan for short-", "and long-term change.")
    parsed = parse(made(tmp_path, lambda c: write(c, 72, 100, *lines)))
    assert "short- and long-term" in parsed.text


def ruled(canvas: Canvas, xs: list[float], ys: list[float]) -> None:
    canvas.setStrokeColor(black)
    for y in ys:
        canvas.line(xs[0], HEIGHT - y, xs[-1], HEIGHT - y)
    for x in xs:
        canvas.line(x, HEIGHT - ys[0], x, HEIGHT - ys[-1])


def test_a_row_that_a_page_break_splits_is_one_row_under_its_headers(tmp_path: Path) -> None:
    xs = [60.0, 90.0, 320.0, 540.0]

    def first(canvas: Canvas) -> None:
        ruled(canvas, xs, [680, 700, 730, 790])
        write(canvas, 64, 694, "No", font="Helvetica-Bold")
        write(canvas, 94, 694, "Recommendation", font="Helvetica-Bold")
        write(canvas, 324, 694, "Addressed to", font="Helvetica-Bold")
        write(canvas, 64, 714, "1")
        write(canvas, 94, 714, "Open the hub.")
        write(canvas, 324, 714, "The programme team.")
        write(canvas, 64, 744, "2")
        write(canvas, 94, 744, "Name a focal point in every office and")
        write(canvas, 324, 744, "Country offices.")

    def second(canvas: Canvas) -> None:
        ruled(canvas, xs, [60, 80, 110, 140])
        write(canvas, 64, 74, "No", font="Helvetica-Bold")
        write(canvas, 94, 74, "Recommendation", font="Helvetica-Bold")
        write(canvas, 324, 74, "Addressed to", font="Helvetica-Bold")
        write(canvas, 94, 94, "say who stands in.")
        write(canvas, 64, 124, "3")
        write(canvas, 94, 124, "Share the minutes.")
        write(canvas, 324, 124, "Secretariats.")

    path = made(tmp_path, first, second)
    parsed = parse(path)
    assert texts(parsed, BlockKind.TABLE_ROW) == [
        "1 | Open the hub. | The programme team.",
        "2 | Name a focal point in every office and say who stands in. | Country offices.",
        "3 | Share the minutes. | Secretariats.",
    ]
    assert [(b.first, b.last) for b in parsed.blocks] == [(1, 1), (1, 2), (2, 2)]
    assert {b.context for b in parsed.blocks} == {"No | Recommendation | Addressed to"}
    assert_lawful(parsed)
    assert_words_read_back(path, parsed)


def test_a_response_row_carries_the_recommendation_that_it_answers(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        ruled(canvas, [60, 540], [60, 100, 140, 180, 220, 260])
        write(canvas, 64, 80, "Recommendation 1: Open the hub in every country.")
        write(canvas, 64, 120, "Management response: accepted")
        write(canvas, 64, 160, "Recommendation 2: Publish the lessons.")
        write(canvas, 64, 200, "Management response: partly accepted")
        write(canvas, 64, 240, "Key actions: an editor is named.")

    parsed = parse(made(tmp_path, draw))
    contexts = [block.context for block in parsed.blocks]
    assert contexts == [
        "",
        "Recommendation 1: Open the hub in every country.",
        "",
        "Recommendation 2: Publish the lessons.",
        "Recommendation 2: Publish the lessons.",
    ]


def test_a_table_without_rules_keeps_its_rows(tmp_path: Path) -> None:
    rows = [("AAP", "Accountability to people"), ("CFM", "Feedback channel"), ("MTR", "Review")]

    def draw(canvas: Canvas) -> None:
        for i, (short, long) in enumerate(rows):
            write(canvas, 72, 100 + 18 * i, short)
            write(canvas, 200, 100 + 18 * i, long)

    parsed = parse(made(tmp_path, draw))
    assert texts(parsed, BlockKind.TABLE_ROW) == [" | ".join(row) for row in rows]


def turned_and_cropped(path: Path, degrees: int) -> Path:
    writer = PdfWriter(clone_from=path)
    page = writer.pages[0]
    page.cropbox = RectangleObject((40, 30, 500, 700))
    page.rotate(degrees)
    target = path.with_name(f"turned-{degrees}.pdf")
    writer.write(target)
    return target


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_boxes_are_where_the_page_shows_the_word(tmp_path: Path, degrees: int) -> None:
    path = made(tmp_path, lambda c: write(c, 120, 400, "elsewhere", "MARKED", size=20))
    path = turned_and_cropped(path, degrees)
    parsed = parse(path)
    assert_lawful(parsed)
    start = parsed.text.index("MARKED")
    (word,) = parsed.words[parsed.words["start"] == start]
    page = pdfium.PdfDocument(path)[0]
    assert (parsed.pages[0].width, parsed.pages[0].height) == page.get_size()
    image = page.render(scale=1).to_pil().convert("L")
    ink = np.argwhere(np.asarray(image) < 128)
    x0, y0, x1, y1 = (float(word[name]) for name in ("x0", "y0", "x1", "y1"))
    inside = (
        (ink[:, 1] >= x0 - 1)
        & (ink[:, 1] <= x1 + 1)
        & (ink[:, 0] >= y0 - 1)
        & (ink[:, 0] <= y1 + 1)
    )
    assert 0.3 < inside.mean() < 0.7


def test_metadata_labels_and_size_are_read(tmp_path: Path) -> None:
    path = made(tmp_path, lambda c: write(c, 72, 100, *PARAGRAPH))
    writer = PdfWriter(clone_from=path)
    writer.add_metadata({"/Title": "What we learned", "/Author": "The hub"})
    writer.set_page_label(0, 0, style="/r", start=4)
    writer.root_object[NameObject("/Lang")] = TextStringObject("fr-FR")
    writer.write(path)
    parsed = parse(path)
    assert parsed.properties["title"] == "What we learned"
    assert parsed.properties["author"] == "The hub"
    assert parsed.properties["language"] == "fr-FR"
    assert parsed.pages[0].label == "iv"
    assert (round(parsed.pages[0].width), round(parsed.pages[0].height)) == (595, 842)


@pytest.mark.parametrize(
    ("prefix", "label"), [("Page ", "3"), ("p. ", "3"), ("Annex ", "Annex 3"), ("P", "P3")]
)
def test_a_label_leaves_out_the_word_for_page(tmp_path: Path, prefix: str, label: str) -> None:
    path = made(tmp_path, lambda c: write(c, 72, 100, *PARAGRAPH))
    writer = PdfWriter(clone_from=path)
    writer.set_page_label(0, 0, style="/D", prefix=prefix, start=3)
    writer.write(path)
    assert parse(path).pages[0].label == label


def test_the_outline_says_the_level_of_a_heading(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        y = write(canvas, 72, 80, "Plain title")
        write(canvas, 72, y + 20, *PARAGRAPH)

    path = made(tmp_path, draw)
    writer = PdfWriter(clone_from=path)
    parent = writer.add_outline_item(title="Something else", page_number=0)
    writer.add_outline_item(title="Plain title", page_number=0, parent=parent)
    writer.write(path)
    (heading,) = [b for b in parse(path).blocks if b.kind is BlockKind.HEADING]
    assert heading.level == 2


def test_a_page_without_text_is_named(tmp_path: Path) -> None:
    parsed = parse(made(tmp_path, lambda c: write(c, 72, 100, *PARAGRAPH), lambda c: None))
    assert [page.has_text for page in parsed.pages] == [True, False]
    assert parsed.warnings == ("Nothing is on page 2.",)


def test_a_document_without_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NoText, match="holds no text on any of its 2 pages"):
        parse(made(tmp_path, lambda c: None, lambda c: None))


def test_a_password_is_asked_for(tmp_path: Path) -> None:
    path = made(tmp_path, lambda c: write(c, 72, 100, *PARAGRAPH))
    writer = PdfWriter(clone_from=path)
    writer.encrypt("secret", algorithm="RC4-128")
    writer.write(path)
    with pytest.raises(EncryptedFile, match="needs a password"):
        parse(path)


@pytest.mark.parametrize("content", [b"", b"Not a PDF at all.", b"%PDF-1.7\n%%EOF\n"])
def test_a_broken_file_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.pdf"
    path.write_bytes(content)
    with pytest.raises(DamagedFile, match=r"'broken\.pdf' cannot be read as a PDF"):
        parse(path)


def test_too_many_pages_are_refused(tmp_path: Path) -> None:
    writer = PdfWriter()
    for _ in range(MAX_PAGES + 1):
        writer.add_blank_page(100, 100)
    path = tmp_path / "endless.pdf"
    writer.write(path)
    with pytest.raises(LimitExceeded, match="has 5,001 pages, more than 5,000"):
        parse(path)


def test_the_second_try_reads_text_without_boxes(tmp_path: Path) -> None:
    path = made(tmp_path, lambda c: write(c, 72, 100, *PARAGRAPH))
    parsed = second_try(path, max_pages=10, max_characters=10_000)
    assert parsed.text == " ".join(PARAGRAPH)
    assert len(parsed.words) == 0
    assert "recovered" in parsed.warnings[0]
    assert_lawful(parsed)


@pytest.mark.parametrize(
    ("pages", "characters", "message"), [(1, 9_999, "more than 1;"), (9, 100, "more than 100 char")]
)
def test_the_second_try_has_limits(
    tmp_path: Path, pages: int, characters: int, message: str
) -> None:
    path = made(tmp_path, *[lambda c: write(c, 72, 100, *PARAGRAPH)] * 2)
    with pytest.raises(LimitExceeded, match=message):
        second_try(path, pages, characters)


def test_any_cut_of_a_file_is_read_or_refused(tmp_path: Path) -> None:
    whole = made(tmp_path, lambda c: write(c, 72, 100, *PARAGRAPH)).read_bytes()
    path = tmp_path / "cut.pdf"
    outcomes = set()
    for length in range(0, len(whole), 97):
        path.write_bytes(whole[:length])
        try:
            outcomes.add(parse(path).text)
        except (DamagedFile, NoText) as error:
            outcomes.add(type(error).__name__)
    text = " ".join(PARAGRAPH)
    read = outcomes - {"DamagedFile", "NoText", "NeedsRecognition"}
    assert text in read
    assert all(text.startswith(part) for part in read)
    assert "DamagedFile" in outcomes
    assert PdfReader(io.BytesIO(whole)).pages


def test_dots_lead_to_a_page_far_to_the_right(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        write(canvas, 72, 72, "Contents", font="Helvetica-Bold", size=14)
        for i, (title, page) in enumerate((("Why a hub", 3), ("How it is kept", 8), ("Annex", 21))):
            y = write(canvas, 72, 110 + 20 * i, f"{title} " + "." * 90) - 12
            write(canvas, 520, y, str(page))

    parsed = parse(made(tmp_path, draw))
    assert texts(parsed, BlockKind.CONTENTS) == ["Why a hub 3", "How it is kept 8", "Annex 21"]
    assert texts(parsed, BlockKind.HEADING) == ["Contents"]


def test_a_full_bold_line_ends_where_plain_text_begins(tmp_path: Path) -> None:
    title = "Keeping what every country office of the programme has learned in the last years"

    def draw(canvas: Canvas) -> None:
        y = write(canvas, 72, 100, title, font="Helvetica-Bold")
        write(canvas, 72, y, *PARAGRAPH)

    parsed = parse(made(tmp_path, draw))
    assert texts(parsed, BlockKind.HEADING) == [title]


def test_small_words_beside_a_large_title_are_not_of_it(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        write(canvas, 72, 100, "The support hub", font="Helvetica-Bold", size=20)
        write(canvas, 262, 105, "Limited use", size=9)
        write(canvas, 72, 160, *PARAGRAPH)

    parsed = parse(made(tmp_path, draw))
    assert "The support hub" in re.split(r"\n| \| ", parsed.text)


def test_attached_files_that_the_bytes_do_not_show_are_counted(tmp_path: Path) -> None:
    writer = PdfWriter(clone_from=made(tmp_path, lambda c: write(c, 72, 100, *PARAGRAPH)))
    writer.add_attachment("figures.csv", b"country,officials\n")
    path = tmp_path / "attached.pdf"
    writer.write(path)
    assert parse(path).warnings == ()
    path.write_bytes(path.read_bytes().replace(b"/EmbeddedFile", b"/Embedded#46ile"))
    assert parse(path).warnings == ("Attached files were not read: 1.",)


def test_a_footnote_in_letters_of_full_size_follows_what_calls_it(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        write(canvas, 72, 300, "The hub opened in many countries.", font="Courier")
        write(canvas, 272, 297, "7", font="Courier", size=6)
        write(canvas, 72, 330, *PARAGRAPH[:2], font="Courier", size=8)
        write(canvas, 72, 700, "7", font="Courier", size=6)
        write(canvas, 80, 703, "Counted at the end of the year.", font="Courier")

    parsed = parse(made(tmp_path, draw))
    assert texts(parsed) == [
        "The hub opened in many countries.",
        "7 Counted at the end of the year.",
        " ".join(PARAGRAPH[:2]),
    ]


def test_a_font_that_claims_to_be_tall_leaves_the_lines_beside_it_alone(tmp_path: Path) -> None:
    registerFont(TTFont("Vera", "Vera.ttf"))

    def page(canvas: Canvas) -> None:
        write(canvas, 72, 80, "Two visits were made in the first year.", size=11)
        write(canvas, 72, 94, "None was made later.", size=11)
        write(canvas, 72, 122, "How the visits were chosen", size=11, font="Vera")
        write(canvas, 72, 150, "Each office named three villages.", size=11)
        write(canvas, 72, 164, "One was drawn by lot.", size=11)

    writer = PdfWriter(clone_from=PdfReader(made(tmp_path, page)))
    for font in writer.pages[0]["/Resources"]["/Font"].values():
        if descriptor := font.get_object().get("/FontDescriptor"):
            box = ArrayObject([NumberObject(side) for side in (-180, -2400, 1300, 3200)])
            descriptor.get_object()[NameObject("/FontBBox")] = box
            descriptor.get_object()[NameObject("/Ascent")] = NumberObject(3200)
            descriptor.get_object()[NameObject("/Descent")] = NumberObject(-2400)
    writer.write(path := tmp_path / "tall.pdf")
    parsed = parse(path)
    assert "How the visits were chosen" in texts(parsed)
    heights = parsed.words["y1"] - parsed.words["y0"]
    assert heights.max() < 16
    assert_words_read_back(path, parsed)


def test_a_table_whose_outer_edges_are_not_drawn_keeps_its_outer_columns(tmp_path: Path) -> None:
    def page(canvas: Canvas) -> None:
        for y in (100, 120, 150, 180):
            canvas.line(72, HEIGHT - y, 400, HEIGHT - y)
        for x in (150, 230, 310):
            canvas.line(x, HEIGHT - 100, x, HEIGHT - 180)
        for x, label in ((80, "Round"), (160, "Offices"), (240, "Visits"), (320, "Total")):
            write(canvas, x, 113, label)
        for y, row in ((138, ("1", "Bamako Dakar", "4 6", "10")), (168, ("2", "Lagos", "5", "5"))):
            for x, cell in zip((80, 160, 240, 320), row, strict=True):
                write(canvas, x, y, cell)

    parsed = parse(made(tmp_path, page))
    assert texts(parsed, BlockKind.TABLE_ROW) == [
        "1 | Bamako Dakar | 4 6 | 10",
        "2 | Lagos | 5 | 5",
    ]
    assert block_with(parsed, "Lagos").context == "Round | Offices | Visits | Total"


def test_words_with_too_small_a_space_between_them_are_two(tmp_path: Path) -> None:
    def squeezed(canvas: Canvas, y: float, left: str, right: str, gap: float) -> None:
        canvas.drawString(72, HEIGHT - y, left)
        end = 72 + canvas.stringWidth(left, "Helvetica", 10)
        canvas.drawString(end + gap, HEIGHT - y, right)

    def page(canvas: Canvas) -> None:
        y = write(canvas, 72, 100, *["It is for this visit, and this is for that one."] * 3)
        write(canvas, 72, y + 40, *["The man went and his age was asked, the man of that age."] * 2)
        squeezed(canvas, 240, "for", "this", 1.6)
        squeezed(canvas, 280, "man", "age", 0.0)

    parsed = parse(path := made(tmp_path, page))
    assert texts(parsed)[-2:] == ["for this", "manage"]
    assert_lawful(parsed)
    assert_words_read_back(path, parsed)


def test_an_address_goes_on_in_the_next_line_without_a_space(tmp_path: Path) -> None:
    def page(canvas: Canvas) -> None:
        lines = (
            "The note is at https://example.org/files/2025-",
            "04/note%20on/",
            "all.pdf today.",
        )
        write(canvas, 72, 100, *lines)
        write(canvas, 72, 200, "The page is https://example.org/", "and the note is on it.")

    parsed = parse(made(tmp_path, page))
    assert texts(parsed) == [
        "The note is at https://example.org/files/2025-04/note%20on/ all.pdf today.",
        "The page is https://example.org/ and the note is on it.",
    ]
    assert_lawful(parsed)


def test_a_paragraph_goes_on_overleaf_past_a_box_that_the_file_writes_last(tmp_path: Path) -> None:
    def first(canvas: Canvas) -> None:
        write(canvas, 72, 700, "The offices keep what they have", "learned in one place, so that")
        canvas.rect(300, HEIGHT - 660, 200, 60)
        write(canvas, 310, 620, "In short", "- Four offices", "- Two languages")

    def second(canvas: Canvas) -> None:
        write(canvas, 72, 80, "a new colleague finds it in an", "afternoon. It is kept there.")

    parsed = parse(made(tmp_path, first, second))
    assert texts(parsed)[0] == (
        "The offices keep what they have learned in one place, so that a new colleague finds it in "
        "an afternoon. It is kept there."
    )
    assert texts(parsed)[-1] == "- Two languages"
    assert (parsed.blocks[0].first, parsed.blocks[0].last) == (1, 2)
    assert_lawful(parsed)


def test_a_short_line_leads_to_a_page_too(tmp_path: Path) -> None:
    def page(canvas: Canvas) -> None:
        write(canvas, 72, 80, "Contents", font="Helvetica-Bold", size=14)
        for n, (title, dots) in enumerate((("Visits", 40), ("A long name", 3), ("Budget", 38))):
            write(canvas, 72, 110 + 14 * n, f"{title} {'_' * dots}{n + 4}")

    assert texts(parse(made(tmp_path, page)), BlockKind.CONTENTS) == [
        "Visits 4",
        "A long name 5",
        "Budget 6",
    ]
