"""The command ``mmsearch eval``, from a corpus to figures, runs and gates."""

from __future__ import annotations

import json

import ir_measures
import pytest
from ir_measures import nDCG
from typer.testing import CliRunner

from mmsearch.cli import app
from mmsearch.evaluate.errors import GateError

CORPUS = [
    ("d 1", "Wells", "The wells of Talia were dug in 1987. Each well serves forty families."),
    ("d/2", "Roads", "The road to the port was paved with stone in nine months."),
    ("d3", "Schools", "Two schools were opened on the hill. Pupils walk there in the morning."),
]
QUERIES = [
    ("q1", "When were the wells of Talia dug?", ["1987"], "d 1"),
    ("q2", "How long did it take to pave the road to the port?", ["nine months"], "d/2"),
    ("q3", "Where were the two schools opened?", ["on the hill"], "d3"),
]


@pytest.fixture(scope="module")
def beir(tmp_path_factory):
    folder = tmp_path_factory.mktemp("beir")
    corpus = [{"_id": i, "title": title, "text": text} for i, title, text in CORPUS]
    queries = [{"_id": i, "text": text, "answers": a} for i, text, a, _ in QUERIES]
    for name, rows in (("corpus", corpus), ("queries", queries)):
        lines = "\n".join(json.dumps(row) for row in rows)
        (folder / f"{name}.jsonl").write_text(lines, encoding="utf-8")
    judged = "".join(f"{i}\t{gold}\t1\n" for i, _, _, gold in QUERIES)
    (folder / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\n" + judged)
    return folder


@pytest.fixture(scope="module")
def saved(beir, tmp_path_factory):
    out = tmp_path_factory.mktemp("run")
    result = CliRunner().invoke(
        app, ["eval", str(beir), "--without-gold", "--out", str(out), "--json"]
    )
    assert result.exit_code == 0, result.output
    return out, json.loads(result.stdout)


def test_a_corpus_becomes_figures(saved) -> None:
    _, summary = saved
    assert summary["questions"] == 6
    figures = summary["groups"]["all"]["figures"]
    assert figures["ndcg@10"]["mean"] == 1.0
    assert figures["ndcg@10"]["n"] == 3
    assert figures["fact in the answer"]["mean"] == 1.0
    assert figures["quotes verbatim"]["mean"] == 1.0
    assert summary["groups"]["all"]["confidence"]["auroc"] > 0.8


def test_the_saved_files_give_others_the_same_ndcg(saved) -> None:
    out, summary = saved
    qrels = ir_measures.read_trec_qrels(str(out / "qrels.trec"))
    run = ir_measures.read_trec_run(str(out / "run.trec"))
    theirs = ir_measures.calc_aggregate([nDCG @ 10], qrels, run)[nDCG @ 10]
    assert theirs == pytest.approx(summary["groups"]["all"]["figures"]["ndcg@10"]["mean"])


def test_a_saved_run_is_compared_and_gated(saved, beir) -> None:
    out, _ = saved
    same = CliRunner().invoke(app, ["eval", str(out), "--compare", str(out), "--fail-if-worse"])
    assert same.exit_code == 0, same.output
    assert "1.0000" in same.stdout
    low = CliRunner().invoke(app, ["eval", str(out), "--fail-below", "mrr=1.1", "--json"])
    assert low.exit_code == 1
    assert json.loads(low.stdout)["failures"] == ["mrr is 1.0000, the bound is 1.1"]
    run = CliRunner().invoke(app, ["eval", str(beir), "--run", str(out / "run.trec"), "--json"])
    assert run.exit_code == 0, run.output
    assert json.loads(run.stdout)["groups"]["all"]["figures"]["mrr"]["mean"] == 1.0


def test_a_gate_on_no_figure_is_an_error(saved) -> None:
    out, _ = saved
    with pytest.raises(GateError, match="there is no figure 'speed'"):
        CliRunner().invoke(
            app, ["eval", str(out), "--fail-below", "speed=1"], catch_exceptions=False
        )
