"""Signing in at a provider over real HTTP: what it may say, and every lie of it."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from joserfc import jwt
from starlette.testclient import TestClient

from mmsearch.api.app import create_app
from mmsearch.commands import doctor_signin
from mmsearch.commands.findings import Finding
from mmsearch.settings import Settings, load_settings
from tests.service.conftest import BASE, BEARERS, bearer, client_of
from tests.service.fake import FakeKnowledge
from tests.service.provider import (
    CLIENT,
    SECRET,
    Claims,
    Provider,
    by_public_key,
    by_secret,
    new_key,
    providing,
    unsigned,
)

RIGHTS = {
    "Haiti office": "group:haiti",
    "Staff": "internal",
    "Library keepers": "keeper",
}


def settings_for(provider: Provider, **more: object) -> Settings:
    """Return settings with a token and a sign-in at this provider."""
    given: dict[str, object] = {
        "oidc_issuer": provider.issuer,
        "oidc_client": CLIENT,
        "oidc_secret": SECRET,
        "oidc_rights": json.dumps(RIGHTS),
        "tokens": json.dumps({BEARERS["internal"]: "internal"}),
    }
    return load_settings(**{**given, **more})


@pytest.fixture(scope="module")
def one_provider() -> Iterator[Provider]:
    with providing() as provider:
        yield provider


@pytest.fixture
def provider(one_provider: Provider) -> Provider:
    """Return the provider, honest again."""
    fresh = Provider(key=one_provider.key)
    for name in ("person", "beside", "change", "sign", "broken", "refusing", "more", "codes"):
        setattr(one_provider, name, getattr(fresh, name))
    one_provider.asked.clear()
    return one_provider


@pytest.fixture
def client(provider: Provider, knowledge: FakeKnowledge) -> Iterator[TestClient]:
    with client_of(create_app(knowledge, settings_for(provider))) as client:
        client.follow_redirects = False
        yield client


def begin(client: TestClient, next_address: str = "/") -> str:
    """Begin a sign-in; returns the provider's address to go to."""
    response = client.get("/signin", params={"next": next_address})
    assert response.status_code == 303
    return response.headers["location"]


def come_back(at_provider: str) -> str:
    """Go to the provider; returns the address it sends back to."""
    response = httpx2.get(at_provider)
    assert response.status_code == 302
    return response.headers["location"]


def sign_in(client: TestClient, next_address: str = "/") -> Any:
    """Sign in; returns the last response, of our callback."""
    return client.get(come_back(begin(client, next_address)))


def caller(client: TestClient) -> str:
    return client.get("/health").json()["caller"]


def test_who_signs_in_reads_what_their_groups_may(client: TestClient) -> None:
    assert client.get("/documents/d-haiti").status_code == 404
    response = sign_in(client, "/?list=documents&country=Haiti")
    assert response.status_code == 303
    assert response.headers["location"] == "/?list=documents&country=Haiti"
    health = client.get("/health").json()
    assert (health["caller"], health["name"], health["sign_in"]) == (
        "account",
        "Ana Pop",
        "/signin",
    )
    assert client.get("/documents/d-haiti").status_code == 200
    assert client.get("/documents/d-internal").status_code == 404
    assert client.get("/gaps").status_code == 403


def test_the_flow_has_pkce_state_and_nonce(client: TestClient, provider: Provider) -> None:
    sign_in(client)
    (asked,) = [given for name, given in provider.asked if name == "authorize"]
    assert asked["code_challenge_method"] == "S256"
    assert len(asked["code_challenge"]) == 43
    assert min(len(asked["state"]), len(asked["nonce"])) >= 32
    assert asked["redirect_uri"] == f"{BASE}/signin/callback"
    assert (asked["response_type"], asked["scope"]) == ("code", "openid profile")


