"""The route that lists acronyms."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from mmsearch.api.context import services
from mmsearch.api.reader import CurrentReader
from mmsearch.api.schemas import described
from mmsearch.glossary import acronym_shape

router = APIRouter(tags=["documents"])

GLOSSARY_EXAMPLE: dict[str, Any] = {
    "acronyms": [
        {
            "short": "HN",
            "long": "handover note",
            "documents": 2,
            "doc_id": "d_5f2c",
            "file": "guides/handover.pdf",
            "title": "Handover guide",
            "start": 5120,
            "end": 5138,
            "page": 4,
            "page_label": "iv",
            "heading_path": ["Before you leave"],
            "place": "p. 4 (printed iv)",
            "locator": {"unit": "page", "first": 4, "last": 4, "sheet": None, "pages": [4]},
        }
    ]
}


@router.get("/glossary", summary="Acronyms", responses=described(GLOSSARY_EXAMPLE))
def glossary(request: Request, reader: CurrentReader) -> JSONResponse:
    """List what acronyms stand for, as documents that the caller may read define them."""
    found = services(request).knowledge.glossary(reader=reader)
    return JSONResponse({"acronyms": [acronym_shape(acronym) for acronym in found]})
