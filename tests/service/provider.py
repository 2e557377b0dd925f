"""An OpenID Connect provider on this machine, which can be told to lie.

Authorization, token, keys, userinfo and end-session endpoints over real HTTP. Whoever comes to
the authorization endpoint is let in at once as ``Provider.person``.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey

from tests.service.browsing import serving

CLIENT = "mmsearch-at-work"
SECRET = "a-client-secret-of-some-length"  # noqa: S105 - the fake provider's
Claims = dict[str, Any]


def new_key(algorithm: str = "ES256") -> RSAKey | ECKey:
    """Make a key; one for RS256 takes a moment."""
    named = {"kid": secrets.token_hex(4), "use": "sig", "alg": algorithm}
    if algorithm == "RS256":
        return RSAKey.generate_key(2048, named)
    return ECKey.generate_key("P-256", named)


@dataclass
class Provider:
    """The provider's memory, and how it lies.

    Attributes:
        person: The claims of who signs in.
        beside: Claims that only the userinfo endpoint has.
        change: Changes the claims of an ID token before it is signed.
        sign: Signs instead of ``key``.
        broken: Endpoints that answer 500.
        refusing: The error that people are sent back with, in place of a code.
        asked: Every request: path and parameters.
    """

    issuer: str = ""
    key: RSAKey | ECKey = field(default_factory=new_key)
    person: Claims = field(
        default_factory=lambda: {"sub": "ana-1", "name": "Ana Pop", "groups": ["Haiti office"]}
    )
    beside: Claims = field(default_factory=dict)
    change: Callable[[Claims], Claims] = lambda claims: claims
    sign: Callable[[Claims], str] | None = None
    broken: set[str] = field(default_factory=set)
    refusing: str = ""
    more: Claims = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    ended: int = 0

    def rotate(self) -> None:
        """Change the key that signs; the old one is published no more."""
        self.key = new_key("RS256")

    def id_token(self, begun: dict[str, str]) -> str:
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "nonce": begun["nonce"],
            **self.person,
        }
        claims = self.change(claims)
        if self.sign is not None:
            return self.sign(claims)
        return jwt.encode({"alg": self.key.alg, "kid": self.key.kid}, claims, self.key)


def unsigned(claims: Claims) -> str:
    """Write a token with the algorithm ``none``."""
    return f"{_part({'alg': 'none', 'typ': 'JWT'})}.{_part(claims)}."


def _part(value: Claims) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def by_secret(claims: Claims) -> str:
    """Sign with the client's secret, which the client may not take for the provider's key."""
    return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(SECRET * 2))


def by_public_key(provider: Provider) -> Callable[[Claims], str]:
    """Sign with HMAC by the text of the public key: the confusion of two algorithms."""
    key = provider.key.as_pem(private=False)

    def sign(claims: Claims) -> str:
        said = f"{_part({'alg': 'HS256', 'kid': provider.key.kid})}.{_part(claims)}"
        digest = hmac.new(key, said.encode(), hashlib.sha256).digest()
        return f"{said}.{base64.urlsafe_b64encode(digest).decode().rstrip('=')}"

    return sign


def make_provider(provider: Provider) -> FastAPI:  # noqa: C901 - a function an endpoint
    app = FastAPI()

    def noted(name: str, given: dict[str, str]) -> Response | None:
        provider.asked.append((name, given))
        return Response(status_code=500) if name in provider.broken else None

    @app.get("/.well-known/openid-configuration")
    def discovery() -> Response:
        issuer = provider.issuer
        said = {
            "issuer": issuer,
            "authorization_endpoint": f"{issuer}/authorize",
            "token_endpoint": f"{issuer}/token",
            "jwks_uri": f"{issuer}/keys",
            "userinfo_endpoint": f"{issuer}/userinfo",
            "end_session_endpoint": f"{issuer}/logout",
            "id_token_signing_alg_values_supported": ["RS256", "ES256", "HS256", "none"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
            **provider.more,
        }
        return noted("discovery", {}) or JSONResponse(said)

    @app.get("/authorize")
    def authorize(request: Request) -> Response:
        given = dict(request.query_params)
        if (failed := noted("authorize", given)) is not None:
            return failed
        back = {"state": given["state"]}
        if provider.refusing:
            back["error"] = provider.refusing
        else:
            back["code"] = secrets.token_urlsafe(8)
            provider.codes[back["code"]] = given
        return RedirectResponse(f"{given['redirect_uri']}?{urlencode(back)}", status_code=302)

    @app.post("/token")
    async def token(request: Request) -> Response:
        form = dict(parse_qsl((await request.body()).decode()))
        code, redirect_uri = form["code"], form["redirect_uri"]
        code_verifier = form["code_verifier"]
        if (failed := noted("token", {"code": code})) is not None:
            return failed
        begun = provider.codes.pop(code, None)
        wanted = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if request.headers.get("authorization") != f"Basic {wanted}":
            return JSONResponse({"error": "invalid_client"}, status_code=401)
        if begun is None or begun["redirect_uri"] != redirect_uri:
            return JSONResponse({"error": "invalid_grant"}, status_code=400)
        digest = hashlib.sha256(code_verifier.encode()).digest()
        if base64.urlsafe_b64encode(digest).decode().rstrip("=") != begun["code_challenge"]:
            return JSONResponse({"error": "invalid_grant"}, status_code=400)
        return JSONResponse(
            {
                "access_token": "an-access-token",
                "token_type": "Bearer",
                "id_token": provider.id_token(begun),
            }
        )

    @app.get("/keys")
    def keys() -> Response:
        return noted("keys", {}) or JSONResponse({"keys": [provider.key.as_dict(private=False)]})

    @app.get("/userinfo")
    def userinfo(request: Request) -> Response:
        if (failed := noted("userinfo", {})) is not None:
            return failed
        if request.headers.get("authorization") != "Bearer an-access-token":
            return Response(status_code=401)
        return JSONResponse({"sub": provider.person["sub"], **provider.beside})

    @app.get("/logout")
    def logout(request: Request) -> Response:
        given = dict(request.query_params)
        provider.ended += 1
        if (failed := noted("logout", given)) is not None:
            return failed
        back = given.get("post_logout_redirect_uri")
        return RedirectResponse(back, status_code=302) if back else HTMLResponse("Signed out.")

    return app


@contextmanager
def providing() -> Iterator[Provider]:
    """Serve a provider on a free port of this machine."""
    provider = Provider()
    with serving(make_provider(provider)) as where:
        provider.issuer = where.rstrip("/")
        yield provider
