"""Sessions without a server's memory: sealed cookies that say who is signed in, and until when.

A cookie is encrypted and authenticated (Fernet, github.com/fernet/spec), with one key for each
purpose, so that a cookie made for one can never stand in for another. It holds the groups that
mean something here and not what they may read: a change of the rights holds from the restart
on that brings it. Who signed out cannot come back with the same cookie while this process lives.
"""

from __future__ import annotations

import json
import secrets
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from index.types import Reader
from mmsearch.signin.rights import GroupRights

LONGEST_COOKIE = 3800
"""Bytes; browsers keep at least 4,096 with the cookie's name and attributes (RFC 6265, 6.1)."""
LONGEST_NAME = 100
MOST_ENDED = 10_000


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
    """

    session_id: str
    subject: str
    name: str
    groups: tuple[str, ...]


class Sessions:
    """Gives out sessions and knows them again."""

    def __init__(
        self,
        secret: bytes,
        rights: GroupRights,
        hours: float,
        now: Callable[[], float] = time.time,
    ) -> None:
        self.seconds = hours * 3600
        self._seal = Seal(secret, "session", now)
        self._rights = rights
        self._now = now
        self._ended: dict[str, float] = {}

    def begin(self, subject: str, name: str, groups: tuple[str, ...]) -> tuple[Session, str]:
        """Make a session and the text of its cookie."""
        known = self._rights.known(groups)
        session = Session(secrets.token_urlsafe(16), subject, name[:LONGEST_NAME], known)
        return session, self._seal.close(asdict(session), self.seconds)

    def open(self, text: str) -> Session | None:
        """Return the session of a cookie, or None when it is not one that goes on."""
        content = self._seal.open(text)
        if content is None or content["session_id"] in self._ended:
            return None
        return Session(**{**content, "groups": tuple(content["groups"])})

    def reader(self, session: Session) -> Reader | None:
        """Return what somebody may read beyond what is public; None for nothing."""
        return self._rights.reader(session.groups)

    def end(self, session: Session) -> None:
        """Take no cookie of this session any more; forgotten once it would have ended anyway."""
        now = self._now()
        going = {name: until for name, until in self._ended.items() if until > now}
        if len(going) >= MOST_ENDED:
            going.pop(next(iter(going)))
        self._ended = {**going, session.session_id: now + self.seconds}
