"""The service over real libraries: one of small texts, and the one made from samples/."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from index.build import Builder
from index.library import Library
from ingest.types import AccessLevel
from mmsearch.api.app import create_app
from mmsearch.knowledge import KnowledgeBase
from mmsearch.loading import LoadOptions, load
from mmsearch.settings import Settings, load_settings
from tests.fakes import WordEmbedder, extracted
from tests.service.conftest import client_of

TOKENS = {"staff-0123456789abcdef": "internal", "board-0123456789abcdef": "group:board"}
STAFF, BOARD = ({"Authorization": f"Bearer {token}"} for token in TOKENS)
TEXT = "The depository keeps the notes of focal points.\n\nIt is tended by two people."


def settings() -> Settings:
    return load_settings(tokens=json.dumps(TOKENS))


@pytest.fixture
def twins(tmp_path: Path) -> Iterator[TestClient]:
    """Serve two files with the same bytes, one public and one of the board's, and a secret one."""
    embedder = WordEmbedder()
    root = tmp_path / "documents"
    root.mkdir()
    items = []
    for name, text, more in (
        ("open.txt", TEXT, {}),
        ("hidden.txt", TEXT, {"access": AccessLevel.RESTRICTED, "groups": ("board",)}),
        ("secret.txt", "Zinnober pays for it.", {"access": AccessLevel.INTERNAL, "kind": "ledger"}),
    ):
        path = root / name
        path.write_text(text)
        items.append(extracted(path, root=root, **more))
    with Library.open(tmp_path / "library") as library:
        builder = Builder(library, embedder, lambda source: None)
        list(builder.run(items))
        builder.publish()
    with (
        KnowledgeBase.open(tmp_path / "library", embedder=embedder) as knowledge,
        client_of(create_app(knowledge, settings())) as client,
    ):
        yield client


def test_a_hidden_twin_shows_to_its_readers_alone(twins: TestClient) -> None:
    for path in ("/search?q=depository notes", "/documents", "/documents?limit=1&offset=1"):
        assert "hidden.txt" not in twins.get(path).text
        assert "hidden.txt" not in twins.get(path, headers=STAFF).text
    assert "hidden.txt" in twins.get("/documents", headers=BOARD).text
    assert "hidden.txt" in twins.get("/search?q=depository notes", headers=BOARD).text


def test_totals_facets_and_health_count_what_may_be_read(twins: TestClient) -> None:
    for headers, total in (({}, 1), (STAFF, 2), (BOARD, 2)):
        listed = twins.get("/documents", headers=headers).json()
        assert listed["total"] == total
        assert sum(listed["facets"]["kind"].values()) == total
        assert twins.get("/health", headers=headers).json()["documents"] == total


def test_a_hidden_value_is_as_unknown_as_any(twins: TestClient) -> None:
    told = [
        twins.get("/search", params={"q": "notes", "kind": kind}, headers={"X-Request-ID": "x"})
        for kind in ("ledger", "nonsense")
    ]
    assert told[0].status_code == 422
    assert told[0].json() == told[1].json()
    assert twins.get("/search?q=notes&kind=ledger", headers=STAFF).status_code == 200


def test_a_hidden_document_is_nowhere(twins: TestClient) -> None:
    hit = twins.get("/search?q=Zinnober", headers=STAFF).json()["hits"][0]
    doc_id, passage_id = hit["doc_id"], hit["passage_id"]
    for path in (
        f"/documents/{doc_id}",
        f"/documents/{doc_id}/text",
        f"/documents/{doc_id}/file",
        f"/documents/{doc_id}/pages/1.png",
        f"/passages/{passage_id}",
    ):
        assert twins.get(path).status_code == 404
        assert twins.get(path, headers=BOARD).status_code == 404
        missing = path.replace(doc_id, "0" * len(doc_id))
        same = {"X-Request-ID": "x"}
        hidden, absent = (twins.get(p, headers=same).json() for p in (path, missing))
        assert {**hidden, "instance": ""} == {**absent, "instance": ""}
    assert twins.get(f"/documents/{doc_id}/file", headers=STAFF).text == "Zinnober pays for it."
    assert "Zinnober" not in twins.get("/search?q=who pays for it").text
    answer = twins.get("/ask?q=who pays for it")
    assert answer.status_code == 200
    assert "Zinnober" not in answer.text


@pytest.mark.parametrize(
    "question", ["?", '"', "(a OR", "title:x", "a AND NOT b", "\x00", "🙂" * 500, "*", "a\u202eb"]
)
def test_strange_questions_do_no_harm(twins: TestClient, question: str) -> None:
    for path in ("/search", "/ask"):
        assert twins.get(path, params={"q": question}).status_code in {200, 422}


@pytest.fixture(scope="module")
def sampled(tmp_path_factory: pytest.TempPathFactory, samples: Path) -> Iterator[TestClient]:
    folder = tmp_path_factory.mktemp("sampled") / "library"
    options = LoadOptions(library=folder)
    load([samples / "library"], options, begin=lambda _: None, each=lambda _: None)
    with (
        KnowledgeBase.open(folder) as knowledge,
        client_of(create_app(knowledge, settings())) as client,
    ):
        yield client


@pytest.mark.slow
def test_meeting_notes_of_the_samples_show_to_their_readers_alone(sampled: TestClient) -> None:
    question = {"q": "meeting of the programme board, budget revision", "limit": 50}

    def files(headers: dict[str, str]) -> set[str]:
        hits = sampled.get("/search", params=question, headers=headers).json()["hits"]
        return {hit["file"] for hit in hits if hit["file"].startswith("meetings/")}

    assert files({}) == set()
    assert files(STAFF) == {"meetings/board-2023-11.txt"}
    assert files(BOARD) == {"meetings/budget-revision-2024.md"}


@pytest.mark.slow
def test_a_passage_of_the_samples_opens_at_its_page(sampled: TestClient) -> None:
    question = {"q": "officials trained in Moldova", "country": "Moldova"}
    hits = sampled.get("/search", params=question).json()["hits"]
    hit = next(hit for hit in hits if hit["file"] == "countries/moldova-brief-2023.pdf")
    path = f"/documents/{hit['doc_id']}/pages/{hit['page']}.png"
    marked = sampled.get(path, params={"passage": hit["passage_id"]})
    assert marked.content.startswith(b"\x89PNG")
    assert marked.content != sampled.get(path).content
    text = sampled.get(f"/documents/{hit['doc_id']}/text").json()["text"]
    passage = sampled.get(f"/passages/{hit['passage_id']}").json()
    assert text[passage["start"] : passage["end"]] == hit["text"]
