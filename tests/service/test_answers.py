"""Receipts, votes and gaps over HTTP."""

from __future__ import annotations

import csv
import io

import pytest
from starlette.testclient import TestClient

from mmsearch.api.app import create_app
from mmsearch.journal.journal import Journal
from mmsearch.settings import load_settings
from tests.service.conftest import bearer, client_of
from tests.service.fake import FakeKnowledge

QUESTION = "What does a focal point who leaves write in two pages?"


def test_an_answer_has_a_receipt(local: TestClient) -> None:
    answer = local.post("/ask", json={"q": QUESTION}).json()
    receipt = local.get(f"/answers/{answer['answer_id']}").json()
    assert receipt["question"] == QUESTION
    assert [c["quote"] for c in receipt["citations"]] == [c["quote"] for c in answer["citations"]]
    assert {c["state"] for c in receipt["citations"]} == {"same"}
    assert len(receipt["nearest"]) == len(answer["nearest"])


def test_a_streamed_answer_has_a_receipt_too(local: TestClient) -> None:
    text = local.get("/ask/stream", params={"q": QUESTION}).text
    answer_id = text.rpartition('"answer_id": "')[2].partition('"')[0]
    assert local.get(f"/answers/{answer_id}").status_code == 200


@pytest.mark.parametrize(
    ("role", "status"),
    [("anonymous", 404), ("public", 404), ("internal", 404), ("haiti", 200), ("keeper", 200)],
)
def test_a_receipt_is_for_who_may_read_what_it_cites(
    shared: TestClient, role: str, status: int
) -> None:
    assert shared.get("/answers/a_keeper", headers=bearer(role)).status_code == status
    assert shared.get("/answers/a_public", headers=bearer(role)).status_code == 200
    vote = shared.post("/answers/a_keeper/feedback", json={"helpful": True}, headers=bearer(role))
    assert vote.status_code == status


def test_a_hidden_receipt_and_a_missing_one_are_told_alike(shared: TestClient) -> None:
    same = {"X-Request-ID": "same"}
    told = [shared.get(f"/answers/{name}", headers=same) for name in ("a_keeper", "a_nothing")]
    bodies = [{**response.json(), "instance": ""} for response in told]
    assert bodies[0] == bodies[1]


def test_a_thumbs_down_reaches_the_keepers(shared: TestClient) -> None:
    body = {"helpful": False, "missing": "the form itself"}
    voted = shared.post("/answers/a_public/feedback", json=body)
    assert voted.json() == {"recorded": True}
    shared.post("/answers/a_public/feedback", json=body)  # the same caller: still one vote
    (gap,) = shared.get("/gaps", headers=bearer("keeper")).json()["gaps"]
    assert (gap["missing"], gap["reason"]) == ("the form itself", "unhelpful")
    receipt = shared.get("/answers/a_public").json()
    assert (receipt["helpful"], receipt["unhelpful"]) == (0, 1)


def test_a_keeper_says_what_became_of_a_gap(shared: TestClient) -> None:
    asked = {"question": "Who pays for the tea?", "missing": "the tea budget"}
    assert shared.post("/gaps", json=asked).json() == {"recorded": True}
    keeper = bearer("keeper")
    (gap,) = shared.get("/gaps", headers=keeper).json()["gaps"]
    change = {"state": "no evidence exists", "note": "asked the kitchen"}
    changed = shared.patch(f"/gaps/{gap['gap_id']}", json=change, headers=keeper).json()
    assert (changed["state"], changed["note"]) == ("no evidence exists", "asked the kitchen")
    assert shared.get("/gaps", params={"state": "open"}, headers=keeper).json()["gaps"] == []
    missing = shared.patch("/gaps/g_none", json=change, headers=keeper)
    assert missing.status_code == 404
    wrong = shared.patch(f"/gaps/{gap['gap_id']}", json={"state": "x"}, headers=keeper)
    assert wrong.status_code == 422


@pytest.mark.parametrize(("role", "status"), [("anonymous", 401), ("internal", 403)])
def test_gaps_are_the_keepers(shared: TestClient, role: str, status: int) -> None:
    for path in ("/gaps", "/gaps.csv", "/figures"):
        assert shared.get(path, headers=bearer(role)).status_code == status
    change = {"state": "open"}
    assert shared.patch("/gaps/g_0", json=change, headers=bearer(role)).status_code == status


def test_no_cell_of_the_sheet_is_a_formula(local: TestClient) -> None:
    for question in ('=HYPERLINK("http://evil.example")', "+1+cmd", "@SUM(A1)", "\t=1+1", " -2+3"):
        local.post("/gaps", json={"question": question, "missing": question})
    response = local.get("/gaps.csv")
    assert response.headers["content-disposition"] == 'attachment; filename="gaps.csv"'
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert len(rows) == 6
    for cell in (cell for row in rows for cell in row):
        assert not cell.lstrip().startswith(("=", "+", "-", "@")), cell


def test_a_service_without_a_journal_answers_and_says_that_it_keeps_nothing(
    knowledge: FakeKnowledge,
) -> None:
    with client_of(create_app(knowledge, load_settings())) as client:
        assert client.get("/ask", params={"q": QUESTION}).json()["answered"]
        response = client.get("/answers/a_public")
        assert response.status_code == 503
        assert response.json()["type"] == "urn:mmsearch:problem:journal-unavailable"


def test_a_journal_that_cannot_be_written_stops_no_answer(
    knowledge: FakeKnowledge, tmp_path_factory: pytest.TempPathFactory
) -> None:
    journal = Journal.open(tmp_path_factory.mktemp("none") / "absent")
    with client_of(create_app(knowledge, load_settings(), journal=journal)) as client:
        answer = client.get("/ask", params={"q": QUESTION}).json()
        assert (answer["answered"], answer["answer_id"]) == (True, "")


def test_figures_count_the_day(shared: TestClient) -> None:
    shared.get("/ask", params={"q": "penguins"})
    shared.post("/answers/a_public/feedback", json={"helpful": True})
    (day,) = shared.get("/figures", headers=bearer("keeper")).json()["days"]
    assert (day["asked"], day["answered"]) == (3, 2)
    assert (day["helpful"], day["unhelpful"]) == (1, 0)
