"""The real documents, from file to citation: what the product exists for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.marks import check
from index.types import KEEPER, Reader
from ingest.types import AccessLevel, FileState
from mmsearch.knowledge import KnowledgeBase
from mmsearch.loading import LoadOptions, load

pytestmark = [pytest.mark.shared, pytest.mark.slow]

FIRST_SIX = ("p001", "p002", "p003", "p004", "p005", "p006")


@pytest.fixture(scope="module")
def programme(tmp_path_factory, shared_data) -> KnowledgeBase:
    folder = tmp_path_factory.mktemp("programme") / "library"
    report = load(
        [shared_data / "programme"],
        LoadOptions(folder, workers=2),
        begin=lambda total: None,
        each=lambda result: None,
    )
    assert [result.state for result in report.results] == [FileState.ADDED] * 7
    with KnowledgeBase.open(folder) as knowledge:
        yield knowledge


@pytest.fixture(scope="module")
def questions(repository) -> list[dict]:
    path = repository / "tests" / "questions" / "programme.jsonl"
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [row for row in rows if not any(g["file"].startswith("pdf/") for g in row["gold"])]


def rank(knowledge: KnowledgeBase, question: dict) -> int | None:
    """Return the rank of the first hit on a gold page, or with a gold fact where pages lack."""
    for hit in knowledge.search(question["question"], reader=KEEPER).hits:
        for gold in question["gold"]:
            if hit.document.file != gold["file"]:
                continue
            pages = {area.index + 1 for area in hit.passage.locator.pages}
            text = hit.passage.text.casefold()
            facts = [fact.casefold().replace("&amp;", "&") for fact in gold["must_contain"]]
            right = pages & set(gold["pages"]) if gold["pages"] else any(f in text for f in facts)
            if right:
                return hit.rank
    return None


@pytest.mark.parametrize("number", FIRST_SIX)
def test_the_right_passage_is_first_or_second(programme, questions, number):
    question = next(row for row in questions if row["id"] == number)
    found = rank(programme, question)
    assert found is not None
    assert found <= 2


@pytest.mark.parametrize("number", FIRST_SIX)
def test_the_answer_holds_the_fact_and_cites_its_page(programme, questions, number):
    question = next(row for row in questions if row["id"] == number)
    answer = programme.ask(question["question"], reader=KEEPER)
    assert answer.answered
    (gold,) = question["gold"]
    facts = [fact.casefold().replace("&amp;", "&") for fact in gold["must_contain"]]
    right = [
        citation
        for citation in answer.citations
        if citation.document.file == gold["file"]
        and any(fact in citation.quote.casefold() for fact in facts)
    ]
    assert right
    for citation in right:
        pages = {area.index + 1 for area in citation.locator.pages}
        assert not gold["pages"] or (pages and pages <= set(gold["pages"]))


def test_all_accepted_recommendations_are_listed_with_the_response_to_each(programme, questions):
    question = next(row for row in questions if row["id"] == "p005")
    answer = programme.ask(question["question"], reader=KEEPER)
    assert answer.total == len(answer.sentences) == 19
    for number, sentence in enumerate(answer.sentences, start=1):
        said, response = (answer.citations[n - 1] for n in sentence.citations)
        assert f"# {number}:" in said.quote
        assert response.quote.startswith("Management response")
        assert response.start > said.end


def test_the_response_to_one_recommendation_opens_with_that_recommendation(programme, questions):
    question = next(row for row in questions if row["id"] == "p006")
    first, second, *actions = programme.ask(question["question"], reader=KEEPER).sentences
    assert first.text.startswith("Evaluation recommendation # 7:")
    assert "accepts the recommendation" in second.text
    assert len(actions) == 4


def test_most_questions_find_their_page_among_five(programme, questions):
    gold = [row for row in questions if row["answerable"]]
    found = [rank(programme, row) for row in gold]
    assert sum(1 for place in found if place and place <= 5) >= 0.75 * len(gold)


def test_every_quote_is_verbatim_and_on_its_page(programme, questions):
    cited = 0
    for row in questions:
        answer = programme.ask(row["question"], reader=KEEPER)
        for citation in answer.citations:
            document = programme.text(citation.document.doc_id, reader=KEEPER)
            assert document.text[citation.start : citation.end] == citation.quote
            if citation.document.file.endswith(".pdf"):
                assert citation.locator.pages
                assert all(area.rects for area in citation.locator.pages)
            cited += 1
    assert cited >= 20


def test_a_public_reader_gets_nothing_of_the_internal_responses(programme, questions):
    hidden = {"iom/aap-management-response-2025.docx",
              "iom/haiti-dominican-republic-management-response-fr.pdf"}  # fmt: skip
    for row in questions:
        result = programme.search(row["question"], reader=Reader(), limit=50)
        answer = programme.ask(row["question"], reader=Reader())
        files = {hit.document.file for hit in (*result.hits, *answer.nearest)}
        files |= {citation.document.file for citation in answer.citations}
        assert not files & hidden
        assert result.n_documents == 5
    everything = programme.documents(reader=KEEPER).documents
    levels = {d.file: d.metadata.access for d in everything}
    assert {f for f, level in levels.items() if level is not AccessLevel.PUBLIC} == hidden


def test_the_recommendations_of_the_review_are_sixteen_rows(programme):
    document = next(
        d for d in programme.documents(reader=KEEPER).documents if d.file.startswith("mtr")
    )
    text = programme.text(document.doc_id, reader=KEEPER)
    rows = [text.text[b.start : b.end] for b in text.blocks if b.kind == "table_row"]
    assert [row.split("\n")[0].split(" | ")[0] for row in rows] == [
        f"No: {n}" for n in range(1, 17)
    ]
    fourth = rows[3]
    assert "IOM/UNDP COs" in fourth
    assert "Phase III" in fourth
    assert "private sector" in fourth


def test_originals_are_the_files(programme, shared_data):
    for document in programme.documents(reader=KEEPER).documents:
        original = programme.original(document.doc_id, reader=KEEPER)
        source: Path = shared_data / "programme" / document.file
        assert original.read_bytes() == source.read_bytes()


def test_what_is_marked_on_a_page_is_what_is_quoted(programme):
    reads, _ = check(programme, limit=400)
    assert len(reads) == 400
    exact = sum(not read.missing and not read.extra for read in reads)
    # One heading of one report is set in a font whose boxes are three lines high.
    assert sum(not read.covered for read in reads) <= 1
    assert exact >= 0.97 * len(reads)