@pytest.mark.parametrize(
    ("groups", "seen"),
    [
        (["Library keepers"], {"d-internal", "d-haiti", "d-nobody"}),
        (["Staff", "Haiti office", "Chess"], {"d-internal", "d-haiti"}),
        ("Staff", {"d-internal"}),
        (["staff"], set()),
        ([{"name": "Staff"}, 7, None], set()),
        ({"Staff": True}, set()),
    ],
)
def test_groups_become_rights_and_no_other_shape_does(
    client: TestClient, provider: Provider, groups: object, seen: set[str]
) -> None:
    provider.person = {**provider.person, "groups": groups}
    sign_in(client)
    listed = client.get("/documents").json()["documents"]
    assert {one["doc_id"] for one in listed} - {"d-guide", "d-lessons", "d-hostile"} == seen


def test_groups_may_stand_deep_or_in_userinfo(provider: Provider, knowledge: FakeKnowledge) -> None:
    provider.person = {"sub": "ana-1"}
    provider.beside = {"realm_access": {"roles": ["Staff"]}, "email": "ana@example.org"}
    app = create_app(knowledge, settings_for(provider, oidc_groups_claim="realm_access.roles"))
    with client_of(app) as client:
        client.follow_redirects = False
        sign_in(client)
        assert client.get("/documents/d-internal").status_code == 200
        assert client.get("/health").json()["name"] == "ana@example.org"


def test_userinfo_of_somebody_else_is_refused(client: TestClient, provider: Provider) -> None:
    provider.person = {"sub": "ana-1"}
    provider.beside = {"sub": "eve-2", "groups": ["Library keepers"]}
    assert sign_in(client).headers["location"] == "/?signin=refused"
    assert caller(client) == "anonymous"


def test_an_account_without_rights_is_told_so(provider: Provider, knowledge: FakeKnowledge) -> None:
    provider.person = {**provider.person, "groups": ["Chess"]}
    with client_of(create_app(knowledge, settings_for(provider, anonymous="nothing"))) as client:
        client.follow_redirects = False
        assert sign_in(client).headers["location"] == "/?signin=no-rights"
        assert client.get("/health").json()["caller"] == "account"
        response = client.get("/documents")
        assert response.status_code == 403
        assert response.json()["type"] == "urn:mmsearch:problem:no-rights"


def test_everybody_with_an_account_may_have_rights(
    provider: Provider, knowledge: FakeKnowledge
) -> None:
    settings = settings_for(provider, oidc_rights=json.dumps({"*": "internal"}))
    with client_of(create_app(knowledge, settings)) as client:
        client.follow_redirects = False
        assert client.get("/documents/d-internal").status_code == 404
        sign_in(client)
        assert client.get("/documents/d-internal").status_code == 200


def changed(**more: object) -> Any:
    return lambda claims: {**claims, **more}


def without(name: str) -> Any:
    return lambda claims: {key: value for key, value in claims.items() if key != name}


LIES: dict[str, Any] = {
    "wrong nonce": changed(nonce="another"),
    "no nonce": without("nonce"),
    "wrong audience": changed(aud="another-service"),
    "one audience of several, for another": changed(aud=[CLIENT, "another"], azp="another"),
    "several audiences and no party": changed(aud=[CLIENT, "another"]),
    "wrong issuer": changed(iss="https://evil.example"),
    "expired": changed(exp=1_700_000_000),
    "no expiry": without("exp"),
    "not yet": changed(nbf=4_000_000_000),
    "made in the future": changed(iat=4_000_000_000),
    "nobody": without("sub"),
    "no name": changed(sub=""),
    "wrong access token": changed(at_hash="AAAAAAAAAAAAAAAAAAAAAA"),
}


@pytest.mark.parametrize("lie", list(LIES))
def test_a_token_that_lies_lets_nobody_in(
    client: TestClient, provider: Provider, lie: str, caplog: pytest.LogCaptureFixture
) -> None:
    provider.change = LIES[lie]
    with caplog.at_level(logging.DEBUG):
        response = sign_in(client)
    assert response.headers["location"] == "/?signin=refused"
    assert caller(client) == "anonymous"
    assert "not signed in" in caplog.text
    for secret in (SECRET, "an-access-token", "eyJ"):
        assert secret not in caplog.text.replace("HTTP Request", "")


