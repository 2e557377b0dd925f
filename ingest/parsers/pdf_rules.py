"""Read the ruled tables of a PDF page: drawn lines, and the cells between them."""

from __future__ import annotations

import ctypes
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import repeat
from statistics import median
from typing import Any, NamedTuple

import numpy as np
import pypdfium2.raw as raw

from ingest.parsers.pdf_place import Placement, mirrored, turned
from ingest.parsers.pdf_words import PageWords

_THIN = 3.0
_SNAP = 3.0
_MAX_OBJECTS = 20_000
_MAX_SEGMENTS = 400
_MAX_RULES = 3_000
_MAX_DEPTH = 3
# A table with open sides has at least so many lines each way, and columns so wide in points.
_MIN_OPEN = 3
_MIN_COLUMN = 20.0
_MANY_PICTURES = 12
_LINE_HEIGHT = 30.0


class Rule(NamedTuple):
    """A drawn line along an axis: ``at`` is its place across, ``low``–``high`` its extent."""

    at: float
    low: float
    high: float


@dataclass(slots=True)
class Grid:
    """A ruled table: where its lines are, and which cell each of its fields belongs to.

    Attributes:
        page: Page index from 0.
        xs: Places of its columns' edges in points, ascending; ``ys`` of its rows' edges.
        owner: int, (n_rows, n_columns): the top left field of the cell, as row * n_columns
            + column. Fields with no line between them are one cell.
    """

    page: int
    xs: list[float]
    ys: list[float]
    owner: list[list[int]]

    def cell(self, x: float, y: float) -> tuple[int, int] | None:
        """Return row and column of the cell at a point, or None outside."""
        row, column = bisect_right(self.ys, y) - 1, bisect_right(self.xs, x) - 1
        if not (0 <= row < len(self.owner) and 0 <= column < len(self.owner[0])):
            return None
        return divmod(self.owner[row][column], len(self.owner[0]))


def _bare(function: Any, result: Any, *arguments: Any) -> Any:
    """Return a pdfium function that takes and gives bare addresses: pages have many objects."""
    prototype = ctypes.CFUNCTYPE(result, *arguments)
    return prototype(ctypes.cast(function, ctypes.c_void_p).value or 0)


_get_object = _bare(raw.FPDFPage_GetObject, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int)
_get_kind = _bare(raw.FPDFPageObj_GetType, ctypes.c_int, ctypes.c_void_p)


class Drawing:
    """What is drawn on a page: its objects and their kinds, asked for once."""

    def __init__(self, page: Any) -> None:
        handle = page.raw
        count = min(raw.FPDFPage_CountObjects(handle), _MAX_OBJECTS)
        address = ctypes.cast(handle, ctypes.c_void_p).value
        objects = list(map(_get_object, repeat(address, count), range(count)))
        kinds = list(map(_get_kind, objects))
        self.page = page
        self.objects = [
            (ctypes.cast(item, raw.FPDF_PAGEOBJECT), kind)
            for item, kind in zip(objects, kinds, strict=True)
            if kind != raw.FPDF_PAGEOBJ_TEXT
        ]

    def pictures(self) -> list[tuple[float, float, float, float]]:
        """Return the boxes of its pictures, in page coordinates."""
        found = [item for item, kind in self.objects if kind == raw.FPDF_PAGEOBJ_IMAGE]
        return [box for item in found if (box := _bounds(item))]


def read_grids(drawing: Drawing, words: PageWords) -> list[Grid]:
    """Find the ruled tables of a page, in the coordinates of its lines, from the top.

    A table has at least two rows, or one row of several columns; a single box is none.
    """
    across, down = _rules(drawing, words)
    if len(across) + len(down) > _MAX_RULES:
        return []
    grids = [
        grid
        for rows, columns in _components(_merge(across), _merge(down))
        if (grid := _grid(words.index, rows, columns)) is not None
    ]
    return sorted(grids, key=lambda grid: (grid.ys[0], grid.xs[0]))


def has_pictured_text(drawing: Drawing) -> bool:
    """Tell whether a page is full of pictures the height of a line, as of words.

    Word processors draw text as pictures where they may not embed its font.
    """
    heights = [abs(box[3] - box[1]) for box in drawing.pictures()]
    return sum(height < _LINE_HEIGHT for height in heights) >= _MANY_PICTURES


