from __future__ import annotations

import json
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.language import (
    LANGUAGES,
    detect,
    detect_part,
    detect_question,
    languages_of,
)

SENTENCES = {
    "en": "The focal points of the ministries met twice and agreed on a common work plan.",
    "fr": "Les points focaux des ministères se sont réunis deux fois et ont adopté un plan commun.",
    "es": "Los puntos focales de los ministerios se reunieron dos veces y acordaron un plan común.",
    "ro": "Punctele focale ale ministerelor s-au întâlnit de două ori și au adoptat un plan comun.",
    "sr": "Predstavnici ministarstava su se sastali dva puta i usvojili zajednički plan rada.",
    "ru": "Представители министерств встретились дважды и приняли общий план работы.",
    "ar": "اجتمع ممثلو الوزارات مرتين واتفقوا على خطة عمل مشتركة للسنة القادمة.",
    "bn": "মন্ত্রণালয়ের প্রতিনিধিরা দুবার মিলিত হয়ে একটি যৌথ পরিকল্পনা গ্রহণ করেছেন।",
}
CYRILLIC_SERBIAN = "Представници министарстава су се састали два пута и усвојили заједнички план."

QUESTIONS = [
    ("Who chairs the steering committee?", "en"),
    ("What does SDC stand for?", "en"),
    ("Quelles mesures la direction a-t-elle prises en Haïti ?", "fr"),
    ("quelles mesures ont ete prises", "fr"),
    ("¿Quién dirige el comité?", "es"),
    ("cuales son las recomendaciones", "es"),
    ("Cine conduce comitetul?", "ro"),
    ("cate ministere au participat la intalnire", "ro"),
    ("Ko vodi odbor i koliko članova ima?", "sr"),
    ("Ко води одбор?", "sr"),
    ("Где се налази канцеларија?", "sr"),
    ("Кто возглавляет комитет?", "ru"),
    ("من يرأس اللجنة؟", "ar"),
    ("কমিটির প্রধান কে?", "bn"),
]


@pytest.mark.parametrize(("language", "text"), SENTENCES.items())
def test_a_sentence_of_each_language_is_told(language: str, text: str) -> None:
    assert detect(text) == language
    assert detect_question(text) == language


def test_serbian_is_told_in_both_scripts() -> None:
    assert detect(CYRILLIC_SERBIAN) == "sr"


@pytest.mark.parametrize(("question", "language"), QUESTIONS)
def test_a_short_question_is_told(question: str, language: str) -> None:
    assert detect_question(question) == language


@pytest.mark.parametrize(
    "text", ["", "   ", "12 345 67,8 %", "SDC", "Table 4: 12 34", "Moldova 2025"]
)
def test_too_little_evidence_is_undetermined(text: str) -> None:
    assert detect(text) == "und"
    assert detect_question(text) == "und"


def test_addresses_and_symbols_are_no_evidence() -> None:
    assert (
        detect("https://example.org/the/report/of/the/board DP/2025/14 a.person@example.org")
        == "und"
    )


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Die Bundesregierung hat beschlossen, dass die Mittel für das Programm steigen.", "de"),
        ("Уряд вирішив збільшити кошти програми, щоб країни могли досягти своїх цілей.", "uk"),
        ("政府は移民に関する新しい計画を発表しました。これは非常に重要なことです。", "ja"),
    ],
)
def test_another_language_is_undetermined_unless_it_is_a_candidate(
    text: str, language: str
) -> None:
    assert detect(text) == "und"
    assert detect(text, (*LANGUAGES, language)) == language


def test_only_candidates_are_returned() -> None:
    assert detect(SENTENCES["fr"], ("fr", "en")) == "fr"
    assert detect(SENTENCES["ru"], ("fr", "en")) == "und"
    assert detect(SENTENCES["ar"], ()) == "und"


def test_most_letters_decide_between_scripts() -> None:
    assert detect(f"{SENTENCES['ar']} (UNDP, IOM)") == "ar"


def test_languages_of_a_document_most_used_first() -> None:
    texts = [SENTENCES["fr"]] * 6 + [SENTENCES["en"]] * 3 + ["1234"]
    assert languages_of(texts) == ("fr", "en")


def test_a_language_under_a_tenth_is_left_out() -> None:
    assert languages_of([SENTENCES["en"]] * 20 + [SENTENCES["es"]]) == ("en",)


def test_a_document_without_words_has_no_language() -> None:
    assert languages_of(["1", "2"]) == ()


def test_threads_get_the_same_answers() -> None:
    texts = [*SENTENCES.values(), "remesas y diáspora"] * 5
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(detect, texts)) == [detect(text) for text in texts]


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200))
def test_any_text_gets_a_candidate_or_und(text: str) -> None:
    assert detect(text) in {*LANGUAGES, "und"}
    assert detect_question(text) in {*LANGUAGES, "und"}


def _texts(path: Path) -> list[str]:
    return [json.loads(line)["text"] for line in path.read_text("utf-8").splitlines()]


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("eng", "en"),
        ("fra", "fr"),
        ("spa", "es"),
        ("arb", "ar"),
        ("rus", "ru"),
        ("ron_2006", "ro"),
        ("srp_cyrl", "sr"),
        ("srp_latn", "sr"),
        ("ben", "bn"),
    ],
)
def test_declaration_paragraphs(shared_data: Path, name: str, language: str) -> None:
    texts = _texts(shared_data / "udhr_xling" / f"{name}.jsonl")
    paragraphs = [text for text in texts if len(text) >= 100]
    assert [detect(text) for text in paragraphs] == [language] * len(paragraphs)
    sentences = [s for text in texts for s in re.split(r"(?<=[.;।])\s+", text) if len(s) >= 30]
    right = sum(detect(sentence) == language for sentence in sentences)
    assert right >= 0.99 * len(sentences)


@pytest.mark.shared
@pytest.mark.parametrize("language", ["en", "es", "ro", "ru", "ar"])
def test_questions(shared_data: Path, language: str) -> None:
    questions = _texts(shared_data / "xquad" / language / "queries.jsonl")
    right = sum(detect_question(question) == language for question in questions)
    assert right >= 0.99 * len(questions)


@pytest.mark.parametrize(("language", "text"), SENTENCES.items())
def test_a_passage_in_another_language_than_its_document_is_told(language: str, text: str) -> None:
    assert detect_part(text, "ru" if language == "en" else "en") == language


@pytest.mark.parametrize(
    "text",
    [
        "12 345 67,8 %",
        "Humanitarian Response Division | 11 | - | 1 | 10\nSupply management | 9 | - | 1 | 8",
        "Recommendation 1 | a | E | E | E | E | E | E\nRecommendation 4 | a | E | L | E | E | E",
        "Dajabón, Elías Piña, Jimaní, Pedernales, Santo Domingo",
    ],
)
@pytest.mark.parametrize("main", ["en", "fr"])
def test_a_passage_that_says_little_has_its_documents_language(text: str, main: str) -> None:
    assert detect_part(text, main) == main


def test_a_passage_of_a_document_without_a_language_is_told_by_itself() -> None:
    assert detect_part(SENTENCES["fr"], "und") == "fr"
    assert detect_part("12 345", "und") == "und"
