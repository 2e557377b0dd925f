"""Documents, their files, pages and passages."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image
from starlette.testclient import TestClient

from mmsearch.api.files import content_disposition, original_headers
from tests.service.fake import FakeDocument, FakeKnowledge, make_document
from tests.service.library import PUBLIC

PAGE = "/documents/d-guide/pages/1.png"


def test_documents_come_in_pages(local: TestClient) -> None:
    everything = local.get("/documents").json()
    ids = [document["doc_id"] for document in everything["documents"]]
    assert everything["total"] == len(ids) == 6
    first = local.get("/documents", params={"limit": 4}).json()
    second = local.get("/documents", params={"limit": 4, "offset": 4}).json()
    assert [d["doc_id"] for d in first["documents"] + second["documents"]] == ids
    assert first["total"] == second["total"] == 6
    assert first["facets"] == everything["facets"]


def test_filters_narrow_list_total_and_facets(local: TestClient) -> None:
    listed = local.get("/documents", params={"country": "Ecuador"}).json()
    assert {d["doc_id"] for d in listed["documents"]} == {"d-guide", "d-lessons"}
    assert listed["total"] == 2
    assert listed["facets"]["kind"] == {"guideline": 1, "lessons learned": 1}


def test_one_document(local: TestClient) -> None:
    document = local.get("/documents/d-guide").json()
    assert document["title"] == "Handover guide"
    assert (document["pages"], document["passages"]) == (2, 5)
    assert document["added"] == "2024-05-02T09:30:00+00:00"
    assert document["access"] == "public"


def test_the_text_and_its_blocks(local: TestClient) -> None:
    stored = local.get("/documents/d-guide/text").json()
    first = stored["blocks"][0]
    assert stored["text"][first["start"] : first["end"]] == "Handover guide for focal points"


def test_a_passage_with_its_document(local: TestClient) -> None:
    passage = local.get("/passages/d-guide.3").json()
    text = local.get("/documents/d-guide/text").json()["text"]
    assert passage["text"] == text[passage["start"] : passage["end"]]
    assert (passage["page"], passage["page_label"]) == (2, "iv")
    assert passage["title"] == "Handover guide"


def test_a_pdf_opens_in_the_browser(local: TestClient, documents: list[FakeDocument]) -> None:
    response = local.get("/documents/d-guide/file")
    assert response.content == documents[0].path.read_bytes()
    assert response.headers["content-type"] == "application/pdf"
    assert response.headers["content-disposition"].startswith("inline; ")
    assert (
        "filename*=UTF-8''handover%20%E2%80%94%20%C2%ABguide%C2%BB.pdf"
        in (response.headers["content-disposition"])
    )
    assert local.get("/documents/d-guide/file", headers={"Range": "bytes=0-3"}).content == b"%PDF"


def test_html_is_a_download_of_plain_text(local: TestClient) -> None:
    response = local.get("/documents/d-hostile/file")
    assert response.headers["content-type"] == "text/plain"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["content-security-policy"] == "default-src 'none'; sandbox"
    disposition = response.headers["content-disposition"]
    assert disposition.startswith('attachment; filename="bad___name.html"')


@pytest.mark.parametrize("file", ["a.html", "A.HTM", "a.svg", "a.xhtml", "a.xml", "a.md", "a.txt"])
def test_texts_are_downloads(file: str) -> None:
    headers = original_headers(file)
    assert headers["Content-Type"] == "text/plain"
    assert headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in headers["Content-Security-Policy"]


@pytest.mark.parametrize("file", ["a.exe", "a", "a.js", "a.pdf.docx", ".pdf"])
def test_no_other_file_opens_in_a_browser(file: str) -> None:
    headers = original_headers(file)
    assert headers["Content-Disposition"].startswith("attachment")
    assert headers["Content-Type"].startswith("application/")


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("a b.pdf", "inline; filename=\"a b.pdf\"; filename*=UTF-8''a%20b.pdf"),
        ('é".pdf', "inline; filename=\"__.pdf\"; filename*=UTF-8''%C3%A9%22.pdf"),
        ("a\r\nb", "inline; filename=\"a__b\"; filename*=UTF-8''a__b"),
        ("\u202ecod.fdp", "inline; filename=\"_cod.fdp\"; filename*=UTF-8''_cod.fdp"),
        ("", "inline; filename=\"document\"; filename*=UTF-8''document"),
    ],
)
def test_any_name_makes_a_safe_header(name: str, header: str) -> None:
    assert content_disposition("inline", name) == header


def pixels(content: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(content)).convert("RGB"), dtype=int)


def marked(content: bytes) -> tuple[int, int] | None:
    """Return the first and last pixel row that has a colour, or None."""
    picture = pixels(content)
    rows = np.flatnonzero((np.ptp(picture, axis=2) > 20).any(axis=1))
    return (int(rows[0]), int(rows[-1])) if rows.size else None


def test_a_page_without_marks(local: TestClient) -> None:
    response = local.get(PAGE, params={"scale": 1})
    assert response.headers["content-type"] == "image/png"
    assert pixels(response.content).shape == (842, 595, 3)
    assert marked(response.content) is None


def test_a_passage_is_marked_where_it_stands(local: TestClient, knowledge: FakeKnowledge) -> None:
    response = local.get(PAGE, params={"passage": "d-guide.1", "scale": 2})
    rows = marked(response.content)
    assert rows is not None
    rects = knowledge.all[0].passages[1].locator.pages[0].rects
    assert abs(rows[0] - rects[0].y0 * 2) <= 6
    assert abs(rows[1] - rects[-1].y1 * 2) <= 6


def test_a_span_marks_its_lines_alone(local: TestClient) -> None:
    passage = local.get("/passages/d-guide.1").json()
    span = {"start": passage["start"], "end": passage["start"] + 20}
    whole = marked(local.get(PAGE, params={"passage": "d-guide.1"}).content)
    part = marked(local.get(PAGE, params=span).content)
    assert whole is not None
    assert part is not None
    assert part[0] == whole[0]
    assert part[1] < whole[1]


def test_a_mark_on_another_page_marks_nothing_here(local: TestClient) -> None:
    response = local.get("/documents/d-guide/pages/2.png", params={"passage": "d-guide.1"})
    assert response.status_code == 200
    assert marked(response.content) is None


def test_a_picture_is_asked_for_again_only_when_it_changed(local: TestClient) -> None:
    first = local.get(PAGE, params={"passage": "d-guide.1"})
    tag = first.headers["etag"]
    assert first.headers["cache-control"] == "private, no-cache"
    assert first.headers["vary"] == "Authorization, Cookie"
    again = local.get(
        PAGE, params={"passage": "d-guide.1"}, headers={"If-None-Match": f'"x", W/{tag}'}
    )
    assert (again.status_code, again.content) == (304, b"")
    for other in ({}, {"passage": "d-guide.2"}, {"passage": "d-guide.1", "scale": 3}):
        response = local.get(PAGE, params=other, headers={"If-None-Match": tag})
        assert response.status_code == 200
        assert response.headers["etag"] != tag


def test_a_file_that_cannot_be_drawn(
    local: TestClient, knowledge: FakeKnowledge, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("broken")
    broken = make_document(folder, "d-broken", "b.pdf", ((("text",),),), PUBLIC)
    broken.path.write_bytes(b"not a pdf at all")
    knowledge.all = [broken]
    response = local.get("/documents/d-broken/pages/1.png")
    assert response.status_code == 500
    assert response.json()["type"] == "urn:mmsearch:problem:picture-failed"
    assert str(broken.path) not in response.text
