"""The route that lists acronyms."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from ingest.types import Locator, Unit
from mmsearch.api.context import library
from mmsearch.api.reader import CurrentReader
from mmsearch.api.schemas import described
from mmsearch.glossary import acronym_shape
from mmsearch.shapes import place_shape

router = APIRouter(tags=["documents"])

GLOSSARY_EXAMPLE: dict[str, Any] = {
    "acronyms": [
        {
            "short": "HN",
            "long": "handover note",
            "documents": 2,
            "doc_id": "d_5f2c",
            "file": "guides/handover.md",
            "title": "Handover guide",
            "start": 5120,
            "end": 5138,
            **place_shape(Locator(Unit.LINE, 12, 12, ("Before you leave",))),
        }
    ]
}


@router.get("/glossary", summary="Acronyms", responses=described(GLOSSARY_EXAMPLE))
def glossary(request: Request, reader: CurrentReader) -> JSONResponse:
    """List what acronyms stand for, as documents that the caller may read define them."""
    found = library(request).glossary(reader=reader)
    return JSONResponse({"acronyms": [acronym_shape(acronym) for acronym in found]})
