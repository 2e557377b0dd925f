"""Routes that the page looks around with: suggestions, facets, and places in one document."""

from __future__ import annotations

import dataclasses
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from index.types import Filters, StoredPassage
from ingest.types import Locator
from mmsearch.api.context import library, services
from mmsearch.api.documents import locator_of
from mmsearch.api.problems import bad_question
from mmsearch.api.reader import CurrentReader
from mmsearch.api.schemas import FilterParameters, PictureParameters, described, is_text
from mmsearch.marking import find

router = APIRouter(tags=["page"])

DocId = Annotated[str, Path(max_length=200, description="Id of a document.")]
LONGEST_TYPED = 200
SUGGEST_EXAMPLE = {
    "suggestions": [
        {"kind": "country", "text": "Ecuador", "detail": "", "doc_id": "", "at": 11},
    ]
}
FACETS_EXAMPLE = {"documents": 12, "facets": {"country": {"Ecuador": 3}, "year": {"2023": 5}}}
PAGES_EXAMPLE = {
    "doc_id": "d_5f2c",
    "pages": [{"number": 1, "label": "i", "width": 595.3, "height": 841.9, "has_text": True}],
}
PASSAGES_EXAMPLE = {
    "doc_id": "d_5f2c",
    "unit": "page",
    "passages": [
        {
            "passage_id": "d_5f2c.12",
            "start": 5120,
            "end": 5900,
            "page": 4,
            "first": 4,
            "last": 4,
            "ocr": None,
        }
    ],
}
MARKS_EXAMPLE = {
    "doc_id": "d_5f2c",
    "start": 5120,
    "end": 5182,
    "unit": "page",
    "first": 4,
    "last": 4,
    "heading_path": ["Before you leave"],
    "pages": [{"number": 4, "label": "iv", "rects": [[72.0, 90.5, 310.2, 104.1]]}],
}
FIND_EXAMPLE = {
    "doc_id": "d_5f2c",
    "matches": [
        {
            "start": 5120,
            "end": 5128,
            "page": 4,
            "before": "a ",
            "text": "handover",
            "after": " note",
        }
    ],
}


class Typed(BaseModel):
    """What has been typed so far."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    q: str = Field(max_length=LONGEST_TYPED, description="What has been typed.")


@router.get("/suggest", summary="Suggest while typing", responses=described(SUGGEST_EXAMPLE))
def suggest(
    request: Request, reader: CurrentReader, typed: Annotated[Typed, Query()]
) -> JSONResponse:
    """Suggest titles, countries and acronyms of what the caller may read."""
    work = services(request)
    if not is_text(typed.q):
        raise bad_question("What was typed has characters that are no text.")
    generation = library(request).status(reader=reader).generation
    found = work.suggestions.suggest(typed.q, reader=reader, generation=generation)
    return JSONResponse({"suggestions": [dataclasses.asdict(one) for one in found]})


@router.get("/facets", summary="Count by facet", responses=described(FACETS_EXAMPLE))
def facets(
    request: Request, reader: CurrentReader, wanted: Annotated[FilterParameters, Query()]
) -> JSONResponse:
    """Count documents by facet: each facet as if its own filter were not set.

    So every value says how many documents there are to search once it is chosen.
    """
    knowledge, filters = library(request), wanted.filters()
    counts = dict(knowledge.facets(reader=reader, filters=filters))
    for name, without in _relaxed(filters).items():
        if without != filters and name in counts:
            counts[name] = knowledge.facets(reader=reader, filters=without)[name]
    total = knowledge.documents(reader=reader, filters=filters, limit=0).total
    return JSONResponse(
        {"documents": total, "facets": {name: dict(values) for name, values in counts.items()}}
    )


@router.get("/documents/{doc_id}/pages", summary="Its pages", responses=described(PAGES_EXAMPLE))
def pages(request: Request, reader: CurrentReader, doc_id: DocId) -> JSONResponse:
    """List a document's pages with their size in points; none where no page can be drawn."""
    document = library(request).document(doc_id, reader=reader)
    listed = [
        {
            "number": page.index + 1,
            "label": page.label,
            "width": page.width,
            "height": page.height,
            "has_text": page.has_text,
        }
        for page in document.pages
        if page.width
    ]
    return JSONResponse({"doc_id": doc_id, "pages": listed})


