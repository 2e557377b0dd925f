"""Slack's requests over HTTP: only those that Slack has signed, and just now."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from slack_sdk.signature import Clock, SignatureVerifier

from bots.slack.endpoint import MOST_BYTES, PATH
from mmsearch.api.app import create_app
from mmsearch.extensions import Host, opened
from mmsearch.journal.journal import Journal
from tests.bots.conftest import OPEN
from tests.bots.driver import ANA, BO, SECRET, Driver, signed, wait_for
from tests.bots.fake_slack import FakeSlack
from tests.bots.workspace import BOT, TOKEN
from tests.service.conftest import client_of, with_tokens

JSON = {"Content-Type": "application/json"}


def body_of(driver: Driver) -> str:
    ts = driver.workspace.write(OPEN, BO, f"<@{BOT}> What is a handover note?")
    event = driver.said(OPEN, BO, f"<@{BOT}> What is a handover note?", ts, kind="app_mention")
    return json.dumps(
        {"type": "event_callback", "event_id": "EvX", "team_id": "T111", "event": event}
    )


def without(headers: dict[str, str], name: str) -> dict[str, str]:
    return {key: value for key, value in headers.items() if key != name}


OLD = str(int(time.time()) - 301)
FORGED: list[tuple[str, Any]] = [
    ("wrong secret", lambda body: (body, signed(body, secret="another"))),  # noqa: S106
    ("changed body", lambda body: (body.replace("EvX", "EvY"), signed(body))),
    ("old", lambda body: (body, signed(body, stamp=OLD))),
    ("ahead", lambda body: (body, signed(body, stamp=str(int(time.time()) + 3600)))),
    ("no signature", lambda body: (body, without(signed(body), "X-Slack-Signature"))),
    ("no stamp", lambda body: (body, without(signed(body), "X-Slack-Request-Timestamp"))),
    ("nothing", lambda body: (body, {})),
    ("empty", lambda body: (body, {**signed(body), "X-Slack-Signature": ""})),
    ("no number", lambda body: (body, {**signed(body), "X-Slack-Request-Timestamp": "now"})),
    ("huge", lambda body: (body, {**signed(body), "X-Slack-Request-Timestamp": "9" * 400})),
    ("another stamp", lambda body: (body, {**signed(body), "X-Slack-Request-Timestamp": OLD})),
]


@pytest.mark.parametrize("forge", [one for _, one in FORGED], ids=[name for name, _ in FORGED])
def test_what_slack_did_not_sign_is_refused(driver: Driver, forge: Any) -> None:
    body, headers = forge(body_of(driver))
    response = driver.client.post(PATH, content=body, headers={**JSON, **headers})
    assert response.status_code == 401
    assert driver.bot.ledger.counts() == {}


def test_no_kind_of_body_goes_round_the_signature(driver: Driver) -> None:
    for body, kind in (
        (urlencode({"ssl_check": "1", "token": "x"}), "application/x-www-form-urlencoded"),
        (json.dumps({"ssl_check": "1", **json.loads(body_of(driver))}), "application/json"),
        (json.dumps({"type": "url_verification", "challenge": "x"}), "application/json"),
    ):
        response = driver.client.post(PATH, content=body, headers={"Content-Type": kind})
        assert response.status_code == 401
    assert driver.bot.ledger.counts() == {}


def test_slack_verifies_the_address(driver: Driver) -> None:
    response = driver.post_json({"type": "url_verification", "challenge": "a-challenge"})
    assert response.status_code == 200
    assert response.json() == {"challenge": "a-challenge"}


def test_other_methods_and_too_much_are_refused(driver: Driver) -> None:
    assert driver.client.get(PATH).status_code == 405
    big = "x" * (MOST_BYTES + 1)
    assert driver.client.post(PATH, content=big, headers=signed(big)).status_code == 413


@pytest.mark.shared
def test_the_published_vector_verifies(shared_data: Path) -> None:
    vector = json.loads((shared_data / "slack" / "signature_vector.json").read_text())

    class Then(Clock):
        def now(self) -> float:
            return float(vector["timestamp"])

    verifier = SignatureVerifier(vector["signing_secret"], Then())
    given = (vector["body"], vector["timestamp"], vector["expected_signature"])
    assert verifier.is_valid(*given)
    assert not verifier.is_valid(vector["body"] + "x", *given[1:])


def test_the_service_answers_slack_without_a_token_and_for_any_host(
    fake: FakeSlack, driver: Driver, tmp_path: Path
) -> None:
    settings = with_tokens(
        library=tmp_path,
        slack_bot_token=TOKEN,
        slack_signing_secret=SECRET,
        slack_api=fake.api,
        slack_state=tmp_path / "service",
    )
    host = Host(driver.knowledge, Journal.open(tmp_path), settings)
    with (
        opened(host) as doors,
        client_of(create_app(driver.knowledge, settings, doors=doors)) as it,
    ):
        body = body_of(driver)
        headers = {**JSON, **signed(body), "Host": "library.example.org"}
        assert it.post(PATH, content=body, headers=headers).status_code == 200
        wait_for(lambda: len(driver.workspace.ours(OPEN)) == 1)
        assert it.post(PATH, content=body, headers=JSON).status_code == 401
        assert it.get("/documents", headers={"Authorization": "Bearer x"}).status_code == 401
        wait_for(lambda: driver.workspace.eyes() == [])
    host.journal.close()


def test_a_service_without_slacks_secrets_has_no_such_path(driver: Driver, tmp_path: Path) -> None:
    settings = with_tokens(library=tmp_path)
    host = Host(driver.knowledge, Journal.open(tmp_path), settings)
    with opened(host) as doors:
        assert doors == {}
    host.journal.close()


def test_a_service_runs_while_slack_is_away(
    fake: FakeSlack, driver: Driver, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    fake.plan = lambda method, _: "500" if method == "auth.test" else ""
    settings = with_tokens(
        library=tmp_path,
        slack_bot_token=TOKEN,
        slack_signing_secret=SECRET,
        slack_api=fake.api,
        slack_state=tmp_path / "service",
    )
    host = Host(driver.knowledge, Journal.open(tmp_path), settings)
    with (
        opened(host) as doors,
        client_of(create_app(driver.knowledge, settings, doors=doors)) as it,
    ):
        assert it.get("/health").status_code == 200
        body = body_of(driver)
        headers = {**JSON, **signed(body)}
        response = it.post(PATH, content=body, headers=headers)
        assert response.status_code == 503  # so that Slack sends it again
    host.journal.close()
    assert "not running" in caplog.text
    assert TOKEN not in caplog.text
    assert SECRET not in caplog.text


def test_secrets_are_not_shown(driver: Driver) -> None:
    driver.mention(OPEN, ANA, "What is a handover note?")
    driver.settle()
    settings = with_tokens(slack_bot_token=TOKEN, slack_signing_secret=SECRET)
    assert TOKEN not in repr(settings)
    assert SECRET not in repr(settings)
