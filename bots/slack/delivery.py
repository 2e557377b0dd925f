"""Bringing an answer into Slack exactly once, streamed where Slack streams, else in one piece.

A call that failed may have arrived. Before anything is sent again, the conversation itself is
read: each message carries the key of its job. Private replies cannot be read back, so one of
them may be sent a second time after a crash, and none is lost.
"""

from __future__ import annotations

import logging
import threading
import time
import zlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from slack_sdk.webhook import WebhookClient

from bots.slack.client import PacedClient
from bots.slack.conversation import Conversation, metadata
from bots.slack.desk import Attempt
from bots.slack.errors import SlackAway, SlackRefused
from bots.slack.ledger import Ledger
from bots.slack.messages import Message
from bots.slack.places import Place

TRIES = 4
QUIET: dict[str, Any] = {
    "unfurl_links": False,
    "unfurl_media": False,
    "parse": "none",
    "link_names": False,
    "mrkdwn": False,
}
"""Nothing in a text becomes a link, a mention or a preview."""
logger = logging.getLogger("mmsearch.slack")


class Delivery:
    """Posts messages. Safe for several threads.

    Args:
        client: The Web API.
        conversation: Reads back what has arrived.
        ledger: Remembers messages that were begun.
        team: The workspace, for streams.
        pause: Seconds to wait before looking whether a failed call has arrived; it doubles.
        sleep: Waits that many seconds.
    """

    def __init__(
        self,
        client: PacedClient,
        conversation: Conversation,
        ledger: Ledger,
        *,
        team: str,
        pause: float = 1.0,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._client = client
        self._conversation = conversation
        self._ledger = ledger
        self._team = team
        self._pause = pause
        self._sleep = sleep
        self._streaming = True
        self._locks = _Locks()

    def arrived(self, attempt: Attempt, place: Place) -> bool:
        """Say whether an earlier attempt has brought its answer into Slack."""
        if attempt.number == 1 or place.private:
            return False
        return bool(self._conversation.posted(place, attempt.job.key).ts)

    def deliver(self, attempt: Attempt, place: Place, message: Message) -> None:
        """Bring a message to its place, once.

        Raises:
            SlackAway: Not now; the same may be tried later.
            SlackRefused: Slack does not take it.
        """
        if place.private:
            self.whisper(place, message)
            return
        with self._locks.holding(f"{place.channel} {place.thread}"):
            self._deliver(attempt, place, message)
        if place.thread:
            self._ledger.engage(place.channel, place.thread)

    def whisper(self, place: Place, message: Message) -> None:
        """Show a message to the asker alone."""
        if place.reply_url and self._replied(place.reply_url, message):
            return
        self._client.chat_postEphemeral(
            channel=place.channel,
            user=place.user,
            thread_ts=place.thread or None,
            **message.as_post(),
            **{name: QUIET[name] for name in ("parse", "link_names")},
        )

    def _deliver(self, attempt: Attempt, place: Place, message: Message) -> None:
        begun = attempt.stream
        if attempt.number > 1:
            found = self._conversation.posted(place, attempt.job.key)
            if found.ts:
                return
            begun = begun or found.begun
        if begun:
            self._replace(attempt.job.key, place, begun, message)
            return
        may_stream = self._streaming and place.thread and message.lead
        if may_stream and self._stream(attempt.job.key, place, message):
            return
        self._post(attempt.job.key, place, message)

    def _post(self, key: str, place: Place, message: Message) -> None:
        for attempt in range(TRIES):
            try:
                self._client.chat_postMessage(
                    channel=place.channel,
                    thread_ts=place.thread or None,
                    metadata=metadata(key, place),
                    **message.as_post(),
                    **QUIET,
                )
                return
            except SlackAway:
                self._sleep(self._pause * 2**attempt)
                if self._conversation.posted(place, key).ts:
                    return
                if attempt == TRIES - 1:
                    raise

    def _stream(self, key: str, place: Place, message: Message) -> bool:
        """Write a message piece by piece; False where Slack does not stream."""
        first, *rest = message.lead
        try:
            started = self._client.chat_startStream(
                channel=place.channel,
                thread_ts=place.thread,
                recipient_team_id=place.team or self._team,
                recipient_user_id=place.user,
                chunks=[_chunk(first)],
            )
        except SlackRefused as exc:
            logger.info("answers are posted in one piece: %s", exc)
            self._streaming = exc.code not in {"unknown_method", "missing_scope", "not_allowed"}
            return False
        ts = str(started["ts"])
        self._ledger.note_stream(key, ts)
        try:
            for block in rest:
                self._client.chat_appendStream(channel=place.channel, ts=ts, chunks=[_chunk(block)])
            self._client.chat_stopStream(
                channel=place.channel,
                ts=ts,
                blocks=list(message.rest),
                metadata=metadata(key, place),
            )
        except (SlackAway, SlackRefused) as exc:
            logger.info("a stream broke off and is written in one piece: %s", exc)
            self._replace(key, place, ts, message)
        return True

    def _replace(self, key: str, place: Place, ts: str, message: Message) -> None:
        """Put the whole message where one was begun; doing so twice changes nothing."""
        self._ledger.note_stream(key, ts)
        for attempt in range(TRIES):
            try:
                self._stop(place, ts)
                self._client.chat_update(
                    channel=place.channel,
                    ts=ts,
                    metadata=metadata(key, place),
                    **message.as_post(),
                    **{name: QUIET[name] for name in ("parse", "link_names")},
                )
                return
            except SlackAway:
                if attempt == TRIES - 1:
                    raise
                self._sleep(self._pause * 2**attempt)

    def _stop(self, place: Place, ts: str) -> None:
        try:
            self._client.chat_stopStream(channel=place.channel, ts=ts)
        except SlackRefused as exc:
            logger.debug("the stream has ended already: %s", exc)

    def _replied(self, url: str, message: Message) -> bool:
        """Answer at Slack's address for replies; False where it has expired."""
        webhook = WebhookClient(url, retry_handlers=[])
        body = {**message.as_post(), "replace_original": True, "response_type": "ephemeral"}
        try:
            response = webhook.send_dict(body)
        except (OSError, ValueError) as exc:
            logger.info("a private reply goes another way: %s", type(exc).__name__)
            return False
        return bool(response.status_code == 200)


def _chunk(block: dict[str, Any]) -> dict[str, Any]:
    return {"type": "blocks", "blocks": [block]}


class _Locks:
    """A fixed number of locks; one name always has the same."""

    def __init__(self) -> None:
        self._locks = tuple(threading.Lock() for _ in range(64))

    def holding(self, name: str) -> AbstractContextManager[bool]:
        return self._locks[zlib.crc32(name.encode()) % len(self._locks)]
