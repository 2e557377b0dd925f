"""Sessions without a server's memory: sealed cookies that say who is signed in, and until when.

A cookie is encrypted and authenticated (Fernet, github.com/fernet/spec), with one key for each
purpose, so that a cookie made for one can never stand in for another. It holds the groups that
mean something here and not what they may read: a change of the rights holds from the restart
on that brings it. A cookie is good for a while without being used, and is made anew while it is;
whoever signs out ends every copy of it.
"""

from __future__ import annotations

import json
import secrets
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from index.types import Reader
from mmsearch.signin.ended import EndedSessions
from mmsearch.signin.rights import GroupRights

LONGEST_COOKIE = 3800
"""Bytes; browsers keep at least 4,096 with the cookie's name and attributes (RFC 6265, 6.1)."""
LONGEST_NAME = 100
RENEWED_SECONDS = 300.0
"""Age from which on a cookie that is used is made anew."""


class Seal:
    """Turns small objects into texts that only this service can make and read."""

    def __init__(self, secret: bytes, purpose: str, now: Callable[[], float] = time.time) -> None:
        derived = HKDF(SHA256(), length=32, salt=None, info=f"mmsearch {purpose}".encode())
        self._fernet = Fernet(urlsafe_b64encode(derived.derive(secret)))
        self._now = now

    def close(self, content: Mapping[str, Any], seconds: float) -> str:
        """Seal an object for so many seconds."""
        whole = {**content, "exp": self._now() + seconds}
        sealed = self._fernet.encrypt(json.dumps(whole, separators=(",", ":")).encode())
        return sealed.decode().rstrip("=")

    def open(self, text: str) -> dict[str, Any] | None:
        """Open one; None for what was not sealed here, was changed, or is too old."""
        try:
            padded = text.encode("ascii") + b"=" * (-len(text) % 4)
            content: dict[str, Any] = json.loads(self._fernet.decrypt(padded))
        except (InvalidToken, ValueError):
            return None
        return content if self._now() < content.pop("exp") else None


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who is signed in.

    Attributes:
        session_id: Random, new with each sign-in.
        subject: Who it is to the provider.
        name: What to call them on the page.
        groups: Their groups that mean something here.
        until: When it ends whatever they do, seconds since 1970.
        seen: When its cookie was made.
    """

    session_id: str
    subject: str
    name: str
    groups: tuple[str, ...]
    until: float = 0.0
    seen: float = 0.0


class Sessions:
    """Gives out sessions and knows them again."""

    def __init__(
        self,
        secret: bytes,
        rights: GroupRights,
        hours: float,
        now: Callable[[], float] = time.time,
        *,
        idle_seconds: float = 3600.0,
        ended: EndedSessions | None = None,
    ) -> None:
        self.seconds = hours * 3600
        self._idle = idle_seconds
        self._seal = Seal(secret, "session", now)
        self._rights = rights
        self._now = now
        self._ended = ended if ended is not None else EndedSessions(now=now)

    def begin(self, subject: str, name: str, groups: tuple[str, ...]) -> tuple[Session, str]:
        """Make a session and the text of its cookie."""
        known, now = self._rights.known(groups), self._now()
        session = Session(
            session_id=secrets.token_urlsafe(16),
            subject=subject,
            name=name[:LONGEST_NAME],
            groups=known,
            until=now + self.seconds,
            seen=now,
        )
        return session, self._close(session)

    def renewed(self, session: Session) -> str | None:
        """Return a new cookie for a session that is used, or None while its own is new enough."""
        now = self._now()
        if now - session.seen < min(RENEWED_SECONDS, self._idle / 2):
            return None
        return self._close(replace(session, seen=now))

    def left(self, session: Session) -> float:
        """Return how long a session goes on at most, in seconds."""
        return max(session.until - self._now(), 0.0)

    def _close(self, session: Session) -> str:
        return self._seal.close(asdict(session), min(self._idle, session.until - self._now()))

    def open(self, text: str) -> Session | None:
        """Return the session of a cookie, or None when it is not one that goes on."""
        content = self._seal.open(text)
        if content is None:
            return None
        session = Session(**{**content, "groups": tuple(content["groups"])})
        going = self._now() < session.until and session.session_id not in self._ended
        return session if going else None

    def reader(self, session: Session) -> Reader | None:
        """Return what somebody may read beyond what is public; None for nothing."""
        return self._rights.reader(session.groups)

    def end(self, session: Session) -> None:
        """Take no cookie of this session any more, from nobody."""
        self._ended.add(session.session_id, session.until)
