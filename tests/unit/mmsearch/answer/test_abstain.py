from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmsearch.answer.abstain import COEFFICIENTS, NAMES, Signals, confidence, measure
from mmsearch.answer.question import read
from mmsearch.answer.select import Selection, select
from tests.unit.mmsearch.answer.shelf import PROGRAMME, Shelf


def signals(question: str, shelf: Shelf = PROGRAMME) -> Signals:
    asked = read(question, "en")
    result = shelf.search(question)
    found = select(asked, result, embedder=shelf.embedder, text=shelf.text)
    return measure(asked, found, result)


def test_every_signal_has_a_coefficient() -> None:
    assert set(COEFFICIENTS) == {"read", "known", "foreign"}
    assert all(set(c) == {*NAMES, "bias"} for c in COEFFICIENTS.values())


def test_where_the_language_is_foreign_cosines_say_nothing() -> None:
    assert COEFFICIENTS["foreign"]["cosine"] == COEFFICIENTS["foreign"]["passage"] == 0


def test_what_no_reader_read_is_judged_without_it() -> None:
    assert COEFFICIENTS["known"]["reads"] == COEFFICIENTS["foreign"]["reads"] == 0
    asked = signals("How many patients were treated in Kenya in 2023?")
    unlikely, likely = (
        confidence(replace(asked, reads=value), trusted=True) for value in (-1.0, 1.0)
    )
    assert unlikely < likely
    assert confidence(replace(asked, reads=None), trusted=True) > 0


@given(
    st.lists(st.floats(-1, 1, allow_subnormal=False), min_size=len(NAMES), max_size=len(NAMES)),
    st.booleans(),
)
def test_confidence_lies_in_0_to_1(values: list[float], trusted: bool) -> None:
    assert 0 <= confidence(Signals(*values), trusted=trusted) <= 1


def test_missing_names_and_years_are_noticed() -> None:
    assert signals("How many patients were treated in Kenya in 2023?").missing_names == 0
    wrong = signals("How many patients were treated in Nepal in 1999?")
    assert wrong.missing_names == 1
    assert wrong.missing_numbers == 1


def test_what_is_wrong_lowers_confidence() -> None:
    right = signals("How many patients did the clinic in Kenya treat in 2023?")
    for wrong in (
        "How many patients did the clinic in Nepal treat in 2023?",
        "How many patients did the clinic in Kenya treat in 1999?",
    ):
        assert confidence(signals(wrong), trusted=True) < confidence(right, trusted=True)


@pytest.mark.parametrize(
    "question",
    [
        "How many patients did the clinic in Nepal treat in 2023?",
        "How many patients did the clinic in Kenya treat in 1999?",
    ],
)
def test_another_country_or_year_in_the_place_of_the_one_asked_for_is_noticed(
    question: str,
) -> None:
    assert signals("How many patients did the clinic in Kenya treat in 2023?").other == 0
    assert signals(question).other == 1


def test_one_piece_far_above_the_others_is_surer_than_one_among_equals() -> None:
    alone = Shelf({"a": "The lake council lends nets.", "b": "Tea is free."})
    twins = Shelf({"a": "The lake council lends nets.", "b": "The lake council lends boats."})
    found = [signals("What does the lake council lend?", shelf) for shelf in (alone, twins)]
    assert found[0].odds > found[1].odds
    assert found[0].apart > found[1].apart


def test_nothing_chosen_cannot_be_measured() -> None:
    with pytest.raises(ValueError, match="selection is empty"):
        measure(read("Why?", "en"), Selection((), (), ()), PROGRAMME.search("Why?"))
