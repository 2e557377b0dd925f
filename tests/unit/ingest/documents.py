"""Documents and a tokenizer for tests: small, ours, and without a file."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.types import Block, BlockKind, ParsedDocument, Unit

_TOKEN = re.compile(r"[^\W_]{1,4}|[^\w\s]|_")


def count_tokens(texts: Sequence[str]) -> list[int]:
    """Count tokens of at most four letters and single signs, as a word-piece model would."""
    return [len(_TOKEN.findall(text)) for text in texts]


def document(*parts: tuple[str, str] | tuple[str, str, str]) -> ParsedDocument:
    """Make a document of ("h1" | "p" | "li" | "tr", text[, context]), a line a block."""
    text = ""
    blocks = []
    kinds = {"p": BlockKind.PARAGRAPH, "li": BlockKind.LIST_ITEM, "tr": BlockKind.TABLE_ROW}
    for number, (tag, words, *context) in enumerate(parts, 1):
        heading = tag.startswith("h")
        kind = BlockKind.HEADING if heading else kinds[tag]
        start = len(text) + (1 if text else 0)
        text = f"{text}\n{words}" if text else words
        level = int(tag[1:]) if heading else 0
        blocks.append(
            Block(kind, start, start + len(words), number, number, level, "".join(context))
        )
    return ParsedDocument(text=text, blocks=tuple(blocks), unit=Unit.PARAGRAPH)


def sentences(n: int, word: str = "migration") -> str:
    """Return ``n`` sentences of about twelve tokens."""
    return " ".join(f"Sentence {at} speaks of {word} here." for at in range(n))