def forged(provider: Provider, how: str) -> Any:
    other = new_key()

    def sign(claims: Claims) -> str:
        header = {"alg": "ES256", "kid": provider.key.kid if how == "same name" else other.kid}
        return jwt.encode(header, claims, other)

    return sign


def test_a_token_that_is_not_signed_by_the_provider_lets_nobody_in(
    client: TestClient, provider: Provider
) -> None:
    for sign in (
        unsigned,
        by_secret,
        by_public_key(provider),
        forged(provider, "same name"),
        forged(provider, "own name"),
        lambda claims: "",
        lambda claims: "a.b.c",
        lambda claims: None,
    ):
        provider.sign = sign
        assert sign_in(client).headers["location"] == "/?signin=refused"
        assert caller(client) == "anonymous"


def test_keys_may_change(client: TestClient, provider: Provider) -> None:
    sign_in(client)
    fetched = [name for name, _ in provider.asked].count("keys")
    assert fetched == 1
    sign_in(client)
    assert [name for name, _ in provider.asked].count("keys") == fetched  # kept
    assert [name for name, _ in provider.asked].count("discovery") == 1
    client.cookies.clear()
    provider.rotate()
    assert sign_in(client).headers["location"] == "/"
    assert caller(client) == "account"


def test_a_code_is_good_once(client: TestClient) -> None:
    at_provider = begin(client)
    started = client.cookies.get("mmsearch-started")
    back = come_back(at_provider)
    client.get(back)
    client.cookies.clear()
    assert client.get(back).headers["location"] == "/?signin=refused"
    client.cookies.set("mmsearch-started", started, domain="127.0.0.1", path="/signin")
    assert client.get(back).headers["location"] == "/?signin=refused"
    # Another sign-in with the same code: the provider knows it.
    begin(client)
    state = parse_qs(urlsplit(begin(client)).query)["state"][0]
    code = parse_qs(urlsplit(back).query)["code"][0]
    again = client.get("/signin/callback", params={"state": state, "code": code})
    assert again.headers["location"] == "/?signin=refused"
    assert caller(client) == "anonymous"


def test_who_did_not_begin_cannot_finish(client: TestClient, provider: Provider) -> None:
    back = come_back(begin(client))
    begin(client)  # another one in the same browser
    for address in (
        back,
        "/signin/callback",
        "/signin/callback?code=x",
        "/signin/callback?code=x&state=é",
        back.replace("state=", "state=x"),
    ):
        assert client.get(address).headers["location"] == "/?signin=refused", address
    assert [name for name, _ in provider.asked].count("token") == 0


def test_another_provider_cannot_send_people_back(client: TestClient) -> None:
    back = come_back(begin(client))
    response = client.get(f"{back}&iss=https://evil.example")
    assert response.headers["location"] == "/?signin=refused"


def test_who_is_turned_away_is_told(client: TestClient, provider: Provider) -> None:
    provider.refusing = "access_denied"
    assert sign_in(client).headers["location"] == "/?signin=cancelled"


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "///evil.example",
        "javascript:alert(1)",
        "evil.example",
        "/é",
        "/" + "a" * 4000,
        "",
    ],
)
def test_nobody_is_sent_elsewhere_afterwards(client: TestClient, address: str) -> None:
    assert sign_in(client, address).headers["location"] == "/"


@pytest.mark.parametrize("endpoint", ["discovery", "token", "keys"])
def test_a_provider_that_is_down_is_told_and_tokens_still_work(
    client: TestClient, provider: Provider, endpoint: str
) -> None:
    provider.broken = {endpoint}
    response = client.get("/signin")
    if endpoint != "discovery":
        response = client.get(come_back(response.headers["location"]))
    assert response.headers["location"] == "/?signin=unreachable"
    assert caller(client) == "anonymous"
    assert client.get("/documents/d-internal", headers=bearer("internal")).status_code == 200


