"""Routes of the queue: files that keepers upload, and where each of them stands."""

from __future__ import annotations

from contextlib import suppress
from typing import Annotated, Any, Self

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field, model_validator
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from ingest.types import AccessLevel
from mmsearch.api.context import desk
from mmsearch.api.problems import NOT_FOUND, Problem, Refused
from mmsearch.api.reader import Keeper
from mmsearch.api.schemas import described, is_text
from mmsearch.keeping.errors import UploadRefused
from mmsearch.keeping.receive import Receiving, Wish
from mmsearch.keeping.shapes import entry_shape
from mmsearch.keeping.types import Entry

router = APIRouter(tags=["keeping"], prefix="/keeping")

STREAMED = "/keeping/uploads"
"""The one path whose body is not read before its route runs."""
MEDIA_TYPE = "application/octet-stream"
BLOCK = 256 * 1024
"""Bytes of one upload that are held in memory, and written at once."""
MOST_DRAINED = 250_000_000
"""Bytes of a file that is refused which are read for nothing, so that its sender hears why."""
WRONG_TYPE = Problem(
    415, "wrong-type", f"Send the file's bytes as the body, with 'Content-Type: {MEDIA_TYPE}'."
)
ENTRY_EXAMPLE: dict[str, Any] = {
    "entry_id": "u_5f2c81d05f2c81d0",
    "kind": "upload",
    "file": "annex/report.pdf",
    "state": "waiting",
    "reason": "",
    "failure": "",
    "size": 48213,
    "doc_id": None,
    "documents": 0,
    "failed": 0,
    "received": "2024-05-02T09:30:00+00:00",
    "changed": "2024-05-02T09:30:00+00:00",
}
QUEUE_EXAMPLE = {
    "entries": [ENTRY_EXAMPLE],
    "blocked_by": "",
    "trouble": "",
    "generation": 7,
    "file_bytes": 200_000_000,
}
RECEIVED: dict[int | str, Any] = {
    (201 if status == 200 else status): said for status, said in described(ENTRY_EXAMPLE).items()
}
RECEIVED[201]["content"] = {"application/json": {"example": ENTRY_EXAMPLE}}
EntryId = Annotated[str, Path(max_length=100, description="Id of an entry of the queue.")]


class UploadParameters(BaseModel):
    """What is said of a file that is uploaded."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    name: str = Field(min_length=1, max_length=1000, description="Its name, perhaps with folders.")
    replace: bool = Field(
        False,
        description="Whether it is a new version of the uploaded file of that name; otherwise "
        "it is kept beside that, under a name of its own.",
    )
    access: AccessLevel | None = Field(None, description="Who may read it.")
    group: list[str] = Field([], max_length=50, description="Groups, where it is restricted.")

    @model_validator(mode="after")
    def _sensible(self) -> Self:
        if not all(map(is_text, (self.name, *self.group))):
            raise ValueError("it has characters that are no text")
        if self.group and self.access is not AccessLevel.RESTRICTED:
            raise ValueError("groups are named, so access must be 'restricted'")
        return self


@router.get("/uploads", summary="The queue", responses=described(QUEUE_EXAMPLE))
def queue(request: Request, keeper: Keeper) -> JSONResponse:
    """List what is received, waits, is read or has ended, and who keeps it waiting."""
    at = desk(request)
    return JSONResponse(
        {
            "entries": [entry_shape(entry) for entry in at.entries()],
            "blocked_by": at.blocked_by(),
            "trouble": at.trouble(),
            "generation": at.generation(),
            "file_bytes": at.intake.limits.file_bytes,
        }
    )


@router.post("/uploads", summary="Upload a file", status_code=201, responses=RECEIVED)
async def upload(
    request: Request, keeper: Keeper, wanted: Annotated[UploadParameters, Query()]
) -> JSONResponse:
    """Take a file in: its bytes are the body. It is read in the background.

    Answers 413 where it is too large, 429 where too much waits, 507 where the disk is full.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip() != MEDIA_TYPE:
        raise Refused(WRONG_TYPE)
    length = request.headers.get("content-length")
    size = int(length) if length is not None and length.isdecimal() else None
    groups = tuple(wanted.group)
    wish = Wish(wanted.name, size, wanted.replace, wanted.access, groups)
    try:
        entry = await _take(request, wish)
    except UploadRefused:
        await _drain(request)
        raise
    except ClientDisconnect:
        raise Refused(NOT_FOUND) from None  # nobody hears it
    desk(request).runner.wake()
    return JSONResponse(entry_shape(entry), 201)


async def _take(request: Request, wish: Wish) -> Entry:
    receiving = await run_in_threadpool(desk(request).intake.begin, wish)
    try:
        return await _receive(request, receiving)
    finally:
        await run_in_threadpool(receiving.abandon)  # nothing is left of it, unless it was kept


async def _drain(request: Request) -> None:
    """Read what is still being sent: a browser that is cut off does not show why."""
    left = MOST_DRAINED
    with suppress(ClientDisconnect, RuntimeError):
        async for chunk in request.stream():
            left -= len(chunk)
            if left < 0:
                return


async def _receive(request: Request, receiving: Receiving) -> Entry:
    block = bytearray()
    async for chunk in request.stream():
        block += chunk
        if len(block) >= BLOCK:
            await run_in_threadpool(receiving.write, bytes(block))
            block.clear()
    if block:
        await run_in_threadpool(receiving.write, bytes(block))
    return await run_in_threadpool(receiving.finish)


@router.post("/uploads/{entry_id}/again", summary="Try again", responses=described(ENTRY_EXAMPLE))
def again(request: Request, keeper: Keeper, entry_id: EntryId) -> JSONResponse:
    """Read a file that failed once more."""
    return JSONResponse(entry_shape(desk(request).try_again(entry_id)))


@router.delete(
    "/uploads/{entry_id}", summary="Take off the list", responses=described({"removed": True})
)
def cancel(request: Request, keeper: Keeper, entry_id: EntryId) -> JSONResponse:
    """Take a file that waits out of the queue, or one that has ended off the list.

    A document that came of it stays.
    """
    desk(request).cancel(entry_id)
    return JSONResponse({"removed": True})
