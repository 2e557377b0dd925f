"""Signing in at an organisation's provider, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright import sync_api

from mmsearch.api.app import create_app
from tests.service.browsing import Visit, chromium_browser, serving, visiting
from tests.service.conftest import BEARERS
from tests.service.fake import FakeDocument, FakeKnowledge
from tests.service.provider import Provider, providing
from tests.service.test_signin import settings_for

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[sync_api.Browser]:
    with chromium_browser(chromium) as browser:
        yield browser


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with providing() as provider:
        yield provider


@pytest.fixture(scope="module")
def home(documents: list[FakeDocument], provider: Provider) -> Iterator[str]:
    app = create_app(FakeKnowledge(documents), settings_for(provider, anonymous="nothing"))
    with serving(app) as where:
        yield where


@pytest.fixture
def visit(browser: sync_api.Browser, provider: Provider) -> Iterator[Visit]:
    provider.refusing, provider.broken = "", set()
    with visiting(browser) as visit:
        yield visit


def test_sign_in_read_and_sign_out(visit: Visit, home: str, provider: Provider) -> None:
    page = visit.page
    page.goto(f"{home}?list=documents&country=Haiti")
    page.get_by_text("You need to sign in").first.wait_for()
    assert visit.violations() == []
    page.locator("#by-account a").click()
    page.locator(".passage h3", has_text="Quetzal note").wait_for()
    assert page.url == f"{home}?list=documents&country=Haiti"
    assert page.inner_text("#account") == "Ana Pop"
    assert page.evaluate("document.cookie + sessionStorage.length") == "0"
    assert page.locator(".passage", has_text="Zinnober").count() == 0
    page.locator(".passage h3 a", has_text="Quetzal note").click()
    page.wait_for_selector(".sheet img[src^='/documents/']")  # a cookie needs no detour
    page.get_by_role("button", name="Close").click()
    assert visit.violations() == []
    page.get_by_role("button", name="Sign out").click()
    page.get_by_text("You need to sign in").first.wait_for()
    assert provider.ended == 1
    page.go_back()
    page.get_by_text("You need to sign in").first.wait_for()
    assert page.locator(".passage").count() == 0
    assert visit.wrong() == []


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_signing_in_fits_a_phone_in_the_dark(
    browser: sync_api.Browser, home: str, language: str
) -> None:
    phone = {"viewport": {"width": 320, "height": 700}, "locale": language, "color_scheme": "dark"}
    with visiting(browser, **phone) as visit:
        for view in ("", "?q=note"):
            visit.page.goto(f"{home}{view}")
            visit.page.locator("#by-account a").wait_for()
            assert visit.page.evaluate("document.documentElement.scrollWidth") == 320, view
        assert visit.violations() == []


def test_by_keyboard_alone(visit: Visit, home: str) -> None:
    page = visit.page
    page.goto(home)
    page.locator("#by-account a").wait_for()
    page.focus("#home")
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('a.sign-in')"):
            break
    page.keyboard.press("Enter")
    page.locator("#account", has_text="Ana Pop").wait_for()


@pytest.mark.parametrize(
    ("refusing", "broken", "said"),
    [
        ("access_denied", set(), "You were not signed in."),
        ("", {"token"}, "cannot be reached at the moment"),
    ],
)
def test_what_went_wrong_is_told_and_a_token_still_works(
    visit: Visit, home: str, provider: Provider, refusing: str, broken: set[str], said: str
) -> None:
    provider.refusing, provider.broken = refusing, broken
    page = visit.page
    page.goto(home)
    page.locator("#sign-in").click()
    page.locator("#token-why", has_text=said).wait_for()
    assert "signin=" not in page.url
    page.fill("#token", BEARERS["internal"])
    page.keyboard.press("Enter")
    page.get_by_text("Documents: 4, passages").wait_for()
    assert page.locator("#sign-in").is_hidden()
    assert visit.wrong() == []
