"""Nobody sees what they may not: every route for every role.

The table below says how each route is called. A route that is not in it fails the first
test; add it there with the calls that would show a hidden document if it leaked.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from pathlib import Path

import pypdfium2
import pytest
from fastapi import FastAPI
from starlette.routing import Route
from starlette.testclient import TestClient

from ingest.types import AccessLevel
from mmsearch.api.app import create_app
from mmsearch.journal.journal import Journal
from tests.service.conftest import BASE, BEARERS, HANDOVER, bearer, client_of, with_tokens
from tests.service.fake import FakeDocument, FakeKnowledge
from tests.service.library import SECRETS

ACCOUNTS = {
    "account": (),
    "account internal": ("Staff",),
    "account haiti": ("Haiti office",),
    "account keeper": ("Keepers",),
}
"""The groups of people who sign in with accounts of their organisation."""

MAY_READ = {
    "anonymous": set(),
    "public": set(),
    "internal": {"internal"},
    "haiti": {"haiti"},
    "keeper": {"internal", "haiti", "nobody"},
    "account": set(),
    "account internal": {"internal"},
    "account haiti": {"haiti"},
    "account keeper": {"internal", "haiti", "nobody"},
}
"""Which hidden documents each role may read; all of them read what is public."""

QUESTION = HANDOVER
HIDDEN_IDS = [doc_id for doc_id, _, _ in SECRETS.values()]
FILTERS = [
    *({"country": country} for _, _, country in SECRETS.values()),
    {"kind": "zinnober kind"},
    {"language": "sr"},
    {"publisher": "Quetzal office"},
    {"access": "restricted"},
    {"access": "internal"},
    {"year_from": "1990", "year_to": "1992"},
    {"year": "1991"},
]

Call = tuple[str, dict[str, object]]
"""A path and what else httpx takes."""


def each(path: str, **more: object) -> list[Call]:
    """Call a document's path for each hidden one and a public one."""
    return [(path.format(doc=doc), dict(more)) for doc in (*HIDDEN_IDS, "d-guide", "d-absent")]


def asking(path: str) -> list[Call]:
    return [(path, {"params": {"q": QUESTION, **f}}) for f in ({}, *FILTERS)]


def posting(path: str) -> list[Call]:
    bodies = [
        {"q": QUESTION, **{k: [v] for k, v in f.items()}}
        for f in FILTERS
        if not {"year", "year_from"} & f.keys()
    ]
    return [(path, {"json": body}) for body in ({"q": QUESTION}, *bodies)]


