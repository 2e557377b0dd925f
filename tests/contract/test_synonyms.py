"""The lists of synonyms are whole: clean text, groups of several terms, every term findable."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from index.analysis import terms
from index.lexicon import BETWEEN
from ingest.language import LANGUAGES

FILES = sorted((Path(__file__).parents[2] / "index" / "synonyms").glob("*.txt"))


def groups(path: Path) -> list[list[str]]:
    return [line.split(BETWEEN) for line in path.read_text(encoding="utf-8").splitlines()]


def test_each_list_is_of_a_language_of_the_library() -> None:
    assert "en" in {path.stem for path in FILES}
    assert {path.stem for path in FILES} <= set(LANGUAGES)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_list_is_clean_text(path: Path) -> None:
    text = path.read_bytes().decode("utf-8")
    assert text == unicodedata.normalize("NFC", text)
    assert text.endswith("\n")
    assert "\r" not in text


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_group_has_several_terms_each_once(path: Path) -> None:
    wrong = [
        group
        for group in groups(path)
        if len(group) < 2
        or len({term.casefold() for term in group}) < len(group)
        or any(term != " ".join(term.split()) or not terms(term, path.stem) for term in group)
    ]
    assert not wrong


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_group_says_the_same_as_another(path: Path) -> None:
    said = [frozenset(group) for group in groups(path)]
    assert len(set(said)) == len(said)
