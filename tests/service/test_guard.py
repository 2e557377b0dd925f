"""Who gets as far as a route: Host names, addresses, sizes of bodies."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from mmsearch.access import UnsafeToServe
from mmsearch.api.app import create_app
from mmsearch.settings import load_settings
from tests.service.conftest import bearer, client_of
from tests.service.fake import FakeKnowledge


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost:8000", "[::1]:8000"])
def test_names_of_this_machine_are_answered(local: TestClient, host: str) -> None:
    assert local.get("/health", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("path", ["/", "/health", "/search?q=note", "/none", "/static/app.js"])
@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", ""])
def test_another_name_is_not(local: TestClient, path: str, host: str) -> None:
    response = local.get(path, headers={"Host": host})
    assert response.status_code == 421
    assert response.json()["type"] == "urn:mmsearch:problem:wrong-host"


def test_with_tokens_any_name_will_do(shared: TestClient) -> None:
    assert shared.get("/health", headers={"Host": "library.example"}).status_code == 200


def test_without_tokens_no_other_machine_is_answered(knowledge: FakeKnowledge) -> None:
    app = create_app(knowledge, load_settings())
    with client_of(app, client=("10.0.0.7", 40000)) as client:
        assert client.get("/health").status_code == 421


def test_without_tokens_no_app_is_made_for_another_address(knowledge: FakeKnowledge) -> None:
    with pytest.raises(UnsafeToServe, match="without tokens"):
        create_app(knowledge, load_settings(host="192.0.2.1"))


def test_a_large_body_is_refused(local: TestClient) -> None:
    body = {"q": "a" * 70_000}
    response = local.post("/ask", json=body)
    assert response.status_code == 413
    assert response.headers["content-type"] == "application/problem+json"


def test_a_large_body_that_hides_its_size_is_refused(
    local: TestClient, knowledge: FakeKnowledge
) -> None:
    def parts() -> Iterator[bytes]:
        yield b'{"q": "'
        for _ in range(80):
            yield b"a" * 1024
        yield b'"}'

    response = local.post("/ask", content=parts(), headers={"Content-Type": "application/json"})
    assert response.status_code == 413
    assert knowledge.asked == []


@pytest.mark.parametrize("length", ["-1", "x", "9" * 30])
def test_a_senseless_length_is_refused(local: TestClient, length: str) -> None:
    response = local.post("/ask", content=b"{}", headers={"Content-Length": length})
    assert response.status_code == 413


def test_other_origins_get_no_leave_to_read(shared: TestClient) -> None:
    response = shared.get(
        "/search?q=note", headers={"Origin": "https://evil.example", **bearer("keeper")}
    )
    assert not [name for name in response.headers if name.startswith("access-control")]
    assert response.headers["cross-origin-resource-policy"] == "same-origin"
