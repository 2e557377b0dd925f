"""How blocks, words, pages and metadata are written into the library, and read back.

Plain JSON and raw arrays, compressed with zlib where they are large; nothing here can
run code when it is read. The round trip is exact.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from typing import Any

import numpy as np

from ingest.types import (
    WORD_DTYPE,
    AccessLevel,
    Block,
    BlockKind,
    Locator,
    Metadata,
    Page,
    PageArea,
    Rect,
    Unit,
    Why,
    Words,
)

_LEVEL = 3
"""zlib level: 3 halves the size of level 0 at a third of the time of level 6."""


def dump_json(value: object) -> str:
    """Write compact JSON that keeps every character as it is, lone surrogates included."""
    return json.dumps(value, ensure_ascii=True, separators=(",", ":"))


def pack_blocks(blocks: tuple[Block, ...]) -> bytes:
    """Write blocks as compressed JSON rows, the anchor only where there is one."""
    rows = [
        [b.kind.value, b.start, b.end, b.first, b.last, b.level, b.context]
        + ([b.anchor] if b.anchor else [])
        for b in blocks
    ]
    return zlib.compress(dump_json(rows).encode(), _LEVEL)


def unpack_blocks(data: bytes) -> tuple[Block, ...]:
    """Read what ``pack_blocks`` wrote."""
    return tuple(
        Block(BlockKind(kind), start, end, first, last, level, context, anchor="".join(anchor))
        for kind, start, end, first, last, level, context, *anchor in json.loads(
            zlib.decompress(data)
        )
    )


def pack_words(words: Words) -> bytes:
    """Write words column by column, compressed; columns compress better than rows."""
    columns = b"".join(words[name].tobytes() for name in WORD_DTYPE.names or ())
    return zlib.compress(columns, _LEVEL)


def unpack_words(data: bytes) -> Words:
    """Read what ``pack_words`` wrote."""
    raw = zlib.decompress(data)
    count = len(raw) // WORD_DTYPE.itemsize
    words = np.zeros(count, dtype=WORD_DTYPE)
    offset = 0
    for name in WORD_DTYPE.names or ():
        column = WORD_DTYPE[name]
        words[name] = np.frombuffer(raw, column, count, offset)
        offset += column.itemsize * count
    return words


def dump_pages(pages: tuple[Page, ...]) -> str:
    """Write pages as JSON rows."""
    return dump_json([[p.index, p.label, p.width, p.height, p.has_text] for p in pages])


def load_pages(text: str) -> tuple[Page, ...]:
    """Read what ``dump_pages`` wrote."""
    return tuple(Page(*row) for row in json.loads(text))


def dump_locator(locator: Locator) -> str:
    """Write a locator as JSON, boxes to a hundredth of a point."""
    pages = [
        [p.index, p.label, [[round(v, 2) for v in (r.x0, r.y0, r.x1, r.y1)] for r in p.rects]]
        for p in locator.pages
    ]
    row = [locator.unit.value, locator.first, locator.last, locator.heading_path, pages]
    return dump_json([*row, locator.anchor] if locator.anchor else row)


def load_locator(text: str) -> Locator:
    """Read what ``dump_locator`` wrote."""
    unit, first, last, heading_path, pages, *anchor = json.loads(text)
    areas = tuple(
        PageArea(index, label, tuple(Rect(*box) for box in boxes)) for index, label, boxes in pages
    )
    return Locator(Unit(unit), first, last, tuple(heading_path), areas, "".join(anchor))


def first_of(text: str) -> int:
    """Read of what ``dump_locator`` wrote the first page, row, paragraph or line alone."""
    return int(text.split(",", 2)[1])


def dump_metadata(metadata: Metadata) -> str:
    """Write metadata as a JSON object."""
    return dump_json(
        {
            "title": metadata.title,
            "year": metadata.year,
            "kind": metadata.kind,
            "languages": metadata.languages,
            "countries": metadata.countries,
            "publisher": metadata.publisher,
            "access": metadata.access.value,
            "groups": metadata.groups,
            "source_url": metadata.source_url,
            "symbol": metadata.symbol,
            "why": [[why.field, why.place, why.rule, why.words] for why in metadata.why],
        }
    )


def load_metadata(text: str) -> Metadata:
    """Read what ``dump_metadata`` wrote, by this version or the first one."""
    raw: dict[str, Any] = json.loads(text)
    return Metadata(
        title=raw["title"],
        year=raw["year"],
        kind=raw["kind"],
        languages=tuple(raw["languages"]),
        countries=tuple(raw["countries"]),
        publisher=tuple(raw["publisher"]),
        access=AccessLevel(raw["access"]),
        groups=tuple(raw["groups"]),
        source_url=raw["source_url"],
        symbol=raw.get("symbol", ""),
        why=tuple(Why(*row) for row in raw.get("why", ())),
    )


def content_digest(text: str, blocks: bytes, words: bytes, pages: str) -> bytes:
    """Digest what a citation rests on, so that ``check`` notices a change in the truth itself."""
    digest = hashlib.blake2b(digest_size=16)
    for part in (text.encode("utf-8", "surrogatepass"), blocks, words, pages.encode()):
        digest.update(len(part).to_bytes(8, "little"))
        digest.update(part)
    return digest.digest()


def embed_hash(text: str) -> bytes:
    """Name a vector by the text it was made from, so that equal texts are embedded once."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def short_id(*parts: str, size: int = 8) -> str:
    """Make a stable identifier of ``2 * size`` hexadecimal digits from its parts."""
    digest = hashlib.blake2b(digest_size=size)
    for part in parts:
        digest.update(part.encode("utf-8", "surrogatepass"))
        digest.update(b"\0")
    return digest.hexdigest()
