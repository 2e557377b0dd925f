"""Reading the real documents beside the checkout."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import pypdfium2 as pdfium
import pytest

from ingest.parsers.pdf import parse
from ingest.parsers.pdf_place import Placement
from ingest.parsers.pdf_words import clean
from ingest.types import BlockKind, ParsedDocument

RESPONSE = "programme/iom/haiti-dominican-republic-management-response-fr.pdf"


@pytest.fixture(scope="module")
def response(shared_data: Path) -> ParsedDocument:
    return parse(shared_data / RESPONSE)


def bare(text: str) -> str:
    return re.sub(r"[\s-]", "", clean(text.replace("\ufffe", "-").replace("\x02", "-")))


def misread(path: Path, parsed: ParsedDocument) -> int:
    """Count, of every fifth word, those not under their boxes; pages must be upright."""
    wrong = 0
    with pdfium.PdfDocument(path) as document:
        for index in range(len(document)):
            page = document[index]
            place, chars = Placement(page), page.get_textpage()
            assert place.rotation == 0
            for word in parsed.words[parsed.words["page"] == index][::5]:
                under = chars.get_text_bounded(
                    place.left + word["x0"] - 0.3,
                    place.top - word["y1"],
                    place.left + word["x1"] + 0.3,
                    place.top - word["y0"],
                )
                wrong += bare(parsed.text[word["start"] : word["end"]]) not in bare(under)
    return wrong


@pytest.mark.slow
@pytest.mark.shared
def test_words_are_under_their_boxes(shared_data: Path) -> None:
    files = sorted((shared_data / "programme").rglob("*.pdf"))
    files += sorted((shared_data / "un_documents").rglob("*.pdf"))[:16]
    pages = words = wrong = 0
    for path in files:
        parsed = parse(path)
        pages += len(parsed.pages)
        words += len(parsed.words)
        wrong += misread(path, parsed)
    assert pages > 350
    assert wrong <= 0.001 * words / 5


@pytest.mark.shared
def test_every_recommendation_is_one_row(response: ParsedDocument) -> None:
    rows = [
        response.text[block.start : block.end]
        for block in response.blocks
        if block.kind is BlockKind.TABLE_ROW
    ]
    opened = [re.match(r"Evaluation recomm\w+ # (\d+)", row) for row in rows]
    assert [int(match[1]) for match in opened if match] == list(range(1, 20))
    # Each has its units, the response with its actions, and two states of implementation.
    assert len(rows) == 5 * 19


@pytest.mark.shared
def test_a_response_row_knows_its_recommendation(response: ParsedDocument) -> None:
    answers = [
        block
        for block in response.blocks
        if response.text[block.start : block.end].startswith("Management response")
    ]
    assert len(answers) == 19
    for number, block in enumerate(answers, start=1):
        assert re.match(rf"Evaluation recomm\w+ # {number}\b", block.context)
        assert "Key actions" in response.text[block.start : block.end]


def labels(response: ParsedDocument) -> Iterator[str]:
    """Yield, a row each: what it is of, its label, what was answered, its pages, its digest."""
    number = ""
    for block in response.blocks:
        if block.kind is not BlockKind.TABLE_ROW:
            continue
        text = response.text[block.start : block.end]
        if opened := re.match(r"Evaluation recomm\w+ # (\d+)", text):
            number = opened[1]
        label = re.match(r"[^\d:(–-]+", text)[0].strip(" #")
        answer = re.match(r"Management response\W+([\w ]+) \(", text)
        digest = hashlib.sha256(text.encode()).hexdigest()[:10]
        said = answer[1] if answer else ""
        yield f"{number}\t{label}\t{said}\t{block.first}\t{block.last}\t{digest}\n"


@pytest.mark.shared
def test_the_rows_of_the_response_are_those_pinned(
    response: ParsedDocument, repository: Path
) -> None:
    """Recommendations, units, responses with key actions, and states, each a row of its own."""
    golden = (repository / "tests/golden/management_response_rows.tsv").read_text("utf-8")
    head = "recommendation\tlabel\tanswer\tfirst page\tlast page\tdigest\n"
    assert "".join((head, *labels(response))) == golden


@pytest.mark.shared
def test_rows_that_a_page_break_splits_know_both_pages(response: ParsedDocument) -> None:
    split = {(block.first, block.last) for block in response.blocks if block.last > block.first}
    assert split == {(page, page + 1) for page in range(1, 12)}
    assert not re.search(r"^\d+$", response.text, re.MULTILINE)


@pytest.mark.shared
def test_a_numbered_paper_has_its_paragraphs_and_headings(shared_data: Path) -> None:
    parsed = parse(shared_data / "un_documents" / "pdf" / "JIU_REP_2025_2.en.pdf")
    paragraphs = [
        parsed.text[block.start : block.end]
        for block in parsed.blocks
        if block.kind is BlockKind.PARAGRAPH
    ]
    numbers = [int(match[1]) for text in paragraphs if (match := re.match(r"(\d+)\. ", text))]
    assert numbers[:60] == list(range(1, 61))
    levels = {
        parsed.text[block.start : block.end]: block.level
        for block in parsed.blocks
        if block.kind is BlockKind.HEADING
    }
    assert levels["I. Introduction"] < levels["A. Context"]
    assert "25-10679" not in parsed.text
