"""Who is who in the workspace: channels, people, user groups, remembered for a short while.

Everything here is looked up in Slack itself. What Slack refuses to say is answered with what
gives the fewest rights; what Slack cannot say at the moment raises ``SlackAway``.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar, cast

from bots.slack.client import PacedClient
from bots.slack.errors import SlackRefused
from bots.slack.places import Kind

MINUTE = 60.0
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Channel:
    """A conversation.

    Attributes:
        channel_id: Its id.
        kind: Who may see it.
        name: Its name, or "".
        creator: Who made it, or "".
    """

    channel_id: str
    kind: Kind
    name: str = ""
    creator: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """A member of the workspace.

    Attributes:
        user_id: Their id.
        email: Confirmed address in lower case; "" for a stranger, a bot or somebody gone.
        guest: A guest, who is in some channels only.
        admin: An administrator or owner of the workspace.
    """

    user_id: str
    email: str = ""
    guest: bool = True
    admin: bool = False


class Directory(Protocol):
    """What access needs to know of the workspace."""

    def channel(self, channel_id: str) -> Channel:
        """Return a conversation; one that Slack does not show is ``SHARED``."""
        ...

    def person(self, user_id: str) -> Person:
        """Return a person; one that Slack does not show is a stranger."""
        ...

    def in_usergroup(self, user_id: str, usergroup: str) -> bool:
        """Say whether a person is in a user group."""
        ...

    def in_channel(self, user_id: str, channel_id: str) -> bool:
        """Say whether a person is in a conversation."""
        ...


class SlackDirectory:
    """Asks Slack. Safe for several threads.

    Args:
        client: The Web API.
        team: The workspace; people of another are strangers, whatever their address says.
        enterprise: The organisation that the workspace belongs to, or "".
    """

    def __init__(self, client: PacedClient, *, team: str, enterprise: str = "") -> None:
        self._client = client
        self._home = {name for name in (team, enterprise) if name}
        self._team = team
        self._memory = _Memory()

    def channel(self, channel_id: str) -> Channel:
        """Look a conversation up, remembered for a minute."""

        def look_up() -> Channel:
            try:
                found = self._client.conversations_info(channel=channel_id)
            except SlackRefused:
                return Channel(channel_id, Kind.SHARED)
            return _channel(channel_id, found["channel"])

        return self._memory.get(("channel", channel_id), MINUTE, look_up)

    def person(self, user_id: str) -> Person:
        """Look a person up, remembered for five minutes."""

        def look_up() -> Person:
            try:
                found = self._client.users_info(user=user_id)
            except SlackRefused:
                return Person(user_id)
            return self._person(user_id, found["user"])

        return self._memory.get(("person", user_id), 5 * MINUTE, look_up)

    def in_usergroup(self, user_id: str, usergroup: str) -> bool:
        """Look a user group up, remembered for five minutes."""

        def look_up() -> frozenset[str]:
            try:
                found = self._client.usergroups_users_list(usergroup=usergroup)
            except SlackRefused:
                return frozenset()
            return frozenset(found.get("users") or ())

        return user_id in self._memory.get(("group", usergroup), 5 * MINUTE, look_up)

    def in_channel(self, user_id: str, channel_id: str) -> bool:
        """Look the members of a conversation up, remembered for a minute."""

        def look_up() -> frozenset[str]:
            try:
                return frozenset(self._members(channel_id))
            except SlackRefused:
                return frozenset()

        return user_id in self._memory.get(("members", channel_id), MINUTE, look_up)

    def _members(self, channel_id: str) -> list[str]:
        members: list[str] = []
        cursor = ""
        while True:
            page = self._client.conversations_members(
                channel=channel_id, limit=1000, cursor=cursor or None
            )
            members += page["members"]
            cursor = (page.get("response_metadata") or {}).get("next_cursor", "")
            if not cursor:
                return members

    def _person(self, user_id: str, user: dict[str, Any]) -> Person:
        belongs = {user.get("team_id"), (user.get("enterprise_user") or {}).get("enterprise_id")}
        stranger = bool(user.get("is_stranger")) or self._home.isdisjoint(belongs - {None})
        if stranger or user.get("deleted") or user.get("is_bot"):
            return Person(user_id)
        confirmed = user.get("is_email_confirmed", True)
        email = str((user.get("profile") or {}).get("email") or "").strip().casefold()
        return Person(
            user_id,
            email=email if confirmed else "",
            guest=bool(user.get("is_restricted") or user.get("is_ultra_restricted")),
            admin=bool(user.get("is_admin") or user.get("is_owner")),
        )


def _channel(channel_id: str, found: dict[str, Any]) -> Channel:
    return Channel(
        channel_id, _kind(found), str(found.get("name") or ""), str(found.get("creator") or "")
    )


def _kind(found: dict[str, Any]) -> Kind:
    if any(found.get(name) for name in ("is_ext_shared", "is_pending_ext_shared")):
        return Kind.SHARED
    if found.get("is_im"):
        return Kind.DIRECT
    if found.get("is_mpim"):
        return Kind.GROUP
    return Kind.PRIVATE if found.get("is_private") or found.get("is_group") else Kind.PUBLIC


class _Memory:
    """Values with a time after which they are looked up again."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._values: dict[tuple[str, str], tuple[float, object]] = {}

    def get(self, key: tuple[str, str], seconds: float, look_up: Callable[[], _T]) -> _T:
        now = time.monotonic()
        with self._lock:
            known = self._values.get(key)
            if known is not None and known[0] > now:
                return cast(_T, known[1])
        value = look_up()
        with self._lock:
            if len(self._values) > 10_000:
                self._values = {k: v for k, v in self._values.items() if v[0] > now}
            self._values[key] = (now + seconds, value)
        return value
