"""Merging rankings. Pure functions."""

from __future__ import annotations

from collections.abc import Mapping


def min_max(scores: Mapping[int, float]) -> dict[int, float]:
    """Scale scores to 0–1: the best becomes 1, the worst 0; equal scores all become 1."""
    if not scores:
        return {}
    low, high = min(scores.values()), max(scores.values())
    if high <= low:
        return dict.fromkeys(scores, 1.0)
    return {key: (score - low) / (high - low) for key, score in scores.items()}


def best_first(scores: Mapping[int, float]) -> list[tuple[int, float]]:
    """Return (key, score), best first, ties by key."""
    order = sorted(sorted(scores), key=scores.__getitem__, reverse=True)
    return [(key, scores[key]) for key in order]


NEAREST_K = 5
"""How slowly the share for the place among the vectors falls: a half at the sixth."""


def fuse(
    keywords: Mapping[int, float],
    vectors: Mapping[int, float],
    vector_weight: float,
    place_weight: float = 0.0,
) -> list[tuple[int, float]]:
    """Merge two rankings by weighted min-max fusion.

    Bruch, Gai and Ingber, "An Analysis of Fusion Functions for Hybrid Retrieval" (TOIS 2023),
    section 4: a convex combination of min-max scaled scores; what one ranking lacks counts 0.
    Cosines of a model lie close together, and scaled they hardly tell the nearest from the
    tenth; so the place among them can count beside, as in reciprocal rank fusion (Cormack,
    Clarke and Buettcher, SIGIR 2009, section 3): ``NEAREST_K / (NEAREST_K - 1 + place)``.

    Args:
        keywords: BM25 score by passage number.
        vectors: Cosine by passage number.
        vector_weight: 0 takes keywords alone, 1 vectors alone.
        place_weight: What the place among the vectors counts; with ``vector_weight`` at most 1.

    Returns:
        (passage number, score in 0–1), best first, ties by number.
    """
    left, right = min_max(keywords), min_max(vectors)
    nearest = best_first(vectors) if place_weight else []
    places = {key: NEAREST_K / (NEAREST_K + at) for at, (key, _) in enumerate(nearest)}
    keyword_weight = 1.0 - vector_weight - place_weight
    fused = {
        key: keyword_weight * left.get(key, 0.0)
        + vector_weight * right.get(key, 0.0)
        + place_weight * places.get(key, 0.0)
        for key in left.keys() | right.keys()
    }
    return best_first(fused)


def follow(
    keywords: Mapping[int, float], vectors: Mapping[int, float], vector_weight: float
) -> list[tuple[int, float]]:
    """Merge as ``fuse`` does, but put what no keyword found behind all that one found.

    For a language that the model does not know: min-max scaling gives the last keyword hit 0,
    and a chance neighbour would overtake it.

    Args:
        keywords: BM25 score by passage number.
        vectors: Cosine by passage number.
        vector_weight: As in ``fuse``; small.

    Returns:
        (passage number, score in 0–1), best first; scores never rise along the ranking.
    """
    fused = fuse(keywords, vectors, vector_weight)
    found = [item for item in fused if item[0] in keywords]
    least = found[-1][1] if found else 1.0
    return found + [(key, min(score, least)) for key, score in fused if key not in keywords]
