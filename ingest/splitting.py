"""Cutting one over-long block at the best places: paragraphs, sentences, lines, words. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

from ingest.types import BlockKind

CountTokens = Callable[[Sequence[str]], list[int]]
"""Counts tokens without special tokens and without truncation, one number a text, in order."""

#: A block longer than this is first cut into windows, so that the time stays linear
#: in its length and no tokenizer is ever given a whole book in one string.
WINDOW_CHARACTERS = 20_000

#: How far back from a window's end white space is looked for.
WINDOW_SLACK = 2_000

# A full stop in any of the languages served, with the quotes and brackets that close after it.
# Latin, Cyrillic and Arabic need the space (3.5, U.N.); the danda and the CJK stops do not.
_SENTENCE_END = r"(?:[.!?…؟۔]['\"»”’)\]]*\s+|[।॥。！？]['\"»”’)\]]*\s*)"
_CLAUSE_END = r"[,;:،؛，；：]\s+"
_SEPARATORS = [r"\n\s*\n", _SENTENCE_END, r"\n", _CLAUSE_END, r"\s+", ""]
_CELL_END = r"(?:\t|\s\|\s)"

#: Most texts whose token count is remembered while one block is cut.
_REMEMBERED = 50_000


def split_block(text: str, kind: BlockKind, room: int, size: int, count: CountTokens) -> list[str]:
    """Cut ``text`` into pieces of at most ``room`` tokens that concatenate to it exactly.

    Args:
        text: The block's text.
        kind: The block's kind; a table row is cut between its cells first.
        room: Most tokens a piece may have, at least 1.
        size: The size in tokens to cut for, at most ``room``.
        count: The model's tokenizer.

    Returns:
        The pieces in order; one that is a single character may exceed ``room``.
    """
    length = _remembering(count)
    pieces = []
    for window in windows(text):
        pieces += _split_window(window, kind, min(size, room), length)
    return [part for piece in pieces for part in _halve(piece, room, length)]


def windows(text: str) -> list[str]:
    """Cut ``text`` into parts of ``WINDOW_CHARACTERS`` at most, at white space if there is any."""
    parts = []
    at = 0
    while len(text) - at > WINDOW_CHARACTERS:
        end = at + WINDOW_CHARACTERS
        for back in range(end, end - WINDOW_SLACK, -1):
            if text[back - 1].isspace():
                end = back
                break
        parts.append(text[at:end])
        at = end
    parts.append(text[at:])
    return parts


def _remembering(count: CountTokens) -> Callable[[str], int]:
    """Return a length function over ``count``; a splitter asks for the same text repeatedly."""

    @lru_cache(maxsize=_REMEMBERED)
    def length(text: str) -> int:
        return count([text])[0]

    return length


def _split_window(text: str, kind: BlockKind, size: int, length: Callable[[str], int]) -> list[str]:
    """Cut one window with LangChain's splitter, holding it to the exact text."""
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    cells = [_CELL_END] if kind is BlockKind.TABLE_ROW else []
    splitter = RecursiveCharacterTextSplitter(
        separators=cells + _SEPARATORS,
        is_separator_regex=True,
        keep_separator="end",
        chunk_size=size,
        chunk_overlap=0,
        length_function=length,
        strip_whitespace=False,
    )
    pieces = splitter.split_text(text)
    # Offsets are sums of lengths, so a piece that is not the text's own would shift all others.
    return pieces if "".join(pieces) == text else [text]


def _halve(text: str, room: int, length: Callable[[str], int]) -> list[str]:
    """Halve ``text`` until every part fits, down to single characters.

    Token counts do not simply add up (a WordPiece word of 101 letters is one unknown token,
    its halves are dozens), so what the splitter made is held to the limit once more.
    """
    if len(text) <= 1 or length(text) <= room:
        return [text]
    middle = len(text) // 2
    return _halve(text[:middle], room, length) + _halve(text[middle:], room, length)
