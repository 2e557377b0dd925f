"""The routes that the page looks around with, over HTTP."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from tests.service.conftest import bearer
from tests.service.fake import FakeKnowledge


def test_a_facet_is_counted_without_its_own_choice(shared: TestClient) -> None:
    asked = {"country": "Serbia", "kind": "guideline"}
    told = shared.get("/facets", params=asked).json()
    assert told["documents"] == 1
    assert told["facets"]["country"] == {"Ecuador": 1, "Serbia": 1}
    assert told["facets"]["kind"] == {"guideline": 1}
    free = shared.get("/facets", params={"country": "Ecuador"}).json()
    assert free["documents"] == 2
    assert free["facets"]["country"] == {"Ecuador": 2, "Serbia": 1}
    assert free["facets"]["kind"] == {"guideline": 1, "lessons learned": 1}


def test_single_years_combine_with_the_rest(shared: TestClient) -> None:
    told = shared.get("/facets", params={"year": [2021, 2023]}).json()
    assert told["documents"] == 2
    assert told["facets"]["year"] == {"2020": 1, "2021": 1, "2023": 1}
    assert told["facets"]["kind"] == {"guideline": 1, "lessons learned": 1}
    both = {"year": [2021, 2023], "year_from": 2022, "country": "Ecuador"}
    assert shared.get("/documents", params=both).json()["total"] == 1
    assert shared.get("/documents", params={"year": 1800}).json()["total"] == 0
    assert shared.get("/documents", params={"year": "x"}).status_code == 422


def test_hits_say_which_of_their_words_are_the_questions(shared: TestClient) -> None:
    hit = shared.get("/search", params={"q": "Who writes handover notes?"}).json()["hits"][0]
    marked = {hit["text"][start:end].lower() for start, end in hit["marks"]}
    assert {"writes", "handover", "note"} <= marked
    assert "the" not in marked


def test_marks_are_where_the_words_stand(shared: TestClient, knowledge: FakeKnowledge) -> None:
    passage = knowledge.all[0].passages[1]
    told = shared.get("/documents/d-guide/marks", params={"passage": passage.passage_id}).json()
    (area,) = told["pages"]
    assert (told["start"], told["end"], area["number"]) == (passage.start, passage.end, 1)
    assert area["rects"] == [
        [rect.x0, rect.y0, rect.x1, rect.y1] for rect in passage.locator.pages[0].rects
    ]
    span = {"start": passage.start, "end": passage.start + 5}
    narrow = shared.get("/documents/d-guide/marks", params=span).json()
    assert len(narrow["pages"][0]["rects"]) == 1


def test_nothing_to_mark_is_told(shared: TestClient) -> None:
    response = shared.get("/documents/d-guide/marks")
    assert response.status_code == 422
    assert "Say what to mark" in response.json()["detail"]
    assert shared.get("/documents/d-guide/marks?passage=d-lessons.0").status_code == 404
    assert shared.get("/documents/d-guide/marks?start=0&end=999999").status_code == 404


def test_words_are_found_with_their_page(shared: TestClient) -> None:
    matches = shared.get("/documents/d-guide/find", params={"q": "working day"}).json()["matches"]
    assert [(one["text"], one["page"]) for one in matches] == [("working days", 2)]


def test_pages_and_passages_of_a_document(shared: TestClient) -> None:
    pages = shared.get("/documents/d-guide/pages").json()["pages"]
    assert [(page["number"], page["width"]) for page in pages] == [(1, 595.0), (2, 595.0)]
    assert shared.get("/documents/d-hostile/pages").json()["pages"] == []
    told = shared.get("/documents/d-guide/passages").json()
    assert told["unit"] == "page"
    assert [one["page"] for one in told["passages"]] == [1, 1, 1, 2, 2]


@pytest.mark.parametrize(("typed", "status"), [("", 200), ("x" * 201, 422), ("%ED%A0%80", 200)])
def test_what_cannot_be_looked_up_is_refused_or_empty(
    shared: TestClient, typed: str, status: int
) -> None:
    response = shared.get(f"/suggest?q={typed}")
    assert response.status_code == status
    assert response.json().get("suggestions", []) == []


def test_suggestions_are_of_what_the_reader_may_read(shared: TestClient) -> None:
    for role, expected in {"anonymous": [], "haiti": ["Haiti"], "keeper": ["Haiti"]}.items():
        told = shared.get("/suggest", params={"q": "from Hai"}, headers=bearer(role)).json()
        assert [one["text"] for one in told["suggestions"]] == expected
