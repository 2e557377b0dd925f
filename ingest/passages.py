"""Cutting a document into passages. Pure.

Three laws, held by property tests: every passage is ``text[start:end]``; passages are in
order, do not overlap and cover every character that is not white space; none crosses a
heading of the document's top level.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from math import ceil

from ingest.front import TITLE_TOKENS, embedding_text, front, trim_title
from ingest.sections import common_path, has_text, heading_paths, one_line, span_path
from ingest.splitting import WINDOW_CHARACTERS, CountTokens, split_block, windows
from ingest.types import Block, BlockKind, ParsedDocument, Passage

__all__ = ["cut", "embedding_text", "with_languages"]

#: [CLS] and [SEP], or what a model has in their place.
SPECIAL_TOKENS = 2
#: Passages are filled to about this many tokens, so that they are neither tiny nor full.
TARGET_TOKENS = 190
#: A section shorter than this may join its neighbour under the same parent.
SHORT_TOKENS = 50
#: A piece of an over-long block never gets less room than this, whatever stands in front.
LEAST_TOKENS = 16
#: A token that stands for more characters than this (a word the model does not know) is
#: counted as several, so that a passage stays readable: at most some 5,000 characters.
TOKEN_CHARACTERS = 20
#: The shortest model input that leaves room for text behind the front.
LEAST_MAX_TOKENS = 96

Detect = Callable[[str], str]
"""Returns the ISO 639-1 code of a text's language, or "und"."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """A block, or a part of one that is too long: ``text[start:end]`` of block ``at``."""

    start: int
    end: int
    at: int
    tokens: int


@dataclass(frozen=True, slots=True)
class _Group:
    """Pieces that make a passage, in order, and the headings above them."""

    pieces: tuple[_Piece, ...]
    path: tuple[str, ...]

    @property
    def tokens(self) -> int:
        return sum(piece.tokens for piece in self.pieces)


def cut(
    parsed: ParsedDocument, *, title: str, count_tokens: CountTokens, max_tokens: int = 256
) -> tuple[Passage, ...]:
    """Cut a document into passages that follow its sections.

    A heading belongs to the passage of the text that follows it. Short sections under one
    parent are joined; a table row is cut only when it alone exceeds the budget. The front
    is counted with room for another title, so that a document may be renamed without being
    cut again.

    Args:
        parsed: The document.
        title: Its title, put in front of each passage.
        count_tokens: The model's tokenizer, without special tokens.
        max_tokens: The model's longest input, special tokens and prompt included: where a
            model puts a prompt in front of passages, take its tokens off first.

    Returns:
        Passages in order, each with ``embedding_text(title, passage)`` of at most
        ``max_tokens - 2`` tokens and the language "und".

    Raises:
        ValueError: ``max_tokens`` is below 96, or blocks overlap or leave text uncovered.
    """
    if max_tokens < LEAST_MAX_TOKENS:
        raise ValueError(f"max_tokens is {max_tokens!r}; it must be {LEAST_MAX_TOKENS} or more")
    check_blocks(parsed)
    cutter = _Cutter(parsed, title, count_tokens, max_tokens - SPECIAL_TOKENS)
    groups = [group for section in cutter.sections() for group in cutter.pack(section)]
    return cutter.finish(cutter.join_short(groups))


def with_languages(
    passages: Iterable[Passage], detect: Detect, main: str = "und"
) -> tuple[Passage, ...]:
    """Return the passages with their languages; one that cannot be told has the ``main`` one."""
    found = []
    for passage in passages:
        language = detect(passage.text)
        found.append(replace(passage, language=main if language == "und" else language))
    return tuple(found)


def check_blocks(parsed: ParsedDocument) -> None:
    """Hold a parser to its contract, because what no block covers would be lost in silence.

    Raises:
        ValueError: Blocks overlap, leave the text, or leave text uncovered.
    """
    at = 0
    for block in parsed.blocks:
        if not at <= block.start <= block.end <= len(parsed.text):
            raise ValueError(f"block {block.start}–{block.end} overlaps another or the text's end")
        if parsed.text[at : block.start].strip():
            raise ValueError(f"the text between {at} and {block.start} is in no block")
        at = block.end
    if parsed.text[at:].strip():
        raise ValueError(f"the text from {at} on is in no block")


