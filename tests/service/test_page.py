"""The page in a real browser, against the service on a port of this machine."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
import uvicorn
from fastapi import FastAPI
from playwright import sync_api

from index.errors import LibraryDamaged
from mmsearch.api.app import create_app
from mmsearch.api.server import address, listen
from mmsearch.settings import load_settings
from tests.service.conftest import BEARERS, with_tokens
from tests.service.fake import FakeDocument, FakeKnowledge

pytestmark = pytest.mark.browser
ANSWERED = "What does a focal point who leaves write in two pages?"
UNANSWERED = "mangrove penguins migrating southward nurseries antarctic icebergs"


@contextmanager
def serving(app: FastAPI) -> Iterator[str]:
    """Serve an app on a free port in a thread and yield its address."""
    listening: socket.socket = listen("127.0.0.1", 0)
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, ws="none"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    try:
        yield address(listening)
    finally:
        server.should_exit = True
        thread.join(timeout=20)
        listening.close()


@dataclass
class Visit:
    """A page of a browser and what its console said."""

    page: sync_api.Page
    console: list[str] = field(default_factory=list)

    def wrong(self) -> list[str]:
        """Return what the console complained of but for refused requests."""
        return [line for line in self.console if "the server responded with a status" not in line]


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[sync_api.Browser]:
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def visit(browser: sync_api.Browser) -> Iterator[Visit]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(10_000)
    visit = Visit(context.new_page())
    visit.page.on("console", lambda message: visit.console.append(message.text))
    visit.page.on("pageerror", lambda error: visit.console.append(str(error)))
    yield visit
    context.close()


@pytest.fixture(scope="module")
def home(documents: list[FakeDocument]) -> Iterator[str]:
    public = {"d-guide", "d-lessons", "d-hostile"}
    knowledge = FakeKnowledge([d for d in documents if d.stored.doc_id in public])
    with serving(create_app(knowledge, load_settings())) as where:
        yield where


@pytest.fixture(scope="module")
def closed(documents: list[FakeDocument]) -> Iterator[str]:
    app = create_app(FakeKnowledge(documents), with_tokens(anonymous="nothing"))
    with serving(app) as where:
        yield where


def test_ask_answer_source_picture(visit: Visit, home: str) -> None:
    page = visit.page
    page.goto(home)
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "q"
    page.fill("#q", ANSWERED)
    page.keyboard.press("Enter")
    assert "handover note of two pages" in page.inner_text(".sentences .said")
    assert page.inner_text(".sentences .ref") == "1"
    source = page.locator("#source-1")
    assert source.locator("h3").inner_text() == "Handover guide"
    meta = source.locator(".meta span").all_inner_texts()
    assert meta == ["2023", "guideline", "page 1", "Ecuador, Serbia"]
    assert source.locator("blockquote").get_attribute("dir") == "auto"
    picture = source.locator(".thumb img")
    picture.wait_for()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 595
    picture.click()
    large = page.locator("#viewer[open] img")
    large.wait_for()
    assert large.evaluate("image => image.decode().then(() => image.naturalWidth)") == 1190
    page.keyboard.press("Escape")
    page.locator("#viewer").wait_for(state="hidden")
    assert visit.wrong() == []


def test_the_question_stays_in_the_address(visit: Visit, home: str) -> None:
    page = visit.page
    page.goto(home)
    page.fill("#q", ANSWERED)
    page.click("#ask button")
    page.wait_for_selector(".sentences")
    assert "?q=What%20does" in page.url
    page.goto(f"{home}?q={UNANSWERED}")
    page.wait_for_selector(".not-found")
    page.go_back()
    page.wait_for_selector(".sentences")
    assert page.input_value("#q") == ANSWERED
    page.click(".ref")
    assert page.url.endswith("#source-1")
    assert page.locator(".sentences").is_visible()


def test_not_found_shows_the_nearest_and_hostile_text_is_inert(visit: Visit, home: str) -> None:
    page = visit.page
    page.goto(f"{home}?q={UNANSWERED}")
    assert "I did not find this in the library" in page.inner_text(".not-found")
    quote = page.inner_text(".source blockquote")
    assert '<img src=x onerror="window.hacked=1">' in quote
    assert page.inner_text(".source h3") == "Nurseries <b>page</b>"
    assert page.locator(".source blockquote *").count() == 0
    assert page.locator("#result img, #result script").count() == 0
    assert page.evaluate("window.hacked") is None
    assert visit.wrong() == []


def test_a_hostile_question_is_inert(visit: Visit, home: str) -> None:
    visit.page.goto(f"{home}?q=%3Cimg src=x onerror=window.hacked=1%3E mangrove")
    visit.page.wait_for_selector("#result section")
    assert visit.page.evaluate("window.hacked") is None
    assert visit.wrong() == []


def test_the_policy_stops_a_script_that_slips_in(visit: Visit, home: str) -> None:
    visit.page.goto(home)
    visit.page.evaluate(
        "document.body.append(Object.assign(document.createElement('script'),"
        "{textContent: 'window.hacked = 1'}))"
    )
    assert visit.page.evaluate("window.hacked") is None
    assert any("Content Security Policy" in line for line in visit.console)


def test_a_failure_is_told_with_its_id_and_can_be_tried_again(
    visit: Visit, documents: list[FakeDocument]
) -> None:
    knowledge = FakeKnowledge(documents)
    with serving(create_app(knowledge, load_settings())) as where:
        knowledge.failure = LibraryDamaged("SECRET")
        page = visit.page
        page.goto(f"{where}?q={ANSWERED}")
        said = page.inner_text("#result .notice")
        assert "The library cannot be read at the moment" in said
        assert "Request " in said
        assert "SECRET" not in page.content()
        knowledge.failure = None
        page.click("#result .notice button")
        page.wait_for_selector(".sentences")


def test_a_token_is_asked_for_kept_in_the_tab_and_forgotten(visit: Visit, closed: str) -> None:
    page = visit.page
    page.goto(f"{closed}?q={ANSWERED}")
    page.fill("#token", "wrong-0123456789abcdef")
    page.keyboard.press("Enter")
    page.get_by_text("This token is not known").wait_for()
    page.fill("#token", BEARERS["public"])
    page.keyboard.press("Enter")
    page.wait_for_selector("#source-1 .thumb img")
    assert page.evaluate("localStorage.length + document.cookie.length") == 0
    with page.expect_download() as download:
        page.click("#source-1 h3 a")
    assert download.value.suggested_filename.endswith(".pdf")
    page.click("#forget-token")
    page.wait_for_selector("#token-form:not([hidden])")
    assert page.locator("#result *").count() == 0
    assert visit.wrong() == []


@pytest.mark.parametrize("question", ["", ANSWERED, UNANSWERED])
def test_a_phone_never_scrolls_sideways(visit: Visit, home: str, question: str) -> None:
    visit.page.set_viewport_size({"width": 390, "height": 844})
    visit.page.goto(f"{home}?q={question}")
    if question:
        visit.page.wait_for_selector("#result section")
    assert visit.page.evaluate("document.documentElement.scrollWidth") == 390
