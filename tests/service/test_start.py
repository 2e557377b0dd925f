"""A way into a country or a theme, over HTTP and on real documents."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from index.types import KEEPER, PUBLIC, Filters
from ingest.types import Evidence
from mmsearch.api.app import create_app
from mmsearch.journal.journal import Journal
from mmsearch.journal.types import Recording
from mmsearch.knowledge import KnowledgeBase
from mmsearch.loading import LoadOptions, load
from mmsearch.start import Start, lay_out
from tests.service.conftest import bearer, client_of, with_tokens
from tests.service.fake import FakeKnowledge

TOLD = "What does a focal point who leaves write in two pages?"
HIDDEN = "What is in the handover note about Zinnober and its tasks?"


@pytest.fixture
def asked(knowledge: FakeKnowledge, tmp_path: Path) -> Iterator[TestClient]:
    """Return a client of a service that was asked two questions on three days each."""
    with closing(Journal.open(tmp_path, recording=Recording.ON)) as journal:
        for day in range(3):
            journal._now = lambda day=day: datetime.now(UTC) - timedelta(days=day)
            for question, reader in ((TOLD, PUBLIC), (HIDDEN, KEEPER)):
                answer = knowledge.ask(question, reader=reader)
                assert answer.answered
                journal.record_answer(replace(answer, query=question), reader=reader)
        with client_of(create_app(knowledge, with_tokens(), journal=journal)) as client:
            yield client


def test_documents_come_in_reading_order_with_a_reason(shared: TestClient) -> None:
    told = shared.get("/start", params={"country": "Ecuador"}).json()
    assert [(one["doc_id"], one["reason"]) for one in told["documents"]] == [
        ("d-lessons", "learned"),
        ("d-guide", "how"),
    ]
    lessons = told["sections"]["lesson"]
    assert [hit["passage_id"] for hit in lessons] == ["d-lessons.1"]
    assert told["sections"]["finding"] == []
    assert told["questions"] == []


def test_a_theme_keeps_what_speaks_of_it(shared: TestClient) -> None:
    told = shared.get("/start", params={"q": "diaspora associations"}).json()
    assert [one["doc_id"] for one in told["documents"]] == ["d-lessons"]
    assert told["sections"]["lesson"][0]["marks"]
    other = shared.get("/start", params={"q": "mangrove nurseries"}).json()
    assert other["sections"]["lesson"] == []


def test_others_questions_are_told_to_who_may_ask_them(asked: TestClient) -> None:
    def questions(role: str, **params: str) -> list[str]:
        return asked.get("/start", params=params, headers=bearer(role)).json()["questions"]

    assert questions("anonymous", country="Serbia") == [TOLD]
    assert questions("internal", q="handover note") == [TOLD]
    assert sorted(questions("keeper", q="handover note")) == sorted([TOLD, HIDDEN])
    assert questions("keeper", country="Haiti") == []


def test_a_theme_that_cannot_be_searched_is_refused(shared: TestClient) -> None:
    assert shared.get("/start", params={"q": "x" * 2001}).status_code == 422
    assert shared.get("/start", params={"country": "Nowhere"}).status_code == 422


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory, samples: Path) -> Iterator[KnowledgeBase]:
    folder = tmp_path_factory.mktemp("start") / "library"
    options = LoadOptions(folder, manifest=samples / "library" / "manifest.csv", workers=2)
    load([samples / "library"], options, begin=lambda total: None, each=lambda result: None)
    with KnowledgeBase.open(folder) as knowledge:
        yield knowledge


def into(library: KnowledgeBase, theme: str = "", **filters: tuple[str, ...]) -> Start:
    return lay_out(theme, Filters(**filters), reader=KEEPER, shelf=library)  # type: ignore[arg-type]


def test_a_country_is_laid_out_by_structure(library: KnowledgeBase) -> None:
    found = into(library, countries=("Moldova",))
    assert found.steps
    assert all("Moldova" in step.document.metadata.countries for step in found.steps)
    reasons = [step.why for step in found.steps]
    assert reasons == sorted(reasons, key=list(dict.fromkeys(reasons)).index)  # kinds together
    for kind, hits in found.sections.items():
        assert all(hit.passage.evidence is kind for hit in hits)
        places: dict[str, list[int]] = {}
        for hit in hits:
            places.setdefault(hit.document.doc_id, []).append(hit.passage.ordinal)
        assert all(ordinals == sorted(ordinals) for ordinals in places.values())
        order = [hit.document.doc_id for hit in hits]
        assert order == sorted(order, key=list(dict.fromkeys(order)).index)  # and documents


@pytest.mark.parametrize("theme", ["diaspora", "la diaspora", "диаспора", "المغتربون"])
def test_a_theme_has_a_way_in_in_every_language(library: KnowledgeBase, theme: str) -> None:
    found = into(library, theme)
    assert found.steps
    assert not any(step.document.superseded_by for step in found.steps)


def test_only_the_evidence_that_is_wanted(library: KnowledgeBase) -> None:
    found = lay_out("", Filters(evidence=(Evidence.LESSON,)), reader=KEEPER, shelf=library)
    assert found.sections[Evidence.LESSON]
    assert not found.sections[Evidence.FINDING]


def test_acronyms_are_those_one_meets(library: KnowledgeBase) -> None:
    found = into(library, "diaspora")
    text = " ".join(hit.passage.text for hits in found.sections.values() for hit in hits)
    read = {step.document.doc_id for step in found.steps}
    for acronym in found.acronyms:
        assert acronym.short in text or acronym.document.doc_id in read
    assert len({one.short for one in found.acronyms}) == len(found.acronyms)
