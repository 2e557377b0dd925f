"""Routes that show documents: the list, one, its text, its file, its pages, a passage."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import FileResponse, JSONResponse

from index.types import Reader, StoredDocument
from ingest.types import Locator, Rect
from mmsearch.api.context import library, services
from mmsearch.api.files import original_headers
from mmsearch.api.pictures import PNG, draw, etag, matches
from mmsearch.api.problems import NOT_FOUND, Problem, Refused
from mmsearch.api.reader import CurrentReader
from mmsearch.api.schemas import (
    DOCUMENT_EXAMPLE,
    DOCUMENTS_EXAMPLE,
    ListParameters,
    PictureParameters,
    described,
)
from mmsearch.knowledge import KnowledgeBase
from mmsearch.shapes import document_shape, passage_shape

router = APIRouter(tags=["documents"])

DocId = Annotated[str, Path(max_length=200, description="Id of a document.")]
PageNumber = Annotated[int, Path(ge=1, le=1_000_000, description="Page, counted from 1.")]
MOST_MARKS = 2000
NO_PAGES = Problem(404, "no-pages", "This document has no pages that can be shown.")
PASSAGE_EXAMPLE = {"passage_id": "d_5f2c.12", "doc_id": "d_5f2c", "text": "…", "page": 4}
TEXT_EXAMPLE = {
    "doc_id": "d_5f2c",
    "text": "Handover guide\n\nBefore you leave …",
    "blocks": [{"kind": "heading", "start": 0, "end": 14, "first": 1, "last": 1, "level": 1}],
}


@router.get("/documents", summary="List documents", responses=described(DOCUMENTS_EXAMPLE))
def list_documents(
    request: Request, reader: CurrentReader, wanted: Annotated[ListParameters, Query()]
) -> JSONResponse:
    """List documents by title, with the number of all of them and counts by facet."""
    knowledge, filters = library(request), wanted.filters()
    page = knowledge.documents(
        reader=reader,
        filters=filters,
        offset=wanted.offset,
        limit=wanted.limit,
        newest=wanted.sort == "added",
    )
    facets = knowledge.facets(reader=reader, filters=filters)
    shape = {
        "documents": [document_shape(document) for document in page.documents],
        "total": page.total,
        "offset": wanted.offset,
        "limit": wanted.limit,
        "facets": {name: dict(counts) for name, counts in facets.items()},
    }
    return JSONResponse(shape)


@router.get("/documents/{doc_id}", summary="One document", responses=described(DOCUMENT_EXAMPLE))
def one_document(request: Request, reader: CurrentReader, doc_id: DocId) -> JSONResponse:
    """Describe one document."""
    return JSONResponse(document_shape(library(request).document(doc_id, reader=reader)))


@router.get("/documents/{doc_id}/text", summary="Its text", responses=described(TEXT_EXAMPLE))
def document_text(request: Request, reader: CurrentReader, doc_id: DocId) -> JSONResponse:
    """Give a document's text, in which every offset of the API counts, and its blocks."""
    stored = library(request).text(doc_id, reader=reader)
    blocks = [
        {
            "kind": block.kind.value,
            "start": block.start,
            "end": block.end,
            "first": block.first,
            "last": block.last,
            "level": block.level,
        }
        for block in stored.blocks
    ]
    return JSONResponse({"doc_id": stored.doc_id, "text": stored.text, "blocks": blocks})


@router.get(
    "/documents/{doc_id}/file",
    summary="Its original file",
    response_class=FileResponse,
    responses=described("(the file)", media="application/octet-stream"),
)
def original_file(request: Request, reader: CurrentReader, doc_id: DocId) -> FileResponse:
    """Give the file as it was ingested; what a browser could run comes as a download."""
    knowledge = library(request)
    document = knowledge.document(doc_id, reader=reader)
    path = knowledge.original(doc_id, reader=reader)
    return FileResponse(path, headers=original_headers(document.file))


@router.get(
    "/documents/{doc_id}/pages/{number}.png",
    summary="A page as a picture",
    response_class=Response,
    responses=described("(a picture)", media=PNG),
)
def page_picture(
    request: Request,
    reader: CurrentReader,
    doc_id: DocId,
    number: PageNumber,
    wanted: Annotated[PictureParameters, Query()],
) -> Response:
    """Draw one page, with the lines of a passage or of a span of text marked on it."""
    knowledge = library(request)
    document = knowledge.document(doc_id, reader=reader)
    if not document.pages:
        raise Refused(NO_PAGES)
    if number > len(document.pages):
        raise Refused(NOT_FOUND)
    if not document.pages[number - 1].width:
        raise Refused(NO_PAGES)  # Word says where its pages end, and nothing about their size.
    rects = _marks(knowledge, reader, document, number - 1, wanted)
    tag = etag(document.sha256, number, rects, wanted.scale)
    if matches(request.headers.get("if-none-match"), tag):
        return Response(status_code=304, headers={"ETag": tag})
    path = knowledge.original(doc_id, reader=reader)
    picture = draw(services(request).pictures, path, number - 1, rects, wanted.scale)
    return Response(picture, media_type=PNG, headers={"ETag": tag})


@router.get("/passages/{passage_id}", summary="A passage", responses=described(PASSAGE_EXAMPLE))
def one_passage(
    request: Request,
    reader: CurrentReader,
    passage_id: Annotated[str, Path(max_length=200, description="Id of a passage.")],
) -> JSONResponse:
    """Give one passage with its place and its document."""
    knowledge = library(request)
    passage = knowledge.passage(passage_id, reader=reader)
    document = knowledge.document(passage.doc_id, reader=reader)
    return JSONResponse(passage_shape(passage, document))


def _marks(
    knowledge: KnowledgeBase,
    reader: Reader,
    document: StoredDocument,
    index: int,
    wanted: PictureParameters,
) -> Sequence[Rect]:
    """Return what to mark on a page (index from 0): at most ``MOST_MARKS`` rectangles."""
    locator = locator_of(knowledge, reader, document.doc_id, wanted)
    if locator is None:
        return ()
    rects = [rect for area in locator.pages if area.index == index for rect in area.rects]
    return rects[:MOST_MARKS]


def locator_of(
    knowledge: KnowledgeBase, reader: Reader, doc_id: str, wanted: PictureParameters
) -> Locator | None:
    """Return where a wanted passage or span stands, or None where nothing is wanted.

    Raises:
        Refused: The passage is another document's.
        NotFound: There is no such passage or span for this reader.
    """
    if wanted.passage is not None:
        passage = knowledge.passage(wanted.passage, reader=reader)
        if passage.doc_id != doc_id:
            raise Refused(NOT_FOUND)
        return passage.locator
    if wanted.start is not None and wanted.end is not None:
        return knowledge.locate(doc_id, wanted.start, wanted.end, reader=reader)
    return None
