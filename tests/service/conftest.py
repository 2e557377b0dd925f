"""The service around the fake library, for every role."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from index.types import KEEPER, PUBLIC
from mmsearch.api.app import create_app
from mmsearch.journal.journal import Journal
from mmsearch.journal.types import Recording
from mmsearch.settings import Settings, load_settings
from tests.service.fake import FakeDocument, FakeKnowledge
from tests.service.library import make_library

BASE = "http://127.0.0.1:8000"
LOCAL = ("127.0.0.1", 40000)
BEARERS = {
    "public": "public-0123456789abcdef",
    "internal": "internal-0123456789abcdef",
    "haiti": "haiti-0123456789abcdef",
    "keeper": "keeper-0123456789abcdef",
}
RIGHTS = {"public": "public", "internal": "internal", "haiti": "group:haiti", "keeper": "keeper"}


def with_tokens(**more: object) -> Settings:
    """Return settings with a token for each role."""
    tokens = {BEARERS[role]: rights for role, rights in RIGHTS.items()}
    return load_settings(tokens=json.dumps(tokens), **more)


def bearer(role: str) -> dict[str, str]:
    """Return the headers of a role; of "anonymous" none, of "wrong" a token nobody has."""
    if role == "anonymous":
        return {}
    return {"Authorization": f"Bearer {BEARERS.get(role, 'wrong-0123456789abcdef')}"}


def client_of(app: FastAPI, *, client: tuple[str, int] = LOCAL) -> TestClient:
    """Return a client that calls an app from this machine by its address."""
    return TestClient(app, base_url=BASE, client=client, raise_server_exceptions=False)


@pytest.fixture(scope="session")
def documents(tmp_path_factory: pytest.TempPathFactory) -> list[FakeDocument]:
    return make_library(tmp_path_factory.mktemp("originals"))


@pytest.fixture
def knowledge(documents: list[FakeDocument]) -> FakeKnowledge:
    return FakeKnowledge(documents)


HANDOVER = "handover note focal points Zinnober Quetzal Obsidian"
"""A question that public documents answer and hidden ones answer better."""


@pytest.fixture
def journal(knowledge: FakeKnowledge, tmp_path: Path) -> Iterator[Journal]:
    """Return a journal with an answer of the keeper, "a_keeper", and one of the public."""
    with closing(Journal.open(tmp_path, recording=Recording.ON)) as journal:
        for reader, name in ((KEEPER, "a_keeper"), (PUBLIC, "a_public")):
            answer = knowledge.ask(HANDOVER, reader=reader)
            assert journal.record_answer(replace(answer, answer_id=name)) == name
        knowledge.asked.clear()
        yield journal


@pytest.fixture
def local(knowledge: FakeKnowledge, journal: Journal) -> Iterator[TestClient]:
    """Return a client of a service without tokens on loopback."""
    with client_of(create_app(knowledge, load_settings(), journal=journal)) as client:
        yield client


@pytest.fixture
def app(knowledge: FakeKnowledge, journal: Journal) -> FastAPI:
    """Return a service with a token for each role."""
    return create_app(knowledge, with_tokens(), journal=journal)


@pytest.fixture
def shared(app: FastAPI) -> Iterator[TestClient]:
    """Return a client of the service with tokens."""
    with client_of(app) as client:
        yield client


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path
