from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmsearch.evaluate.abstaining import (
    answered_at,
    area_under_risk,
    auroc,
    calibration_error,
    error_by_chance,
    reliability,
    risk_coverage,
)

SCORES = st.lists(st.integers(0, 10).map(lambda n: n / 10), min_size=1, max_size=30)


@given(SCORES, SCORES)
def test_auroc_is_the_share_of_pairs_in_order(positive, negative) -> None:
    pairs = [1.0 if p > n else 0.5 if p == n else 0.0 for p, n in product(positive, negative)]
    assert auroc(positive, negative) == pytest.approx(sum(pairs) / len(pairs))


def test_there_is_no_auroc_of_one_side() -> None:
    assert auroc([0.4], []) is None
    assert answered_at([], [0.1]) is None


def test_unanswerable_answered_when_nine_in_ten_are() -> None:
    positive = [0.95, 0.9, 0.85, 0.8, 0.75, 0.7, 0.65, 0.6, 0.55, 0.1]
    assert answered_at(positive, [0.6, 0.5, 0.2, 0.1]) == pytest.approx(0.25)


def test_risk_grows_where_wrong_answers_come_in() -> None:
    points = risk_coverage([0.9, 0.8, 0.8, 0.1], [True, True, False, False])
    assert [(p.coverage, p.risk) for p in points] == [
        (0.25, 0.0),
        (0.75, pytest.approx(1 / 3)),
        (1.0, 0.5),
    ]
    assert area_under_risk(points) == pytest.approx(0.5 * (1 / 3) + 0.25 * 0.5)
    assert area_under_risk([]) is None


def test_a_calibrated_confidence_has_no_error() -> None:
    chance = np.random.default_rng(0)
    said = chance.uniform(size=20_000)
    true = chance.uniform(size=20_000) < said
    fair = calibration_error(reliability(said.tolist(), true.tolist()))
    bold = calibration_error(reliability(np.sqrt(said).tolist(), true.tolist()))
    assert fair is not None
    assert bold is not None
    assert fair < 0.02 < 0.1 < bold


def test_every_question_is_in_one_bin() -> None:
    bins = reliability([0.0, 0.1, 0.95, 1.0], [False, False, True, True])
    assert sum(b.count for b in bins) == 4
    assert calibration_error([]) is None


def test_what_chance_gives_is_the_error_of_a_true_confidence() -> None:
    chance = np.random.default_rng(3)
    said = chance.beta(0.5, 0.5, size=80)
    seen = [
        calibration_error(reliability(said.tolist(), (chance.random(80) < said).tolist()))
        for _ in range(400)
    ]
    assert error_by_chance(said.tolist()) == pytest.approx(np.mean([e for e in seen if e]), rel=0.1)


def test_the_more_questions_the_less_is_chance() -> None:
    few, many = error_by_chance([0.3, 0.7, 0.9] * 10), error_by_chance([0.3, 0.7, 0.9] * 1_000)
    assert few is not None
    assert many is not None
    assert many < 0.015 < 0.04 < few
    assert error_by_chance([]) is None
    assert error_by_chance([0.0, 1.0, 1.0]) == 0.0
