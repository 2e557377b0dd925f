"""The page for everybody: axe, languages, widths, print, weight."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from playwright import sync_api

from mmsearch.api.app import create_app
from mmsearch.api.page import FOLDER
from mmsearch.links import document_link
from mmsearch.settings import load_settings
from tests.service.browsing import MARKED, chromium_browser, serving, visiting
from tests.service.fake import FakeDocument, FakeKnowledge

pytestmark = pytest.mark.browser
ANSWERED = "What does a focal point who leaves write in two pages?"
LANGUAGES = ["en", "fr", "es", "ar", "ru"]
MOST_BYTES = 150_000
VIEWS = {
    "": ".begin",
    f"?q={ANSWERED}": ".feedback, .follow-up",
    "?q=penguins+mangrove&kind=guideline": ".not-found",
    "?list=documents": ".passage",
    "?list=start&country=Ecuador": ".from",
    document_link("d-guide", passage_id="d-guide.1", question=ANSWERED).lstrip("/"): MARKED,
    document_link("d-hostile", passage_id="d-hostile.0").lstrip("/"): MARKED,
    "?doc=d-absent": "#reader .notice",
}
"""Addresses, and what is there once they are shown."""


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[sync_api.Browser]:
    with chromium_browser(chromium) as browser:
        yield browser


@pytest.fixture(scope="module")
def home(documents: list[FakeDocument]) -> Iterator[str]:
    with serving(create_app(FakeKnowledge(documents), load_settings())) as where:
        yield where


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(browser: sync_api.Browser, home: str, scheme: str) -> None:
    with visiting(browser, color_scheme=scheme) as visit:
        for view, there in VIEWS.items():
            visit.page.goto(f"{home}{view}")
            visit.page.wait_for_selector(there)
            assert visit.violations() == [], view


def test_a_phone_never_scrolls_sideways_and_axe_finds_nothing(
    browser: sync_api.Browser, home: str
) -> None:
    with visiting(browser, viewport={"width": 320, "height": 700}, locale="ar") as visit:
        for view, there in VIEWS.items():
            visit.page.goto(f"{home}{view}")
            visit.page.wait_for_selector(there)
            assert visit.page.evaluate("document.documentElement.scrollWidth") == 320, view
        assert visit.violations() == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_speaks_the_readers_language(
    browser: sync_api.Browser, home: str, language: str
) -> None:
    words = json.loads((FOLDER / f"words-{language}.json").read_text(encoding="utf-8"))
    with visiting(browser, locale=language) as visit:
        visit.page.goto(f"{home}?q={ANSWERED}")
        visit.page.get_by_role("heading", name=words["passages"], exact=True).wait_for()
        root = visit.page.locator("html")
        assert root.get_attribute("lang") == language
        assert root.get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
        visit.page.get_by_placeholder(words["follow_up"]).wait_for()
        assert visit.wrong() == []


def test_another_language_can_be_chosen_and_stays(browser: sync_api.Browser, home: str) -> None:
    with visiting(browser) as visit:
        visit.page.goto(f"{home}?q={ANSWERED}")
        visit.page.wait_for_selector(".passage")
        visit.page.select_option("#language", "ru")
        visit.page.get_by_role("heading", name="Фрагменты").wait_for()
        visit.page.reload()
        visit.page.get_by_role("heading", name="Фрагменты").wait_for()
        visit.page.locator("#facets", has_text="Эквадор").wait_for()


def test_every_language_has_every_word_and_the_page_uses_no_other() -> None:
    words = {
        language: json.loads((FOLDER / f"words-{language}.json").read_text(encoding="utf-8"))
        for language in LANGUAGES
    }
    for language in LANGUAGES:
        assert words[language].keys() == words["en"].keys(), language
        assert all(words[language].values()), language
        for name, said in words["en"].items():
            for place in ("{n}", "{all}", "{name}", "{documents}", "{passages}"):
                assert (place in said) == (place in words[language][name]), (language, name)


def test_a_printed_page_has_the_answer_and_no_controls(
    browser: sync_api.Browser, home: str
) -> None:
    with visiting(browser) as visit:
        page = visit.page
        page.goto(f"{home}?q={ANSWERED}")
        page.wait_for_selector(".sources")
        page.emulate_media(media="print")
        assert page.is_visible(".sentences")
        assert page.inner_text(".printed") == ANSWERED
        assert page.is_visible(".sources")
        for hidden in ("header", "#side", ".follow-up", "footer"):
            assert not page.is_visible(hidden)


def test_the_page_is_light(browser: sync_api.Browser, home: str) -> None:
    with visiting(browser) as visit:
        responses: list[sync_api.Response] = []
        visit.page.on("response", lambda response: responses.append(response))
        visit.page.goto(f"{home}?q={ANSWERED}")
        visit.page.wait_for_selector(".passage")
        visit.page.wait_for_load_state("networkidle")
        assert 0 < sum(len(response.body()) for response in responses) < MOST_BYTES


def test_a_reader_sees_where_the_focus_is(browser: sync_api.Browser, home: str) -> None:
    with visiting(browser) as visit:
        page: sync_api.Page = visit.page
        page.goto(f"{home}?q={ANSWERED}")
        page.wait_for_selector(".passage")
        seen = 0
        for _ in range(25):
            page.keyboard.press("Tab")
            style = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            seen += style not in {"none", ""}
        assert seen >= 24
