from __future__ import annotations

import json

import pytest

from mmsearch.evaluate.errors import GateError, QuestionFileError
from mmsearch.evaluate.gate import Gate, broken, read_gates
from mmsearch.evaluate.questions import Gold, read_qrels, read_questions
from mmsearch.evaluate.trec import read_run


def written(path, *rows: object):
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return path


def test_our_lines_and_beirs_are_both_read(tmp_path) -> None:
    path = written(
        tmp_path / "q.jsonl",
        {
            "id": "a",
            "question": " Who? ",
            "language": "fr",
            "kind": "who",
            "gold": [{"file": "x.pdf", "pages": [2], "must_contain": ["Ana"]}],
        },
        {"_id": "b", "text": "Why?", "answers": ["so"]},
        {"question": "Never?", "answerable": False},
    )
    first, second, third = read_questions(path)
    assert first.gold == (Gold("x.pdf", (2,), ("Ana",)),)
    assert (first.text, first.language, first.kind) == ("Who?", "fr", "who")
    assert (second.query_id, second.answers, second.judged) == ("b", ("so",), False)
    assert (third.query_id, third.answerable) == ("q3", False)


def test_only_a_line_feed_ends_a_line(tmp_path) -> None:
    path = tmp_path / "q.jsonl"
    row = json.dumps({"id": "a\u2028b", "question": "Who\x85 or\u2029what?"}, ensure_ascii=False)
    path.write_text(f"{row}\r\n{row.replace('a', 'c')}\n", encoding="utf-8")
    assert [query.query_id for query in read_questions(path)] == ["a\u2028b", "c\u2028b"]


def test_a_folder_brings_its_judgements(tmp_path) -> None:
    written(tmp_path / "queries.jsonl", {"_id": "b", "text": "Why?"})
    (tmp_path / "qrels").mkdir()
    (tmp_path / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\nb\td 1\t2\n")
    (query,) = read_questions(tmp_path)
    assert query.gains == {"d 1": 2.0}
    assert read_qrels(tmp_path / "qrels" / "test.tsv") == {"b": {"d 1": 2.0}}


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"id": "a"}, "line 1: there is no text in 'question'"),
        ({"question": "x", "gold": ["y"]}, "a gold place needs a 'file'"),
        ({"question": "x", "gold": [{"file": "f", "pages": [0]}]}, "numbers from 1"),
        ({"question": "x", "answers": "yes"}, "'answers' is a list of texts"),
        ({"question": "x", "answerable": "no"}, "not true or false"),
        ({"question": "x", "answerable": False, "gold": [{"file": "f"}]}, "yet has gold"),
        ({"question": "x", "answers": 5}, "'answers' is a list of texts"),
        ({"question": "x", "gold": 5}, "'gold' is a list of places"),
        ({"question": "x", "gains": {"d": "high"}}, "'gains' are numbers by document"),
        ({"question": "x", "gains": ["d"]}, "'gains' are numbers by document"),
        ([1], "expected an object"),
    ],
)
def test_a_wrong_line_is_named(tmp_path, row, message) -> None:
    with pytest.raises(QuestionFileError, match=message):
        read_questions(written(tmp_path / "q.jsonl", row))


def test_files_that_cannot_be_used_are_named(tmp_path) -> None:
    with pytest.raises(QuestionFileError, match="there is no"):
        read_questions(tmp_path / "none.jsonl")
    empty = tmp_path / "empty.jsonl"
    empty.write_text("\n")
    with pytest.raises(QuestionFileError, match="holds no question"):
        read_questions(empty)
    twice = written(tmp_path / "t.jsonl", *[{"id": "a", "question": "x"}] * 2)
    with pytest.raises(QuestionFileError, match="stands twice"):
        read_questions(twice)
    written(tmp_path / "queries.jsonl", {"question": "x"})
    with pytest.raises(QuestionFileError, match="no qrels"):
        read_questions(tmp_path)
    bad = tmp_path / "qrels.tsv"
    bad.write_text("a 0 b one\n")
    with pytest.raises(QuestionFileError, match="'one' is no number"):
        read_qrels(bad)
    bad.write_text("a b\n")
    with pytest.raises(QuestionFileError, match="2 columns"):
        read_qrels(bad)
    with pytest.raises(QuestionFileError, match="expected 'query Q0"):
        read_run(bad)


def test_gates_hold_from_the_right_side() -> None:
    group = {"figures": {"hit@5": {"mean": 0.7}}, "confidence": {"calibration error": 0.06}}
    summary = {"groups": {"all": group, "language=fr": group}}
    assert read_gates(["hit@5=0.8", "kind=a=b:mrr=0.1"])[1] == Gate("kind=a=b:mrr", 0.1)
    assert broken(read_gates(["hit@5=0.7", "calibration error=0.07"]), summary) == []
    assert broken(read_gates(["language=fr:hit@5=0.8", "calibration error=0.05"]), summary) == [
        "language=fr:hit@5 is 0.7000, the bound is 0.8",
        "calibration error is 0.0600, the bound is 0.05",
    ]
    with pytest.raises(GateError, match="there is no figure 'hit@9'; there are: hit@5"):
        broken(read_gates(["hit@9=1"]), summary)
    with pytest.raises(GateError, match="is not 'figure=number'"):
        read_gates(["hit@5>0.8"])
