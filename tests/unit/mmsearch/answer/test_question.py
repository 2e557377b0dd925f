from __future__ import annotations

import pytest

from index.value import Wanted
from mmsearch.answer.question import holds_value, keys, missing, read, spells_out


def test_small_and_asking_words_are_left_out() -> None:
    assert [w.folded for w in read("How many mentors did the network train?", "en").words] == [
        "mentors",
        "network",
        "train",
    ]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "How many clinics opened?"),
        ("en", "What share of visits was free?"),
        ("fr", "Combien de familles sont suivies ?"),
        ("es", "¿Cuántas visitas hubo?"),
        ("ru", "Сколько семей получили помощь?"),
        ("ar", "كم عدد الأسر؟"),
    ],
)
def test_it_sees_that_a_figure_is_wanted(language: str, text: str) -> None:
    question = read(text, language)
    assert question.wants is Wanted.AMOUNT
    assert holds_value(question, "42")
    assert not holds_value(question, "some of them, they say")


def test_when_asks_for_a_date_only_where_it_opens_the_question() -> None:
    assert read("When did the clinic open?", "en").wants is Wanted.TIME
    assert read("What changes when ministers leave?", "en").wants is Wanted.ANY


def test_a_year_of_the_question_is_no_new_value() -> None:
    question = read("How many visits were there in 2023?", "en")
    assert not holds_value(question, "Visits went up in 2023.")
    assert not holds_value(question, "The 2021 report says that visits went up.")
    assert holds_value(question, "In 2023 there were 12 visits.")


def test_names_are_capitals_inside_a_sentence_and_acronyms() -> None:
    names = read("Which clinics in Kenya does NFR run?", "en").names
    assert [w.folded for w in names] == ["kenya", "nfr"]


def test_an_adjective_counts_as_its_country() -> None:
    names = read("What do the Kenyan clinics cost?", "en").names
    assert missing(names, keys("The clinics of Kenya", "en")) == 0
    assert missing(names, keys("The clinics of Nepal", "en")) == 1
    assert missing((), frozenset()) == 0


def test_an_acronym_is_spelled_out_in_brackets() -> None:
    question = read("What does NFR stand for?", "en")
    assert spells_out(question, "the network for returnees (NFR)")
    assert not spells_out(question, "the NFR met")
