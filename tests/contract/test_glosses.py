"""The words of ``index/glosses``: a form and its meaning a line, each in its script, none twice."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from pathlib import Path

import pytest

from index.analysis import words
from ingest.language import LANGUAGES
from ingest.types import READER

FOLDER = Path(__file__).parents[2] / "index" / "glosses"
CONCEPTS = FOLDER.parent / "concepts"
FILES = sorted(FOLDER.glob("*.tsv"))
SCRIPTS = {"ar": r"[\u0600-\u06ff]", "ru": r"[\u0400-\u04ff]", "bn": r"[\u0980-\u09ff]"}
LATIN = r"[A-Za-zÀ-ɏ\u0218-\u021b]"
READ = (5, "86c03463f0b7c387")
"""The number of the reader that first embedded with these words, and their digest."""


def lines(path: Path) -> list[list[str]]:
    return [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]


def test_no_file_is_of_another_language_or_kind() -> None:
    assert {path.stem for path in FILES} <= set(LANGUAGES) - {"en"}
    assert sorted(FOLDER.iterdir()) == FILES


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_line_is_a_form_in_its_script_and_a_meaning_in_english(path: Path) -> None:
    script = SCRIPTS.get(path.stem, LATIN)
    wrong = [
        line
        for line in lines(path)
        if len(line) != 2
        or not re.search(script, line[0])
        or not re.fullmatch(r"[A-Za-zÀ-ɏ0-9][A-Za-zÀ-ɏ0-9 .'’/&-]*", line[1])
        or line != [part.strip() for part in line]
        or not words(line[0])
        or unicodedata.normalize("NFC", line[0]) != line[0]
    ]
    assert wrong == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_form_stands_twice(path: Path) -> None:
    counted = Counter(form for form, _ in lines(path))
    assert [form for form, times in counted.items() if times > 1] == []


def test_other_words_have_another_reader_so_that_documents_are_embedded_anew() -> None:
    read = [*FILES, *sorted(CONCEPTS.glob("*.tsv"))]  # their expressions are read too
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in read)).hexdigest()[:16]
    reader, known = READ
    assert digest == known, f"words changed: count READER up where {reader} was released, note both"
    assert reader <= READER
