"""Errors as RFC 9457 problem details: a calm sentence and a request id.

The text of an exception goes to the log and to nobody else.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from index.errors import (
    BadFilter,
    BadQuery,
    LibraryDamaged,
    LibraryError,
    LibraryFull,
    LibraryLocked,
    LibraryNotFound,
    ModelError,
    NotFound,
    WrongModel,
    WrongVersion,
)
from ingest.errors import EditError
from mmsearch.api.context import library, request_id, services
from mmsearch.journal.errors import JournalError
from mmsearch.keeping.errors import (
    EntryBusy,
    KeepingError,
    NoRoom,
    NoSuchEntry,
    TooLarge,
    TooMany,
    UploadRefused,
)
from mmsearch.packs.errors import (
    CannotExport,
    NoSuchPack,
    NotYours,
    PackConflict,
    PackError,
    PackRefused,
)
from mmsearch.phrases.catalogue import preferred, say

logger = logging.getLogger("mmsearch.api")

MEDIA_TYPE = "application/problem+json"
VARY = "Authorization, Cookie, Accept-Language"
UNAVAILABLE = (LibraryDamaged, LibraryNotFound, WrongModel, WrongVersion, ModelError)
CALM = "Something went wrong here. Try again; if it stays, give the request id to the keeper."


@dataclass(frozen=True, slots=True)
class Problem:
    """What a caller is told.

    Attributes:
        status: HTTP status.
        name: Last part of the problem's type, such as "not-found".
        detail: A sentence for a person.
        extra: Further members, such as the known values of a filter.
        headers: Response headers that belong to it.
        phrase: The same sentence in ``mmsearch.phrases``, for callers in other languages.
        values: What the phrase's placeholders stand for.
    """

    status: int
    name: str
    detail: str
    extra: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    phrase: str = ""
    values: Mapping[str, object] = field(default_factory=dict)

    def body(self, *, instance: str, request_id: str, language: str = "en") -> dict[str, Any]:
        """Return the members of the problem details object, its detail in a language."""
        detail = self.detail
        if self.phrase and language != "en":
            detail = say(self.phrase, language, **{"request_id": request_id, **self.values})
        return {
            "type": f"urn:mmsearch:problem:{self.name}",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": detail,
            "instance": instance,
            "request_id": request_id,
            **self.extra,
        }

    def response(self, *, instance: str, request_id: str, accepted: str = "") -> JSONResponse:
        """Return it as a response in the language that an Accept-Language header prefers."""
        language = preferred(accepted) if self.phrase else "en"
        return JSONResponse(
            self.body(instance=instance, request_id=request_id, language=language),
            status_code=self.status,
            headers={"Content-Language": language, "Vary": VARY, **self.headers},
            media_type=MEDIA_TYPE,
        )


class Refused(Exception):
    """A request ends with this problem."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.detail)
        self.problem = problem


NOT_FOUND = Problem(
    404, "not-found", "There is nothing here for you to read.", phrase="error_not_found"
)
FAILED = Problem(500, "internal", CALM, phrase="error")
UNREADABLE = Problem(
    503,
    "library-unavailable",
    "The library cannot be read at the moment. Its keeper can run 'mmsearch check'.",
    phrase="error_unavailable",
)
NOT_RECORDED = Problem(
    503,
    "journal-unavailable",
    "Receipts and gaps cannot be read or kept at the moment.",
    phrase="error_journal",
)
NO_TOKEN = Problem(
    401,
    "token-needed",
    "A token is needed here: send it as 'Authorization: Bearer …'.",
    headers={"WWW-Authenticate": 'Bearer realm="mmsearch"'},
    phrase="error_token_needed",
)
WRONG_TOKEN = Problem(
    401,
    "token-unknown",
    "This token is not known. Ask the library's keeper for another.",
    headers={"WWW-Authenticate": 'Bearer realm="mmsearch", error="invalid_token"'},
    phrase="error_token_unknown",
)
NO_RIGHTS = Problem(
    403,
    "no-rights",
    "Your account is in no group that may read here. Ask the library's keeper.",
    phrase="error_no_rights",
)
FORGED = Problem(
    403, "other-site", "Another site asked for this. Do it on this service's own page."
)
NO_ADDRESS = Problem(
    421,
    "no-address",
    "The service does not know its own address: its keeper sets MMSEARCH_URL.",
)
KEEPERS_ONLY = Problem(
    403, "keepers-only", "Only the library's keeper may see this.", phrase="error_keepers_only"
)
TOO_LARGE = Problem(413, "too-large", "The request is larger than 64 kB.", phrase="error_too_large")
WRONG_HOST = Problem(
    421,
    "wrong-host",
    "Without tokens this service answers on this machine alone: open it as http://127.0.0.1 or "
    "http://localhost.",
)


NOT_YOURS = Problem(403, "not-yours", "Only who made this pack can change it. Make your own copy.")
CHANGED_ELSEWHERE = Problem(
    409, "changed-elsewhere", "The pack was changed elsewhere since. Read it again first."
)
CANNOT_EXPORT = Problem(
    422,
    "cannot-export",
    "This machine has no font for a script in the pack: export it as Word, or have the Noto "
    "fonts installed.",
)
NO_DESK = Problem(
    503, "keeping-unavailable", "The library cannot be changed from here at the moment."
)
BUSY = Problem(409, "being-read", "This file is being read just now. Wait until it has ended.")
NOT_KEPT = Problem(503, "packs-unavailable", "Packs cannot be read or kept at the moment.")


def bad_question(detail: str, phrase: str = "error_words", **values: object) -> Refused:
    """Refuse a question, saying why; the phrase says it in other languages."""
    return Refused(Problem(422, "bad-question", detail, phrase=phrase, values=values))


