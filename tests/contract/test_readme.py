"""The README names every command and every setting, and nothing that is not there."""

from __future__ import annotations

import re

import pytest
import typer.core
import typer.main

from mmsearch import cli
from mmsearch.settings import Settings
from tests.contract.sources import PACKAGES, ROOT

README = ROOT / "README.md"
MAX_OPENING_WORDS = 100


@pytest.fixture(scope="module")
def readme() -> str:
    return README.read_text(encoding="utf-8")


def commands() -> list[str]:
    """Return the names of the command line's commands."""
    group = typer.main.get_command(cli.app)
    assert isinstance(group, typer.core.TyperGroup)
    return sorted(group.commands)


def settings() -> list[str]:
    """Return the environment variable of every setting."""
    prefix = Settings.model_config.get("env_prefix", "")
    return sorted(f"{prefix}{name}".upper() for name in Settings.model_fields)


def make_targets() -> set[str]:
    """Return the targets of the Makefile."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z][a-z-]*):", makefile, flags=re.MULTILINE))


def code(text: str) -> list[str]:
    """Return each line of code, from fenced blocks and from spans in a sentence."""
    blocks = re.findall(r"^```[^\n]*\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)
    rest = re.sub(r"^```[^\n]*\n.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    lines = [line.strip().removeprefix("$ ") for block in blocks for line in block.splitlines()]
    return lines + re.findall(r"`([^`\n]+)`", rest)


@pytest.mark.parametrize("command", commands())
def test_the_readme_names_the_command(command: str, readme: str) -> None:
    assert re.search(rf"\bmmsearch {re.escape(command)}\b", readme)


@pytest.mark.parametrize("setting", settings())
def test_the_readme_names_the_setting(setting: str, readme: str) -> None:
    assert setting.startswith("MMSEARCH_")
    assert re.search(rf"\b{re.escape(setting)}\b", readme)


def test_the_readme_names_no_setting_that_is_not_there(readme: str) -> None:
    named = set(re.findall(r"\bMMSEARCH_[A-Z0-9_]+\b", readme))
    assert named <= set(settings())


def test_every_make_command_of_the_readme_exists(readme: str) -> None:
    named = {name for line in code(readme) for name in re.findall(r"^make ([a-z-]+)", line)}
    assert {"setup", "demo", "test"} <= named
    assert named <= make_targets()


def test_every_mmsearch_command_of_the_readme_exists(readme: str) -> None:
    pattern = r"^(?:\.venv/bin/)?mmsearch ([a-z]+)"
    named = {name for line in code(readme) for name in re.findall(pattern, line)}
    assert named
    assert named <= set(commands())


def test_the_readme_shows_the_four_folders(readme: str) -> None:
    assert all(f"{package}/" in readme for package in PACKAGES)


def test_the_readme_says_what_it_is_in_under_a_hundred_words(readme: str) -> None:
    opening = re.split(r"^(?:#{2,} |```)", readme, maxsplit=1, flags=re.MULTILINE)[0]
    assert 0 < len(opening.split()) <= MAX_OPENING_WORDS
