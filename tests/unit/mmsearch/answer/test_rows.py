from __future__ import annotations

from index.types import StoredPassage
from ingest.types import Block, BlockKind, Locator, Unit
from mmsearch.answer.cite import cite
from mmsearch.answer.columns import head_of
from mmsearch.answer.question import read
from mmsearch.answer.rows import with_columns
from mmsearch.answer.select import select
from tests.unit.mmsearch.answer.shelf import Shelf

ROWS = ("Boats checked | In 2021 | In 2022", "Rowing boats | 14 | 19", "Motor boats | 3 | 8")


def table(rows: tuple[str, ...]) -> Shelf:
    blocks, at = [], 0
    for row in rows:
        blocks.append(Block(BlockKind.TABLE_ROW, at, at + len(row), 1, 1))
        at += len(row) + 1
    return Shelf({"boats": "\n".join(rows)}, blocks={"boats": tuple(blocks)})


def said(rows: tuple[str, ...], question: str) -> tuple[str, list[str]]:
    shelf = table(rows)
    result = shelf.search(question)
    found = select(read(question, "en"), result, embedder=shelf.embedder, text=shelf.text)
    hit = result.hits[0]

    def passages(doc_id: str) -> tuple[StoredPassage, ...]:
        return (hit.passage,)

    pieces = with_columns(found.chosen[:1], shelf.text, passages)
    sentences, citations = cite(pieces, lambda *_: Locator(Unit.LINE, 1, 1))
    assert all(shelf.texts["boats"][c.start : c.end] == c.quote for c in citations)
    return sentences[0].text, [c.quote for c in citations]


def test_a_bare_row_is_said_with_its_column_names_and_cites_them() -> None:
    text, quotes = said(ROWS, "How many motor boats were checked in 2022?")
    assert text == "Boats checked: Motor boats | In 2021: 3 | In 2022: 8"
    assert quotes == [ROWS[2], ROWS[0]]


def test_a_row_that_names_its_columns_stays_as_it_is() -> None:
    labelled = ("Sort: Rowing boats | Checked: 14", "Sort: Motor boats | Checked: 3")
    text, quotes = said(labelled, "How many motor boats were checked?")
    assert text == labelled[1]
    assert quotes == [labelled[1]]


def test_figures_are_no_column_names() -> None:
    document = table(("Rowing boats | 14 | 19", "Motor boats | 3 | 8")).text("boats")
    assert head_of(document, document.blocks[1].start) is None
