"""Payloads as Slack and its own libraries' tests have them: each is taken calmly."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from bots.slack.running import linked
from tests.bots.conftest import OPEN, links_left_to_the_end
from tests.bots.driver import Driver, wait_for
from tests.bots.fake_slack import FakeSlack
from tests.bots.limits import read
from tests.bots.workspace import APP_TOKEN, BOT, TEAM

CHANNELS = ("C111", "C222", "C0ANY1", "D111")


@pytest.fixture(scope="module")
def payloads(shared_data: Path) -> list[dict[str, Any]]:
    lines = (shared_data / "slack" / "payloads.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


@pytest.fixture
def furnished(driver: Driver) -> Driver:
    for channel in CHANNELS:
        driver.workspace.add_channel(channel, "W111", "W222", is_im=channel[0] == "D")
    for user in ("W111", "W222", "U111", "U222"):
        driver.workspace.add_user(user, f"{user.lower()}@iom.example")
    return driver


def send(driver: Driver, number: int, one: dict[str, Any]) -> Any:
    """Send a payload the way Slack sends its kind."""
    kind, payload = one["kind"].partition(":")[0], one["payload"]
    if kind == "inner_event":
        payload = {"type": "event_callback", "team_id": TEAM, "event": payload}
    if kind == "slash_command":
        given = {"channel_id": OPEN, "user_id": "W111", "trigger_id": f"t{number}", **payload}
        return driver.post(one.get("raw_body") or urlencode({**given, "command": "/mmsearch"}))
    if kind == "interactive":
        return driver.interact(payload)
    if "envelope_id" in payload:
        payload = payload.get("payload") or {}
    return driver.post_json({**payload, "event_id": f"EvP{number}"})


@pytest.mark.shared
def test_every_payload_is_taken_and_none_breaks_anything(
    furnished: Driver, payloads: list[dict[str, Any]]
) -> None:
    assert len(payloads) == 141
    statuses = {}
    for number, one in enumerate(payloads):
        statuses[number] = send(furnished, number, one).status_code
    furnished.settle()
    # Stubs of a line or two, without who did it, are no payloads of Slack's.
    whole = [n for n, one in enumerate(payloads) if "user" in one["payload"]]
    whole += [n for n, one in enumerate(payloads) if "event" in one["payload"]]
    assert len(whole) > 90
    assert {statuses[n] for n in whole} <= {200, 404}
    assert furnished.workspace.invalid == []
    assert furnished.workspace.eyes() == []


@pytest.mark.shared
def test_a_recorded_mention_becomes_an_answer(
    furnished: Driver, payloads: list[dict[str, Any]]
) -> None:
    recorded = [p["payload"] for p in payloads if p["kind"] == "event:app_mention"]
    body = next(p for p in recorded if p["event"].get("text") == "<@W111> Hi there!")
    ts = body["event"]["ts"]
    furnished.workspace.messages["C111"].append({"ts": ts, "user": "W222", "text": "…"})
    question = "What does a focal point who leaves the programme write?"
    event = {**body["event"], "text": f"<@{BOT}> {question}", "team": TEAM}
    furnished.post_json({**body, "event": event})
    (answer,) = furnished.answers("C111")
    assert answer["thread_ts"] == ts
    assert "handover note" in read(answer["blocks"])


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.shared
def test_what_the_link_itself_says_is_understood(
    furnished: Driver, fake: FakeSlack, payloads: list[dict[str, Any]]
) -> None:
    with links_left_to_the_end(), linked(furnished.bot, APP_TOKEN, fake.api, ping=0.2):
        wait_for(lambda: fake.linked() == 1)
        for one in payloads:
            if one["kind"].startswith("control:hello") or "envelope_id" in one["payload"]:
                fake.send(one["payload"])
        goodbye = next(p["payload"] for p in payloads if p["kind"] == "control:disconnect")
        before = len(fake.called("apps.connections.open"))
        fake.send(goodbye)
        wait_for(lambda: len(fake.called("apps.connections.open")) > before)
        wait_for(lambda: fake.linked() >= 1)
