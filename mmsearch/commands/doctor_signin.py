"""What mmsearch doctor says about signing in: the provider is asked who it is."""

from __future__ import annotations

from collections.abc import Iterator

from mmsearch.commands.findings import Finding
from mmsearch.opening import open_sign_in
from mmsearch.settings import Settings
from mmsearch.signin.errors import ProviderUnavailable
from mmsearch.signin.paths import CALLBACK
from mmsearch.signin.rights import GroupRights

NAME = "signing in"


def examine(settings: Settings) -> Iterator[Finding]:
    """Look at the sign-in's settings, the provider behind them, and what to register there."""
    sign_in = open_sign_in(settings)
    if sign_in is None:
        yield Finding(NAME, "with tokens only (MMSEARCH_OIDC_ISSUER is not set)")
        return
    home = settings.url.rstrip("/") or f"http://{settings.host}:{settings.port}"
    try:
        known = sign_in.provider.metadata()
        yield Finding(NAME, f"{settings.oidc_issuer} answers")
        if not known.get("end_session_endpoint"):
            yield Finding("signing out", "here only: the provider has no end-session address")
        else:
            yield Finding("register for signing out", f"{home}/")
    except ProviderUnavailable as exc:
        remedy = "check MMSEARCH_OIDC_ISSUER and the network; until then tokens work"
        yield Finding(NAME, str(exc), remedy)
    yield Finding("register at the provider", f"{home}{CALLBACK}")
    yield _client(settings)
    yield _rights(settings)


def _client(settings: Settings) -> Finding:
    secret = settings.oidc_secret.get_secret_value()
    if not secret:
        said = f"{settings.oidc_client}, without a secret: sessions end with the service"
        return Finding("client", said)
    return Finding("client", f"{settings.oidc_client}, with a secret")


def _rights(settings: Settings) -> Finding:
    groups = GroupRights.parse(settings.oidc_rights).readers
    if not groups:
        remedy = """set MMSEARCH_OIDC_RIGHTS='{"A GROUP": "internal"}'"""
        return Finding("rights of groups", "none: an account reads no more than anybody", remedy)
    claim = settings.oidc_groups_claim
    return Finding("rights of groups", f"{', '.join(sorted(groups))} (claim {claim!r})")
