"""The order in which the shapes of a slide are read (pure).

By recursive cuts, after Nagy and Seth, "Hierarchical representation of optically scanned
documents" (1984): where a horizontal gap runs through everything, what is above it is read
first; else, where a vertical gap does, what is left of it (right of it, in a script that runs
so). What nothing parts is read from its top down.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

#: Boxes are larger than their words, and may overlap by this part of the smaller one.
_SLACK = 0.1
#: Shapes of one slide that are ordered by cuts; of more, by their tops alone.
_MOST = 500


class Box(NamedTuple):
    """Where a shape stands, in any unit, from the top left."""

    left: float
    top: float
    width: float
    height: float


def reading_order(boxes: Sequence[Box], *, same_line: float, leftward: bool = False) -> list[int]:
    """Return the numbers of the boxes in the order in which they are read.

    Args:
        boxes: The shapes.
        same_line: Boxes that nothing parts and whose tops differ by less stand side by side.
        leftward: Whether columns are read from right to left.
    """
    if leftward:
        boxes = [box._replace(left=-box.left - box.width) for box in boxes]
    order: list[int] = []
    waiting = [list(range(len(boxes)))]
    while waiting:
        group = waiting.pop()
        parts = _cut(boxes, group) if 1 < len(group) <= _MOST else [group]
        if len(parts) > 1:
            waiting += reversed(parts)
        else:
            order += sorted(
                group, key=lambda at: (int(boxes[at].top / same_line), boxes[at].left, at)
            )
    return order


def _cut(boxes: Sequence[Box], group: Sequence[int]) -> list[list[int]]:
    """Part boxes at horizontal gaps, else at vertical ones; one part where there is none."""
    rows = _parts(group, [(boxes[at].top, boxes[at].height) for at in group])
    if len(rows) > 1:
        return rows
    return _parts(group, [(boxes[at].left, boxes[at].width) for at in group])


def _parts(group: Sequence[int], spans: Sequence[tuple[float, float]]) -> list[list[int]]:
    """Part boxes where their spans along one side, a little shortened, leave a gap."""
    parts: list[list[int]] = []
    reach = float("-inf")
    shortened = sorted(
        (start + _SLACK * length, start + (1 - _SLACK) * length, at)
        for at, (start, length) in zip(group, spans, strict=True)
    )
    for start, end, at in shortened:
        if not parts or start >= reach:
            parts.append([])
        parts[-1].append(at)
        reach = max(reach, end)
    return parts
