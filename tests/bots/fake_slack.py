"""Slack as a server on port 0: Web API over HTTP, Socket Mode over a WebSocket.

Records every call, enforces rate tiers with Retry-After, and fails on demand: before a call
took effect, or after it.
"""

from __future__ import annotations

import asyncio
import json
import math
import random
import socket
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import parse_qsl

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from tests.bots.workspace import APP_TOKEN, TOKEN, Workspace

TIERS = {
    "apps.connections.open": 1,
    "chat.startStream": 20,
    "chat.stopStream": 20,
    "usergroups.users.list": 20,
    "conversations.replies": 50,
    "conversations.history": 50,
    "conversations.info": 50,
    "reactions.add": 50,
    "reactions.remove": 20,
    "chat.appendStream": 100,
    "conversations.members": 100,
    "views.open": 100,
    "views.update": 100,
    "views.publish": 100,
    "users.info": 100,
    "chat.postEphemeral": 100,
    "chat.postMessage": 60,
}
"""Calls a minute, by Slack's published tiers; a burst of as many is tolerated."""

Plan = Callable[[str, Mapping[str, Any]], str]
"""What happens to a call: "" (nothing), "429", "500", "drop" (the line is cut), "hang" (no answer
ever comes); with "-after" it takes effect all the same."""


@dataclass(frozen=True)
class Call:
    """One call as it came in."""

    at: float
    method: str
    arguments: Mapping[str, Any]
    outcome: str


