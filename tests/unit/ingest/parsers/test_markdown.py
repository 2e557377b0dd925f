from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.errors import DamagedFile, NoText
from ingest.parsers import markdown
from ingest.types import BlockKind, ParsedDocument
from tests.unit.ingest.parsers.laws import check_laws, texts


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "note.md"


def parsed(file: Path, source: str) -> ParsedDocument:
    file.write_text(source, encoding="utf-8")
    document = markdown.parse(file)
    check_laws(document, places=source.count("\n") + 1)
    return document


def places(document: ParsedDocument) -> list[tuple[int, int]]:
    return [(block.first, block.last) for block in document.blocks]


def test_text_reads_without_markup(file: Path) -> None:
    document = parsed(
        file,
        "## ***Findings*** of `M&E`\n\nSoft **line**\n"
        "ends with a [link](http://x.org) and <i>M&amp;D</i>"
        ".\nHard  \nbreak ~~gone~~\\*\n\n![A map](m.png)\n",
    )
    assert texts(document) == [
        "Findings of M&E",
        "Soft line ends with a link and M&D. Hard\nbreak gone*",
        "A map",
    ]
    assert places(document) == [(1, 1), (3, 6), (8, 8)]
    assert document.blocks[0].level == 2


def test_lists_keep_numbers_and_later_paragraphs(file: Path) -> None:
    document = parsed(file, "- one\n  - deep\n\n3. three\n\n   more\n4. four\n")
    assert texts(document, BlockKind.LIST_ITEM) == ["one", "deep", "3. three", "4. four"]
    assert texts(document, BlockKind.PARAGRAPH) == ["more"]


def test_front_matter_is_properties_and_moves_no_line(file: Path) -> None:
    document = parsed(
        file, "---\ntitle: A note\nauthors: [Ana, Ben]\ndate: 2024-05-01\nx: {y: 1}\n---\n\nText\n"
    )
    assert document.properties == {"title": "A note", "author": "Ana, Ben", "created": "2024-05-01"}
    assert places(document) == [(8, 8)]


@pytest.mark.parametrize("matter", ["a: [", "!!python/object/apply:os.getcwd []", "a: 2024-99-99"])
def test_bad_front_matter_is_text_with_a_warning(file: Path, matter: str) -> None:
    document = parsed(file, f"---\n{matter}\n---\n\nText\n")
    assert "not valid YAML" in document.warnings[0]
    assert texts(document)[-1] == "Text"


def test_code_is_kept_as_it_is(file: Path) -> None:
    document = parsed(file, "```py\nif *x*:\n\n    a\tb\tc\n    d\te\tf\n```\n")
    assert texts(document) == ["if *x*:\n\n    a\tb\tc\n    d\te\tf"]


def test_a_pipe_table(file: Path) -> None:
    document = parsed(
        file, "Who does what:\n\n| No | **Step** |\n|--|--|\n| 1 | Train |\n| 2 | |\n"
    )
    assert texts(document, BlockKind.TABLE_ROW) == ["No: 1 | Step: Train", "No: 2"]
    assert places(document)[1:] == [(5, 5), (6, 6)]
    assert document.blocks[1].context == "Who does what:"


def test_an_html_table_goes_on_over_blank_lines(file: Path) -> None:
    document = parsed(
        file,
        "Before\n\n<table>\n<tr><th>A</th><th>B</th></tr>\n\n<tr><td>1</td>\n\n<td>2</td></tr>\n"
        "</table>\n\nAfter\n",
    )
    assert texts(document) == ["Before", "A: 1 | B: 2", "After"]
    assert places(document)[1] == (6, 8)


BROKEN = """\
Steps

No\tStep\tFor:\t\tYear
\t\tHQs\tOffices\t
1.\t<b>Train:</b> all&amp;sundry\t✓\t\t2024
2.\t<p>Plan</p> <ul><li>a</li><li>b</li></ul>\t\t✓\t

No\tStep\tFor:\t\tYear
\t\tHQs\tOffices\t
\tand go on.\t\t\t
3.\tEnd\t✓\t✓\t2025

After
"""


def test_a_row_that_a_page_break_splits_is_one_row(file: Path) -> None:
    document = parsed(file, BROKEN)
    assert texts(document) == [
        "Steps",
        "No: 1 | Step: Train: all&sundry | For: HQs: ✓ | Year: 2024",
        "No: 2\nStep: Plan\na\nb and go on.\nFor: Offices: ✓",
        "No: 3 | Step: End | For: HQs: ✓ | For: Offices: ✓ | Year: 2025",
        "After",
    ]
    assert places(document) == [(1, 1), (5, 5), (6, 10), (11, 11), (13, 13)]


