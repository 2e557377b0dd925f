"""What a reader may see of one generation's documents: their text, passages and places.

Each function raises ``NotFound`` alike for what does not exist and for what its reader may not see.
"""

from __future__ import annotations

from index.errors import NotFound
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


def passages_of(snapshot: Snapshot, doc_id: str, reader: Reader) -> tuple[StoredPassage, ...]:
    """Return the passages of a document, in order."""
    entry = snapshot.catalogue.entry(doc_id, reader)
    rows = snapshot.reading.passages_of(entry.content_no)
    return tuple(stored_passage(snapshot, entry, row) for row in rows)


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
