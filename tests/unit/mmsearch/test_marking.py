from __future__ import annotations

import pytest

from mmsearch.marking import MOST_HITS, find, marks


def words(question: str, text: str, language: str = "en") -> list[str]:
    return [text[a:b] for a, b in marks(question, text, asked_in=language, language=language)]


def test_words_are_marked_in_every_form_and_small_words_are_not() -> None:
    text = "The officials who were trained in Moldova train others; training is yearly."
    asked = "How were officials in Moldova trained?"
    assert words(asked, text) == ["officials", "trained", "Moldova", "train", "training"]


@pytest.mark.parametrize(
    ("language", "question", "text", "marked"),
    [
        (
            "ru",
            "диаспора в республике",
            "Связи с диаспорой Республики.",
            ["диаспорой", "Республики"],
        ),
        (
            "fr",
            "l'évaluation des régions",
            "Une evaluation de la région.",
            ["evaluation", "région"],
        ),
        ("ar", "ما هي التوصيات؟", "قبلت الإدارة التوصيات كلها", ["التوصيات"]),
    ],
)
def test_words_are_marked_in_other_languages(
    language: str, question: str, text: str, marked: list[str]
) -> None:
    assert words(question, text, language) == marked


def test_offsets_count_characters_outside_the_basic_plane_once() -> None:
    assert words("harbour", "🚢🚢 the harbour") == ["harbour"]


def test_words_are_found_side_by_side_and_the_last_may_be_a_beginning() -> None:
    text = "Two working days.\nWorking days pass; the days of working groups do not."
    found = find("working day", text, "en")
    assert [text[one.start : one.end] for one in found] == ["working days", "Working days"]
    assert found[0].before == "Two "
    assert found[0].after.startswith(". Working")
    assert [one.text for one in find("gro", text, "en")] == ["groups"]


def test_nothing_is_found_where_nothing_was_typed_or_stands() -> None:
    assert find("  …", "a text", "en") == []
    assert find("absent", "a text", "en") == []
    assert find("a", "", "en") == []


def test_finding_ends() -> None:
    assert len(find("word", "word " * (MOST_HITS + 50), "en")) == MOST_HITS


def test_what_the_words_are_called_in_the_language_of_the_text_is_marked() -> None:
    text = "By 2023 the programme had trained 655 officials and two migrant workers in Moldova."
    asked = "Combien de fonctionnaires et de travailleurs migrants ont été formés en Moldavie ?"
    places = marks(asked, text, asked_in="fr", language="en")
    assert [text[a:b] for a, b in places] == [
        "trained",
        "officials",
        "migrant",
        "workers",
        "Moldova",
    ]
