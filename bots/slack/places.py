"""Where a question is asked, which decides what may be shown. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Self


class Kind(StrEnum):
    """What a conversation is to those who may see it.

    ``SHARED`` is any conversation that another organisation takes part in.
    """

    PUBLIC = "public"
    PRIVATE = "private"
    GROUP = "group"
    DIRECT = "direct"
    SHARED = "shared"


@dataclass(frozen=True, slots=True)
class Place:
    """Where an answer goes.

    Attributes:
        channel: The conversation's id.
        user: Who asks.
        team: The workspace of who asks.
        message: Timestamp of the message that asks, or "".
        thread: Timestamp of the thread to answer in, or "" for none.
        private: Only ``user`` sees the answer, whatever the channel is.
        assistant: A thread of the assistant pane.
        reply_url: Slack's address for private replies, or "".
    """

    channel: str
    user: str
    team: str = ""
    message: str = ""
    thread: str = ""
    private: bool = False
    assistant: bool = False
    reply_url: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return it as plain JSON."""
        return asdict(self)

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> Self:
        """Read what ``as_json`` gave."""
        return cls(**body)
