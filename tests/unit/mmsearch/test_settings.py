"""Settings come from the environment, say what is wrong, and keep secrets."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from index.types import KEEPER
from mmsearch.settings import Settings, SettingsError, load_settings

KNOCK = "kQ3-a-token-nobody-may-see"


def test_defaults_serve_this_machine_alone() -> None:
    settings = load_settings()
    assert (settings.host, settings.port) == ("127.0.0.1", 8000)
    assert settings.library == Path("library")
    assert not settings.access_tokens()
    assert settings.workers >= 1


@pytest.mark.skipif(sys.platform != "linux", reason="processors are given to processes on Linux")
@pytest.mark.parametrize(("given", "workers"), [(2, 2), (500, 256)])
def test_there_are_as_many_workers_as_processors_that_may_be_used(
    monkeypatch: pytest.MonkeyPatch, given: int, workers: int
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(given)))
    assert load_settings().workers == workers


def test_variables_are_read_and_arguments_win(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MMSEARCH_LIBRARY", "/srv/library")
    monkeypatch.setenv("MMSEARCH_PORT", "9000")
    monkeypatch.setenv("MMSEARCH_LOG_LEVEL", "WARNING")
    settings = load_settings(port=9001, host=None)
    assert settings.library == Path("/srv/library")
    assert settings.port == 9001
    assert settings.host == "127.0.0.1"
    assert settings.log_level == "warning"


def test_an_empty_variable_is_as_if_it_were_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MMSEARCH_PORT", "")
    assert load_settings().port == 8000


def test_no_file_is_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("MMSEARCH_PORT=9000\n")
    monkeypatch.chdir(tmp_path)
    assert load_settings().port == 8000


def test_every_mistake_is_named_with_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MMSEARCH_PORT", "tcp://10.0.0.1")
    monkeypatch.setenv("MMSEARCH_ANONYMOUS", "everything")
    with pytest.raises(SettingsError, match=r"MMSEARCH_PORT: .*'tcp://10\.0\.0\.1'") as caught:
        load_settings()
    assert "MMSEARCH_ANONYMOUS: " in str(caught.value)


def test_tokens_become_readers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MMSEARCH_TOKENS", json.dumps({KNOCK: "keeper"}))
    assert load_settings().access_tokens().reader(KNOCK) == KEEPER


def test_tokens_may_be_given_as_a_mapping() -> None:
    assert load_settings(tokens={KNOCK: "keeper"}).access_tokens().reader(KNOCK) == KEEPER


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (KNOCK, "it is no JSON; expected a JSON object"),
        ("9" * 5000, "it is no JSON; expected a JSON object"),
        ("[" * 100_000, "it is no JSON; expected a JSON object"),
        (json.dumps([KNOCK]), "it is no JSON object"),
        (json.dumps({KNOCK[:15]: "public"}), "token 1 has 15 characters, at least 16"),
        (json.dumps({KNOCK: "boss"}), "the rights of token 1: unknown right 'boss'"),
        (json.dumps({KNOCK: ["public"]}), "the rights of token 1 are no text"),
        (json.dumps({KNOCK: {"a": 1}}), "the rights of token 1 are no text"),
        (json.dumps({KNOCK: ""}), "the rights of token 1: there are no rights"),
        (json.dumps({KNOCK + "é": "public"}), "token 1 has characters that no HTTP header"),
        (f'{{"{KNOCK}": "public", "{KNOCK}": "keeper"}}', "a token stands in it twice"),
    ],
)
def test_bad_tokens_are_refused_without_showing_them(
    monkeypatch: pytest.MonkeyPatch, value: str, text: str
) -> None:
    monkeypatch.setenv("MMSEARCH_TOKENS", value)
    with pytest.raises(SettingsError, match="MMSEARCH_TOKENS: ") as caught:
        load_settings()
    assert text in str(caught.value)
    assert KNOCK[:15] not in str(caught.value)
    assert caught.value.__cause__ is None


def test_settings_never_show_a_token() -> None:
    settings = load_settings(tokens={KNOCK: "keeper"})
    shown = repr(settings) + str(settings) + str(settings.model_dump()) + settings.model_dump_json()
    assert KNOCK not in shown


def test_every_setting_says_what_it_is() -> None:
    assert all(field.description for field in Settings.model_fields.values())


ISSUER = "https://id.example"


def test_signing_in_is_set_up_whole_or_not_at_all() -> None:
    with pytest.raises(SettingsError, match="OIDC_ISSUER and MMSEARCH_OIDC_CLIENT are set toge"):
        load_settings(oidc_issuer=ISSUER)
    assert not load_settings().access_tokens()
    tokens = load_settings(oidc_issuer=ISSUER, oidc_client="x").access_tokens()
    assert tokens
    assert tokens.reader("") is None


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"oidc_issuer": "http://id.example"}, "MMSEARCH_OIDC_ISSUER: tokens travel there"),
        ({"host": "192.0.2.1"}, "MMSEARCH_URL is needed"),
        ({"url": "http://library.example"}, "MMSEARCH_URL: sessions travel there"),
        ({"oidc_secret": "short"}, "MMSEARCH_OIDC_SECRET: sessions are sealed with it"),
        ({"oidc_scopes": "profile email"}, "MMSEARCH_OIDC_SCOPES"),
        ({"oidc_rights": '{"Staff": "boss"}'}, "MMSEARCH_OIDC_RIGHTS: the rights of the group"),
    ],
)
def test_signing_in_is_not_set_up_unsafely(more: dict[str, object], said: str) -> None:
    given: dict[str, object] = {"oidc_issuer": ISSUER, "oidc_client": "x", **more}
    with pytest.raises(SettingsError, match=said):
        load_settings(**given)


def test_the_clients_secret_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MMSEARCH_OIDC_SECRET", "very-secret")
    monkeypatch.setenv("MMSEARCH_OIDC_HOURS", "-1")
    with pytest.raises(SettingsError, match="OIDC_HOURS") as told:
        load_settings()
    assert "very-secret" not in str(told.value)
    monkeypatch.delenv("MMSEARCH_OIDC_HOURS")
    assert "very-secret" not in repr(load_settings())
