"""A message before it is sent: what stands first, what follows, and its plain words. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bots.slack.elements import MOST_BLOCKS, Block, fallback, section


@dataclass(frozen=True, slots=True)
class Message:
    """What is posted.

    Attributes:
        text: Its words for notifications, inert already.
        lead: The answer's own blocks, written one after the other where Slack streams.
        rest: Sources, remarks and buttons, which come with the end.
    """

    text: str
    lead: tuple[Block, ...] = ()
    rest: tuple[Block, ...] = ()

    def as_post(self) -> dict[str, Any]:
        """Return the arguments of a call that posts it in one piece."""
        blocks = [*self.lead, *self.rest]
        return {"text": self.text, "blocks": blocks[:MOST_BLOCKS]}


def sentence(text: str) -> Message:
    """Return a message of one of our own sentences."""
    return Message(fallback(text), rest=(section(text),))
