"""Texts word for word in English."""

from __future__ import annotations

import pytest

from index.gloss import edition, gloss, glossed


def test_five_languages_have_words() -> None:
    assert glossed() >= {"fr", "es", "ar", "ru", "ro"}


@pytest.mark.parametrize(
    ("language", "text", "meant"),
    [
        ("fr", "Combien de personnes ?", "how many"),
        ("es", "¿Cuántos países participaron?", "countries"),
        ("ru", "Сколько детей жили в городе?", "how many children"),
        ("ar", "كم عدد المهاجرين في المدينة؟", "city"),
        ("ro", "Câți copii trăiesc în oraș?", "children"),
    ],
)
def test_the_usual_meaning_stands_in_the_place_of_a_word(
    language: str, text: str, meant: str
) -> None:
    said = gloss(text, language)
    assert meant in said
    assert said[-1] == text[-1]  # what stands between words stays


def test_an_expression_wins_over_its_words_and_ends_with_its_sentence() -> None:
    assert "sustainable development" in gloss("le développement durable", "fr")
    assert "sustainable development" not in gloss("le développement. Durable", "fr")


def test_numbers_and_names_stay_and_cyrillic_names_are_written_in_latin_letters() -> None:
    assert gloss("Tombouctou 1996, 3,5 %", "fr") == "tombouctou 1996, 3,5 %"
    assert gloss("Кибвана", "ru") == "kibvana"


def test_a_word_is_found_without_its_accents_and_in_other_forms() -> None:
    assert gloss("pais", "es") == gloss("país", "es") == "country"


def test_the_article_and_particles_of_arabic_are_read_apart() -> None:
    assert gloss("والمدينة", "ar") == "and the city"


def test_an_edition_names_the_words_of_one_language() -> None:
    assert edition("fr") == edition("fr") != edition("es")


def test_a_text_without_words_stays() -> None:
    assert gloss("", "fr") == ""
    assert gloss(" … \n", "fr") == " ... \n"
