"""Put the pieces of a PDF page into the order in which they are read (pure)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby, pairwise
from typing import Protocol, TypeVar


class Boxed(Protocol):
    """Something with a box in points, origin at the top left."""

    x0: float
    y0: float
    x1: float
    y1: float


T = TypeVar("T", bound=Boxed)

_MAX_DEPTH = 12
_PAIRS = 8
_NEARLY_ALL = 0.9


def in_reading_order(items: Sequence[T], size: float) -> list[T]:
    """Return ``items`` in reading order, given in the order of the file.

    The order of the file is kept where it goes down the page, or down one column and up to
    the next, as word processors write it. Where it jumps back over text that it has passed,
    or goes to and fro between columns, the page is cut along its empty strips instead:
    columns first where one runs through, else the pieces above one another (the recursive
    X-Y cut of Nagy, Seth and Viswanathan, 1992).

    Args:
        items: Lines and tables.
        size: The usual font size in points, to say how wide an empty strip must be.
    """
    if _interleaved(items, size) or _alternates(items, size):
        return _cut([[item] for item in items], size, 0)
    if not _jumps_back(items, size):
        return list(items)
    return _cut(_runs(items, size), size, 0)


def _jumps_back(items: Sequence[T], size: float) -> bool:
    for before, after in pairwise(items):
        above = after.y1 < before.y0 + 0.3 * size
        if above and after.x0 < before.x1 - size:
            return True
    return False


def _interleaved(items: Sequence[T], size: float) -> bool:
    """Tell whether two columns of long lines are written line by line."""
    pairs = 0
    for before, after in pairwise(items):
        same = min(before.y1, after.y1) - max(before.y0, after.y0) > 0.5 * size
        wide = min(before.x1 - before.x0, after.x1 - after.x0) > 12 * size
        pairs += same and wide and after.x0 > before.x1 + 0.8 * size
    return pairs >= _PAIRS


def _alternates(items: Sequence[T], size: float) -> bool:
    """Tell whether the file goes to and fro between columns of long lines, block by block."""
    columns = _split([[item] for item in items], [(item.x0, item.x1) for item in items], size)
    wide = [part for part in columns if len(part) >= _PAIRS]
    if len(wide) < 2:
        return False
    widths = [sorted(item.x1 - item.x0 for (item,) in part)[len(part) // 2] for part in wide]
    if min(widths) < 10 * size:
        return False
    home = {id(item): i for i, part in enumerate(wide) for (item,) in part}
    runs = [
        (column, next(group))
        for column, group in groupby(
            (item for item in items if id(item) in home), key=lambda item: home[id(item)]
        )
    ]
    beside = sum(
        column < other and abs(first.y0 - second.y0) < size
        for (column, first), (other, second) in pairwise(runs)
    )
    # Rows of a table begin beside each other; blocks of two columns do so by chance.
    return len(runs) >= len(wide) + 2 and beside * 4 < len(runs)


def _runs(items: Sequence[T], size: float) -> list[list[T]]:
    """Group what follows one another down a column."""
    runs: list[list[T]] = []
    for item in items:
        if runs:
            last = runs[-1][-1]
            overlap = min(last.x1, item.x1) - max(last.x0, item.x0)
            down = -0.5 * size <= item.y0 - last.y1 < 2.5 * size
            same_row = min(last.y1, item.y1) - max(last.y0, item.y0) > 0.5 * size
            if (down and overlap > 0) or (same_row and 0 <= item.x0 - last.x1 < 4 * size):
                runs[-1].append(item)
                continue
        runs.append([item])
    return runs


def _cut(runs: list[list[T]], size: float, depth: int) -> list[T]:
    if len(runs) > 1 and depth < _MAX_DEPTH:
        boxes = [_box(run) for run in runs]
        strips = [
            _split(runs, [(box[0], box[2]) for box in boxes], 0.8 * size),
            _split(runs, [(box[1], box[3]) for box in boxes], 0.0),
        ]
        columns, rows = strips
        if len(columns) > 1 and (len(rows) < 2 or _are_columns(columns)):
            return [item for part in columns for item in _cut(part, size, depth + 1)]
        if len(rows) > 1:
            return [item for part in rows for item in _cut(part, size, depth + 1)]
    boxed = sorted(runs, key=lambda run: (_box(run)[1], _box(run)[0]))
    return [item for run in boxed for item in run]


def _are_columns(parts: list[list[list[T]]]) -> bool:
    """Tell columns of text from a few words beside each other: nearly all lines are in some."""
    lengths = [sum(len(run) for run in part) for part in parts]
    columns = [length for length in lengths if length >= 3]
    return len(columns) > 1 and sum(columns) >= _NEARLY_ALL * sum(lengths)


def _split(
    runs: list[list[T]], spans: list[tuple[float, float]], gap: float
) -> list[list[list[T]]]:
    """Split ``runs`` where their spans along one axis leave more than ``gap`` points empty."""
    order = sorted(range(len(runs)), key=lambda i: (spans[i][0], i))
    parts: list[list[list[T]]] = []
    reach = float("-inf")
    for i in order:
        low, high = spans[i]
        slack = min(2.0, (high - low) * 0.3)
        if not parts or low + slack >= reach + gap:
            parts.append([])
        parts[-1].append(runs[i])
        reach = max(reach, high)
    return parts


def _box(run: Sequence[T]) -> tuple[float, float, float, float]:
    return (
        min(item.x0 for item in run),
        min(item.y0 for item in run),
        max(item.x1 for item in run),
        max(item.y1 for item in run),
    )
