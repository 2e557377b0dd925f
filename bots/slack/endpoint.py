"""Slack's requests over HTTP: checked before anything reads them, then given to bolt."""

from __future__ import annotations

import asyncio
import json
import logging
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from slack_bolt import BoltRequest
from slack_sdk.signature import SignatureVerifier
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from bots.slack.app import SlackBot, Start
from bots.slack.errors import SlackBotError

PATH = "/slack/events"
MOST_BYTES = 2_000_000
AGAIN_AFTER = 15.0
"""Seconds between two tries to start a bot that could not start."""
logger = logging.getLogger("mmsearch.slack")


class Endpoint:
    """An ASGI app for Slack's three kinds of requests: events, clicks and commands.

    Its threads are its own: however many questions the rest of the service is answering, an
    acknowledgement does not wait for them.

    Args:
        signing_secret: The app's; every request has to be signed with it.
        start: Starts the bot, now or when Slack can be reached.
    """

    def __init__(self, signing_secret: str, start: Start) -> None:
        self._verifier = SignatureVerifier(signing_secret)
        self._start = start
        self._bot: SlackBot | None = None
        self._tried = -AGAIN_AFTER
        self._starting = threading.Lock()
        self._threads = ThreadPoolExecutor(8, thread_name_prefix="slack-http")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope, receive)
        if request.method != "POST":
            response = Response(status_code=405, headers={"Allow": "POST"})
        else:
            response = await self._answer(request)
        await response(scope, receive, send)

    def ready(self) -> SlackBot | None:
        """Return the bot, started when it is not; None when it cannot start just now."""
        with self._starting:
            if self._bot is None and time.monotonic() - self._tried >= AGAIN_AFTER:
                self._tried = time.monotonic()
                try:
                    self._bot = self._start()
                except SlackBotError as exc:
                    logger.error("the Slack bot is not running: %s", exc)
            return self._bot

    def close(self) -> None:
        """End the bot."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        with self._starting:
            if self._bot is not None:
                self._bot.close()
                self._bot = None

    async def _answer(self, request: Request) -> Response:
        body = await _read(request)
        if body is None:
            return Response(status_code=413)
        if not self.signed(body, request.headers):
            logger.info("a request without a valid signature was refused")
            return _json(401, {"error": "invalid request"})
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, self._dispatch, body, request.headers)

    def signed(self, body: bytes, headers: Any) -> bool:
        """Say whether Slack has signed a request, not more than five minutes ago."""
        stamps = headers.getlist("x-slack-request-timestamp")
        signatures = headers.getlist("x-slack-signature")
        if len(stamps) != 1 or len(signatures) != 1 or not signatures[0].isascii():
            return False
        if not (stamps[0].isascii() and stamps[0].isdecimal() and len(stamps[0]) <= 12):
            return False
        return bool(self._verifier.is_valid(body, stamps[0], signatures[0]))

    def _dispatch(self, body: bytes, headers: Any) -> Response:
        bot = self.ready()
        if bot is None:
            return Response(status_code=503, headers={"Retry-After": str(int(AGAIN_AFTER))})
        try:
            text = body.decode("utf-8")
        except UnicodeDecodeError:
            return _json(400, {"error": "invalid request"})
        given: dict[str, str | Sequence[str]] = {k: [v] for k, v in headers.items()}
        found = bot.bolt.dispatch(BoltRequest(body=text, headers=given))
        content = found.first_headers_without_set_cookie()
        return Response(found.body, status_code=found.status, headers=content)


async def _read(request: Request) -> bytes | None:
    """Read a body, or return None when it is longer than anything Slack sends."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            return None
    return bytes(body)


def _json(status: int, body: dict[str, str]) -> Response:
    return Response(json.dumps(body), status_code=status, media_type="application/json")
