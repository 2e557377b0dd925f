"""The catalogue, the prompts and the languages of models."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.model_prompts import Prompts, prompts_of
from index.models import CATALOGUE, DEFAULT, known_model, languages_of

SEARCHING = "Represent this sentence for searching relevant passages: "


def test_the_packaged_model_comes_first() -> None:
    assert CATALOGUE[0].name == DEFAULT
    assert CATALOGUE[0].languages == {"en"}


def test_names_are_distinct_and_advice_is_one_sentence_or_two() -> None:
    assert len({known.name for known in CATALOGUE}) == len(CATALOGUE)
    assert all(known.advice.endswith(".") and "\n" not in known.advice for known in CATALOGUE)


def test_the_multilingual_ones_know_the_programme_languages() -> None:
    wide = [known for known in CATALOGUE if known.languages != {"en"}]
    assert len(wide) >= 3
    assert all({"en", "fr", "es", "ar", "ru", "ro", "sr"} <= known.languages for known in wide)


def test_prompts_of_the_catalogue_agree_with_what_is_put_in_front() -> None:
    for known in CATALOGUE:
        assert (known.prompts == "none") == (prompts_of(known.name, {}) == Prompts())


def test_a_folder_carries_the_name_of_its_model() -> None:
    known = known_model("/srv/models/multilingual-e5-small/")
    assert known is not None
    assert known.name == "intfloat/multilingual-e5-small"
    assert known_model("/srv/models/our-own") is None


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("intfloat/multilingual-e5-small", Prompts("query: ", "passage: ")),
        ("intfloat/e5-base-v2", Prompts("query: ", "passage: ")),
        ("/srv/models/e5-large-v2/", Prompts("query: ", "passage: ")),
        ("BAAI/bge-small-en-v1.5", Prompts(SEARCHING)),
        ("BAAI/bge-m3", Prompts()),
        ("Snowflake/snowflake-arctic-embed-m", Prompts(SEARCHING)),
        ("Snowflake/snowflake-arctic-embed-m-v1.5", Prompts(SEARCHING)),
        ("Snowflake/snowflake-arctic-embed-l-v2.0", Prompts("query: ")),
        (DEFAULT, Prompts()),
        ("someone/note5-small-talk", Prompts()),
    ],
)
def test_families_without_their_own_prompts(name: str, expected: Prompts) -> None:
    assert prompts_of(name, {}) == expected


@pytest.mark.parametrize("key", ["document", "passage", "corpus"])
def test_own_prompts_win(key: str) -> None:
    own = {"query": "ask: ", key: "text: ", "classification": "sort: "}
    assert prompts_of("intfloat/e5-base-v2", own) == Prompts("ask: ", "text: ")


def test_empty_own_prompts_leave_the_family() -> None:
    own = {"query": "", "document": ""}
    assert prompts_of("intfloat/e5-base-v2", own) == Prompts("query: ", "passage: ")


@pytest.mark.parametrize(
    ("card", "expected"),
    [
        ("---\nlanguage: fr\n---\n# A model", {"fr"}),
        ("---\nlanguage:\n- en\n- no\n- multilingual\n---\n", {"en", "no"}),
        ("---\nlanguage: [EN, Ar]\n---\n", {"en", "ar"}),
        ("---\nlicense: mit\n---\n", {"en"}),
        ("---\nlanguage: [\n---\n", {"en"}),
        ("---\nlanguage: {en: 1}\n---\n", {"en"}),
        ("# language: fr", {"en"}),
    ],
)
def test_languages_from_the_model_card(tmp_path: Path, card: str, expected: set[str]) -> None:
    (tmp_path / "README.md").write_text(card, encoding="utf-8")
    assert languages_of(str(tmp_path)) == expected
    assert languages_of("someone/their-model", tmp_path) == expected


def test_a_model_without_a_card_is_taken_as_english(tmp_path: Path) -> None:
    assert languages_of(str(tmp_path)) == {"en"}
