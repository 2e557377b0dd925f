"""Search, ask, and ask as a stream."""

from __future__ import annotations

import json

import pytest
from starlette.testclient import TestClient

from index.errors import LibraryDamaged
from tests.service.fake import GENERATION, FakeKnowledge

QUESTION = "What does a focal point who leaves write in two pages?"
HIT = {"rank", "score", "passage_id", "doc_id", "file", "title", "page", "text", "language"}
CITATION = {"n", "passage_id", "doc_id", "file", "title", "page", "quote", "start", "end"}


def events(text: str) -> list[tuple[str, object]]:
    found = []
    for block in text.split("\n\n")[:-1]:
        name, data = block.split("\n")
        found.append((name.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
    return found


def test_search_has_the_promised_shape(local: TestClient) -> None:
    found = local.get("/search", params={"q": QUESTION, "limit": 2}).json()
    promised = {"question", "query", "hits", "generation", "translations", "documents_searched"}
    assert set(found) == promised
    assert (found["question"], found["generation"]) == (QUESTION, GENERATION)
    assert len(found["hits"]) == 2
    assert set(found["hits"][0]) >= HIT
    assert found["hits"][0]["rank"] == 1
    assert found["hits"][0]["page"] == 1


def test_both_ways_to_search_say_the_same(local: TestClient) -> None:
    by_address = local.get("/search", params={"q": QUESTION, "kind": ["guideline"], "limit": 3})
    by_body = local.post("/search", json={"q": QUESTION, "kind": ["guideline"], "limit": 3})
    assert by_address.json() == by_body.json()
    assert {hit["kind"] for hit in by_body.json()["hits"]} == {"guideline"}


def test_filters_may_be_repeated(local: TestClient) -> None:
    some = [("q", QUESTION), ("kind", "guideline"), ("kind", "lessons learned"), ("limit", "50")]
    hits = local.get("/search", params=some).json()["hits"]
    assert {hit["kind"] for hit in hits} <= {"guideline", "lessons learned"}
    some = [("q", "associations team"), ("year_from", "2021"), ("year_to", "2021")]
    assert {hit["year"] for hit in local.get("/search", params=some).json()["hits"]} == {2021}


def test_ask_has_the_promised_shape(local: TestClient) -> None:
    for answer in (
        local.get("/ask", params={"q": QUESTION}).json(),
        local.post("/ask", json={"q": QUESTION}).json(),
    ):
        assert set(answer) == {
            "question",
            "answered",
            "confidence",
            "sentences",
            "citations",
            "nearest",
            "generation",
            "answer_id",
            "query",
            "language",
            "total",
            "message",
            "remarks",
            "wording",
            "documents_searched",
            "translations",
        }
        assert answer["answered"] is True
        assert answer["sentences"][0]["citations"] == [1]
        assert set(answer["citations"][0]) >= CITATION
        assert set(answer["nearest"][0]) >= HIT


def test_a_quote_is_the_text_of_its_document(local: TestClient) -> None:
    cited = local.get("/ask", params={"q": QUESTION}).json()["citations"][0]
    text = local.get(f"/documents/{cited['doc_id']}/text").json()["text"]
    assert text[cited["start"] : cited["end"]] == cited["quote"]


def test_the_stream_tells_an_answer_in_order(local: TestClient) -> None:
    response = local.get("/ask/stream", params={"q": QUESTION})
    assert response.headers["content-type"].startswith("text/event-stream")
    told = events(response.text)
    assert [name for name, _ in told] == ["status", "sentence", "citations", "nearest", "done"]
    answer = local.get("/ask", params={"q": QUESTION}).json()
    assert told[2][1] == answer["citations"]
    assert told[3][1] == answer["nearest"]
    others = ("sentences", "citations", "nearest", "answer_id")  # told before, or its own
    rest = {name: value for name, value in answer.items() if name not in others}
    assert told[4][1] == {**rest, "answer_id": told[4][1]["answer_id"]}  # type: ignore[index]


def test_the_stream_says_when_there_is_no_answer(local: TestClient) -> None:
    told = events(local.get("/ask/stream", params={"q": "penguins"}).text)
    assert [name for name, _ in told] == ["status", "nearest", "done"]


def test_a_stream_that_fails_ends_with_the_problem(
    local: TestClient, knowledge: FakeKnowledge
) -> None:
    knowledge.failure = LibraryDamaged("SECRET")
    response = local.get("/ask/stream", params={"q": QUESTION})
    told = events(response.text)
    assert [name for name, _ in told] == ["status", "problem"]
    assert told[1][1]["status"] == 503  # type: ignore[index]
    assert told[1][1]["request_id"] == response.headers["x-request-id"]  # type: ignore[index]
    assert "SECRET" not in response.text


def test_line_breaks_in_a_quote_do_not_break_the_stream(local: TestClient) -> None:
    told = dict(events(local.get("/ask/stream", params={"q": QUESTION}).text))
    assert "\n" in told["citations"][0]["quote"]  # type: ignore[index]


@pytest.mark.parametrize(
    ("question", "text"),
    [("", "is empty"), (" \n\t", "is empty"), ("a" * 2001, "has 2,001 characters; at most 2,000")],
)
@pytest.mark.parametrize("path", ["/search", "/ask", "/ask/stream"])
def test_a_question_that_cannot_be_asked(
    local: TestClient, knowledge: FakeKnowledge, path: str, question: str, text: str
) -> None:
    response = local.get(path, params={"q": question})
    assert response.status_code == 422
    assert text in response.json()["detail"]
    assert knowledge.asked == []


def test_the_longest_question_in_the_widest_letters(local: TestClient) -> None:
    question = "𞤀" * 2000
    assert local.get("/search", params={"q": question}).json()["question"] == question


def test_metrics_count_without_naming(local: TestClient) -> None:
    local.get("/ask", params={"q": QUESTION})
    local.get("/ask", params={"q": "penguins"})
    local.get("/documents/d-guide")
    local.get("/nobody/asked/for/this")
    counts = local.get("/metrics").text
    assert 'mmsearch_answers_total{answered="yes"} 1.0' in counts
    assert 'mmsearch_answers_total{answered="no"} 1.0' in counts
    assert 'route="/documents/{doc_id}",status="200"} 1.0' in counts
    assert 'route="-",status="404"} 1.0' in counts
    assert "penguins" not in counts
    assert "d-guide" not in counts


def test_the_history_of_a_conversation_reaches_the_library(
    local: TestClient, knowledge: FakeKnowledge
) -> None:
    turns = ["Who writes a handover note?", "And in Serbia?"]
    local.get("/ask", params={"q": QUESTION, "history": turns})
    assert knowledge.history == turns
    local.post("/ask", json={"q": QUESTION, "history": turns[:1]})
    assert knowledge.history == turns[:1]
    local.get("/ask/stream", params={"q": QUESTION, "history": turns})
    assert knowledge.history == turns


@pytest.mark.parametrize("turns", [["a" * 2001], ["a"] * 51])
def test_a_history_without_end_is_refused(local: TestClient, turns: list[str]) -> None:
    response = local.post("/ask", json={"q": QUESTION, "history": turns})
    assert response.status_code == 422
    assert "history" in response.text


def test_a_search_in_a_conversation_says_what_it_searched_for(
    local: TestClient, knowledge: FakeKnowledge
) -> None:
    params = {"q": "And in Serbia?", "history": ["Who keeps a list of persons in Ecuador?"]}
    found = local.get("/search", params=params).json()
    assert found["question"] == "And in Serbia?"
    assert found["query"] == "Who keeps a list of persons in Serbia?"
    assert knowledge.asked == [found["query"]]
