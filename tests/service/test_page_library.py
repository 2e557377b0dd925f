"""The keepers' view of the library in Chromium, on a library that is read in the background."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright import sync_api

from mmsearch.api.page import FOLDER
from mmsearch.beginning import begin_library
from mmsearch.journal.types import GapState
from mmsearch.keeping.types import Limits
from tests.service.browsing import chromium_browser, visiting
from tests.service.conftest import BEARERS
from tests.service.keeping import Kept, kept, make_library

pytestmark = [pytest.mark.browser, pytest.mark.slow]
LANGUAGES = ["en", "fr", "es", "ar", "ru"]
NOTE = "Zinnober note: who leaves the harbour writes a handover of two pages."
HOSTILE = '<img src=x onerror="window.hacked=1">.txt'


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[sync_api.Browser]:
    with chromium_browser(chromium) as browser:
        yield browser


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_library(tmp_path_factory.mktemp("page"))


@pytest.fixture(scope="module")
def at(base: Path) -> Iterator[Kept]:
    with kept(base) as at:
        yield at


def row(page: sync_api.Page, title: str) -> sync_api.Locator:
    return page.locator(".kept tbody tr").filter(has=page.locator("th", has_text=title))


def test_upload_progress_searchable_edit_filter_remove(
    browser: sync_api.Browser, at: Kept, tmp_path: Path
) -> None:
    files = {"note.txt": NOTE.encode(), "fake.pdf": b"MZ\x90\x00 a program" * 20}
    files[HOSTILE] = b"Sepia walls surround the <b>old</b> market."
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    with visiting(browser) as visit:
        page = visit.page
        page.goto(at.where)
        page.get_by_role("link", name="Library", exact=True).click()
        page.get_by_role("heading", name="Library", exact=True).wait_for()
        row(page, "harbour office").wait_for()
        page.select_option("#upload-access", "internal")
        page.set_input_files("input.files", [tmp_path / name for name in files])
        page.locator(".overall progress").wait_for()
        page.locator(".entry-added", has_text="note.txt").wait_for()
        page.locator(".entry-failed", has_text="holds a Windows program").wait_for()
        page.locator(".overall", has_text="All done: 3").wait_for()
        row(page, "Zinnober note").wait_for()
        row(page, "Sepia walls").get_by_text("internal").wait_for()
        assert visit.violations() == []

        row(page, "Zinnober note").get_by_role("button", name="Edit").click()
        page.fill("#edit-year", "20190")
        page.get_by_role("button", name="Keep", exact=True).click()
        page.locator("#wrong-year", has_text="is not a year").wait_for()
        assert visit.violations() == []
        page.fill("#edit-year", "2019")
        page.fill("#edit-title", "A note <b>on</b> handing over")
        page.fill("#edit-countries", "Haiti; Serbia")
        page.keyboard.press("Enter")
        edited = row(page, "A note <b>on</b> handing over")
        edited.get_by_text("edited").wait_for()
        assert edited.get_by_role("cell").nth(1).inner_text().endswith("2019")
        page.goto(f"{at.where}?q=who leaves the harbour")
        page.locator("#facets label", has_text="Haiti").click()
        page.locator(".passage h3", has_text="A note <b>on</b> handing over").wait_for()

        page.goto(f"{at.where}?list=library")
        edited.get_by_role("button", name="Remove").click()
        page.locator("dialog", has_text="then their files are deleted for good").wait_for()
        page.locator("dialog").get_by_role("button", name="Remove").click()
        edited.wait_for(state="detached")
        assert not (at.desk.library / "uploads/note.txt").exists()
        assert visit.violations() == []
        page.keyboard.press("Enter")  # the focus is on "Undo"
        edited.get_by_text("edited").wait_for()
        assert (at.desk.library / "uploads/note.txt").read_text() == NOTE

        edited.get_by_role("button", name="Remove").click()
        page.locator("dialog").get_by_role("button", name="Remove").click()
        edited.wait_for(state="detached")
        assert not (at.desk.library / "uploads/note.txt").exists()
        assert "note.txt" not in at.found("Zinnober note")

        page.get_by_role("button", name=re.compile("^Failed")).click()
        failed = row(page, "fake.pdf")
        failed.get_by_role("button", name="Try again").click()
        page.locator("#status", has_text="read in the background").wait_for(state="attached")
        page.locator("#status", has_text="have ended").wait_for(state="attached")
        failed.get_by_role("button", name="Take off the list").click()
        failed.wait_for(state="detached")
        assert page.evaluate("window.hacked") is None
        assert visit.wrong() == []
        assert visit.elsewhere(at.where) == []


def test_files_that_are_dropped_are_taken(browser: sync_api.Browser, at: Kept) -> None:
    with visiting(browser) as visit:
        page = visit.page
        page.goto(f"{at.where}?list=library")
        row(page, "harbour office").wait_for()
        data = page.evaluate_handle(
            "() => { const data = new DataTransfer();"
            "data.items.add(new File(['Ochre roofs shine.'], 'ochre.txt'));"
            "data.items.add(new File(['no document'], '.hidden')); return data; }"
        )
        page.dispatch_event("#drop", "drop", {"dataTransfer": data})
        page.locator(".entry-added", has_text="ochre.txt").wait_for()
        assert page.locator(".entry", has_text="hidden").count() == 0
        row(page, "Ochre roofs").wait_for()
        assert visit.wrong() == []


def test_a_folder_that_is_dropped_is_taken_with_everything_in_it(
    browser: sync_api.Browser, at: Kept, tmp_path: Path
) -> None:
    """Chromium hands a folder of the disk over as it does when a person drops it."""
    inner = tmp_path / "Field notes" / "2024" / "April"
    inner.mkdir(parents=True)
    (tmp_path / "Field notes" / "empty").mkdir()
    (inner / "umber.txt").write_text("Umber sails are drying.")
    (inner / ".DS_Store").write_text("no document")
    for n in range(105):  # a reader of a folder gives at most a hundred at a time
        (tmp_path / "Field notes" / f"note-{n}.txt").write_text(f"Viridian note number {n}.")
    (tmp_path / "loose.txt").write_text("Sienna paint is loose.")
    with visiting(browser) as visit:
        page = visit.page
        sent: list[str] = []
        page.route(
            "**/keeping/uploads?*", lambda route: (sent.append(route.request.url), route.abort())
        )
        page.goto(f"{at.where}?list=library")
        row(page, "harbour office").wait_for()
        files = [str(tmp_path / "Field notes"), str(tmp_path / "loose.txt")]
        held = {"items": [], "files": files, "dragOperationsMask": 1}
        cdp = page.context.new_cdp_session(page)
        for kind in ("dragEnter", "dragOver", "drop"):
            cdp.send("Input.dispatchDragEvent", {"type": kind, "x": 90, "y": 90, "data": held})
        page.locator("#queue summary", has_text="Files: 107").wait_for()
        page.locator(".entry-refused").nth(59).wait_for()  # the last of those that are shown
        names = {parse_qs(urlsplit(url).query)["name"][0] for url in sent}
        assert {"Field notes/2024/April/umber.txt", "loose.txt"} <= names
        assert {f"Field notes/note-{n}.txt" for n in range(105)} <= names
        assert len(names) == 107


def test_what_is_refused_is_said_and_can_be_tried_again(
    browser: sync_api.Browser, tmp_path: Path
) -> None:
    (tmp_path / "library").mkdir()
    base = make_library(tmp_path / "library")  # of its own: nothing may read what waits here
    (tmp_path / "large.txt").write_bytes(b"x" * 9_000_000)
    (tmp_path / "small.txt").write_bytes(b"Indigo sails.")
    small = Limits(file_bytes=8_000_000)
    with kept(base, start=False, limits=small) as at, visiting(browser) as visit:
        page = visit.page
        page.goto(f"{at.where}?list=library")
        row(page, "harbour office").wait_for()
        page.set_input_files("input.files", [tmp_path / "large.txt", tmp_path / "small.txt"])
        page.locator(".entry-refused", has_text="larger than is taken here").wait_for()
        page.locator(".entry-waiting", has_text="small.txt").wait_for()
        page.get_by_role("button", name="Cancel: small.txt").click()
        page.locator(".entry", has_text="small.txt").wait_for(state="detached")
    full = Limits(reserve_bytes=1 << 60)
    with kept(base, start=False, limits=full) as at, visiting(browser) as visit:
        page = visit.page
        page.goto(f"{at.where}?list=library")
        row(page, "harbour office").wait_for()
        page.set_input_files("input.files", tmp_path / "large.txt")
        refused = page.locator(".entry-refused", has_text="The disk of the library is full")
        refused.wait_for()
        assert visit.violations() == []
        at.desk.intake.limits = Limits(reserve_bytes=0)
        refused.get_by_role("button", name="Try again").click()
        page.locator(".entry-waiting", has_text="large.txt").wait_for()
        page.get_by_role("button", name="Cancel: large.txt").click()
        page.locator(".entry", has_text="large.txt").wait_for(state="detached")


def test_a_gap_is_settled_by_the_document_that_is_uploaded_for_it(
    browser: sync_api.Browser, at: Kept, tmp_path: Path
) -> None:
    question = "Where do mangrove penguins migrate in winter?"
    at.client.post("/gaps", json={"question": question})
    (tmp_path / "penguins.txt").write_text("Mangrove penguins migrate to the lagoon in winter.")
    with visiting(browser) as visit:
        page = visit.page
        page.goto(f"{at.where}?list=gaps")
        page.get_by_role("link", name="Add a document for it").first.click()
        page.locator(".for-gap", has_text=question).wait_for()
        page.set_input_files("input.files", tmp_path / "penguins.txt")
        page.get_by_role("link", name="Ask it again").wait_for()
        states = {gap["question"]: gap["state"] for gap in at.client.get("/gaps").json()["gaps"]}
        assert states[question] == GapState.ADDED
        page.get_by_role("link", name="Ask it again").click()
        page.locator(".sentences", has_text="lagoon").wait_for()
        assert visit.wrong() == []


def test_by_keyboard_alone_a_document_is_edited(browser: sync_api.Browser, at: Kept) -> None:
    with visiting(browser) as visit:
        page = visit.page
        page.goto(f"{at.where}?list=library")
        button = row(page, "harbour office").get_by_role("button", name="Edit")
        button.wait_for()
        button.focus()
        page.keyboard.press("Enter")
        page.locator("dialog").wait_for()
        page.keyboard.press("Escape")
        page.locator("dialog").wait_for(state="detached")
        button.focus()
        page.keyboard.press("Enter")
        page.locator("#edit-kind").focus()
        page.keyboard.type("register")
        page.keyboard.press("Enter")
        row(page, "harbour office").get_by_text("register").wait_for()


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_on_a_phone_in_the_dark(
    browser: sync_api.Browser, at: Kept, language: str
) -> None:
    words = json.loads((FOLDER / f"library-{language}.json").read_text(encoding="utf-8"))
    size = {"width": 360, "height": 740}
    with visiting(browser, locale=language, viewport=size, color_scheme="dark") as visit:
        page = visit.page
        page.goto(f"{at.where}?list=library")
        page.get_by_text(words["drop_here"]).wait_for()
        row(page, "harbour office").wait_for()
        assert page.evaluate("document.documentElement.scrollWidth") == size["width"]
        assert visit.violations() == []
        row(page, "harbour office").get_by_role("button", name=words["edit"]).first.click()
        page.locator("dialog").wait_for()
        assert visit.violations() == []
        assert visit.wrong() == []


def test_every_language_has_every_word_of_the_view() -> None:
    words = {
        language: json.loads((FOLDER / f"library-{language}.json").read_text(encoding="utf-8"))
        for language in LANGUAGES
    }
    for language in LANGUAGES:
        assert words[language].keys() == words["en"].keys()
        for name, said in words[language].items():
            assert said, (language, name)
            places = re.findall(r"\{\w+\}", words["en"][name])
            assert sorted(places) == sorted(re.findall(r"\{\w+\}", said)), (language, name)


def test_a_reader_is_not_shown_the_view(browser: sync_api.Browser, base: Path) -> None:
    with kept(base, start=False, tokens=True) as at, visiting(browser) as visit:
        page = visit.page
        page.goto(at.where)
        page.wait_for_selector(".begin")
        assert not page.is_visible("#to-library")
        page.evaluate("token => sessionStorage.setItem('mmsearch-token', token)", BEARERS["public"])
        page.goto(f"{at.where}?list=library")
        page.locator(".notice", has_text="Only the library's keeper").wait_for()
        assert page.locator(".keeping table").count() == 0
        assert at.desk.inventory().places


def test_an_empty_library_is_filled_on_its_first_page(
    browser: sync_api.Browser, tmp_path: Path
) -> None:
    library = tmp_path / "library"
    begin_library(library)
    (tmp_path / "first.txt").write_text(NOTE)
    with kept(library, tokens=True) as at:
        with visiting(browser) as visit:
            visit.page.goto(at.where)
            visit.page.locator(".notice", has_text="nothing here to read yet").wait_for()
            assert visit.page.locator("#drop").count() == 0
            assert visit.violations() == []
        with visiting(browser) as visit:
            page = visit.page
            page.add_init_script(f"sessionStorage['mmsearch-token'] = '{BEARERS['keeper']}'")
            page.goto(at.where)
            page.get_by_role("heading", name="The library is empty").wait_for()
            assert visit.violations() == []
            page.set_input_files("input.files", tmp_path / "first.txt")
            page.locator(".entry-added", has_text="first.txt").wait_for()
            page.get_by_role("button", name="Begin asking").click()
            page.locator("#holds", has_text="Documents: 1").wait_for()
            page.locator(".begin").wait_for()
            assert visit.wrong() == []
    assert at.desk.generation() == 1


def test_a_change_waits_for_another_and_is_made_by_itself(
    browser: sync_api.Browser, at: Kept
) -> None:
    busy = {"type": "urn:mmsearch:problem:library-busy", "detail": "Another process is writing."}
    left = {"PATCH": 2, "POST": 1}

    def refuse(route: sync_api.Route) -> None:
        method = route.request.method
        if left.get(method, 0):
            left[method] -= 1
            route.fulfill(status=409, body=json.dumps(busy))
        else:
            route.continue_()

    with visiting(browser) as visit:
        page = visit.page
        for address in ("**/keeping/documents", "**/keeping/documents/remove"):
            page.route(address, refuse)
        page.goto(f"{at.where}?list=library")
        row(page, "harbour office").get_by_role("button", name="Edit").click()
        page.fill("#edit-year", "2012")
        page.get_by_role("button", name="Keep", exact=True).click()
        page.locator("dialog.edit", has_text="Yours waits for its turn").wait_for()
        page.locator("dialog.edit").wait_for(state="detached")
        assert at.document("harbour.txt")["year"] == 2012
        row(page, "harbour office").get_by_role("button", name="Remove").click()
        page.locator("dialog").get_by_role("button", name="Remove").click()
        page.locator("#toast", has_text="Yours waits for its turn").wait_for()
        page.locator("#toast").get_by_role("button", name="Undo").click()
        row(page, "harbour office").get_by_text("2012").wait_for()
        assert left == {"PATCH": 0, "POST": 0}
        assert visit.wrong() == []