ANSWERS = ("a_keeper", "a_public", "a_none")
PICTURE = "/documents/{doc}/pages/1.png"
TABLE: dict[tuple[str, str], list[Call]] = {
    ("GET", "/search"): asking("/search"),
    ("POST", "/search"): posting("/search"),
    ("GET", "/ask"): asking("/ask"),
    ("POST", "/ask"): posting("/ask"),
    ("GET", "/ask/all"): asking("/ask/all"),
    ("GET", "/ask/stream"): asking("/ask/stream"),
    ("GET", "/documents"): [("/documents", {"params": f}) for f in ({}, {"offset": 2}, *FILTERS)],
    ("GET", "/documents/{doc_id}"): each("/documents/{doc}"),
    ("GET", "/documents/{doc_id}/text"): each("/documents/{doc}/text"),
    ("GET", "/documents/{doc_id}/file"): each("/documents/{doc}/file"),
    ("GET", "/documents/{doc_id}/pages/{number}.png"): [
        *each(PICTURE),
        *each(PICTURE, params={"start": 0, "end": 9}),
        *each(PICTURE, headers={"If-None-Match": "*"}),
        *[
            ("/documents/d-guide/pages/1.png", {"params": {"passage": f"{d}.1"}})
            for d in HIDDEN_IDS
        ],
    ],
    ("GET", "/documents/{doc_id}/pages"): each("/documents/{doc}/pages"),
    ("GET", "/documents/{doc_id}/passages"): each("/documents/{doc}/passages"),
    ("GET", "/documents/{doc_id}/marks"): [
        *each("/documents/{doc}/marks", params={"start": 0, "end": 9}),
        *[("/documents/d-guide/marks", {"params": {"passage": f"{d}.1"}}) for d in HIDDEN_IDS],
    ],
    ("GET", "/documents/{doc_id}/find"): each("/documents/{doc}/find", params={"q": "note"}),
    ("GET", "/glossary"): [("/glossary", {})],
    ("GET", "/facets"): [("/facets", {"params": f}) for f in ({}, *FILTERS)],
    ("GET", "/suggest"): [
        ("/suggest", {"params": {"q": typed}})
        for _, word, country in SECRETS.values()
        for typed in (word[:4], country[:4], "note")
    ],
    ("GET", "/start"): [
        ("/start", {"params": {"q": theme, **f}})
        for theme in (QUESTION, "")
        for f in ({}, *FILTERS)
    ],
    ("POST", "/packs"): [
        ("/packs", {"json": {"snippets": [{"doc_id": doc_id, "start": 0, "end": 9}]}})
        for doc_id in HIDDEN_IDS
    ],
    ("GET", "/packs/{pack_id}"): [("/packs/p_0", {})],
    ("PUT", "/packs/{pack_id}"): [("/packs/p_0", {"json": {"revision": 1}})],
    ("DELETE", "/packs/{pack_id}"): [("/packs/p_0", {})],
    ("GET", "/packs/{pack_id}/export"): [("/packs/p_0/export", {"params": {"as": "md"}})],
    ("GET", "/passages/{passage_id}"): each("/passages/{doc}.1"),
    ("GET", "/answers/{answer_id}"): [(f"/answers/{name}", {}) for name in ANSWERS],
    ("POST", "/answers/{answer_id}/feedback"): [
        (f"/answers/{name}/feedback", {"json": {"helpful": False, "missing": "more"}})
        for name in ANSWERS
    ],
    ("POST", "/gaps"): [("/gaps", {"json": {"question": "Who pays?", "answer_id": "a_keeper"}})],
    ("GET", "/gaps"): [("/gaps", {}), ("/gaps", {"params": {"state": "open"}})],
    ("GET", "/figures"): [("/figures", {"params": {"days": 7}})],
    ("GET", "/figures.csv"): [("/figures.csv", {"params": {"by": "month"}})],
    ("GET", "/gaps.csv"): [("/gaps.csv", {})],
    ("PATCH", "/gaps/{gap_id}"): [("/gaps/g_0", {"json": {"state": "document added"}})],
    ("GET", "/keeping/uploads"): [("/keeping/uploads", {})],
    ("POST", "/keeping/uploads"): [("/keeping/uploads", {"params": {"name": "a.txt"}})],
    ("POST", "/keeping/uploads/{entry_id}/again"): [("/keeping/uploads/u_0/again", {})],
    ("DELETE", "/keeping/uploads/{entry_id}"): [("/keeping/uploads/u_0", {})],
    ("GET", "/keeping/documents"): [("/keeping/documents", {"params": {"q": "note"}})],
    ("GET", "/keeping/documents/{document}"): each("/keeping/documents/{doc}"),
    ("PATCH", "/keeping/documents"): [
        ("/keeping/documents", {"json": {"doc_ids": HIDDEN_IDS, "fields": {"year": 2020}}})
    ],
    ("POST", "/keeping/documents/remove"): [
        ("/keeping/documents/remove", {"json": {"doc_ids": HIDDEN_IDS}})
    ],
    ("POST", "/keeping/documents/restore"): [
        ("/keeping/documents/restore", {"json": {"doc_ids": HIDDEN_IDS}})
    ],
    ("POST", "/keeping/again"): [("/keeping/again", {"json": {"doc_ids": HIDDEN_IDS}})],
    ("GET", "/health"): [("/health", {})],
    ("GET", "/metrics"): [("/metrics", {})],
    ("GET", "/openapi.json"): [("/openapi.json", {})],
    ("GET", "/signin"): [("/signin", {"params": {"next": "/"}})],
    ("GET", "/signin/callback"): [("/signin/callback", {"params": {"code": "x", "state": "y"}})],
    ("POST", "/signout"): [("/signout", {})],
    ("GET", "/"): [("/", {})],
    ("GET", "/static/{version}/{name}"): [
        ("/static/0/app.js", {}),
        ("/static/0/none.js", {}),
    ],
    ("GET", "/static/{name}"): [("/static/app.js", {}), ("/static/none.js", {})],
}
OPEN = {
    *("/openapi.json", "/", "/static/{name}", "/static/{version}/{name}", "/health"),
    *("/signin", "/signin/callback", "/signout"),
}
"""Routes that answer a stranger even where strangers may read nothing; none shows a document."""


@pytest.fixture
def app(knowledge: FakeKnowledge, journal: Journal) -> FastAPI:
    """Return a service with a token for each role, where people can sign in too."""
    rights = {"Staff": "internal", "Haiti office": "group:haiti", "Keepers": "keeper"}
    settings = with_tokens(
        oidc_issuer="http://127.0.0.1:9", oidc_client="mmsearch", oidc_rights=json.dumps(rights)
    )
    return create_app(knowledge, settings, journal=journal)


