"""The route that lays out a way into a country or a theme."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse
from pydantic import Field

from index.types import Reader
from mmsearch.api.asking import check_question
from mmsearch.api.context import library, services
from mmsearch.api.marked import with_marks
from mmsearch.api.reader import CurrentReader
from mmsearch.api.schemas import DOCUMENT_EXAMPLE, FilterParameters, described
from mmsearch.glossary import acronym_shape
from mmsearch.journal.errors import JournalError
from mmsearch.shapes import document_shape, hit_shape
from mmsearch.start import Start, lay_out

router = APIRouter(tags=["page"])

START_EXAMPLE = {
    "documents": [{**DOCUMENT_EXAMPLE, "reason": "overview"}],
    "sections": {"finding": [], "lesson": [], "recommendation": []},
    "acronyms": [],
    "questions": ["What does a focal point write before leaving?"],
}


class StartParameters(FilterParameters):
    """A theme, filters, or both."""

    q: str = Field("", description="A theme, in a few words.")


@router.get("/start", summary="A way in", responses=described(START_EXAMPLE))
def start(
    request: Request, reader: CurrentReader, wanted: Annotated[StartParameters, Query()]
) -> JSONResponse:
    """Say what to read on a theme or on what filters leave, in order, and what stands there.

    ``reason`` is why a document is there: overview, planned, done, worked, learned, decided,
    how or more. ``questions`` are those that others asked with rights that the caller has too,
    on two days at least; none unless the text of questions is kept.
    """
    if wanted.q.strip():
        check_question(wanted.q, services(request).max_question)
    found = lay_out(wanted.q, wanted.filters(), reader=reader, shelf=library(request))
    shape = {
        "documents": [
            {**document_shape(step.document), "reason": step.why} for step in found.steps
        ],
        "sections": {
            kind.value: with_marks(wanted.q, [hit_shape(hit) for hit in hits])
            for kind, hits in found.sections.items()
        },
        "acronyms": [acronym_shape(acronym) for acronym in found.acronyms],
        "questions": _questions(request, reader, found),
    }
    return JSONResponse(shape)


def _questions(request: Request, reader: Reader, found: Start) -> list[str]:
    journal = services(request).journal
    if journal is None:
        return []
    about = {step.document.doc_id for step in found.steps}
    about |= {hit.document.doc_id for hits in found.sections.values() for hit in hits}
    try:
        asked = journal.asked_before(reader=reader, shelf=library(request), about=about)
    except JournalError:
        return []  # the way in is worth as much without them
    return [one.question for one in asked]
