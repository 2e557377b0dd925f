"""mmsearch doctor --slack: which token is wrong, which scope is missing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from bots.slack.doctor import MANIFEST, examine, scopes
from bots.slack.running import run
from mmsearch import cli
from mmsearch.commands.findings import Finding
from mmsearch.settings import load_settings
from tests.bots.fake_slack import FakeSlack
from tests.bots.workspace import APP_TOKEN, SCOPES, TOKEN


def look(fake: FakeSlack, folder: Path, **more: Any) -> dict[str, Finding]:
    given = {"slack_bot_token": TOKEN, "slack_app_token": APP_TOKEN, **more}
    settings = load_settings(library=folder, slack_api=fake.api, **given)
    return {finding.name: finding for finding in examine(settings)}


def test_all_is_well(fake: FakeSlack, tmp_path: Path) -> None:
    found = look(fake, tmp_path)
    assert [f for f in found.values() if f.remedy] == []
    assert found["Slack bot token"].value == "mmsearch in Fake"
    assert found["Slack scopes"].value == f"all {len(SCOPES)} there"


def test_a_missing_scope_is_named(fake: FakeSlack, tmp_path: Path) -> None:
    fake.workspace.scopes = tuple(s for s in SCOPES if s not in {"files:write", "users:read.email"})
    found = look(fake, tmp_path)["Slack scopes"]
    assert found.value == "missing: files:write, users:read.email"
    assert "install the app again" in found.remedy


@pytest.mark.parametrize(
    ("given", "name", "says"),
    [
        ({"slack_bot_token": "xoxb-revoked"}, "Slack bot token", "invalid_auth"),
        ({"slack_bot_token": "xoxp-a-person"}, "Slack bot token", "of another kind"),
        ({"slack_bot_token": None}, "Slack bot token", "not set"),
        ({"slack_app_token": "xapp-revoked"}, "Slack app token", "invalid_auth"),
        ({"slack_app_token": TOKEN}, "Slack app token", "of another kind"),
        ({"slack_app_token": None}, "Slack app token", "not set"),
    ],
)
def test_a_wrong_token_is_told_with_its_remedy(
    fake: FakeSlack, tmp_path: Path, given: dict[str, Any], name: str, says: str
) -> None:
    found = look(fake, tmp_path, **given)[name]
    assert says in found.value
    assert found.remedy
    assert not any("revoked" in f.value + f.remedy for f in look(fake, tmp_path, **given).values())


def test_slack_out_of_reach_and_a_broken_file_are_told(fake: FakeSlack, tmp_path: Path) -> None:
    folder = tmp_path / "slack"
    folder.mkdir()
    (folder / "slack.yaml").write_text("channels: {C0ONE42: {may_read: everything}}\npeople: 3\n")
    fake.plan = lambda method, _: "500"
    found = look(fake, tmp_path)
    assert "cannot be asked" in found["Slack bot token"].value
    remedy = found["Slack channel settings"].remedy
    assert "channels.C0ONE42.may_read" in remedy
    assert "people" in remedy


def test_the_command_asks_slack_only_when_told_to(
    fake: FakeSlack,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("MMSEARCH_SLACK_BOT_TOKEN", TOKEN)
    monkeypatch.setenv("MMSEARCH_SLACK_API", fake.api)
    for argv, asked in ((["doctor"], 0), (["doctor", "--slack"], 1)):
        fake.calls.clear()
        with pytest.raises(SystemExit, match="1"):
            cli.app([*argv, "--library", str(tmp_path), "--json"])
        assert len(fake.called("auth.test")) == asked
        names = [f["name"] for f in json.loads(capsys.readouterr().out)["findings"]]
        assert ("Slack scopes" in names) is bool(asked)


@pytest.mark.parametrize("given", [{}, {"slack_bot_token": TOKEN}])
def test_the_bot_says_at_once_which_token_it_lacks(
    given: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(load_settings(library=tmp_path / "none", **given)) == 3
    name = "MMSEARCH_SLACK_APP_TOKEN" if given else "MMSEARCH_SLACK_BOT_TOKEN"
    said = capsys.readouterr().err
    assert f"error: {name} is not set" in said
    assert "mmsearch doctor --slack" in said


def test_the_manifest_asks_for_what_the_bot_needs() -> None:
    manifest = yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))
    assert scopes() == tuple(sorted(SCOPES))
    events = set(manifest["settings"]["event_subscriptions"]["bot_events"])
    assert {"app_mention", "app_home_opened", "message.channels", "message.im"} <= events
    assert manifest["features"]["slash_commands"][0]["command"] == "/mmsearch"
    assert manifest["features"]["shortcuts"][0]["callback_id"] == "find_sources"
    assert len(manifest["display_information"]["description"]) <= 140
    assert len(manifest["display_information"]["long_description"]) >= 174
