"""Every setting, read from the environment once at the entry point.

Nothing else reads the environment, and no ``.env`` file is read. Each setting is the
variable ``MMSEARCH_`` and its name in capitals.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from ingest.processors import usable_processors
from mmsearch.access import (
    MIN_TOKEN_LENGTH,
    RECIPE,
    BadRights,
    Tokens,
    is_loopback,
    parse_rights,
)
from mmsearch.journal.types import Recording
from mmsearch.signin.rights import GroupRights

PREFIX = "MMSEARCH_"
MOST_WORKERS = 256


class SettingsError(Exception):
    """Settings cannot be used. The text names every wrong variable and no secret."""


class Settings(BaseSettings):
    """What a person can set. Values are checked here and handed down as plain values."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_ignore_empty=True,
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
        validate_default=True,
    )

    library: Path = Field(Path("library"), description="Folder of the library.")
    model: str = Field(
        "all-MiniLM-L6-v2",
        min_length=1,
        description="Embedding model: a name or the path of a folder.",
    )
    reranker: str = Field(
        "",
        description=(
            "Cross-encoder that reads the first passages of a search again: a name or the path "
            "of a folder; none when not set."
        ),
    )
    cache: Path | None = Field(
        None,
        description="Folder for exported models; when not set, the user's cache folder.",
    )
    host: str = Field(
        "127.0.0.1",
        min_length=1,
        description="Address that the service listens on; others than loopback need tokens.",
    )
    port: int = Field(8000, ge=0, le=65535, description="Port that the service listens on.")
    tokens: SecretStr = Field(
        SecretStr(""),
        description=(
            "Who may read what: a JSON object from token to rights, which are "
            '"public", "internal", "group:NAME" or "keeper", separated by commas.'
        ),
    )
    anonymous: Literal["nothing", "public"] = Field(
        "public",
        description="What a caller without a token may read when there are tokens.",
    )
    workers: int = Field(
        default_factory=lambda: min(usable_processors(), MOST_WORKERS),
        ge=1,
        le=MOST_WORKERS,
        description="Processes that parse files during ingest; when not set, one a processor.",
    )
    file_seconds: float = Field(
        120.0, gt=0, le=86_400, description="Longest time that parsing one file may take, seconds."
    )
    file_megabytes: int = Field(
        1024, ge=64, description="Most memory that parsing one file may take, megabytes."
    )
    ocr: bool = Field(True, description="Whether scanned pages are read, where tesseract is.")
    ocr_languages: str = Field(
        "",
        pattern=r"^[A-Za-z_]*([ ,+][A-Za-z_]+)*$",
        description="Languages of scans (fr es, or packs of tesseract); when not set, by document.",
    )
    ocr_page_seconds: float = Field(
        60.0, ge=1, le=600, description="Longest time that reading one scanned page may take."
    )
    upload_megabytes: int = Field(
        200, ge=1, le=500, description="Largest file that keepers may upload, megabytes."
    )
    upload_waiting: int = Field(
        500, ge=1, le=100_000, description="Most uploaded files that may wait to be read."
    )
    upload_waiting_megabytes: int = Field(
        5000, ge=1, description="Most that they may have together, megabytes."
    )
    max_question: int = Field(
        2000, ge=1, le=2000, description="Longest question that is read, characters."
    )
    record_questions: Recording = Field(
        Recording.WITHOUT_TEXT,
        description="What is kept of questions: on, without-text (only that there were some), off.",
    )
    keep_days: int = Field(
        365, ge=1, le=36_500, description="How long receipts, gaps and feedback are kept, days."
    )
    llm_url: str = Field(
        "",
        pattern=r"^(https?://[^\s@]+)?$",
        description="Base address of an OpenAI-compatible language model; none when not set.",
    )
    llm_model: str = Field("", description="Name of the language model at that address.")
    llm_key: SecretStr = Field(
        SecretStr(""), description="Key for the language model; none when not set."
    )
    llm_seconds: float = Field(
        20.0, gt=0, le=600, description="Longest time that the language model may take, seconds."
    )
    url: str = Field(
        "",
        pattern=r"^(https?://[^\s@?#]+)?$",
        description="Public address of the service, for links from elsewhere; none when not set.",
    )
    oidc_issuer: str = Field(
        "",
        pattern=r"^(https?://[^\s@?#]+)?$",
        description="Address of the OpenID Connect provider, as its tokens name it.",
    )
    oidc_client: str = Field("", description="The client id that the provider has given.")
    oidc_secret: SecretStr = Field(
        SecretStr(""), description="The client secret; none for a public client."
    )
    oidc_scopes: str = Field(
        "openid profile",
        pattern=r"^(\S+ )*openid( \S+)*$",
        description="Scopes that are asked for, separated by spaces; openid is one of them.",
    )
    oidc_groups_claim: str = Field(
        "groups", min_length=1, description="The claim with a person's groups, such as roles."
    )
    oidc_rights: str = Field(
        "",
        description=(
            "Who may read what: a JSON object from group to rights as of MMSEARCH_TOKENS; "
            '"*" is everybody who can sign in.'
        ),
    )
    oidc_hours: float = Field(
        8.0, gt=0, le=720, description="How long somebody stays signed in at most, hours."
    )
    oidc_idle_minutes: float = Field(
        60.0, gt=0, description="How long somebody stays signed in without doing anything, minutes."
    )
    slack_bot_token: SecretStr = Field(
        SecretStr(""), description="The Slack app's bot token (xoxb-…)."
    )
    slack_app_token: SecretStr = Field(
        SecretStr(""), description="The Slack app's token for Socket Mode (xapp-…)."
    )
    slack_signing_secret: SecretStr = Field(
        SecretStr(""), description="The Slack app's signing secret, for /slack/events."
    )
    slack_settings: Path | None = Field(
        None,
        description="File with settings per channel; when not set, slack.yaml beside the state.",
    )
    slack_state: Path | None = Field(
        None, description="Folder for the bot's memory; when not set, slack in the library."
    )
    slack_workers: int = Field(
        4, ge=1, le=64, description="How many questions are answered in Slack at once."
    )
    slack_api: str = Field(
        "https://slack.com/api/",
        pattern=r"^https?://[^\s@]+/$",
        description="Address of Slack's Web API; another one for GovSlack.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="Least serious messages that are logged."
    )

    @field_validator("log_level", "anonymous", "record_questions", mode="before")
    @classmethod
    def _lower(cls, value: object) -> object:
        return value.strip().lower() if isinstance(value, str) else value

    @field_validator("tokens", mode="before")
    @classmethod
    def _as_json(cls, value: object) -> object:
        return json.dumps(dict(value)) if isinstance(value, Mapping) else value

    @field_validator("tokens")
    @classmethod
    def _check_tokens(cls, value: SecretStr) -> SecretStr:
        rights_by_token(value)
        return value

    @model_validator(mode="after")
    def _check_llm(self) -> Self:
        if bool(self.llm_url) != bool(self.llm_model):
            raise ValueError("MMSEARCH_LLM_URL and MMSEARCH_LLM_MODEL are set together")
        return self

    @field_validator("oidc_rights", mode="before")
    @classmethod
    def _rights_as_json(cls, value: object) -> object:
        return json.dumps(dict(value)) if isinstance(value, Mapping) else value

    @field_validator("oidc_rights")
    @classmethod
    def _check_rights(cls, value: str) -> str:
        GroupRights.parse(value)
        return value

    @model_validator(mode="after")
    def _check_oidc(self) -> Self:
        if bool(self.oidc_issuer) != bool(self.oidc_client):
            raise ValueError("MMSEARCH_OIDC_ISSUER and MMSEARCH_OIDC_CLIENT are set together")
        if not self.oidc_issuer:
            return self
        if 0 < len(self.oidc_secret.get_secret_value()) < MIN_TOKEN_LENGTH:
            raise ValueError(
                f"MMSEARCH_OIDC_SECRET: sessions are sealed with it; at least {MIN_TOKEN_LENGTH} "
                "characters are needed"
            )
        if not _is_private(self.oidc_issuer):
            raise ValueError("MMSEARCH_OIDC_ISSUER: tokens travel there; write https://")
        if not (self.url or is_loopback(self.host)):
            raise ValueError(
                "MMSEARCH_URL is needed for MMSEARCH_OIDC_ISSUER: the address that people come "
                "back to after signing in"
            )
        if self.url and not _is_private(self.url):
            raise ValueError("MMSEARCH_URL: sessions travel there; write https://")
        return self

    @property
    def chosen_model(self) -> str | None:
        """The embedding model that somebody asked for; None takes the library's own."""
        return self.model if "model" in self.model_fields_set else None

    def access_tokens(self) -> Tokens:
        """Return the tokens as digests with their readers, and whether people can sign in."""
        return Tokens.build(rights_by_token(self.tokens), sign_in=bool(self.oidc_issuer))


