"""Settings per channel: what the file may say, and how it is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from bots.slack.channels import Channels, both
from bots.slack.errors import BadChannelSettings
from bots.slack.settings_file import SettingsFile
from index.types import PUBLIC, Filters, Reader

FILE = """\
# Our channels.
collections:
  haiti: {countries: [Haiti]}   # two words
defaults:
  ask: [U0HELP42]
channels:
  C0HAITI42:
    name: haiti-team
    collection: haiti
    only: {year_from: 2019, years: [2021, 2023]}
    may_read: internal, group:haiti
    language: fr
people:
  - {email: "*@iom.int", may_read: internal}
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "slack.yaml"
    path.write_text(FILE, encoding="utf-8")
    return path


def test_a_channel_has_its_own_and_the_others_have_defaults(path: Path) -> None:
    channels = SettingsFile(path).current()
    haiti = channels.channel("C0HAITI42")
    assert haiti.only == Filters(countries=("Haiti",), year_from=2019, years=(2021, 2023))
    assert haiti.may_read == Reader(internal=True, groups=frozenset({"haiti"}))
    assert (haiti.language, haiti.mention_only, haiti.ask) == ("fr", False, ("U0HELP42",))
    other = channels.channel("C0OTHER42")
    assert (other.only, other.may_read, other.language) == (Filters(), PUBLIC, "auto")


def test_no_file_is_an_empty_one(tmp_path: Path) -> None:
    assert SettingsFile(tmp_path / "none.yaml").current().named == ()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            "channels: {C0ONE42: {may_read: all}}",
            r"channels\.C0ONE42\.may_read: unknown right 'all'",
        ),
        ("channels: {C0ONE42: {may_read: keeper}}", "cannot be given through Slack"),
        ("channels: {haiti: {}}", r"channels\.haiti"),
        ("channels: {C0ONE42: {colour: red}}", r"channels\.C0ONE42\.colour"),
        ("channels: {C0ONE42: {collection: none}}", "no collection is called 'none'"),
        ("channels: {C0ONE42: {ask: ['<!channel>']}}", r"channels\.C0ONE42\.ask"),
        ("channels: {C0ONE42: {language: xx}}", "expected auto or one of"),
        ("people: [{may_read: internal}]", "name exactly one of email, usergroup and user"),
        ("- a\n- list", "expected channels, people and so on"),
        ("channels: {", "it is no YAML"),
        ("x: !!python/object/apply:os.system [ls]", "x: Extra inputs are not permitted"),
        ("channels: {C0A42: {may_read: x}}\npeople: 3", "people"),
    ],
)
def test_a_wrong_file_is_told_with_its_place(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "slack.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadChannelSettings, match=says):
        SettingsFile(path)


def test_all_mistakes_are_told_together() -> None:
    with pytest.raises(BadChannelSettings, match=r"(?s)C0A42\.may_read.*C0B42\.language"):
        Channels({"channels": {"C0A42": {"may_read": "x"}, "C0B42": {"language": "xx"}}})


def test_a_file_that_goes_wrong_changes_nothing(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = SettingsFile(path)
    path.write_text("channels: {C0HAITI42: {may_read: everything}}", encoding="utf-8")
    assert file.current().channel("C0HAITI42").language == "fr"
    assert "stay as they were" in caplog.text
    path.write_text("channels: {C0HAITI42: {language: es}}", encoding="utf-8")
    assert file.current().channel("C0HAITI42").language == "es"


def test_a_change_keeps_what_people_wrote(path: Path) -> None:
    file = SettingsFile(path)
    file.change("C0HAITI42", {"language": None, "mention_only": True, "ask": ["U0ANA42"]})
    file.change("C0NEW42", {"language": "ru"})
    text = path.read_text(encoding="utf-8")
    assert text.startswith("# Our channels.\n")
    assert "# two words" in text
    assert "may_read: internal, group:haiti" in text
    again = SettingsFile(path).current()
    assert again.channel("C0HAITI42").mention_only
    assert again.channel("C0HAITI42").language == "auto"
    assert again.channel("C0NEW42").language == "ru"
    assert [one.name for one in path.parent.iterdir()] == ["slack.yaml"]


def test_a_file_that_nobody_else_may_read_stays_so(path: Path) -> None:
    path.chmod(0o600)
    SettingsFile(path).change("C0NEW42", {"language": "fr"})
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_change_that_is_wrong_is_not_written(path: Path) -> None:
    file = SettingsFile(path)
    with pytest.raises(BadChannelSettings, match="no collection is called 'none'"):
        file.change("C0HAITI42", {"collection": "none"})
    assert path.read_text(encoding="utf-8") == FILE


def test_a_question_narrows_and_never_widens() -> None:
    channel = Filters(
        countries=("Haiti", "Tunisia"), year_from=2019, year_to=2023, years=(2019, 2021)
    )
    asked = Filters(
        countries=("tunisia",), kinds=("brief",), year_from=2010, year_to=2021, years=(2021, 2022)
    )
    assert both(channel, asked) == Filters(
        countries=("Tunisia",), kinds=("brief",), year_from=2019, year_to=2021, years=(2021,)
    )
    assert both(channel, Filters(countries=("Serbia",))).countries == ("Haiti", "Tunisia")
