"""Follow-ups are understood from the thread; questions that stand alone are left alone."""

from __future__ import annotations

import pytest

from mmsearch.conversation.follow_up import MOST_CARRIED, understand

EN = "How many officials had been trained in Moldova by the end of 2023?"
FR = "Combien d'agents ont été formés en Tunisie à la fin de 2023 ?"
ES = "¿Cuántas personas atendieron las ventanillas únicas en Ecuador en 2023?"
RU = "Сколько чиновников обучено в Кыргызстане к концу 2023 года?"
AR = "كم عدد الموظفين الذين تم تدريبهم في تونس في 2023؟"


@pytest.mark.parametrize(
    ("before", "question", "old", "new"),
    [
        (EN, "And in Tunisia?", "Moldova", "Tunisia"),
        (EN, "and tunisia", "Moldova", "Tunisia"),
        (EN, "What about 2022?", "2023", "2022"),
        (EN, "2021?", "2023", "2021"),
        (EN, "And the year before?", "2023", "2022"),
        (EN, "What about teachers?", "officials", "teachers"),
        (EN, "Et en Tunisie ?", "Moldova", "Tunisia"),
        (FR, "Et au Maroc ?", "en Tunisie", "au Maroc"),
        (FR, "Et en 2022 ?", "2023", "2022"),
        (FR, "Qu'en est-il de l'Équateur ?", "Tunisie", "Équateur"),
        (FR, "Et l'année précédente ?", "2023", "2022"),
        (ES, "¿Y en Túnez?", "Ecuador", "Túnez"),
        (ES, "¿Y el año anterior?", "2023", "2022"),
        (RU, "А в Тунисе?", "Кыргызстане", "Тунисе"),
        (RU, "А в 2022 году?", "2023", "2022"),
        (AR, "وفي المغرب؟", "تونس", "المغرب"),
        (AR, "وماذا عن 2022؟", "2023", "2022"),
    ],
)
def test_an_entity_takes_the_place_of_the_one_of_its_type(
    before: str, question: str, old: str, new: str
) -> None:
    assert old in before
    assert understand(question, [before]).query == before.replace(old, new)


@pytest.mark.parametrize(
    ("before", "question", "carried"),
    [
        (EN, "Who trained them?", "officials Moldova end 2023"),
        (EN, "Why?", "officials trained Moldova end 2023"),
        (EN, "Who is responsible for that?", "officials trained Moldova end 2023"),
        (EN, "How many of them were women?", "trained Moldova end 2023"),
        (EN, "How many local plans were adopted there?", "trained Moldova end 2023"),
        (EN, "How many officials were trained by the end of 2021?", "Moldova"),
        (FR, "Qui les a formés ?", "agents Tunisie fin 2023"),
        (FR, "Qui est responsable de cela ?", "agents formés Tunisie fin 2023"),
        (ES, "¿Quién es responsable de eso?", "personas atendieron ventanillas Ecuador 2023"),
        (RU, "Кто за это отвечает?", "чиновников обучено Кыргызстане 2023"),
        (AR, "من المسؤول عن ذلك؟", "الموظفين تدريبهم تونس 2023"),
    ],
)
def test_what_a_follow_up_lacks_is_carried_over(before: str, question: str, carried: str) -> None:
    understood = understand(question, [before])
    assert set(carried.split()) <= set(understood.carried)
    assert understood.query == f"{question} ({' '.join(understood.carried)})"


@pytest.mark.parametrize(
    ("before", "question"),
    [
        (EN, "What does RMO stand for?"),
        (EN, "And what does RMO stand for?"),
        (EN, "What is the salary of the programme's director?"),
        (EN, "How do countries use their data?"),
        (EN, "Which bank finances the rotation scheme for nurses?"),
        (EN, "Is there a guideline that explains local planning?"),
        (EN, "Another question: who chairs the board?"),
        (FR, "Quelle région du Maroc a une présidence tournante ?"),
        (ES, "¿Cuándo se entregan las propuestas?"),
        (RU, "Когда открыли правовые центры?"),
        (AR, "ماذا يفعل المرصد؟"),
    ],
)
def test_a_question_that_stands_alone_is_left_alone(before: str, question: str) -> None:
    understood = understand(question, [before])
    assert (understood.query, understood.carried) == (question, ())


def test_the_first_question_is_left_as_it_is() -> None:
    assert understand(f"  {EN} ").query == EN
    assert understand("And in Tunisia?").query == "And in Tunisia?"


def test_a_thread_is_followed_turn_by_turn() -> None:
    thread = [EN, "And in Tunisia?", "Thanks!", "and in 2022?"]
    assert understand("And in Serbia?", thread).query == (
        "How many officials had been trained in Serbia by the end of 2022?"
    )


def test_a_new_subject_is_followed_and_not_the_old_one() -> None:
    understood = understand("Since when?", [EN, "What does the Home Town Fund pay for?"])
    assert understood.query == "Since when? (Home Town Fund pay)"


def test_one_noun_takes_the_place_of_another_behind_the_same_preposition() -> None:
    before = "What does the guide recommend for carpenters in Serbia?"
    query = understand("and for bakers?", [before]).query
    assert query == "What does the guide recommend for bakers in Serbia?"


def test_a_follow_up_too_short_to_tell_is_in_the_language_of_the_thread() -> None:
    assert understand("2022 ?", [FR]).language == "fr"
    assert understand("And in Tunisia?", [FR]).language == "en"


def test_a_country_is_named_in_the_language_of_the_thread() -> None:
    assert "Maroc" in understand("and in Morocco?", [FR]).query


def test_what_is_carried_does_not_grow_without_end() -> None:
    words = " ".join(f"matter{chr(97 + n)}" for n in range(26))
    understood = understand("Why is that?", [f"What is known about {words}?"])
    assert len(understood.carried) == MOST_CARRIED


@pytest.mark.parametrize("odd", ["", "   ", "?!", "🙂", "\u202e", "a" * 3000, "1" * 50])
def test_odd_turns_break_nothing(odd: str) -> None:
    assert understand("And in Tunisia?", [odd, EN, odd])
    assert understand(odd, [EN])
