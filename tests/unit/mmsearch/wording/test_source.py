"""A model gets the passages that the answer rests on, also those beside the hits."""

from __future__ import annotations

from mmsearch.wording.source import MOST_SOURCES, gather
from tests.unit.mmsearch.answer.shelf import PROGRAMME, Shelf

QUESTION = "How many patients did the mobile clinic in Kenya treat in 2023?"


def test_cited_passages_come_first_whether_found_or_beside() -> None:
    answer = PROGRAMME.ask(QUESTION)
    (cited,) = {c.passage_id for c in answer.citations}
    for hits in (answer.nearest, [h for h in answer.nearest if h.passage.passage_id != cited]):
        sources = gather(answer.citations, hits, PROGRAMME.text, PROGRAMME.passages)
        assert sources[0].hit.passage.passage_id == cited
        assert sources[0].quotes == answer.citations
        assert len({s.hit.passage.passage_id for s in sources}) == len(sources)


def test_a_model_gets_no_more_than_so_many() -> None:
    shelf = Shelf(texts={f"d{n}": f"The clinic number {n} is open." for n in range(20)})
    hits = shelf.search("clinic").hits
    assert len(gather((), hits, shelf.text, shelf.passages)) == MOST_SOURCES


def test_every_piece_is_a_span_of_its_document() -> None:
    answer = PROGRAMME.ask(QUESTION)
    for source in gather(answer.citations, answer.nearest, PROGRAMME.text, PROGRAMME.passages):
        for start, end in source.spans:
            assert source.hit.passage.start <= start < end <= source.hit.passage.end
            assert source.text[start:end].strip() == source.text[start:end]
