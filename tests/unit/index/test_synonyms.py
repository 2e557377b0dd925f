from __future__ import annotations

import pytest

from index.second_stage import SYNONYM, Asked, read_again, telling
from index.synonyms import synonyms, with_synonyms


def asked(question: str, language: str = "en") -> Asked:
    return with_synonyms(
        Asked(telling(question, language, lambda stems: {}, 100)), question, language
    )


def others(question: str, language: str = "en") -> dict[str, set[str]]:
    return {r.text: {a.text for a in r.alternatives} for r in synonyms(question, language)}


def test_an_everyday_word_is_read_as_the_report_says_it():
    assert "funding" in others("How much money came in?")["money"]
    assert "cessation" not in others("How much money came in?")["money"]


def test_a_form_of_a_word_has_the_synonyms_of_its_stem():
    assert "decline" in others("Which budgets are falling?")["falling"]


def test_a_longer_term_wins_over_the_words_it_is_made_of():
    found = others("Who will set aside the money?")
    assert "allocate" in found["set aside"]
    assert "set" not in found


def test_nothing_is_its_own_synonym():
    for rendering in synonyms("The money fell and the staff was leaving early", "en"):
        own = frozenset(rendering.text.split())
        assert all(own != frozenset(a.text.split()) for a in rendering.alternatives)


def test_small_words_and_unknown_words_have_none():
    assert others("Who is the qzxy of it?") == {}
    assert others("") == {}


def test_a_question_of_no_known_language_is_read_as_english():
    assert others("money", "und") == others("money", "en")


def test_a_form_of_a_word_is_known_also_where_the_language_is_not():
    _, falling = asked("budgets falling", "und").terms
    assert "declin" in falling.like


def test_a_sentence_with_a_synonym_says_less_than_one_with_the_word():
    question = asked("money")
    word, other, none = (
        read_again(question, text, "", "en").either
        for text in ("Money was short.", "Funding was short.", "Rain was short.")
    )
    assert (word, other, none) == (1.0, pytest.approx(SYNONYM), 0.0)
