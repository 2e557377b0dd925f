from __future__ import annotations

import ir_measures
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ir_measures import RR, R, nDCG

from mmsearch.evaluate.ranking import ndcg, recall, reciprocal_rank
from mmsearch.evaluate.trec import read_run, write_qrels, write_run

IDS = st.lists(st.integers(0, 40).map(lambda n: f"d{n}"), unique=True, max_size=30)
GAINS = st.dictionaries(st.integers(0, 40).map(lambda n: f"d{n}"), st.integers(0, 3), min_size=1)


@settings(deadline=None, max_examples=150)
@given(IDS, GAINS)
def test_measures_agree_with_trec_eval(ranking, gains) -> None:
    if not any(gains.values()):
        gains["d1"] = 1
    qrels = [ir_measures.Qrel("q", item, gain) for item, gain in gains.items()]
    run = [ir_measures.ScoredDoc("q", item, -n) for n, item in enumerate(ranking)]
    theirs = ir_measures.calc_aggregate([nDCG @ 10, R @ 5, RR], qrels, run)
    if not ranking:
        assert ndcg(ranking, gains) == recall(ranking, gains, 5) == 0.0
        return
    assert ndcg(ranking, gains, 10) == pytest.approx(theirs[nDCG @ 10], abs=1e-4)
    assert recall(ranking, gains, 5) == pytest.approx(theirs[R @ 5], abs=1e-4)
    assert reciprocal_rank(ranking, gains) == pytest.approx(theirs[RR], abs=1e-4)


def test_the_files_we_write_are_read_as_we_ranked(tmp_path) -> None:
    ranking = [("a file.pdf#3", 0.5), ("b.md", 0.5), ("c.md", 0.1)]
    write_run(tmp_path / "run", {"q 1": ranking})
    write_qrels(tmp_path / "qrels", {"q 1": {"b.md": 1, "z.md": 2}})
    qrels = ir_measures.read_trec_qrels(str(tmp_path / "qrels"))
    run = ir_measures.read_trec_run(str(tmp_path / "run"))
    theirs = ir_measures.calc_aggregate([nDCG @ 10], qrels, run)[nDCG @ 10]
    ours = ndcg([item for item, _ in ranking], {"b.md": 1, "z.md": 2}, 10)
    assert ours == pytest.approx(theirs, abs=1e-4)
    back = read_run(tmp_path / "run")
    assert [item for item, _ in back["q 1"]] == [item for item, _ in ranking]


def test_without_a_relevant_id_all_is_zero() -> None:
    assert ndcg(["a"], {"a": 0}) == recall(["a"], {}, 5) == reciprocal_rank(["a"], {}) == 0.0
