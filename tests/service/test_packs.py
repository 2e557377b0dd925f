"""Packs over HTTP: whose they are, what each reader sees of them, and what is exported."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import docx
import pptx
import pypdfium2
import pytest
from starlette.testclient import TestClient

from mmsearch.api.app import create_app
from mmsearch.packs.store import PackStore
from mmsearch.settings import load_settings
from tests.service.conftest import bearer, client_of, with_tokens
from tests.service.fake import FakeDocument, FakeKnowledge

QUOTE = "A focal point who leaves the programme writes a handover note of two pages"


@pytest.fixture
def knowledge(documents: list[FakeDocument]) -> FakeKnowledge:
    return FakeKnowledge(list(documents))


@pytest.fixture
def service(knowledge: FakeKnowledge, tmp_path: Path) -> TestClient:
    return client_of(create_app(knowledge, with_tokens(), packs=PackStore(tmp_path)))


def guide(knowledge: FakeKnowledge) -> dict[str, object]:
    start = knowledge.all[0].text.index(QUOTE)
    return {"doc_id": "d-guide", "start": start, "end": start + len(QUOTE), "question": "Who?"}


def haiti(knowledge: FakeKnowledge) -> dict[str, object]:
    document = next(d for d in knowledge.all if d.stored.doc_id == "d-haiti")
    return {"doc_id": "d-haiti", "start": 0, "end": len(document.text), "note": "ours"}


def made(service: TestClient, *snippets: dict[str, object], role: str = "haiti") -> dict:
    body = {"name": "Handover / дела", "note": "For May.", "snippets": list(snippets)}
    response = service.post("/packs", json=body, headers=bearer(role))
    assert response.status_code == 201, response.text
    return response.json()


def test_a_pack_holds_verbatim_snippets_with_their_place(
    service: TestClient, knowledge: FakeKnowledge
) -> None:
    pack = made(service, guide(knowledge))
    (snippet,) = pack["snippets"]
    assert snippet["quote"] == QUOTE
    assert (snippet["title"], snippet["page"], snippet["state"]) == ("Handover guide", 1, "same")
    read = service.get(f"/packs/{pack['pack_id']}", headers=bearer("public")).json()
    assert read["snippets"] == pack["snippets"]
    assert not read["editable"]
    assert "key" not in read


def test_each_reader_sees_of_a_pack_what_their_rights_allow(
    service: TestClient, knowledge: FakeKnowledge
) -> None:
    pack = made(service, haiti(knowledge), guide(knowledge))
    for role in ("anonymous", "public", "internal"):
        address = f"/packs/{pack['pack_id']}"
        hidden, open_ = service.get(address, headers=bearer(role)).json()["snippets"]
        assert set(hidden) == {"snippet_id", "state", "quote", "question", "note"}
        assert (hidden["state"], hidden["quote"]) == ("unavailable", "")
        assert open_["quote"] == QUOTE
        for form in ("docx", "pdf", "md", "pptx"):
            exported = service.get(f"{address}/export?as={form}", headers=bearer(role))
            assert exported.status_code == 200
            assert "Quetzal" not in shown(form, exported.content)


def test_what_one_may_not_read_cannot_be_collected(
    service: TestClient, knowledge: FakeKnowledge
) -> None:
    told = []
    for doc_id in ("d-haiti", "d-absent"):
        body = {"snippets": [{**haiti(knowledge), "doc_id": doc_id}]}
        response = service.post(
            "/packs", json=body, headers={**bearer("internal"), "X-Request-ID": "same"}
        )
        assert response.status_code == 404
        told.append(response.json())
    assert told[0] == told[1]


def test_only_the_key_changes_a_pack_and_only_from_its_last_revision(
    service: TestClient, knowledge: FakeKnowledge
) -> None:
    pack = made(service, guide(knowledge), haiti(knowledge))
    address, key = f"/packs/{pack['pack_id']}", {"X-Pack-Key": pack["key"]}
    first, second = (one["snippet_id"] for one in pack["snippets"])
    body = {
        "name": "Order",
        "note": "",
        "revision": 1,
        "snippets": [{"snippet_id": second, "note": "n"}, {"snippet_id": first}],
    }
    for wrong in ({}, {"X-Pack-Key": "guess"}):
        refused = service.put(address, json=body, headers={**bearer("haiti"), **wrong})
        assert refused.status_code == 403
        assert service.delete(address, headers={**bearer("haiti"), **wrong}).status_code == 403
    changed = service.put(address, json=body, headers={**bearer("haiti"), **key}).json()
    assert [one["snippet_id"] for one in changed["snippets"]] == [second, first]
    assert changed["snippets"][0]["note"] == "n"
    stale = service.put(address, json=body, headers={**bearer("haiti"), **key})
    assert stale.status_code == 409
    # Its owner keeps what they may no longer read, though it is not shown to them.
    body |= {"revision": 2}
    kept = service.put(address, json=body, headers={**bearer("public"), **key}).json()
    assert [one["state"] for one in kept["snippets"]] == ["unavailable", "same"]
    again = service.get(address, headers=bearer("haiti")).json()
    assert "Quetzal" in again["snippets"][0]["quote"]
    assert service.delete(address, headers={**bearer("public"), **key}).status_code == 200
    assert service.get(address, headers=bearer("haiti")).status_code == 404


def test_a_pack_says_when_a_source_has_changed(
    service: TestClient, knowledge: FakeKnowledge
) -> None:
    pack = made(service, guide(knowledge))
    address = f"/packs/{pack['pack_id']}"
    before = knowledge.all[0]

    def state_with(text: str) -> tuple[str, str]:
        knowledge.all = [replace(before, text=text), *knowledge.all[1:]]
        (snippet,) = service.get(address).json()["snippets"]
        return snippet["state"], snippet["quote"]

    assert state_with("A new first line.\n" + before.text) == ("moved", QUOTE)
    assert state_with(before.text.replace("two pages", "one page ")) == ("changed", QUOTE)
    assert state_with(before.text) == ("same", QUOTE)
    knowledge.all = knowledge.all[1:]
    (snippet,) = service.get(address).json()["snippets"]
    assert (snippet["state"], snippet["quote"]) == ("unavailable", "")


def shown(form: str, content: bytes) -> str:
    """Return the text that a person reads in an exported file."""
    if form == "md":
        return content.decode()
    if form == "docx":
        return "\n".join(p.text for p in docx.Document(io.BytesIO(content)).paragraphs)
    if form == "pptx":
        shapes = [
            s for slide in pptx.Presentation(io.BytesIO(content)).slides for s in slide.shapes
        ]
        return "\n".join(shape.text_frame.text for shape in shapes if shape.has_text_frame)
    with pypdfium2.PdfDocument(content) as pdf:
        return " ".join(page.get_textpage().get_text_bounded() for page in pdf)


@pytest.mark.parametrize("form", ["docx", "pdf", "md", "pptx"])
def test_an_export_has_quote_reference_link_contents_and_sources(
    service: TestClient, knowledge: FakeKnowledge, form: str
) -> None:
    pack = made(service, guide(knowledge))
    response = service.get(f"/packs/{pack['pack_id']}/export?as={form}&language=fr")
    assert response.status_code == 200
    assert response.headers["content-disposition"].startswith("attachment; ")
    said = " ".join(shown(form, response.content).replace("\\", "").split())
    wanted = (QUOTE, "Handover guide", "(2023)", "Table des matières", "Sources", "For May.")
    for part in wanted:
        assert part in said, part
    start = guide(knowledge)["start"]
    link = f"http://127.0.0.1:8000/?doc=d-guide&start={start}&end="
    whole = (
        response.content.decode("latin-1")
        if form == "md"
        else said + str(links(form, response.content))
    )
    assert link in whole


def links(form: str, content: bytes) -> list[str]:
    if form == "docx":
        parts = docx.Document(io.BytesIO(content)).part.rels.values()
        return [part.target_ref for part in parts if part.is_external]
    if form == "pptx":
        slides = pptx.Presentation(io.BytesIO(content)).slides
        return [rel.target_ref for s in slides for rel in s.part.rels.values() if rel.is_external]
    return []


def test_too_much_is_refused_with_what_is_kept(
    service: TestClient, knowledge: FakeKnowledge
) -> None:
    many = {"snippets": [{"doc_id": "d"}] * 201}
    assert service.post("/packs", json=many).status_code == 422
    beyond = {**guide(knowledge), "end": 10**6}
    assert service.post("/packs", json={"snippets": [beyond]}).status_code == 404


def test_a_service_without_packs_says_so(knowledge: FakeKnowledge) -> None:
    with client_of(create_app(knowledge, load_settings())) as client:
        response = client.post("/packs", json={})
        assert response.status_code == 503
        assert "Packs cannot be read or kept" in response.json()["detail"]
