from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from index.second_stage import (
    FOREIGN,
    KNOWN,
    Asked,
    Reading,
    gains,
    read_again,
    shares,
    strengths,
    telling,
)
from index.value import Wanted


def asked(question: str, language: str = "en", sort: Wanted = Wanted.ANY) -> Asked:
    return Asked(telling(question, language, lambda stems: {}, 100), sort)


def gain(question: Asked, text: str, language: str, around: str | None = None) -> float:
    texts = [text] if around is None else [text, around]
    read = (shares(question, strengths(question, [(some, "", language)])) for some in texts)
    return float(gains(*read)[0])


def test_words_together_gain_more_than_words_apart() -> None:
    question = asked("mobile clinic Kenya")
    together = "The mobile clinic came to Kenya in spring. It stayed."
    apart = "A mobile kitchen stood there. The clinic was shut. Kenya is far."
    assert read_again(question, together, "", "en").valued == 1.0
    assert read_again(question, apart, "", "en").valued < 0.5
    assert gain(question, together, "en") > gain(question, apart, "en")


def test_a_figure_is_wanted_in_the_sentence_that_answers() -> None:
    question = asked("How many patients did the clinic treat?", sort=Wanted.AMOUNT)
    figure = read_again(question, "The clinic treated 4,200 patients.", "", "en")
    none = read_again(question, "The clinic treated patients. It cost 7 dollars.", "", "en")
    assert figure.valued > none.valued
    assert figure.either == none.either


def test_a_heading_says_what_its_passage_leaves_out() -> None:
    reading = read_again(asked("budget of Moldova"), "It was 3 million.", "Moldova: budget", "en")
    assert reading.either == 1.0
    assert reading.pair == 0.0


def test_a_likeness_counts_less_than_the_word() -> None:
    question = asked("переселенцев")
    same = read_again(question, "переселенцев много", "", "ru").either
    like = read_again(asked("efficience", "fr"), "the efficiency was high", "", "en").either
    assert same == 1.0
    assert 0.0 < like < 1.0


def test_numbers_and_short_words_are_not_alike() -> None:
    assert read_again(asked("2023"), "In 2024 it ended.", "", "en").either == 0.0
    assert read_again(asked("cat"), "A catalogue was made.", "", "en").either == 0.0


def test_surroundings_count_where_meaning_is_not_known() -> None:
    question = asked("clinic Kenya")
    beside = gain(question, "The clinic opened.", "en", "The clinic opened. It is in Kenya.")
    alone = gain(question, "The clinic opened.", "en", "The clinic opened.")
    assert beside > alone


def test_rare_words_weigh_more() -> None:
    clinic, talia = telling("the clinic of Talia", "en", lambda stems: {"clinic": 90}, 100)
    assert (clinic.stem, talia.stem) == ("clinic", "talia")
    assert talia.weight > clinic.weight


@given(st.text(max_size=120), st.text(max_size=300), st.sampled_from(["en", "ar", "ru", "und"]))
def test_every_share_is_a_share(question: str, text: str, language: str) -> None:
    reading = read_again(asked(question, language), text, question, language)
    values = (reading.either, reading.order, reading.valued, reading.pair)
    assert all(0.0 <= value <= 1.0 + 1e-9 for value in values)
    known = gain(asked(question, language), text, language)
    foreign = gain(asked(question, language), text, language, text)
    assert 0.0 <= known <= sum(KNOWN.values()) + 1e-9
    assert 0.0 <= foreign <= sum(FOREIGN.values()) + 1e-9


def test_nothing_gains_nothing() -> None:
    assert read_again(asked("clinic"), "", "", "en") == Reading()


def test_a_row_is_read_under_its_tables_top_and_caption() -> None:
    question = asked("How many cases of theft in the clinic?", sort=Wanted.AMOUNT)
    table = "Table 4\n\nCases by kind\n\nKind | Number\nFire | 12\nTheft | 38"
    assert read_again(question, table, "The clinic", "en").valued == 1.0
    apart = "Cases by kind\n\nOther things\n\nMore\n\nKind | Number\nTheft | 38\n\nCases: 7"
    assert 0.0 < read_again(question, apart, "The clinic", "en").valued < 1.0
    prose = read_again(question, "Cases by kind\n\nTheft: 38", "The clinic", "en")
    assert prose.valued < 1.0


@given(st.lists(st.text(alphabet="ab. \n|", max_size=30), max_size=4))
def test_passages_are_read_together_as_each_alone(texts: list[str]) -> None:
    question = asked("a b ab")
    passages = [(text, "b", "en") for text in texts]
    together = shares(question, strengths(question, passages)).T.tolist()
    assert [Reading(*row) for row in together] == [read_again(question, *p) for p in passages]
