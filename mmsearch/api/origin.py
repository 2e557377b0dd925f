"""Whether a request that changes something comes from a page of ours. Pure.

A browser sends a cookie, or reaches a service of its own machine, whichever site asked it to
(cross-site request forgery). It also says which site that was: ``Sec-Fetch-Site`` (Fetch
Metadata), and ``Origin`` with everything but GET and HEAD (RFC 6454).
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that change nothing (RFC 9110, section 9.2.1)."""


def is_forged(method: str, headers: Mapping[str, str], *, with_cookie: bool, url: str) -> bool:
    """Say whether another site may have had a browser send this request.

    Args:
        method: The method.
        headers: The headers, names in lower case. One with a bearer token is never forged: no
            browser adds that by itself.
        with_cookie: Whether a cookie says who is asking; then only what a browser says of
            itself will do, since without a word of it nothing is known.
        url: The service's public address, or "".
    """
    if method in SAFE or "authorization" in headers:
        return False
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is not None:
        return site not in {"same-origin", "none"}
    if origin is not None:
        return not _is_own(origin, headers.get("host", ""), url)
    return with_cookie


def _is_own(origin: str, host: str, url: str) -> bool:
    """Compare an origin with the name that was called; a proxy in front may have another."""
    own = {host.casefold(), urlsplit(url).netloc.casefold()} - {""}
    return urlsplit(origin).netloc.casefold() in own
