"""Ordering the first passages again by a model that reads each beside the question."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from index.fusion import min_max
from index.reading import PassageRow
from index.snapshot import Snapshot
from index.types import Reranker

READ = 20
"""How many passages are read; 200 tokens take a model of six layers 45 ms of one core."""
WEIGHT = 0.5
"""What the model's score counts beside ours. Wang, Zhuang and Zuccon, "BERT-based Dense
Retrievers Require Interpolation with BM25" (ICTIR 2021), find an even mix sound; no model was at
hand to measure another."""


def read_together(
    snapshot: Snapshot,
    reranker: Reranker,
    question: str,
    ranking: Sequence[tuple[int, float]],
    rows: dict[int, PassageRow],
) -> list[tuple[int, float]]:
    """Order the first ``READ`` passages again; rows that it reads are added to ``rows``.

    Args:
        snapshot: The generation.
        reranker: A model that knows the question's language.
        question: As asked.
        ranking: (passage number, score), best first, all of it readable.
        rows: Rows at hand, by passage number.
    """
    first = [number for number, _ in ranking[:READ]]
    rows |= snapshot.reading.passages([number for number in first if number not in rows])
    scores = reranker.score(question, [_text(snapshot, rows[number]) for number in first])
    return reorder(ranking, dict(zip(first, scores.tolist(), strict=True)), WEIGHT)


def reorder(
    ranking: Sequence[tuple[int, float]], judged: dict[int, float], weight: float
) -> list[tuple[int, float]]:
    """Mix what a model says of the first passages into their order.

    Both scores are scaled to 0–1 among them. The places keep their scores, which whoever asks
    how sure a search is was fitted on; so nothing falls behind what was not judged.

    Args:
        ranking: (passage number, score), best first.
        judged: The model's score of each of the first passages, on any scale.
        weight: 0 keeps the order, 1 takes the model's.
    """
    first, rest = ranking[: len(judged)], ranking[len(judged) :]
    ours, theirs = min_max(dict(first)), min_max(judged)
    mixed = {n: (1.0 - weight) * ours[n] + weight * theirs[n] for n, _ in first}
    order = sorted(mixed, key=lambda n: (-mixed[n], n))
    return [*zip(order, (score for _, score in first), strict=True), *rest]


def _text(snapshot: Snapshot, row: PassageRow) -> str:
    catalogue = snapshot.catalogue
    owner = catalogue.owners[np.searchsorted(catalogue.numbers, row.passage_no)]
    title = catalogue.entries[owner].document.metadata.title
    above = " > ".join((title, *row.heading_path))
    return f"{above}\n{snapshot.reading.text(row.content_no)[row.start : row.end]}"
