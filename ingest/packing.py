"""Packing a document's blocks into groups of the right size, section by section. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil

from ingest.front import TITLE_TOKENS, front, trim_title
from ingest.sections import common_path, has_text, heading_paths, one_line
from ingest.splitting import WINDOW_CHARACTERS, CountTokens, split_block, windows
from ingest.types import Block, BlockKind, ParsedDocument

#: Passages are filled to about this many tokens, so that they are neither tiny nor full.
TARGET_TOKENS = 190
#: A section shorter than this may join its neighbour under the same parent.
SHORT_TOKENS = 50
#: A piece of an over-long block never gets less room than this, whatever stands in front.
LEAST_TOKENS = 16
#: Below this part of the limit, the tokens of a passage are taken for those of its parts.
SURE = 0.9
#: A token that stands for more characters than this (a word the model does not know) is
#: counted as several, so that a passage stays readable: at most some 5,000 characters.
TOKEN_CHARACTERS = 20


@dataclass(frozen=True, slots=True)
class Piece:
    """A block, or a part of one that is too long: ``text[start:end]`` of block ``at``."""

    start: int
    end: int
    at: int
    tokens: int


@dataclass(frozen=True, slots=True)
class Group:
    """Pieces that make a passage, in order, and the headings above them."""

    pieces: tuple[Piece, ...]
    path: tuple[str, ...]

    @property
    def tokens(self) -> int:
        """Tokens of all pieces."""
        return sum(piece.tokens for piece in self.pieces)


class Packer:
    """One document being cut: its blocks with their paths, and token counts once made."""

    def __init__(self, parsed: ParsedDocument, title: str, count: CountTokens, limit: int) -> None:
        self.text = parsed.text
        self.blocks = tuple(block for block in parsed.blocks if has_text(parsed.text, block))
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

    def groups(self) -> list[Group]:
        """Return what each passage is to be made of, in order."""
        return self._join_short(
            [group for section in self._sections() for group in self._pack(section)]
        )

    def _sections(self) -> list[range]:
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

    def _pack(self, section: range) -> list[Group]:
        """Fill groups evenly with the pieces of one section, run by run."""
        pieces, lead = self._pieces(section)
        path = self.paths[section[-1]]
        groups: list[Group] = []
        for run in self._runs(pieces, lead):
            at = 0
            while at < len(run):
                taken = self._take(run, at, max(lead - at, 0), path)
                groups.append(Group(tuple(run[at : at + taken]), path))
                at += taken
            lead = 0
        return groups

    def _runs(self, pieces: Sequence[Piece], lead: int) -> list[Sequence[Piece]]:
        """Part pieces where the context changes, and around a row that had to be cut.

        So what answers one recommendation is not in a passage with what answers the next.
        Leading headings are of the first run.
        """
        starts = [0]
        for n in range(max(lead, 0) + 1, len(pieces)):
            if self._run_key(pieces[n]) != self._run_key(pieces[n - 1]):
                starts.append(n)
        ends = [*starts[1:], len(pieces)]
        return [pieces[start:end] for start, end in zip(starts, ends, strict=True)]

    def _run_key(self, piece: Piece) -> tuple[str, int]:
        """Return what pieces of one run have in common."""
        block = self.blocks[piece.at]
        is_part = piece.start > block.start or piece.end < block.end
        cut_row = is_part and block.kind is BlockKind.TABLE_ROW
        return self.contexts[piece.at], piece.at if cut_row else -1

    def _pieces(self, section: range) -> tuple[list[Piece], int]:
        """Return a section's pieces and how many of them are its leading headings."""
        pieces: list[Piece] = []
        path = self.paths[section[-1]]
        lead = 0
        lead_tokens = 0
        for at in section:
            block = self.blocks[at]
            context = (self.contexts[at],)
            if _is_heading(block):
                pieces += self._split(at, self.limit - self._front_tokens(path[:-1], context))
                lead, lead_tokens = len(pieces), lead_tokens + self.tokens[at]
                continue
            room = self.limit - self._front_tokens(path, context)
            if len(pieces) == lead and lead and block.kind is not BlockKind.TABLE_ROW:
                beside = self.limit - self._front_tokens(path[:-1], context) - lead_tokens
                room = beside if beside >= LEAST_TOKENS else room
            pieces += self._split(at, room)
        return pieces, lead

    def _split(self, at: int, room: int) -> list[Piece]:
        """Return a block as one piece, or as several when it has more than ``room`` tokens."""
        block, tokens, room = self.blocks[at], self.tokens[at], max(room, LEAST_TOKENS)
        text = self.text[block.start : block.end]
        if tokens <= room and len(text) <= WINDOW_CHARACTERS:
            return [Piece(block.start, block.end, at, tokens)]
        even = ceil(tokens / ceil(tokens / TARGET_TOKENS) * 1.1) if tokens else room
        # The rest of a paragraph is joined to what follows, that of a row stays alone.
        least = LEAST_TOKENS if block.kind is BlockKind.TABLE_ROW else TARGET_TOKENS * 3 // 4
        size = min(room, max(even, least))
        parts = split_block(text, block.kind, room, size, self.count)
        return self.parts(at, block.start, parts)

    def parts(self, at: int, start: int, texts: Sequence[str]) -> list[Piece]:
        """Return pieces of block ``at`` for consecutive ``texts`` from ``start`` on."""
        pieces = []
        for text, tokens in zip(texts, self.count(texts), strict=True):
            if text.strip():
                pieces.append(Piece(start, start + len(text), at, tokens))
            start += len(text)
        return pieces

    def _take(self, pieces: Sequence[Piece], start: int, lead: int, path: tuple[str, ...]) -> int:
        """Return how many pieces from ``start`` on make one group; ``lead`` are headings."""
        left = _sum_up_to(pieces, start, 40 * TARGET_TOKENS)
        aim = left / max(ceil(left / TARGET_TOKENS), 1)
        above = path[:-1] if lead else path
        room = self.limit - self._front_tokens(above, self.contexts_of(pieces[-1:]))
        total = 0
        for n in range(len(pieces) - start):
            piece = pieces[start + n]
            if n and total + piece.tokens > room:
                return n
            if n > lead and left > room and total + piece.tokens / 2 > aim:
                return n
            total += piece.tokens
        return len(pieces) - start

    def _join_short(self, groups: Sequence[Group]) -> list[Group]:
        """Join short neighbours of one parent up to the target."""
        joined: list[Group] = []
        for group in groups:
            if joined and self._may_join(joined[-1], group):
                pieces = joined[-1].pieces + group.pieces
                joined[-1] = Group(pieces, common_path((joined[-1].path, group.path)))
            else:
                joined.append(group)
        return joined

    def _may_join(self, one: Group, other: Group) -> bool:
        """Tell whether two neighbouring groups are short, of one parent, and fit together."""
        if self._headings_only(one) or self._headings_only(other):
            return False
        first = self.blocks[other.pieces[0].at]
        if _is_heading(first) and first.level == self.top:
            return False
        if self._opens_a_table_group(one, other):
            return False
        parent = other.path[:-1]
        related = bool(parent) and parent in (one.path, one.path[:-1])
        if not (related or one.path == other.path):
            return False
        if min(one.tokens, other.tokens) >= SHORT_TOKENS:
            return False
        tokens = one.tokens + other.tokens
        pieces = one.pieces + other.pieces
        path = common_path((one.path, other.path))
        room = self.limit - self._front_tokens(path, self.contexts_of(pieces))
        return tokens <= min(TARGET_TOKENS, room)

    def _opens_a_table_group(self, one: Group, other: Group) -> bool:
        """Tell whether ``other`` begins with a row to which no longer applies what ``one`` is of.

        In a response matrix, the next recommendation is such a row.
        """
        last, first = one.pieces[-1].at, other.pieces[0].at
        is_row = self.blocks[first].kind is BlockKind.TABLE_ROW
        return is_row and bool(self.contexts[last]) and not self.contexts[first]

    def _headings_only(self, group: Group) -> bool:
        return all(_is_heading(self.blocks[piece.at]) for piece in group.pieces)

    def _front_tokens(self, path: tuple[str, ...], contexts: tuple[str, ...]) -> int:
        """Count what stands in front, with room for another title."""
        key = (path, contexts)
        if key not in self._fronts:
            self._fronts[key] = self.count([front("", path, "\n".join(contexts))])[0]
        return self._fronts[key] + self.title_tokens

    def surely_fits(self, group: Group) -> bool:
        """Tell whether a group is so far below the limit that its parts need not add up."""
        front = self._front_tokens(group.path, self.contexts_of(group.pieces))
        return group.tokens + front + len(group.pieces) <= SURE * self.limit

    def contexts_of(self, pieces: Iterable[Piece]) -> tuple[str, ...]:
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


def _sum_up_to(pieces: Sequence[Piece], start: int, most: int) -> int:
    """Add up tokens from ``start`` on, and stop when there are ``most``."""
    total = 0
    for at in range(start, len(pieces)):
        total += pieces[at].tokens
        if total > most:
            break
    return total
