"""The service says in the caller's language what went wrong."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from index.errors import BadQuery, LibraryDamaged
from mmsearch.api import problems
from mmsearch.phrases.catalogue import every_phrase
from tests.service.conftest import bearer
from tests.service.fake import FakeKnowledge


@pytest.mark.parametrize(
    ("path", "language", "text"),
    [
        ("/ask?q=", "fr-CH, en;q=0.5", "La question est vide."),
        ("/ask?q=", "de", "The question is empty."),
        ("/search?q=" + "a" * 2001, "es", "La pregunta es demasiado larga"),
        ("/documents/none", "ru", "Здесь нет ничего доступного вам."),
        ("/nowhere", "ar", "لا يوجد هنا ما يمكنك قراءته."),
        ("/search?q=x&country=Nowhere", "fr", "Un filtre a une valeur"),
        ("/search?q=x&limit=many", "es", "No se puede entender la solicitud."),
    ],
)
def test_a_problem_is_told_in_the_callers_language(
    local: TestClient, path: str, language: str, text: str
) -> None:
    response = local.get(path, headers={"Accept-Language": language})
    assert response.json()["detail"].startswith(text)
    assert "Accept-Language" in response.headers["vary"]


def test_a_failure_names_its_request_in_every_language(
    local: TestClient, knowledge: FakeKnowledge
) -> None:
    knowledge.failure = RuntimeError("SECRET")
    response = local.get("/ask?q=x", headers={"Accept-Language": "fr"})
    body = response.json()
    assert body["detail"].startswith("Une erreur s'est produite.")
    assert body["request_id"] in body["detail"]
    assert "SECRET" not in response.text


def test_a_stream_tells_its_problem_in_the_callers_language(
    local: TestClient, knowledge: FakeKnowledge
) -> None:
    knowledge.failure = LibraryDamaged("SECRET")
    text = local.get("/ask/stream?q=x", headers={"Accept-Language": "es"}).text
    assert "La biblioteca no se puede leer" in text
    knowledge.failure = BadQuery("SECRET")
    text = local.get("/ask/stream?q=x", headers={"Accept-Language": "ru"}).text
    assert "нельзя искать" in text


def test_the_guard_speaks_too(shared: TestClient) -> None:
    headers = {**bearer("wrong"), "Accept-Language": "fr"}
    assert shared.get("/ask?q=x", headers=headers).json()["detail"].startswith("Ce jeton")


def test_every_phrase_of_a_problem_exists() -> None:
    known = [p for p in vars(problems).values() if isinstance(p, problems.Problem)]
    assert len(known) > 5
    assert {p.phrase for p in known} - {""} <= set(every_phrase())
