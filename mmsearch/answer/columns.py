"""Finding the column names over a table row. Pure.

Parsers that know a table's columns write "Name: value"; of a PDF page only lines of cells are
left, and "Retaliation | 1 | 2 | 3" says nothing without the row at the head of the table.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from index.types import DocumentText
from ingest.types import Block, BlockKind

MARK = " | "
"""What stands between the cells of a row."""
LONGEST_HEAD = 400
"""A row of column names has at most so many characters."""
FARTHEST = 80
"""So many rows are looked through for the first of a table."""
_FIGURE = re.compile(r"[^\w]*\d[\d.,\s%$€()–-]*")
_YEAR = re.compile(r"\D*(?:19|20)\d\d\D*")


def head_of(document: DocumentText, start: int) -> Block | None:
    """Return the row of column names over a row of bare cells, or None.

    Args:
        document: Text and blocks.
        start: Where the row's block starts.
    """
    blocks = document.blocks
    at = bisect_right(blocks, start, key=lambda b: b.start) - 1
    if at < 1 or blocks[at].kind is not BlockKind.TABLE_ROW:
        return None
    cells = _cells(document.text, blocks[at])
    first = at
    while first > max(0, at - FARTHEST) and blocks[first - 1].kind is BlockKind.TABLE_ROW:
        if len(_cells(document.text, blocks[first - 1])) != len(cells):
            break
        first -= 1
    if first == at or len(cells) < 2 or any(": " in cell for cell in cells):
        return None
    return blocks[first] if _names(_cells(document.text, blocks[first])) else None


def labelled(names: str, cells: str) -> str:
    """Say a row's cells, each behind the name of its column."""
    pairs = zip(names.split(MARK), cells.split(MARK), strict=False)
    return MARK.join(f"{n.strip()}: {c.strip()}" if n.strip() else c for n, c in pairs)


def _cells(text: str, block: Block) -> list[str]:
    return text[block.start : block.end].rstrip().split(MARK)


def _names(cells: Sequence[str]) -> bool:
    """Say whether cells are column names: words or years, none of them a figure."""
    if sum(map(len, cells)) > LONGEST_HEAD:
        return False
    return not any(_FIGURE.fullmatch(cell) and not _YEAR.fullmatch(cell) for cell in cells)
