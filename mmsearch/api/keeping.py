"""Routes for the people who keep the library: its documents, edits, removals, reading again."""

from __future__ import annotations

import time
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from index.types import KEEPER
from mmsearch.api.context import Services, desk, services
from mmsearch.api.reader import Keeper
from mmsearch.api.schemas import DOCUMENT_EXAMPLE, described
from mmsearch.keeping.listing import Wanted, list_kept
from mmsearch.keeping.shapes import entry_shape, kept_shape

router = APIRouter(tags=["keeping"], prefix="/keeping")

MOST_AT_ONCE = 1000
"""How many documents one request may change."""
MOVED_SECONDS = 5.0
KEPT_EXAMPLE: dict[str, Any] = {
    **DOCUMENT_EXAMPLE,
    "state": "good",
    "reason": "",
    "failure": "",
    "groups": [],
    "edited": ["year"],
    "folder": "/data/reports",
    "uploaded": False,
}
LIST_EXAMPLE = {
    "documents": [KEPT_EXAMPLE],
    "total": 1,
    "counts": {"good": 1, "remarks": 0, "failed": 0, "removed": 0},
    "known": {"kind": ["guideline"], "group": ["haiti"]},
}
DONE_EXAMPLE = {"changed": ["d_5f2c"], "generation": 8}
Ids = Annotated[list[str], Field(max_length=MOST_AT_ONCE, description="Ids of documents.")]


class KeptParameters(BaseModel):
    """Which documents the keepers want to see."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    q: str = Field("", max_length=200, description="Words of its title or file.")
    state: Literal["", "good", "remarks", "failed", "removed"] = Field("", description="State.")
    kind: str = Field("", max_length=200, description="Kind of document.")
    access: str = Field("", max_length=20, description="Who may read it.")
    sort: Literal["title", "added", "year", "file"] = Field("title", description="Order.")
    descending: bool = Field(False, description="The other way round.")
    offset: int = Field(0, ge=0, le=10_000_000, description="How many to leave out at the start.")
    limit: int = Field(50, ge=1, le=500, description="How many to list.")


class EditBody(BaseModel):
    """What is edited: a field that is null is taken back, one that is left out stays."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    doc_ids: Ids
    fields: dict[str, Any] = Field(max_length=20, description="Values by field.")


class DocumentsBody(BaseModel):
    """Which documents are meant."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    doc_ids: Ids


class AgainBody(BaseModel):
    """What is read again: documents, or files that failed or were removed, by their place."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    doc_ids: Ids = []
    paths: list[str] = Field([], max_length=MOST_AT_ONCE, description="Places of files.")
    failed: bool = Field(False, description="Everything that failed.")


@router.get("/documents", summary="Documents as kept", responses=described(LIST_EXAMPLE))
def documents(
    request: Request, keeper: Keeper, wanted: Annotated[KeptParameters, Query()]
) -> JSONResponse:
    """List documents with their state, and files that failed or were removed, with the reason."""
    at, work = desk(request), services(request)
    _move(work, at.generation())
    found = list_kept(
        work.knowledge.readable(reader=KEEPER),
        at.inventory(),
        at.store.entries(),
        Wanted(**wanted.model_dump()),
    )
    return JSONResponse(found)


@router.get("/documents/{document}", summary="One as kept", responses=described(KEPT_EXAMPLE))
def one(
    request: Request,
    keeper: Keeper,
    document: Annotated[str, Path(max_length=200, description="Id of a document.")],
) -> JSONResponse:
    """Describe one document with its groups, its edits, and where its file lies."""
    stored = services(request).knowledge.document(document, reader=keeper)
    return JSONResponse(kept_shape(stored, desk(request).inventory().places.get(document)))


@router.patch("/documents", summary="Edit documents", responses=described(DONE_EXAMPLE))
def edit(request: Request, keeper: Keeper, given: EditBody) -> JSONResponse:
    """Edit metadata; it holds at once, and wins over file and manifest from then on."""
    work = services(request)
    changed, generation = desk(request).edit(given.doc_ids, given.fields, work.knowledge.embedder)
    _move(work, generation)
    return JSONResponse({"changed": changed, "generation": generation})


@router.post("/documents/remove", summary="Remove documents", responses=described(DONE_EXAMPLE))
def remove(request: Request, keeper: Keeper, given: DocumentsBody) -> JSONResponse:
    """Remove documents, with what lies in them; uploaded files are deleted.

    For ten minutes it can be undone. The file of another document stays where it is, and is left
    out of later runs.
    """
    changed, generation = desk(request).remove(given.doc_ids)
    _move(services(request), generation)
    return JSONResponse({"changed": changed, "generation": generation})


@router.post("/documents/restore", summary="Undo a removal", responses=described(DONE_EXAMPLE))
def restore(request: Request, keeper: Keeper, given: DocumentsBody) -> JSONResponse:
    """Take documents back that were removed in the last ten minutes, as they were."""
    work = services(request)
    changed, generation = desk(request).restore(given.doc_ids, work.knowledge.embedder)
    _move(work, generation)
    return JSONResponse({"changed": changed, "generation": generation})


@router.post("/again", summary="Read again", responses=described({"entries": []}))
def again(request: Request, keeper: Keeper, given: AgainBody) -> JSONResponse:
    """Read documents again, or files that failed or were removed, in the background."""
    at = desk(request)
    paths = list(given.paths)
    if given.failed:
        paths += [one.path for one in at.inventory().failures]
    entries = at.read_again(given.doc_ids, list(dict.fromkeys(paths)))
    entries += at.try_all_again() if given.failed else []
    return JSONResponse({"entries": [entry_shape(entry) for entry in entries]})


def _move(work: Services, generation: int) -> None:
    """Have this process show a generation before it is reported as done."""
    until = time.monotonic() + MOVED_SECONDS
    while work.knowledge.status(reader=KEEPER).generation < generation:
        if time.monotonic() > until:
            return
        time.sleep(0.02)