@dataclass
class FakeSlack:
    """The server.

    Attributes:
        workspace: What people see.
        plan: Decides which calls fail.
        tiers: Calls a minute by method; empty for no limits.
        retry_after: Seconds that a planned 429 asks for (Slack asks for whole seconds).
    """

    workspace: Workspace = field(default_factory=Workspace)
    plan: Plan = lambda method, arguments: ""
    tiers: Mapping[str, int] = field(default_factory=dict)
    retry_after: float = 0.2
    calls: list[Call] = field(default_factory=list)
    early: list[str] = field(default_factory=list)
    replies: dict[str, list[Any]] = field(default_factory=lambda: defaultdict(list))
    acks: dict[str, tuple[float, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._closed_until: dict[str, float] = {}
        self._buckets: dict[str, tuple[float, float]] = {}
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._links: list[WebSocket] = []
        self._loop: asyncio.AbstractEventLoop | None = None

    def __enter__(self) -> Self:
        listening = socket.socket()
        listening.bind(("127.0.0.1", 0))
        listening.listen(512)
        self.workspace.base = f"http://127.0.0.1:{listening.getsockname()[1]}"
        routes = [
            Route("/api/{method}", self._api, methods=["POST"]),
            Route("/upload/{file_id}", self._upload, methods=["POST"]),
            Route("/reply/{name}", self._reply, methods=["POST"]),
            WebSocketRoute("/link", self._link),
        ]
        config = uvicorn.Config(
            Starlette(routes=routes), log_level="error", ws="websockets-sansio", lifespan="off"
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [listening]}, daemon=True
        )
        self._thread.start()
        while not self._server.started:
            time.sleep(0.005)
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        self.drop_links()
        self._server.should_exit = True
        self._thread.join(60)

    @property
    def api(self) -> str:
        return f"{self.workspace.base}/api/"

    def called(self, *methods: str) -> list[Call]:
        """Return the calls of some methods that took effect."""
        with self._lock:
            return [c for c in self.calls if c.method in methods and c.outcome == ""]

    def reply_url(self, name: str) -> str:
        """Return an address for private replies; what is sent there lands in ``replies``."""
        return f"{self.workspace.base}/reply/{name}"

    # Socket Mode.

    def send(self, envelope: Mapping[str, Any]) -> None:
        """Send an envelope over the latest link; without one it is lost, as on a real line."""
        for link in self._links[-1:]:
            self._on_loop(lambda link=link: link.send_text(json.dumps(envelope)))

    def drop_links(self) -> None:
        """Cut every link, as a network does."""
        for link in list(self._links):
            self._on_loop(lambda link=link: link.close(1011))

    def linked(self) -> int:
        """Return how many links there are."""
        return len(self._links)

    def _on_loop(self, work: Callable[[], Any]) -> None:
        if self._loop is not None and self._loop.is_running():
            try:
                asyncio.run_coroutine_threadsafe(work(), self._loop).result(5)
            except (RuntimeError, WebSocketDisconnect):
                return  # the other side was quicker

    async def _link(self, socket: WebSocket) -> None:
        self._loop = asyncio.get_running_loop()
        await socket.accept()
        await socket.send_text(json.dumps({"type": "hello", "num_connections": 1}))
        self._links.append(socket)
        try:
            while True:
                said = json.loads(await socket.receive_text())
                self.acks.setdefault(said["envelope_id"], (time.monotonic(), said.get("payload")))
        except (WebSocketDisconnect, RuntimeError):
            return
        finally:
            if socket in self._links:
                self._links.remove(socket)

    # The Web API.

    async def _api(self, request: Request) -> Response:
        method = request.path_params["method"]
        arguments = await _arguments(request)
        now = time.monotonic()
        limited = self._limited(method, now)
        outcome = "429" if limited else self.plan(method, arguments)
        with self._lock:
            self.calls.append(Call(now, method, arguments, outcome))
        if outcome == "429":
            seconds = limited or self.retry_after
            self._closed_until[method] = time.monotonic() + seconds
            headers = {"Retry-After": str(seconds)}
            return JSONResponse({"ok": False, "error": "ratelimited"}, 429, headers)
        if outcome in {"500", "drop", "hang"}:
            return await _failure(outcome, self._closing)
        wanted = APP_TOKEN if method == "apps.connections.open" else TOKEN
        if request.headers.get("authorization") != f"Bearer {wanted}":
            return JSONResponse({"ok": False, "error": "invalid_auth"})
        reply = self.workspace.call(method, arguments)
        if outcome:
            return await _failure(outcome, self._closing)
        headers = {"x-oauth-scopes": ",".join(self.workspace.scopes)}
        if wanted == APP_TOKEN:
            headers = {"x-oauth-scopes": "connections:write"}
        return JSONResponse(reply, headers=headers)

    async def _upload(self, request: Request) -> Response:
        body = await request.body()
        self.workspace.files[request.path_params["file_id"]] = body
        return Response("OK")

    async def _reply(self, request: Request) -> Response:
        body = await request.json()
        if self.plan("response_url", body):
            return Response("expired_url", 404)
        self.replies[request.path_params["name"]].append(body)
        return Response("ok")

    def _limited(self, method: str, now: float) -> int:
        """Return for how long a method is limited; note a call that came too early."""
        until = self._closed_until.get(method, 0.0)
        if now < until:
            self.early.append(f"{method}: {until - now:.3f} s too early")
            return max(1, math.ceil(until - now))
        rate = self.tiers.get(method)
        if rate is None:
            return 0
        tokens, at = self._buckets.get(method, (float(rate), now))
        tokens = min(float(rate), tokens + (now - at) * rate / 60)
        if tokens < 1:
            self._buckets[method] = (tokens, now)
            return math.ceil((1 - tokens) * 60 / rate)
        self._buckets[method] = (tokens - 1, now)
        return 0


def failing(seed: int, share: float, *kinds: str, only: str = "") -> Plan:
    """Return a plan by which a share of the calls fails, in ways drawn from ``kinds``."""
    drawn = random.Random(seed)
    lock = threading.Lock()

    def plan(method: str, arguments: Mapping[str, Any]) -> str:
        if method in {"auth.test", "apps.connections.open"} or (only and method != only):
            return ""
        with lock:
            return drawn.choice(kinds) if drawn.random() < share else ""

    return plan


def once(method: str, outcome: str, *, skip: int = 0) -> Plan:
    """Return a plan by which one call of a method fails."""
    left = [skip]

    def plan(called: str, arguments: Mapping[str, Any]) -> str:
        if called != method or left[0] < 0:
            return ""
        left[0] -= 1
        return outcome if left[0] < 0 else ""

    return plan


async def _arguments(request: Request) -> dict[str, Any]:
    body = await request.body()
    if request.headers.get("content-type", "").startswith("application/json"):
        return dict(json.loads(body or b"{}"))
    pairs = dict(parse_qsl(body.decode(), keep_blank_values=True)) | dict(request.query_params)
    return {name: _value(name, text) for name, text in pairs.items()}


def _value(name: str, text: str) -> Any:
    if name in {"blocks", "metadata", "view", "chunks", "files", "prompts"} and text[:1] in "[{":
        return json.loads(text)
    return text


class _Dropped(Response):
    """A connection that ends without an answer."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await send(
            {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"999")]}
        )
        await send({"type": "http.response.body", "body": b'{"ok"'})


async def _failure(outcome: str, closing: threading.Event) -> Response:
    if outcome.startswith("hang"):
        while not closing.is_set():  # noqa: ASYNC110  # another thread sets it
            await asyncio.sleep(0.02)
    if outcome.startswith("drop"):
        return _Dropped()
    return JSONResponse({"ok": False, "error": "internal_error"}, 500)
