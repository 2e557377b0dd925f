"""What keepers see beside a library's documents: where files lie, what failed, what is left out.

Read-only; nothing here waits for a writer.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from index import schema
from index.notes import FailedFile, LeftOut, read_failures, read_left_out
from index.removed import read_held


@dataclass(frozen=True, slots=True)
class Place:
    """Where a document's file lies, its digest, and what is said of it as it is stored."""

    doc_id: str
    path: str
    root: str
    file: str
    sha256: str
    overrides: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Inventory:
    """The places of the published documents, by id; the files that failed; those left out.

    ``held`` has the ids of removed documents that can be taken back, by path.
    """

    places: Mapping[str, Place]
    failures: tuple[FailedFile, ...]
    left_out: tuple[LeftOut, ...]
    held: Mapping[str, str] = field(default_factory=dict)


def read_inventory(folder: Path) -> Inventory:
    """Read the inventory of a library.

    Raises:
        LibraryNotFound, LibraryDamaged, WrongVersion: As the names say.
    """
    with closing(schema.connect_reader(folder)) as db, schema.translated(folder):
        rows = db.execute(
            "SELECT d.doc_id, d.path, d.root, d.file, c.sha256, d.overrides FROM documents d "
            "JOIN contents c USING (content_no) CROSS JOIN "
            "(SELECT value AS g FROM meta WHERE key = 'generation') "
            "WHERE d.born <= g AND (d.died IS NULL OR d.died > g)"
        )
        places = {
            doc_id: Place(doc_id, path, root, file, sha256, json.loads(overrides))
            for doc_id, path, root, file, sha256, overrides in rows
        }
        failures, left_out = tuple(read_failures(db)), tuple(read_left_out(db))
        return Inventory(places, failures, left_out, read_held(db))


def read_generation(folder: Path) -> int:
    """Return the published generation; raises as ``read_inventory``."""
    with closing(schema.connect_reader(folder)) as db, schema.translated(folder):
        return int(db.execute("SELECT value FROM meta WHERE key = 'generation'").fetchone()[0])
