"""Reading the best passages of a ranking again, as ``index.second_stage`` says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from index.crossing import Crossing
from index.fusion import best_first
from index.reading import PassageRow
from index.second_stage import (
    DEPTH,
    FOREIGN,
    KNOWN,
    SURROUNDINGS,
    Asked,
    Shares,
    gains,
    shares,
    strengths,
)
from index.snapshot import Snapshot
from index.stored_words import stored_strengths
from ingest.types import BlockKind

AWAY = 0.85
"""What is left of the score of a passage in another language than the question: of two that
answer, whoever asks reads the one in their own first."""
CONTENTS_SHARE = 0.5
"""What is left of the score of a table of contents, which names all and says nothing."""


def reread(
    snapshot: Snapshot,
    crossing: Crossing,
    ranking: list[tuple[int, float]],
    rows: dict[int, PassageRow],
    size: int,
    *,
    foreign: bool,
) -> list[tuple[int, float]]:
    """Add to the score of the first passages what their sentences say.

    Keeps the rows it read: as many as the page is about to need, which one query gives quicker
    than two.
    """
    first = [number for number, _ in ranking[: max(size, DEPTH)]]
    rows |= snapshot.reading.passages(first)
    read = [rows[number] for number in first[:DEPTH]]
    read = [row for row in read if row.kind != BlockKind.CONTENTS]
    gained = _gained(snapshot, crossing, read, foreign)
    scored: dict[int, float] = {}
    most = sum((FOREIGN if foreign else KNOWN).values())
    for number, score in ranking[:DEPTH]:
        row = rows[number]
        if row.kind == BlockKind.CONTENTS:
            scored[number] = CONTENTS_SHARE * score / (1.0 + most)
            continue
        added = gained[number]
        if crossing.into(row.language) is not crossing.asked:
            score, added = AWAY * score, AWAY * added
        scored[number] = min(1.0, (score + added) / (1.0 + most))
    scored |= {number: min(1.0, score / (1.0 + most)) for number, score in ranking[DEPTH:]}
    return best_first(scored)


def _gained(
    snapshot: Snapshot, crossing: Crossing, rows: Sequence[PassageRow], foreign: bool
) -> dict[int, float]:
    """Return what passages gain, read together where they are read for the same words."""
    groups: dict[int, tuple[Asked, list[PassageRow]]] = {}
    for row in rows:
        asked = crossing.into(row.language)
        groups.setdefault(id(asked), (asked, []))[1].append(row)
    found: dict[int, float] = {}
    for asked, members in groups.values():
        numbers = [row.passage_no for row in members]
        added = gains(*_shares(snapshot, asked, members, foreign))
        found |= dict(zip(numbers, added.tolist(), strict=True))
    return found


def _shares(
    snapshot: Snapshot, asked: Asked, rows: Sequence[PassageRow], foreign: bool
) -> Iterator[Shares]:
    """Yield what passages say, and what they say with their surroundings where that counts."""
    catalogue = snapshot.catalogue
    numbers = [row.passage_no for row in rows]
    owners = catalogue.owners[np.searchsorted(catalogue.numbers, numbers)].tolist()
    read, wide = [], []
    for row, owner in zip(rows, owners, strict=True):
        text = snapshot.reading.text(row.content_no)
        title = catalogue.entries[owner].document.metadata.title
        head = " ".join((title, *row.heading_path, row.context))
        read.append((text[row.start : row.end], head, row.language))
        if foreign:
            around = text[max(0, row.start - SURROUNDINGS) : row.end + SURROUNDINGS]
            wide.append((around, head, row.language))
    if asked.together:
        yield shares(asked, strengths(asked, read))
    else:
        sequences = snapshot.derived.lexical.sequences
        yield shares(asked, stored_strengths(asked, sequences, numbers, read))
    if foreign:
        yield shares(asked, strengths(asked, wide))