def _is_private(url: str) -> bool:
    """Say whether nobody on the way reads what is sent to an address."""
    parts = urlsplit(url)
    return parts.scheme == "https" or is_loopback(parts.hostname or "")


def child_environment() -> dict[str, str]:
    """Return the environment for a process of ours: none of our settings, and so no secret."""
    return {k: v for k, v in os.environ.items() if not k.upper().startswith(PREFIX)}


def rights_by_token(value: SecretStr) -> dict[str, str]:
    """Read the JSON object from token to rights; an empty text is no tokens.

    Raises:
        ValueError: What is wrong with it, with a token's position and never the token.
    """
    text = value.get_secret_value().strip()
    if not text:
        return {}
    for position, (token, rights) in enumerate(pairs := _pairs(text), start=1):
        _check_token(position, token, rights)
    if len({token for token, _ in pairs}) < len(pairs):
        raise ValueError("a token stands in it twice; give each its own")
    return dict(pairs)


def _pairs(text: str) -> list[tuple[str, str]]:
    expected = 'expected a JSON object such as {"THE-TOKEN": "public, internal"}'
    try:
        # Pairs, not a dict, so that a token named twice is noticed.
        pairs = json.loads(text, object_pairs_hook=list)
    except (ValueError, RecursionError):
        raise ValueError(f"it is no JSON; {expected}") from None
    if not isinstance(pairs, list) or not text.startswith("{"):
        raise ValueError(f"it is no JSON object; {expected}")
    return pairs


