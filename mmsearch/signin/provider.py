"""The organisation's provider, spoken to over HTTP with authlib: nothing else calls it.

What it says of itself (OpenID Connect Discovery 1.0) and its keys are kept for a while and
asked for again when a signature is by a key that is not among them.
"""

from __future__ import annotations

import json
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx2
from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import OAuth2Client

from mmsearch.access import is_loopback
from mmsearch.signin.errors import ProviderUnavailable, SignInRefused
from mmsearch.signin.identity import Expected, UnknownKey, allowed_algorithms, verified

KEPT = 3600.0
"""Seconds for which the discovery document and the keys are kept."""
SECONDS = 5.0
"""Longest time that the provider may take for one answer."""
PATIENCE = 5.0
"""Seconds after a failure for which it is not asked again, so that nobody can make us wait."""
WELL_KNOWN = "/.well-known/openid-configuration"
NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")


@dataclass(frozen=True, slots=True)
class Client:
    """What this service is to the provider.

    Attributes:
        issuer: The provider's address, as its tokens name it.
        client_id: The name it has given to this service.
        secret: What proves that; "" for a public client.
        scopes: What is asked for, separated by spaces.
    """

    issuer: str
    client_id: str
    secret: str = field(repr=False)
    scopes: str


@dataclass(frozen=True, slots=True)
class Granted:
    """What a person's sign-in brought.

    Attributes:
        claims: The verified claims of the ID token.
        id_token: The token itself, for signing out.
        access_token: What opens the userinfo endpoint.
    """

    claims: Mapping[str, Any]
    id_token: str = field(repr=False)
    access_token: str = field(repr=False)


class Provider:
    """One provider. Safe for several threads."""

    def __init__(self, client: Client, now: Callable[[], float] = time.monotonic) -> None:
        self.client = client
        self._now = now
        self._fetching = threading.Lock()
        self._failed: dict[str, tuple[float, str]] = {}
        self._kept: dict[str, tuple[float, dict[str, Any]]] = {}

    def metadata(self) -> dict[str, Any]:
        """Return the discovery document.

        Raises:
            ProviderUnavailable: It cannot be had, is of another issuer, or lacks what is needed.
        """
        issuer = self.client.issuer
        found = self._fetched(issuer.rstrip("/") + WELL_KNOWN)
        if found.get("issuer") != issuer:
            raise ProviderUnavailable(
                f"the provider at {issuer!r} calls itself {str(found.get('issuer'))[:200]!r}: "
                "set MMSEARCH_OIDC_ISSUER to exactly that, if it is the one you mean"
            )
        for name in NEEDED:
            if not is_safe(found.get(name)):
                raise ProviderUnavailable(f"the provider at {issuer!r} gives no safe {name}")
        return found

    def authorization(self, *, redirect: str, state: str, nonce: str, verifier: str) -> str:
        """Return the address that a person is sent to.

        Raises:
            ProviderUnavailable: See ``metadata``.
        """
        endpoint = self.metadata()["authorization_endpoint"]
        with self._client(redirect) as client:
            url, _ = client.create_authorization_url(
                endpoint, state=state, code_verifier=verifier, nonce=nonce
            )
        return str(url)

    def exchange(self, code: str, *, redirect: str, nonce: str, verifier: str) -> Granted:
        """Turn the code that a person came back with into who they are.

        Raises:
            ProviderUnavailable: The provider cannot be reached.
            SignInRefused: It does not take the code, or its token cannot be trusted.
        """
        metadata = self.metadata()
        with self._client(redirect, metadata) as client, _translated():
            token = client.fetch_token(
                metadata["token_endpoint"],
                grant_type="authorization_code",
                code=code,
                code_verifier=verifier,
                redirect_uri=redirect,
            )
        access = str(token.get("access_token", ""))
        expected = Expected(self.client.issuer, self.client.client_id, nonce, access)
        claims = self._verified(token.get("id_token"), metadata, expected)
        return Granted(claims, token["id_token"], access)

    def userinfo(self, granted: Granted) -> dict[str, Any]:
        """Ask for what the ID token does not say; nothing where there is nobody to ask.

        Raises:
            ProviderUnavailable: The provider cannot be reached.
            SignInRefused: It speaks of somebody else.
        """
        endpoint = self.metadata().get("userinfo_endpoint")
        if not is_safe(endpoint) or not granted.access_token:
            return {}
        with self._client() as client, _translated():
            client.token = {"access_token": granted.access_token, "token_type": "Bearer"}
            found = _object(client.get(str(endpoint)))
        if found.get("sub") != granted.claims["sub"]:
            raise SignInRefused("the provider's userinfo speaks of somebody else")
        return found

    def end_session(self, *, back: str, id_token: str) -> str | None:
        """Return the address that ends the session at the provider, or None without one.

        OpenID Connect RP-Initiated Logout 1.0, section 2.

        Raises:
            ProviderUnavailable: See ``metadata``.
        """
        endpoint = self.metadata().get("end_session_endpoint")
        if not is_safe(endpoint):
            return None
        wanted = {"client_id": self.client.client_id, "post_logout_redirect_uri": back}
        if id_token:
            wanted["id_token_hint"] = id_token
        return f"{endpoint}{'&' if '?' in str(endpoint) else '?'}{urlencode(wanted)}"

    def _verified(
        self, id_token: object, metadata: Mapping[str, Any], expected: Expected
    ) -> dict[str, Any]:
        algorithms = allowed_algorithms(metadata.get("id_token_signing_alg_values_supported"))
        address = metadata["jwks_uri"]
        try:
            return verified(id_token, _keys(self._fetched(address)), algorithms, expected)
        except UnknownKey:
            self._kept.pop(address, None)
            return verified(id_token, _keys(self._fetched(address)), algorithms, expected)

    def _fetched(self, address: str) -> dict[str, Any]:
        """Return a document of the provider's, asked for at most once an hour.

        Raises:
            ProviderUnavailable: It cannot be had, or could not a moment ago.
        """
        with self._fetching:  # one at a time: the others get what the first one got
            when, known = self._kept.get(address, (0.0, {}))
            if known and self._now() - when < KEPT:
                return known
            failed, why = self._failed.get(address, (0.0, ""))
            if why and self._now() - failed < PATIENCE:
                raise ProviderUnavailable(why)
            try:
                found = _fetched(address)
            except ProviderUnavailable as exc:
                self._failed[address] = (self._now(), str(exc))
                raise
            self._kept[address] = (self._now(), found)
            return found

    def _client(self, redirect: str = "", metadata: Mapping[str, Any] | None = None) -> Any:
        return OAuth2Client(
            self.client.client_id,
            self.client.secret or None,
            token_endpoint_auth_method=self._method(metadata or {}),
            scope=self.client.scopes,
            redirect_uri=redirect,
            code_challenge_method="S256",
            timeout=SECONDS,
            verify=_trusted(),
        )

    def _method(self, metadata: Mapping[str, Any]) -> str:
        """Choose how to prove who we are; ``client_secret_basic`` where nothing is said."""
        if not self.client.secret:
            return "none"
        known = metadata.get("token_endpoint_auth_methods_supported")
        posts = isinstance(known, list) and "client_secret_basic" not in known
        return "client_secret_post" if posts else "client_secret_basic"


