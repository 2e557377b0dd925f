"""Documents that a keeper removed a short while ago: held, to be taken back as they were.

A removed document is in no generation from the next one on. Its text, passages, vectors and
original are wiped with the first purge after ``UNDO_SECONDS``.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from index import schema
from index.errors import NotFound

UNDO_SECONDS = 600.0
"""How long a removal can be undone."""
NOT_HELD = (
    "NOT EXISTS (SELECT 1 FROM left_out l WHERE l.removed > :since AND l.path = documents.path) "
    "AND NOT EXISTS (SELECT 1 FROM left_out l WHERE l.removed > :since "
    "AND substr(documents.path, 1, length(l.path) + 1) = l.path || '/')"
)
"""The condition for a version of a document that no removal holds any more."""
_HELD = (
    "SELECT d.doc_id, d.path, d.content_no, max(d.died) FROM documents d JOIN left_out l "
    "ON d.path = l.path OR substr(d.path, 1, length(l.path) + 1) = l.path || '/' "
    "WHERE l.removed > :since AND d.died IS NOT NULL AND d.doc_id NOT IN "
    "(SELECT doc_id FROM documents WHERE died IS NULL) "
)


def since() -> str:
    """Return the moment after which a removal can still be undone (UTC, ISO 8601)."""
    before = datetime.now(UTC) - timedelta(seconds=UNDO_SECONDS)
    return before.isoformat(timespec="seconds")


def read_held(db: sqlite3.Connection) -> dict[str, str]:
    """Return the ids of the documents that can be taken back, by path."""
    rows = db.execute(_HELD + "GROUP BY d.doc_id ORDER BY d.path", {"since": since()})
    return {str(path): str(doc_id) for doc_id, path, *_ in rows}


class Removed:
    """What was removed from a library that is open for writing, as far as it can be taken back."""

    def __init__(self, folder: Path, connection: sqlite3.Connection) -> None:
        self._folder = folder
        self._db = connection

    def held(self, doc_ids: Sequence[str]) -> Mapping[str, int]:
        """Return the contents of removed documents, and of what lay in them, by id.

        Raises:
            NotFound: One of them cannot be taken back, or is there.
        """
        rows = self._db.execute(_HELD + "GROUP BY d.doc_id", {"since": since()}).fetchall()
        known = {doc_id: (path, content_no, died) for doc_id, path, content_no, died in rows}
        found: dict[str, int] = {}
        for doc_id in doc_ids:
            if doc_id not in known:
                raise NotFound(f"the removal of {doc_id!r} cannot be undone any more")
            own, _, when = known[doc_id]
            for other, (path, content_no, died) in known.items():
                if died == when and (path == own or path.startswith(f"{own}/")):
                    found[other] = content_no
        return found

    def take_back(self, doc_id: str, content_no: int, pending: int) -> None:
        """Give a removed document a version like its last, from the next generation on."""
        with schema.transaction(self._db, self._folder):
            alive = self._db.execute(
                "UPDATE documents SET died = NULL WHERE doc_id = ? AND died = ?", (doc_id, pending)
            ).rowcount
            if not alive:
                self._db.execute(
                    "INSERT INTO documents (doc_id, path, root, file, content_no, overrides, "
                    "metadata, added, born) SELECT doc_id, path, root, file, content_no, "
                    "overrides, metadata, added, ? FROM documents WHERE doc_id = ? "
                    "AND content_no = ? ORDER BY died DESC LIMIT 1",
                    (pending, doc_id, content_no),
                )
