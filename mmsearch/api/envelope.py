"""What every response has, whatever made it: a request id, security headers, a line in the log.

Plain ASGI, around all that may fail, so that a failure anywhere inside still ends as a problem
with its id. The log has the path and never the query (a question may say much), nor a header.
"""

from __future__ import annotations

import logging
import re
import time
import uuid
from collections.abc import MutableMapping
from urllib.parse import quote

from fastapi import Request
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mmsearch.api.metrics import Metrics
from mmsearch.api.problems import FAILED

access_log = logging.getLogger("mmsearch.access")
error_log = logging.getLogger("mmsearch.api")

SANE_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
DATA_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)
PERMISSIONS = (
    "accelerometer=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(), "
    "gyroscope=(), microphone=(), payment=(), usb=()"
)
"""What the page never asks a browser for, so that nothing in it can (Permissions Policy)."""
HEADERS = {
    "Content-Security-Policy": DATA_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": PERMISSIONS,
    "Cache-Control": "private, no-cache",
    "Vary": "Authorization, Cookie",
}
"""Set on every response unless the route has set its own."""


class Envelope:
    """Adds to every response what all of them have."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app = app
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = time.perf_counter()
        name = _request_id(Headers(scope=scope).get("x-request-id"))
        state: MutableMapping[str, object] = scope.setdefault("state", {})
        state.update(request_id=name, reader=None, session=None)
        status = 0

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                _complete(MutableHeaders(scope=message), name)
            await send(message)

        try:
            await self.app(scope, receive, send_with_headers)
        except Exception:  # noqa: BLE001  # the last one who can answer this request
            error_log.exception("request %s failed", name)
            if not status:
                response = FAILED.response(
                    instance=Request(scope).url.path,
                    request_id=name,
                    accepted=Headers(scope=scope).get("accept-language", ""),
                )
                await response(scope, receive, send_with_headers)
        finally:
            self._report(scope, name, status, time.perf_counter() - started)

    def _report(self, scope: Scope, name: str, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", "-")
        method = scope["method"] if scope["method"] in METHODS else "other"
        self.metrics.count_request(method, route, status, seconds)
        path = quote(scope["path"], safe="/")
        access_log.info("%s %s %s %d %.1f ms", name, method, path, status, seconds * 1000)


def _request_id(given: str | None) -> str:
    """Take the caller's request id when it is harmless, or make one."""
    return given if given and SANE_ID.fullmatch(given) else uuid.uuid4().hex


def _complete(headers: MutableHeaders, name: str) -> None:
    headers["X-Request-ID"] = name
    for header, value in HEADERS.items():
        headers.setdefault(header, value)
