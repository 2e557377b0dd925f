"""Socket Mode over a real WebSocket: acknowledged, answered, and linked again when it is cut."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import pytest

from bots.slack.errors import SlackRefused
from bots.slack.running import linked
from tests.bots.conftest import OPEN, links_left_to_the_end
from tests.bots.driver import ANA, BO, Driver, wait_for
from tests.bots.fake_slack import FakeSlack
from tests.bots.limits import read
from tests.bots.workspace import APP_TOKEN, BOT, TEAM

pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
QUESTION = "What does a focal point who leaves the programme write?"


@pytest.fixture
def link(driver: Driver, fake: FakeSlack) -> Iterator[Driver]:
    with links_left_to_the_end(), linked(driver.bot, APP_TOKEN, fake.api, ping=0.2):
        wait_for(lambda: fake.linked() == 1)
        yield driver


def envelope(driver: Driver, number: int, ts: str, **more: Any) -> dict[str, Any]:
    event = driver.said(OPEN, BO, f"<@{BOT}> {QUESTION}", ts, kind="app_mention")
    payload = {
        "type": "event_callback",
        "team_id": TEAM,
        "event_id": f"EvS{number}",
        "event": event,
    }
    return {"type": "events_api", "envelope_id": f"E{number}", "payload": payload, **more}


def insist(link: Driver, fake: FakeSlack, sent: list[tuple[int, str]]) -> None:
    """Send again what was not acknowledged, as Slack does, until all of it is."""
    for _ in range(20):
        left = [(number, ts) for number, ts in sent if f"R{number}" not in fake.acks]
        if not left:
            return
        for number, ts in left:
            again = envelope(link, number, ts, retry_attempt=1, retry_reason="timeout")
            fake.send({**again, "envelope_id": f"R{number}"})
        with contextlib.suppress(AssertionError):
            wait_for(lambda: {f"R{number}" for number, _ in sent} <= fake.acks.keys(), 2)
    raise AssertionError("some events were never acknowledged")


def test_events_and_commands_are_acknowledged_and_answered(link: Driver, fake: FakeSlack) -> None:
    ts = link.workspace.write(OPEN, BO, f"<@{BOT}> {QUESTION}")
    fake.send(envelope(link, 1, ts))
    payload = {
        "command": "/mmsearch",
        "text": QUESTION,
        "team_id": TEAM,
        "channel_id": OPEN,
        "user_id": ANA,
        "trigger_id": "t",
        "response_url": fake.reply_url("reply"),
    }
    fake.send({"type": "slash_commands", "envelope_id": "C1", "payload": payload})
    wait_for(lambda: {"E1", "C1"} <= fake.acks.keys())
    assert fake.acks["C1"][1] == {"text": "Searching …"}
    wait_for(lambda: bool(fake.replies["reply"]))
    (answer,) = link.answers(OPEN)
    assert answer["thread_ts"] == ts
    assert "handover note" in read(answer["blocks"])


def test_a_link_that_is_cut_is_made_again_and_nothing_is_lost_or_said_twice(
    link: Driver, fake: FakeSlack
) -> None:
    sent = []
    for number in range(6):
        ts = link.workspace.write(OPEN, BO, f"<@{BOT}> {QUESTION}")
        sent.append((number, ts))
        fake.send(envelope(link, number, ts))
        if number in {1, 4}:
            fake.drop_links()
            wait_for(lambda: fake.linked() >= 1)
    before = len(fake.called("apps.connections.open"))
    fake.send({"type": "disconnect", "reason": "refresh_requested", "debug_info": {"host": "x"}})
    wait_for(lambda: len(fake.called("apps.connections.open")) > before)
    wait_for(lambda: fake.linked() >= 1)
    insist(link, fake, sent)
    link.settle()
    asked = [m["metadata"]["event_payload"]["asked"] for m in link.workspace.ours(OPEN)]
    assert sorted(asked) == sorted(ts for _, ts in sent)


def test_a_wrong_token_is_said_at_once(driver: Driver, fake: FakeSlack) -> None:
    with (
        pytest.raises(SlackRefused, match=r"apps\.connections\.open: invalid_auth"),
        linked(driver.bot, "xapp-wrong", fake.api),
    ):
        pass
