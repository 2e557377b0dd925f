"""Routes for packs: made by whoever may read, read with each reader's own rights."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Header, Path, Query, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field, field_validator

from index.types import Reader
from mmsearch.api.context import Services, library, services
from mmsearch.api.files import content_disposition
from mmsearch.api.reader import CurrentReader
from mmsearch.api.schemas import described, is_text
from mmsearch.packs.collect import MOST_SNIPPETS, Wanted, collect, read_pack
from mmsearch.packs.errors import PacksUnavailable
from mmsearch.packs.outline import Outline, clean, outline
from mmsearch.packs.store import PackStore
from mmsearch.packs.types import Pack, ReadPack, ReadSnippet
from mmsearch.shapes import place_shape, source_shape

router = APIRouter(tags=["packs"], prefix="/packs")

OFFICE = "application/vnd.openxmlformats-officedocument."
MEDIA: Mapping[str, str] = {
    "docx": f"{OFFICE}wordprocessingml.document",
    "pdf": "application/pdf",
    "md": "text/markdown; charset=utf-8",
    "pptx": f"{OFFICE}presentationml.presentation",
}
PACK_EXAMPLE: dict[str, Any] = {
    "pack_id": "p_5f2c81d05f2c81d05f2c81d0",
    "name": "Handover",
    "revision": 2,
    "snippets": [{"snippet_id": "s_5f2c81d05f2c", "state": "same", "quote": "A focal point …"}],
}
MADE: dict[int | str, Any] = {
    (201 if status == 200 else status): said for status, said in described(PACK_EXAMPLE).items()
}
PackId = Annotated[str, Path(max_length=100, description="Id of a pack.")]
Key = Annotated[str, Header(alias="X-Pack-Key", max_length=200, description="The pack's key.")]


class WantedSnippet(BaseModel):
    """A snippet that the pack shall hold: by its id, or a span of a document."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    snippet_id: str = Field("", max_length=100, description="One that the pack holds already.")
    doc_id: str = Field("", max_length=200, description="Document of a new one.")
    start: int = Field(0, ge=0, le=2**31, description="First character of a new one.")
    end: int = Field(0, ge=0, le=2**31, description="One past its last.")
    question: str = Field("", max_length=2000, description="The question it answers.")
    note: str = Field("", max_length=2000, description="A note.")

    @field_validator("question", "note")
    @classmethod
    def _text(cls, value: str) -> str:
        return _checked(value)

    def wanted(self) -> Wanted:
        """Return it as packs take it."""
        return Wanted(**self.model_dump())


class PackBody(BaseModel):
    """What a pack shall be."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    name: str = Field("", max_length=200, description="Its name.")
    note: str = Field("", max_length=4000, description="What it is for.")
    snippets: list[WantedSnippet] = Field([], max_length=MOST_SNIPPETS, description="In order.")

    @field_validator("name", "note")
    @classmethod
    def _text(cls, value: str) -> str:
        return _checked(value)


class PackChange(PackBody):
    """A pack's new state."""

    revision: int = Field(ge=1, description="The revision that was changed.")


