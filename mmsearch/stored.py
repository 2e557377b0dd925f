"""What a reader may see of one generation's documents: their text, passages and places.

Each function raises ``NotFound`` alike for what does not exist and for what its reader may not see.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import overload

from index.errors import NotFound
from index.reading import DocumentEntry, PassageRow
from index.retrieve import stored_passage
from index.snapshot import Snapshot
from index.types import DocumentText, Reader, StoredPassage
from ingest.locate import locate
from ingest.types import Locator


def text_of(snapshot: Snapshot, doc_id: str, reader: Reader) -> DocumentText:
    """Return a document's text and blocks."""
    entry = snapshot.catalogue.entry(doc_id, reader)
    content = snapshot.reading.content(entry.content_no)
    return DocumentText(doc_id, content.text, content.blocks)


class DocumentPassages(Sequence[StoredPassage]):
    """The passages of a document, in order; each is put together when somebody looks at it."""

    def __init__(
        self, snapshot: Snapshot, entry: DocumentEntry, rows: Sequence[PassageRow]
    ) -> None:
        self._snapshot = snapshot
        self._entry = entry
        self._rows = rows
        self._made: dict[int, StoredPassage] = {}

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, at: int) -> StoredPassage: ...

    @overload
    def __getitem__(self, at: slice) -> tuple[StoredPassage, ...]: ...

    def __getitem__(self, at: int | slice) -> StoredPassage | tuple[StoredPassage, ...]:
        if isinstance(at, slice):
            return tuple(self[n] for n in range(*at.indices(len(self))))
        at = range(len(self))[at]
        if at not in self._made:
            self._made[at] = stored_passage(self._snapshot, self._entry, self._rows[at])
        return self._made[at]


def passages_of(snapshot: Snapshot, doc_id: str, reader: Reader) -> DocumentPassages:
    """Return the passages of a document, in order."""
    entry = snapshot.catalogue.entry(doc_id, reader)
    return DocumentPassages(snapshot, entry, snapshot.reading.passages_of(entry.content_no))


def passage_named(snapshot: Snapshot, passage_id: str, reader: Reader) -> StoredPassage:
    """Return one passage."""
    try:
        entry = snapshot.catalogue.entry(passage_id.partition(".")[0], reader)
    except NotFound:
        raise NotFound(f"there is no passage {passage_id!r} in this library") from None
    for row in snapshot.reading.passages_named(passage_id):
        if row.content_no == entry.content_no:
            return stored_passage(snapshot, entry, row)
    raise NotFound(f"there is no passage {passage_id!r} in this library")


def place_of(snapshot: Snapshot, doc_id: str, start: int, end: int, reader: Reader) -> Locator:
    """Return where a span of a document's text stands in its file.

    Raises:
        NotFound: There is no such document, or no such span in it.
    """
    entry = snapshot.catalogue.entry(doc_id, reader)
    content = snapshot.reading.content(entry.content_no)
    if not 0 <= start < end <= len(content.text):
        raise NotFound(f"document {doc_id!r} has no characters {start} to {end}")
    return locate(
        start,
        end,
        text=content.text,
        blocks=content.blocks,
        unit=content.unit,
        pages=content.pages,
        words=content.words,
    )
