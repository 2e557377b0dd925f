from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.front import compose, embedding_text, front
from ingest.passages import cut, with_languages
from ingest.sections import heading_paths
from ingest.types import Block, BlockKind, ParsedDocument, Passage, Unit
from tests.unit.ingest.documents import count_tokens, document, sentences

LIMIT = 254

words = st.one_of(
    st.text("abcdef", min_size=1, max_size=9),
    st.sampled_from(["x" * 700, "٣.", "नमस्ते।", "؟", "«où»", "end.", "—", "\u00a0", "ﷺ", "🌍"]),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=6),
)
paragraphs = st.builds(
    lambda parts, times: " ".join(parts * times), st.lists(words, max_size=12), st.integers(1, 40)
)
headings = st.builds(
    lambda level, parts: (f"h{level}", " ".join(parts) or "H"),
    st.integers(1, 4),
    st.lists(words, max_size=6),
)
contexts = st.sampled_from(["", "Country | Year", "Recommendation " + "long " * 90])
bodies = st.tuples(st.sampled_from(["p", "li", "tr"]), paragraphs, contexts)
documents = st.lists(st.one_of(headings, bodies), max_size=14).map(lambda parts: document(*parts))
titles = st.one_of(st.just("Mid-term review"), paragraphs)


def checked(parsed: ParsedDocument, title: str) -> tuple[Passage, ...]:
    """Cut and hold the result to every law."""
    passages = cut(parsed, title=title, count_tokens=count_tokens)
    at = 0
    for passage in passages:
        assert passage.text == parsed.text[passage.start : passage.end]
        assert passage.text.strip() == passage.text != ""
        assert passage.start >= at
        assert not parsed.text[at : passage.start].strip()
        at = passage.end
    assert not parsed.text[at:].strip()
    return passages


@given(documents, titles)
@settings(deadline=None, max_examples=60)
def test_passages_are_spans_in_order_that_cover_the_text(
    parsed: ParsedDocument, title: str
) -> None:
    checked(parsed, title)


@given(documents, titles)
@settings(deadline=None, max_examples=60)
def test_every_passage_fits_the_model_with_its_front(parsed: ParsedDocument, title: str) -> None:
    passages = checked(parsed, title)
    sizes = count_tokens([embedding_text(title, passage) for passage in passages])
    assert all(size <= LIMIT for size in sizes)


@given(documents)
@settings(deadline=None, max_examples=60)
def test_no_passage_crosses_a_heading_of_the_top_level(parsed: ParsedDocument) -> None:
    levels = [block.level for block in parsed.blocks if block.kind is BlockKind.HEADING]
    tops = [
        b.start
        for b in parsed.blocks
        if b.level and b.level == min(levels, default=0) and parsed.text[b.start : b.end].strip()
    ]
    for passage in checked(parsed, "Title"):
        assert not any(passage.start < top < passage.end for top in tops)


@given(documents)
@settings(deadline=None, max_examples=60)
def test_a_table_row_is_cut_only_when_it_alone_is_too_long(parsed: ParsedDocument) -> None:
    passages = checked(parsed, "Title")
    paths = heading_paths(parsed.text, parsed.blocks)
    for block, path in zip(parsed.blocks, paths, strict=True):
        if block.kind is not BlockKind.TABLE_ROW:
            continue
        touched = [p for p in passages if p.start < block.end and block.start < p.end]
        if len(touched) > 1:
            row = parsed.text[block.start : block.end]
            alone = count_tokens([front("", path, block.context), row])
            assert sum(alone) + 16 > LIMIT


@given(documents)
@settings(deadline=None, max_examples=25)
def test_cutting_twice_gives_the_same(parsed: ParsedDocument) -> None:
    assert checked(parsed, "Title") == checked(parsed, "Title")


def texts(*parts: tuple[str, str] | tuple[str, str, str]) -> list[str]:
    return [passage.text for passage in checked(document(*parts), "Title")]


