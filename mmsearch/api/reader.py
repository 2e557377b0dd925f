"""The reader a route answers to. A route that shows anything of a library takes one."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPBearer

from index.types import Reader
from mmsearch.api.context import reader_or_none
from mmsearch.api.problems import KEEPERS_ONLY, NO_TOKEN, Refused

# Describes the token in OpenAPI; ``mmsearch.api.guard`` has read it before any route runs.
bearer = HTTPBearer(auto_error=False, description="A token from the library's keeper.")


def current_reader(request: Request) -> Reader:
    """Return who is asking.

    Raises:
        Refused: With 401 for somebody who may read nothing.
    """
    reader = reader_or_none(request)
    if reader is None:
        raise Refused(NO_TOKEN)
    return reader


def keeper(request: Request) -> Reader:
    """Return the keeper.

    Raises:
        Refused: With 401 for somebody without a token, with 403 for anybody else.
    """
    reader = reader_or_none(request)
    if reader is not None and reader.everything:
        return reader
    raise Refused(KEEPERS_ONLY if "authorization" in request.headers else NO_TOKEN)


CurrentReader = Annotated[Reader, Depends(current_reader)]
Keeper = Annotated[Reader, Depends(keeper)]