def credential(client: TestClient, role: str) -> dict[str, str]:
    """Return the headers of a role: a token, or a session and the page that a browser is on."""
    if role not in ACCOUNTS:
        return bearer(role)
    sign_in = client.app.state.services.sign_in  # type: ignore[attr-defined]
    _, cookie = sign_in.sessions.begin(f"{role}-1", role, ACCOUNTS[role])
    return {"Cookie": f"mmsearch-session={cookie}", "Origin": BASE}


def routes(app: FastAPI) -> Iterator[tuple[str, str]]:
    waiting = list(app.routes)
    for route in waiting:
        inner = getattr(route, "original_router", None)  # a router that an app includes
        if inner is not None:
            waiting.extend(inner.routes)
            continue
        assert isinstance(route, Route), f"{route!r} is not in the table of this test"
        for method in sorted((route.methods or set()) - {"HEAD"}):
            yield method, route.path


def test_every_route_is_in_the_table(app: FastAPI) -> None:
    assert sorted(routes(app)) == sorted(TABLE)


def calls() -> Iterator[tuple[str, Call]]:
    return chain.from_iterable(
        ((method, call) for call in some) for (method, _), some in TABLE.items()
    )


def shown(content: bytes, media: str) -> str:
    """Return all a response lets a person read, the text of a PDF included."""
    if media != "application/pdf":
        return content.decode("utf-8", "replace")
    with pypdfium2.PdfDocument(io.BytesIO(content)) as pdf:
        return "\n".join(page.get_textpage().get_text_bounded() for page in pdf)


def secrets(role: str) -> list[str]:
    """Return the words that a role must never see, but for those of its own question."""
    kept = [SECRETS[who] for who in SECRETS if who not in MAY_READ[role]]
    return [word for doc_id, name, country in kept for word in (doc_id, f"{name} ", country)]


@pytest.mark.parametrize("role", list(MAY_READ))
def test_no_route_shows_a_hidden_document(shared: TestClient, role: str) -> None:
    mine = credential(shared, role)
    for method, (path, more) in calls():
        headers = {**mine, **more.get("headers", {})}  # type: ignore[dict-item]
        response = shared.request(method, path, **{**more, "headers": headers})  # type: ignore[arg-type]
        said = shown(response.content, response.headers.get("content-type", ""))
        said = said.replace(QUESTION, "").replace(f'"instance":"{path}"', "")
        said += json.dumps({k: v for k, v in response.headers.items() if k != "x-request-id"})
        for word in secrets(role):
            assert word not in said, f"{method} {path} {more} shows {word!r} to {role}"
        assert response.status_code != 500


@pytest.mark.parametrize("role", list(MAY_READ))
def test_each_role_does_see_what_it_may(shared: TestClient, role: str) -> None:
    found = shared.get(
        "/search", params={"q": QUESTION, "limit": 50}, headers=credential(shared, role)
    ).json()
    documents = {hit["doc_id"] for hit in found["hits"]}
    assert documents & set(HIDDEN_IDS) == {SECRETS[who][0] for who in MAY_READ[role]}
    assert "d-guide" in documents


@pytest.mark.parametrize("role", list(MAY_READ))
def test_counts_are_of_what_the_reader_may_read(shared: TestClient, role: str) -> None:
    readable = 3 + len(MAY_READ[role])
    listed = shared.get("/documents", params={"limit": 1}, headers=credential(shared, role)).json()
    assert listed["total"] == readable
    assert sum(listed["facets"]["kind"].values()) == readable
    assert shared.get("/health", headers=credential(shared, role)).json()["documents"] == readable


DOCUMENT_ROUTES = [route for route in TABLE if "{doc_id}" in route[1] or "{passage_id}" in route[1]]


@pytest.mark.parametrize("role", ["anonymous", "internal"])
@pytest.mark.parametrize("route", DOCUMENT_ROUTES, ids=str)
def test_hidden_and_missing_are_told_alike(
    shared: TestClient, role: str, route: tuple[str, str]
) -> None:
    hidden = [call for call in TABLE[route] if "d-nobody" in call[0]]
    assert hidden
    for path, more in hidden:
        headers = {**more.get("headers", {}), **bearer(role), "X-Request-ID": "same"}  # type: ignore[dict-item]
        told = []
        for address in (path, path.replace("d-nobody", "d-absent")):
            response = shared.get(address, **{**more, "headers": headers})  # type: ignore[arg-type]
            assert response.status_code == 404
            told.append((dict(response.headers), {**response.json(), "instance": ""}))
        assert told[0] == told[1]


