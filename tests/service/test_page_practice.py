"""Good practice of web pages, held cheaply: headers, caching, compression, nothing deprecated."""

from __future__ import annotations

import gzip
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright import sync_api
from starlette.testclient import TestClient

from mmsearch.api.app import create_app
from mmsearch.api.page import FOLDER, MEDIA, load_assets, takes_gzip
from mmsearch.settings import load_settings
from tests.service.browsing import chromium_browser, serving, visiting
from tests.service.fake import FakeDocument, FakeKnowledge
from tests.service.test_page_fit import VIEWS

PLAIN = {"Accept-Encoding": "identity"}
PACKED = {"Accept-Encoding": "gzip"}


@pytest.mark.parametrize("path", ["/", "/static/app.js", "/health", "/none", "/search?q=note"])
def test_every_response_says_what_a_browser_may_do_with_it(local: TestClient, path: str) -> None:
    headers = local.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "camera=()" in headers["permissions-policy"]


def test_files_are_kept_for_good_under_their_version(local: TestClient) -> None:
    page = local.get("/")
    assert page.headers["cache-control"] == "no-cache"
    named = set(re.findall(r'"(/static/[^"]+)"', page.text))
    assert named == {
        f"/static/{load_assets().version}/{name}"
        for name in ("icon.svg", "style.css", "reader.css", "app.js")
    }
    for path in named:
        assert local.get(path).headers["cache-control"].endswith("immutable")
        older = local.get(re.sub(r"static/\w+", "static/0123456789ab", path))
        assert (older.status_code, older.headers["cache-control"]) == (200, "no-cache")
    assert local.get("/static/0123456789ab/none.js").status_code == 404


def test_modules_stay_within_their_version() -> None:
    for path in FOLDER.glob("*.js"):
        text = path.read_text(encoding="utf-8")
        assert "/static/" not in text, path.name
        for named in re.findall(r'(?:from |import\()"([^"]+)"', text):
            assert named.startswith("./"), path.name
            assert (FOLDER / named).is_file(), named


def test_files_travel_compressed(local: TestClient) -> None:
    sizes = {}
    for path in sorted(FOLDER.iterdir()):
        address = "/" if path.name == "index.html" else f"/static/{path.name}"
        packed = local.get(address, headers=PACKED)
        plain = local.get(address, headers=PLAIN)
        assert packed.headers["content-encoding"] == "gzip"
        assert "content-encoding" not in plain.headers
        assert packed.content == plain.content
        assert packed.headers["vary"] == "Accept-Encoding"
        assert packed.headers["content-type"] == MEDIA[path.suffix]
        sizes[path.name] = int(packed.headers["content-length"])
    for language in (
        "en",
        "fr",
        "es",
        "ar",
        "ru",
    ):  # who opens every view there is, in one language
        loaded = [name for name in sizes if not re.search(rf"-(?!{language})\w\w\.json$", name)]
        assert len(loaded) < len(sizes)
        assert sum(sizes[name] for name in loaded) < 70_000, language


def test_json_travels_compressed_and_nothing_else(local: TestClient) -> None:
    for path in ("/facets", "/documents", "/search?q=handover+note"):
        packed, plain = (local.get(path, headers=how) for how in (PACKED, PLAIN))
        assert packed.json() == plain.json()
        large = len(plain.content) >= 1000
        assert (packed.headers.get("content-encoding") == "gzip") is large
        assert "Accept-Encoding" in packed.headers["vary"]
        assert "Cookie" in packed.headers["vary"]
        assert "Accept-Encoding" in plain.headers["vary"]
        if large:
            assert int(packed.headers["content-length"]) == len(gzip.compress(packed.content, 5))
    for path in ("/ask/stream?q=note", "/documents/d-guide/pages/1.png", "/documents/d-guide/file"):
        assert "content-encoding" not in local.get(path, headers=PACKED).headers


@pytest.mark.parametrize(
    ("accepted", "takes"),
    [
        ("gzip, deflate, br", True),
        ("br;q=1.0, GZIP;q=0.5", True),
        ("*", True),
        ("gzip;q=0", False),
        ("gzip; q=0.0, br", False),
        ("br", False),
        ("", False),
    ],
)
def test_only_who_takes_gzip_gets_it(accepted: str, takes: bool) -> None:
    assert takes_gzip(accepted) is takes


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[sync_api.Browser]:
    with chromium_browser(chromium) as browser:
        yield browser


@pytest.fixture(scope="module")
def home(documents: list[FakeDocument]) -> Iterator[str]:
    with serving(create_app(FakeKnowledge(documents), load_settings())) as where:
        yield where


@pytest.mark.browser
def test_no_view_logs_errors_or_uses_what_is_deprecated(
    browser: sync_api.Browser, home: str
) -> None:
    with visiting(browser) as visit:
        page, issues = visit.page, list[Any]()
        watch = page.context.new_cdp_session(page)
        watch.on("Audits.issueAdded", lambda event: issues.append(event["issue"]))
        watch.send("Audits.enable")
        for view, there in VIEWS.items():
            page.goto(f"{home}{view}")
            page.wait_for_selector(there)
            page.wait_for_load_state("networkidle")
            sized = "(img) => img.hasAttribute('width') || img.closest('.sheet').style.aspectRatio"
            assert page.evaluate(f"[...document.images].every({sized})"), view
            assert page.title(), view
        assert issues == []
        assert visit.wrong() == []


@pytest.mark.browser
def test_the_page_shows_itself_even_when_its_scripts_fail(
    browser: sync_api.Browser, home: str
) -> None:
    with visiting(browser) as visit:
        visit.page.route("**/words-*.json", lambda route: route.abort())
        visit.page.goto(home)
        visit.page.get_by_role("heading", name="Ask the library").wait_for(state="visible")


def test_what_other_programs_leave_beside_the_page_is_no_part_of_it(tmp_path: Path) -> None:
    beside = tmp_path / "web"
    shutil.copytree(FOLDER, beside)
    (beside / ".DS_Store").write_bytes(b"\x00\x01")
    (beside / "app.js~").write_text("// an older one")
    (beside / "__pycache__").mkdir()
    assert load_assets(beside) == load_assets()
