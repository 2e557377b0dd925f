from __future__ import annotations

import pytest

from mmsearch.evaluate.resampling import interval, paired_p


def test_the_interval_holds_the_mean_and_narrows() -> None:
    few, many = [0.0, 1.0] * 10, [0.0, 1.0] * 500
    low, high = interval(few)
    closer = interval(many)
    assert low < 0.5 < high
    assert closer[1] - closer[0] < (high - low) / 3
    assert interval([1.0, 1.0]) == (1.0, 1.0)
    assert interval(few) == interval(few)


def test_a_clear_gain_is_told_from_noise() -> None:
    before = [0.0] * 40
    assert paired_p(before, [1.0] * 20 + [0.0] * 20) < 0.01
    assert paired_p(before, before) == 1.0
    assert paired_p([0.0, 1.0] * 20, [1.0, 0.0] * 20) > 0.5


def test_p_of_few_flips_is_exact() -> None:
    assert paired_p([0.0] * 5, [1.0] * 5) == pytest.approx(2 / 32, abs=0.01)


def test_values_must_pair() -> None:
    with pytest.raises(ValueError, match="1 and 2 values cannot be paired"):
        paired_p([0.0], [1.0, 1.0])
    with pytest.raises(ValueError, match="at least one"):
        interval([])
