"""Questions in one language over documents in another."""

from __future__ import annotations

import pytest

from index.reading import Reading
from index.retrieve import retrieve
from index.snapshot import open_snapshot
from index.types import KEEPER, PUBLIC
from ingest.types import AccessLevel
from tests.fakes import WordEmbedder

REPORT = "By then 655 officials had attended the training on refugees in Moldova."
OTHER = "The market of the town sells fruit and bread on Sundays."
RAPPORT = "En 2023, 40 agents ont suivi la formation sur les réfugiés en Moldavie."


@pytest.fixture
def embedder():
    return WordEmbedder(dim=4096)  # no two words of these texts fall together


@pytest.fixture
def search(folder, fill, write, embedder):
    def search(question, *documents, reader=KEEPER):
        fill(*(write(name, text, **given) for name, text, given in documents))
        snapshot = open_snapshot(Reading(folder))
        return retrieve(snapshot, embedder, question, reader=reader)

    return search


def files(result):
    return [hit.document.file for hit in result.hits]


@pytest.mark.parametrize(
    "question",
    [
        "Combien d'agents ont été formés pour les réfugiés ?",
        "¿Cuántos funcionarios recibieron capacitación sobre refugiados?",
        "كم عدد الموظفين الذين تلقوا تدريبا بشأن اللاجئين؟",
        "Сколько сотрудников прошли обучение по вопросам беженцев?",
        "Câți funcționari au urmat instruirea despre refugiați?",
        "Koliko je službenika pohađalo obuku o izbeglicama?",
        "Колико је службеника похађало обуку о избеглицама?",
        "শরণার্থীদের বিষয়ে কতজন কর্মকর্তা প্রশিক্ষণ পেয়েছেন?",
    ],
)
def test_an_english_document_is_found_in_every_language(search, question):
    result = search(question, ("a.txt", OTHER, {}), ("b.txt", REPORT, {}))
    assert files(result)[0] == "b.txt"
    assert result.hits[0].keyword == 1.0
    assert "refugee" in result.gist


def test_a_french_document_is_found_by_an_english_question(search):
    result = search(
        "How many people had training on refugees?",
        ("a.txt", OTHER, {}),
        ("b.txt", RAPPORT, {"language": "fr"}),
    )
    assert files(result)[0] == "b.txt"
    assert result.gist == ""


def test_a_document_in_the_language_of_the_question_comes_first(search):
    question = "Combien d'agents ont suivi la formation sur les réfugiés ?"
    documents = (("a.txt", REPORT, {}), ("b.txt", RAPPORT, {"language": "fr"}))
    assert files(search(question, *documents)) == ["b.txt", "a.txt"]


def test_a_name_in_cyrillic_is_found_in_latin_letters(search):
    documents = (("a.txt", OTHER, {}), ("b.txt", "The ministers met in Mombasa in 1996.", {}))
    assert files(search("Что было в Момбасе?", *documents))[0] == "b.txt"


def test_an_arabic_document_is_found_by_words_that_carry_the_article(search):
    text = "ارتفع عدد السكان في المنطقة بعد افتتاح المدرسة."
    documents = (("a.txt", OTHER, {}), ("b.txt", text, {"language": "ar"}))
    result = search("population of the region", *documents)
    assert files(result)[0] == "b.txt"
    assert result.hits[0].keyword == 1.0


def test_nothing_is_translated_where_all_speak_one_language(search):
    result = search("How many officials had training?", ("a.txt", REPORT, {}))
    assert not result.translation
    assert result.gist == ""


def test_a_language_that_only_hidden_documents_have_is_not_searched(search):
    documents = (
        ("a.txt", REPORT, {}),
        ("b.txt", RAPPORT, {"language": "fr", "access": AccessLevel.INTERNAL}),
    )
    assert not search("training of refugees", *documents, reader=PUBLIC).translation
    assert search("training of refugees", *documents).translation


def test_an_equivalent_of_several_words_wants_them_together(search):
    result = search(
        "migration de main-d'œuvre",
        ("a.txt", "The labour of the farm and the migration of birds were counted apart.", {}),
        ("b.txt", "Agreements on labour migration were signed with two other countries.", {}),
    )
    assert files(result)[0] == "b.txt"
    assert [hit.keyword for hit in result.hits] == [1.0, 0.0]
