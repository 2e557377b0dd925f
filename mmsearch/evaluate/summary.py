"""Summing outcomes up: means with intervals, by language and kind, and comparing two runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from mmsearch.evaluate import abstaining
from mmsearch.evaluate.judge import Outcome
from mmsearch.evaluate.resampling import interval, paired_p

CURVE_POINTS = 50
"""How many points of a risk–coverage curve are kept, evenly spread."""
ALL = "all"

LOWER_IS_BETTER = frozenset(
    {"unanswerable answered at 90%", "calibration error", "area under risk"}
)
"""Figures of a summary that a gate holds from above."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: a mean over questions with its 95 % bootstrap interval."""

    mean: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class Difference:
    """How a figure moved between two runs over the same questions.

    Attributes:
        before: Mean of the earlier run.
        after: Mean of this one.
        p: Of a two-sided paired randomisation test.
        n: Questions that both runs have.
    """

    before: float
    after: float
    p: float
    n: int


def summarise(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Return every figure of a run as plain dicts, ready for JSON.

    Groups are "all", "language=…" and "kind=…"; each has its number of questions, figures and
    what the confidence is worth.
    """
    return {
        "questions": len(outcomes),
        "groups": {name: _group(members) for name, members in groups(outcomes).items()},
    }


def groups(outcomes: Sequence[Outcome]) -> dict[str, list[Outcome]]:
    """Return the outcomes by group, all of them first; a single language is no group."""
    found: dict[str, list[Outcome]] = {ALL: list(outcomes)}
    keys: list[tuple[str, Callable[[Outcome], str]]] = [
        ("language", lambda o: o.language),
        ("kind", lambda o: o.kind),
    ]
    for label, key in keys:
        values = sorted({key(o) for o in outcomes} - {""})
        if len(values) > 1:
            for value in values:
                found[f"{label}={value}"] = [o for o in outcomes if key(o) == value]
    return found


def figures(outcomes: Sequence[Outcome]) -> dict[str, Figure]:
    """Return the mean of each per-question measure over the questions that have it."""
    names = dict.fromkeys(name for o in outcomes for name in o.measures)
    found = {}
    for name in names:
        values = [o.measures[name] for o in outcomes if name in o.measures]
        low, high = interval(values)
        found[name] = Figure(sum(values) / len(values), low, high, len(values))
    return found


def compare(before: Sequence[Outcome], after: Sequence[Outcome]) -> dict[str, Difference]:
    """Compare two runs measure by measure over the questions that both have."""
    earlier = {o.query_id: o.measures for o in before}
    pairs = [(earlier[o.query_id], o.measures) for o in after if o.query_id in earlier]
    found = {}
    for name in dict.fromkeys(name for _, measures in pairs for name in measures):
        both = [(old[name], new[name]) for old, new in pairs if name in old and name in new]
        if both:
            old, new = [a for a, _ in both], [b for _, b in both]
            n = len(both)
            found[name] = Difference(sum(old) / n, sum(new) / n, paired_p(old, new), n)
    return found


def value_of(summary: Mapping[str, Any], name: str) -> float | None:
    """Return a figure of a summary by name, "group:figure" or the figure of all; None if absent."""
    group, _, figure = name.rpartition(":")
    chosen = summary["groups"].get(group or ALL)
    if chosen is None:
        return None
    if figure in chosen["figures"]:
        return float(chosen["figures"][figure]["mean"])
    value = chosen["confidence"].get(figure)
    return float(value) if isinstance(value, int | float) else None


def _group(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    return {
        "questions": len(outcomes),
        "answerable": sum(o.answerable for o in outcomes),
        "figures": {name: asdict(figure) for name, figure in figures(outcomes).items()},
        "confidence": _confidence(outcomes),
    }


def _confidence(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Say what the confidence is worth; right means right, not only answerable."""
    yes = [o.confidence for o in outcomes if o.answerable]
    no = [o.confidence for o in outcomes if not o.answerable]
    said, true = [o.confidence for o in outcomes], [o.right for o in outcomes]
    bins = abstaining.reliability(said, true)
    curve = abstaining.risk_coverage(said, true)
    step = max(1, len(curve) // CURVE_POINTS)
    return {
        "auroc": abstaining.auroc(yes, no),
        "unanswerable answered at 90%": abstaining.answered_at(yes, no),
        "calibration error": abstaining.calibration_error(bins),
        "calibration error by chance": abstaining.error_by_chance(said),
        "area under risk": abstaining.area_under_risk(curve),
        "reliability": [asdict(b) for b in bins],
        "risk-coverage": [asdict(p) for p in (*curve[::step], *curve[-1:])],
    }
