"""How well a confidence tells answers from their absence. Pure functions over arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Point:
    """One point of the risk–coverage curve.

    Attributes:
        bar: Questions with at least this confidence are answered.
        coverage: Share of all questions that are answered, 0–1.
        risk: Share of those answers that are wrong, 0–1.
    """

    bar: float
    coverage: float
    risk: float


@dataclass(frozen=True, slots=True)
class Bin:
    """One line of a reliability table: what was said, and what came true.

    Attributes:
        low: Lowest confidence of the bin.
        high: Highest.
        count: Questions in it.
        said: Mean confidence.
        true: Share that was right.
    """

    low: float
    high: float
    count: int
    said: float
    true: float


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float | None:
    """Return the chance that a positive scores above a negative; ties count half.

    Mann and Whitney's U over the number of pairs. None without positives or negatives.
    """
    if not positive or not negative:
        return None
    values = np.concatenate([positive, negative])
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    mean_ranks = np.cumsum(counts) - (counts - 1) / 2
    n, m = len(positive), len(negative)
    return float((mean_ranks[inverse[:n]].sum() - n * (n + 1) / 2) / (n * m))


def answered_at(
    positive: Sequence[float], negative: Sequence[float], share: float = 0.9
) -> float | None:
    """Return how many of the unanswerable are answered when ``share`` of the answerable are.

    The bar is the highest that lets that share of the positives pass.
    """
    if not positive or not negative:
        return None
    ordered = sorted(positive, reverse=True)
    bar = ordered[max(0, int(np.ceil(share * len(ordered))) - 1)]
    return float(np.mean([value >= bar for value in negative]))


def risk_coverage(confidences: Sequence[float], right: Sequence[bool]) -> list[Point]:
    """Return the risk at every coverage, from the surest question on.

    El-Yaniv and Wiener, "On the Foundations of Noise-free Selective Classification" (JMLR
    2010), section 2. Equal confidences are answered together.
    """
    order = np.argsort([-c for c in confidences], kind="stable")
    points: list[Point] = []
    wrong = 0
    for taken, at in enumerate(order, start=1):
        wrong += not right[at]
        last = taken == len(order)
        if last or confidences[order[taken]] < confidences[at]:
            points.append(Point(confidences[at], taken / len(order), wrong / taken))
    return points


def area_under_risk(points: Sequence[Point]) -> float | None:
    """Return the mean risk over coverage (AURC), 0–1, lower is better; None without points."""
    if not points:
        return None
    area, before = 0.0, 0.0
    for point in points:
        area += (point.coverage - before) * point.risk
        before = point.coverage
    return area


def reliability(confidences: Sequence[float], right: Sequence[bool], n: int = 10) -> list[Bin]:
    """Group questions by confidence into ``n`` bins of equal width; empty ones are left out."""
    bins: list[Bin] = []
    for at in range(n):
        low, high = at / n, (at + 1) / n
        inside = [
            i for i, c in enumerate(confidences) if low <= c < high or (at == n - 1 and c == 1.0)
        ]
        if inside:
            said = float(np.mean([confidences[i] for i in inside]))
            true = float(np.mean([right[i] for i in inside]))
            bins.append(Bin(low, high, len(inside), said, true))
    return bins


def calibration_error(bins: Sequence[Bin]) -> float | None:
    """Return the expected calibration error, 0–1: the mean gap of said and true, by size.

    Naeini, Cooper and Hauskrecht, "Obtaining Well Calibrated Probabilities Using Bayesian
    Binning" (AAAI 2015), section 2.
    """
    total = sum(b.count for b in bins)
    if not total:
        return None
    return sum(b.count * abs(b.said - b.true) for b in bins) / total


def error_by_chance(
    confidences: Sequence[float], n: int = 10, draws: int = 500, seed: int = 0
) -> float | None:
    """Return the calibration error that these confidences have on average if they are true.

    Few questions in a bin are never right in exactly the share that was said, so an error is
    only worth something above this one. Outcomes are drawn as often as said, and again: the
    consistency resampling of Bröcker and Smith, "Increasing the Reliability of Reliability
    Diagrams" (Weather and Forecasting 2007), section 3. None without questions.
    """
    if not confidences:
        return None
    said = np.asarray(confidences, dtype=float)
    bins = np.minimum((said * n).astype(int), n - 1)
    right = np.random.default_rng(seed).random((draws, len(said))) < said
    gaps = np.zeros((draws, n))
    np.add.at(gaps.T, bins, (right - said).T)
    return float(np.abs(gaps).sum(axis=1).mean() / len(said))
