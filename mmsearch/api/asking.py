"""Routes that take a question: search, ask, and ask as a stream."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, StreamingResponse

from index.types import Reader
from mmsearch.api.context import Services, services
from mmsearch.api.marked import with_marks
from mmsearch.api.problems import bad_question
from mmsearch.api.reader import CurrentReader
from mmsearch.api.schemas import (
    ALL_EXAMPLE,
    ASK_EXAMPLE,
    SEARCH_EXAMPLE,
    AllParameters,
    ConversationParameters,
    SearchParameters,
    described,
    is_text,
)
from mmsearch.api.stream import MEDIA_TYPE, answer_events
from mmsearch.conversation.follow_up import understand
from mmsearch.shapes import ask_shape, everything_shape, search_shape
from mmsearch.types import Answer
from mmsearch.wording.word import Told

router = APIRouter(tags=["questions"])


@router.get("/search", summary="Find passages", responses=described(SEARCH_EXAMPLE))
def search(
    request: Request, reader: CurrentReader, wanted: Annotated[SearchParameters, Query()]
) -> JSONResponse:
    """Find the passages nearest to a question, best first."""
    return _search(services(request), reader, wanted)


@router.post("/search", summary="Find passages", responses=described(SEARCH_EXAMPLE))
def search_by_body(
    request: Request, reader: CurrentReader, wanted: SearchParameters
) -> JSONResponse:
    """Find passages, with the question in the body and out of every log on the way."""
    return _search(services(request), reader, wanted)


@router.get("/ask", summary="Ask a question", responses=described(ASK_EXAMPLE))
def ask(
    request: Request, reader: CurrentReader, wanted: Annotated[ConversationParameters, Query()]
) -> JSONResponse:
    """Answer in sentences that are quoted with their source, or say it is not there."""
    return JSONResponse(ask_shape(_ask(services(request), reader, wanted)))


@router.post("/ask", summary="Ask a question", responses=described(ASK_EXAMPLE))
def ask_by_body(
    request: Request, reader: CurrentReader, wanted: ConversationParameters
) -> JSONResponse:
    """Answer, with the question in the body and out of every log on the way."""
    return JSONResponse(ask_shape(_ask(services(request), reader, wanted)))


@router.get("/ask/all", summary="Find everything on a question", responses=described(ALL_EXAMPLE))
def ask_all(
    request: Request, reader: CurrentReader, wanted: Annotated[AllParameters, Query()]
) -> JSONResponse:
    """Give every passage that speaks to a question, by document, and how many were searched.

    The whole library is read for the counts; ``offset`` and ``limit`` say which of the matching
    documents come with their passages.
    """
    work = services(request)
    check_question(wanted.q, work.max_question)
    found = work.knowledge.find_all(
        wanted.q,
        reader=reader,
        filters=wanted.filters(),
        offset=wanted.offset,
        limit=wanted.limit,
    )
    return JSONResponse(everything_shape(found))


@router.get(
    "/ask/stream",
    summary="Ask a question and follow the answer",
    responses=described('event: done\ndata: {"answered": true}\n\n', media=MEDIA_TYPE),
)
def ask_as_stream(
    request: Request, reader: CurrentReader, wanted: Annotated[ConversationParameters, Query()]
) -> StreamingResponse:
    """Answer as server-sent events; the last one is always ``done`` or ``problem``."""
    work = services(request)
    check_question(wanted.q, work.max_question)
    events = answer_events(request, lambda told: _ask(work, reader, wanted, told))
    return StreamingResponse(events, media_type=MEDIA_TYPE)


def check_question(question: str, longest: int) -> None:
    """Refuse a question that cannot be searched.

    Raises:
        Refused: It is empty, too long, or no text.
    """
    if not question.strip():
        raise bad_question(
            "The question is empty. Ask in a few words or a sentence.", "error_empty"
        )
    if len(question) > longest:
        raise bad_question(
            f"The question has {len(question):,} characters; at most {longest:,} are read.",
            "error_long",
            most=longest,
        )
    if not is_text(question):
        raise bad_question("The question has characters that are no text.")


def _search(work: Services, reader: Reader, wanted: SearchParameters) -> JSONResponse:
    check_question(wanted.q, work.max_question)
    query = wanted.q
    if wanted.history:
        query = understand(wanted.q, wanted.history).query[: work.max_question]
    result = work.knowledge.search(
        query, reader=reader, filters=wanted.filters(), limit=wanted.limit
    )
    shape = search_shape(wanted.q, result, query)
    return JSONResponse({**shape, "hits": with_marks(query, shape["hits"])})


def _ask(
    work: Services, reader: Reader, wanted: ConversationParameters, told: Told | None = None
) -> Answer:
    check_question(wanted.q, work.max_question)
    answer = work.knowledge.ask(
        wanted.q, reader=reader, filters=wanted.filters(), history=wanted.history, told=told
    )
    work.metrics.count_answer(answered=answer.answered)
    if work.journal is not None:
        answer = replace(answer, answer_id=work.journal.record_answer(answer, reader=reader))
    return answer
