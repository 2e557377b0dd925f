from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest

from ingest.locate import locate
from ingest.parsers import docx as parser
from ingest.types import BlockKind, ParsedDocument
from tests.unit.ingest.parsers.laws import check_laws
from tests.unit.ingest.parsers.test_docx import file, p, package

__all__ = ["file"]

BREAK = "<w:lastRenderedPageBreak/>"


def run(*parts: str) -> str:
    """Write a paragraph whose text is broken by what is no text."""
    inside = "".join(
        part if part.startswith("<") else f'<w:t xml:space="preserve">{part}</w:t>'
        for part in parts
    )
    return f"<w:p><w:r>{inside}</w:r></w:p>"


def parsed(file: Path, body: str, **parts: str) -> ParsedDocument:
    document = parser.parse(package(file, body, **parts))
    check_laws(document)
    return document


def pages_of(document: ParsedDocument, words: str, after: int = 0) -> list[int]:
    start = document.text.index(words, after)
    locator = locate(
        start,
        start + len(words),
        text=document.text,
        blocks=document.blocks,
        unit=document.unit,
        pages=document.pages,
        words=document.words,
    )
    assert all(area.rects == () for area in locator.pages)
    return [area.index + 1 for area in locator.pages]


def test_a_paragraph_knows_its_page_and_its_number(file: Path) -> None:
    document = parsed(file, p("One") + run(BREAK, "Two") + p("Three") + run(BREAK, "Four"))
    assert [pages_of(document, w) for w in ("One", "Two", "Three", "Four")] == [[1], [2], [2], [3]]
    assert len(document.pages) == 3
    span = document.text.index("Four"), len(document.text)
    locator = locate(
        *span,
        text=document.text,
        blocks=document.blocks,
        unit=document.unit,
        pages=document.pages,
        words=document.words,
    )
    assert (locator.first, locator.last) == (4, 4)


def test_a_paragraph_over_a_break_is_on_both_pages_and_its_halves_on_one(file: Path) -> None:
    document = parsed(file, run("The first half ", BREAK, " and the second half.") + p("After"))
    assert document.text == "The first half and the second half.\n\nAfter"
    assert pages_of(document, "first half") == [1]
    assert pages_of(document, "second half") == [2]
    assert pages_of(document, "half and") == [1, 2]
    assert pages_of(document, "After") == [2]


def test_the_number_of_a_list_moves_no_break(file: Path) -> None:
    numbering = """<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/>
    <w:lvlText w:val="%1."/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId
    w:val="0"/></w:num>"""
    numbered = '<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr>'
    body = run("before ", BREAK, "after").replace("<w:p>", f"<w:p>{numbered}")
    document = parsed(file, body, numbering=numbering)
    assert document.text.endswith("before after")
    assert document.text != "before after"
    assert (pages_of(document, "before"), pages_of(document, "after")) == ([1], [2])


def test_a_row_that_a_break_splits_counts_once(file: Path) -> None:
    cell = f"<w:tc>{run('cell ', BREAK, 'rest')}</w:tc>"
    table = f"<w:tbl><w:tr>{cell}{cell}</w:tr><w:tr><w:tc>{p('next')}</w:tc></w:tr></w:tbl>"
    document = parsed(file, table + p("After"))
    assert pages_of(document, "next") == [2]
    assert pages_of(document, "After") == [2]
    assert len(document.pages) == 2


def test_a_footnote_is_on_the_page_of_its_paragraph(file: Path) -> None:
    call = '<w:footnoteReference w:id="1"/>'
    note = f'<w:footnote w:id="1">{run(BREAK, "A note.")}</w:footnote>'
    body = run(BREAK, "Called", call) + run("then ", BREAK, "more")
    document = parsed(file, body, footnotes=note)
    assert pages_of(document, "A note.") == [2]
    assert (pages_of(document, "then"), pages_of(document, "more")) == ([2], [3])


def test_without_marks_nothing_is_said_of_pages(file: Path) -> None:
    document = parsed(file, p("One") + "<w:p><w:r><w:br w:type='page'/></w:r></w:p>" + p("Two"))
    assert (document.pages, len(document.words)) == ((), 0)


@pytest.mark.shared
def test_a_real_document(shared_data: Path) -> None:
    path = shared_data / "programme" / "iom" / "aap-management-response-2025.docx"
    document = parser.parse(path)
    check_laws(document)
    assert len(document.pages) == 18
    assert pages_of(document, "Evaluation recommendation # 6") == [10]


def pinned(document: ParsedDocument) -> list[str]:
    """Return, a row each: what it is of, its label, its paragraphs, its page, its digest."""
    found, number = [], ""
    for block in document.blocks:
        text = document.text[block.start : block.end]
        if block.kind is not BlockKind.TABLE_ROW:
            continue
        if opened := re.match(r"Evaluation recommendation # (\d+)", text):
            number = opened[1]
        actions = "yes" if re.search(r"^Key actions", text, re.MULTILINE) else ""
        label = text.partition(":")[0].split(" #")[0]
        page = pages_of(document, text, block.start)[0]
        digest = hashlib.sha256(text.encode()).hexdigest()[:10]
        place = f"{block.first}\t{block.last}\t{page}"
        found.append(f"{number}\t{label}\t{actions}\t{place}\t{digest}")
    return found


@pytest.mark.shared
def test_the_rows_of_a_management_response_are_those_pinned(
    shared_data: Path, repository: Path
) -> None:
    """Recommendations, units, responses with key actions, and states, each a row of its own."""
    path = shared_data / "programme" / "iom" / "aap-management-response-2025.docx"
    golden = repository / "tests/golden/management_response_word_rows.tsv"
    head, *rows = golden.read_text("utf-8").splitlines()
    assert head == "recommendation\tlabel\tkey actions\tfirst\tlast\tpage\tdigest"
    assert pinned(parser.parse(path)) == rows
    assert len(rows) == 9 * 5
