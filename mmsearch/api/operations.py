"""Routes for whoever runs the service: health and metrics."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from index.types import PUBLIC, Reader
from mmsearch.api import metrics
from mmsearch.api.context import reader_or_none, services, session_or_none
from mmsearch.api.reader import Keeper
from mmsearch.api.schemas import described
from mmsearch.signin.paths import SIGN_IN

router = APIRouter(tags=["operations"])

HEALTH_EXAMPLE = {
    "status": "ok",
    "caller": "anonymous",
    "generation": 7,
    "model": "all-MiniLM-L6-v2",
    "documents": 12,
    "passages": 340,
}


@router.get("/health", summary="Is it alive?", responses=described(HEALTH_EXAMPLE))
def health(request: Request) -> JSONResponse:
    """Say that the library can be read, and count what the caller may read of it.

    Answers anybody; who may read nothing gets no counts. ``sign_in`` is where people sign in
    with accounts of their organisation, where they can; ``name`` is who is signed in.
    """
    reader = reader_or_none(request)
    status = services(request).knowledge.status(reader=reader or PUBLIC)
    shape: dict[str, object] = {"status": "ok", "caller": _caller(request, reader)}
    if reader is not None:
        shape |= {
            "generation": status.generation,
            "model": status.model,
            "documents": status.n_documents,
            "passages": status.n_passages,
        }
    if services(request).sign_in is not None:
        shape["sign_in"] = SIGN_IN
    if (session := session_or_none(request)) is not None:
        shape["name"] = session.name
    return JSONResponse(shape)


def _caller(request: Request, reader: Reader | None) -> str:
    """Name who is asking, so that a page knows whether signing in would show more."""
    if reader is not None and reader.everything:
        return "keeper"
    if session_or_none(request) is not None:
        return "account"
    return "token" if "authorization" in request.headers else "anonymous"


@router.get(
    "/metrics",
    summary="Counts for Prometheus",
    responses=described("mmsearch_requests_total 1.0", media="text/plain"),
)
def prometheus(request: Request, keeper: Keeper) -> Response:
    """Give counts of requests and answers, to the keeper alone."""
    return Response(services(request).metrics.text(), media_type=metrics.MEDIA_TYPE)
