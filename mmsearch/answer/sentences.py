"""Splitting a passage into the pieces that an answer may quote. Pure.

A piece is a sentence of a paragraph, a whole list item, or a table row (its cells, when the
row is long). Headings are no pieces: they name a text and do not answer. Every piece is
``text[start:end]`` without white space at its ends, pieces are in order and never overlap.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import sentencex

from ingest.types import Block, BlockKind
from mmsearch.answer.spans import parts, strip

LONGEST_ITEM = 400
"""A list item up to this many characters is quoted whole."""
LONGEST_ROW = 240
"""A line of a table row up to this many characters is quoted with all its cells."""
LONGEST = 600
"""A sentence beyond this many characters is cut at semicolons or line breaks."""
LONGEST_OPENED = 420
"""A sentence is quoted with the one before it up to this many characters of both."""
LONGEST_CARD = 240
"""A label is quoted with the short lines under it up to this many characters."""
LEAST_WORDS = 4
"""Fewer words than this are a fragment."""
LEAST_UNENDED = 9
"""Fewer words than this without a closing mark are a fragment: a heading or page furniture."""

_TITLE = re.compile(
    r"(?:^|[\s(«“\"'’])(?:Dr|Dra|Mr|Mrs|Ms|Prof|Sr|Sra|Srta|Mme|Mlle|MM|St|Gen|Lt|Col|Hon|Rev|Amb"
    r"|e\.g|i\.e|cf|p\.\s?ex|p\.\s?ej|vs|г|ул|им|т\.\s?е|т\.\s?д|dr|gđa|prof)\.\s*$"
)
_COUNTED = re.compile(
    r"(?:^|[\s(«“\"'’])(?:nos?|nrs?|núms?|arts?|paras?|párrs?|par|pp?|págs?|figs?|vols?|chaps?"
    r"|ch|sects?|secs?|tabl?|res|doc|add|corr|rev|annex|rec|стр|ст|пп?|рис|табл|гл|čl|str|br|st)"
    r"\.\s*$",
    re.IGNORECASE,
)
_COUNT = re.compile(r"[(§#]?(?:\d|[IVXLC]+\b)")
_FRENCH_TITLE = re.compile(r"(?:^|[\s(«“])M\.\s*$")
_FALLBACK = re.compile(r"(?<=[.!?…؟۔।])[\"”»)\]]*\s+")
_FOOTNOTE_MARK = re.compile(r"(?<=[a-z)”’][.;])\d{1,2}\s+(?=[A-Z])")
_ENDED = re.compile(r"[.!?…:;؟۔।][\"”’»)\]]*\d{0,2}$")
_FURNITURE = re.compile(r"\.{5,}|(?:\.\s){5,}|_{4,}|(?:\|_+){2,}")
_CONTENTS = re.compile(r"(?:[IVXLC]+|[A-Z]|\d+)\.\s.*\|\s*\d{1,3}", re.DOTALL)
_CAPTION_LABEL = (
    r"\W*(?:figure|table|box|graph|chart|map|annex|tableau|graphique|encadré|carte|annexe|figura"
    r"|cuadro|tabla|gráfico|recuadro|рис(?:унок|\.)|таблица|график|врезка|جدول|شكل|الشكل|الجدول"
    r"|tabelul)\s+(?:\d[\d.]*|[IVXLC]+\b|[A-Z]\b)\s*[.:–—-]?"
)
_CAPTION = re.compile(rf"{_CAPTION_LABEL}\s*\S", re.IGNORECASE)
_CAPTION_OPENING = re.compile(rf"(?:^|\n){_CAPTION_LABEL}\s*$", re.IGNORECASE)
_NOTE = re.compile(r"(?:\d{1,2}|\*{1,3}|[†‡])\s+(?=[A-ZÀ-ÝА-Я«“\"])(?!\d)")
_REFERENCE = re.compile(r"\W*[A-ZÀ-Ý][^.]{2,160}\((?:19|20)\d\d[a-z]?\)\.\s")
_IN_BRACKETS = re.compile(r"\([^()]{0,20}\)")
_WORD = re.compile(r"\w+(?:[-'’./]\w+)*")
LEANS = re.compile(
    r"\W*(?:he|she|it|they|this|these|those|such|his|her|its|their|both|il|elle|ils|elles|cel[aui]|ce"
    r"|cet(?:te)?|ces|leurs?|él|ella|ellos|ellas|est[aoe]s?|es[ao]s?|sus?|он|она|оно|они|эт[иоа]т?|его"
    r"|её|ее|их|هو|هي|هم|هذ[اه]|وهو|وهي|el|ea|ei|ele|aceast[aă]|acest|acestea)\b",
    re.IGNORECASE,
)
"""A sentence that begins so points back to the one before it."""
_LETTERS = re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a document that may be quoted: ``document.text[start:end]``.

    Attributes:
        start: First character in the document's text.
        end: One past the last.
        kind: What its block is.
        context: The context of its block (see ``Block.context``).
        complete: Reads on its own; False for a fragment (a few words, a caption, a bare
            cell), which is quoted only for the value it holds.
        row: Where its table row starts, or -1: the cells of one row belong together.
        block: Where its block starts.
    """

    start: int
    end: int
    kind: BlockKind
    context: str = ""
    complete: bool = True
    row: int = -1
    block: int = -1


