"""The question set is well formed, and every fact stands on the page it names."""

from __future__ import annotations

import html
import json
import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

import docx
import pypdfium2
import pytest

QUESTIONS = Path(__file__).parents[3] / "questions" / "programme.jsonl"
ROWS: list[dict[str, Any]] = [
    json.loads(line) for line in QUESTIONS.read_text("utf-8").splitlines()
]


def plain(text: str) -> str:
    text = unicodedata.normalize("NFKC", html.unescape(text)).replace("\ufffe", "")
    return re.sub(r"\s+", " ", text).casefold()


@cache
def pages(path: Path) -> list[str]:
    """Return the text of each page; one for a format without pages."""
    if path.suffix == ".md":
        return [plain(path.read_text("utf-8"))]
    if path.suffix == ".docx":
        document = docx.Document(str(path))
        cells = [c.text for t in document.tables for row in t.rows for c in row.cells]
        return [plain("\n".join([*(p.text for p in document.paragraphs), *cells]))]
    with pypdfium2.PdfDocument(path) as pdf:
        return [plain(pdf[n].get_textpage().get_text_range()) for n in range(len(pdf))]


def test_there_are_enough_questions_of_each_sort() -> None:
    assert len({row["id"] for row in ROWS}) == len(ROWS)
    answerable = [row for row in ROWS if row["answerable"]]
    assert len(answerable) >= 36
    assert sum(row["language"] == "fr" for row in answerable) >= 10
    assert len(ROWS) - len(answerable) >= 10
    assert sum(row["note"].startswith("release") for row in ROWS) == 6
    assert all(bool(row["gold"]) == row["answerable"] for row in ROWS)


@pytest.mark.shared
@pytest.mark.parametrize("row", [r for r in ROWS if r["answerable"]], ids=lambda r: r["id"])
def test_every_fact_stands_on_a_gold_page(row: dict[str, Any], shared_data: Path) -> None:
    for gold in row["gold"]:
        folder = "un_documents" if gold["file"].startswith("pdf/") else "programme"
        texts = pages(shared_data / folder / gold["file"])
        shown = [texts[n - 1] for n in gold["pages"] or [1]]
        for fact in gold["must_contain"]:
            assert any(plain(fact) in text for text in shown), (gold["file"], fact)
