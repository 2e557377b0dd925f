"""Every phrase exists in every language with the same placeholders, and is used as it is."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from index.lexicon import translate
from index.types import Related, Relation
from ingest.types import Locator, PageArea, Unit
from mmsearch.phrases.catalogue import (
    CATALOGUES,
    FALLBACK,
    direction,
    every_phrase,
    not_found,
    place,
    placeholders,
    preferred,
    recognised,
    remarks,
    say,
    source,
)
from mmsearch.phrases.searched import equivalents, translation_shape
from mmsearch.types import Answer
from tests.unit.mmsearch.answer.shelf import PROGRAMME

SCRIPTS = {"ar": r"[\u0600-\u06ff]", "ru": r"[а-яё]"}
NEUTRAL = {"list_comma", "page"}
ANSWER = Answer("", False, 0.0, (), (), (), 1, n_documents=12)


@pytest.mark.parametrize("language", sorted(CATALOGUES))
def test_every_phrase_exists_with_the_same_placeholders(language: str) -> None:
    own, base = CATALOGUES[language], CATALOGUES[FALLBACK]
    assert own.keys() == base.keys()
    for name, phrase in own.items():
        assert placeholders(phrase) == placeholders(base[name]), name
        assert phrase.strip() or name == "list_comma", name


@pytest.mark.parametrize("language", ["ar", "ru"])
def test_a_phrase_is_in_the_script_of_its_language(language: str) -> None:
    for name, phrase in CATALOGUES[language].items():
        assert name in NEUTRAL or re.search(SCRIPTS[language], phrase.lower()), name


def test_no_phrase_was_left_in_english() -> None:
    for language in ("fr", "es"):
        same = {n for n, p in CATALOGUES[language].items() if p == CATALOGUES[FALLBACK][n]}
        assert same <= {"list_comma", "page", "sources"}


def test_every_phrase_that_the_code_says_exists(repository: Path) -> None:
    said = set()
    for path in (repository / "mmsearch").rglob("*.py"):
        said |= set(re.findall(r'\bsay\(\s*"([a-z_]+)"', path.read_text(encoding="utf-8")))
    assert "not_found" in said
    assert said <= set(every_phrase())


def test_a_language_without_a_catalogue_gets_english() -> None:
    assert say("sources", "bn") == say("sources", "und") == "Sources"
    assert (direction("ar"), direction("bn")) == ("rtl", "ltr")


def test_a_missing_value_is_noticed() -> None:
    with pytest.raises(KeyError, match="words"):
        say("looked_for", "en")


@pytest.mark.parametrize(
    ("language", "question", "text"),
    [
        (
            "en",
            "How many officials were trained in Peru?",
            "I did not find this in the library. Looked for: officials, trained, Peru. "
            "Documents searched: 12.",
        ),
        (
            "fr",
            "Combien d'agents l'Italie a-t-elle formés ?",
            "Je n'ai pas trouvé cela dans la bibliothèque. Recherché : agents, Italie, formés. "
            "Documents consultés : 12.",
        ),
        (
            "es",
            "¿Cuántos funcionarios se capacitaron en Colombia?",
            "No encontré esto en la biblioteca. Se buscó: funcionarios, capacitaron, Colombia. "
            "Documentos consultados: 12.",
        ),
        (
            "ru",
            "Сколько чиновников обучено в Перу?",
            "Я не нашёл этого в библиотеке. Искали: чиновников, обучено, Перу. "
            "Просмотрено документов: 12.",
        ),
    ],
)
def test_not_found_says_what_was_looked_for(language: str, question: str, text: str) -> None:
    assert not_found(replace(ANSWER, question=question, language=language)) == text


def test_not_found_in_arabic() -> None:
    answer = replace(ANSWER, question="كم عدد الموظفين في بيرو؟", language="ar")
    assert not_found(answer).startswith("لم أجد هذا في المكتبة. ما بُحث عنه: الموظفين، بيرو.")


def test_remarks_say_how_a_question_was_understood_and_who_worded_the_answer() -> None:
    answer = replace(ANSWER, question="And in Peru?", query="How many in Peru?", language="en")
    assert remarks(answer) == ["Understood as: How many in Peru?"]
    quoted = replace(ANSWER, wording={"state": "quoted", "reason": "timeout"}, language="fr")
    assert remarks(quoted) == [
        "Ce sont les mots mêmes des documents : le modèle de langue n'a pas répondu à temps."
    ]
    assert remarks(replace(quoted, wording={"state": "worded", "model": "m"}))[0].startswith(
        "Formulé par m"
    )


def test_a_remark_names_what_is_newer_than_a_source() -> None:
    newer = Related(Relation.SUPERSEDED_BY, "d2", "b.md", "Guide, second edition")
    found = PROGRAMME.ask("How many patients did the mobile clinic in Kenya treat in 2023?")
    old = replace(found.citations[0].document, related=(newer,))
    cited = tuple(replace(c, document=old) for c in found.citations)
    answer = replace(found, citations=cited, language="fr")
    assert remarks(answer) == [
        "[1] Une version plus récente se trouve dans la bibliothèque : Guide, second edition."
    ]


@pytest.mark.parametrize(
    ("locator", "text"),
    [
        (Locator(Unit.PAGE, 4, 4, pages=(PageArea(3, "iv"),)), "pág. 4 (impresa iv)"),
        (Locator(Unit.PAGE, 4, 5, pages=(PageArea(3, "4"), PageArea(4, "5"))), "pág. 4–5"),
        (Locator(Unit.PARAGRAPH, 12, 12), "párrafo 12"),
        (Locator(Unit.LINE, 3, 5), "líneas 3–5"),
    ],
)
def test_a_place_in_words(locator: Locator, text: str) -> None:
    assert place(locator, "es") == text


def test_how_surely_a_scan_was_read() -> None:
    assert recognised(0.937) == "read from a scan, 94 % sure"
    assert "94" in recognised(0.937, "ar")
    assert recognised(None, "fr") == ""


def test_every_unit_has_a_name_in_every_language() -> None:
    for unit in Unit:
        for language in CATALOGUES:
            assert "7" in place(Locator(unit, 7, 7), language)
            assert not place(Locator(unit, 7, 9), language).startswith("7")


def test_a_source_in_a_sentence() -> None:
    assert source("Guide", 2023, "fr") == "selon Guide (2023)"
    assert source("Guide", None, "en") == "according to Guide"


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("fr-CH, fr;q=0.9, en;q=0.8, de;q=0.7, *;q=0.5", "fr"),
        ("de, es;q=0.3, ar;q=0.7", "ar"),
        ("de-DE", "en"),
        ("", "en"),
        ("ru;q=0, en;q=nonsense, es;q=0.1", "es"),
    ],
)
def test_the_language_a_browser_prefers(header: str, language: str) -> None:
    assert preferred(header) == language


ASKED = "Combien de réfugiés ont été formés ?"


def test_it_names_what_was_searched_in_the_language_of_a_source() -> None:
    hits = PROGRAMME.search("How many mentors did the network for returnees train?").hits
    found = replace(
        ANSWER, language="fr", nearest=hits, translation=translate(ASKED, "fr", {"en", "es"})
    )
    assert remarks(found) == ["Aussi cherché : refugee, training"]
    own = translate("How many refugees were trained?", "en", {"fr"})
    assert own
    assert remarks(replace(found, language="en", translation=own)) == []


def test_equivalents_are_given_once_in_the_languages_that_are_wanted() -> None:
    found = translate(f"{ASKED} réfugié", "fr", {"en", "es"})
    assert equivalents(found, {"es"}) == ["refugiado", "capacitación"]
    assert equivalents(found, set()) == []


def test_the_json_names_terms_with_their_equivalents_and_languages() -> None:
    first = translation_shape(translate(ASKED, "fr", {"en", "es"}))[0]
    assert first == {
        "term": "réfugiés",
        "equivalents": [
            {"language": "en", "text": "refugee"},
            {"language": "es", "text": "refugiado"},
        ],
    }


def test_an_empty_library_is_said_to_be_empty_and_nothing_was_looked_for() -> None:
    nothing = replace(ANSWER, question="Who leaves?", language="fr", generation=0, n_documents=0)
    assert not_found(nothing) == "La bibliothèque est encore vide."
    hidden = replace(nothing, generation=3, language="en")
    assert not_found(hidden) == "There is no document here to search."
