"""Whose turn it is, and what a refusal means."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from bots.slack.client import LONGEST_WAIT, Gate, retry_after, translated
from bots.slack.errors import SlackAway, SlackRefused


class Clock:
    """A clock that moves when somebody waits."""

    def __init__(self) -> None:
        self.now = 100.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def gate(clock: Clock) -> Gate:
    return Gate(now=lambda: clock.now, sleep=clock.sleep)


def test_a_closed_method_waits_and_others_do_not(gate: Gate, clock: Clock) -> None:
    gate.close("chat.postMessage", 30)
    gate.wait("chat.update")
    assert clock.slept == []
    gate.wait("chat.postMessage")
    assert clock.slept == [30]
    gate.wait("chat.postMessage")
    assert clock.slept == [30]


def test_a_shorter_limit_does_not_open_a_longer_one(gate: Gate) -> None:
    gate.close("views.open", 30)
    gate.close("views.open", 1)
    assert gate.closed_for("views.open") == 30


def test_nobody_waits_for_ever(gate: Gate) -> None:
    gate.close("views.open", LONGEST_WAIT + 1)
    with pytest.raises(SlackAway, match=r"views\.open is limited"):
        gate.wait("views.open")


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "30"}, 30),
        ({"retry-after": ["7"]}, 7),
        ({}, 1),
        ({"Retry-After": "soon"}, 1),
        ({"Retry-After": "-3"}, 0),
    ],
)
def test_retry_after_is_read(headers: dict[str, Any], seconds: float) -> None:
    assert retry_after(headers) == seconds


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (500, "internal_error", SlackAway),
        (503, None, SlackAway),
        (200, "fatal_error", SlackAway),
        (200, "channel_not_found", SlackRefused),
        (200, "msg_too_long", SlackRefused),
        (404, None, SlackRefused),
    ],
)
def test_a_refusal_passes_or_does_not(status: int, code: str | None, kind: type) -> None:
    response = SimpleNamespace(status_code=status, get=lambda name, default=None: code)
    error = translated("chat.update", SlackApiError("SECRET TEXT", response))
    assert type(error) is kind
    assert "SECRET" not in str(error)
