"""Terms of a question are found in any form and said in the languages that are wanted."""

from __future__ import annotations

import pytest

from index.lexicon import MOST, translate
from index.translation import Translation, gist


def said(question: str, language: str, target: str = "en") -> dict[str, list[str]]:
    translation = translate(question, language, {target})
    return {r.text: [a.text for a in r.into(target)] for r in translation.renderings}


@pytest.mark.parametrize(
    ("question", "language", "term", "english"),
    [
        ("Combien de femmes ont été formées ?", "fr", "formées", "training"),
        ("¿Quién financió los proyectos?", "es", "financió", "finance"),
        ("كم عدد اللاجئين؟", "ar", "اللاجئين", "refugee"),
        ("متى بدأ المشروع والتدريب؟", "ar", "والتدريب", "training"),
        ("ما نسبة السكان؟", "ar", "السكان", "population"),
        ("القوانين الحكومية", "ar", "الحكومية", "government"),
        ("Сколько беженцев вернулось?", "ru", "беженцев", "refugee"),
        ("Câți refugiați s-au întors?", "ro", "refugiați", "refugee"),
        ("Koliko je izbeglica?", "sr", "izbeglica", "refugee"),
        ("Колико је избеглица?", "sr", "избеглица", "refugee"),
        ("শরণার্থীদের সংখ্যা কত?", "bn", "শরণার্থীদের", "refugee"),
    ],
)
def test_a_word_is_known_in_any_form_and_script(
    question: str, language: str, term: str, english: str
) -> None:
    assert english in said(question, language)[term]


def test_the_longer_term_wins_and_its_small_words_belong_to_it() -> None:
    found = said("La migration de main-d'œuvre augmente", "fr")
    assert found["migration de main d œuvre"][0] == "labour migration"
    assert "migration" not in found


@pytest.mark.parametrize(
    ("question", "language", "english"),
    [
        ("Que fait l'OIM ?", "fr", "IOM"),
        ("¿Qué hace el PNUD?", "es", "UNDP"),
        ("Чем занимается МОМ?", "ru", "IOM"),
        ("ماذا تفعل اليونيسف؟", "ar", "UNICEF"),
    ],
)
def test_organisations_have_their_names_and_letters(
    question: str, language: str, english: str
) -> None:
    assert any(english in names for names in said(question, language).values())


@pytest.mark.parametrize(
    ("question", "language", "english"),
    [
        ("Les femmes moldaves", "fr", "Moldovan"),
        ("Проекты в Габоне", "ru", "Gabon"),
        ("مشاريع في النيجر", "ar", "Niger"),
        ("¿Qué pasó en Alemania?", "es", "Germany"),
    ],
)
def test_countries_and_their_people_are_known(question: str, language: str, english: str) -> None:
    assert any(english in names for names in said(question, language).values())


@pytest.mark.parametrize(
    ("typed", "language", "english"),
    [
        ("evaluacion", "es", "evaluation"),
        ("izvestaj", "sr", "report"),
        ("migratie", "ro", "migration"),
    ],
)
def test_words_are_known_without_their_accents(typed: str, language: str, english: str) -> None:
    assert english in said(typed, language)[typed]


def test_small_words_and_words_that_ask_are_no_terms() -> None:
    assert said("Was ist das und wer?", "fr") == {}
    assert said("متى؟ من هو وأين؟", "ar") == {}


@pytest.mark.parametrize(("language", "targets"), [("en", {"en"}), ("und", {"en"}), ("fr", set())])
def test_nothing_is_looked_up_where_there_is_nothing_to_say(
    language: str, targets: set[str]
) -> None:
    assert translate("migration report", language, targets) == Translation(language)


def test_equivalents_are_few_and_none_twice() -> None:
    question = "programme résultat direction bureau mesure groupe question pays"
    for rendering in translate(question, "fr", {"en", "ru", "bn"}).renderings:
        for language in ("en", "ru", "bn"):
            found = [tuple(sorted(a.stems)) for a in rendering.into(language)]
            assert len(found) <= MOST
            assert len(set(found)) == len(found)


def test_the_gist_says_the_question_word_for_word_and_keeps_names() -> None:
    question = "Combien de réfugiés l'OIM a-t-elle formés à Kabaya ?"
    assert gist(question, translate(question, "fr", {"en"})) == (
        "refugee International Organization for Migration training kabaya"
    )


def test_there_is_no_gist_of_a_question_that_is_mostly_unknown() -> None:
    question = "Le chien mordit une pomme verte au rapport"
    assert gist(question, translate(question, "fr", {"en"})) == ""
