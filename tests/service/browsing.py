"""A page in a real browser, and a service on a port of this machine for it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import uvicorn
from axe_playwright_python.sync_playwright import Axe
from fastapi import FastAPI
from playwright import sync_api

from mmsearch.api.server import address, listen

# Offline: without these Chromium looks for its maker's hosts when it starts.
OFFLINE = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE_MS = 120_000
MARKED = "#reader .over rect, #reader-body mark"


@contextmanager
def serving(app: FastAPI) -> Iterator[str]:
    """Serve an app on a free port in a thread and yield its address."""
    listening: socket.socket = listen("127.0.0.1", 0)
    server = uvicorn.Server(
        uvicorn.Config(app, log_config=None, ws="none", timeout_graceful_shutdown=5)
    )
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    try:
        yield address(listening)
    finally:
        server.should_exit = True
        thread.join(timeout=60)
        listening.close()


@contextmanager
def chromium_browser(executable: str) -> Iterator[sync_api.Browser]:
    """Start Chromium, offline."""
    with sync_api.sync_playwright() as playwright:
        sync_api.expect.set_options(timeout=PATIENCE_MS)
        browser = playwright.chromium.launch(
            executable_path=executable, args=OFFLINE, timeout=PATIENCE_MS
        )
        yield browser
        browser.close()


@dataclass
class Visit:
    """A page in a browser, with what went wrong in it and what it asked of whom."""

    page: sync_api.Page
    console: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def wrong(self) -> list[str]:
        """Return errors of the page, without refusals, which it shows itself."""
        return [line for line in self.console if "the server responded with a status" not in line]

    def elsewhere(self, home: str) -> list[str]:
        """Return the requests that did not go to the service."""
        return [url for url in self.asked if not url.startswith((home, "data:", "blob:"))]

    def violations(self) -> list[str]:
        """Return what axe finds: rule and elements."""
        found = Axe().run(self.page).response["violations"]
        return [f"{one['id']}: {[node['target'] for node in one['nodes']]}" for one in found]


@contextmanager
def visiting(browser: sync_api.Browser, **more: object) -> Iterator[Visit]:
    """Open an empty page; ``more`` is what ``Browser.new_context`` takes."""
    options = {"viewport": {"width": 1280, "height": 900}, "locale": "en-GB", **more}
    context = browser.new_context(**options)  # type: ignore[arg-type]
    context.set_default_timeout(PATIENCE_MS)
    visit = Visit(context.new_page())
    visit.page.on("console", lambda message: visit.console.append(message.text))
    visit.page.on("pageerror", lambda error: visit.console.append(str(error)))
    visit.page.on("request", lambda request: visit.asked.append(request.url))
    yield visit
    context.close()