def test_a_provider_that_is_gone_or_another_is_told(
    provider: Provider, knowledge: FakeKnowledge
) -> None:
    for issuer in ("http://127.0.0.1:9", f"{provider.issuer}/other"):
        app = create_app(knowledge, settings_for(provider, oidc_issuer=issuer))
        with client_of(app) as client:
            client.follow_redirects = False
            response = client.get("/signin")
            assert response.headers["location"] == "/?signin=unreachable"
            assert client.get("/health").status_code == 200


def test_a_provider_that_is_down_is_not_asked_at_every_click(
    client: TestClient, provider: Provider
) -> None:
    provider.broken = {"discovery"}
    for _ in range(4):
        assert client.get("/signin").headers["location"] == "/?signin=unreachable"
    assert [name for name, _ in provider.asked].count("discovery") == 1
    provider.broken = set()
    client.app.state.services.sign_in.provider._now = lambda: time.monotonic() + 6
    assert sign_in(client).headers["location"] == "/"


def test_an_endpoint_in_the_open_is_not_used(client: TestClient, provider: Provider) -> None:
    provider.more = {"token_endpoint": "http://provider.example/token"}
    assert client.get("/signin").headers["location"] == "/?signin=unreachable"


def test_signing_out_ends_it_here_and_there(client: TestClient, provider: Provider) -> None:
    sign_in(client)
    kept = client.cookies.get("mmsearch-session")
    response = client.post("/signout", headers={"Origin": BASE})
    going = urlsplit(response.json()["next"])
    assert response.json()["next"].startswith(f"{provider.issuer}/logout?")
    said = parse_qs(going.query)
    assert said["post_logout_redirect_uri"] == [f"{BASE}/"]
    assert said["client_id"] == [CLIENT]
    assert said["id_token_hint"][0].startswith("eyJ")
    assert caller(client) == "anonymous"
    client.cookies.set("mmsearch-session", kept, domain="127.0.0.1")
    assert caller(client) == "anonymous"  # the cookie itself is worth nothing any more


def test_who_signed_out_stays_out_after_a_restart_and_at_another_process(
    provider: Provider, knowledge: FakeKnowledge, tmp_path: Path
) -> None:
    settings = settings_for(provider, library=tmp_path)
    with client_of(create_app(knowledge, settings)) as one:
        other = client_of(create_app(knowledge, settings))
        one.follow_redirects = False
        sign_in(one)
        stolen = {"Cookie": f"mmsearch-session={one.cookies.get('mmsearch-session')}"}
        assert httpx_get(other, stolen)["caller"] == "account"
        one.post("/signout", headers={"Origin": BASE})
        assert httpx_get(other, stolen)["caller"] == "anonymous"
    started_again = client_of(create_app(knowledge, settings))
    assert httpx_get(started_again, stolen)["caller"] == "anonymous"
    assert (tmp_path / "signed-out").stat().st_mode & 0o077 == 0


def test_a_session_that_is_used_goes_on_and_one_that_is_not_ends(
    provider: Provider, knowledge: FakeKnowledge
) -> None:
    app = create_app(knowledge, settings_for(provider, oidc_idle_minutes=30))
    sessions, now = app.state.services.sign_in.sessions, [time.time()]
    sessions._now = sessions._seal._now = lambda: now[0]
    with client_of(app) as client:
        client.follow_redirects = False
        sign_in(client)
        first = client.cookies.get("mmsearch-session")
        client.get("/health")
        assert client.cookies.get("mmsearch-session") == first  # it is new enough
        for _ in range(16):  # used every 29 minutes, until the eighth hour
            now[0] += 29 * 60
            assert "set-cookie" not in client.get("/static/app.js").headers
            assert "set-cookie" not in client.get("/keeping/uploads").headers
            line = set_cookies(client.get("/health"))["mmsearch-session"]
            assert "HttpOnly" in line
            assert "SameSite=lax" in line
        assert caller(client) == "account"
        assert httpx_get(client, {"Cookie": f"mmsearch-session={first}"})["caller"] == "anonymous"
        now[0] += 29 * 60
        assert caller(client) == "anonymous"  # eight hours are over
        sign_in(client)
        now[0] += 31 * 60
        assert caller(client) == "anonymous"


