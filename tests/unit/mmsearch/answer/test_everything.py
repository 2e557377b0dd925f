from __future__ import annotations

from mmsearch.answer.everything import Everything, collect
from mmsearch.answer.question import read
from tests.unit.mmsearch.answer.shelf import PROGRAMME, Shelf

CLINICS = Shelf(
    texts={
        "kenya": "The mobile clinic in Kenya treated 4,200 patients.",
        "nepal": "A mobile clinic went to the hills of Nepal.",
        "loans": "Returning migrants may ask for a small loan.",
        "again": "In Kenya the mobile clinic was praised.",
    }
)


def found(question: str, shelf: Shelf = CLINICS) -> Everything:
    result = shelf.search(question)
    languages = shelf.embedder.languages
    return collect(read(question, "en"), question, result, languages=languages, most=100)


def test_every_passage_that_speaks_to_it_is_there_and_no_other() -> None:
    everything = found("the mobile clinic")
    assert {m.document.doc_id for m in everything.documents} == {"kenya", "nepal", "again"}
    assert everything.total == 3
    assert everything.n_documents == 4
    assert everything.complete


def test_a_name_that_is_asked_for_must_be_there() -> None:
    everything = found("the mobile clinic in Kenya")
    assert {m.document.doc_id for m in everything.documents} == {"kenya", "again"}
    assert found("the mobile clinic in Kenya in 1999").total == 0


def test_nothing_is_found_of_what_is_not_there() -> None:
    assert found("sourdough bread", PROGRAMME).documents == ()


def test_a_search_that_was_cut_short_says_so() -> None:
    result = CLINICS.search("the mobile clinic")
    asked = read("the mobile clinic", "en")
    cut = collect(asked, asked.text, result, languages=frozenset({"en"}), most=3)
    assert not cut.complete
