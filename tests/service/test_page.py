"""Asking in a real browser: the answer, passages, facets, suggestions, states, the token."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright import sync_api

from index.errors import LibraryDamaged
from mmsearch.api.app import create_app
from mmsearch.settings import load_settings
from tests.service.browsing import MARKED, Visit, chromium_browser, serving, visiting
from tests.service.conftest import BEARERS, with_tokens
from tests.service.fake import FakeDocument, FakeKnowledge

pytestmark = pytest.mark.browser
ANSWERED = "What does a focal point who leaves write in two pages?"
UNANSWERED = "mangrove penguins migrating southward nurseries antarctic icebergs"


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[sync_api.Browser]:
    with chromium_browser(chromium) as browser:
        yield browser


@pytest.fixture
def visit(browser: sync_api.Browser) -> Iterator[Visit]:
    with visiting(browser) as visit:
        yield visit


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


def test_ask_by_keyboard_and_open_the_source(visit: Visit, home: str) -> None:
    page = visit.page
    page.goto(home)
    page.get_by_text("Documents: 3, passages").wait_for()
    page.keyboard.press("Escape")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "q"
    page.keyboard.type(ANSWERED)
    page.keyboard.press("Enter")
    assert "handover note of two pages" in page.inner_text(".sentences .said")
    assert page.inner_text(".sentences .ref") == "1"
    page.wait_for_selector("#source-1")
    meta = page.locator("#source-1 .meta span").all_inner_texts()
    assert meta == ["p. 1", "2023", "guideline", "Ecuador, Serbia", "Support hub"]
    passage = page.locator(".passage").first
    assert passage.locator("h3").inner_text() == "Handover guide"
    marked = passage.locator("mark").all_inner_texts()
    assert {"focal", "point", "leaves", "writes", "pages"} <= set(marked)
    page.focus(".ref")
    page.keyboard.press("Enter")
    page.wait_for_selector(MARKED)
    assert "doc=d-guide" in page.url
    assert page.get_attribute(".ref", "aria-current") == "true"
    page.keyboard.press("Escape")
    page.locator("#reader").wait_for(state="hidden")
    assert page.evaluate("document.activeElement.className") == "ref"
    assert visit.wrong() == []
    assert visit.elsewhere(home) == []


def test_the_question_and_the_filters_survive_back_and_reload(visit: Visit, home: str) -> None:
    page = visit.page
    page.goto(f"{home}?q={ANSWERED}")
    page.wait_for_selector(".sentences")
    serbia = page.locator("label.option", has_text="Serbia")
    assert serbia.locator(".count").inner_text() == "1"
    serbia.click()
    page.wait_for_url("**country=Serbia**")
    page.locator("#chips .chip", has_text="Serbia").wait_for()
    page.locator(".passage h3", has_text="Working with").wait_for(state="detached")
    # Another country can still be added: a facet is counted without its own choice.
    page.locator("label.option", has_text="Ecuador").click()
    page.wait_for_url("**country=Serbia&country=Ecuador**")
    page.locator("#facets-total", has_text="Documents: 2").wait_for()
    page.reload()
    page.locator("#facets-total", has_text="Documents: 2").wait_for()
    assert page.locator("#facets input:checked").count() == 2
    page.go_back()
    page.locator("#facets-total", has_text="Documents: 1").wait_for()
    page.go_back()
    page.locator("#facets-total", has_text="Documents: 3").wait_for()
    assert page.input_value("#q") == ANSWERED
    assert visit.wrong() == []


def test_every_facet_narrows_and_survives_reload_and_back(visit: Visit, home: str) -> None:
    page = visit.page
    page.goto(f"{home}?list=documents")
    chosen = {
        "country": "Ecuador",
        "publisher": "Support hub",
        "language": "en",
        "kind": "lessons learned",
        "evidence": "lesson",
    }
    for name, value in chosen.items():
        page.locator(f'[data-value="{name} {value}"]').check()
        page.wait_for_url(f"**{name}={value.replace(' ', '+')}**")
        page.locator(f'[data-value="{name} {value}"]:checked').wait_for()
    page.locator("#facets-total", has_text="Documents: 1").wait_for()
    page.reload()
    page.locator("#facets-total", has_text="Documents: 1").wait_for()
    assert page.locator("#facets input:checked").count() == len(chosen)
    assert page.locator("#listed h3").all_inner_texts() == ["Working with diaspora associations"]
    for left in range(len(chosen) - 1, -1, -1):
        page.go_back()
        page.locator("#chips .chip").nth(left).wait_for(state="detached")
        assert page.locator("#chips .chip").count() == left
    page.locator("#facets-total", has_text="Documents: 3").wait_for()
    assert visit.wrong() == []


def test_single_years_stand_beside_the_range_and_join_it(visit: Visit, home: str) -> None:
    page = visit.page
    page.goto(f"{home}?list=documents")
    years = page.locator("fieldset", has=page.locator(".years")).locator("label.option")
    years.first.wait_for()
    assert years.locator("span:nth-child(2)").all_inner_texts() == ["2023", "2021", "2020"]
    # Two choices at once, faster than the library counts.
    page.evaluate(
        "for (const box of document.querySelectorAll(\"[data-value^='year 202']\"))"
        " if (box.dataset.value !== 'year 2020') box.click()"
    )
    page.wait_for_url("**year=2023&year=2021**")
    page.locator("#facets-total", has_text="Documents: 2").wait_for()
    page.select_option("[data-value=year_from]", "2023")
    page.locator("#facets-total", has_text="Documents: 1").wait_for()
    page.locator("label.option", has_text="guideline").click()
    page.wait_for_url("**kind=guideline**year=2023**year_from=2023**")
    page.reload()
    chips = page.locator("#chips .chip")
    chips.first.wait_for()
    assert chips.all_inner_texts() == ["guideline", "2023", "2021", "from 2023"]
    page.go_back()
    page.locator("#chips .chip", has_text="guideline").wait_for(state="detached")
    page.get_by_role("button", name="Remove the filter 2023").click()
    page.locator("#facets-total", has_text="Documents: 0").wait_for()
    page.get_by_role("button", name="Clear all").click()
    page.locator("#facets-total", has_text="Documents: 3").wait_for()
    assert page.url == f"{home}?list=documents"
    assert visit.wrong() == []


def test_suggestions_are_taken_by_keyboard(visit: Visit, home: str) -> None:
    page = visit.page
    page.goto(home)
    page.wait_for_selector(".begin")
    page.locator("#q").press_sequentially("lessons from Ecu")
    page.locator("[role=option]", has_text="Ecuador").wait_for()
    assert page.get_attribute("#q", "aria-expanded") == "true"
    page.keyboard.press("ArrowDown")
    assert page.get_attribute("#q", "aria-activedescendant") == "suggestion-0"
    page.keyboard.press("Enter")
    assert page.input_value("#q") == "lessons from Ecuador "
    page.fill("#q", "handov")
    page.locator("[role=option]", has_text="Handover guide").wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.locator("#reader-title", has_text="Handover guide").wait_for()
    assert visit.wrong() == []


def test_a_slow_suggestion_does_not_end_the_next(visit: Visit, home: str) -> None:
    page = visit.page
    never: list[sync_api.Route] = []
    page.route("**/suggest?q=handov", lambda route: never.append(route))
    page.goto(home)
    page.wait_for_selector(".begin")
    with page.expect_request("**/suggest?q=handov"):
        page.fill("#q", "handov")
    page.locator("#q").press_sequentially("er")
    page.locator("[role=option]", has_text="Handover guide").wait_for()
    assert len(never) == 1
    assert visit.wrong() == []


def test_a_follow_up_keeps_the_conversation_in_the_address(visit: Visit, home: str) -> None:
    page = visit.page
    page.goto(f"{home}?q={ANSWERED}")
    page.fill("#follow-up", "Who keeps one register of what was learned?")
    page.keyboard.press("Enter")
    page.locator(".sentences", has_text="register").wait_for()
    page.reload()
    page.locator(".earlier a", has_text="two pages").click()
    page.locator(".sentences", has_text="handover note").wait_for()
    assert page.locator(".earlier").count() == 0
    followed = [url for url in visit.asked if "history=What+does" in url]
    assert any("/ask/stream?" in url for url in followed)
    assert any("/search?" in url for url in followed)


def test_no_answer_helps_and_hostile_text_is_inert(visit: Visit, home: str) -> None:
    page = visit.page
    page.goto(f"{home}?q={UNANSWERED}&kind=web+page")
    assert "I did not find this in the library" in page.inner_text(".not-found")
    quote = page.locator(".passage blockquote").first
    assert '<img src=x onerror="window.hacked=1">' in quote.inner_text()
    assert page.inner_text(".passage h3") == "Nurseries <b>page</b>"
    assert quote.locator(":not(mark)").count() == 0
    page.get_by_role("button", name="Search without filters").click()
    page.wait_for_url(lambda url: "kind" not in url)
    assert page.evaluate("window.hacked") is None
    assert visit.wrong() == []


def test_a_hostile_question_is_inert(visit: Visit, home: str) -> None:
    visit.page.goto(f"{home}?q=%3Cimg src=x onerror=window.hacked=1%3E mangrove")
    visit.page.wait_for_selector(".not-found, .sentences")
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


def test_an_empty_library_says_how_to_fill_it(visit: Visit) -> None:
    with serving(create_app(FakeKnowledge([]), load_settings())) as where:
        visit.page.goto(where)
        assert "mmsearch ingest" in visit.page.inner_text("#result .empty code")


def test_a_token_is_asked_for_kept_in_the_tab_and_forgotten(visit: Visit, closed: str) -> None:
    page = visit.page
    page.goto(f"{closed}?q={ANSWERED}")
    page.fill("#token", "wrong-0123456789abcdef")
    page.keyboard.press("Enter")
    page.get_by_text("This token is not known").first.wait_for()
    page.fill("#token", BEARERS["public"])
    page.keyboard.press("Enter")
    page.wait_for_selector("#source-1")
    page.click(".ref")
    page.wait_for_selector(MARKED)
    page.wait_for_selector(".sheet img[src^='blob:']")
    assert page.evaluate("localStorage.length + document.cookie.length") == 0
    with page.expect_download() as download:
        page.click("#reader .original")
    assert download.value.suggested_filename.endswith(".pdf")
    page.click("#close-reader")
    page.click("#forget-token")
    page.wait_for_selector("#token-form:not([hidden])")
    assert page.locator("#result *").count() == 0
    assert visit.wrong() == []
