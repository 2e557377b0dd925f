from __future__ import annotations

from mmsearch.answer.question import keys, missing, read, spells_out


def test_small_and_asking_words_are_left_out() -> None:
    assert [w.folded for w in read("How many mentors did the network train?", "en").words] == [
        "mentors",
        "network",
        "train",
    ]


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
