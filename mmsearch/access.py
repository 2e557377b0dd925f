"""Who is asking: bearer tokens become readers, and a service without tokens stays at home.

Pure: reads no environment, no request and no clock. Tokens themselves are not kept, only
their keyed digests.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from index.types import KEEPER, PUBLIC, Reader

MIN_TOKEN_LENGTH = 16
RIGHTS = 'expected "public", "internal", "group:NAME" or "keeper", separated by commas'
RECIPE = 'python -c "import secrets; print(secrets.token_urlsafe(32))"'


class AccessError(Exception):
    """Base of what is wrong with tokens and with where the service listens."""


class BadRights(AccessError):
    """A token's rights cannot be understood. The text never holds the token."""


class UnsafeToServe(AccessError):
    """Without tokens, the service would be open to others."""


class CannotListen(AccessError):
    """The address or port cannot be had."""


def parse_rights(text: str) -> Reader:
    """Turn ``"internal, group:haiti"`` into the reader who has these rights.

    Args:
        text: Rights separated by commas; letter case and spaces do not matter but in a
            group's name, which is taken as it is.

    Raises:
        BadRights: A right is unknown, a group has no name, or there is none at all.
    """
    rights = [part.strip() for part in text.split(",") if part.strip()]
    if not rights:
        raise BadRights(f"there are no rights; {RIGHTS}")
    reader = PUBLIC
    for right in rights:
        reader = _add(reader, right)
    return reader


def _add(reader: Reader, right: str) -> Reader:
    word, colon, name = right.partition(":")
    word, name = word.strip().casefold(), name.strip()
    if word == "group" and name:
        return Reader(reader.internal, reader.groups | {name}, reader.everything)
    if not colon and word == "public":
        return reader
    if not colon and word == "internal":
        return Reader(True, reader.groups, reader.everything)
    if not colon and word == "keeper":
        return Reader(reader.internal, reader.groups, True)
    raise BadRights(f"unknown right {right!r}; {RIGHTS}")


@dataclass(frozen=True, slots=True)
class Tokens:
    """The configured tokens as keyed digests, with the reader behind each.

    Attributes:
        key: Random for each process, so that a digest says nothing outside it.
        readers: Digest and reader of each token.
        sign_in: Whether people can also sign in with accounts of their organisation.
    """

    key: bytes
    readers: tuple[tuple[bytes, Reader], ...]
    sign_in: bool = False

    @classmethod
    def build(cls, rights: Mapping[str, str], *, sign_in: bool = False) -> Self:
        """Digest tokens (each with its rights as text, see ``parse_rights``).

        Raises:
            BadRights: A token's rights cannot be understood.
        """
        key = secrets.token_bytes(32)
        readers = ((_digest(key, token), parse_rights(text)) for token, text in rights.items())
        return cls(key, tuple(readers), sign_in)

    def __bool__(self) -> bool:
        """Say whether anything tells one caller from another."""
        return bool(self.readers) or self.sign_in

    def __repr__(self) -> str:
        return f"Tokens({len(self.readers)} configured)"

    def reader(self, token: str) -> Reader | None:
        """Return the reader behind a token, or None when it is unknown.

        Compares HMAC-SHA-256 digests in constant time and looks at every token, so that
        the time taken says nothing about which one matched or how closely.
        """
        wanted = _digest(self.key, token)
        found: Reader | None = None
        for digest, reader in self.readers:
            if hmac.compare_digest(digest, wanted):
                found = reader
        return found


def _digest(key: bytes, token: str) -> bytes:
    return hmac.new(key, token.encode("utf-8", "surrogatepass"), hashlib.sha256).digest()


def is_loopback(host: str) -> bool:
    """Say whether an address or name stays on this machine: 127.0.0.0/8, ::1, localhost."""
    name = host.strip().removeprefix("[").removesuffix("]").rstrip(".").casefold()
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def is_loopback_host_header(value: str) -> bool:
    """Say whether a Host header (``name``, ``name:port``, ``[::1]:port``) names this machine.

    A page of another site that has its own name point to 127.0.0.1 (DNS rebinding) sends
    its own name here, and is told apart by it.
    """
    if value.startswith("["):
        name, bracket, port = value[1:].partition("]")
        if not bracket or (port and not port.startswith(":")):
            return False
        port = port.removeprefix(":")
    else:
        name, _, port = value.partition(":")
    return (not port or port.isdecimal()) and is_loopback(name)


def check_serving(host: str, tokens: Tokens) -> None:
    """Refuse to listen where others can reach the service while no token is configured.

    Raises:
        UnsafeToServe: With the command that makes a token.
    """
    if tokens or is_loopback(host):
        return
    raise UnsafeToServe(
        f"cannot serve on {host!r} without tokens: everyone who reaches it could read every "
        "document. Serve on 127.0.0.1, or make a token with\n"
        f"  {RECIPE}\n"
        "and say what it may read:\n"
        """  export MMSEARCH_TOKENS='{"THE-TOKEN": "public, internal"}'\n"""
        "or let people sign in with accounts of their organisation (MMSEARCH_OIDC_ISSUER)."
    )


def reader_for(token: str | None, tokens: Tokens, *, anonymous: str) -> Reader | None:
    """Decide who is asking.

    Args:
        token: What the caller sent, or None.
        tokens: The configured tokens; with none and no sign-in, whoever reaches the service
            keeps it.
        anonymous: What a caller without a token may read: "nothing" or "public".

    Returns:
        The reader; None when the token is unknown or nothing may be read without one.
    """
    if not tokens:
        return KEEPER
    if token is not None:
        return tokens.reader(token)
    return PUBLIC if anonymous == "public" else None
