"""Which headings a stretch of a document stands under. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence

from ingest.types import Block, BlockKind

#: A heading in a path is cut here: paths are repeated with every passage below the heading.
MAX_HEADING_CHARACTERS = 160
ELLIPSIS = "…"


def one_line(text: str) -> str:
    """Return ``text`` with every run of white space as one space, none at the ends."""
    return " ".join(text.split())


def has_text(text: str, block: Block) -> bool:
    """Tell whether a block holds more than white space."""
    return bool(text[block.start : block.end].strip())


def heading_text(text: str, block: Block) -> str:
    """Return a heading as it stands in a path: one line, cut at a word when it is long."""
    limit = MAX_HEADING_CHARACTERS
    words = one_line(text[block.start : min(block.end, block.start + 4 * limit)])
    if len(words) <= limit:
        return words
    cut = words.rfind(" ", limit // 2, limit)
    return words[: cut if cut > 0 else limit - 1].rstrip() + ELLIPSIS


def heading_path(text: str, blocks: Sequence[Block], index: int) -> tuple[str, ...]:
    """Return the headings above block ``index``, outermost first; a heading is on its own path.

    Walks backwards from the block, so the time is that of one section, not of the document,
    unless the document has no headings.
    """
    path: list[str] = []
    level: int | None = None
    for block in reversed(blocks[: index + 1]):
        # The level first: it is 0 for all but headings, and most blocks are none.
        if not block.level or block.kind is not BlockKind.HEADING or not has_text(text, block):
            continue
        if level is None or block.level < level:
            path.append(heading_text(text, block))
            level = block.level
            if level <= 1:
                break
    return tuple(reversed(path))


def heading_paths(text: str, blocks: Sequence[Block]) -> list[tuple[str, ...]]:
    """Return ``heading_path`` of every block, in one pass."""
    paths: list[tuple[str, ...]] = []
    open_levels: list[int] = []
    path: tuple[str, ...] = ()
    for block in blocks:
        if block.level and block.kind is BlockKind.HEADING and has_text(text, block):
            while open_levels and open_levels[-1] >= block.level:
                open_levels.pop()
            path = (*path[: len(open_levels)], heading_text(text, block))
            open_levels.append(block.level)
        paths.append(path)
    return paths


def common_path(paths: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """Return the headings that all of ``paths`` share from the outermost on."""
    shared: tuple[str, ...] | None = None
    for path in paths:
        if shared is None:
            shared = path
            continue
        length = 0
        for one, other in zip(shared, path, strict=False):
            if one != other:
                break
            length += 1
        shared = shared[:length]
    return shared or ()


def span_path(kinds: Sequence[BlockKind], paths: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """Return the path of a span from its blocks' kinds and paths.

    That is what the paths of all its text share; headings themselves are looked at only in a
    span of headings alone, where the last one counts. So a passage that begins with its own
    headings has them on its path, and one of two sections has what stands above both.
    """
    body = [path for kind, path in zip(kinds, paths, strict=True) if kind is not BlockKind.HEADING]
    if body:
        return common_path(dict.fromkeys(body))
    return paths[-1] if paths else ()


def blocks_of_span(blocks: Sequence[Block], start: int, end: int) -> range:
    """Return the indexes of the blocks that ``[start, end)`` overlaps.

    A span that touches none (white space between blocks, or empty) gives the last block
    that begins at or before it, or the first block of all.
    """
    if not blocks:
        return range(0)
    first = max(bisect_right(blocks, start, key=lambda block: block.start) - 1, 0)
    last = max(bisect_right(blocks, end - 1, key=lambda block: block.start) - 1, first)
    if last > first and blocks[first].end <= start:
        first += 1
    return range(first, last + 1)
