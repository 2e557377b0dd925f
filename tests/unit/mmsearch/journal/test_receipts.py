"""A receipt knows what became of its passages, and whom it may be shown to."""

from __future__ import annotations

from dataclasses import replace

import pytest

from index.types import KEEPER, PUBLIC, Reader
from ingest.types import AccessLevel
from mmsearch.journal.errors import NoSuchEntry
from mmsearch.journal.journal import Journal
from mmsearch.journal.types import PassageState, Receipt
from mmsearch.types import Answer
from tests.unit.mmsearch.journal.conftest import Make, Shelf, ask

QUESTION = "How many patients did the mobile clinic in Kenya treat in 2023?"
INTERNAL = Reader(internal=True)


def with_access(answer: Answer, doc_id: str, access: AccessLevel) -> Answer:
    """Make a document of an answer have another access level when it was given."""

    def of(item):
        if item.document.doc_id != doc_id:
            return item
        metadata = replace(item.document.metadata, access=access)
        return replace(item, document=replace(item.document, metadata=metadata))

    return replace(
        answer,
        citations=tuple(map(of, answer.citations)),
        nearest=tuple(map(of, answer.nearest)),
    )


@pytest.fixture
def answer() -> Answer:
    found = ask(QUESTION)
    assert [c.document.doc_id for c in found.citations] == ["kenya"]
    return found


@pytest.fixture
def journal(make: Make, answer: Answer) -> Journal:
    journal = make()
    journal.record_answer(answer)
    return journal


def cited(receipt: Receipt):
    (passage,) = [p for p in receipt.passages if p.n]
    return passage


def test_nothing_has_changed(journal: Journal, answer: Answer, shelf: Shelf) -> None:
    receipt = journal.receipt(answer.answer_id, reader=PUBLIC, shelf=shelf)
    assert {p.state for p in receipt.passages} == {PassageState.SAME}
    assert cited(receipt).now == (answer.citations[0].start, answer.citations[0].end)


def test_a_quote_that_moved_is_found_again(journal: Journal, answer: Answer, shelf: Shelf) -> None:
    shelf.texts["kenya"] = "A new first line.\n\n" + shelf.texts["kenya"]
    passage = cited(journal.receipt(answer.answer_id, reader=PUBLIC, shelf=shelf))
    assert passage.state is PassageState.MOVED
    assert passage.now is not None
    assert shelf.texts["kenya"][slice(*passage.now)] == passage.quote


def test_a_quote_that_was_reworded_has_changed(
    journal: Journal, answer: Answer, shelf: Shelf
) -> None:
    shelf.texts["kenya"] = shelf.texts["kenya"].replace("4,200", "4,300")
    receipt = journal.receipt(answer.answer_id, reader=PUBLIC, shelf=shelf)
    assert (cited(receipt).state, cited(receipt).now) == (PassageState.CHANGED, None)
    assert "4,200" in receipt.sentences[0].text  # what was said then
    near = [p.state for p in receipt.passages if not p.n and p.doc_id == "kenya"]
    assert near == [PassageState.CHANGED]


def test_a_document_that_was_removed_is_gone(
    journal: Journal, answer: Answer, shelf: Shelf
) -> None:
    del shelf.texts["kenya"]
    receipt = journal.receipt(answer.answer_id, reader=PUBLIC, shelf=shelf)
    assert cited(receipt).state is PassageState.GONE


def test_a_document_that_was_closed_since_hides_the_receipt(
    journal: Journal, answer: Answer, shelf: Shelf
) -> None:
    shelf.access["kenya"] = AccessLevel.INTERNAL
    with pytest.raises(NoSuchEntry, match="no receipt"):
        journal.receipt(answer.answer_id, reader=PUBLIC, shelf=shelf)
    assert journal.receipt(answer.answer_id, reader=INTERNAL, shelf=shelf).answered


@pytest.mark.parametrize("now", ["gone", "public"])
def test_what_was_closed_then_stays_closed(
    make: Make, answer: Answer, shelf: Shelf, now: str
) -> None:
    journal = make()
    journal.record_answer(with_access(answer, "kenya", AccessLevel.RESTRICTED))
    if now == "gone":
        del shelf.texts["kenya"]
    for reader in (PUBLIC, INTERNAL):
        with pytest.raises(NoSuchEntry, match="no receipt"):
            journal.receipt(answer.answer_id, reader=reader, shelf=shelf)
    assert journal.receipt(answer.answer_id, reader=KEEPER, shelf=shelf).answered


def test_a_passage_that_was_only_near_is_left_out_for_whom_it_is_closed(
    journal: Journal, answer: Answer, shelf: Shelf
) -> None:
    shelf.access["radio"] = AccessLevel.RESTRICTED
    seen = journal.receipt(answer.answer_id, reader=PUBLIC, shelf=shelf).passages
    every = journal.receipt(answer.answer_id, reader=KEEPER, shelf=shelf).passages
    assert {p.doc_id for p in every} - {p.doc_id for p in seen} == {"radio"}
