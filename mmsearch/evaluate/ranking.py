"""How good a ranking is. Pure functions over ids, with trec_eval's definitions.

A ranking is a sequence of ids, best first, each once; judgements map an id to its gain, 0 and
less meaning "not relevant". Without a relevant id every measure is 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import log2

Gains = Mapping[str, float]


def ndcg(ranking: Sequence[str], gains: Gains, k: int = 10) -> float:
    """Return normalised discounted cumulative gain of the first ``k``, 0–1.

    Järvelin and Kekäläinen, "Cumulated Gain-Based Evaluation of IR Techniques" (TOIS 2002),
    with the discount log2(rank + 1) and linear gains, as trec_eval's ``ndcg_cut`` has it.
    """
    best = sorted((gain for gain in gains.values() if gain > 0), reverse=True)[:k]
    ideal = _discounted(best)
    if not ideal:
        return 0.0
    return _discounted([max(0.0, gains.get(item, 0.0)) for item in ranking[:k]]) / ideal


def recall(ranking: Sequence[str], gains: Gains, k: int) -> float:
    """Return the share of the relevant ids that are among the first ``k``, 0–1."""
    relevant = {item for item, gain in gains.items() if gain > 0}
    return len(relevant & set(ranking[:k])) / len(relevant) if relevant else 0.0


def reciprocal_rank(ranking: Sequence[str], gains: Gains) -> float:
    """Return 1 / rank of the first relevant id, 0 when there is none."""
    for rank, item in enumerate(ranking, start=1):
        if gains.get(item, 0.0) > 0:
            return 1.0 / rank
    return 0.0


def _discounted(gains: Sequence[float]) -> float:
    return sum(gain / log2(rank + 1) for rank, gain in enumerate(gains, start=1))
