"""Where a source opens: on our own page with the passage marked, else where it was published."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from bots.slack.elements import is_address
from index.types import StoredDocument
from ingest.types import Locator


@dataclass(frozen=True, slots=True)
class Links:
    """Makes addresses.

    Attributes:
        base: The service's public address, or "" where it has none.
    """

    base: str = ""

    def passage(self, passage_id: str, document: StoredDocument, locator: Locator) -> str:
        """Return where a passage opens, or "" where there is no such address."""
        if self.base:
            return f"{self.base.rstrip('/')}/#passage={quote(passage_id, safe='')}"
        return self.published(document, locator)

    def published(self, document: StoredDocument, locator: Locator | None = None) -> str:
        """Return where a document was published, at its page, or ""."""
        url = document.metadata.source_url
        if not is_address(url):
            return ""
        page = locator.pages[0].index + 1 if locator and locator.pages else 0
        is_pdf = urlsplit(url).path.lower().endswith(".pdf")
        return f"{url.partition('#')[0]}#page={page}" if page and is_pdf else url