def _rules(drawing: Drawing, words: PageWords) -> tuple[list[Rule], list[Rule]]:
    shapes = _object_boxes(iter(drawing.objects), _IDENTITY, 0)
    boxes = np.array(list(shapes), dtype=np.float64).reshape(-1, 4)
    if not len(boxes):
        return [], []
    place = Placement(drawing.page)
    boxes = turned(place.shown(boxes), words.turn, words.width, words.height)
    width, height = words.extent
    if words.mirrored:
        boxes = mirrored(boxes, width)
    across: list[Rule] = []
    down: list[Rule] = []
    for x0, y0, x1, y1 in boxes.tolist():
        if x1 < 0 or y1 < 0 or x0 > width or y0 > height:
            continue
        if y1 - y0 <= _THIN and x1 - x0 > y1 - y0:
            across.append(Rule((y0 + y1) / 2, x0, x1))
        elif x1 - x0 <= _THIN:
            down.append(Rule((x0 + x1) / 2, y0, y1))
        else:
            across += [Rule(y0, x0, x1), Rule(y1, x0, x1)]
            down += [Rule(x0, y0, y1), Rule(x1, y0, y1)]
    return across, down


_IDENTITY = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
_Matrix = tuple[float, float, float, float, float, float]


def _object_boxes(
    objects: Iterator[tuple[Any, int]], matrix: _Matrix, depth: int
) -> Iterator[tuple[float, float, float, float]]:
    """Yield thin shapes, stroked boxes and straight strokes, in page coordinates."""
    for item, kind in objects:
        if kind == raw.FPDF_PAGEOBJ_PATH:
            yield from _path_boxes(item, matrix)
        elif kind == raw.FPDF_PAGEOBJ_FORM and depth < _MAX_DEPTH:
            count = min(raw.FPDFFormObj_CountObjects(item), _MAX_OBJECTS)
            parts = (raw.FPDFFormObj_GetObject(item, i) for i in range(count))
            inner = ((part, raw.FPDFPageObj_GetType(part)) for part in parts)
            yield from _object_boxes(inner, _chain(_matrix_of(item), matrix), depth + 1)


def _path_boxes(path: Any, matrix: _Matrix) -> Iterator[tuple[float, float, float, float]]:
    bounds = _bounds(path)
    if bounds is None:
        return
    x0, y0, x1, y1 = bounds
    if min(x1 - x0, y1 - y0) <= _THIN:
        yield _box(matrix, x0, y0, x1, y1)
        return
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(path, fill, stroke)
    if not stroke.value:
        return
    count = raw.FPDFPath_CountSegments(path)
    if count <= _MAX_SEGMENTS:
        yield from _stroke_boxes(path, count, _chain(_matrix_of(path), matrix))


def _bounds(item: Any) -> tuple[float, float, float, float] | None:
    x0, y0, x1, y1 = (ctypes.c_float() for _ in range(4))
    if not raw.FPDFPageObj_GetBounds(item, x0, y0, x1, y1):
        return None
    return (x0.value, y0.value, x1.value, y1.value)


def _stroke_boxes(
    path: Any, count: int, matrix: _Matrix
) -> Iterator[tuple[float, float, float, float]]:
    x, y = ctypes.c_float(), ctypes.c_float()
    here = start = (0.0, 0.0)
    for i in range(count):
        segment = raw.FPDFPath_GetPathSegment(path, i)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        point = (x.value, y.value)
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            start = point
        elif kind == raw.FPDF_SEGMENT_LINETO and _straight(here, point):
            yield _box(matrix, *here, *point)
        here = point
        if raw.FPDFPathSegment_GetClose(segment) and _straight(here, start):
            yield _box(matrix, *here, *start)


def _straight(a: tuple[float, float], b: tuple[float, float]) -> bool:
    return min(abs(a[0] - b[0]), abs(a[1] - b[1])) < 1.0


def _matrix_of(item: Any) -> _Matrix:
    m = raw.FS_MATRIX()
    if not raw.FPDFPageObj_GetMatrix(item, m):
        return _IDENTITY
    return (m.a, m.b, m.c, m.d, m.e, m.f)


def _chain(first: _Matrix, then: _Matrix) -> _Matrix:
    a, b, c, d, e, f = first
    g, h, i, j, k, m = then
    return (
        a * g + b * i,
        a * h + b * j,
        c * g + d * i,
        c * h + d * j,
        e * g + f * i + k,
        e * h + f * j + m,
    )


