"""Putting the pieces of a file together into one text with exact offsets (pure)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ingest.errors import LimitExceeded, NoText
from ingest.types import Block, BlockKind, ParsedDocument, Unit

#: Characters (code points) that one document may have; a 1,000-page report has about three million.
MAX_CHARACTERS = 20_000_000

#: What a database or a browser cannot take: NUL and halves of surrogate pairs.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a file before its place in the text is known.

    Attributes:
        kind: What it is.
        text: Its characters; white space around them is dropped.
        first: First place in the file, in the format's unit, from 1.
        last: Last place, inclusive.
        level: Heading level from 1, otherwise 0.
        context: See ``Block.context``.
        anchor: See ``Block.anchor``.
        tight: Follows the piece before it after one line break, as the next row of a table.
        ocr: See ``Block.ocr``.
    """

    kind: BlockKind
    text: str
    first: int
    last: int
    level: int = 0
    context: str = ""
    anchor: str = ""
    tight: bool = False
    ocr: float | None = None


def assemble(
    pieces: Iterable[Piece],
    unit: Unit,
    *,
    properties: Mapping[str, str] | None = None,
    warnings: Iterable[str] = (),
) -> ParsedDocument:
    """Join pieces into a document: a blank line between blocks, a line break between rows.

    Args:
        pieces: In reading order; those without visible text are left out.
        unit: What the pieces' places count.
        properties: Metadata of the file; empty values are left out.
        warnings: What was repaired or left out.

    Raises:
        LimitExceeded: The text is longer than ``MAX_CHARACTERS``.
        NoText: No piece has any text.
    """
    parts: list[str] = []
    blocks: list[Block] = []
    length = 0
    for piece in pieces:
        text = storable(piece.text).strip()
        if not text:
            continue
        if parts:
            gap = "\n" if piece.tight else "\n\n"
            parts.append(gap)
            length += len(gap)
        end = length + len(text)
        check_length(end)
        level = piece.level if piece.kind is BlockKind.HEADING else 0
        context = storable(piece.context).strip()
        last = max(piece.first, piece.last)
        anchor = piece.anchor if level else ""
        block = Block(piece.kind, length, end, piece.first, last, level, context, piece.ocr, anchor)
        blocks.append(block)
        parts.append(text)
        length = end
    if not blocks:
        raise no_text()
    kept = {key: storable(value).strip() for key, value in (properties or {}).items()}
    return ParsedDocument(
        text="".join(parts),
        blocks=tuple(blocks),
        unit=unit,
        properties={key: value for key, value in kept.items() if value},
        warnings=tuple(warnings),
    )


def storable(text: str) -> str:
    """Replace NUL and lone surrogates by U+FFFD, keeping every offset."""
    return _UNSTORABLE.sub("\ufffd", text)


def check_length(n_characters: int) -> None:
    """Refuse a text that is longer than ``MAX_CHARACTERS``.

    Raises:
        LimitExceeded: It is.
    """
    if n_characters > MAX_CHARACTERS:
        raise LimitExceeded(
            f"The document has more than {MAX_CHARACTERS:,} characters, the limit for one "
            "document. Split it into parts and add those."
        )


def no_text() -> NoText:
    """Return the error for a file that was read and holds nothing to search."""
    return NoText("The file holds no text. Check that it is the right file and was saved in full.")
