"""What readers tell the keepers in a real browser, and where keepers see it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from playwright import sync_api

from mmsearch.api.app import create_app
from mmsearch.journal.journal import Journal
from mmsearch.journal.types import Recording
from mmsearch.packs.store import PackStore
from mmsearch.settings import load_settings
from tests.service.browsing import chromium_browser, serving, visiting
from tests.service.conftest import with_tokens
from tests.service.fake import FakeDocument, FakeKnowledge

pytestmark = pytest.mark.browser
QUESTION = "Where do mangrove penguins migrate in winter and who counts them?"


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[sync_api.Browser]:
    with chromium_browser(chromium) as browser:
        yield browser


def test_a_reader_tells_the_keepers_and_they_say_what_became_of_it(
    browser: sync_api.Browser, documents: list[FakeDocument], tmp_path: Path
) -> None:
    journal = Journal.open(tmp_path, recording=Recording.ON, keep_days=30)
    app = create_app(FakeKnowledge(documents), load_settings(), journal=journal)
    with serving(app) as where, visiting(browser) as visit:
        page = visit.page
        page.goto(f"{where}?q={QUESTION}")
        page.get_by_role("button", name="Tell the library’s keepers").click()
        page.get_by_text("Thank you.").wait_for()
        page.get_by_role("link", name="Questions without an answer").click()
        page.get_by_role("heading", name=QUESTION).wait_for()
        page.get_by_label("What became of it").select_option("no evidence exists")
        page.locator("#status", has_text="Kept.").wait_for(state="attached")
        page.reload()
        chosen = page.get_by_label("What became of it")
        sync_api.expect(chosen).to_have_value("no evidence exists")
        assert visit.violations() == []
        with page.expect_download() as download:
            page.get_by_role("button", name="As a sheet (CSV)").click()
        assert "mangrove" in Path(download.value.path()).read_text(encoding="utf-8-sig")
        assert visit.wrong() == []
    journal.close()


def test_who_is_no_keeper_sees_no_gaps(
    browser: sync_api.Browser, documents: list[FakeDocument]
) -> None:
    with (
        serving(create_app(FakeKnowledge(documents), with_tokens())) as where,
        visiting(browser) as visit,
    ):
        visit.page.goto(f"{where}?list=gaps")
        visit.page.wait_for_selector("#token-form:not([hidden])")
        assert not visit.page.is_visible("#to-gaps")


def test_what_is_new_stands_first(browser: sync_api.Browser, documents: list[FakeDocument]) -> None:
    guide, *others = documents
    new = replace(guide, stored=replace(guide.stored, added=guide.stored.added + timedelta(days=1)))
    app = create_app(FakeKnowledge([*others, new]), load_settings())
    with serving(app) as where, visiting(browser) as visit:
        visit.page.goto(where)
        visit.page.get_by_role("link", name="What is new").first.click()
        visit.page.get_by_role("heading", name="What is new").wait_for()
        first = visit.page.locator(".hits > li").first
        assert first.locator("h3").inner_text() == "Handover guide"
        assert "added May 3, 2024" in first.inner_text()
        assert visit.violations() == []


def test_a_way_into_a_country_is_made_from_what_is_there(
    browser: sync_api.Browser, documents: list[FakeDocument], tmp_path: Path
) -> None:
    app = create_app(FakeKnowledge(documents), load_settings(), packs=PackStore(tmp_path))
    with serving(app) as where, visiting(browser) as visit:
        page = visit.page
        page.goto(f"{where}?country=Ecuador")
        page.get_by_role("link", name="Start here: what to read on this").click()
        page.get_by_role("heading", name="Start here: Ecuador").wait_for()
        steps = page.locator(".passage:has(.why)")
        assert steps.locator("h3").all_inner_texts() == [
            "1. Working with diaspora associations",
            "2. Handover guide",
        ]
        assert steps.locator(".why").first.inner_text() == "What was learned on the way."
        page.get_by_role("heading", name="Lessons", exact=True).wait_for()
        assert visit.violations() == []
        page.get_by_role("button", name="Collect all").click()
        page.locator("#pack-count", has_text="(").wait_for(state="attached")
        page.goto(f"{where}?q=handover note&list=start")
        page.locator(".why", has_text="How it is done.").wait_for()
        assert visit.wrong() == []