def problem_of(error: Exception, request: Request) -> Problem:
    """Translate an error. What is not expected is logged and becomes a calm sentence."""
    if isinstance(error, Refused):
        return error.problem
    if isinstance(error, NotFound):
        return NOT_FOUND
    if isinstance(error, BadQuery):
        return bad_question("The question cannot be searched. Ask in other words.").problem
    if isinstance(error, BadFilter):
        return _bad_filter(request)
    if isinstance(error, RequestValidationError):
        return _invalid(error.errors())
    if isinstance(error, HTTPException):
        return _of_status(error)
    if isinstance(error, JournalError):
        logger.warning("request %s: %s", request_id(request), error)
        return NOT_RECORDED
    if isinstance(error, PackError):
        return _of_pack(error, request)
    if isinstance(error, KEEPING):
        return _of_keeping(error, request)
    logger.error("request %s failed", request_id(request), exc_info=error)
    return UNREADABLE if isinstance(error, UNAVAILABLE) else FAILED


def _of_pack(error: PackError, request: Request) -> Problem:
    """Tell what a person can do about it; those texts are written for people."""
    if isinstance(error, NoSuchPack):
        return NOT_FOUND
    if isinstance(error, NotYours):
        return NOT_YOURS
    if isinstance(error, PackConflict):
        return CHANGED_ELSEWHERE
    if isinstance(error, PackRefused):
        return Problem(422, "pack-refused", f"{str(error)[:1].upper()}{str(error)[1:]}.")
    logger.warning("request %s: %s", request_id(request), error)
    return CANNOT_EXPORT if isinstance(error, CannotExport) else NOT_KEPT


KEEPING = (KeepingError, EditError, LibraryLocked, LibraryFull)


def _of_keeping(error: Exception, request: Request) -> Problem:
    """Tell why nothing was changed; these texts are written for the person who asked for it."""
    if isinstance(error, EditError):
        wrong = [{"where": name, "what": what} for name, what in error.mistakes]
        return Problem(422, "bad-edit", "This cannot be kept as it is.", {"errors": wrong})
    if isinstance(error, LibraryLocked):
        return _locked(request)
    if isinstance(error, LibraryFull):
        logger.error("request %s: %s", request_id(request), error)
        return FULL
    if isinstance(error, NoSuchEntry):
        return NOT_FOUND
    if isinstance(error, EntryBusy):
        return BUSY
    for kind, (status, name) in _REFUSED.items():
        if isinstance(error, kind):
            headers = {"Retry-After": "10"} if status == HTTPStatus.TOO_MANY_REQUESTS else {}
            code = error.code if isinstance(error, UploadRefused) else ""
            extra = {"code": code} if code else {}
            return Problem(status, name, str(error), extra, headers)
    logger.warning("request %s: %s", request_id(request), error)
    return NO_DESK


def _locked(request: Request) -> Problem:
    """Say who is writing, as far as it is known."""
    work = services(request)
    holder = work.desk.blocked_by() if work.desk is not None else ""
    who = f"Another process is writing to the library ({holder})." if holder else IN_USE
    detail = f"{who} Nothing was changed; try again when it has ended."
    return Problem(409, "library-busy", detail, headers={"Retry-After": "30"})


IN_USE = "Many files are being read into the library just now."
FULL = Problem(
    507,
    "disk-full",
    "The disk of the library is full. Nothing that was there is lost; free some space and try "
    "again.",
)
_REFUSED: Mapping[type[KeepingError], tuple[int, str]] = {
    TooLarge: (413, "file-too-large"),
    TooMany: (429, "too-much-waits"),
    NoRoom: (507, "disk-full"),
    UploadRefused: (422, "file-refused"),
}
"""By the reason for which a file is not taken: the status, and the problem's name."""


def _bad_filter(request: Request) -> Problem:
    """List the values that this reader may know of, from what the reader may read."""
    detail = "A filter has a value that no document here has; 'known' lists those there are."
    reader = request.scope["state"]["reader"]
    try:
        facets = library(request).facets(reader=reader)
    except LibraryError:
        return UNREADABLE
    return Problem(
        422,
        "bad-filter",
        detail,
        {"known": {name: list(counts) for name, counts in facets.items()}},
        phrase="error_filter",
    )


def _invalid(errors: Sequence[Any]) -> Problem:
    """Say what is wrong with each parameter, without repeating its value."""
    wrong = [
        {
            "where": ".".join(str(part) for part in error["loc"]),
            "what": error["msg"].removeprefix("Value error, "),
        }
        for error in errors
    ]
    detail = "The request cannot be understood."
    return Problem(422, "invalid", detail, {"errors": wrong}, phrase="error_invalid")


def _of_status(error: HTTPException) -> Problem:
    if error.status_code == HTTPStatus.NOT_FOUND:
        return NOT_FOUND
    phrase = HTTPStatus(error.status_code).phrase
    return Problem(
        error.status_code,
        phrase.lower().replace(" ", "-"),
        f"{phrase}.",
        headers=error.headers or {},
    )


def handle(request: Request, error: Exception) -> JSONResponse:
    """Answer a failed request (an exception handler for FastAPI)."""
    return problem_of(error, request).response(
        instance=request.url.path,
        request_id=request_id(request),
        accepted=request.headers.get("accept-language", ""),
    )


def install(app: FastAPI) -> None:
    """Have every expected error of an app answered as a problem.

    Unexpected ones are caught by ``mmsearch.api.envelope``, which knows the request id even
    when the request never reached a route.
    """
    for kind in (
        Refused,
        LibraryError,
        JournalError,
        PackError,
        KeepingError,
        EditError,
        RequestValidationError,
        HTTPException,
    ):
        app.add_exception_handler(kind, handle)