def test_a_heading_belongs_to_the_text_that_follows_it() -> None:
    assert texts(("h1", "One"), ("p", "First."), ("h1", "Two"), ("p", "Second.")) == [
        "One\nFirst.",
        "Two\nSecond.",
    ]


def test_nested_headings_stay_with_the_text_below_them() -> None:
    (passage,) = checked(document(("h1", "A"), ("h2", "B"), ("p", "Text.")), "Title")
    assert passage.text == "A\nB\nText."
    assert passage.heading_path == ("A", "B")


def test_a_lone_heading_at_the_end_is_a_passage() -> None:
    assert texts(("h1", "One"), ("p", "First."), ("h1", "Annex")) == ["One\nFirst.", "Annex"]


def test_short_sections_of_one_parent_are_joined_and_named_after_it() -> None:
    passages = checked(
        document(("h1", "P"), ("h2", "A"), ("p", "One."), ("h2", "B"), ("p", "Two.")), "Title"
    )
    assert [p.text for p in passages] == ["P\nA\nOne.\nB\nTwo."]
    assert passages[0].heading_path == ("P",)


def test_long_sections_of_one_parent_stay_apart() -> None:
    body = sentences(7)
    passages = checked(
        document(("h1", "P"), ("h2", "A"), ("p", body), ("h2", "B"), ("p", body)), "Title"
    )
    assert [p.heading_path for p in passages] == [("P", "A"), ("P", "B")]


def test_text_before_the_first_heading_is_not_joined_to_it() -> None:
    assert texts(("p", "Cover."), ("h2", "One"), ("p", "First.")) == ["Cover.", "One\nFirst."]


def test_sections_of_two_parents_with_the_same_name_stay_apart() -> None:
    part = [("h1", "Country"), ("h2", "Intro"), ("p", "Text.")]
    assert texts(*part, *part) == ["Country\nIntro\nText."] * 2


def test_a_long_paragraph_is_cut_evenly_at_sentence_ends() -> None:
    passages = checked(document(("p", sentences(40))), "Title")
    sizes = count_tokens([passage.text for passage in passages])
    assert all(passage.text.endswith(".") for passage in passages)
    assert min(sizes) > 100


def test_rows_are_gathered_and_none_is_cut() -> None:
    rows = [("tr", f"Row {n} | {sentences(3)}") for n in range(12)]
    passages = checked(document(("h1", "Table"), *rows), "Title")
    assert 2 <= len(passages) < len(rows)
    assert all(p.text.startswith(("Row", "Table")) for p in passages)


def test_rows_that_answer_different_recommendations_stay_apart() -> None:
    rows = [("tr", f"Accepted. {sentences(6)}", f"Recommendation {n}") for n in range(3)]
    passages = checked(document(*rows), "Title")
    assert [p.context for p in passages] == [f"Recommendation {n}" for n in range(3)]


def test_the_row_of_the_next_recommendation_begins_a_passage_however_short_the_last() -> None:
    rows = [("tr", "Accepted.", "Recommendation 1"), ("tr", "Recommendation 2: do more.")]
    assert texts(*rows) == ["Accepted.", "Recommendation 2: do more."]


def test_a_row_that_had_to_be_cut_is_not_mixed_with_its_neighbours() -> None:
    long = " | ".join(["word " * 35 + "cell"] * 9)
    found = texts(("tr", "Before. " * 30), ("tr", long), ("tr", "After. " * 30))
    assert [t[0] for t in found] == ["B", *"w" * (len(found) - 2), "A"]


def test_a_row_that_is_too_long_is_cut_between_its_cells() -> None:
    cell = "word " * 45 + "cell"
    passages = checked(document(("tr", " | ".join([cell] * 9))), "Title")
    assert all(p.text.startswith("word") and p.text.endswith(("cell", "|")) for p in passages)


