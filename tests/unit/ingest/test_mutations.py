"""A small fixed sample of what ``benchmarks.mutations`` does at length."""

from __future__ import annotations

from pathlib import Path

import docx
import pytest
from openpyxl import Workbook
from pptx import Presentation

from benchmarks.mutations import copies, ending, good_files
from ingest.pipeline import Limits, extract
from ingest.types import Extracted
from tests.unit.ingest.parsers.laws import check_laws
from tests.unit.ingest.test_workers import tokenizer_file

__all__ = ["tokenizer_file"]


@pytest.fixture
def good(tmp_path: Path, samples: Path) -> Path:
    """Return a folder with a good file of each format."""
    folder = tmp_path / "good"
    folder.mkdir()
    brief = samples / "library" / "countries" / "jamaica-brief-2023.pdf"
    (folder / brief.name).write_bytes(brief.read_bytes())
    text, deck, book = docx.Document(), Presentation(), Workbook()
    for number in range(40):
        text.add_paragraph(f"Paragraph {number} about returnees.")
        slide = deck.slides.add_slide(deck.slide_layouts[5])
        slide.shapes.title.text = f"Slide {number}"
        book.active.append([f"Town {number}", number, "Note"])
    text.save(str(folder / "text.docx"))
    deck.save(str(folder / "deck.pptx"))
    book.save(folder / "book.xlsx")
    return folder


@pytest.mark.slow
def test_damaged_copies_end_one_by_one_and_never_the_run(
    good: Path, tmp_path: Path, tokenizer_file: Path
) -> None:
    folder = tmp_path / "copies"
    folder.mkdir()
    sources = list(copies(good_files([good]), 80, 7, folder))
    ended: dict[str, str] = {}
    for outcome in extract(
        sources,
        known={},
        tokenizer_file=tokenizer_file,
        max_tokens=256,
        workers=2,
        limits=Limits(seconds=30, memory_bytes=1 << 30),
    ):
        ended[outcome.source.file] = ending(outcome)
        if isinstance(outcome, Extracted):
            check_laws(outcome.parsed)
    assert {source.file for source in sources} <= set(ended)
    assert set(ended.values()) <= {"read", "refused", "opened"}
    assert sum(end == "read" for end in ended.values()) >= 10