def _box(matrix: _Matrix, *corners: float) -> tuple[float, float, float, float]:
    if matrix == _IDENTITY:
        x0, y0, x1, y1 = corners
    else:
        a, b, c, d, e, f = matrix
        x0, y0 = a * corners[0] + c * corners[1] + e, b * corners[0] + d * corners[1] + f
        x1, y1 = a * corners[2] + c * corners[3] + e, b * corners[2] + d * corners[3] + f
    return (x0, y0, x1, y1)


def _merge(rules: list[Rule]) -> list[Rule]:
    """Join pieces of one line: those at the same place that touch."""
    merged: list[Rule] = []
    for group in _snapped(sorted(rules)):
        pieces: list[Rule] = []
        high = 0.0
        for rule in sorted(group, key=lambda rule: rule.low):
            if pieces and rule.low > high + _SNAP:
                merged.append(_whole(pieces))
                pieces = []
            high = max(high, rule.high) if pieces else rule.high
            pieces.append(rule)
        merged.append(_whole(pieces))
    return [rule for rule in merged if rule.high - rule.low > 2 * _SNAP]


def _whole(pieces: list[Rule]) -> Rule:
    at = sum(rule.at for rule in pieces) / len(pieces)
    return Rule(at, min(rule.low for rule in pieces), max(rule.high for rule in pieces))


def _snapped(rules: list[Rule]) -> Iterator[list[Rule]]:
    group: list[Rule] = []
    for rule in rules:
        if group and rule.at - group[-1].at > _SNAP:
            yield group
            group = []
        group.append(rule)
    if group:
        yield group


def _components(across: list[Rule], down: list[Rule]) -> Iterator[tuple[list[Rule], list[Rule]]]:
    """Yield the lines that hang together, a pair of lists for each table."""
    parent = list(range(len(across) + len(down)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for i, row in enumerate(across):
        for j, column in enumerate(down):
            if (
                row.low - _SNAP <= column.at <= row.high + _SNAP
                and column.low - _SNAP <= row.at <= column.high + _SNAP
            ):
                parent[root(i)] = root(len(across) + j)
    members: dict[int, tuple[list[Rule], list[Rule]]] = {}
    for i, rule in enumerate([*across, *down]):
        members.setdefault(root(i), ([], []))[i >= len(across)].append(rule)
    yield from members.values()


def _places(rules: Sequence[Rule]) -> list[float]:
    places: list[float] = []
    for rule in sorted(rules):
        if not places or rule.at - places[-1] > _SNAP:
            places.append(rule.at)
    return places


def _with_open_sides(xs: list[float], across: list[Rule]) -> list[float]:
    """Add the outer edges of a table that has none drawn, where its lines across end."""
    if len(xs) < _MIN_OPEN or len(across) < _MIN_OPEN:
        return xs
    low, high = median(rule.low for rule in across), median(rule.high for rule in across)
    left = [low] if low < xs[0] - _MIN_COLUMN else []
    right = [high] if high > xs[-1] + _MIN_COLUMN else []
    return [*left, *xs, *right]


def _grid(page: int, across: list[Rule], down: list[Rule]) -> Grid | None:
    xs, ys = _with_open_sides(_places(down), across), _places(across)
    rows, columns = len(ys) - 1, len(xs) - 1
    if rows < 1 or columns < 1 or rows * columns < 2 or rows * columns > 10_000:
        return None
    owner = [[row * columns + column for column in range(columns)] for row in range(rows)]
    for row in range(rows):
        middle = (ys[row] + ys[row + 1]) / 2
        for column in range(1, columns):
            if not _crossed(down, xs[column], middle):
                owner[row][column] = owner[row][column - 1]
    for column in range(columns):
        middle = (xs[column] + xs[column + 1]) / 2
        for row in range(1, rows):
            if not _crossed(across, ys[row], middle):
                owner[row][column] = min(owner[row][column], owner[row - 1][column])
    return Grid(page, xs, ys, owner)


def _crossed(rules: list[Rule], at: float, through: float) -> bool:
    """Tell whether a line at ``at`` passes the point ``through`` along itself."""
    return any(
        abs(rule.at - at) <= _SNAP and rule.low - _SNAP <= through <= rule.high + _SNAP
        for rule in rules
    )
