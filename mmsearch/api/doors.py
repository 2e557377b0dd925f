"""Paths that an extension answers itself, before the guard asks for a token.

Slack signs its requests and sends no bearer token, and it names the public host. So these
paths, and only these, go to their extension as they are.
"""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send

from mmsearch.extensions import Doors


class SideDoors:
    """Sends requests for exactly these paths to what answers there."""

    def __init__(self, app: ASGIApp, doors: Doors) -> None:
        self.app = app
        self.doors = dict(doors)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        door = self.doors.get(scope["path"]) if scope["type"] == "http" else None
        await (door or self.app)(scope, receive, send)
