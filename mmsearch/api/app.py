"""The web application: routes around one open library."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import Depends, FastAPI
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool

from mmsearch.access import check_serving
from mmsearch.api import (
    answers,
    asking,
    browse,
    documents,
    figures,
    glossary,
    keeping,
    operations,
    problems,
    uploads,
)
from mmsearch.api import packs as packs_routes
from mmsearch.api import signin as signin_routes
from mmsearch.api import start as start_routes
from mmsearch.api.context import Pictures, Services
from mmsearch.api.doors import SideDoors
from mmsearch.api.envelope import Envelope
from mmsearch.api.guard import Guard
from mmsearch.api.metrics import Metrics
from mmsearch.api.packed import Packed
from mmsearch.api.page import load_assets, page_router
from mmsearch.api.reader import bearer
from mmsearch.extensions import Doors
from mmsearch.journal.journal import Journal
from mmsearch.keeping.desk import Desk
from mmsearch.knowledge import KnowledgeBase
from mmsearch.opening import open_sign_in
from mmsearch.packs.store import PackStore
from mmsearch.pictures import PagePictures
from mmsearch.settings import Settings
from mmsearch.suggest import Suggestions

DESCRIPTION = (
    "Questions to a programme's documents, answered in sentences that are quoted from them. "
    "Every response shows only what the caller's token or account may read."
)


def create_app(
    knowledge: KnowledgeBase,
    settings: Settings,
    *,
    pictures: Pictures | None = None,
    journal: Journal | None = None,
    doors: Doors | None = None,
    packs: PackStore | None = None,
    desk: Desk | None = None,
) -> FastAPI:
    """Make the application around an open library, which stays the caller's to close.

    Args:
        knowledge: The library.
        settings: Where it will listen, the tokens, and limits.
        pictures: What draws pages; when not given, ``PagePictures``, closed with the app.
        journal: Where receipts, votes and gaps are kept; stays the caller's to close. When not
            given, nothing is kept.
        doors: Paths that extensions answer themselves.
        packs: Where packs are kept; when not given, none are.
        desk: Where keepers change the library; stays the caller's to close. When not given,
            nothing can be changed here.

    Raises:
        UnsafeToServe: It would listen beyond this machine without tokens.
    """
    tokens = settings.access_tokens()
    check_serving(settings.host, tokens)
    metrics, sign_in = Metrics.build(), open_sign_in(settings)
    app = FastAPI(
        title="mmsearch",
        version=version("mmsearch"),
        description=DESCRIPTION,
        docs_url=None,  # both of these pages load scripts from other sites
        redoc_url=None,
        default_response_class=JSONResponse,
        redirect_slashes=False,
        lifespan=_lifespan,
    )
    app.state.services = Services(
        knowledge=knowledge,
        pictures=pictures or PagePictures(),
        suggestions=Suggestions(knowledge),
        tokens=tokens,
        metrics=metrics,
        max_question=settings.max_question,
        anonymous=settings.anonymous,
        journal=journal,
        packs=packs,
        desk=desk,
        url=settings.url,
        sign_in=sign_in,
    )
    for router in (
        asking.router,
        answers.router,
        browse.router,
        documents.router,
        figures.router,
        glossary.router,
        operations.router,
        packs_routes.router,
        keeping.router,
        uploads.router,
        start_routes.router,
    ):
        app.include_router(router, dependencies=[Depends(bearer)])
    app.include_router(signin_routes.router)
    app.include_router(page_router(load_assets()))
    problems.install(app)
    app.add_middleware(
        Guard,
        tokens=tokens,
        anonymous=settings.anonymous,
        sessions=sign_in.sessions if sign_in else None,
        url=settings.url,
        streamed={uploads.STREAMED},
    )
    app.add_middleware(SideDoors, doors=doors or {})
    app.add_middleware(Envelope, metrics=metrics)
    app.add_middleware(Packed)  # added last, so it is outermost
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    yield
    drawing = app.state.services.pictures
    if isinstance(drawing, PagePictures):
        await run_in_threadpool(drawing.close)
