"""Routes on what was answered: receipts and votes for readers, gaps for keepers."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from ingest.language import LANGUAGES, detect_question
from mmsearch.api.asking import check_question
from mmsearch.api.context import library, services, session_or_none
from mmsearch.api.problems import NOT_FOUND, Refused
from mmsearch.api.reader import CurrentReader, Keeper
from mmsearch.api.schemas import described
from mmsearch.journal.errors import JournalUnavailable, NoSuchEntry
from mmsearch.journal.journal import Journal
from mmsearch.journal.shapes import gap_shape, gaps_sheet, groups_shape, receipt_shape
from mmsearch.journal.types import Gap, GapState

router = APIRouter(tags=["answers"])

LONGEST_REMARK = 2000
AnswerId = Annotated[str, Path(max_length=100, description="Id of an answer.")]
GapId = Annotated[str, Path(max_length=100, description="Id of a gap.")]
State = Annotated[GapState | None, Query(description="Only gaps in this state.")]
RECEIPT_EXAMPLE = {"answer_id": "a_5f2c81d0", "answered": True, "citations": [{"state": "same"}]}
GAP_EXAMPLE = {"gap_id": "g_5f2c", "question": "Who pays after 2025?", "state": "open", "times": 3}


class Vote(BaseModel):
    """Whether an answer helped."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    helpful: bool = Field(description="Thumbs up or down.")
    missing: str = Field("", max_length=LONGEST_REMARK, description="What was missing.")


class NewGap(BaseModel):
    """A question whose asker wants the keepers to see it."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    question: str = Field(description="The question.")
    answer_id: str = Field("", max_length=100, description="The answer that was none.")
    missing: str = Field("", max_length=LONGEST_REMARK, description="What is missing.")


class GapChange(BaseModel):
    """What became of a gap."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    state: GapState = Field(description="Its state from now on.")
    note: str = Field("", max_length=LONGEST_REMARK, description="A remark.")


@router.get("/answers/{answer_id}", summary="A receipt", responses=described(RECEIPT_EXAMPLE))
def receipt(request: Request, reader: CurrentReader, answer_id: AnswerId) -> JSONResponse:
    """Say how an answer came about and whether its passages have changed since.

    Only for whoever may read what it cites.
    """
    try:
        found = journal_of(request).receipt(answer_id, reader=reader, shelf=library(request))
    except NoSuchEntry:
        raise Refused(NOT_FOUND) from None
    return JSONResponse(receipt_shape(found))


@router.post(
    "/answers/{answer_id}/feedback",
    summary="Say whether an answer helped",
    responses=described({"recorded": True}),
)
def vote(request: Request, reader: CurrentReader, answer_id: AnswerId, given: Vote) -> JSONResponse:
    """Record a vote; "not helpful" becomes a gap for the keepers. Who votes is not kept."""
    journal = journal_of(request)
    try:
        journal.receipt(answer_id, reader=reader, shelf=library(request))
    except NoSuchEntry:
        raise Refused(NOT_FOUND) from None
    kept = journal.record_feedback(
        answer_id, helpful=given.helpful, missing=given.missing, asker=_asker(request)
    )
    return JSONResponse({"recorded": kept})


@router.post("/gaps", summary="Report a question", responses=described({"recorded": True}))
def report(request: Request, reader: CurrentReader, given: NewGap) -> JSONResponse:
    """Record a question that found no answer, because its asker wants that."""
    check_question(given.question, services(request).max_question)
    kept = journal_of(request).record_gap(
        given.question,
        language=detect_question(given.question, LANGUAGES),
        answer_id=given.answer_id,
        missing=given.missing,
        consented=True,
    )
    return JSONResponse({"recorded": bool(kept)})


@router.get("/gaps", summary="List gaps", responses=described({"gaps": [GAP_EXAMPLE]}))
def gaps(request: Request, keeper: Keeper, state: State = None) -> JSONResponse:
    """List questions without a good answer, one by one and by what they are about."""
    found = journal_of(request).gaps(state=state)
    return JSONResponse({"gaps": [gap_shape(gap) for gap in found], "groups": groups_shape(found)})


@router.get(
    "/gaps.csv",
    summary="Gaps as a sheet",
    response_class=Response,
    responses=described("(a sheet)", media="text/csv"),
)
def gaps_as_sheet(request: Request, keeper: Keeper, state: State = None) -> Response:
    """Give the gaps as CSV; no cell is a formula to a spreadsheet."""
    sheet = gaps_sheet(journal_of(request).gaps(state=state))
    return Response(
        sheet.encode("utf-8-sig"),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="gaps.csv"'},
    )


@router.patch("/gaps/{gap_id}", summary="Set a gap's state", responses=described(GAP_EXAMPLE))
def change_gap(request: Request, keeper: Keeper, gap_id: GapId, given: GapChange) -> JSONResponse:
    """Say what became of a gap."""
    try:
        changed: Gap = journal_of(request).set_gap_state(gap_id, given.state, note=given.note)
    except NoSuchEntry:
        raise Refused(NOT_FOUND) from None
    return JSONResponse(gap_shape(changed))


def journal_of(request: Request) -> Journal:
    """Return the journal.

    Raises:
        JournalUnavailable: This service keeps none.
    """
    journal = services(request).journal
    if journal is None:
        raise JournalUnavailable("this service keeps no journal")
    return journal


def _asker(request: Request) -> str:
    """Return what tells one caller from another; the journal keeps only its keyed digest."""
    if (session := session_or_none(request)) is not None:
        return f"account {session.subject}"
    host = request.client.host if request.client else ""
    return f"{request.headers.get('authorization', '')}|{host}"