@router.get(
    "/documents/{doc_id}/passages", summary="Its passages", responses=described(PASSAGES_EXAMPLE)
)
def passages(request: Request, reader: CurrentReader, doc_id: DocId) -> JSONResponse:
    """List where a document's passages stand, in order, without their text."""
    found = library(request).passages(doc_id, reader=reader)
    unit = found[0].locator.unit.value if found else ""
    return JSONResponse(
        {"doc_id": doc_id, "unit": unit, "passages": [_passage(one) for one in found]}
    )


@router.get(
    "/documents/{doc_id}/marks", summary="Where a span stands", responses=described(MARKS_EXAMPLE)
)
def marks(
    request: Request,
    reader: CurrentReader,
    doc_id: DocId,
    wanted: Annotated[PictureParameters, Query()],
) -> JSONResponse:
    """Say where a passage or a span of text stands: a rectangle a line, in points of its page."""
    knowledge = library(request)
    if wanted.passage is not None:
        passage = knowledge.passage(wanted.passage, reader=reader)
        start, end = passage.start, passage.end
    elif wanted.start is not None and wanted.end is not None:
        start, end = wanted.start, wanted.end
    else:
        raise bad_question("Say what to mark: a passage, or start and end.")
    locator = locator_of(knowledge, reader, doc_id, wanted)
    assert locator is not None  # noqa: S101  # the parameters name a span
    return JSONResponse({"doc_id": doc_id, "start": start, "end": end, **_place(locator)})


@router.get(
    "/documents/{doc_id}/find", summary="Find words in it", responses=described(FIND_EXAMPLE)
)
def find_in_document(
    request: Request, reader: CurrentReader, doc_id: DocId, typed: Annotated[Typed, Query()]
) -> JSONResponse:
    """Find words in a document, side by side and in order, in any of their forms."""
    knowledge = library(request)
    if not is_text(typed.q):
        raise bad_question("What was typed has characters that are no text.")
    languages = knowledge.document(doc_id, reader=reader).metadata.languages
    text = knowledge.text(doc_id, reader=reader).text
    found = []
    for one in find(typed.q, text, languages[0] if languages else "und"):
        place = knowledge.locate(doc_id, one.start, one.end, reader=reader)
        page = place.pages[0].index + 1 if place.pages else None
        found.append({**dataclasses.asdict(one), "page": page, "first": place.first})
    return JSONResponse({"doc_id": doc_id, "matches": found})


def _relaxed(filters: Filters) -> dict[str, Filters]:
    """Return, for each facet, the filters without its own."""
    return {
        "kind": dataclasses.replace(filters, kinds=()),
        "country": dataclasses.replace(filters, countries=()),
        "language": dataclasses.replace(filters, languages=()),
        "publisher": dataclasses.replace(filters, publishers=()),
        "year": dataclasses.replace(filters, year_from=None, year_to=None, years=()),
        "evidence": dataclasses.replace(filters, evidence=()),
    }


def _passage(passage: StoredPassage) -> dict[str, Any]:
    locator = passage.locator
    return {
        "passage_id": passage.passage_id,
        "start": passage.start,
        "end": passage.end,
        "page": locator.pages[0].index + 1 if locator.pages else None,
        "first": locator.first,
        "last": locator.last,
        "ocr": passage.ocr,
    }


def _place(locator: Locator) -> dict[str, Any]:
    return {
        "unit": locator.unit.value,
        "first": locator.first,
        "last": locator.last,
        "heading_path": list(locator.heading_path),
        "pages": [
            {
                "number": area.index + 1,
                "label": area.label,
                "rects": [[r.x0, r.y0, r.x1, r.y1] for r in area.rects],
            }
            for area in locator.pages
        ],
    }
