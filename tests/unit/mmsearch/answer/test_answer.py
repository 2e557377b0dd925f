from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.types import DocumentText, SearchResult
from mmsearch.answer.answer import compose
from tests.unit.mmsearch.answer.shelf import PROGRAMME, Shelf, WordEmbedder


@pytest.mark.parametrize(
    ("question", "fact"),
    [
        ("How many patients did the mobile clinic in Kenya treat in 2023?", "4,200"),
        ("What is the ceiling of the loan for returning migrants?", "900 dollars"),
        ("When is the weekly radio programme broadcast?", "Sunday"),
        ("How many mentors did the network for returnees train?", "36 mentors"),
    ],
)
def test_it_answers_with_the_sentence_that_says_so(question: str, fact: str) -> None:
    answer = PROGRAMME.ask(question)
    assert answer.answered
    assert fact in " ".join(s.text for s in answer.sentences)
    assert 1 <= len(answer.sentences) <= 3


@pytest.mark.parametrize(
    "question",
    [
        "How many patients did the mobile clinic in Nepal treat in 2023?",
        "How many patients did the mobile clinic in Kenya treat in 1999?",
        "How is sourdough bread baked?",
        "Who won the football match on Tuesday?",
    ],
)
def test_it_abstains_with_the_nearest_passages(question: str) -> None:
    answer = PROGRAMME.ask(question)
    assert not answer.answered
    assert answer.sentences == ()
    assert answer.citations == ()
    assert answer.nearest == PROGRAMME.search(question).hits
    assert answer.confidence < 0.5


WORDS = st.sampled_from(
    [
        "Clinic",
        "mentors",
        "loan",
        "Kenya",
        "2023",
        "radio",
        "garden.",
        "families",
        "year?",
        "paid",
        "No.",
        "5",
        "(NFR)",
        "the",
        "of",
    ]
)


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.lists(WORDS, min_size=1, max_size=30).map(" ".join), min_size=1, max_size=4),
    st.lists(WORDS, min_size=1, max_size=8).map(" ".join),
    st.sampled_from(["en", "fr"]),
)
def test_every_quote_is_a_span_of_its_document_inside_its_passage(
    texts: list[str], question: str, language: str
) -> None:
    shelf = Shelf(
        {f"d{n}": text for n, text in enumerate(texts)},
        language=language,
        embedder=WordEmbedder(),
    )
    answer = shelf.ask(question)
    passages = {h.passage.passage_id: h.passage for h in answer.nearest}
    assert answer.answered == bool(answer.sentences) == bool(answer.citations)
    for sentence, citation in zip(answer.sentences, answer.citations, strict=True):
        passage = passages[citation.passage_id]
        text = shelf.text(passage.doc_id).text
        assert text[citation.start : citation.end] == citation.quote == sentence.text
        assert passage.start <= citation.start < citation.end <= passage.end


def test_an_answer_whose_quotes_do_not_verify_is_no_answer() -> None:
    question = "How many patients did the mobile clinic in Kenya treat in 2023?"
    result = PROGRAMME.search(question)
    calls: list[str] = []

    def text(doc_id: str) -> DocumentText:
        calls.append(doc_id)
        stored = PROGRAMME.text(doc_id)
        if len(calls) <= len(result.hits):
            return stored
        return replace(stored, text=stored.text.replace("4,200", "9,999"))

    answer = compose(
        question,
        result,
        embedder=PROGRAMME.embedder,
        text=text,
        locate=PROGRAMME.locate,
        language="en",
    )
    assert "4,200" not in str(answer.sentences)
    assert not answer.answered
    assert answer.confidence == 0


def test_an_empty_library_answers_nothing() -> None:
    answer = compose(
        "Where is the clinic?",
        SearchResult((), 4, 0),
        embedder=WordEmbedder(),
        text=PROGRAMME.text,
        locate=PROGRAMME.locate,
        language="en",
    )
    assert not answer.answered
    assert answer.confidence == 0
    assert answer.generation == 4
