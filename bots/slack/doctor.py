"""What Slack says of our tokens: which one is wrong, which scope is missing, what to do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from slack_sdk.web import SlackResponse

from bots.slack.channels import Channels
from bots.slack.client import PacedClient
from bots.slack.errors import BadChannelSettings, SlackAway, SlackRefused
from bots.slack.running import config_of
from bots.slack.settings_file import read
from mmsearch.commands.findings import Finding
from mmsearch.settings import Settings

MANIFEST = Path(__file__).resolve().parent / "manifest.yaml"


def examine(settings: Settings) -> Iterator[Finding]:
    """Yield what was found, one thing at a time."""
    yield from _bot_token(settings)
    yield from _app_token(settings)
    yield _signing_secret(settings)
    yield _address(settings)
    yield _file(config_of(settings, http=True).channels)


def scopes() -> tuple[str, ...]:
    """Return the scopes that the manifest asks for, sorted."""
    manifest: dict[str, Any] = yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))
    return tuple(sorted(manifest["oauth_config"]["scopes"]["bot"]))


def _bot_token(settings: Settings) -> Iterator[Finding]:
    token = settings.slack_bot_token.get_secret_value()
    name = "Slack bot token"
    if not token:
        remedy = "set MMSEARCH_SLACK_BOT_TOKEN: 'OAuth & Permissions', Bot User OAuth Token"
        yield Finding(name, "not set", remedy)
        return
    if not token.startswith("xoxb-"):
        yield Finding(name, "of another kind", "set MMSEARCH_SLACK_BOT_TOKEN to the one in xoxb-")
        return
    found = _ask(name, "auth.test", token, settings)
    if isinstance(found, Finding):
        yield found
        return
    yield Finding(name, f"{found['user']} in {found['team']}")
    yield _scopes(_granted(found))


def _scopes(granted: frozenset[str]) -> Finding:
    missing = [scope for scope in scopes() if scope not in granted]
    remedy = (
        "add them under 'OAuth & Permissions' (or paste bots/slack/manifest.yaml under "
        "'App Manifest'), then install the app again"
    )
    if missing:
        return Finding("Slack scopes", f"missing: {', '.join(missing)}", remedy)
    return Finding("Slack scopes", f"all {len(scopes())} there")


def _app_token(settings: Settings) -> Iterator[Finding]:
    token = settings.slack_app_token.get_secret_value()
    name = "Slack app token"
    if not token:
        http = bool(settings.slack_signing_secret.get_secret_value())
        remedy = (
            ""
            if http
            else "set MMSEARCH_SLACK_APP_TOKEN: 'Basic Information', App-Level Tokens, scope "
            "connections:write"
        )
        yield Finding(name, "not set: no Socket Mode", remedy)
        return
    if not token.startswith("xapp-"):
        yield Finding(name, "of another kind", "set MMSEARCH_SLACK_APP_TOKEN to the one in xapp-")
        return
    found = _ask(name, "apps.connections.open", token, settings)
    yield found if isinstance(found, Finding) else Finding(name, "Socket Mode is open")


def _signing_secret(settings: Settings) -> Finding:
    given = bool(settings.slack_signing_secret.get_secret_value())
    return Finding(
        "Slack signing secret", "set" if given else "not set: /slack/events is not served"
    )


def _address(settings: Settings) -> Finding:
    said = settings.url or "not set: sources have no links to our page (MMSEARCH_URL)"
    return Finding("public address", said)


def _file(path: Path) -> Finding:
    try:
        channels: Channels = read(path)
    except BadChannelSettings as exc:
        return Finding("Slack channel settings", "cannot be used", str(exc))
    if not path.exists():
        return Finding("Slack channel settings", f"none yet in {str(path)!r}: defaults hold")
    named = len(channels.named)
    return Finding("Slack channel settings", f"{path}: channels named: {named}")


def _ask(name: str, method: str, token: str, settings: Settings) -> SlackResponse | Finding:
    try:
        return PacedClient(token, base_url=settings.slack_api, timeout=10).api_call(method)
    except SlackRefused as exc:
        remedy = "make a new one, set it and start the bot again"
        if exc.code in {"missing_scope", "not_allowed_token_type"}:
            remedy = "make one with the scope connections:write"
        return Finding(name, f"Slack says {exc.code}", remedy)
    except SlackAway as exc:
        return Finding(name, f"Slack cannot be asked ({exc})", "look at the network and its proxy")


def _granted(response: SlackResponse) -> frozenset[str]:
    headers = {str(name).lower(): value for name, value in response.headers.items()}
    given = headers.get("x-oauth-scopes", "")
    text = ",".join(given) if isinstance(given, list) else str(given)
    return frozenset(scope.strip() for scope in text.split(",") if scope.strip())
