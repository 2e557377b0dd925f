"""Setting the cookies of signing in."""

from __future__ import annotations

from starlette.responses import Response

from mmsearch.signin.cookies import Cookie


def set_cookie(
    response: Response, cookie: Cookie, value: str, seconds: float, *, secure: bool
) -> None:
    """Have a browser keep a cookie for so many seconds, closed to scripts and other sites."""
    response.set_cookie(
        cookie.name(secure=secure),
        value,
        max_age=int(seconds),
        path=cookie.path,
        secure=secure,
        httponly=True,
        samesite="lax",
    )