class ExportParameters(BaseModel):
    """How a pack is exported."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    form: Literal["docx", "pdf", "md", "pptx"] = Field(alias="as", description="The format.")
    language: str = Field("en", max_length=10, description="Language of our own words.")


@router.post("", summary="Make a pack", status_code=201, responses=MADE)
def make(request: Request, reader: CurrentReader, given: PackBody) -> JSONResponse:
    """Make a pack. The key in the answer, told only here, allows to change it."""
    wanted = [one.wanted() for one in given.snippets]
    work = _work(request)
    snippets = collect(wanted, (), shelf=work.knowledge, reader=reader)
    pack, key = _store(work).create(given.name, given.note, snippets)
    return JSONResponse({**_shape(work, pack, reader, editable=True), "key": key}, 201)


@router.get("/{pack_id}", summary="A pack", responses=described(PACK_EXAMPLE))
def one_pack(
    request: Request, reader: CurrentReader, pack_id: PackId, key: Key = ""
) -> JSONResponse:
    """Show a pack; of each source only what the caller may read, and whether it has changed."""
    work = _work(request)
    pack = _store(work).read(pack_id)
    editable = bool(key) and _store(work).may_change(pack_id, key)
    return JSONResponse(_shape(work, pack, reader, editable=editable))


@router.put("/{pack_id}", summary="Change a pack", responses=described(PACK_EXAMPLE))
def change(
    request: Request, reader: CurrentReader, pack_id: PackId, given: PackChange, key: Key = ""
) -> JSONResponse:
    """Give a pack a new state: name, note, and all its snippets in order."""
    work = _work(request)
    held = _store(work).read(pack_id).snippets
    wanted = [one.wanted() for one in given.snippets]
    pack = _store(work).change(
        pack_id,
        key,
        name=given.name,
        note=given.note,
        snippets=collect(wanted, held, shelf=work.knowledge, reader=reader),
        revision=given.revision,
    )
    return JSONResponse(_shape(work, pack, reader, editable=True))


@router.delete("/{pack_id}", summary="Delete a pack", responses=described({"deleted": True}))
def delete(request: Request, reader: CurrentReader, pack_id: PackId, key: Key = "") -> JSONResponse:
    """Delete a pack for good."""
    _store(services(request)).delete(pack_id, key)
    return JSONResponse({"deleted": True})


@router.get(
    "/{pack_id}/export",
    summary="A pack as a file",
    response_class=Response,
    responses=described("(a file)", media=MEDIA["docx"]),
)
def export(
    request: Request,
    reader: CurrentReader,
    pack_id: PackId,
    wanted: Annotated[ExportParameters, Query()],
) -> Response:
    """Export a pack as Word, PDF, Markdown or PowerPoint, with what the caller may read of it."""
    work = _work(request)
    read = read_pack(_store(work).read(pack_id), shelf=work.knowledge, reader=reader)
    ready = outline(read, language=wanted.language, base=work.url or str(request.base_url))
    name = f"{ready.name[:80].strip()}.{wanted.form}".replace("/", "-")
    headers = {"Content-Disposition": content_disposition("attachment", name)}
    content = _writer(wanted.form)(ready)
    return Response(content, media_type=MEDIA[wanted.form], headers=headers)


def _work(request: Request) -> Services:
    """Return the app's services, the library pinned: a pack's sources are of one generation."""
    return replace(services(request), knowledge=library(request))


def _writer(form: str) -> Callable[[Outline], bytes]:
    """Return what writes a format; each is only loaded when it is wanted."""
    if form == "docx":
        from mmsearch.packs.word import word

        return word
    if form == "pdf":
        from mmsearch.packs.pdf import pdf

        return pdf
    if form == "pptx":
        from mmsearch.packs.slides import slides

        return slides
    from mmsearch.packs.markdown import markdown

    return markdown


def _store(work: Services) -> PackStore:
    """Return where packs are kept.

    Raises:
        PacksUnavailable: This service keeps none.
    """
    if work.packs is None:
        raise PacksUnavailable("this service keeps no packs")
    return work.packs


def _shape(work: Services, pack: Pack, reader: Reader, *, editable: bool) -> dict[str, Any]:
    read: ReadPack = read_pack(pack, shelf=work.knowledge, reader=reader)
    return {
        "pack_id": pack.pack_id,
        "name": pack.name,
        "note": pack.note,
        "created": pack.created.isoformat(),
        "changed": pack.changed.isoformat(),
        "revision": pack.revision,
        "editable": editable,
        "snippets": [_snippet(one) for one in read.snippets],
    }


def _snippet(one: ReadSnippet) -> dict[str, Any]:
    snippet = one.snippet
    shape: dict[str, Any] = {
        "snippet_id": snippet.snippet_id,
        "state": one.state.value,
        "quote": snippet.quote,
        "question": snippet.question,
        "note": snippet.note,
    }
    if one.document is not None:
        shape |= source_shape(one.document)
        shape |= {"start": one.start, "end": one.end, "collected_at": snippet.start}
    if one.locator is not None:
        shape |= place_shape(one.locator)
    return shape


def _checked(value: str) -> str:
    if not is_text(value):
        raise ValueError("it has characters that are no text")
    return clean(value) if "\n" not in value else value
