from __future__ import annotations

import pytest

from mmsearch.evaluate import records
from mmsearch.evaluate.errors import QuestionFileError
from mmsearch.evaluate.judge import Outcome


def test_a_run_is_read_as_it_was_saved(tmp_path) -> None:
    said = "One line\u2028and another,\x85 then\u2029an end."
    outcome = Outcome(
        *("q1", "Qui\u202f?", "fr", "who", True, 0.5, True, False),
        sentences=(said,),
        ranking=(("a.pdf#2", 1.5), ("b.pdf", 0.25)),
        gains={"a.pdf#2": 1.0},
        measures={"mrr": 1.0},
    )
    records.save(tmp_path, [outcome, outcome], {"questions": 2})
    assert records.load(tmp_path) == [outcome, outcome]


def test_a_line_that_is_no_outcome_is_named(tmp_path) -> None:
    with pytest.raises(QuestionFileError, match="holds no run"):
        records.load(tmp_path)
    (tmp_path / records.OUTCOMES).write_text("{}\n")
    with pytest.raises(QuestionFileError, match="line 1 is no outcome"):
        records.load(tmp_path)
