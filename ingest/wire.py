"""How a parse worker sends a document to its parent: one frame, no pickle.

A frame is three lengths, then a JSON header, the text in UTF-8 and the words as raw
``WORD_DTYPE`` records. A hostile file may own the worker, so the parent believes nothing:
``decode`` checks every number against the text and the pages before anything is built.
"""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

import numpy as np

from ingest.types import (
    WORD_DTYPE,
    AccessLevel,
    Block,
    BlockKind,
    Evidence,
    Metadata,
    Page,
    ParsedDocument,
    Passage,
    Unit,
    Why,
    Words,
)

#: Lengths of header, text and words in bytes, after four bytes that say what follows.
PREFIX = struct.Struct(">4sIQQ")
MAGIC = b"MMW1"
#: A request is one length and a JSON object.
REQUEST_PREFIX = struct.Struct(">I")

MAX_HEADER_BYTES = 64 << 20
MAX_BODY_BYTES = 1 << 30
MAX_PLACE = 1 << 31
MAX_LEVEL = 99
MAX_STRING = 1 << 20
MAX_LIST = 10_000


class BadFrame(Exception):
    """A frame is not what a worker of ours would write."""


@dataclass(frozen=True, slots=True, eq=False)
class Content:
    """What a worker makes of a file."""

    parsed: ParsedDocument
    passages: tuple[Passage, ...]
    metadata: Metadata


@dataclass(frozen=True, slots=True)
class Lengths:
    """Lengths of the three parts of a frame, in bytes."""

    header: int
    text: int
    words: int

    @property
    def total(self) -> int:
        """Bytes that follow the prefix."""
        return self.header + self.text + self.words


def encode_request(request: Mapping[str, object]) -> bytes:
    """Return a request as bytes. File names that are not UTF-8 survive as escapes."""
    body = json.dumps(request).encode("ascii")
    return REQUEST_PREFIX.pack(len(body)) + body


def encode_note(note: Mapping[str, object]) -> list[bytes]:
    """Return a frame without a document ("ready", or an error), in parts to be written."""
    header = json.dumps(note).encode("ascii")
    return [PREFIX.pack(MAGIC, len(header), 0, 0), header]


def encode(content: Content, note: Mapping[str, object] | None = None) -> list[bytes]:
    """Return a document as a frame, in parts to be written one after the other.

    Args:
        content: The document.
        note: What else the header says.
    """
    parsed = content.parsed
    header = json.dumps(
        {
            **(note or {}),
            "unit": parsed.unit,
            "blocks": [
                [b.kind, b.start, b.end, b.first, b.last, b.level, b.context, b.anchor]
                for b in parsed.blocks
            ],
            "pages": [[p.label, p.width, p.height, p.has_text] for p in parsed.pages],
            "properties": dict(parsed.properties),
            "warnings": parsed.warnings,
            "passages": [
                [p.start, p.end, p.heading_path, p.context, p.language, p.kind, p.evidence, p.ocr]
                for p in content.passages
            ],
            "metadata": _metadata_row(content.metadata),
        },
        ensure_ascii=False,
    ).encode("utf-8", "replace")
    text = parsed.text.encode("utf-8")
    words = np.ascontiguousarray(parsed.words, dtype=WORD_DTYPE).tobytes()
    return [PREFIX.pack(MAGIC, len(header), len(text), len(words)), header, text, words]


def _metadata_row(metadata: Metadata) -> list[object]:
    return [
        metadata.title,
        metadata.year,
        metadata.kind,
        metadata.languages,
        metadata.countries,
        metadata.publisher,
        metadata.access,
        metadata.groups,
        metadata.source_url,
        metadata.symbol,
        [[why.field, why.place, why.rule, why.words] for why in metadata.why],
    ]


def read_prefix(prefix: bytes) -> Lengths:
    """Read a frame's lengths.

    Raises:
        BadFrame: It is no frame, or larger than any document may be.
    """
    magic, header, text, words = PREFIX.unpack(prefix)
    if magic != MAGIC:
        _bad("it does not begin as a frame does")
    if header > MAX_HEADER_BYTES or text + words > MAX_BODY_BYTES:
        _bad(f"it claims {header} and {text + words} bytes")
    return Lengths(header, text, words)


def read_header(header: bytes) -> dict[str, Any]:
    """Read a frame's header.

    Raises:
        BadFrame: It is no JSON object.
    """
    try:
        value = json.loads(header)
    except (ValueError, RecursionError) as exc:
        raise BadFrame("its header is not JSON") from exc
    if not isinstance(value, dict):
        _bad("its header is no object")
    return value


def decode(header: Mapping[str, Any], text: bytes, words: bytes) -> Content:
    """Build a document from a frame's parts.

    Raises:
        BadFrame: Anything in it contradicts the contract of ``ingest.types``.
    """
    try:
        whole = text.decode("utf-8")
        pages = tuple(_page(n, row) for n, row in enumerate(_rows(header["pages"], 4)))
        parsed = ParsedDocument(
            text=whole,
            blocks=_blocks(_rows(header["blocks"], 8), len(whole)),
            unit=Unit(header["unit"]),
            pages=pages,
            words=_words(words, len(whole), len(pages)),
            properties=_properties(header["properties"]),
            warnings=_strings(header["warnings"]),
        )
        passages = _passages(_rows(header["passages"], 8), whole)
        metadata = _metadata(header["metadata"])
    except BadFrame:
        raise
    except (ValueError, TypeError, KeyError, OverflowError) as exc:
        raise BadFrame(f"a value is not what it should be ({type(exc).__name__})") from exc
    return Content(parsed, passages, metadata)


