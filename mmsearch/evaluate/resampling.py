"""How sure a mean or a difference is: bootstrap and randomisation. Pure, with a fixed seed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

RESAMPLES = 2_000
FLIPS = 10_000
SEED = 20_170_101


def interval(
    values: Sequence[float], *, level: float = 0.95, resamples: int = RESAMPLES, seed: int = SEED
) -> tuple[float, float]:
    """Return the percentile bootstrap interval of a mean.

    Efron and Tibshirani, An Introduction to the Bootstrap (1993), section 13.3.

    Raises:
        ValueError: There are no values.
    """
    if not len(values):
        raise ValueError("an interval needs at least one value")
    sample = np.asarray(values, dtype=np.float64)
    chosen = np.random.default_rng(seed).integers(0, len(sample), (resamples, len(sample)))
    means = sample[chosen].mean(axis=1)
    tail = (1.0 - level) / 2
    low, high = np.quantile(means, [tail, 1.0 - tail])
    return float(low), float(high)


def paired_p(
    before: Sequence[float], after: Sequence[float], *, flips: int = FLIPS, seed: int = SEED
) -> float:
    """Return the two-sided p of a paired randomisation test of the means, in (0, 1].

    Smucker, Allan and Carterette, "A Comparison of Statistical Significance Tests for
    Information Retrieval Evaluation" (CIKM 2007), section 2.3: signs of the differences are
    flipped at random; one is added to both counts, so that p is never 0.

    Raises:
        ValueError: The two have no values, or not as many.
    """
    if not len(before) or len(before) != len(after):
        raise ValueError(f"{len(before)} and {len(after)} values cannot be paired")
    differences = np.asarray(after, dtype=np.float64) - np.asarray(before, dtype=np.float64)
    moved = differences[differences != 0]
    if not len(moved):
        return 1.0
    signs = np.random.default_rng(seed).choice((-1.0, 1.0), size=(flips, len(moved)))
    extreme = np.abs(signs @ moved) >= abs(moved.sum()) - 1e-12
    return float((extreme.sum() + 1) / (flips + 1))