def _check_token(position: int, token: str, rights: object) -> None:
    if len(token) < MIN_TOKEN_LENGTH:
        raise ValueError(
            f"token {position} has {len(token)} characters, at least {MIN_TOKEN_LENGTH} are "
            f"needed; make one with {RECIPE}"
        )
    if not token.isascii() or not token.isprintable() or " " in token:
        raise ValueError(
            f"token {position} has characters that no HTTP header carries; make one with {RECIPE}"
        )
    if not isinstance(rights, str):
        raise ValueError(f"the rights of token {position} are no text; write them in quotes")
    try:
        parse_rights(rights)
    except BadRights as exc:
        raise ValueError(f"the rights of token {position}: {exc}") from None


def load_settings(**overrides: object) -> Settings:
    """Read the environment; keyword arguments that are not None win over it.

    Raises:
        SettingsError: Naming every variable that is wrong and what was expected.
    """
    given = {name: value for name, value in overrides.items() if value is not None}
    try:
        return Settings(**given)  # type: ignore[arg-type]  # checked by pydantic itself
    except ValidationError as exc:
        raise SettingsError(_explain(exc)) from None


def _explain(error: ValidationError) -> str:
    lines = []
    for mistake in error.errors(include_url=False, include_context=False, include_input=False):
        message = mistake["msg"].removeprefix("Value error, ")
        if not mistake["loc"]:
            lines.append(message)
            continue
        field = str(mistake["loc"][0])
        lines.append(f"{PREFIX}{field.upper()}: {message}{_given(field)}")
    return "wrong settings:\n" + "\n".join(f"  {line}" for line in lines)


def _given(field: str) -> str:
    """Show the value of a variable, unless it is a secret or was not set there."""
    described = Settings.model_fields.get(field)
    value = os.environ.get(f"{PREFIX}{field.upper()}")
    if described is None or described.annotation is SecretStr or value is None:
        return ""
    return f" (it is {value[:200]!r})"