def _blocks(rows: Sequence[list[Any]], length: int) -> tuple[Block, ...]:
    """Build blocks: in order, without overlap, within the text."""
    blocks = []
    at = 0
    for kind, start, end, first, last, level, context, anchor in rows:
        _int(start, at, length)
        _int(end, start, length)
        _int(first, 1, MAX_PLACE)
        _int(last, first, MAX_PLACE)
        _int(level, 0, MAX_LEVEL)
        where = BlockKind(kind), start, end, first, last, level
        blocks.append(Block(*where, _string(context), anchor=_string(anchor)))
        at = end
    return tuple(blocks)


def _passages(rows: Sequence[list[Any]], text: str) -> tuple[Passage, ...]:
    """Build passages; their text is cut from the document's, so it cannot differ from it."""
    passages = []
    at = 0
    for start, end, path, context, language, kind, evidence, ocr in rows:
        _int(start, at, len(text))
        _int(end, start + 1, len(text))
        passages.append(
            Passage(
                start=start,
                end=end,
                text=text[start:end],
                heading_path=_strings(path),
                context=_string(context),
                language=_language(language),
                kind=BlockKind(kind),
                evidence=Evidence(evidence),
                ocr=None if ocr is None else _share(ocr),
            )
        )
        at = end
    return tuple(passages)


def _page(index: int, row: list[Any]) -> Page:
    """Build a page of a finite size."""
    label, width, height, has_text = row
    if not isinstance(has_text, bool):
        _bad("a page's has_text is not true or false")
    return Page(index, _string(label), _size(width), _size(height), has_text)


def _words(raw: bytes, length: int, n_pages: int) -> Words:
    """Build the word array: ascending, within the text and the pages, boxes finite."""
    words: Words = np.frombuffer(raw, dtype=WORD_DTYPE).copy()
    if not len(words):
        return words
    starts, ends = words["start"].astype(np.int64), words["end"].astype(np.int64)
    boxes = [words[name] for name in ("x0", "y0", "x1", "y1")]
    if not (
        bool((starts[1:] >= starts[:-1]).all())
        and bool((ends >= starts).all())
        and int(ends.max()) <= length
        and int(words["page"].max()) < n_pages
        and all(bool(np.isfinite(side).all()) for side in boxes)
    ):
        _bad("its words are not within its text and its pages")
    return words


def _metadata(row: Any) -> Metadata:
    """Build the metadata."""
    title, year, kind, languages, countries, publisher, access, groups, url, symbol, why = _list(
        row, 11
    )
    if year is not None:
        _int(year, 1, 9999)
    return Metadata(
        title=_string(title),
        year=year,
        kind=_string(kind),
        languages=tuple(_language(code) for code in _strings(languages)),
        countries=_strings(countries),
        publisher=_strings(publisher),
        access=AccessLevel(access),
        groups=_strings(groups),
        source_url=_string(url),
        symbol=_string(symbol),
        why=tuple(Why(*map(_string, entry)) for entry in _rows(why, 4)),
    )


def _properties(value: Any) -> dict[str, str]:
    """Check the file's own properties."""
    if not isinstance(value, dict) or len(value) > MAX_LIST:
        _bad("its properties are no small object")
    return {_string(key): _string(entry) for key, entry in value.items()}


def _rows(value: Any, width: int) -> list[list[Any]]:
    """Check a list of rows of one width."""
    if not isinstance(value, list):
        _bad("a table is not a list")
    return [_list(row, width) for row in value]


def _list(value: Any, width: int) -> list[Any]:
    """Check one row."""
    if not isinstance(value, list) or len(value) != width:
        _bad(f"a row does not have {width} entries")
    return value


def _strings(value: Any) -> tuple[str, ...]:
    """Check a short list of strings."""
    if not isinstance(value, list) or len(value) > MAX_LIST:
        _bad("a list is not a short list of strings")
    return tuple(_string(entry) for entry in value)


def _string(value: Any) -> str:
    """Check a string: not huge, and without half characters that no database takes."""
    if not isinstance(value, str) or len(value) > MAX_STRING:
        _bad("a string is none, or is too long")
    if not value.isascii():
        value.encode("utf-8")
    return value


def _language(value: Any) -> str:
    """Check a language code."""
    if not isinstance(value, str) or not (value.isascii() and value.isalpha() and len(value) <= 3):
        _bad("a language is no code of two or three letters")
    return value


def _size(value: Any) -> float:
    """Check a width or height."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        _bad("a size is no number")
    if not (math.isfinite(value) and 0 <= value < 1e7):
        _bad("a size is out of range")
    return float(value)


def _share(value: Any) -> float:
    """Check a share between 0 and 1."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= 1:
        _bad("a share is not between 0 and 1")
    return float(value)


def _int(value: Any, low: int, high: int) -> None:
    """Check a whole number between ``low`` and ``high``, both included."""
    if type(value) is not int or not low <= value <= high:
        _bad(f"a number is not between {low} and {high}")


def _bad(what: str) -> NoReturn:
    raise BadFrame(what)
