"""Who the provider says it is: an ID token, verified before a word of it is believed.

OpenID Connect Core 1.0, section 3.1.3.7: issuer, audience, expiry, nonce, and the signature by
one of the provider's own keys with an algorithm that only the holder of the key can use.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import BadSignatureError, InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from mmsearch.signin.errors import SignInRefused

ALGORITHMS = (
    *("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
    *("ES256", "ES384", "ES512", "EdDSA", "Ed25519"),
)
"""Signatures by a private key. No ``none``, and no HMAC: its key would be known to others."""
LEEWAY = 60
"""Seconds by which two clocks may differ."""


class UnknownKey(SignInRefused):
    """No key at hand made the signature: the provider may have changed its keys since."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What an ID token has to say.

    Attributes:
        issuer: Who made it.
        client_id: Whom it was made for.
        nonce: Which sign-in it answers.
        access_token: What came with it.
    """

    issuer: str
    client_id: str
    nonce: str
    access_token: str


def allowed_algorithms(supported: object) -> tuple[str, ...]:
    """Return the algorithms to accept: ours, and of them what the provider says it uses."""
    if not isinstance(supported, list) or not supported:
        return ALGORITHMS
    return tuple(name for name in ALGORITHMS if name in supported)


def verified(
    id_token: object,
    keys: Sequence[Mapping[str, Any]],
    algorithms: Sequence[str],
    expected: Expected,
) -> dict[str, Any]:
    """Return the claims of an ID token that is what was expected.

    Args:
        id_token: As the provider sent it.
        keys: The provider's keys (RFC 7517); symmetric ones are left out.
        algorithms: Those that are accepted.
        expected: What it has to say.

    Raises:
        UnknownKey: It was signed with none of these keys.
        SignInRefused: Anything else about it is not as expected.
    """
    if not isinstance(id_token, str):
        raise SignInRefused("the provider sent no ID token; is 'openid' among the scopes?")
    accepted = JWSRegistry(algorithms=list(algorithms), strict_check_header=False)
    try:
        token = jwt.decode(id_token, _key_set(keys), None, accepted)
        claims = CodeIDToken(token.claims, token.header, _options(expected), _parameters(expected))
        claims.validate(leeway=LEEWAY)
    except (InvalidKeyIdError, BadSignatureError) as exc:
        raise UnknownKey(f"the ID token is signed with an unknown key: {exc}") from exc
    except (JoseError, ValueError, TypeError) as exc:
        raise SignInRefused(f"the ID token cannot be trusted: {exc}") from exc
    if not isinstance(claims["sub"], str) or not claims["sub"]:
        raise SignInRefused("the ID token names nobody")
    return dict(claims)


def _key_set(keys: Sequence[Mapping[str, Any]]) -> KeySet:
    usable = [
        dict(key)
        for key in keys
        if key.get("kty") in {"RSA", "EC", "OKP"} and key.get("use", "sig") == "sig"
    ]
    if not usable:
        raise UnknownKey("the provider publishes no key that signs")
    return KeySet.import_key_set({"keys": usable})


def _options(expected: Expected) -> dict[str, Any]:
    return {
        "iss": {"essential": True, "value": expected.issuer},
        "aud": {"essential": True, "value": expected.client_id},
    }


def _parameters(expected: Expected) -> dict[str, Any]:
    return {
        "nonce": expected.nonce,
        "client_id": expected.client_id,
        "access_token": expected.access_token,
    }