def test_an_empty_first_cell_on_the_same_page_is_a_row_of_its_own(file: Path) -> None:
    document = parsed(file, "Theme\tStep\tYear\nData\tAsk\t2024\n\tTell\t2025\n")
    assert texts(document) == ["Theme: Data | Step: Ask | Year: 2024", "Step: Tell | Year: 2025"]


@pytest.mark.parametrize("source", ["- a\tb\tc\n- d\te\tf\n", "one\ttab\n\ntwo\ttabs\n"])
def test_tabs_alone_make_no_table(file: Path, source: str) -> None:
    assert not texts(parsed(file, source), BlockKind.TABLE_ROW)


def test_a_paragraph_that_a_page_break_splits_is_one(file: Path) -> None:
    long = "The office kept a record of what it had learned. " * 5
    document = parsed(file, f"{long}It was of use to\n\nthose who came after.\n\nNext.\n")
    assert texts(document) == [f"{long}It was of use to those who came after.", "Next."]
    assert places(document) == [(1, 3), (5, 5)]


def test_nesting_too_deep_to_read_is_said(file: Path) -> None:
    document = parsed(file, "start\n\n" + "> " * 500 + "deep\n")
    assert "nest too deep" in document.warnings[0]


WORDS = st.sampled_from(
    [
        "# ",
        "- ",
        "1. ",
        "> ",
        "\n",
        "\n\n",
        "\t",
        "    ",
        "```\n",
        "|",
        "|-|-|\n",
        "**",
        "_",
        "[",
        "](",
        ")",
        "<p>",
        "<table>",
        "</table>",
        "<td>",
        "&amp;",
        "---\n",
        "===\n",
        "a\tb\tc\n",
        "\tb\tc\n",
        "\\",
        "  \n",
        "<!--",
        "`",
        "![",
        "~~",
    ]
)


@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(WORDS | st.text(max_size=6), max_size=40))
def test_any_source_gives_lawful_blocks(file: Path, parts: list[str]) -> None:
    source = "".join(parts).encode("utf-8", "replace")
    file.write_bytes(b"\xef\xbb\xbfstart\n\n" + source)
    try:
        document = markdown.parse(file)
    except DamagedFile:  # control characters
        return
    check_laws(document)


def test_an_empty_note_says_so(file: Path) -> None:
    file.write_text("---\ntitle: x\n---\n<!-- nothing -->\n")
    with pytest.raises(NoText, match="holds no text"):
        markdown.parse(file)


@pytest.mark.parametrize("value", ["!!timestamp soon", "!!int ''", "!!bool perhaps", "2020-13-45"])
def test_front_matter_whose_values_are_not_what_it_calls_them_is_text(
    file: Path, value: str
) -> None:
    file.write_text(f"---\ndate: {value}\n---\n\nWater flows.\n")
    document = markdown.parse(file)
    assert document.text.endswith("Water flows.")
    assert "not valid YAML" in document.warnings[0]


@pytest.mark.shared
def test_the_mid_term_review_has_its_sixteen_rows(shared_data: Path, repository: Path) -> None:
    document = markdown.parse(shared_data / "programme" / "mtr-summary-2017.md")
    check_laws(document)
    with (repository / "tests/golden/mid_term_review_rows.tsv").open(encoding="utf-8") as stream:
        golden = list(csv.DictReader(stream, delimiter="\t"))
    rows = texts(document, BlockKind.TABLE_ROW)
    assert len(rows) == len(golden) == 16
    for row, expected in zip(rows, golden, strict=True):
        assert row.startswith(f"No: {expected['number']}\nRecommendations: {expected['title']}")
        ticks = {
            "HQs": "Mainly addressed to: IOM/UNDP HQs: ✓",
            "COs": "Mainly addressed to: IOM/UNDP COs: ✓",
            "Phase II": "Phase II: ✓",
            "Phase III": "Phase III: ✓",
        }
        last = row.rpartition("\n")[2].split(" | ")
        assert last == [text for key, text in ticks.items() if expected[key]]
    split = [
        number
        for number, block in enumerate(
            (b for b in document.blocks if b.kind is BlockKind.TABLE_ROW), start=1
        )
        if block.last > block.first
    ]
    assert split == [4, 8, 12, 15]
