"""The sample library: its generator, its manifest and its questions."""

from __future__ import annotations

import csv
import json
import re
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import docx
import pypdfium2
import pytest

from samples import make

KINDS = {
    "annual report",
    "brief",
    "evaluation",
    "glossary",
    "guideline",
    "lessons learned",
    "management response",
    "meeting notes",
    "terms of reference",
    "training material",
}
ROOT = Path(make.__file__).resolve().parent
QUESTIONS: list[dict[str, Any]] = [
    json.loads(line) for line in (ROOT / "questions.jsonl").read_text(encoding="utf-8").splitlines()
]


@pytest.fixture(scope="module")
def library(samples: Path) -> Path:
    return samples / "library"


@pytest.fixture(scope="module")
def manifest(library: Path) -> list[dict[str, str]]:
    with (library / "manifest.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def documents(library: Path) -> list[str]:
    files = [path for path in library.rglob("*") if path.is_file() and path.suffix != ".csv"]
    return sorted(path.relative_to(library).as_posix() for path in files)


def pages_of_pdf(path: Path) -> list[str]:
    with pypdfium2.PdfDocument(path) as document:
        return [page.get_textpage().get_text_range() for page in document]


def words(text: str) -> str:
    """Return a text with every run of white space as one blank."""
    return re.sub(r"\s+", " ", text)


def text_of(path: Path, page: int | None = None) -> str:
    """Return the text of a document, or of one page of it, counted from 1."""
    if path.suffix == ".pdf":
        pages = pages_of_pdf(path)
        return words(" ".join(pages) if page is None else pages[page - 1])
    if path.suffix == ".docx":
        document = docx.Document(str(path))
        cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
        return words(" ".join([*(p.text for p in document.paragraphs), *cells]))
    return words(path.read_text(encoding="utf-8"))


def content(path: Path) -> object:
    """Return what must be the same after a run: for Word the members, unpacked."""
    if path.suffix == ".docx":
        with zipfile.ZipFile(path) as archive:
            return {member.filename: archive.read(member) for member in archive.infolist()}
    return path.read_bytes()


def test_the_generator_writes_what_is_in_the_library(library: Path, tmp_path: Path) -> None:
    written = make.make(tmp_path)
    generated = {path.relative_to(tmp_path).as_posix() for path in written}
    assert generated == {name for name in documents(library) if name.endswith((".pdf", ".docx"))}
    changed = [
        name
        for name in sorted(generated)
        if content(tmp_path / name) != content(library / name)
        # Another version of a writing library may lay out the bytes otherwise, never the words.
        and text_of(tmp_path / name) != text_of(library / name)
    ]
    assert not changed, "run `make samples` and commit what it writes"


def test_two_runs_write_the_same_bytes(tmp_path: Path) -> None:
    first = {path.name: path.read_bytes() for path in make.make(tmp_path / "first")}
    second = {path.name: path.read_bytes() for path in make.make(tmp_path / "second")}
    assert first == second


def test_the_manifest_names_documents_that_are_there(
    library: Path, manifest: list[dict[str, str]]
) -> None:
    named = [row["file"] for row in manifest]
    assert len(named) == len(set(named))
    assert set(named) < set(documents(library)), "some are left to their own metadata on purpose"
    assert {row["kind"] for row in manifest} <= KINDS
    assert None not in {value for row in manifest for value in row.values()}


def test_one_document_each_is_internal_and_restricted(manifest: list[dict[str, str]]) -> None:
    access = Counter(row["access"] for row in manifest)
    assert access["internal"] == 1
    assert [row["groups"] for row in manifest if row["access"] == "restricted"] == ["board"]


def test_the_library_is_large_enough_to_search(library: Path) -> None:
    suffixes = Counter(Path(name).suffix for name in documents(library))
    assert sum(suffixes.values()) >= 16
    assert suffixes.keys() == {".pdf", ".docx", ".md", ".html", ".txt"}
    # Arabic needs fewer words than English for the same text.
    assert all(len(text_of(library / name).split()) >= 200 for name in documents(library))


def test_the_review_has_labels_an_outline_and_a_row_over_two_pages(library: Path) -> None:
    with pypdfium2.PdfDocument(library / "evaluations/mid-term-review-2023.pdf") as document:
        labels = [document.get_page_label(index) for index in range(len(document))]
        outline = [bookmark.get_title() for bookmark in document.get_toc()]
        before, after = (words(document[index].get_textpage().get_text_range()) for index in (4, 5))
    assert labels == ["i", "ii", "1", "2", "3", "4"]
    assert "4 Recommendations" in outline
    assert "families left behind can Ministries of finance" in before
    assert "be found and added up" in after


def test_there_are_questions_with_and_without_an_answer() -> None:
    assert Counter(question["answerable"] for question in QUESTIONS) == {True: 19, False: 6}
    assert len({question["question"] for question in QUESTIONS}) == 25


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question["question"])
def test_the_answer_stands_where_the_question_says(question: dict[str, Any], library: Path) -> None:
    if not question["answerable"]:
        assert question["file"] is question["page"] is question["answer"] is None
        return
    assert (question["page"] is not None) == question["file"].endswith(".pdf")
    assert question["answer"] in text_of(library / question["file"], question["page"])