@pytest.mark.parametrize("more", [{"end_session_endpoint": None}, {}])
def test_signing_out_works_without_the_provider(
    client: TestClient, provider: Provider, more: dict[str, Any]
) -> None:
    provider.more = more
    sign_in(client)
    if not more:
        client.app.state.services.sign_in.provider._kept.clear()  # as an hour later
        provider.broken = {"discovery"}
    response = client.post("/signout", headers={"Origin": BASE})
    assert response.json() == {"next": "/"}
    assert caller(client) == "anonymous"


def set_cookies(response: Any) -> dict[str, str]:
    lines = response.headers.get_list("set-cookie")
    return {line.partition("=")[0]: line for line in lines}


def test_cookies_are_closed_to_scripts_and_other_sites(
    client: TestClient, provider: Provider, knowledge: FakeKnowledge
) -> None:
    at_home = sign_in(client)
    for line in set_cookies(at_home).values():
        assert "HttpOnly" in line
        assert "SameSite=lax" in line
        assert "Secure" not in line
    assert "Max-Age=28800" in set_cookies(at_home)["mmsearch-session"]
    settings = settings_for(provider, url="https://library.example", host="192.0.2.1")
    with TestClient(create_app(knowledge, settings), base_url="https://library.example") as public:
        public.follow_redirects = False
        lines = set_cookies(sign_in(public))
        assert set(lines) == {
            "__Secure-mmsearch-started",
            "__Host-mmsearch-session",
            "__Secure-mmsearch-hint",
        }
        assert all("Secure" in line and "HttpOnly" in line for line in lines.values())
        assert "Path=/;" in lines["__Host-mmsearch-session"]
        assert "Domain" not in lines["__Host-mmsearch-session"]
        assert caller(public) == "account"
        plain = public.cookies.get("__Host-mmsearch-session")
        public.cookies.clear()
        public.cookies.set("mmsearch-session", plain)  # as a neighbouring host could
        assert caller(public) == "anonymous"
    (redirect, *_) = [g["redirect_uri"] for n, g in reversed(provider.asked) if n == "authorize"]
    assert redirect == "https://library.example/signin/callback"


def test_a_cookie_is_worth_nothing_elsewhere_changed_or_doubled(
    client: TestClient, provider: Provider, knowledge: FakeKnowledge
) -> None:
    sign_in(client)
    good = client.cookies.get("mmsearch-session")
    begin(client)
    started = client.cookies.get("mmsearch-started")
    changed_text = ("B" if good[40] == "A" else "A").join((good[:40], good[41:]))
    for value in (changed_text, good[:-5], started, "x", "", f"{good}; mmsearch-session={good}"):
        said = httpx_get(client, {"Cookie": f"mmsearch-session={value}"})
        assert said["caller"] == "anonymous"
    assert httpx_get(client, {"Cookie": f"mmsearch-session={good}"})["caller"] == "account"
    other = create_app(knowledge, settings_for(provider, oidc_secret=SECRET[::-1]))
    with client_of(other) as elsewhere:
        assert httpx_get(elsewhere, {"Cookie": f"mmsearch-session={good}"})["caller"] == "anonymous"


def httpx_get(client: TestClient, headers: dict[str, str]) -> dict[str, Any]:
    client.cookies.clear()
    return client.get("/health", headers=headers).json()


def test_a_session_ends(provider: Provider, knowledge: FakeKnowledge) -> None:
    app = create_app(knowledge, settings_for(provider, oidc_hours=1))
    with client_of(app) as client:
        client.follow_redirects = False
        sign_in(client)
        assert caller(client) == "account"
        sessions = app.state.services.sign_in.sessions
        sessions._seal._now = lambda: time.time() + 3601
        assert caller(client) == "anonymous"


