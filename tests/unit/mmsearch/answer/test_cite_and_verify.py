from __future__ import annotations

import logging
from dataclasses import replace

import pytest

from index.types import DocumentText
from mmsearch.answer.cite import cite
from mmsearch.answer.question import read
from mmsearch.answer.select import Evidence, select
from mmsearch.answer.verify import verify
from tests.unit.mmsearch.answer.shelf import PROGRAMME


def evidence(question: str = "How many mentors were trained?") -> list[Evidence]:
    result = PROGRAMME.search(question)
    found = select(read(question, "en"), result, embedder=PROGRAMME.embedder, text=PROGRAMME.text)
    return list(found.ranked[:3])


def test_citations_are_numbered_as_they_appear_and_quote_the_document() -> None:
    sentences, citations = cite(evidence(), PROGRAMME.locate)
    assert [c.n for c in citations] == [1, 2, 3]
    assert [s.citations for s in sentences] == [(1,), (2,), (3,)]
    for sentence, citation in zip(sentences, citations, strict=True):
        text = PROGRAMME.text(citation.document.doc_id).text
        assert sentence.text == citation.quote == text[citation.start : citation.end]
        assert citation.locator == PROGRAMME.locate(
            citation.document.doc_id, citation.start, citation.end
        )


def test_the_same_span_is_cited_once() -> None:
    one = evidence()[0]
    sentences, citations = cite([one, one], PROGRAMME.locate)
    assert len(sentences) == len(citations) == 1


def test_true_quotes_are_kept() -> None:
    found = evidence()
    assert verify(found, PROGRAMME.text) == found


@pytest.mark.parametrize(
    "spoil",
    [
        lambda e: replace(e, text=e.text.upper()),
        lambda e: replace(e, start=e.start + 1),
        lambda e: replace(e, end=e.hit.passage.end + 5),
        lambda e: replace(e, text="", start=e.end),
    ],
)
def test_a_quote_that_does_not_stand_there_is_dropped_and_logged(
    spoil: object, caplog: pytest.LogCaptureFixture
) -> None:
    assert callable(spoil)
    first, *others = evidence()
    with caplog.at_level(logging.ERROR):
        assert verify([spoil(first), *others], PROGRAMME.text) == others
    assert first.hit.passage.passage_id in caplog.text
    assert first.text not in caplog.text


def test_a_passage_whose_stored_text_changed_is_dropped() -> None:
    found = evidence()
    changed = found[0].hit.passage.doc_id

    def text(doc_id: str) -> DocumentText:
        stored = PROGRAMME.text(doc_id)
        if doc_id != changed:
            return stored
        return replace(stored, text=stored.text[:-1] + "!")

    kept = verify(found, text)
    assert kept == [e for e in found if e.hit.passage.doc_id != changed]
    assert len(kept) < len(found)
