"""A stand-in for a language model, behind a real OpenAI-compatible endpoint on loopback.

It gets what a model gets and says what it is told to, as well as a bad model could.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Reply = Callable[[list[dict[str, str]]], str]
"""Writes a reply to the messages."""


@dataclass
class Endpoint:
    """A running endpoint.

    Attributes:
        url: Base address.
        reply: What it answers.
        trouble: What goes wrong: "", "429", "500", "401", "silent", "drip", "cut", "unfinished",
            "no json", "not sse", "error event", "redirect", "endless".
        asked: The messages of each request.
        headers: The headers of each request.
        redirected: Requests that followed a redirect.
    """

    url: str = ""
    reply: Reply = lambda messages: "none"
    trouble: str = ""
    asked: list[list[dict[str, str]]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    redirected: int = 0
    ended: threading.Event = field(default_factory=threading.Event)

    def asked_after(self, count: int) -> int:
        """Wait for so many requests, which may come after the caller gave up; count them all."""
        until = time.monotonic() + 60
        while len(self.asked) < count and time.monotonic() < until:
            time.sleep(0.01)
        return len(self.asked)


@contextmanager
def endpoint() -> Iterator[Endpoint]:
    """Run an endpoint on a free port until the block ends."""
    state = Endpoint()

    class Handler(_Handler):
        here = state

    server = _Server(("127.0.0.1", 0), Handler)
    state.url = f"http://127.0.0.1:{server.server_port}/v1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield state
    finally:
        state.ended.set()
        server.shutdown()
        thread.join()
        server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        return  # a client that goes away is no error here


class _Handler(BaseHTTPRequestHandler):
    here: Endpoint
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments: Any) -> None:
        return

    def do_POST(self) -> None:
        here = self.here
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if "elsewhere" in self.path:
            here.redirected += 1
        here.asked.append(body["messages"])
        here.headers.append(dict(self.headers))
        assert body["stream"] is True
        self._answer(here, body["messages"])

    def _answer(self, here: Endpoint, messages: list[dict[str, str]]) -> None:
        trouble = here.trouble
        if trouble in ("429", "500", "401"):
            self._plain(int(trouble), '{"error": {"message": "SECRET-ENDPOINT-TEXT"}}')
        elif trouble == "redirect":
            self._plain(307, "", {"Location": "/elsewhere"})
        elif trouble == "silent":
            here.ended.wait(300)
            self.close_connection = True
        elif trouble == "not sse":
            self._plain(200, "<html>Please sign in</html>")
        else:
            self._stream(here, messages)

    def _plain(self, status: int, text: str, headers: dict[str, str] | None = None) -> None:
        data = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def _stream(self, here: Endpoint, messages: list[dict[str, str]]) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        text = here.reply(messages)
        if here.trouble == "endless":
            text = "and so on " * 5_000
        pieces = [text[at : at + 7] for at in range(0, len(text), 7)]
        half = len(pieces) // 2
        for at, piece in enumerate(pieces):
            if here.trouble == "drip" and (at > half or here.ended.wait(0.02)):
                here.ended.wait(300)
                self.close_connection = True
                return
            if here.trouble == "cut" and at > half:
                self.wfile.flush()
                self.connection.shutdown(2)
                self.close_connection = True
                return
            if here.trouble == "unfinished" and at > half:
                break
            if here.trouble == "no json" and at == half:
                self._send("data: {this is no json\n\n")
                break
            if here.trouble == "error event" and at == half:
                self._event({"error": {"message": "SECRET-ENDPOINT-TEXT"}})
                break
            self._event(_chunk(piece, None))
        else:
            self._event(_chunk("", "stop"))
        self._send("data: [DONE]\n\n")
        self.wfile.write(b"0\r\n\r\n")
        self.wfile.flush()

    def _event(self, value: dict[str, Any]) -> None:
        self._send(f"data: {json.dumps(value)}\n\n")

    def _send(self, text: str) -> None:
        data = text.encode()
        try:
            self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
            self.wfile.flush()
        except OSError:
            self.close_connection = True


def _chunk(text: str, finish: str | None) -> dict[str, Any]:
    return {
        "id": "c",
        "object": "chat.completion.chunk",
        "created": int(time.time()),
        "model": "stub",
        "choices": [{"index": 0, "delta": {"content": text}, "finish_reason": finish}],
    }
