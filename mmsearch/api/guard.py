"""Who may come in: the Host guard, the size of a body, the bearer token, the session.

Plain ASGI in front of every route, so that a new route cannot forget it. A wrong token is
refused everywhere, and so is a change that another site had a browser ask for; whether a route
needs a reader at all is the route's own decision. A token and a session take the same way to
rights; where both are sent the token decides.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mmsearch.access import Tokens, is_loopback, is_loopback_host_header, reader_for
from mmsearch.api.cookies import set_cookie
from mmsearch.api.origin import is_forged
from mmsearch.api.problems import FORGED, TOO_LARGE, WRONG_HOST, WRONG_TOKEN, Problem
from mmsearch.signin.cookies import SESSION, cookie_value
from mmsearch.signin.paths import SIGN_OUT

if TYPE_CHECKING:
    from mmsearch.signin.sessions import Session, Sessions

MAX_BODY = 64 * 1024
"""Longest request body, bytes."""
ASKED_BY_ITSELF = "/keeping/uploads"
"""What an open page asks again and again without anybody doing anything."""


class Guard:
    """Refuses what must not reach a route, and says who is asking."""

    def __init__(
        self,
        app: ASGIApp,
        tokens: Tokens,
        anonymous: str,
        sessions: Sessions | None = None,
        url: str = "",
        streamed: Collection[str] = (),
    ) -> None:
        """Guard an app.

        Args:
            app: What is guarded.
            tokens: The configured tokens.
            anonymous: What a caller without a token may read.
            sessions: Sign-ins; None where there are none.
            url: The service's public address, or "".
            streamed: Paths of which a POST's body is the route's own to read and to bound.
        """
        self.app = app
        self.streamed = frozenset(streamed)
        self.tokens = tokens
        self.anonymous = anonymous
        self.sessions = sessions
        self.url = url
        self.secure = url.startswith("https:")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        problem = self._admit(scope, headers)
        if problem is None:
            send = self._renewing(scope, send)
        if problem is None and scope["method"] == "POST" and scope["path"] in self.streamed:
            await self.app(scope, receive, send)
            return
        if problem is None:
            body = await _read(headers, receive)
            if body is not None:
                await self.app(scope, _Replay(body, receive), send)
                return
            problem = TOO_LARGE
        response = problem.response(
            instance=Request(scope).url.path,
            request_id=scope["state"]["request_id"],
            accepted=headers.get("accept-language", ""),
        )
        await response(scope, receive, send)

    def _admit(self, scope: Scope, headers: Headers) -> Problem | None:
        if not self.tokens and not _is_local(scope, headers):
            return WRONG_HOST
        token, understood = _bearer(headers.getlist("authorization"))
        reader = reader_for(token, self.tokens, anonymous=self.anonymous)
        if self.tokens and (not understood or (token is not None and reader is None)):
            return WRONG_TOKEN
        session = None
        if self.sessions is not None and token is None:
            session = self.sessions.open(cookie_value(headers, SESSION, secure=self.secure))
            reader = (self.sessions.reader(session) if session else None) or reader
        if is_forged(scope["method"], headers, with_cookie=session is not None, url=self.url):
            return FORGED
        scope["state"].update(reader=reader, session=session)
        return None

    def _renewing(self, scope: Scope, send: Send) -> Send:
        """Send a session's cookie anew along with an answer, where somebody is using it."""
        session: Session | None = scope["state"]["session"]
        if self.sessions is None or session is None or not _is_use(scope):
            return send
        cookie = self.sessions.renewed(session)
        if cookie is None:
            return send
        carrier = Response()
        seconds = self.sessions.left(session)
        set_cookie(carrier, SESSION, cookie, seconds, secure=self.secure)
        line = carrier.headers["set-cookie"]

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).append("Set-Cookie", line)
            await send(message)

        return sending


def _is_use(scope: Scope) -> bool:
    """Tell a person's use from what a page asks by itself, and from what caches may keep."""
    path = str(scope["path"])
    asked_by_itself = scope["method"] == "GET" and path == ASKED_BY_ITSELF
    return not (asked_by_itself or path.startswith("/static/") or path == SIGN_OUT)


def _is_local(scope: Scope, headers: Headers) -> bool:
    """Say whether a request comes from this machine and names it (DNS rebinding does not)."""
    hosts = headers.getlist("host")
    if len(hosts) != 1 or not is_loopback_host_header(hosts[0]):
        return False
    client = scope.get("client")
    return client is None or is_loopback(client[0])


def _bearer(values: list[str]) -> tuple[str | None, bool]:
    """Read the Authorization header: the token, and whether the header was understood."""
    if not values:
        return None, True
    scheme, _, token = values[0].partition(" ")
    if len(values) > 1 or scheme.casefold() != "bearer" or not token.strip():
        return None, False
    return token.strip(), True


async def _read(headers: Headers, receive: Receive) -> bytes | None:
    """Read a whole body, or return None when it is too large."""
    length = headers.get("content-length", "0")
    if not length.isdecimal() or int(length[:20]) > MAX_BODY:
        return None
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return bytes(body)
        body += message.get("body", b"")
        if len(body) > MAX_BODY:
            return None
        if not message.get("more_body", False):
            return bytes(body)


class _Replay:
    """Gives a body that has been read to whoever asks for it, then what comes after it."""

    def __init__(self, body: bytes, receive: Receive) -> None:
        self._body: bytes | None = body
        self._receive = receive

    async def __call__(self) -> Message:
        if self._body is None:
            return await self._receive()
        body, self._body = self._body, None
        return {"type": "http.request", "body": body, "more_body": False}
