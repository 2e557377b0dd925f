"""The pure parts of the PDF parser."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.parsers.pdf_charts import gather
from ingest.parsers.pdf_contents import is_contents_row, is_contents_title, split_contents
from ingest.parsers.pdf_margins import running_lines
from ingest.parsers.pdf_open_tables import split_tables
from ingest.parsers.pdf_order import in_reading_order
from ingest.parsers.pdf_paragraphs import ends_sentence, is_marked, paragraphs
from ingest.parsers.pdf_place import turned
from ingest.parsers.pdf_rules import Grid
from ingest.parsers.pdf_tables import Row, Table, drafts, join, take_tables
from ingest.parsers.pdf_text import Draft, Hyphens
from ingest.parsers.pdf_words import Line, PageWords, Word, clean
from ingest.types import BlockKind


def line(text: str, x: float = 72, y: float = 100, *, page: int = 0, size: float = 10) -> Line:
    words = []
    at = x
    for piece in text.split():
        words.append(Word(piece, at, y, at + 5 * len(piece), y + size, 0))
        at += 5 * (len(piece) + 1)
    return Line(page, words, x, y, at - 5, y + size, size, text=" ".join(text.split()))


@given(st.text())
def test_cleaned_text_holds_nothing_unseen(text: str) -> None:
    cleaned = clean(text)
    assert not set(cleaned) & set("\x00\x02\u00ad\u200b\ufeff\ufffe\uffff")
    assert clean(cleaned) == cleaned
    cleaned.encode()


@pytest.mark.parametrize(
    ("raw", "seen"),
    [("of\ufb01ce", "office"), ("co\u00adop", "coop"), ("a\ud800b", "ab"), ("\uf0b7", "•")],
)
def test_clean_replaces_what_fonts_leave_behind(raw: str, seen: str) -> None:
    assert clean(raw) == seen


@given(
    st.integers(0, 3),
    st.tuples(*[st.floats(0, 500, width=32, allow_subnormal=False)] * 4),
)
def test_turning_there_and_back_changes_nothing(
    turn: int, corners: tuple[float, float, float, float]
) -> None:
    x0, y0, x1, y1 = corners
    box = np.array([[min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)]])
    size = (600.0, 800.0)
    there = turned(box, turn, *size)
    back = turned(there, (4 - turn) % 4, *(size[::-1] if turn % 2 else size))
    np.testing.assert_allclose(back, box, atol=1e-9)


@pytest.mark.parametrize(
    ("left", "right", "keep"),
    [
        ("coordi", "nation", False),
        ("long", "term", True),
        ("co", "operation", True),
        ("Anglo", "Saxon", True),
        ("cross", "sectional", True),
        ("2024", "based", True),
        ("capacity", "building", True),
        ("re", "building", False),
    ],
)
def test_hyphens_follow_the_document(left: str, right: str, keep: bool) -> None:
    lines = [line("the co-operation is long and its term is fixed")]
    assert Hyphens(lines).keep(left, right) is keep


@pytest.mark.parametrize("text", ["• Point", "(a) Point", "12. Point", "iv. Point", "– Point"])
def test_marks_of_list_items(text: str) -> None:
    assert is_marked(text)


@pytest.mark.parametrize("text", ["Point (a)", "1.5 million", "a word", "2024 was", "-5 degrees"])
def test_no_marks_of_list_items(text: str) -> None:
    assert not is_marked(text)


@pytest.mark.parametrize(
    ("text", "ended"), [("Done.", True), ("Done.” ", False), ("of the hub.3", True), ("and", False)]
)
def test_ends_of_sentences(text: str, ended: bool) -> None:
    assert ends_sentence(text) is ended


def pages(*tops: str, bottom: str = "{}") -> list[PageWords]:
    return [
        PageWords(
            i,
            600,
            800,
            lines=[
                line(top, y=30, page=i),
                line(f"Body of page {i}", y=400, page=i),
                line(bottom.format(i + 5), y=770, page=i),
            ],
        )
        for i, top in enumerate(tops)
    ]


def kept(document: list[PageWords]) -> list[str]:
    running = running_lines(document, set())
    return [item.text for page in document for item in page.lines if id(item) not in running]


def test_repeated_tops_and_counting_bottoms_run() -> None:
    document = pages("The hub", "The hub", "The hub")
    assert kept(document) == ["Body of page 0", "Body of page 1", "Body of page 2"]


def test_different_tops_stay() -> None:
    assert "Alpha" in kept(pages("Alpha", "Beta", "Gamma"))


def test_figures_that_do_not_count_with_the_pages_stay() -> None:
    document = pages("Alpha", "Beta", "Gamma")
    for page, figure in zip(document, ("412", "17", "96"), strict=True):
        page.lines[2] = line(figure, y=770, page=page.index)
    assert {"412", "17", "96"} <= set(kept(document))


def test_a_fixed_line_never_runs() -> None:
    document = pages("The hub", "The hub", "The hub")
    fixed = {id(document[0].lines[0])}
    assert fixed.isdisjoint(running_lines(document, fixed))


def test_the_order_of_the_file_stands_where_it_goes_down() -> None:
    lines = [line(f"Line {i}", y=100 + 12 * i) for i in range(5)]
    assert in_reading_order(lines, 10) == lines


def test_a_box_written_first_but_standing_last_is_read_last() -> None:
    body = [line("A line of the body", y=100 + 12 * i) for i in range(5)]
    box = line("A line below", y=600)
    assert in_reading_order([box, *body], 10) == [*body, box]


def block(x: float, y: float, name: str) -> list[Line]:
    return [line(f"{name} " + "words of a column " * 2, x=x, y=y + 12 * i) for i in range(5)]


def test_blocks_of_two_columns_written_to_and_fro_are_read_by_column() -> None:
    left = [block(50, 100, "one"), block(50, 180, "two")]
    right = [block(350, 110, "three"), block(350, 195, "four")]
    written = [*left[0], *right[0], *left[1], *right[1]]
    assert in_reading_order(written, 10) == [*left[0], *left[1], *right[0], *right[1]]


def test_rows_of_two_wide_cells_are_read_by_row() -> None:
    rows = [[*block(50, y, "asked"), *block(350, y, "answered")] for y in (100, 180, 260)]
    written = [item for row in rows for item in row]
    assert in_reading_order(written, 10) == written


def test_a_page_number_beside_columns_does_not_join_them() -> None:
    upper, lower = [block(100, 100, "left"), block(350, 100, "right")], block(100, 200, "left")
    foot = [line("7", x=20, y=500), line("The support hub", x=110, y=500)]
    written = [*foot, *upper[0], *upper[1], *lower]
    assert in_reading_order(written, 10) == [foot[0], *upper[0], *lower, foot[1], *upper[1]]


def test_order_loses_nothing() -> None:
    rng = np.random.default_rng(7)
    lines = [line("words here", x=float(x), y=float(y)) for x, y in rng.uniform(0, 700, (40, 2))]
    ordered = in_reading_order(lines, 10)
    assert sorted(map(id, ordered)) == sorted(map(id, lines))


def table(page: int, *rows: list[str]) -> Table:
    xs = [60.0, 100.0, 500.0]
    made = [
        Row([[line(text, x, 100 + 20 * i, page=page)] if text else [] for x, text in zip(xs, row)])  # noqa: B905 - xs has one edge more than a row has cells
        for i, row in enumerate(rows)
    ]
    return Table(page, 60, 100, 500, 300, xs, made, page)


def test_a_table_on_the_next_page_goes_on() -> None:
    first = table(0, ["1", "Open the hub and"])
    assert join(first, table(1, ["", "keep it open."], ["2", "Name somebody."]))
    assert [draft.text for draft in drafts(first)] == [
        "1 Open the hub and keep it open.",
        "2 Name somebody.",
    ]


def test_a_table_of_another_shape_does_not_go_on() -> None:
    first, other = table(0, ["1", "Open the hub."]), table(1, ["2", "Name somebody."])
    other.xs = [60.0, 200.0, 500.0]
    assert not join(first, other)


def test_a_table_two_pages_on_does_not_go_on() -> None:
    assert not join(table(0, ["1", "Open."]), table(2, ["2", "Name."]))


def test_a_page_number_on_a_wide_page_is_no_text() -> None:
    document = pages("Alpha", "Beta", "Gamma", "Delta", "Epsilon")
    document[3].width, document[3].height = 800, 600
    document[3].lines[2] = line("8", x=780, y=300, page=3)
    assert "8" not in kept(document)


def test_a_number_at_the_side_that_is_not_the_page_s_stays() -> None:
    document = pages("Alpha", "Beta", "Gamma", "Delta", "Epsilon")
    document[3].lines.append(line("5", x=590, y=300, page=3))
    assert "5" in kept(document)


def led(text: str, y: float) -> Line:
    made = line(text, y=y)
    made.leader = True
    return made


def test_entries_of_a_table_of_contents_end_at_their_pages() -> None:
    (entries,) = split_contents(
        [
            led("I. Opening the hub 3", 100),
            line("II. Keeping what every country office has learned in one", y=112),
            led("place for all 4", 124),
            line("Annexes", y=148),
            led("A. People met 12", 160),
        ],
        1.2,
    )
    assert all(isinstance(entry, Draft) and entry.kind is BlockKind.CONTENTS for entry in entries)
    assert [entry.text for entry in entries] == [
        "I. Opening the hub 3",
        "II. Keeping what every country office has learned in one place for all 4",
        "Annexes",
        "A. People met 12",
    ]


def test_two_lines_with_dots_are_no_table_of_contents() -> None:
    lines = [led("Name 1", 100), led("Date 2", 112)]
    assert split_contents(lines, 1.2) == [lines]


def test_rows_of_contents() -> None:
    assert is_contents_title("tabledesmatières")
    assert is_contents_row("1. Opening the hub | 3")
    assert is_contents_row("1. Opening the hub | 3 - 5")
    assert is_contents_row("two\nlines | iv")
    assert not is_contents_row("Officials trained | 1,204 people")


@pytest.mark.parametrize("text", ["|" * 500_000, "a | \n" * 200_000, "\n" * 500_000])
def test_a_hostile_row_takes_no_time_that_grows_with_its_square(text: str) -> None:
    assert not is_contents_row(text + "\x01")


def test_a_cell_ruled_into_parts_beside_one_row_is_one_cell() -> None:
    grid = Grid(0, [60, 200, 340, 500], [100, 120, 140, 160], [[0, 1, 2], [0, 1, 5], [6, 7, 8]])
    page = PageWords(
        0,
        600,
        800,
        lines=[
            line("Is it used?", x=65, y=105),
            line("Count visits", x=205, y=105),
            line("Reports", x=345, y=105),
            line("Interviews", x=345, y=125),
            line("Is it known?", x=65, y=145),
            line("Ask staff", x=205, y=145),
            line("Survey", x=345, y=145),
        ],
    )
    ((made,), _) = take_tables(page, [grid], 1.2)
    assert [row.text for row in made.rows] == [
        "Is it used? Count visits Reports Interviews",
        "Is it known? Ask staff Survey",
    ]


def figures(y: float, *cells: str) -> list[Line]:
    return [line(text, x=60 + 110 * i, y=y, size=8) for i, text in enumerate(cells)]


def test_labels_above_an_open_table_head_its_columns() -> None:
    above = [line("Officials trained, by country", x=60, y=60, size=10)]
    head = [
        line("Country", x=60, y=109, size=8),
        line("Officials", x=165, y=85, size=8),
        line("Trained", x=170, y=100, size=8),
        line("in 2024", x=170, y=109, size=8),
        line("Planned", x=280, y=109, size=8),
    ]
    rows = [
        *figures(125, "Moldova", "655", "700", "45"),
        *figures(137, "Serbia", "412", "400", "0"),
    ]
    text, made = split_tables([*above, *head, *rows], 1.2)
    assert text == above
    assert made.headers == 1
    assert [draft.context for draft in drafts(made)] == [
        "Country | Officials Trained in 2024 | Planned"
    ] * 2
    assert [draft.text for draft in drafts(made)] == ["Moldova 655 700 45", "Serbia 412 400 0"]


def test_figures_above_an_open_table_stay_text() -> None:
    chart = [line("12", x=170, y=100, size=8), line("14", x=280, y=109, size=8)]
    rows = [*figures(125, "Moldova", "655", "700"), *figures(137, "Serbia", "412", "400")]
    kept = split_tables([*chart, *rows], 1.2)
    words = [item.text for part in kept if isinstance(part, list) for item in part]
    rows_text = [d.text for part in kept if isinstance(part, Table) for d in drafts(part)]
    assert "12" in " ".join(words + rows_text)
    assert "14" in " ".join(words + rows_text)


def test_a_last_row_below_the_last_rule_is_of_the_table() -> None:
    grid = Grid(0, [60, 200, 340, 500], [100, 120, 140], [[0, 1, 2], [3, 4, 5]])
    cells = [("Moldova", 65, 105), ("655", 205, 105), ("700", 345, 105)]
    cells += [("Serbia", 65, 125), ("412", 205, 125), ("400", 345, 125)]
    cells += [("Total", 65, 144), ("1,067", 205, 144), ("1,100", 345, 144)]
    page = PageWords(0, 600, 800, lines=[line(text, x=x, y=y) for text, x, y in cells])
    ((made,), taken) = take_tables(page, [grid], 1.2)
    assert made.rows[-1].text == "Total 1,067 1,100"
    assert len(taken) == 9


def test_a_paragraph_below_a_table_is_not_of_it() -> None:
    grid = Grid(0, [60, 200, 340, 500], [100, 120, 140], [[0, 1, 2], [3, 4, 5]])
    cells = [("Moldova", 65, 105), ("655", 205, 105), ("700", 345, 105), ("Serbia", 65, 125)]
    page = PageWords(0, 600, 800, lines=[line(text, x=x, y=y) for text, x, y in cells])
    page.lines.append(line("The figures are those of the end of the year for all", x=65, y=144))
    ((made,), taken) = take_tables(page, [grid], 1.2)
    assert [row.text for row in made.rows] == ["Moldova 655 700", "Serbia"]
    assert len(taken) == 4


def test_a_header_without_rules_between_its_labels_is_parted_by_the_columns() -> None:
    grid = Grid(0, [60, 200, 340, 500], [100, 120, 140], [[0, 0, 0], [3, 4, 5]])
    cells = [("Country", 65, 105), ("Trained", 205, 105), ("Planned", 345, 105)]
    cells += [("Moldova", 65, 125), ("655", 205, 125), ("700", 345, 125)]
    page = PageWords(0, 600, 800, lines=[line(text, x=x, y=y) for text, x, y in cells])
    ((made,), _) = take_tables(page, [grid], 1.2)
    assert [[item.text for cell in row.cells for item in cell] for row in made.rows] == [
        ["Country", "Trained", "Planned"],
        ["Moldova", "655", "700"],
    ]


def plain(*texts_: str, page: int = 0) -> list[Draft]:
    return [Draft(BlockKind.PARAGRAPH, [("", [line(text, page=page)])]) for text in texts_]


def test_the_figures_of_a_chart_are_one_caption() -> None:
    text = plain("The support hub keeps what every country office of the programme has learned")
    chart = plain("2022", "2023", "34%", "Serbia", "58%", "Moldova", "61%")
    first, caption, last = gather([*text, *chart, *text])
    assert (first.kind, last.kind) == (BlockKind.PARAGRAPH, BlockKind.PARAGRAPH)
    assert caption.kind is BlockKind.CAPTION
    assert caption.cells == "2022 | 2023 | 34% | Serbia | 58% | Moldova | 61%"


def test_names_and_short_runs_are_no_chart() -> None:
    names = plain("Ana Rusu", "Ion Munteanu", "Jelena Petrović", "Rahim Uddin", "Leyla Aydın")
    assert gather(names) == names
    few = plain("2022", "34%", "58%")
    assert gather(few) == few
    parted = [*plain("2022", "34%", "58%"), *plain("2023", "61%", page=1)]
    assert gather(parted) == parted


@pytest.mark.parametrize(("short", "groups"), [(False, 1), (True, 2)])
def test_a_sentence_in_bold_goes_on_where_the_line_before_is_full(short: bool, groups: int) -> None:
    before = "It was done." if short else "Most of the offices train all of their own staff."
    lines = [
        line("The offices were asked twice and they answered the", y=100),
        line(before, y=112),
        line("They should train all the others whom they employ,", y=124),
        line("once a year.", y=136),
    ]
    for bold in lines[2:]:
        bold.bold = bold.bold_end = True
    if not short:
        lines[1].x1 = lines[0].x1
    assert len(paragraphs(lines, 1.2)) == groups


def test_a_heading_is_no_cell_of_the_row_below_it() -> None:
    rows = [
        ("CEB", "Board for Coordination"),
        ("ILO", "Labour Organization"),
        ("JIU", "Joint Unit"),
    ]
    lines = [line("Abbreviations and acronyms", y=70, size=14)]
    for n, (short, long) in enumerate(rows):
        lines += [line(short, y=104 + 20 * n), line(long, 150, y=104 + 20 * n)]
    text, table = split_tables(lines, 2.0)
    assert isinstance(text, list)
    assert isinstance(table, Table)
    assert [found.text for found in text] == ["Abbreviations and acronyms"]
    assert len(table.rows) == 3
