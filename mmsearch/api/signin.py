"""Routes for signing in with an organisation's own accounts, for browsers alone.

Whatever goes wrong sends the person back to the page, which says so in their language and
still takes a token: ``/?signin=unreachable``.
"""

from __future__ import annotations

import logging
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from mmsearch.access import is_loopback_host_header
from mmsearch.api.context import request_id, services
from mmsearch.api.cookies import set_cookie
from mmsearch.api.problems import NO_ADDRESS, NOT_FOUND, Refused
from mmsearch.signin.cookies import HINT, SESSION, STARTED, Cookie, cookie_value
from mmsearch.signin.errors import (
    ProviderUnavailable,
    SignInCancelled,
    SignInError,
    SignInRefused,
)
from mmsearch.signin.flow import MINUTES_TO_COME_BACK, SignIn
from mmsearch.signin.paths import CALLBACK, SIGN_IN, SIGN_OUT

router = APIRouter(include_in_schema=False)
logger = logging.getLogger("mmsearch.signin")

MOST_PARAMETERS = 20
WHY: dict[type[SignInError], str] = {
    ProviderUnavailable: "unreachable",
    SignInCancelled: "cancelled",
    SignInRefused: "refused",
}
NO_RIGHTS = "no-rights"


@router.get(SIGN_IN)
def sign_in(request: Request, next: str = "/") -> Response:
    """Send a person to the organisation's provider."""
    going = _sign_in(request)
    home = _home(request)
    try:
        url, begun = going.begin(next_address=next, redirect=home + CALLBACK)
    except SignInError as exc:
        return _back(request, exc)
    response = RedirectResponse(url, status_code=303)
    _set(response, home, STARTED, begun, MINUTES_TO_COME_BACK * 60)
    return response


@router.get(CALLBACK)
def callback(request: Request) -> Response:
    """Let a person in whom the provider sends back."""
    going, home = _sign_in(request), _home(request)
    given = dict(request.query_params.multi_items()[:MOST_PARAMETERS])
    try:
        came = going.finish(given, cookie_value(request.headers, STARTED, secure=_is_secure(home)))
    except SignInError as exc:
        response = _back(request, exc)
        _clear(response, home, STARTED)
        return response
    # 303 to our own page: the address with the code is in no history.
    response = RedirectResponse(
        came.next if came.recognised else f"/?{urlencode({'signin': NO_RIGHTS})}", status_code=303
    )
    _clear(response, home, STARTED)
    _set(response, home, SESSION, came.cookie, going.sessions.seconds)
    if came.hint:
        _set(response, home, HINT, came.hint, going.sessions.seconds)
    return response


@router.post(SIGN_OUT)
def sign_out(request: Request) -> JSONResponse:
    """End a session; says where the browser should go to end the provider's too."""
    going, home = _sign_in(request), _home(request)
    session = request.scope["state"].get("session")
    hint = cookie_value(request.headers, HINT, secure=_is_secure(home))
    response = JSONResponse({"next": going.end(session, back=f"{home}/", hint=hint)})
    for cookie in (SESSION, HINT):
        _clear(response, home, cookie)
    return response


def _sign_in(request: Request) -> SignIn:
    going = services(request).sign_in
    if going is None:
        raise Refused(NOT_FOUND)
    return going


def _home(request: Request) -> str:
    """Return the service's own address: as set, or as this machine calls itself.

    Raises:
        Refused: It has a name that could be anybody's, and none is set.
    """
    if url := services(request).url:
        return url.rstrip("/")
    host = request.headers.get("host", "")
    if not is_loopback_host_header(host):
        raise Refused(NO_ADDRESS)
    return f"http://{host}"


def _back(request: Request, why: SignInError) -> Response:
    logger.warning("request %s: not signed in: %s", request_id(request), why)
    reason = next(name for kind, name in WHY.items() if isinstance(why, kind))
    return RedirectResponse(f"/?{urlencode({'signin': reason})}", status_code=303)


def _set(response: Response, home: str, cookie: Cookie, value: str, seconds: float) -> None:
    set_cookie(response, cookie, value, seconds, secure=_is_secure(home))


def _is_secure(home: str) -> bool:
    return home.startswith("https:")


def _clear(response: Response, home: str, cookie: Cookie) -> None:
    _set(response, home, cookie, "", 0)
