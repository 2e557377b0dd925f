"""The list of concepts is whole: eight languages a row, each in its script, every term findable."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from pathlib import Path

import pytest

from index.analysis import terms
from index.lexicon import BETWEEN, small_words
from ingest.language import LANGUAGES

FOLDER = Path(__file__).parents[2] / "index" / "concepts"
FILES = sorted(FOLDER.glob("*.tsv"))
LATIN = r"[A-Za-zÀ-ɏ\u0218-\u021b]"
SCRIPTS = {
    "ar": r"[\u0600-\u06ff]",
    "ru": r"[\u0400-\u04ff]",
    "bn": r"[\u0980-\u09ff]",
} | dict.fromkeys(("en", "fr", "es", "ro", "sr"), LATIN)
"""What the letters of a column are."""
BESIDE = re.compile(r"[\s0-9.,&'’()-]")
SMALL = frozenset({"May", "mai", "two", "new", "give", "tim", "svako;svi"})
"""Cells that hold small words of their language alone; they serve the seven others."""


def rows() -> list[tuple[str, int, list[str]]]:
    return [
        (path.name, number, line.split("\t"))
        for path in FILES
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()[1:], start=2)
    ]


def test_there_are_as_many_concepts_as_promised() -> None:
    assert 700 <= len(rows()) <= 1_500


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_file_is_clean_text_with_a_column_a_language(path: Path) -> None:
    text = path.read_bytes().decode("utf-8")
    assert text == unicodedata.normalize("NFC", text)
    assert text.endswith("\n")
    assert "\r" not in text
    assert text.splitlines()[0].split("\t") == list(LANGUAGES)


def test_each_row_has_all_languages_and_no_term_twice() -> None:
    wrong = []
    for file, number, cells in rows():
        said = [cell.split(BETWEEN) for cell in cells]
        clean = all(term and term == " ".join(term.split()) for cell in said for term in cell)
        once = all(len({term.casefold() for term in cell}) == len(cell) for cell in said)
        if len(cells) != len(LANGUAGES) or not clean or not once:
            wrong.append((file, number, cells))
    assert not wrong


def test_no_concept_stands_twice() -> None:
    firsts = Counter(cells[0].split(BETWEEN)[0].casefold() for _, _, cells in rows())
    assert not [term for term, times in firsts.items() if times > 1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_column_is_in_its_script(language: str) -> None:
    at = LANGUAGES.index(language)
    letters = re.compile(rf"(?:{SCRIPTS[language]}|[\u0300-\u036f])*")
    wrong = [
        (file, number, term)
        for file, number, cells in rows()
        for term in cells[at].split(BETWEEN)
        if not letters.fullmatch(BESIDE.sub("", term))
    ]
    assert not wrong


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_term_can_be_searched(language: str) -> None:
    at = LANGUAGES.index(language)
    lost = [
        (file, number, term)
        for file, number, cells in rows()
        if cells[at] not in SMALL
        for term in cells[at].split(BETWEEN)
        if not any(
            stem and folded not in small_words(language) for stem, folded in terms(term, language)
        )
    ]
    assert not lost