def pieces(text: str, blocks: Sequence[Block], start: int, end: int, language: str) -> list[Piece]:
    """Split one passage of a document.

    Args:
        text: The document's whole text.
        blocks: The document's blocks, in order; the passage is one paragraph where none is.
        start: First character of the passage.
        end: One past its last.
        language: ISO 639-1 code, or "und".
    """
    found: list[Piece] = []
    inside = list(_within(blocks, start, end))
    for at, block in enumerate(inside):
        if block.kind is BlockKind.HEADING:
            continue
        low, high = max(start, block.start), min(end, block.end)
        for a, b in _split(text, block.kind, low, high, language):
            piece = _piece(text, block, a, b)
            if piece and is_label(text[piece.start : piece.end]):
                piece = _card(text, piece, inside[at + 1 :], end)
            if piece and not (found and piece.end <= found[-1].end):
                whole = _is_whole(text, block, low, high, a, b)
                found.append(piece if whole else replace(piece, complete=False))
    return found


def is_label(quote: str) -> bool:
    """Say whether a text only announces what follows: "Focal point:", "Unit(s): (Time 0)"."""
    bare = _IN_BRACKETS.sub("", quote).rstrip()
    return bare.endswith((":", "：")) and _count(bare) < LEAST_UNENDED


def _card(text: str, label: Piece, following: Sequence[Block], end: int) -> Piece | None:
    """Read a label with the short lines under it as one piece, or as none where none follow."""
    stop = label.end
    for block in following:
        line = text[block.start : block.end]
        fits = block.end <= end and block.end - label.start <= LONGEST_CARD
        if block.kind is not BlockKind.PARAGRAPH or not fits or _ENDED.search(line.rstrip()):
            break
        stop = block.start + len(line.rstrip())
    if stop == label.end:
        listed = bool(following) and following[0].kind is BlockKind.LIST_ITEM
        return label if listed or label.kind is not BlockKind.PARAGRAPH else None
    return replace(label, end=stop, complete=True)


def _is_whole(text: str, block: Block, low: int, high: int, start: int, end: int) -> bool:
    """Say whether a piece is no half of a sentence that its passage cuts."""
    if block.kind is not BlockKind.PARAGRAPH:
        return True
    before, behind = text[block.start : low].rstrip(), text[high : block.end].lstrip()
    if (
        before
        and start - low < 2
        and not (_ENDED.search(before) and _is_end(before, text[low:high], "und"))
    ):
        return False
    return not (behind and high - end < 2 and not _ENDED.search(text[start:end]))


def sentences(text: str, language: str) -> list[tuple[int, int]]:
    """Return (start, end) of each sentence of a text, in order, without the gaps between.

    Does not split behind "Dr." or "Sr.", between "No." or "paras." and their number, inside
    a number, or before a small letter.
    """
    if not text.strip():
        return []
    cuts = sorted({*_cuts(text, language), *(m.end() for m in _FOOTNOTE_MARK.finditer(text))})
    found: list[tuple[int, int]] = []
    at = 0
    for cut in [*(c for c in cuts if _is_end(text[:c], text[c:], language)), len(text)]:
        if text[at:cut].strip():
            found.extend(_short(text, *strip(text, at, cut)))
        at = cut
    return found


def extent(text: str, found: Sequence[Piece], at: int, longest: int = LONGEST) -> int:
    """Return where a piece ends with the list it opens, or its own end.

    A sentence that ends in a colon says nothing without its list: the quote goes on over the
    list items that follow, as far as ``longest`` characters.
    """
    end = found[at].end
    if not text[found[at].start : end].rstrip().endswith((":", "：")):
        return end
    for item in found[at + 1 :]:
        listed = item.kind is BlockKind.LIST_ITEM or found[at].kind is BlockKind.LIST_ITEM
        if not listed or item.end - found[at].start > longest:
            break
        end = item.end
    return end


