"""Where a source opens: on our own page with the passage marked, else where it was published."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from bots.slack.elements import is_address
from index.types import StoredDocument
from ingest.types import Locator
from mmsearch.links import document_link


@dataclass(frozen=True, slots=True)
class Links:
    """Makes addresses.

    Attributes:
        base: The service's public address, or "" where it has none.
    """

    base: str = ""

    def passage(
        self,
        passage_id: str,
        document: StoredDocument,
        locator: Locator,
        span: tuple[int, int] | None = None,
    ) -> str:
        """Return where a passage, or a span of it, opens marked; "" where there is no address."""
        if not self.base:
            return self.published(document, locator)
        return document_link(document.doc_id, passage_id=passage_id, span=span, base=self.base)

    def published(self, document: StoredDocument, locator: Locator | None = None) -> str:
        """Return where a document was published, at its page, or ""."""
        url = document.metadata.source_url
        if not is_address(url):
            return ""
        page = locator.pages[0].index + 1 if locator and locator.pages else 0
        is_pdf = urlsplit(url).path.lower().endswith(".pdf")
        if page and is_pdf:
            return f"{url.partition('#')[0]}#page={page}"
        anchor = quote(locator.anchor, safe="") if locator else ""
        return f"{url.partition('#')[0]}#{anchor}" if anchor else url
