"""The keepers' figures: over HTTP, and in a real browser."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright import sync_api
from starlette.testclient import TestClient

from index.types import KEEPER
from mmsearch.api.app import create_app
from mmsearch.api.page import FOLDER
from mmsearch.journal.journal import Journal
from mmsearch.journal.store import Store
from mmsearch.journal.types import Recording
from mmsearch.settings import load_settings
from tests.service.browsing import chromium_browser, serving, visiting
from tests.service.conftest import bearer, client_of, with_tokens
from tests.service.fake import FakeDocument, FakeKnowledge

LANGUAGES = ["en", "fr", "es", "ar", "ru"]
TODAY = datetime.now(UTC)


def fill(journal: Journal, knowledge: FakeKnowledge) -> None:
    """Ask for forty days; every fifth question finds no answer and a few votes are given."""
    answered = knowledge.ask("handover note of focal points", reader=KEEPER)
    missed = knowledge.ask("=HYPERLINK(1) penguins", reader=KEEPER)
    for day in range(40):
        journal._now = lambda day=day: TODAY - timedelta(days=day)
        for n in range(1 + day % 4):
            one = missed if (day + n) % 5 == 0 else answered
            name = f"a_{day}_{n}"
            journal.record_answer(replace(one, answer_id=name, seconds=0.05 * (n + 1)))
            if n == 0:
                journal.record_feedback(name, helpful=day % 2 == 0)
    journal._now = lambda: TODAY


@pytest.fixture(scope="module")
def filled(
    tmp_path_factory: pytest.TempPathFactory, documents: list[FakeDocument]
) -> Iterator[Journal]:
    store = Store(tmp_path_factory.mktemp("journal"))
    with closing(Journal(store, recording=Recording.ON)) as journal:
        fill(journal, FakeKnowledge(documents))
        yield journal


@pytest.fixture
def keepers(filled: Journal, knowledge: FakeKnowledge) -> Iterator[TestClient]:
    with client_of(create_app(knowledge, with_tokens(), journal=filled)) as client:
        yield client


@pytest.mark.parametrize("by", ["day", "week", "month"])
def test_periods_sum_up_the_days(keepers: TestClient, by: str) -> None:
    mine = bearer("keeper")
    told = keepers.get("/figures", params={"days": 90, "by": by}, headers=mine).json()
    assert sum(one["asked"] for one in told["periods"]) == told["total"]["asked"] == 100
    assert told["total"]["answered"] == sum(day["answered"] for day in told["days"])
    assert told["total"]["helpful"] == told["total"]["unhelpful"] == 20
    assert told["gaps"][0]["question"] == "=HYPERLINK(1) penguins"
    sheet = keepers.get("/figures.csv", params={"days": 90, "by": by}, headers=mine)
    rows = list(csv.DictReader(io.StringIO(sheet.content.decode("utf-8-sig"))))
    assert [row["first"] for row in rows] == [one["first"] for one in told["periods"]]
    assert sum(int(row["asked"]) for row in rows) == 100
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())


def test_a_senseless_span_is_refused(keepers: TestClient) -> None:
    for wrong in ({"by": "hour"}, {"days": 0}, {"days": "x"}):
        assert keepers.get("/figures", params=wrong, headers=bearer("keeper")).status_code == 422


def test_the_views_own_words_are_in_every_language() -> None:
    words = {
        language: json.loads((FOLDER / f"figures-{language}.json").read_text(encoding="utf-8"))
        for language in LANGUAGES
    }
    common = json.loads((FOLDER / "words-en.json").read_text(encoding="utf-8"))
    for language in LANGUAGES:
        assert words[language].keys() == words["en"].keys()
        assert not words[language].keys() & common.keys()
        for name, said in words["en"].items():
            for place in ("{n}", "{first}", "{last}"):
                assert (place in said) == (place in words[language][name]), (language, name)


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[sync_api.Browser]:
    with chromium_browser(chromium) as browser:
        yield browser


@pytest.fixture(scope="module")
def home(documents: list[FakeDocument], filled: Journal) -> Iterator[str]:
    with serving(create_app(FakeKnowledge(documents), load_settings(), journal=filled)) as where:
        yield where


@pytest.mark.browser
def test_figures_are_drawn_told_and_exported(browser: sync_api.Browser, home: str) -> None:
    with visiting(browser) as visit:
        page = visit.page
        page.goto(home)
        assert not any("figures" in url for url in visit.asked)
        page.get_by_role("link", name="Figures").click()
        page.get_by_role("heading", name="Figures", exact=True).wait_for()
        assert page.locator(".chart svg rect").count() == 60
        assert page.locator(".tiles b").first.inner_text() == "73"
        page.get_by_role("button", name="A year, by month").press("Enter")
        page.wait_for_url("**list=figures-month**")
        page.locator(".tiles").get_by_text("100", exact=True).wait_for()
        month = f"{TODAY:%B} {TODAY.year}"
        assert page.locator("tbody th").first.inner_text() == month
        page.reload()
        pressed = page.locator("[data-span=figures-month]")
        pressed.wait_for()
        assert pressed.get_attribute("aria-pressed") == "true"
        with page.expect_download() as download:
            page.get_by_role("button", name="As a sheet").click()
        lines = Path(download.value.path()).read_text(encoding="utf-8-sig").splitlines()
        assert len(lines) in {13, 14}  # a year touches twelve or thirteen months
        assert visit.wrong() == []
        assert visit.elsewhere(home) == []


@pytest.mark.browser
@pytest.mark.parametrize(("language", "scheme"), [("ar", "dark"), ("ru", "light")])
def test_figures_fit_a_phone_and_axe_finds_nothing(
    browser: sync_api.Browser, home: str, language: str, scheme: str
) -> None:
    phone = {"viewport": {"width": 320, "height": 700}, "locale": language, "color_scheme": scheme}
    with visiting(browser, **phone) as visit:
        for view in ("figures", "figures-week"):
            visit.page.goto(f"{home}?list={view}")
            visit.page.wait_for_selector(".table")
            assert visit.page.evaluate("document.documentElement.scrollWidth") == 320
            assert visit.violations() == []
        assert visit.wrong() == []
