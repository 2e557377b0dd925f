"""What the service says about itself, and that nothing of it comes from elsewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from mmsearch.api import schemas
from mmsearch.api.glossary import GLOSSARY_EXAMPLE
from mmsearch.api.page import FOLDER, MEDIA, load_assets

FILES = sorted(path.name for path in FOLDER.iterdir())
QUESTION = "What does a focal point who leaves write in two pages?"


def test_every_operation_has_an_example(local: TestClient) -> None:
    api = local.get("/openapi.json").json()
    operations = [o for path in api["paths"].values() for o in path.values()]
    assert len(operations) == 45
    for operation in operations:
        content = (operation["responses"].get("201") or operation["responses"]["200"])["content"]
        assert any("example" in media for media in content.values()), operation["operationId"]
        assert operation["security"] == [{"HTTPBearer": []}]
        assert "application/problem+json" in operation["responses"]["default"]["content"]


@pytest.mark.parametrize(
    ("path", "example"),
    [
        ("/search", schemas.SEARCH_EXAMPLE),
        ("/ask", schemas.ASK_EXAMPLE),
        ("/documents", schemas.DOCUMENTS_EXAMPLE),
        ("/documents/d-guide", schemas.DOCUMENT_EXAMPLE),
        ("/glossary", GLOSSARY_EXAMPLE),
    ],
)
def test_examples_have_the_names_of_real_responses(
    local: TestClient, path: str, example: dict[str, object]
) -> None:
    params = {"q": QUESTION} if path in {"/search", "/ask"} else {}
    assert names(local.get(path, params=params).json()) == names(example)


def names(value: object) -> object:
    """Return the names in a shape, lists by their first member; facets' values are data."""
    if isinstance(value, dict):
        return {k: names(v) if k != "facets" else sorted(v) for k, v in value.items()}
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return [names(value[0])]
    return None


def test_every_file_of_the_page_is_served(local: TestClient) -> None:
    for name in FILES:
        response = local.get(f"/static/{name}")
        assert response.headers["content-type"] == MEDIA[Path(name).suffix]
        version = f"/static/{load_assets().version}/".encode()
        assert response.content.replace(version, b"/static/") == (FOLDER / name).read_bytes()
        again = local.get(f"/static/{name}", headers={"If-None-Match": response.headers["etag"]})
        assert again.status_code == 304


def test_the_page_has_nothing_inline_and_nothing_from_elsewhere(local: TestClient) -> None:
    response = local.get("/")
    html = response.text
    assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:", html)
    assert re.findall(r"<script[^>]*>(.*?)</script>", html) == [""]
    everything = "".join((FOLDER / name).read_text() for name in FILES if name != "icon.svg")
    assert not re.search(
        r"https?://(?!www\.w3\.org/2000/svg)|@import|innerHTML|outerHTML|insertAdjacentHTML",
        everything,
    )
    policy = response.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "script-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
