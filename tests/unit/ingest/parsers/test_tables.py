from __future__ import annotations

import pytest

from ingest.parsers.assemble import Piece
from ingest.parsers.tables import (
    Cell,
    Row,
    join_broken_row,
    lead_in,
    linearise,
    recommendation_lead,
    row_of,
)
from ingest.types import BlockKind


def rows(*texts: list[str], header: bool = True) -> list[Row]:
    return [row_of(cells, n, n, header=header and n == 1) for n, cells in enumerate(texts, 1)]


def lines(made: list[Piece]) -> list[str]:
    return [piece.text for piece in made]


def test_a_row_says_its_headers_and_leaves_empty_cells_out() -> None:
    made = linearise(rows(["No", "Step", "HQ", "Field"], ["4.", "Train", "✓", ""]))
    assert lines(made) == ["No: 4 | Step: Train | HQ: ✓"]
    assert (made[0].first, made[0].last) == (2, 2)


@pytest.mark.parametrize(
    ("name", "label"), [("N°", "N°: 7"), ("#", "No: 7"), ("No.", "No: 7"), ("Nr", "Nr: 7")]
)
def test_a_number_column_reads_as_a_number(name: str, label: str) -> None:
    assert lines(linearise(rows([name, "Mesure", "État"], ["7.", "Former", "x"]))) == [
        f"{label} | Mesure: Former | État: x"
    ]


def test_a_long_cell_and_a_cell_of_several_lines_stand_on_their_own_lines() -> None:
    long = "word " * 50 + "end."
    made = linearise(rows(["A", "B", "C"], ["1", long, "2"], ["1", "x\ny", "2"]))
    assert lines(made) == [f"A: 1\nB: {long}\nC: 2", "A: 1\nB: x\ny\nC: 2"]


def test_rows_after_the_first_follow_closely_and_all_carry_the_context() -> None:
    made = linearise(rows(["A", "B"], ["1", "2"], ["3", "4"]), "Table 1")
    assert [(piece.tight, piece.context) for piece in made] == [
        (False, "Table 1"),
        (True, "Table 1"),
    ]


def test_stacked_headers_are_joined() -> None:
    top = Row((Cell("Step", 0), Cell("Addressed to:", 1, width=2)), 1, 1, header=True)
    made = linearise(
        [top, row_of(["", "HQ", "Field"], 2, 2, header=True), row_of(["a", "✓", "✓"], 3, 3)]
    )
    assert lines(made) == ["Step: a | Addressed to: HQ: ✓ | Addressed to: Field: ✓"]


def test_pairs_of_name_and_value_have_no_header() -> None:
    made = linearise(rows(["Country", "Serbia"], ["Year", "2017"], header=False))
    assert lines(made) == ["Country | Serbia", "Year | 2017"]


def test_bold_labels_over_plain_cells_are_a_header() -> None:
    header = Row((Cell("Name", 0, bold=True), Cell("Role", 1, bold=True)), 1, 1)
    assert lines(linearise([header, row_of(["Ana", "Focal point"], 2, 2)])) == [
        "Name: Ana | Role: Focal point"
    ]


def test_three_distinct_labels_are_a_header_and_sentences_are_not() -> None:
    assert lines(linearise(rows(["A", "B", "C"], ["1", "2", "3"], header=False))) == [
        "A: 1 | B: 2 | C: 3"
    ]
    first = ["This is done.", "That is done.", "All is done."]
    assert len(linearise(rows(first, ["1", "2", "3"], header=False))) == 2


def test_a_table_of_headers_alone_keeps_their_words() -> None:
    assert lines(linearise(rows(["Name", "Role"], ["", ""]))) == ["Name | Role"]


def test_a_title_over_the_whole_width_has_no_header() -> None:
    title = Row((Cell("Part two", 0, width=3),), 2, 2)
    made = linearise([*rows(["A", "B", "C"]), title, row_of(["1", "2", "3"], 3, 3)])
    assert lines(made) == ["Part two", "A: 1 | B: 2 | C: 3"]


def test_a_carried_cell_is_said_again_when_short() -> None:
    def table(text: str) -> list[str]:
        carried = Row((Cell(text, 0, carried=True), Cell("two", 1)), 3, 3)
        return lines(linearise([*rows(["Theme", "Act"], [text, "one"]), carried]))

    assert table("Data") == ["Theme: Data | Act: one", "Theme: Data | Act: two"]
    assert table("long " * 50)[1] == "Act: two"


def test_the_rest_of_a_broken_row_is_joined() -> None:
    joined = join_broken_row(row_of(["4.", "Train", "✓"], 5, 5), row_of(["", "people.", ""], 9, 9))
    assert [cell.text for cell in joined.cells] == ["4.", "Train people.", "✓"]
    assert (joined.first, joined.last) == (5, 9)


@pytest.mark.parametrize(
    ("text", "lead"),
    [
        ("Recommendation 3: Do it. Then rest.", "Recommendation 3: Do it."),
        ("Evaluation recommendation # 1: Train\nMore", "Evaluation recommendation # 1: Train"),
        ("Recommandation n° 2 : Former les équipes.", "Recommandation n° 2 : Former les équipes."),
        ("Recomendación 5. Formar. Luego.", "Recomendación 5. Formar."),
        ("Recommendation 4: Use tools, e.g. maps. Then", "Recommendation 4: Use tools, e.g. maps."),
        ("The recommendation is accepted.", ""),
        ("Recommendations are below.", ""),
    ],
)
def test_a_recommendation_is_known_by_its_label(text: str, lead: str) -> None:
    assert recommendation_lead(text) == lead


def test_a_very_long_lead_is_cut_at_a_word() -> None:
    lead = recommendation_lead("Recommendation 1: " + "word " * 200)
    assert lead.endswith("word …")
    assert len(lead) <= 310


def test_answers_carry_the_recommendation_before_them() -> None:
    made = linearise(
        rows(
            ["Recommendation 1: Train."],
            ["Response: accepted"],
            ["Recommendation 2: Plan."],
            ["Response: rejected"],
            header=False,
        )
    )
    assert [piece.context for piece in made] == [
        "",
        "Recommendation 1: Train.",
        "",
        "Recommendation 2: Plan.",
    ]


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        (BlockKind.CAPTION, "Who does what", True),
        (BlockKind.PARAGRAPH, "Steps by office:", True),
        (BlockKind.PARAGRAPH, "Table 3. Steps", True),
        (BlockKind.PARAGRAPH, "The office closed.", False),
        (BlockKind.PARAGRAPH, "word " * 100 + ":", False),
        (BlockKind.HEADING, "Steps:", False),
    ],
)
def test_only_words_that_introduce_a_table_are_its_context(
    kind: BlockKind, text: str, expected: bool
) -> None:
    assert lead_in(Piece(kind, text, 1, 1)) == (text if expected else "")
    assert lead_in(None) == ""
