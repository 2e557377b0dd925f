from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.types import Block, BlockKind
from mmsearch.answer.sentences import LONGEST, extent, opening, pieces, sentences


def split(text: str, language: str = "en") -> list[str]:
    return [text[a:b] for a, b in sentences(text, language)]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "One is here. Two is there.", ["One is here.", "Two is there."]),
        ("en", "Dr. Adan met No. 5. He left.", ["Dr. Adan met No. 5.", "He left."]),
        ("en", "See paras. 12–14 and go on. Stop.", ["See paras. 12–14 and go on.", "Stop."]),
        ("en", "It cost 3.5 million. It ended.", ["It cost 3.5 million.", "It ended."]),
        (
            "en",
            "As agreed (see above).4 Next came tea.",
            ["As agreed (see above).4", "Next came tea."],
        ),
        (
            "fr",
            "M. Petit a écrit l’art. 5. Il est parti.",
            ["M. Petit a écrit l’art. 5.", "Il est parti."],
        ),
        ("es", "El Sr. Ruiz llegó. ¿Quién más?", ["El Sr. Ruiz llegó.", "¿Quién más?"]),
        ("ru", "См. стр. 5. Это конец.", ["См. стр. 5.", "Это конец."]),
        ("ar", "هذا أول. هل هذا ثان؟ نعم.", ["هذا أول.", "هل هذا ثان؟", "نعم."]),
        ("und", "Uno. Due.", ["Uno.", "Due."]),
    ],
)
def test_sentences_end_where_a_reader_ends_them(
    language: str, text: str, expected: list[str]
) -> None:
    assert split(text, language) == expected


def test_a_very_long_sentence_is_cut_at_semicolons() -> None:
    text = "; ".join(f"point {n} says that something was done by somebody" for n in range(30))
    found = split(text)
    assert len(found) > 1
    assert all(len(part) <= LONGEST for part in found)


@given(
    st.text(alphabet=st.sampled_from("abC .!?\n5;é|؟")), st.sampled_from(["en", "fr", "ar", "und"])
)
def test_sentences_cover_the_text_in_order(text: str, language: str) -> None:
    found = sentences(text, language)
    at = 0
    for start, end in found:
        assert at <= start < end <= len(text)
        assert not text[at:start].replace(";", "").strip()
        assert text[start:end] == text[start:end].strip()
        at = end
    assert not text[at:].strip()


def row(text: str) -> list[str]:
    block = Block(BlockKind.TABLE_ROW, 0, len(text), 1, 1)
    return [text[p.start : p.end] for p in pieces(text, (block,), 0, len(text), "en")]


def test_a_short_row_is_quoted_with_all_its_cells() -> None:
    assert row("Region: North | Visits: 12 | Cost: 40") == ["Region: North | Visits: 12 | Cost: 40"]


def test_a_long_row_is_split_by_cell_and_sentence_and_keeps_its_number() -> None:
    action = "Action: " + "Train the drivers of every county before the rains begin. " * 3
    text = f"No: 7\n{action.strip()}\nOwner: County office | Done: no"
    found = row(text)
    assert found[0] == "No: 7\nAction: Train the drivers of every county before the rains begin."
    assert found[-1] == "Owner: County office | Done: no"
    assert all(part in text for part in found)


def test_headings_and_furniture_are_no_pieces() -> None:
    lines = ["What was learned", "Budget ........ 12", "12/34", "The clinic opened in May."]
    text = "\n\n".join(lines)
    kinds = [BlockKind.HEADING, *[BlockKind.PARAGRAPH] * 3]
    blocks, at = [], 0
    for line, kind in zip(lines, kinds, strict=True):
        blocks.append(Block(kind, at, at + len(line), 1, 1, level=kind is BlockKind.HEADING))
        at += len(line) + 2
    found = pieces(text, blocks, 0, len(text), "en")
    assert [text[p.start : p.end] for p in found] == ["The clinic opened in May."]


def test_a_few_words_without_an_end_are_a_fragment() -> None:
    text = "Annual plan of the office"
    (piece,) = pieces(text, (Block(BlockKind.PARAGRAPH, 0, len(text), 1, 1),), 0, len(text), "en")
    assert not piece.complete


def test_pieces_stay_inside_their_passage() -> None:
    text = "First sentence here. Second sentence here. Third sentence here."
    block = Block(BlockKind.PARAGRAPH, 0, len(text), 1, 1)
    found = pieces(text, (block,), 21, 42, "en")
    assert [text[p.start : p.end] for p in found] == ["Second sentence here."]


def test_a_colon_goes_on_over_the_list_it_opens() -> None:
    parts = ["There are two risks:", "Too little rain;", "Too much rain.", "The end is near now."]
    text = "\n".join(parts)
    kinds = [BlockKind.PARAGRAPH, BlockKind.LIST_ITEM, BlockKind.LIST_ITEM, BlockKind.PARAGRAPH]
    blocks, at = [], 0
    for part, kind in zip(parts, kinds, strict=True):
        blocks.append(Block(kind, at, at + len(part), 1, 1))
        at += len(part) + 1
    found = pieces(text, blocks, 0, len(text), "en")
    assert text[: extent(text, found, 0)].endswith("Too much rain.")
    assert extent(text, found, 3) == found[3].end
    assert extent(text, found, 0, longest=45) == found[1].end


def paragraphs(*parts: str) -> tuple[str, list[Block]]:
    blocks, at = [], 0
    for part in parts:
        blocks.append(Block(BlockKind.PARAGRAPH, at, at + len(part), 1, 1))
        at += len(part) + 1
    return "\n".join(parts), blocks


def test_a_label_is_read_with_the_short_lines_under_it() -> None:
    text, blocks = paragraphs("Contact for nets:", "Ms. Achieng Odhiambo", "Boats sink in May.")
    found = [text[p.start : p.end] for p in pieces(text, blocks, 0, len(text), "en")]
    assert found == ["Contact for nets:\nMs. Achieng Odhiambo", "Boats sink in May."]


def test_a_label_with_nothing_under_it_is_no_piece() -> None:
    text, blocks = paragraphs("Responsible unit(s): (Part 1)", "The council checks boats in May.")
    found = [text[p.start : p.end] for p in pieces(text, blocks, 0, len(text), "en")]
    assert found == ["The council checks boats in May."]


@pytest.mark.parametrize(
    "part",
    [
        "Figure 4. Boats that were checked by the council in each month of the year",
        "4 The council checks only those boats that were built before the war.",
        "* Includes boats that were checked by the council and by the harbour.",
        "• Lake Council (2020b). Guidance on boats and nets for its members. May.",
    ],
)
def test_captions_notes_and_references_do_not_read_on_their_own(part: str) -> None:
    text, blocks = paragraphs(part)
    assert [p.complete for p in pieces(text, blocks, 0, len(text), "en")] == [False]


def test_half_a_sentence_does_not_read_on_its_own() -> None:
    text, blocks = paragraphs(
        "The council, which meets in May, lends nets. All fishers pay nothing."
    )
    found = pieces(text, blocks, text.index("lends"), len(text), "en")
    assert [p.complete for p in found] == [False, True]


def test_a_sentence_that_points_back_begins_with_the_one_before() -> None:
    text, blocks = paragraphs("The council meets in May. It lends nets to every fisher.")
    found = pieces(text, blocks, 0, len(text), "en")
    assert [opening(text, found, at) for at in (0, 1)] == [0, 0]
    assert opening(text, found, 1, longest=40) == found[1].start
