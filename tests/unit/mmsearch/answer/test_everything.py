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


def found(
    question: str, shelf: Shelf = CLINICS, offset: int = 0, limit: int | None = None
) -> Everything:
    asked = read(question, "en")
    result = shelf.search(question)
    return collect(
        asked,
        question,
        [[hit] for hit in result.hits],
        rarity={},
        translation=result.translation,
        languages=shelf.embedder.languages,
        n_documents=result.n_documents,
        generation=result.generation,
        offset=offset,
        limit=limit,
    )


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


def test_a_stretch_of_the_documents_has_the_counts_of_all() -> None:
    whole = found("the mobile clinic")
    parts = [found("the mobile clinic", offset=at, limit=2) for at in (0, 2)]
    assert [len(part.documents) for part in parts] == [2, 1]
    assert parts[0].documents + parts[1].documents == whole.documents
    assert all((p.total, p.matching) == (whole.total, whole.matching) for p in parts)
    assert not any(part.complete for part in parts)
