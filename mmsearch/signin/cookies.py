"""The cookies of signing in. Pure.

Over HTTPS their names begin with ``__Host-`` or ``__Secure-``, which browsers take from this
very host over HTTPS alone; on this machine, over HTTP, they have none of that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mmsearch.signin.paths import SIGN_IN, SIGN_OUT


@dataclass(frozen=True, slots=True)
class Cookie:
    """A cookie.

    Attributes:
        plain: Its name over HTTP.
        path: The addresses that it is sent to.
    """

    plain: str
    path: str

    def name(self, *, secure: bool) -> str:
        """Return its name over HTTPS or over HTTP."""
        if not secure:
            return self.plain
        return f"__Host-{self.plain}" if self.path == "/" else f"__Secure-{self.plain}"


SESSION = Cookie("mmsearch-session", "/")
STARTED = Cookie("mmsearch-started", SIGN_IN)
HINT = Cookie("mmsearch-hint", SIGN_OUT)


def cookie_value(headers: Mapping[str, str], cookie: Cookie, *, secure: bool) -> str:
    """Return the value that a request brings of a cookie; "" for none, or for two of them.

    Args:
        headers: The request's headers.
        cookie: Which one.
        secure: Whether the service is reached over HTTPS. Then only the prefixed name counts:
            the plain one could have been set by a neighbour under the same domain.
    """
    wanted = cookie.name(secure=secure)
    found = [
        value.strip()
        for name, _, value in (part.partition("=") for part in _parts(headers))
        if name.strip() == wanted
    ]
    return found[0] if len(found) == 1 else ""


def _parts(headers: Mapping[str, str]) -> list[str]:
    return headers.get("cookie", "").split(";")
