"""The reader a route answers to. A route that shows anything of a library takes one."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPBearer

from index.types import Reader
from mmsearch.api.context import reader_or_none, session_or_none
from mmsearch.api.problems import KEEPERS_ONLY, NO_RIGHTS, NO_TOKEN, Refused

# Describes the token in OpenAPI; ``mmsearch.api.guard`` has read it before any route runs.
bearer = HTTPBearer(auto_error=False, description="A token from the library's keeper.")


async def current_reader(request: Request) -> Reader:
    """Return who is asking. Async, so that nothing waits for a thread to look.

    Raises:
        Refused: With 401 for a stranger who may read nothing, with 403 for an account that
            may not.
    """
    reader = reader_or_none(request)
    if reader is None:
        raise Refused(NO_RIGHTS if session_or_none(request) else NO_TOKEN)
    return reader


async def keeper(request: Request) -> Reader:
    """Return the keeper.

    Raises:
        Refused: With 401 for a stranger, with 403 for anybody else.
    """
    reader = reader_or_none(request)
    if reader is not None and reader.everything:
        return reader
    known = "authorization" in request.headers or session_or_none(request) is not None
    raise Refused(KEEPERS_ONLY if known else NO_TOKEN)


CurrentReader = Annotated[Reader, Depends(current_reader)]
Keeper = Annotated[Reader, Depends(keeper)]
