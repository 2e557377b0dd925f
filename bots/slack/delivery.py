"""Bringing an answer into Slack exactly once, streamed where Slack streams, else in one piece.

A call that failed may have arrived. Before anything is sent again, the conversation itself is
read: each message carries the key of its job. Private replies cannot be read back, so one of
them may be sent a second time after a crash, and none is lost.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any
from weakref import WeakValueDictionary

from slack_sdk.webhook import WebhookClient

from bots.slack.client import PacedClient
from bots.slack.conversation import Conversation, metadata
from bots.slack.desk import Attempt
from bots.slack.errors import SlackAway, SlackRefused
from bots.slack.ledger import Ledger
from bots.slack.messages import Message
from bots.slack.places import Place
from bots.slack.streaming import Stream

TRIES = 4
QUIET: dict[str, Any] = {
    "unfurl_links": False,
    "unfurl_media": False,
    "parse": "none",
    "link_names": False,
    "mrkdwn": False,
}
"""Nothing in a text becomes a link, a mention or a preview."""
BAD_BLOCKS = frozenset({"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long"})
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

    def begin(self, attempt: Attempt, place: Place) -> Stream | None:
        """Return what writes a message piece by piece; None where it has to be one piece."""
        again = attempt.number > 1 or bool(attempt.stream)
        if again or place.private or not place.thread or not self._streaming:
            return None
        return Stream(self._client, self._ledger, attempt.job.key, place, team=self._team)

    def deliver(
        self, attempt: Attempt, place: Place, message: Message, stream: Stream | None = None
    ) -> None:
        """Bring a message to its place, once.

        Args:
            attempt: What it answers.
            place: Where it goes.
            message: The message.
            stream: What has written the beginning of it already.

        Raises:
            SlackAway: Not now; the same may be tried later.
            SlackRefused: Slack does not take it.
        """
        if place.private:
            self.whisper(place, message)
            return
        with self._locks.holding(f"{place.channel} {place.thread}"):
            self._deliver(attempt, place, message, stream)
        if place.thread:
            self._ledger.engage(place.channel, place.thread)

    def whisper(self, place: Place, message: Message) -> None:
        """Show a message to the asker alone."""
        if place.reply_url and self._replied(place.reply_url, message):
            return

        def show(content: dict[str, Any]) -> None:
            self._client.chat_postEphemeral(
                channel=place.channel,
                user=place.user,
                thread_ts=place.thread or None,
                **content,
                **{name: QUIET[name] for name in ("parse", "link_names")},
            )

        _somehow(show, message)

    def _deliver(
        self, attempt: Attempt, place: Place, message: Message, stream: Stream | None
    ) -> None:
        if stream is None and message.lead:
            stream = self.begin(attempt, place)
        if stream is not None and stream.finish(message):
            return
        begun = attempt.stream
        if stream is not None:
            begun = begun or stream.ts
            self._streaming = self._streaming and not stream.never
        if not begun and (attempt.number > 1 or (stream is not None and stream.may_have_begun)):
            found = self._conversation.posted(place, attempt.job.key)
            if found.ts:
                return
            begun = found.begun
        if begun:
            self._replace(attempt.job.key, place, begun, message)
        else:
            self._post(attempt.job.key, place, message)

    def _post(self, key: str, place: Place, message: Message) -> None:
        def post(content: dict[str, Any]) -> None:
            self._client.chat_postMessage(
                channel=place.channel,
                thread_ts=place.thread or None,
                metadata=metadata(key, place),
                **content,
                **QUIET,
            )

        for attempt in range(TRIES):
            try:
                _somehow(post, message)
                return
            except SlackAway:
                self._sleep(self._pause * 2**attempt)
                if self._conversation.posted(place, key).ts:
                    return
                if attempt == TRIES - 1:
                    raise

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


def _somehow(send: Callable[[dict[str, Any]], None], message: Message) -> None:
    """Send a message, by its words alone where Slack does not take its blocks."""
    try:
        send(message.as_post())
    except SlackRefused as exc:
        if exc.code not in BAD_BLOCKS:
            raise
        logger.error("a message goes without its blocks: %s", exc)
        send({"text": message.text})


class _Locks:
    """A lock for each name that somebody holds or waits for; no two names share one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: WeakValueDictionary[str, threading.Lock] = WeakValueDictionary()

    def holding(self, name: str) -> AbstractContextManager[bool]:
        with self._lock:
            return self._held.setdefault(name, threading.Lock())
