"""Every error is a problem with an id, and none says more than it should."""

from __future__ import annotations

import logging

import pytest
from starlette.testclient import TestClient

from index.errors import (
    BadQuery,
    LibraryDamaged,
    LibraryError,
    LibraryFull,
    ModelError,
    NotFound,
    WrongModel,
)
from tests.service.conftest import BEARERS, bearer
from tests.service.fake import FakeKnowledge

MEMBERS = {"type", "title", "status", "detail", "instance", "request_id"}


@pytest.mark.parametrize(
    ("failure", "status"),
    [
        (NotFound("d-hidden"), 404),
        (BadQuery("SECRET"), 422),
        (WrongModel("SECRET"), 503),
        (LibraryDamaged("SECRET"), 503),
        (ModelError("SECRET"), 503),
        (LibraryFull("SECRET"), 507),
        (LibraryError("SECRET"), 500),
        (ValueError("SECRET"), 500),
        (OSError(5, "SECRET", "/srv/SECRET"), 500),
        (RecursionError("SECRET"), 500),
    ],
)
@pytest.mark.parametrize("path", ["/search?q=note", "/documents", "/health"])
def test_failures_are_calm(
    local: TestClient, knowledge: FakeKnowledge, failure: Exception, status: int, path: str
) -> None:
    knowledge.failure = failure
    response = local.get(path)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    assert set(response.json()) == MEMBERS
    assert response.json()["status"] == status
    assert response.json()["instance"] == path.partition("?")[0]
    assert "SECRET" not in response.text
    assert response.headers["content-security-policy"].startswith("default-src 'none'")


def test_what_failed_stands_in_the_log_with_the_id(
    local: TestClient, knowledge: FakeKnowledge, caplog: pytest.LogCaptureFixture
) -> None:
    knowledge.failure = ValueError("the cause")
    response = local.get("/search?q=note")
    assert "the cause" in caplog.text
    assert response.json()["request_id"] in caplog.text


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/none", 404),
        ("GET", "/documents/", 404),
        ("DELETE", "/documents", 405),
        ("GET", "/search", 422),
        ("GET", "/search?q=note&limit=0", 422),
        ("GET", "/search?q=note&limit=101", 422),
        ("GET", "/search?q=note&colour=red", 422),
        ("GET", "/search?q=note&access=secret", 422),
        ("GET", "/search?q=note&year_from=2024&year_to=2020", 422),
        ("GET", "/search?q=note&country=Nowhere", 422),
        ("GET", "/documents?limit=201", 422),
        ("GET", "/documents?offset=-1", 422),
        ("GET", "/documents/d-guide/pages/0.png", 422),
        ("GET", "/documents/d-guide/pages/x.png", 422),
        ("GET", "/documents/d-guide/pages/3.png", 404),
        ("GET", "/documents/d-guide/pages/1.png?scale=5", 422),
        ("GET", "/documents/d-guide/pages/1.png?scale=nan", 422),
        ("GET", "/documents/d-guide/pages/1.png?start=4", 422),
        ("GET", "/documents/d-guide/pages/1.png?start=4&end=4", 422),
        ("GET", "/documents/d-guide/pages/1.png?start=0&end=4&passage=d-guide.1", 422),
        ("GET", "/documents/d-guide/pages/1.png?start=0&end=99999", 404),
        ("GET", "/documents/d-guide/pages/1.png?passage=d-lessons.1", 404),
        ("GET", "/documents/d-hostile/pages/1.png", 404),
        ("GET", "/documents/..%2F..%2Fetc%2Fpasswd/file", 404),
        ("GET", "/static/..%2Fapi%2Fapp.py", 404),
        ("GET", "/docs", 404),
        ("GET", "/redoc", 404),
    ],
)
def test_what_cannot_be_is_a_problem(
    local: TestClient, method: str, path: str, status: int
) -> None:
    response = local.request(method, path)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    assert set(response.json()) >= MEMBERS


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'{"q": 1}', b'{"q": "a", "x": 1}', b'{"q": "\\ud800"}', b"\xff"]
)
def test_a_body_that_cannot_be_read_is_a_problem(local: TestClient, body: bytes) -> None:
    for path in ("/ask", "/search"):
        response = local.post(path, content=body, headers={"Content-Type": "application/json"})
        assert response.status_code in {400, 422}
        assert response.headers["content-type"] == "application/problem+json"


def test_a_wrong_parameter_is_named_and_its_value_not_repeated(local: TestClient) -> None:
    response = local.get("/search?q=note&limit=zzz")
    assert [error["where"] for error in response.json()["errors"]] == ["query.limit"]
    assert "zzz" not in response.text


def test_a_sane_request_id_is_kept(local: TestClient) -> None:
    response = local.get("/none", headers={"X-Request-ID": "desk-7.a_B"})
    assert response.headers["x-request-id"] == response.json()["request_id"] == "desk-7.a_B"


@pytest.mark.parametrize("name", ["", "a b", "x" * 65, "ä", "<script>"])
def test_another_is_replaced(local: TestClient, name: str) -> None:
    response = local.get("/none", headers={"X-Request-ID": name.encode()})
    assert len(response.headers["x-request-id"]) == 32


def test_every_response_has_an_id_of_its_own(local: TestClient) -> None:
    ids = {local.get("/health").headers["x-request-id"] for _ in range(3)}
    assert len(ids) == 3


def test_the_log_has_neither_question_nor_token(
    shared: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG, "mmsearch"):
        shared.get("/ask?q=unspeakable", headers=bearer("keeper"))
        shared.get("/ask/stream?q=unspeakable", headers=bearer("keeper"))
        shared.post("/search", json={"q": "unspeakable"}, headers=bearer("wrong"))
        shared.get("/a%0Ab")
    lines = [record.getMessage() for record in caplog.records if record.name == "mmsearch.access"]
    assert [line.split()[1:4] for line in lines] == [
        ["GET", "/ask", "200"],
        ["GET", "/ask/stream", "200"],
        ["POST", "/search", "401"],
        ["GET", "/a%0Ab", "404"],
    ]
    logged = caplog.text
    assert "unspeakable" not in "\n".join(lines)
    assert BEARERS["keeper"] not in logged
