from __future__ import annotations

from dataclasses import replace

import pytest

from index.lexicon import translate
from index.second_stage import read_again
from index.translation import Translation
from mmsearch.answer.equivalents import asked_of, with_equivalents
from mmsearch.answer.question import keys, missing, read
from mmsearch.answer.select import coverage

QUESTION = "Combien de réfugiés la Moldavie a-t-elle formés à la migration de main-d'œuvre ?"
ENGLISH = "655 refugees had been trained for labour migration in Moldova"


def asked():
    return with_equivalents(read(QUESTION, "fr"), translate(QUESTION, "fr", {"en"}))


def test_the_words_of_a_passage_in_another_language_cover_the_question() -> None:
    words = asked().words
    having = keys(ENGLISH, "en")
    assert coverage(words, [1.0] * len(words), having) == 1.0
    assert coverage(read(QUESTION, "fr").words, [1.0] * len(words), having) < 0.5


def test_an_equivalent_of_several_words_is_said_only_by_all_of_them() -> None:
    (labour,) = [word for word in asked().words if word.folded == "oeuvre"]
    assert labour.within(keys("labour migration", "en"))
    assert not labour.within(keys("migration of birds", "en"))


def test_a_country_of_the_question_is_missed_unless_it_is_named_in_either_language() -> None:
    names = asked().names
    assert missing(names, keys(ENGLISH, "en")) == 0.0
    assert missing(names, keys("refugees in Tunisia", "en")) == 1.0


def test_a_question_that_nothing_was_found_for_stays_as_it_was_read() -> None:
    question = read(QUESTION, "fr")
    found = with_equivalents(question, translate(QUESTION, "fr", set()))
    assert not any(word.also for word in (*found.words, *found.names))
    assert replace(found, words=()) == replace(question, words=())


def test_words_that_mean_the_same_count_as_the_questions() -> None:
    question = with_equivalents(read("How much money came in?", "en"), Translation())
    (money,) = (word for word in question.words if word.stem == "money")
    assert money.within(frozenset({"fund"}))
    assert not money.within(frozenset({"staff"}))


def test_the_second_stage_reads_the_equivalents_too() -> None:
    words = asked().words
    again = asked_of(words, [1.0] * len(words))
    assert read_again(again, ENGLISH, "", "en").either == pytest.approx(1.0)
    assert read_again(again, "the market of the town", "", "en").either == 0.0
