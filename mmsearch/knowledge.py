"""The one door to a library: for the command line, the service, bots and notebooks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from index.types import (
    DocumentText,
    Filters,
    Reader,
    SearchResult,
    StoredDocument,
    StoredPassage,
)
from ingest.types import Locator
from mmsearch.types import Answer


@dataclass(frozen=True, slots=True)
class Status:
    """What a library holds, of what its reader may see."""

    generation: int
    n_documents: int
    n_passages: int
    model: str


@dataclass(frozen=True, slots=True)
class DocumentPage:
    """One page of a listing, with the number of documents in all of it."""

    documents: tuple[StoredDocument, ...]
    total: int


class KnowledgeBase:
    """An open library. Safe for use by several threads; sees one generation per call.

    Every call takes the reader it is for and raises ``NotFound`` alike for what does not
    exist and for what that reader may not see.
    """

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Open the library in ``folder`` for reading.

        Raises:
            LibraryNotFound: There is none.
            WrongModel: It was embedded with another model than the configured one.
        """
        raise NotImplementedError

    def search(
        self, question: str, *, reader: Reader, filters: Filters | None = None, limit: int = 10
    ) -> SearchResult:
        """Search. Raises BadQuery (empty, over 2,000 characters) and BadFilter."""
        raise NotImplementedError

    def ask(self, question: str, *, reader: Reader, filters: Filters | None = None) -> Answer:
        """Answer from the library or say that it does not know."""
        raise NotImplementedError

    def documents(
        self,
        *,
        reader: Reader,
        filters: Filters | None = None,
        offset: int = 0,
        limit: int = 50,
    ) -> DocumentPage:
        """List documents by title, then by id."""
        raise NotImplementedError

    def document(self, doc_id: str, *, reader: Reader) -> StoredDocument:
        """Return one document."""
        raise NotImplementedError

    def text(self, doc_id: str, *, reader: Reader) -> DocumentText:
        """Return a document's text and blocks."""
        raise NotImplementedError

    def passage(self, passage_id: str, *, reader: Reader) -> StoredPassage:
        """Return one passage."""
        raise NotImplementedError

    def locate(self, doc_id: str, start: int, end: int, *, reader: Reader) -> Locator:
        """Return where a span of a document's text stands in its file."""
        raise NotImplementedError

    def original(self, doc_id: str, *, reader: Reader) -> Path:
        """Return the path of the stored original, its bytes checked against their digest."""
        raise NotImplementedError

    def facets(
        self, *, reader: Reader, filters: Filters | None = None
    ) -> Mapping[str, Mapping[str, int]]:
        """Count documents by "kind", "country", "year", "language" and "publisher"."""
        raise NotImplementedError

    def status(self, *, reader: Reader) -> Status:
        """Return what the library holds."""
        raise NotImplementedError

    def close(self) -> None:
        """Close it; other threads' calls in flight end first."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
