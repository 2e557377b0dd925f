"""Putting questions that ask the same in other words together. Pure.

By the words that they share, weighted by how few of the questions have them, so that it needs
no model and works in every language; the same question in two languages stays two.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import log

from mmsearch.conversation.content import content
from mmsearch.journal.types import Gap

ALIKE = 0.45
"""Weighted Jaccard similarity from which on two questions are about the same."""


def group(gaps: Sequence[Gap]) -> list[list[Gap]]:
    """Group gaps by similarity to the first of each group.

    Args:
        gaps: In the order in which they matter; the first of a group leads it.

    Returns:
        Groups, those asked most often first; gaps without text stay alone.
    """
    bags = [_bag(gap) for gap in gaps]
    counts = Counter(stem for bag in bags for stem in bag)
    weights = {stem: log(1 + len(gaps) / count) for stem, count in counts.items()}
    found: list[tuple[frozenset[str], list[Gap]]] = []
    for gap, bag in zip(gaps, bags, strict=True):
        near = max(found, key=lambda item: _alike(bag, item[0], weights), default=None)
        if near is not None and _alike(bag, near[0], weights) >= ALIKE:
            near[1].append(gap)
        else:
            found.append((bag, [gap]))
    return sorted((members for _, members in found), key=lambda m: -sum(g.times for g in m))


def _bag(gap: Gap) -> frozenset[str]:
    """Return a stem for each content word of a gap's question."""
    return frozenset(min(word.keys) for word in content(gap.question or "", gap.language))


def _alike(one: frozenset[str], other: frozenset[str], weights: dict[str, float]) -> float:
    total = sum(weights[stem] for stem in one | other)
    return sum(weights[stem] for stem in one & other) / total if total else 0.0
