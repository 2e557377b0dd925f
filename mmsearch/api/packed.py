"""JSON travels compressed, for people on slow lines; nothing else does.

Pictures and PDF files are compressed already, an answer that is streamed has to arrive word by
word, and the page's own files were compressed when the service started. No response holds both a
secret and something that another site can choose, which is what compression could give away.
"""

from __future__ import annotations

import gzip

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mmsearch.api.page import takes_gzip

LEAST = 1000
"""Bytes from which on it pays."""
LEVEL = 5
KINDS = ("application/json", "application/problem+json")


class Packed:
    """Compresses the JSON responses of an app for who takes gzip."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        allowed = takes_gzip(Headers(scope=scope).get("accept-encoding", ""))
        held: Message | None = None

        async def send_packed(message: Message) -> None:
            nonlocal held
            if message["type"] == "http.response.start" and _is_json(message):
                held = message  # its headers depend on the body
                return
            if held is not None:
                start, held = held, None
                await send(_packed(start, message) if allowed else _told(start))
            await send(message)

        await self.app(scope, receive, send_packed)


def _is_json(start: Message) -> bool:
    kind = Headers(raw=start["headers"]).get("content-type", "")
    return kind.partition(";")[0] in KINDS


def _told(start: Message) -> Message:
    """Say that another request could have got it compressed."""
    headers = MutableHeaders(raw=start["headers"])
    if "accept-encoding" not in headers.get("vary", "").lower():
        headers.add_vary_header("Accept-Encoding")
    return start


def _packed(start: Message, body: Message) -> Message:
    """Compress a body in place when it came whole and is worth it; returns the start."""
    _told(start)
    headers = MutableHeaders(raw=start["headers"])
    content = body.get("body", b"")
    whole = not body.get("more_body", False)
    if whole and len(content) >= LEAST and "content-encoding" not in headers:
        body["body"] = gzip.compress(content, compresslevel=LEVEL, mtime=0)
        headers["Content-Encoding"] = "gzip"
        headers["Content-Length"] = str(len(body["body"]))
    return start