def test_a_hidden_filter_value_is_told_as_an_unknown_one(shared: TestClient) -> None:
    for country in ("Atlantis", "Nowhere"):
        response = shared.get("/search", params={"q": "note", "country": country})
        assert response.status_code == 422
        assert response.json()["known"]["country"] == ["Ecuador", "Serbia"]
        assert "SECRET-EXCEPTION-TEXT" not in response.text


def test_a_wrong_token_is_refused_everywhere(shared: TestClient) -> None:
    wrong = [
        "Bearer wrong-0123456789abcdef",
        f"Bearer {BEARERS['keeper']}x",
        "Bearer",
        f"Basic {BEARERS['keeper']}",
        BEARERS["keeper"],
    ]
    for method, (path, more) in calls():
        for value in wrong:
            headers = {**more.get("headers", {}), "Authorization": value}  # type: ignore[dict-item]
            response = shared.request(method, path, **{**more, "headers": headers})  # type: ignore[arg-type]
            assert response.status_code == 401, f"{method} {path}"
            assert response.headers["www-authenticate"].startswith("Bearer ")
            assert response.json()["type"] == "urn:mmsearch:problem:token-unknown"


def test_no_change_is_made_that_another_site_asked_for(shared: TestClient) -> None:
    changes = [(method, call) for method, call in calls() if method not in {"GET", "HEAD"}]
    assert {method for method, _ in changes} >= {"POST", "PUT", "PATCH", "DELETE"}
    mine = credential(shared, "account keeper")
    for method, (path, more) in changes:
        for foreign in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
            headers = {**more.get("headers", {}), **mine, **foreign}  # type: ignore[dict-item]
            response = shared.request(method, path, **{**more, "headers": headers})  # type: ignore[arg-type]
            assert response.status_code == 403, f"{method} {path}"
            assert response.json()["type"] == "urn:mmsearch:problem:other-site"


def test_two_tokens_at_once_are_refused(shared: TestClient) -> None:
    both = [("Authorization", f"Bearer {BEARERS[role]}") for role in ("public", "keeper")]
    assert shared.get("/health", headers=both).status_code == 401


def test_strangers_may_be_shut_out(knowledge: FakeKnowledge) -> None:
    with client_of(create_app(knowledge, with_tokens(anonymous="nothing"))) as client:
        for (method, route), some in TABLE.items():
            for path, more in some:
                response = client.request(method, path, **more)  # type: ignore[arg-type]
                if route in OPEN:
                    assert response.status_code in {200, 404}
                else:
                    assert response.status_code == 401, f"{method} {path}"
                    assert response.headers["www-authenticate"].startswith("Bearer ")
        assert client.get("/health").json() == {"status": "ok", "caller": "anonymous"}
        assert client.get("/search?q=note", headers=bearer("public")).status_code == 200


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("anonymous", 401),
        ("public", 403),
        ("internal", 403),
        ("keeper", 200),
        ("account", 403),
        ("account haiti", 403),
        ("account keeper", 200),
    ],
)
def test_metrics_are_the_keepers(shared: TestClient, role: str, status: int) -> None:
    assert shared.get("/metrics", headers=credential(shared, role)).status_code == status


def test_without_tokens_whoever_is_here_is_the_keeper(local: TestClient) -> None:
    assert local.get("/health").json() | {"generation": 0} == {
        "status": "ok",
        "caller": "keeper",
        "generation": 0,
        "model": "fake-model",
        "documents": 6,
        "passages": 14,
    }


def test_a_duplicate_is_not_named_to_who_may_not_read_it(
    documents: list[FakeDocument], folder: Path
) -> None:
    guide = next(d for d in documents if d.stored.doc_id == "d-guide")
    metadata = replace(guide.stored.metadata, access=AccessLevel.INTERNAL, title="Twin")
    twin = replace(guide.stored, doc_id="d-twin", file="hidden/twin.pdf", metadata=metadata)
    knowledge = FakeKnowledge([guide, replace(guide, stored=twin)])
    with client_of(create_app(knowledge, with_tokens())) as client:
        for path in ("/search", "/ask", "/ask/stream"):
            response = client.get(path, params={"q": "handover note focal point"})
            assert "twin" not in response.text
            seen = client.get(
                path, params={"q": "handover note focal point"}, headers=bearer("internal")
            )
            assert "hidden/twin.pdf" in seen.text
