"""One answer for each event: sent again, in parallel, after a crash, while Slack fails."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from bots.slack.conversation import EVENT_TYPE
from tests.bots.child import Child
from tests.bots.conftest import ANAS, CLOSED, OPEN
from tests.bots.driver import ANA, BO, Driver, signed, wait_for
from tests.bots.fake_slack import FakeSlack, failing, once
from tests.bots.limits import read
from tests.bots.workspace import BOT, TEAM

QUESTION = "What does a focal point who leaves the programme write?"
MANY = 40
"""Events here; ``python -m benchmarks.slack`` sends a thousand."""


def mentions(driver: Driver, count: int) -> list[tuple[dict[str, Any], str]]:
    """Write questions in a channel; returns their events, not sent yet, with their ids."""
    found = []
    for number in range(count):
        text = f"<@{BOT}> {QUESTION}"
        ts = driver.workspace.write(OPEN, BO, text)
        found.append((driver.said(OPEN, BO, text, ts, kind="app_mention"), f"EvMany{number}"))
    return found


def send_all(driver: Driver, events: list[tuple[dict[str, Any], str]], times: int) -> None:
    """Send each event several times, all at once."""
    with ThreadPoolExecutor(16) as pool:
        sent = [pool.submit(driver.event, event, event_id) for event, event_id in events * times]
        assert {one.result().status_code for one in sent} == {200}


def asked(fake: FakeSlack, channel: str = OPEN) -> list[str]:
    """Return which messages were answered, once for each answer."""
    found = []
    for message in fake.workspace.ours(channel):
        assert not message.get("streaming")
        assert message["metadata"]["event_type"] == EVENT_TYPE
        found.append(message["metadata"]["event_payload"]["asked"])
    return sorted(found)


@pytest.mark.parametrize("streams", [True, False])
def test_four_times_in_parallel_and_again_after_a_restart(
    make: Callable[..., Driver], fake: FakeSlack, streams: bool
) -> None:
    fake.workspace.streams = streams
    driver = make()
    events = mentions(driver, MANY)
    send_all(driver, events, 4)
    driver.settle()
    expected = sorted(event["ts"] for event, _ in events)
    assert asked(driver.fake) == expected
    driver.close()
    driver.start()
    send_all(driver, events, 4)
    driver.settle()
    assert asked(driver.fake) == expected
    assert fake.workspace.eyes() == []
    driver.close()


def test_a_kill_neither_loses_nor_repeats_an_answer(fake: FakeSlack, tmp_path: Path) -> None:
    moments = {
        (OPEN, "chat.startStream"): "hang-after",
        (CLOSED, "chat.stopStream"): "hang",
        (ANAS, "chat.postMessage"): "hang-after",
    }
    fake.plan = lambda method, a: moments.get((a.get("channel"), method), "")

    def hangs(channel: str) -> bool:
        """Say whether a call for a channel hangs; what calls the same method waits behind it."""
        calls = (c for c in fake.calls if c.arguments.get("channel") == channel)
        return any(call.outcome.startswith("hang") for call in calls)

    with Child(tmp_path, fake.api) as child:
        sent = {CLOSED: [post(child, mention_event(fake, CLOSED))]}
        wait_for(lambda: hangs(CLOSED))
        sent[ANAS] = [post(child, mention_event(fake, ANAS))]
        wait_for(lambda: bool(fake.workspace.ours(ANAS)))
        # The first of these is begun, the others wait behind it.
        sent[OPEN] = [post(child, mention_event(fake, OPEN)) for _ in range(4)]
        wait_for(lambda: hangs(OPEN) and bool(fake.workspace.ours(OPEN)))
    fake.plan = lambda method, a: ""
    count = sum(map(len, sent.values()))
    with Child(tmp_path, fake.api):
        wait_for(lambda: len(finished(fake, *sent)) >= count and not fake.workspace.eyes())
    for channel, expected in sent.items():
        assert asked(fake, channel) == sorted(expected)
        for message in fake.workspace.ours(channel):
            assert read(message["blocks"]).count("handover note") == 1


@pytest.mark.parametrize("streams", [True, False])
@pytest.mark.parametrize("outcome", ["500", "500-after", "drop", "drop-after", "429"])
def test_a_call_that_fails_or_only_seems_to_is_made_good(
    make: Callable[..., Driver], fake: FakeSlack, outcome: str, streams: bool
) -> None:
    fake.workspace.streams = streams
    fake.plan = once("chat.startStream" if streams else "chat.postMessage", outcome)
    driver = make()
    ts = driver.mention(OPEN, BO, QUESTION)
    driver.settle()
    assert asked(driver.fake) == [ts]
    assert fake.early == []


@pytest.mark.parametrize("method", ["chat.appendStream", "chat.stopStream"])
@pytest.mark.parametrize("outcome", ["500", "500-after", "drop-after"])
def test_a_stream_that_breaks_off_is_made_whole(
    make: Callable[..., Driver], fake: FakeSlack, method: str, outcome: str
) -> None:
    fake.plan = once(method, outcome)
    driver = make()
    ts = driver.mention(OPEN, BO, "Which register do country teams keep of what was learned?")
    driver.settle()
    assert asked(driver.fake) == [ts]
    (answer,) = driver.workspace.ours(OPEN)
    assert read(answer["blocks"]).count("Country teams keep one register") == 1


def test_at_random_failures_lose_no_answer(make: Callable[..., Driver], fake: FakeSlack) -> None:
    fake.plan = failing(1, 0.15, "500", "500-after", "drop", "drop-after", "429")
    driver = make(pause=0.005)
    events = mentions(driver, 12)
    send_all(driver, events, 2)
    driver.settle()
    assert asked(driver.fake) == sorted(event["ts"] for event, _ in events)
    assert fake.workspace.eyes() == []
    assert fake.early == []


def test_no_call_before_retry_after_whoever_makes_it(
    make: Callable[..., Driver], fake: FakeSlack
) -> None:
    fake.plan = failing(7, 0.15, "429")
    driver = make(workers=8)
    events = mentions(driver, 12)
    send_all(driver, events, 1)
    driver.settle()
    assert asked(driver.fake) == sorted(event["ts"] for event, _ in events)
    assert any(call.outcome == "429" for call in fake.calls)
    assert fake.early == []


def test_slacks_own_tiers_are_kept(make: Callable[..., Driver], fake: FakeSlack) -> None:
    fake.tiers = {"chat.startStream": 20, "chat.postMessage": 6000, "reactions.add": 50}
    driver = make()
    events = mentions(driver, 30)
    send_all(driver, events, 1)
    driver.settle()
    assert asked(driver.fake) == sorted(event["ts"] for event, _ in events)
    streamed = len(fake.called("chat.startStream"))
    assert 20 <= streamed < 30  # the others were posted in one piece instead of waiting
    assert fake.early == []


def test_an_answer_that_cannot_be_made_ends_in_a_calm_sentence(
    driver: Driver, caplog: pytest.LogCaptureFixture
) -> None:
    driver.knowledge.failure = RuntimeError("SECRET-EXCEPTION-TEXT")
    driver.mention(OPEN, BO, QUESTION)
    (answer,) = driver.answers(OPEN)
    text = read(answer["blocks"])
    assert text.startswith("Something went wrong here.")
    number = text.strip().rsplit(" ", 1)[-1]
    assert f"request {number}" in caplog.text
    assert "SECRET" not in str(driver.fake.calls)
    assert driver.workspace.eyes() == []


def test_a_channel_that_is_gone_ends_the_job(driver: Driver, fake: FakeSlack) -> None:
    fake.workspace.channels[OPEN]["is_archived"] = True
    fake.workspace.streams = False
    driver.mention(OPEN, BO, QUESTION)
    driver.settle()
    assert driver.bot.ledger.counts() == {"failed": 1}
    assert fake.workspace.eyes() == []


def test_too_many_questions_are_turned_away_honestly(make: Callable[..., Driver]) -> None:
    driver = make(workers=1, waiting=2)
    driver.knowledge.gate = threading.Event()
    driver.mention(OPEN, BO, QUESTION)
    wait_for(lambda: len(driver.knowledge.readers) == 1)
    for _ in range(4):
        driver.mention(OPEN, BO, QUESTION)

    def said(words: str) -> int:
        return sum(words in read(one["blocks"]) for one in list(driver.workspace.ephemeral))

    wait_for(lambda: said("Too many questions are waiting") == 2)
    wait_for(lambda: said("Questions before yours: 2.") == 1)
    assert "few minutes" in driver.command(OPEN, ANA, QUESTION).text
    driver.knowledge.gate.set()
    driver.settle()
    assert len(driver.workspace.ours(OPEN)) == 3


def test_clicks_do_not_wait_for_answers(make: Callable[..., Driver]) -> None:
    driver = make(workers=2)
    driver.mention(OPEN, BO, QUESTION)
    (answer,) = driver.answers(OPEN)
    driver.knowledge.gate = threading.Event()
    for _ in range(6):
        driver.mention(OPEN, BO, QUESTION)
    driver.click(answer, "show:1", BO, OPEN)
    assert "handover note" in read(driver.view("Passage")["blocks"])
    driver.knowledge.gate.set()
    driver.settle()


def test_one_process_at_a_time_has_the_state(driver: Driver, tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from bots.slack.ledger import Ledger\n"
        "from bots.slack.errors import AlreadyRunning\n"
        "try: Ledger(Path(sys.argv[1]))\nexcept AlreadyRunning as exc: print(exc)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "state")],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert "the bot runs already" in done.stdout


def mention_event(fake: FakeSlack, channel: str) -> dict[str, Any]:
    """Let somebody ask; returns what Slack sends."""
    text = f"<@{BOT}> {QUESTION}"
    ts = fake.workspace.write(channel, ANA, text)
    event = {"user": ANA, "text": text, "ts": ts, "channel": channel, "event_ts": ts, "team": TEAM}
    kind = {"type": "message", "channel_type": "im"} if channel == ANAS else {"type": "app_mention"}
    body = {"type": "event_callback", "team_id": TEAM, "event_id": f"Ev{ts}"}
    return {**body, "event": {**event, **kind}}


def post(child: Child, body: dict[str, Any]) -> str:
    """Send an event to a bot in another process; returns its message."""
    text = json.dumps(body)
    headers = {**signed(text), "Content-Type": "application/json"}
    response = httpx.post(f"{child.url}/slack/events", content=text, headers=headers, timeout=60)
    assert response.status_code == 200
    return str(body["event"]["ts"])


def finished(fake: FakeSlack, *channels: str) -> list[dict[str, Any]]:
    """Return the messages that are complete."""
    posted = [message for channel in channels for message in fake.workspace.ours(channel)]
    return [m for m in posted if m.get("metadata") and not m.get("streaming")]
