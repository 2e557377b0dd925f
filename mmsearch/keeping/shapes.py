"""The JSON of the queue and of the keepers' list of documents. Pure."""

from __future__ import annotations

from typing import Any

from index.inventory import Place
from index.notes import FailedFile, LeftOut
from index.types import StoredDocument
from ingest.edits import Edits
from mmsearch.keeping.types import UPLOADS, Entry
from mmsearch.shapes import Shape, document_shape


def entry_shape(entry: Entry) -> Shape:
    """Give an entry of the queue."""
    return {
        "entry_id": entry.entry_id,
        "kind": entry.kind.value,
        "file": entry.file,
        "state": entry.state.value,
        "reason": entry.reason,
        "failure": entry.failure,
        "size": entry.size,
        "doc_id": entry.doc_id or None,
        "documents": entry.documents,
        "failed": entry.failed,
        "received": entry.received,
        "changed": entry.changed,
    }


def kept_shape(document: StoredDocument, place: Place | None) -> Shape:
    """Give a document as its keepers see it: also groups, edits, and where its file lies."""
    edits = Edits.stored(place.overrides).said if place else {}
    root = place.root if place else ""
    return {
        **document_shape(document),
        "state": "remarks" if document.warnings else "good",
        "reason": "",
        "failure": "",
        "groups": list(document.metadata.groups),
        "edited": sorted(edits),
        "folder": root,
        "uploaded": root.endswith(f"/{UPLOADS}"),
    }


def failed_shape(one: FailedFile) -> Shape:
    """Give a file that failed."""
    return _file(one.path, one.file, one.root, "failed") | {
        "reason": one.reason,
        "failure": one.failure,
        "added": one.failed,
    }


def failed_entry_shape(entry: Entry) -> Shape:
    """Give an uploaded file that failed."""
    return _file(str(entry.path), entry.file, entry.root, "failed") | {
        "reason": entry.reason,
        "failure": entry.failure,
        "added": entry.changed,
        "entry_id": entry.entry_id,
        "size": entry.size,
    }


def removed_shape(one: LeftOut, held: str | None = None) -> Shape:
    """Give a file that a keeper removed, with the id of its document while it can be taken back."""
    return _file(one.path, one.file, one.root, "removed") | {
        "title": one.title,
        "added": one.removed,
        "restorable": held,
    }


def _file(path: str, file: str, root: str, state: str) -> dict[str, Any]:
    return {
        "doc_id": None,
        "path": path,
        "file": file,
        "folder": root,
        "uploaded": root.endswith(f"/{UPLOADS}"),
        "title": file.rpartition("/")[2],
        "state": state,
        "reason": "",
        "failure": "",
        "year": None,
        "kind": "",
        "languages": [],
        "countries": [],
        "publisher": [],
        "access": "",
        "groups": [],
        "edited": [],
        "warnings": [],
    }
