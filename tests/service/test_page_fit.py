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


SHIFTS = """
window.moved = [];
new PerformanceObserver((list) => window.moved.push(...list.getEntries().map((one) => one.value)))
  .observe({ type: "layout-shift", buffered: true });
"""


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("late", [False, True])
def test_nothing_moves_when_the_answer_comes(
    browser: sync_api.Browser, home: str, width: int, late: bool
) -> None:
    with visiting(browser, viewport={"width": width, "height": 800}) as visit:
        page, waiting = visit.page, []
        page.add_init_script(SHIFTS)
        if late:
            page.route("**/ask/stream*", lambda route: waiting.append(route))
        page.goto(f"{home}?q={ANSWERED}")
        if late:  # the passages are there before the answer
            page.locator(".answer.held ~ .passages .passage").first.wait_for()
            waiting[0].continue_()
        page.locator(".answer:not([aria-busy])").wait_for()
        page.locator(".answer ~ .passages .passage").first.wait_for()
        assert sum(page.evaluate("window.moved")) < 0.05
        if page.locator(".unfold").count():
            page.get_by_role("button", name="Show the whole answer").click()
        assert page.locator(".answer.held .unfold").count() == 0


def test_places_of_one_document_stand_under_its_title_once(
    browser: sync_api.Browser, home: str
) -> None:
    def cited_thrice(route: sync_api.Route) -> None:
        response = route.fetch()
        lines = response.text().splitlines()
        for at, line in enumerate(lines):
            if line == "event: citations":
                (one,) = json.loads(lines[at + 1].removeprefix("data: "))
                other = {**one, "n": 2, "doc_id": "d-lessons", "title": "Lessons"}
                third = {
                    **one,
                    "n": 3,
                    "start": one["start"] + 9,
                    "page": 2,
                    "page_label": "2",
                    "quote": "Said elsewhere.",
                }
                lines[at + 1] = f"data: {json.dumps([one, other, third])}"
        route.fulfill(response=response, body="\n".join([*lines, "", ""]))

    with visiting(browser) as visit:
        page = visit.page
        page.route("**/ask/stream*", cited_thrice)
        page.goto(f"{home}?q={ANSWERED}")
        page.wait_for_selector("#source-3")
        assert page.locator(".sources .title").all_inner_texts() == ["Handover guide", "Lessons"]
        several = page.locator(".several")
        assert several.locator(".n").all_inner_texts() == ["1", "3"]
        assert several.locator(".at a").all_inner_texts() == ["p. 1", "p. 2"]
        assert several.locator("blockquote").all_inner_texts() == ["Said elsewhere."]
        assert visit.violations() == []
        several.locator(".at a").first.click()
        page.wait_for_selector(MARKED)
        assert page.locator(".sources [aria-current]").inner_text() == "p. 1"
        assert page.locator(".sentences .ref[aria-current]").inner_text() == "1"
