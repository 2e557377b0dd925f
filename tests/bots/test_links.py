from __future__ import annotations

import dataclasses

import pytest

from bots.slack.links import Links
from index.types import StoredDocument
from ingest.types import Locator, Metadata, PageArea, Unit

PAGE = Locator(Unit.PAGE, 3, 3, (), (PageArea(2, ""),))
SECTION = Locator(Unit.LINE, 3, 3, anchor="what we/learned")


@pytest.mark.parametrize(
    ("url", "locator", "link"),
    [
        ("https://x.test/a.pdf", PAGE, "https://x.test/a.pdf#page=3"),
        ("https://x.test/a", SECTION, "https://x.test/a#what%20we%2Flearned"),
        ("https://x.test/a#top", SECTION, "https://x.test/a#what%20we%2Flearned"),
        ("https://x.test/a#top", None, "https://x.test/a#top"),
        ("", SECTION, ""),
    ],
)
def test_a_published_document_opens_at_its_page_or_section(
    url: str, locator: Locator | None, link: str
) -> None:
    fields = {field.name: None for field in dataclasses.fields(StoredDocument)}
    document = StoredDocument(**fields | {"metadata": Metadata("T", source_url=url)})  # type: ignore[arg-type]
    assert Links("").published(document, locator) == link
