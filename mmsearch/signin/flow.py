"""Signing in from the first click to the session, and out again.

The authorization code flow with PKCE (RFC 7636), state and nonce. What has to be remembered
between sending somebody away and their coming back is sealed into a cookie of ten minutes.
"""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from mmsearch.signin.errors import ProviderUnavailable, SignInCancelled, SignInRefused
from mmsearch.signin.provider import Granted, Provider
from mmsearch.signin.rights import groups_of
from mmsearch.signin.sessions import LONGEST_COOKIE, Seal, Session, Sessions

MINUTES_TO_COME_BACK = 10
LONGEST_NEXT = 1500
MOST_USED = 10_000
HOME = "/"

logger = logging.getLogger("mmsearch.signin")


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Somebody who came back and is let in.

    Attributes:
        session: Their session.
        cookie: The text of its cookie.
        hint: The text of the cookie that signing out at the provider wants; "" for none.
        next: Where they were going, an address of ours.
        recognised: Whether any right comes with it.
    """

    session: Session
    cookie: str
    hint: str
    next: str
    recognised: bool


class SignIn:
    """The sign-in of one service at one provider."""

    def __init__(
        self, provider: Provider, sessions: Sessions, seal: Seal, *, groups_claim: str
    ) -> None:
        self.provider = provider
        self.sessions = sessions
        self._seal = seal
        self._claim = groups_claim
        self._guard = threading.Lock()
        self._used: dict[str, None] = {}

    def begin(self, *, next_address: str, redirect: str) -> tuple[str, str]:
        """Return where to send somebody, and the cookie to send along.

        Args:
            next_address: Where they want to be afterwards; another site's becomes the first view.
            redirect: The address that they come back to.

        Raises:
            ProviderUnavailable: There is nowhere to send them.
        """
        state, nonce = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
        verifier = secrets.token_urlsafe(48)
        url = self.provider.authorization(
            redirect=redirect, state=state, nonce=nonce, verifier=verifier
        )
        begun = {"s": state, "n": nonce, "v": verifier, "to": local(next_address), "r": redirect}
        return url, self._seal.close(begun, MINUTES_TO_COME_BACK * 60)

    def finish(self, given: Mapping[str, str], cookie: str) -> SignedIn:
        """Let somebody in who came back.

        Args:
            given: The parameters that the provider sent them back with.
            cookie: What ``begin`` sent along.

        Raises:
            SignInCancelled: They or the provider said no.
            SignInRefused: It is not the sign-in that was begun, or no token to trust.
            ProviderUnavailable: The provider cannot be asked who it is.
        """
        begun = self._begun(given, cookie)
        if "error" in given:
            raise SignInCancelled(f"the provider said {given['error'][:100]!r}")
        if given.get("iss", self.provider.client.issuer) != self.provider.client.issuer:
            raise SignInRefused("another provider sent them back (RFC 9207)")
        if not given.get("code"):
            raise SignInRefused("they came back without a code")
        granted = self.provider.exchange(
            given["code"], redirect=begun["r"], nonce=begun["n"], verifier=begun["v"]
        )
        return self._let_in(granted, begun["to"])

    def end(self, session: Session | None, *, back: str, hint: str) -> str:
        """End a session; returns where to go next, at the provider where it can be ended too."""
        if session is not None:
            self.sessions.end(session)
        opened = self._seal.open(hint) if hint else None
        try:
            url = self.provider.end_session(
                back=back, id_token=opened.get("hint", "") if opened else ""
            )
        except ProviderUnavailable as exc:
            logger.warning("signed out here only: %s", exc)
            url = None
        return url or HOME

    def _begun(self, given: Mapping[str, str], cookie: str) -> dict[str, Any]:
        """Return what was begun, once: the same state is never taken a second time."""
        begun = self._seal.open(cookie) if cookie else None
        if begun is None or "s" not in begun:
            raise SignInRefused("no sign-in was begun in this browser, or too long ago")
        if not secrets.compare_digest(begun["s"].encode(), given.get("state", "").encode()):
            raise SignInRefused("they came back from another sign-in than was begun here")
        with self._guard:
            if begun["s"] in self._used:
                raise SignInRefused("this sign-in was finished before")
            if len(self._used) >= MOST_USED:
                self._used.pop(next(iter(self._used)))
            self._used[begun["s"]] = None
        return begun

    def _let_in(self, granted: Granted, next_address: str) -> SignedIn:
        claims: Mapping[str, Any] = granted.claims
        groups = groups_of(claims, self._claim)
        if groups is None:
            claims = {**self.provider.userinfo(granted), **claims}
            groups = groups_of(claims, self._claim)
        if groups is None:
            logger.warning("the provider names no groups: there is no claim %r", self._claim)
        session, cookie = self.sessions.begin(claims["sub"], _name(claims), groups or ())
        hint = self._seal.close({"hint": granted.id_token}, self.sessions.seconds)
        return SignedIn(
            session=session,
            cookie=cookie,
            hint=hint if len(hint) <= LONGEST_COOKIE else "",
            next=next_address,
            recognised=self.sessions.reader(session) is not None,
        )


def local(address: str) -> str:
    r"""Return an address when it leads nowhere but here, else the first view.

    Browsers read ``//host`` and ``/\host`` as another host, and drop tabs and line ends first.
    """
    plain = address.isascii() and address.isprintable() and "\\" not in address
    if not plain or len(address) > LONGEST_NEXT or not address.startswith("/"):
        return HOME
    if address.startswith("//"):
        return HOME
    parts = urlsplit(address)
    return address if not parts.scheme and not parts.netloc else HOME


def _name(claims: Mapping[str, Any]) -> str:
    names = (claims.get(name) for name in ("name", "preferred_username", "email"))
    return next((name for name in names if isinstance(name, str) and name), "")
