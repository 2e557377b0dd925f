"""Every character goes in and comes out as it was, from a file to a passage."""

from __future__ import annotations

import pytest

from index.types import KEEPER
from ingest.language import detect
from mmsearch.knowledge import KnowledgeBase
from mmsearch.loading import LoadOptions, load

TEXTS = {
    "fr": "La stratégie nationale prévoit l'intégration des migrants dans les communes.",
    "combining": "Les écoles de\u0301die\u0301es accueillent les e\u0301le\u0300ves des communes.",
    "ar": "تُعِدُّ البلدية خطةً لإدماج المهاجرين في المجتمع المحلي، وفق الاستراتيجية الوطنية.",
    "bn": "পৌরসভা অভিবাসীদের সমাজে অন্তর্ভুক্ত করার জন্য একটি পরিকল্পনা তৈরি করেছে।",
    "ru": "Муниципалитет подготовил план интеграции мигрантов в местное сообщество.",
    "ro": "Primăria a pregătit un plan pentru integrarea migranților în comunitățile locale.",
    "sr": "Општина је припремила план за укључивање миграната у локалну заједницу.",
    "sr-Latn": "Opština je pripremila plan za uključivanje migranata u lokalnu zajednicu.",
    "es": "El municipio preparó un plan para la integración de los migrantes en la comunidad.",
    "joiners": "می\u200cخواهم क\u200dष 👩\u200d🌾 fin\u00adance",
}


@pytest.fixture(scope="module")
def knowledge(tmp_path_factory):
    folder = tmp_path_factory.mktemp("characters")
    for name, text in TEXTS.items():
        (folder / "in").mkdir(exist_ok=True)
        (folder / "in" / f"{name}.txt").write_text(text, encoding="utf-8")
    load(
        [folder / "in"],
        LoadOptions(folder / "library"),
        begin=lambda total: None,
        each=lambda result: None,
    )
    with KnowledgeBase.open(folder / "library") as opened:
        yield opened


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_comes_out_as_it_went_in(knowledge, name):
    (document,) = [d for d in knowledge.readable(reader=KEEPER) if d.file == f"{name}.txt"]
    assert knowledge.text(document.doc_id, reader=KEEPER).text == TEXTS[name]
    (passage,) = knowledge.passages(document.doc_id, reader=KEEPER)
    assert passage.text == TEXTS[name]


@pytest.mark.parametrize("name", [name for name in TEXTS if len(name) == 2])
def test_its_language_is_told_and_its_words_find_it(knowledge, name):
    question = TEXTS[name].split(" ", 2)[2]
    best = knowledge.search(question, reader=KEEPER, limit=1).hits[0]
    assert best.document.file.startswith(name)
    assert detect(TEXTS[name]) == name


@pytest.mark.parametrize(
    ("question", "script"),
    [("припремила план за мигранте", "sr-Latn.txt"), ("pripremila plan za migrante", "sr.txt")],
)
def test_serbian_is_found_across_its_scripts(knowledge, question, script):
    found = [hit.document.file for hit in knowledge.search(question, reader=KEEPER, limit=4).hits]
    assert set(found[:2]) == {"sr.txt", "sr-Latn.txt"} or script in found[:2]


def test_arabic_is_found_without_its_vowel_signs(knowledge):
    (hit,) = knowledge.search("تعد البلدية خطة", reader=KEEPER, limit=1).hits
    assert hit.document.file == "ar.txt"
