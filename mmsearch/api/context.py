"""What a request carries: the app's services, who is asking, and its id."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

from fastapi import Request

from index.types import Reader
from ingest.types import Rect
from mmsearch.keeping.errors import KeepingUnavailable

if TYPE_CHECKING:
    from mmsearch.access import Tokens
    from mmsearch.api.metrics import Metrics
    from mmsearch.journal.journal import Journal
    from mmsearch.keeping.desk import Desk
    from mmsearch.knowledge import KnowledgeBase
    from mmsearch.packs.store import PackStore
    from mmsearch.signin.flow import SignIn
    from mmsearch.signin.sessions import Session
    from mmsearch.suggest import Suggestions


class Pictures(Protocol):
    """Draws pages; ``mmsearch.pictures.PagePictures`` does."""

    def png(
        self, path: Path, page_index: int, rects: Sequence[Rect], *, scale: float = 2.0
    ) -> bytes:
        """Draw a page (index from 0) with marks, as PNG."""
        ...


@dataclass(frozen=True, slots=True)
class Services:
    """What the routes of one app work with."""

    knowledge: KnowledgeBase
    pictures: Pictures
    suggestions: Suggestions
    tokens: Tokens
    metrics: Metrics
    max_question: int
    anonymous: str
    journal: Journal | None = None
    packs: PackStore | None = None
    desk: Desk | None = None
    url: str = ""
    sign_in: SignIn | None = None


def services(request: Request) -> Services:
    """Return the services of the app that got this request."""
    return cast(Services, request.app.state.services)


def library(request: Request) -> KnowledgeBase:
    """Return the library as it was when this request first asked for it.

    What a response is put together from comes from one generation, whatever is published
    meanwhile.
    """
    state = request.scope["state"]
    if "library" not in state:
        state["library"] = services(request).knowledge.pinned()
    return cast("KnowledgeBase", state["library"])


def desk(request: Request) -> Desk:
    """Return the keepers' desk.

    Raises:
        KeepingUnavailable: This service has none.
    """
    found = services(request).desk
    if found is None:
        raise KeepingUnavailable("this service takes no changes")
    return found


def request_id(request: Request) -> str:
    """Return the id of this request, as the response and the log have it."""
    return cast(str, request.scope["state"]["request_id"])


def reader_or_none(request: Request) -> Reader | None:
    """Return who is asking, or None for a stranger who may read nothing."""
    return cast("Reader | None", request.scope["state"]["reader"])


def session_or_none(request: Request) -> Session | None:
    """Return the session of who is signed in with an account; None for everybody else."""
    return cast("Session | None", request.scope["state"]["session"])