def test_rights_follow_the_settings_and_not_the_cookie(
    client: TestClient, provider: Provider, knowledge: FakeKnowledge
) -> None:
    sign_in(client)
    value = client.cookies.get("mmsearch-session")
    fewer = create_app(knowledge, settings_for(provider, oidc_rights='{"Staff": "internal"}'))
    with client_of(fewer) as again:
        cookie = {"Cookie": f"mmsearch-session={value}"}
        assert again.get("/health", headers=cookie).json()["caller"] == "account"
        assert again.get("/documents/d-haiti", headers=cookie).status_code == 404


FOREIGN = [
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Sec-Fetch-Site": "cross-site", "Origin": BASE},
    {"Sec-Fetch-Site": "same-site"},
]
CHANGES = [("POST", "/gaps"), ("PATCH", "/gaps/g_0"), ("DELETE", "/packs/p_0"), ("POST", "/none")]


@pytest.mark.parametrize(("method", "path"), CHANGES)
def test_another_site_changes_nothing(client: TestClient, method: str, path: str) -> None:
    sign_in(client)
    for headers in (*FOREIGN, {}):
        response = client.request(method, path, headers=headers, json={"question": "Who?"})
        assert response.status_code == 403, headers
        assert response.json()["type"] == "urn:mmsearch:problem:other-site"
    for headers in ({"Origin": BASE}, {"Sec-Fetch-Site": "same-origin"}):
        response = client.request(method, path, headers=headers, json={"question": "Who?"})
        assert response.json().get("type") != "urn:mmsearch:problem:other-site"


@pytest.mark.parametrize("headers", FOREIGN)
def test_another_site_changes_nothing_on_this_machine(
    local: TestClient, headers: dict[str, str]
) -> None:
    """Whoever sits here is the keeper; a page that they visit is not."""
    body = {"question": "Who pays?"}
    assert local.post("/gaps", headers=headers, json=body).status_code == 403
    assert local.post("/gaps", json=body).status_code == 200


def test_scripts_with_a_token_need_no_origin(client: TestClient) -> None:
    sign_in(client)
    response = client.post(
        "/gaps", json={"question": "Who?"}, headers={**bearer("internal"), **FOREIGN[0]}
    )
    assert response.status_code == 503  # this service keeps no journal: it got as far as that


def test_a_token_decides_where_both_are_sent(client: TestClient) -> None:
    sign_in(client)
    assert client.get("/documents/d-haiti", headers=bearer("internal")).status_code == 404
    assert client.get("/documents/d-haiti", headers=bearer("wrong")).status_code == 401


def test_without_settings_there_is_no_sign_in(shared: TestClient) -> None:
    assert shared.get("/signin").status_code == 404
    assert shared.get("/signin/callback").status_code == 404
    assert "sign_in" not in shared.get("/health").json()


def test_with_sign_in_alone_strangers_are_no_keepers(
    provider: Provider, knowledge: FakeKnowledge
) -> None:
    with client_of(create_app(knowledge, settings_for(provider, tokens=""))) as client:
        assert client.get("/health").json()["caller"] == "anonymous"
        assert client.get("/documents/d-internal").status_code == 404


def examined(settings: Settings) -> dict[str, Finding]:
    return {one.name: one for one in doctor_signin.examine(settings)}


def test_the_doctor_asks_the_provider_and_says_what_to_register(provider: Provider) -> None:
    found = examined(settings_for(provider, url="https://library.example"))
    assert not any(one.remedy for one in found.values())
    assert found["register at the provider"].value == "https://library.example/signin/callback"
    assert "Haiti office, Library keepers, Staff" in found["rights of groups"].value
    assert SECRET not in repr(found)
    provider.broken = {"discovery"}
    found = examined(settings_for(provider, oidc_rights=""))
    assert "until then tokens work" in found["signing in"].remedy
    assert "MMSEARCH_OIDC_RIGHTS" in found["rights of groups"].remedy
    assert found["register at the provider"].value == f"{BASE}/signin/callback"
    assert "tokens only" in examined(load_settings())["signing in"].value
