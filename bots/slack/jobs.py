"""What the bot has to do: one job for each thing a person did. Pure."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Self

from bots.slack.places import Place


class What(StrEnum):
    """Kinds of jobs."""

    QUESTION = "question"
    FOLLOW_UP = "follow-up"
    SHARE = "share"
    ASK_PERSON = "ask-person"
    RECORD_GAP = "record-gap"
    VOTE = "vote"
    ASK_MISSING = "ask-missing"
    TOO_OLD = "too-old"
    HELP = "help"
    GREET = "greet"
    HOME = "home"
    SHOW = "show"
    WHOLE = "whole"
    MORE = "more"
    NARROW = "narrow"
    FIND_SOURCES = "find-sources"
    SETTINGS = "settings"
    SAVE_SETTINGS = "save-settings"


ANSWERS = frozenset({What.QUESTION, What.FOLLOW_UP, What.SHARE})
"""Jobs that ask the library and post: they take their turn, and outlive a restart."""
KEPT = ANSWERS | {What.ASK_PERSON, What.RECORD_GAP, What.VOTE, What.HELP, What.SAVE_SETTINGS}
"""Jobs that outlive a restart. The others answer a click that is over in seconds."""


@dataclass(frozen=True, slots=True)
class Job:
    """One thing to do.

    Attributes:
        key: The event's id; the same event sent again has the same.
        what: Its kind.
        place: Where, and for whom.
        text: The question, in plain words.
        data: What else it needs, as plain JSON.
        subject: What it is about, where two events may be about the same; or None.
    """

    key: str
    what: What
    place: Place
    text: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    subject: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return what the ledger keeps."""
        return {
            "what": self.what.value,
            "place": self.place.as_json(),
            "text": self.text,
            "data": dict(self.data),
        }

    @classmethod
    def from_json(cls, key: str, body: Mapping[str, Any]) -> Self:
        """Read what ``as_json`` gave."""
        return cls(
            key, What(body["what"]), Place.from_json(body["place"]), body["text"], body["data"]
        )


def request_id() -> str:
    """Make a short id for a failure, to be read out to a keeper."""
    return secrets.token_hex(4)
