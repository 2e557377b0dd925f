"""Where things stand on a PDF page as it is shown: cropped, turned, from the top left."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pypdfium2.raw as raw
from numpy.typing import NDArray


class Placement:
    """Where a page's own coordinates lie on the page as shown.

    A page's own origin is at the bottom left of its media box, before it is cropped and
    turned (ISO 32000-1, 7.7.3.3 and 14.11.2).
    """

    def __init__(self, page: Any) -> None:
        self.rotation = page.get_rotation() // 90 % 4
        left, bottom, right, top = _bounds(page)
        self.left, self.bottom, self.right, self.top = left, bottom, right, top
        across, down = right - left, top - bottom
        self.width, self.height = (down, across) if self.rotation % 2 else (across, down)

    def shown(self, boxes: NDArray[np.float64]) -> NDArray[np.float64]:
        """Map boxes of shape (n, 4), two opposite corners each, to x0, y0, x1, y1 as shown."""
        x, y = boxes[:, 0::2], boxes[:, 1::2]
        if self.rotation == 0:
            u, v = x - self.left, self.top - y
        elif self.rotation == 1:
            u, v = y - self.bottom, x - self.left
        elif self.rotation == 2:
            u, v = self.right - x, y - self.bottom
        else:
            u, v = self.top - y, self.right - x
        return np.stack([u.min(1), v.min(1), u.max(1), v.max(1)], axis=1)


def turned(
    boxes: NDArray[np.float64], turn: int, width: float, height: float
) -> NDArray[np.float64]:
    """Turn boxes of shape (n, 4) clockwise by quarter turns.

    Args:
        boxes: x0, y0, x1, y1, origin at the top left.
        turn: Quarter turns clockwise, 0–3.
        width: Width of the page that the boxes are on, in points.
        height: Its height, in points.
    """
    x0, y0, x1, y1 = boxes.T
    if turn == 1:
        return np.stack([height - y1, x0, height - y0, x1], axis=1)
    if turn == 2:
        return np.stack([width - x1, height - y1, width - x0, height - y0], axis=1)
    if turn == 3:
        return np.stack([y0, width - x1, y1, width - x0], axis=1)
    return boxes


def mirrored(boxes: NDArray[np.float64], width: float) -> NDArray[np.float64]:
    """Swap left and right of boxes of shape (n, 4) on a page of a width in points."""
    x0, y0, x1, y1 = boxes.T
    return np.stack([width - x1, y0, width - x0, y1], axis=1)


def _bounds(page: Any) -> tuple[float, float, float, float]:
    rect = raw.FS_RECTF()
    if raw.FPDF_GetPageBoundingBox(page.raw, rect):
        box = (rect.left, rect.bottom, rect.right, rect.top)
        if all(map(math.isfinite, box)) and box[2] > box[0] and box[3] > box[1]:
            return box
    width, height = page.get_size()
    return (0.0, 0.0, width, height)
