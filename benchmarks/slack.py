"""The Slack bot under load, against a Slack on this machine: one answer each, and quickly taken.

``events`` sends each event four times in parallel, kills the bot (``kill -9``) while it answers,
starts it again, sends every event four times more, and counts the answers.

``acknowledge`` measures how long Slack waits until an event is acknowledged, with twenty
questions at once, again and again, while every answer takes sixty seconds and all of those who
answer are busy.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import numpy as np

from tests.bots.child import Child
from tests.bots.driver import signed
from tests.bots.fake_slack import FakeSlack
from tests.bots.workspace import BOT, TEAM

QUESTION = "What does a focal point who leaves the programme write?"
ASKER = "UBO11"
CHANNELS = 50
AT_ONCE = 20
ANSWER_SECONDS = 60.0
PATIENCE = 900.0


def furnished() -> Any:
    """Return a Slack with people and channels."""
    slack = FakeSlack()
    slack.workspace.add_user(ASKER, "bo@undp.example")
    for number in range(CHANNELS):
        slack.workspace.add_channel(f"C{number:03d}", ASKER, is_channel=True)
    return slack


def event(slack: Any, number: int) -> dict[str, Any]:
    """Let somebody ask; returns what Slack sends."""
    channel, text = f"C{number % CHANNELS:03d}", f"<@{BOT}> {QUESTION}"
    ts = slack.workspace.write(channel, ASKER, text)
    said = {"user": ASKER, "text": text, "ts": ts, "event_ts": ts, "channel": channel}
    body = {"type": "event_callback", "team_id": TEAM, "event_id": f"Ev{number}"}
    return {**body, "event": {**said, "type": "app_mention", "team": TEAM}}


def post(client: httpx.Client, url: str, body: dict[str, Any]) -> tuple[int, float]:
    """Send an event; returns the status and how long it took in seconds."""
    text = json.dumps(body)
    headers = {**signed(text), "Content-Type": "application/json"}
    begun = time.perf_counter()
    try:
        status = client.post(f"{url}/slack/events", content=text, headers=headers).status_code
    except httpx.HTTPError:
        status = 0  # the bot has just been killed; Slack would send it again
    return status, time.perf_counter() - begun


def events(count: int) -> None:
    """Count the answers to events that come eight times each, with a kill in between."""
    with furnished() as slack, tempfile.TemporaryDirectory() as name:
        sent = [event(slack, number) for number in range(count)]
        expected = Counter(body["event"]["ts"] for body in sent)
        bot = Child(Path(name), slack.api, workers=8)
        begun = time.perf_counter()
        with ThreadPoolExecutor(1) as pool:
            sending = pool.submit(send_all, bot.url, sent, 4)
            wait(lambda: len(answered(slack)) >= count // 3)
            bot.kill()
            sending.result()
        at_kill = sum(Counter(answered(slack)).values())
        bot = Child(Path(name), slack.api, workers=8)
        send_all(bot.url, sent, 4)
        wait(lambda: len(answered(slack)) >= count)
        time.sleep(2)  # time for an answer too many
        seconds = time.perf_counter() - begun
        found = Counter(answered(slack))
        bot.kill()
    right = sum(found[ts] == 1 for ts in expected)
    more, none = sum(n > 1 for n in found.values()), sum(ts not in found for ts in expected)
    print(
        f"{count} events, each sent 8 times, kill -9 after {at_kill} answers: exactly one answer "
        f"for {right}, more for {more}, none for {none}; {seconds:.0f} s"
    )


def send_all(url: str, bodies: Sequence[dict[str, Any]], times: int) -> None:
    """Send every event several times, the same ones at once."""
    with httpx.Client(timeout=30) as client, ThreadPoolExecutor(16) as pool:
        for _ in pool.map(
            lambda body: post(client, url, body), [b for b in bodies for _ in range(times)]
        ):
            pass


def answered(slack: Any) -> list[str]:
    """Return which messages have an answer, once for each answer."""
    return [
        message["metadata"]["event_payload"]["asked"] if message.get("metadata") else "unfinished"
        for number in range(CHANNELS)
        for message in slack.workspace.ours(f"C{number:03d}")
    ]


def acknowledge(rounds: int) -> None:
    """Measure acknowledgements over HTTP and in Socket Mode."""
    for mode, measure in (("http", over_http), ("socket", over_socket)):
        with furnished() as slack, tempfile.TemporaryDirectory() as name:
            bot = Child(Path(name), slack.api, seconds=ANSWER_SECONDS, mode=mode)
            seconds = np.array(measure(slack, bot, rounds)) * 1000
            bot.kill()
        p50, p99 = np.percentile(seconds, [50, 99])
        print(
            f"{mode}: {len(seconds)} questions, {AT_ONCE} at once, answers of "
            f"{ANSWER_SECONDS:.0f} s: acknowledged in {p50:.0f} ms (median), {p99:.0f} ms (p99), "
            f"{seconds.max():.0f} ms (longest)"
        )


def over_http(slack: Any, bot: Any, rounds: int) -> list[float]:
    """Return seconds from a request to its response."""
    found = []
    with httpx.Client(timeout=30) as client, ThreadPoolExecutor(AT_ONCE) as pool:
        for at in range(rounds):
            bodies = [event(slack, at * AT_ONCE + number) for number in range(AT_ONCE)]
            results = list(pool.map(lambda body: post(client, bot.url, body), bodies))
            if any(status != 200 for status, _ in results):
                raise SystemExit("an event was not acknowledged")
            found += [seconds for _, seconds in results]
    return found


def over_socket(slack: Any, _: Any, rounds: int) -> list[float]:
    """Return seconds from an envelope to its acknowledgement."""
    wait(lambda: slack.linked() == 1)
    found = []
    for at in range(rounds):
        begun = {}
        for number in range(at * AT_ONCE, (at + 1) * AT_ONCE):
            name = f"E{number}"
            begun[name] = time.monotonic()
            payload = event(slack, number)
            slack.send({"type": "events_api", "envelope_id": name, "payload": payload})
        wait(lambda begun=begun: begun.keys() <= slack.acks.keys())  # type: ignore[misc]
        found += [slack.acks[name][0] - since for name, since in begun.items()]
    return found


def wait(condition: Callable[[], bool]) -> None:
    """Wait until something is so."""
    until = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > until:
            raise SystemExit("it did not come to be in time")
        time.sleep(0.01)


def main() -> None:
    """Run one of them, or both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", nargs="?", choices=["events", "acknowledge", "all"], default="all")
    parser.add_argument("--events", type=int, default=1000, help="how many events")
    parser.add_argument("--rounds", type=int, default=25, help=f"rounds of {AT_ONCE} questions")
    given = parser.parse_args()
    if given.what in {"events", "all"}:
        events(given.events)
    if given.what in {"acknowledge", "all"}:
        acknowledge(given.rounds)


if __name__ == "__main__":
    main()
