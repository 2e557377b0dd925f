"""A message that is written piece by piece, where Slack streams.

Pieces are blocks, not Slack's markdown: words of documents stay words. What cannot be written
is not raised but remembered, and the whole message is put in its place at the end.
"""

from __future__ import annotations

import logging
from typing import Any

from bots.slack.client import PacedClient
from bots.slack.conversation import metadata
from bots.slack.elements import Block
from bots.slack.errors import SlackAway, SlackRefused
from bots.slack.ledger import Ledger
from bots.slack.messages import Message
from bots.slack.places import Place

NEVER = frozenset({"unknown_method", "missing_scope", "not_allowed", "method_not_supported"})
"""Refusals after which no further message is streamed."""
logger = logging.getLogger("mmsearch.slack")


class Stream:
    """One message of one job.

    Attributes:
        ts: The message, once it is begun; else "".
        may_have_begun: Whether Slack failed to say if it was begun.
        never: Whether Slack does not stream here at all.
    """

    def __init__(
        self, client: PacedClient, ledger: Ledger, key: str, place: Place, *, team: str
    ) -> None:
        self.ts = ""
        self.may_have_begun = False
        self.never = False
        self._client = client
        self._ledger = ledger
        self._key = key
        self._place = place
        self._team = team
        self._written: list[Block] = []
        self._broken = False

    def write(self, block: Block) -> None:
        """Write one more piece."""
        if self._broken:
            return
        try:
            self._append(block) if self.ts else self._begin(block)
            self._written.append(block)
        except SlackRefused as exc:
            logger.info("an answer is not streamed: %s", exc)
            self.never = not self.ts and exc.code in NEVER
            self._broken = True
        except SlackAway as exc:
            logger.info("a stream broke off: %s", exc)
            self.may_have_begun = not self.ts
            self._broken = True

    def finish(self, message: Message) -> bool:
        """Write what is left and end; False where the whole has to be put in its place."""
        lead = list(message.lead)
        if lead[: len(self._written)] != self._written:
            return False
        for block in lead[len(self._written) :]:
            self.write(block)
        if self._broken or not self.ts:
            return False
        try:
            self._client.chat_stopStream(
                channel=self._place.channel,
                ts=self.ts,
                blocks=list(message.rest),
                metadata=metadata(self._key, self._place),
            )
        except (SlackAway, SlackRefused) as exc:
            logger.info("a stream did not end: %s", exc)
            return False
        return True

    def _begin(self, block: Block) -> None:
        started = self._client.chat_startStream(
            channel=self._place.channel,
            thread_ts=self._place.thread,
            recipient_team_id=self._place.team or self._team,
            recipient_user_id=self._place.user,
            chunks=[_chunk(block)],
        )
        self.ts = str(started["ts"])
        self._ledger.note_stream(self._key, self.ts)

    def _append(self, block: Block) -> None:
        self._client.chat_appendStream(
            channel=self._place.channel, ts=self.ts, chunks=[_chunk(block)]
        )


def _chunk(block: Block) -> dict[str, Any]:
    return {"type": "blocks", "blocks": [block]}
