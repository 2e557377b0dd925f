from __future__ import annotations

from dataclasses import replace

import pytest

from mmsearch.evaluate.judge import Outcome, holds, judge, ranking_of
from mmsearch.evaluate.measure import by_file, judge_run
from mmsearch.evaluate.questions import Gold, Query
from mmsearch.evaluate.records import load, save
from mmsearch.evaluate.summary import compare, summarise, value_of
from tests.unit.mmsearch.answer.shelf import PROGRAMME

QUESTION = "How many patients did the mobile clinic in Kenya treat in 2023?"


def judged(query: Query, *, bar: float = 0.5) -> Outcome:
    hits = PROGRAMME.search(query.text).hits
    return judge(query, hits, PROGRAMME.ask(query.text), bar=bar, name=by_file, text=PROGRAMME.text)


def test_the_fact_and_its_place_make_it_right() -> None:
    outcome = judged(Query("q", QUESTION, gold=(Gold("kenya.md", (), ("4,200",)),)))
    assert outcome.right
    assert outcome.answered
    assert outcome.measures["hit@1"] == outcome.measures["ndcg@10"] == 1.0
    assert outcome.measures["fact in the first sentence"] == 1.0
    assert outcome.measures["quotes verbatim"] == outcome.measures["pages right"] == 1.0


def test_a_fact_that_is_not_said_or_a_wrong_place_make_it_wrong() -> None:
    wrong_fact = judged(Query("q", QUESTION, gold=(Gold("kenya.md", (), ("5,300",)),)))
    wrong_place = judged(Query("q", QUESTION, gold=(Gold("radio.md", (), ("4,200",)),)))
    assert not wrong_fact.right
    assert not wrong_place.right
    assert wrong_place.measures["gold among the citations"] == 0.0


def test_gold_is_cited_of_those_answered_and_of_all() -> None:
    query = Query("q", QUESTION, gold=(Gold("kenya.md", (), ("4,200",)),))
    given, held_back = judged(query, bar=0.0), judged(query, bar=1.1)
    assert given.measures["gold among the citations"] == 1.0
    assert given.measures["gold cited, of all answerable"] == 1.0
    assert "gold among the citations" not in held_back.measures
    assert held_back.measures["gold cited, of all answerable"] == 0.0
    assert held_back.measures["gold cited at any confidence"] == 1.0


def test_an_unanswerable_one_is_right_when_it_is_held_back() -> None:
    outcome = judged(Query("q", "How is sourdough baked?", answerable=False))
    assert outcome.measures["abstained where nothing answers"] == 1.0
    assert not outcome.right
    answered = judged(Query("q", QUESTION, answerable=False))
    assert answered.measures["abstained where nothing answers"] == 0.0


def test_a_citation_that_is_not_verbatim_is_seen() -> None:
    answer = PROGRAMME.ask(QUESTION)
    (first, *rest) = answer.citations
    forged = replace(answer, citations=(replace(first, quote="4,300 patients"), *rest))
    hits = PROGRAMME.search(QUESTION).hits
    query = Query("q", QUESTION, gold=(Gold("kenya.md"),))
    outcome = judge(query, hits, forged, bar=0.5, name=by_file, text=PROGRAMME.text)
    assert outcome.measures["quotes verbatim"] == 0.0


def test_alternative_places_count_once() -> None:
    query = Query("q", QUESTION, gold=(Gold("radio.md"), Gold("kenya.md")))
    ranked, gains = ranking_of(query, PROGRAMME.search(QUESTION).hits, by_file)
    assert gains == {"radio.md": 1.0}
    assert ranked[0][0] == "radio.md"
    assert len({item for item, _ in ranked}) == len(ranked)


def test_facts_are_compared_without_layout() -> None:
    assert holds(["Integrate M&D |\ninto UNCT"], ["m&amp;d into unct"])
    assert not holds(["one two"], ["three"])


def test_a_saved_run_is_read_back_and_compared(tmp_path) -> None:
    good = judged(Query("q", QUESTION, language="en", gold=(Gold("kenya.md", (), ("4,200",)),)))
    bad = replace(good, measures=dict.fromkeys(good.measures, 0.0))
    save(tmp_path, [good], summarise([good]))
    assert load(tmp_path) == [good]
    assert (tmp_path / "run.trec").read_text().startswith("q Q0 kenya.md 1 ")
    assert (tmp_path / "qrels.trec").read_text() == "q 0 kenya.md 1\n"
    moved = compare([good], [bad])
    assert (moved["hit@1"].before, moved["hit@1"].after, moved["hit@1"].n) == (1.0, 0.0, 1)


def test_figures_are_grouped_by_language_and_kind() -> None:
    one = judged(Query("a", QUESTION, "en", "figure", gold=(Gold("kenya.md"),)))
    two = judged(Query("b", "Is there a garden?", "fr", "figure", gold=(Gold("radio.md"),)))
    summary = summarise([one, two])
    assert set(summary["groups"]) == {"all", "language=en", "language=fr"}
    assert value_of(summary, "language=en:hit@1") == 1.0
    assert value_of(summary, "hit@1") == 0.5
    assert value_of(summary, "kind=list:hit@1") is None


def test_a_run_made_elsewhere_is_judged() -> None:
    queries = [Query("a", "x", gains={"d1": 1.0}), Query("b", "y", gains={"d2": 1.0})]
    first, second = judge_run(queries, {"a": [("d0", 2.0), ("d1", 1.0)]})
    assert first.measures["mrr"] == pytest.approx(0.5)
    assert second.measures["mrr"] == 0.0