class _Cutter:
    """One document being cut: its blocks with their paths, and token counts once made."""

    def __init__(self, parsed: ParsedDocument, title: str, count: CountTokens, limit: int) -> None:
        self.text = parsed.text
        self.blocks = tuple(block for block in parsed.blocks if has_text(parsed.text, block))
        self.title = title
        self.count = _weighing(count)
        self.limit = limit
        self.paths = heading_paths(self.text, self.blocks)
        self.contexts = [one_line(block.context) for block in self.blocks]
        self.tokens = self._count_blocks()
        self.top = min((block.level for block in self.blocks if _is_heading(block)), default=0)
        self.title_tokens = max(count([trim_title(title)])[0], TITLE_TOKENS)
        self._fronts: dict[tuple[tuple[str, ...], tuple[str, ...]], int] = {}

    def _count_blocks(self) -> list[int]:
        """Count each block's tokens; a very long one by its windows."""
        texts: list[str] = []
        owners: list[int] = []
        for at, block in enumerate(self.blocks):
            parts = (
                windows(self.text[block.start : block.end])
                if block.end - block.start > WINDOW_CHARACTERS
                else [self.text[block.start : block.end]]
            )
            texts += parts
            owners += [at] * len(parts)
        tokens = [0] * len(self.blocks)
        for owner, n in zip(owners, self.count(texts), strict=True):
            tokens[owner] += n
        return tokens

    def sections(self) -> list[range]:
        """Return runs of blocks: some headings, then what stands under the last of them."""
        starts: list[int] = []
        headings_only = False
        for at, block in enumerate(self.blocks):
            heading = _is_heading(block)
            if at == 0 or (heading and (not headings_only or block.level == self.top)):
                starts.append(at)
                headings_only = heading
            else:
                headings_only = headings_only and heading
        ends = [*starts[1:], len(self.blocks)] if starts else []
        return [range(start, end) for start, end in zip(starts, ends, strict=True)]

    def pack(self, section: range) -> list[_Group]:
        """Fill groups evenly with the pieces of one section."""
        pieces, lead = self._pieces(section)
        path = self.paths[section[-1]]
        groups: list[_Group] = []
        at = 0
        while at < len(pieces):
            taken = self._take(pieces, at, max(lead - at, 0), path)
            groups.append(_Group(tuple(pieces[at : at + taken]), path))
            at += taken
        return groups

    def _pieces(self, section: range) -> tuple[list[_Piece], int]:
        """Return a section's pieces and how many of them are its leading headings."""
        pieces: list[_Piece] = []
        path = self.paths[section[-1]]
        lead = 0
        lead_tokens = 0
        for at in section:
            block = self.blocks[at]
            context = (self.contexts[at],)
            if _is_heading(block):
                pieces += self._split(at, self.limit - self.front_tokens(path[:-1], context))
                lead, lead_tokens = len(pieces), lead_tokens + self.tokens[at]
                continue
            room = self.limit - self.front_tokens(path, context)
            if len(pieces) == lead and lead and block.kind is not BlockKind.TABLE_ROW:
                beside = self.limit - self.front_tokens(path[:-1], context) - lead_tokens
                room = beside if beside >= LEAST_TOKENS else room
            pieces += self._split(at, room)
        return pieces, lead

    def _split(self, at: int, room: int) -> list[_Piece]:
        """Return a block as one piece, or as several when it has more than ``room`` tokens."""
        block, tokens, room = self.blocks[at], self.tokens[at], max(room, LEAST_TOKENS)
        text = self.text[block.start : block.end]
        if tokens <= room and len(text) <= WINDOW_CHARACTERS:
            return [_Piece(block.start, block.end, at, tokens)]
        even = ceil(tokens / ceil(tokens / TARGET_TOKENS) * 1.1) if tokens else room
        size = min(room, max(even, TARGET_TOKENS * 3 // 4))
        parts = split_block(text, block.kind, room, size, self.count)
        pieces = []
        start = block.start
        for part, n in zip(parts, self.count(parts), strict=True):
            if part.strip():
                pieces.append(_Piece(start, start + len(part), at, n))
            start += len(part)
        return pieces

    def _take(self, pieces: Sequence[_Piece], start: int, lead: int, path: tuple[str, ...]) -> int:
        """Return how many pieces from ``start`` on make one group; ``lead`` are headings."""
        left = _sum_up_to(pieces, start, 40 * TARGET_TOKENS)
        aim = left / max(ceil(left / TARGET_TOKENS), 1)
        above = path[:-1] if lead else path
        total = 0
        contexts: dict[str, None] = {}
        for n in range(len(pieces) - start):
            piece = pieces[start + n]
            context = self.contexts[piece.at]
            grown = {**contexts, context: None} if context else contexts
            room = self.limit - self.front_tokens(above, tuple(grown))
            if n and total + piece.tokens > room:
                return n
            if n > lead and left > room and total + piece.tokens / 2 > aim:
                return n
            if n > lead and total >= SHORT_TOKENS and grown != contexts:
                return n
            total += piece.tokens
            contexts = grown
        return len(pieces) - start

    def join_short(self, groups: Sequence[_Group]) -> list[_Group]:
        """Join short neighbours of one parent up to the target."""
        joined: list[_Group] = []
        for group in groups:
            if joined and self._may_join(joined[-1], group):
                pieces = joined[-1].pieces + group.pieces
                joined[-1] = _Group(pieces, common_path((joined[-1].path, group.path)))
            else:
                joined.append(group)
        return joined

    def _may_join(self, one: _Group, other: _Group) -> bool:
        """Tell whether two neighbouring groups are short, of one parent, and fit together."""
        if self._headings_only(one) or self._headings_only(other):
            return False
        first = self.blocks[other.pieces[0].at]
        if _is_heading(first) and first.level == self.top:
            return False
        parent = other.path[:-1]
        related = bool(parent) and parent in (one.path, one.path[:-1])
        if not (related or one.path == other.path):
            return False
        if min(one.tokens, other.tokens) >= SHORT_TOKENS:
            return False
        tokens = one.tokens + other.tokens
        pieces = one.pieces + other.pieces
        room = self.limit - self.front_tokens(common_path((one.path, other.path)), self._of(pieces))
        return tokens <= min(TARGET_TOKENS, room)

    def _headings_only(self, group: _Group) -> bool:
        return all(_is_heading(self.blocks[piece.at]) for piece in group.pieces)

    def front_tokens(self, path: tuple[str, ...], contexts: tuple[str, ...]) -> int:
        """Count what stands in front, with room for another title."""
        key = (path, contexts)
        if key not in self._fronts:
            self._fronts[key] = self.count([front("", path, "\n".join(contexts))])[0]
        return self._fronts[key] + self.title_tokens

    def finish(self, groups: Sequence[_Group]) -> tuple[Passage, ...]:
        """Make passages and hold each to the limit by counting what will be embedded."""
        done: list[Passage] = []
        waiting = list(groups)
        while waiting:
            made = [self._passage(group) for group in waiting]
            counts = self.count([embedding_text(self.title, passage) for passage in made])
            again: list[_Group] = []
            for group, passage, tokens in zip(waiting, made, counts, strict=True):
                if tokens <= self.limit or len(passage.text) <= 1:
                    done.append(passage)
                else:
                    again += self._shrink(group, tokens - self.limit)
            waiting = again
        return tuple(sorted(done, key=lambda passage: passage.start))

    def _shrink(self, group: _Group, excess: int) -> list[_Group]:
        """Cut a group in two, or its one piece into smaller ones."""
        pieces = group.pieces
        if len(pieces) > 1:
            middle = len(pieces) // 2
            return [_Group(part, group.path) for part in (pieces[:middle], pieces[middle:])]
        piece = pieces[0]
        text = self.text[piece.start : piece.end]
        room = max(min(piece.tokens - excess, piece.tokens * 2 // 3), 1)
        parts = split_block(text, self.blocks[piece.at].kind, room, room, self.count)
        if len(parts) == 1:
            parts = [text[: len(text) // 2], text[len(text) // 2 :]]
        groups = []
        start = piece.start
        for part, n in zip(parts, self.count(parts), strict=True):
            if part.strip():
                groups.append(_Group((_Piece(start, start + len(part), piece.at, n),), group.path))
            start += len(part)
        return groups

    def _passage(self, group: _Group) -> Passage:
        """Make the passage of a group, without white space at its ends."""
        start, end = group.pieces[0].start, group.pieces[-1].end
        text = self.text[start:end]
        start += len(text) - len(text.lstrip())
        text = text.strip()
        longest = max(group.pieces, key=lambda piece: piece.end - piece.start)
        return Passage(
            start=start,
            end=start + len(text),
            text=text,
            heading_path=span_path(
                [self.blocks[piece.at].kind for piece in group.pieces],
                [self.paths[piece.at] for piece in group.pieces],
            ),
            context="\n".join(self._of(group.pieces)),
            language="und",
            kind=self.blocks[longest.at].kind,
        )

    def _of(self, pieces: Iterable[_Piece]) -> tuple[str, ...]:
        """Return the contexts of pieces, in order, each once."""
        found = dict.fromkeys(self.contexts[piece.at] for piece in pieces)
        return tuple(context for context in found if context)


def _is_heading(block: Block) -> bool:
    return block.kind is BlockKind.HEADING


def _weighing(count: CountTokens) -> CountTokens:
    """Return ``count`` with a floor by length, see ``TOKEN_CHARACTERS``."""

    def weigh(texts: Sequence[str]) -> list[int]:
        counts = zip(count(texts), texts, strict=True)
        return [max(n, len(text) // TOKEN_CHARACTERS) for n, text in counts]

    return weigh


def _sum_up_to(pieces: Sequence[_Piece], start: int, most: int) -> int:
    """Add up tokens from ``start`` on, and stop when there are ``most``."""
    total = 0
    for at in range(start, len(pieces)):
        total += pieces[at].tokens
        if total > most:
            break
    return total
