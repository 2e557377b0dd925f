"""What a citation of each format says of its place, and what opens there."""

from __future__ import annotations

from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import docx
import pytest
from docx.oxml import OxmlElement
from fastapi.testclient import TestClient
from openpyxl import Workbook
from pptx import Presentation

from index.types import KEEPER
from mmsearch.api.app import create_app
from mmsearch.knowledge import KnowledgeBase
from mmsearch.loading import LoadOptions, load
from mmsearch.phrases.catalogue import place
from mmsearch.settings import load_settings
from tests.service.conftest import client_of


def write(folder: Path) -> None:
    folder.mkdir()
    book = Workbook()
    book.active.title = "Costs 2020"
    for row in (["Line", "Unit", "Spent"], ["Interpreters in Osh", "days", 12]):
        book.active.append(row)
    book.save(folder / "book.xlsx")
    deck = Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[5])
    slide.shapes.title.text = "Beekeepers of Batken sell honey"
    deck.save(str(folder / "deck.pptx"))
    (folder / "list.csv").write_text("Town,Clinic,Doctors\nSoroca,Clinic for seafarers,3\n")
    report = docx.Document()
    report.add_paragraph("The first page speaks of harbours.")
    run = report.add_paragraph().add_run()
    run._r.append(OxmlElement("w:lastRenderedPageBreak"))
    run.add_text("Lighthouse keepers retire early.")
    report.save(str(folder / "report.docx"))
    mail = EmailMessage()
    mail["Subject"], mail["From"] = "Vineyards", "ana@example.org"
    mail.set_content("Grape pickers return in autumn.")
    mail.add_attachment(
        b"<script>alert(1)</script><p>Cellars are inspected.</p>",
        maintype="text",
        subtype="html",
        filename="page.html",
    )
    (folder / "mail.eml").write_bytes(mail.as_bytes())


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[KnowledgeBase, TestClient]]:
    folder = tmp_path_factory.mktemp("places")
    write(folder / "documents")
    options = LoadOptions(library=folder / "library", workers=1)
    report = load([folder / "documents"], options, begin=lambda _: None, each=lambda _: None)
    assert report.failed() == []
    with (
        KnowledgeBase.open(folder / "library") as knowledge,
        client_of(create_app(knowledge, load_settings())) as client,
    ):
        yield knowledge, client


@pytest.mark.slow
@pytest.mark.parametrize(
    ("question", "file", "words", "french", "locator"),
    [
        (
            "interpreters Osh days",
            "book.xlsx",
            "sheet Costs 2020, row 2",
            "feuille Costs 2020, ligne 2",
            {
                "unit": "row",
                "first": 2,
                "last": 2,
                "sheet": "Costs 2020",
                "anchor": None,
                "pages": [],
            },
        ),
        (
            "beekeepers sell honey",
            "deck.pptx",
            "slide 1",
            "diapositive 1",
            {"unit": "slide", "first": 1, "last": 1, "sheet": None},
        ),
        (
            "clinic for seafarers",
            "list.csv",
            "row 2",
            "ligne 2",
            {"unit": "row", "first": 2, "last": 2, "sheet": None},
        ),
        ("grape pickers", "mail.eml", "paragraphs 1–3", "paragraphes 1–3", None),
        ("cellars inspected", "mail.eml/page.html", "line 1", "ligne 1", None),
    ],
)
def test_the_place_in_words_and_in_json(
    opened: tuple[KnowledgeBase, TestClient],
    question: str,
    file: str,
    words: str,
    french: str,
    locator: dict[str, object] | None,
) -> None:
    knowledge, client = opened
    hit = client.get("/search", params={"q": question}).json()["hits"][0]
    assert (hit["file"], hit["place"]) == (file, words)
    assert (locator or {}).items() <= hit["locator"].items()
    found = knowledge.search(question, reader=KEEPER).hits[0]
    assert place(found.passage.locator, "fr") == french


@pytest.mark.slow
def test_a_word_page_is_said_and_not_drawn(opened: tuple[KnowledgeBase, TestClient]) -> None:
    _, client = opened
    answer = client.get("/ask", params={"q": "When do lighthouse keepers retire?"}).json()
    (citation,) = answer["citations"]
    assert (citation["page"], citation["place"]) == (2, "p. 2, paragraph 2")
    picture = client.get(f"/documents/{citation['doc_id']}/pages/2.png")
    assert picture.status_code == 404
    assert client.get(f"/documents/{citation['doc_id']}/pages").json()["pages"] == []


@pytest.mark.slow
def test_no_original_runs_in_the_browser(opened: tuple[KnowledgeBase, TestClient]) -> None:
    _, client = opened
    kinds = {}
    for document in client.get("/documents").json()["documents"]:
        response = client.get(f"/documents/{document['doc_id']}/file")
        assert response.headers["content-disposition"].startswith("attachment")
        assert response.headers["x-content-type-options"] == "nosniff"
        assert "sandbox" in response.headers["content-security-policy"]
        kinds[document["file"]] = response.headers["content-type"].split(";")[0]
    assert kinds["mail.eml"] == kinds["mail.eml/page.html"] == kinds["list.csv"] == "text/plain"
    assert kinds["book.xlsx"].endswith("spreadsheetml.sheet")