def opening(text: str, found: Sequence[Piece], at: int, longest: int = LONGEST_OPENED) -> int:
    """Return where a piece begins with the sentence that says whom it means, or its own start.

    A sentence that opens with "It" or "These" says nothing alone: the quote begins with the
    sentence before, of the same block, as far as ``longest`` characters in all.
    """
    piece = found[at]
    before = found[at - 1] if at else None
    if (
        before is None
        or before.block != piece.block
        or not LEANS.match(text, piece.start, piece.end)
    ):
        return piece.start
    return before.start if piece.end - before.start <= longest else piece.start


def _within(blocks: Sequence[Block], start: int, end: int) -> Iterator[Block]:
    first = max(0, bisect_right(blocks, start, key=lambda b: b.start) - 1)
    some = False
    for block in blocks[first:]:
        if block.start >= end:
            break
        if block.end > start:
            some = True
            yield block
    if not some:
        yield Block(BlockKind.PARAGRAPH, start, end, 1, 1)


def _split(
    text: str, kind: BlockKind, start: int, end: int, language: str
) -> Iterator[tuple[int, int]]:
    if kind is BlockKind.TABLE_ROW:
        yield from _row(text, start, end, language)
    elif kind is BlockKind.CAPTION or (kind is BlockKind.LIST_ITEM and end - start <= LONGEST_ITEM):
        yield start, end
    else:
        for a, b in sentences(text[start:end], language):
            yield start + a, start + b


def _row(text: str, start: int, end: int, language: str) -> Iterator[tuple[int, int]]:
    """Split a row: short lines whole, long ones by cell, long cells by sentence.

    A line of one or two words ("No: 10") names the row and stays with what follows.
    """
    opened: int | None = None
    for a, b in parts(text, start, end, "\n"):
        cells = [(a, b)] if b - a <= LONGEST_ROW else list(parts(text, a, b, " | "))
        for low, high in cells:
            for x, y in sentences(text[low:high], language):
                first = low + x if opened is None else opened
                opened = None
                if y == high - low and _count(text[first : low + y]) < LEAST_WORDS:
                    opened = first
                    continue
                yield first, low + y
    if opened is not None:
        yield opened, end


def _piece(text: str, block: Block, start: int, end: int) -> Piece | None:
    start, end = strip(text, start, end)
    quote = text[start:end]
    if not _LETTERS.search(quote) or _FURNITURE.search(quote) or _CONTENTS.fullmatch(quote):
        return None
    row = block.start if block.kind is BlockKind.TABLE_ROW else -1
    return Piece(
        start, end, block.kind, block.context, _is_complete(quote, block.kind), row, block.start
    )


def _is_complete(quote: str, kind: BlockKind) -> bool:
    count = _count(quote)
    if count < LEAST_WORDS or kind in (BlockKind.CAPTION, BlockKind.CONTENTS):
        return False
    if _CAPTION.match(quote) and not _ENDED.search(quote):
        return False
    if _NOTE.match(quote) or _REFERENCE.match(quote):
        return False
    if kind in (BlockKind.LIST_ITEM, BlockKind.TABLE_ROW):
        return True
    return count >= LEAST_UNENDED or bool(_ENDED.search(quote))


def _count(text: str) -> int:
    return len(_WORD.findall(text))


def _cuts(text: str, language: str) -> list[int]:
    """Return where sentencex ends a sentence; a rule of our own where its pieces do not fit."""
    found = sentencex.segment(language if language != "und" else "en", text)
    if "".join(found) != text:
        return [match.end() for match in _FALLBACK.finditer(text)]
    cuts, at = [], 0
    for part in found[:-1]:
        at += len(part)
        cuts.append(at)
    return cuts


def _is_end(left: str, right: str, language: str) -> bool:
    left, right = left[-40:], right.lstrip()
    if right[:1].islower() or right[:1] in ")]":
        return False
    if (
        _CAPTION_OPENING.search(left)
        or _TITLE.search(left)
        or (language == "fr" and _FRENCH_TITLE.search(left))
    ):
        return False
    return not (_COUNTED.search(left) and _COUNT.match(right))


def _short(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut a sentence that is too long to be read as one, at line breaks or semicolons."""
    if end - start <= LONGEST:
        yield start, end
        return
    mark = "\n" if "\n" in text[start:end] else "; "
    at = start
    for a, b in parts(text, start, end, mark):
        if b + 1 - at > LONGEST and a > at:
            yield strip(text, at, a)
            at = a
    yield strip(text, at, end)
