"""Cutting a document into passages. Pure.

Three laws, held by property tests: every passage is ``text[start:end]``; passages are in
order, do not overlap and cover every character that is not white space; none crosses a
heading of the document's top level.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from ingest.front import embedding_text
from ingest.packing import Group, Packer, Piece
from ingest.sections import span_path
from ingest.splitting import CountTokens, split_block
from ingest.types import ParsedDocument, Passage

__all__ = ["cut", "embedding_text", "with_languages"]

#: [CLS] and [SEP], or what a model has in their place.
SPECIAL_TOKENS = 2
#: The shortest model input that leaves room for text behind the front.
LEAST_MAX_TOKENS = 96

Detect = Callable[[str, str], str]
"""Returns the ISO 639-1 code of a passage's language, given its document's, or "und"."""


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
    packer = Packer(parsed, title, count_tokens, max_tokens - SPECIAL_TOKENS)
    return _finish(packer, title, packer.groups())


def with_languages(
    passages: Iterable[Passage], detect: Detect, main: str = "und"
) -> tuple[Passage, ...]:
    """Return the passages with their languages; one that cannot be told has the ``main`` one."""
    return tuple(replace(passage, language=detect(passage.text, main)) for passage in passages)


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


def _finish(packer: Packer, title: str, groups: Sequence[Group]) -> tuple[Passage, ...]:
    """Make passages and hold each to the limit, those near it by counting what is embedded."""
    done: list[Passage] = []
    waiting = list(groups)
    while waiting:
        made = [(group, _passage(packer, group)) for group in waiting]
        doubtful = [(group, passage) for group, passage in made if not packer.surely_fits(group)]
        done += [passage for group, passage in made if packer.surely_fits(group)]
        counts = packer.count([embedding_text(title, passage) for _, passage in doubtful])
        again: list[Group] = []
        for (group, passage), tokens in zip(doubtful, counts, strict=True):
            if tokens <= packer.limit or len(passage.text) <= 1:
                done.append(passage)
            else:
                again += _shrink(packer, group, tokens - packer.limit)
        waiting = again
    return tuple(sorted(done, key=lambda passage: passage.start))


def _shrink(packer: Packer, group: Group, excess: int) -> list[Group]:
    """Cut a group in two, or its one piece into smaller ones.

    Seldom needed: the tokens of parts add up to those of the whole, but for some tokenizers.
    """
    pieces = group.pieces
    if len(pieces) > 1:
        middle = len(pieces) // 2
        return [Group(part, group.path) for part in (pieces[:middle], pieces[middle:])]
    piece = pieces[0]
    text = packer.text[piece.start : piece.end]
    room = max(min(piece.tokens - excess, piece.tokens * 2 // 3), 1)
    parts = split_block(text, packer.blocks[piece.at].kind, room, room, packer.count)
    if len(parts) == 1:
        parts = [text[: len(text) // 2], text[len(text) // 2 :]]
    return [Group((part,), group.path) for part in packer.parts(piece.at, piece.start, parts)]


def _passage(packer: Packer, group: Group) -> Passage:
    """Make the passage of a group, without white space at its ends."""
    pieces = group.pieces
    text = packer.text[pieces[0].start : pieces[-1].end]
    start = pieces[0].start + len(text) - len(text.lstrip())
    text = text.strip()
    longest = max(pieces, key=lambda piece: piece.end - piece.start)
    kinds = [packer.blocks[piece.at].kind for piece in pieces]
    return Passage(
        start=start,
        end=start + len(text),
        text=text,
        heading_path=span_path(kinds, [packer.paths[piece.at] for piece in pieces]),
        context="\n".join(packer.contexts_of(pieces)),
        language="und",
        kind=packer.blocks[longest.at].kind,
        ocr=_recognised(packer, pieces),
    )


def _recognised(packer: Packer, pieces: Sequence[Piece]) -> float | None:
    """Return how sure text recognition was of what it read of a passage, or None."""
    shares = [(packer.blocks[piece.at].ocr, piece.end - piece.start) for piece in pieces]
    read = [(ocr, length) for ocr, length in shares if ocr is not None]
    length = sum(length for _, length in read)
    return sum(ocr * length for ocr, length in read) / length if length else None
