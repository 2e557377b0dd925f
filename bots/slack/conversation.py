"""The conversation as Slack has it: what was asked before, and what the bot has posted.

Everything that the bot posts carries metadata with the key of its job and the message that it
answers. So the thread itself says which messages were questions, and whether a job that was
interrupted has its answer; nothing of it depends on the bot's memory.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bots.slack.client import PacedClient
from bots.slack.errors import SlackRefused
from bots.slack.incoming import by_a_person, mentions, plain
from bots.slack.ledger import Ledger
from bots.slack.places import Place

EVENT_TYPE = "mmsearch_answer"
MOST_MESSAGES = 100
MOST_QUESTIONS = 10
FLAT_MINUTES = 30
"""Questions in a direct message outside a thread belong together for so long."""
FORGET_STRANGERS = 600.0

Message = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Posted:
    """What a thread says about a job.

    Attributes:
        ts: The message with its answer, or "".
        begun: A message of the bot that nobody finished, or "".
    """

    ts: str = ""
    begun: str = ""


class Conversation:
    """Reads threads and direct messages.

    Args:
        client: The Web API.
        bot: The bot's user id.
        ledger: Where engaged threads are remembered, to spare Slack the question.
    """

    def __init__(self, client: PacedClient, bot: str, ledger: Ledger) -> None:
        self._client = client
        self._bot = bot
        self._ledger = ledger
        self._strangers: dict[tuple[str, str], float] = {}

    def history(self, place: Place) -> list[str]:
        """Return the questions that were asked here before, oldest first."""
        if not place.message:
            return []
        asked = self._earlier(place)
        answered = {_payload(message).get("asked") for message in asked if self._ours(message)}
        questions = [
            plain(str(message.get("text") or ""), bot=self._bot)
            for message in asked
            if by_a_person({**message, "channel": place.channel})
            and (message["ts"] in answered or mentions(str(message.get("text")), self._bot))
        ]
        return [question for question in questions if question][-MOST_QUESTIONS:]

    def engaged(self, place: Place) -> bool:
        """Say whether the bot has posted in a thread; Slack is asked where it is not known."""
        where = (place.channel, place.thread)
        if self._ledger.engaged(*where):
            return True
        if self._strangers.get(where, 0.0) > time.monotonic():
            return False
        if any(self._ours(message) for message in self._messages(place, latest=place.message)):
            self._ledger.engage(*where)
            return True
        if len(self._strangers) > 10_000:
            self._strangers.clear()
        self._strangers[where] = time.monotonic() + FORGET_STRANGERS
        return False

    def posted(self, place: Place, key: str) -> Posted:
        """Look whether a job has its answer already, or a message that was begun for it.

        A message that another job is known to have begun is not taken for it.
        """
        others = self._ledger.streams()
        begun = ""
        for message in self._messages(place, oldest=place.message or place.thread):
            if not self._ours(message):
                continue
            payload, ts = _payload(message), str(message["ts"])
            if payload.get("key") == key:
                return Posted(ts=ts)
            if not payload and not message.get("subtype") and ts not in others:
                begun = begun or ts
        return Posted(begun=begun)

    def _earlier(self, place: Place) -> Sequence[Message]:
        oldest = ""
        if not place.thread:
            oldest = f"{float(place.message) - FLAT_MINUTES * 60:.6f}"
        found = self._messages(place, oldest=oldest, latest=place.message)
        return [message for message in found if str(message["ts"]) < place.message]

    def _messages(self, place: Place, *, oldest: str = "", latest: str = "") -> list[Message]:
        """Return messages in order, at most ``MOST_MESSAGES`` of the latest."""
        bounds: dict[str, Any] = {"oldest": oldest or None, "latest": latest or None}
        try:
            if place.thread:
                return self._replies(place, bounds)
            page = self._client.conversations_history(
                channel=place.channel,
                limit=MOST_MESSAGES,
                inclusive=True,
                include_all_metadata=True,
                **bounds,
            )
        except SlackRefused:
            return []
        return sorted(page["messages"], key=lambda message: str(message["ts"]))

    def _replies(self, place: Place, bounds: Mapping[str, Any]) -> list[Message]:
        found: list[Message] = []
        cursor = None
        while True:
            page = self._client.conversations_replies(
                channel=place.channel,
                ts=place.thread,
                limit=200,
                inclusive=True,
                include_all_metadata=True,
                cursor=cursor,
                **bounds,
            )
            found += page["messages"]
            cursor = (page.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return sorted(found, key=lambda message: str(message["ts"]))[-MOST_MESSAGES:]

    def _ours(self, message: Message) -> bool:
        return bool(message.get("user") == self._bot)


def metadata(key: str, place: Place) -> dict[str, Any]:
    """Return the metadata of a message that answers a job."""
    return {"event_type": EVENT_TYPE, "event_payload": {"key": key, "asked": place.message}}


def _payload(message: Message) -> Mapping[str, Any]:
    found = message.get("metadata") or {}
    if found.get("event_type") != EVENT_TYPE:
        return {}
    payload: Mapping[str, Any] = found.get("event_payload") or {}
    return payload