def is_safe(address: object) -> bool:
    """Say whether an address can be trusted with secrets: HTTPS, or on this machine."""
    if not isinstance(address, str):
        return False
    try:
        parts = urlsplit(address)
        name = parts.hostname or ""
    except ValueError:
        return False
    return bool(name) and (
        parts.scheme == "https" or (parts.scheme == "http" and is_loopback(name))
    )


def _fetched(address: str) -> dict[str, Any]:
    with httpx2.Client(timeout=SECONDS, verify=_trusted()) as client, _translated():
        return _object(client.get(address))


@cache
def _trusted() -> ssl.SSLContext:
    """Read the machine's certificates once: that takes longer than a request."""
    return httpx2.create_ssl_context()


@contextmanager
def _translated() -> Iterator[None]:
    """Turn authlib's errors and those of the network into ours; no text has a secret."""
    try:
        yield
    except OAuthError as exc:
        raise SignInRefused(f"the provider refused: {str(exc.error)[:100]!r}") from None
    except httpx2.HTTPStatusError as exc:
        raise ProviderUnavailable(f"the provider answered {exc.response.status_code}") from None
    except (httpx2.HTTPError, httpx2.InvalidURL) as exc:
        raise ProviderUnavailable(f"the provider cannot be reached: {exc}") from exc
    except ValueError:
        raise ProviderUnavailable("the provider's answer is no JSON object") from None


def _object(response: Any) -> dict[str, Any]:
    response.raise_for_status()
    found = json.loads(response.content)
    if not isinstance(found, dict):
        raise ValueError("no object")
    return found


def _keys(document: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    keys = document.get("keys")
    return [key for key in keys if isinstance(key, dict)] if isinstance(keys, list) else []