@pytest.mark.parametrize("stop", [".", "؟", "।", "。"])
def test_the_sentence_ends_of_other_scripts_are_known(stop: str) -> None:
    text = " ".join(f"كلمة أخرى رقم {n} هنا{stop}" for n in range(60))
    assert all(p.text.endswith(stop) for p in checked(document(("p", text)), "Title"))


def test_a_line_without_end_is_cut_within_the_limit() -> None:
    passages = checked(document(("p", "lorem ipsum dolor " * 20_000)), "Title")
    assert max(count_tokens([p.text for p in passages])) <= LIMIT


def test_a_word_the_model_does_not_know_is_not_a_passage_of_any_length() -> None:
    parsed = document(("p", "x" * 60_000))
    passages = cut(parsed, title="", count_tokens=lambda texts: [1] * len(texts))
    assert max(len(passage.text) for passage in passages) <= 20 * 256


def test_the_context_of_several_blocks_is_kept_once_each_in_order() -> None:
    parsed = document(("tr", "a", "Year"), ("tr", "b", "Country"), ("tr", "c", "Year"))
    assert [p.context for p in checked(parsed, "Title")] == ["Year\nCountry"]


def test_a_passage_has_the_kind_of_its_longest_block() -> None:
    (passage,) = checked(document(("h1", "H"), ("li", "A longer item.")), "Title")
    assert passage.kind is BlockKind.LIST_ITEM


def test_an_empty_document_has_no_passages() -> None:
    assert cut(document(), title="", count_tokens=count_tokens) == ()


def test_the_limit_holds_for_a_hostile_title_path_and_context() -> None:
    for junk in ("ﷺ" * 500, "qzxjkv" * 400, "!?" * 400, "🌍" * 400, "a " * 4000):
        parsed = document(("h1", junk), ("h2", junk), ("tr", sentences(30), junk))
        passages = checked(parsed, junk)
        sizes = count_tokens([embedding_text(junk, passage) for passage in passages])
        assert max(sizes) <= LIMIT


def test_text_outside_every_block_is_refused() -> None:
    parsed = ParsedDocument("lost words", (Block(BlockKind.PARAGRAPH, 0, 4, 1, 1),), Unit.LINE)
    with pytest.raises(ValueError, match="from 4 on is in no block"):
        cut(parsed, title="", count_tokens=count_tokens)


def test_overlapping_blocks_are_refused() -> None:
    blocks = (Block(BlockKind.PARAGRAPH, 0, 6, 1, 1), Block(BlockKind.PARAGRAPH, 4, 10, 1, 1))
    with pytest.raises(ValueError, match="4–10 overlaps"):
        cut(ParsedDocument("lost words", blocks, Unit.LINE), title="", count_tokens=count_tokens)


def test_a_model_with_no_room_is_refused() -> None:
    with pytest.raises(ValueError, match="must be 96 or more"):
        cut(document(), title="", count_tokens=count_tokens, max_tokens=64)


def test_the_front_has_title_path_and_context() -> None:
    assert compose("Title", ("A", "B"), "Year", "Text.") == "Title\nA > B\nYear\nText."


def test_the_front_repeats_neither_the_title_nor_the_headings_of_the_text() -> None:
    assert compose("Title", ("Title", "A", "B"), "", "A\nB\nText.") == "Title\nA\nB\nText."


def test_a_long_front_loses_the_outermost_headings_first() -> None:
    path = ("Outer " * 20, "Middle " * 20, "Innermost heading")
    assert front("", path, "Year " * 60).startswith("Innermost heading\nYear")


def test_a_passage_whose_language_cannot_be_told_has_the_documents() -> None:
    passages = cut(
        document(("h1", "A"), ("p", "Bonjour"), ("h1", "B"), ("p", "12")),
        title="",
        count_tokens=count_tokens,
    )
    found = with_languages(passages, lambda text, main: "fr" if "Bonjour" in text else main, "es")
    assert [passage.language for passage in found] == ["fr", "es"]
