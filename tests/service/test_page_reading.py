"""Reading in a real browser: the marked page, the reading view, moving and finding."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import docx
import pytest
from playwright import sync_api

from mmsearch.api.app import create_app
from mmsearch.links import document_link
from mmsearch.packs.store import PackStore
from mmsearch.settings import load_settings
from tests.service.browsing import MARKED, Visit, chromium_browser, serving, visiting
from tests.service.conftest import BEARERS, with_tokens
from tests.service.fake import FakeDocument, FakeKnowledge

pytestmark = pytest.mark.browser


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
    with serving(create_app(FakeKnowledge(documents), load_settings())) as where:
        yield where


def test_how_surely_a_scan_was_read_stands_at_passage_source_and_page(
    visit: Visit, documents: list[FakeDocument]
) -> None:
    guide, *others = documents
    passages = tuple(replace(one, ocr=0.874) for one in guide.passages)
    app = create_app(FakeKnowledge([replace(guide, passages=passages), *others]), load_settings())
    with serving(app) as where:
        page = visit.page
        page.goto(f"{where}?q=What does a focal point who leaves write in two pages?")
        said = "read from a scan, 87% sure"
        page.locator("#source-1 .meta", has_text=said).wait_for()
        page.locator(".passage .meta", has_text=said).first.wait_for()
        page.click(".ref")
        page.locator("#reader-scan", has_text=said).wait_for()
        page.goto(document_link("d-lessons", passage_id="d-lessons.1", base=where))
        page.wait_for_selector(MARKED)
        assert page.inner_text("#reader-scan") == ""
        beside = page.evaluate(  # also where nothing was asked before
            "document.querySelector('#reader').getBoundingClientRect().left >="
            " document.querySelector('main').getBoundingClientRect().right"
        )
        assert beside
        assert visit.wrong() == []


def test_a_link_opens_the_page_with_its_lines_marked(
    visit: Visit, home: str, documents: list[FakeDocument]
) -> None:
    guide = documents[0]
    passage = guide.passages[3]
    page = visit.page
    page.goto(document_link("d-guide", passage_id=passage.passage_id, base=home))
    page.wait_for_selector(MARKED)
    assert page.input_value("#page-number") == "2"
    picture = page.locator(".sheet img")
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") >= 595
    # What is drawn over the picture is where the service says the words stand.
    shown = json.loads(
        page.evaluate(
            "JSON.stringify([...document.querySelectorAll('.over rect')].map((rect) =>"
            "['x', 'y', 'width', 'height'].map((name) => Number(rect.getAttribute(name)))))"
        )
    )
    wanted = passage.locator.pages[0].rects
    assert len(shown) == len(wanted) == 2
    for (x, y, width, height), rect in zip(shown, wanted, strict=True):
        assert (x, y) == pytest.approx((rect.x0 - 1.5, rect.y0 - 1.5), abs=0.01)
        assert x + width == pytest.approx(rect.x1 + 1.5, abs=0.01)
        assert y + height == pytest.approx(rect.y1 + 1.5, abs=0.01)
    sheet, over = page.locator(".sheet").bounding_box(), page.locator(".over").bounding_box()
    assert sheet == over
    assert visit.wrong() == []


def test_passages_pages_zoom_and_words_inside_the_document(visit: Visit, home: str) -> None:
    page = visit.page
    page.goto(document_link("d-guide", page=1, base=home))
    page.get_by_role("button", name="Next passage (n)").click()
    page.wait_for_url("**passage=d-guide.0**")
    page.wait_for_selector(MARKED)
    page.keyboard.press("n")
    page.wait_for_url("**passage=d-guide.1**")
    page.get_by_role("button", name="Next page").click()
    sync_api.expect(page.locator("#page-number")).to_have_value("2")
    width = page.locator(".sheet").bounding_box()["width"]
    page.get_by_role("button", name="Larger (+)").click()
    assert page.locator(".sheet").bounding_box()["width"] > width
    page.fill("#find", "working day")
    page.keyboard.press("Enter")
    found = page.locator("#found li button")
    assert found.first.inner_text().startswith("p. 2")
    assert found.locator("mark").first.inner_text() == "working days"
    page.keyboard.press("Enter")
    page.wait_for_url("**start=**")
    page.wait_for_selector(MARKED)
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.wait_for_url(home)
    assert visit.wrong() == []


def test_a_document_without_pages_opens_as_text_that_stays_text(visit: Visit, home: str) -> None:
    page = visit.page
    page.goto(document_link("d-hostile", passage_id="d-hostile.0", base=home))
    view = page.locator(".reading-view")
    view.locator("mark").wait_for()
    assert '<img src=x onerror="window.hacked=1">' in view.inner_text()
    assert view.locator("img, script, a, b").count() == 0
    assert page.evaluate("window.hacked") is None
    assert visit.wrong() == []


def test_a_link_shows_a_colleague_what_their_token_allows(
    browser: sync_api.Browser, documents: list[FakeDocument]
) -> None:
    app = create_app(FakeKnowledge(documents), with_tokens())
    with serving(app) as where:
        link = document_link("d-haiti", passage_id="d-haiti.1", base=where)
        for role, sees in {"haiti": True, "internal": False}.items():
            with visiting(browser) as visit:
                visit.page.add_init_script(
                    f"sessionStorage.setItem('mmsearch-token', '{BEARERS[role]}')"
                )
                visit.page.goto(link)
                if sees:
                    visit.page.wait_for_selector(MARKED)
                else:
                    visit.page.get_by_text("not for you to read").wait_for()
                    assert "Quetzal" not in visit.page.content()


def test_ask_tick_order_and_export(
    browser: sync_api.Browser, documents: list[FakeDocument], tmp_path: Path
) -> None:
    app = create_app(FakeKnowledge(documents), load_settings(), packs=PackStore(tmp_path))
    with serving(app) as where, visiting(browser) as visit:
        page = visit.page
        page.goto(f"{where}?q=What does a focal point who leaves write in two pages?")
        page.locator("#source-1").get_by_label("Collect").check()
        page.locator("#pack-count", has_text="1").wait_for()
        page.locator(".passage", has_text="register").get_by_label("Collect").check()
        page.locator("#pack-count", has_text="2").wait_for()
        page.reload()
        page.locator("#pack-count", has_text="2").wait_for()
        page.wait_for_selector("#source-1 input:checked")
        page.click("#open-pack")
        page.fill("input.name", "Handover <b>pack</b>")
        page.get_by_role("button", name="Move up").nth(1).click()
        page.locator(".snippets > li").first.get_by_text("register").wait_for()
        page.locator(".snippets > li").first.get_by_label("Note").fill("Use this first.")
        page.keyboard.press("Tab")
        page.locator("#status", has_text="Kept.").wait_for(state="attached")
        page.reload()
        page.locator(".snippets > li").first.get_by_text("register").wait_for()
        assert page.input_value("input.name") == "Handover <b>pack</b>"
        assert page.locator(".snippets > li textarea").first.input_value() == "Use this first."
        assert visit.violations() == []
        with page.expect_download() as download:
            page.click("[data-form=docx]")
        said = "\n".join(p.text for p in docx.Document(download.value.path()).paragraphs)
        assert said.index("register of what was learned") < said.index("handover note of two")
        assert "Use this first." in said
        # Somebody else with the link reads it, cannot change it, and may copy it.
        with visiting(browser) as other:
            other.page.goto(page.url)
            other.page.get_by_role("heading", name="Handover <b>pack</b>").wait_for()
            assert other.page.locator("textarea, input.name").count() == 0
            other.page.get_by_role("button", name="Make my own copy").click()
            other.page.locator("#pack-count", has_text="2").wait_for()
            assert other.page.url != page.url
            assert other.wrong() == []
        assert visit.wrong() == []
