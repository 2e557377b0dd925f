from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from ingest import wire
from ingest.passages import cut
from ingest.types import (
    WORD_DTYPE,
    AccessLevel,
    Block,
    BlockKind,
    Evidence,
    Metadata,
    Page,
    ParsedDocument,
    Unit,
)
from tests.unit.ingest.documents import count_tokens
from tests.unit.ingest.test_passages import documents

METADATA = Metadata("Título", 2017, "brief", ("en", "fr"), ("Haiti",), ("IOM",))


def content() -> wire.Content:
    parsed = ParsedDocument(
        "Привет мир",
        (Block(BlockKind.PARAGRAPH, 0, 10, 1, 1, 0, "Année"),),
        Unit.PAGE,
        (Page(0, "iv", 595.0, 842.0),),
        np.array([(0, 6, 0, 1, 2, 3, 4), (7, 10, 0, 4, 2, 6, 4)], dtype=WORD_DTYPE),
        {"title": "T"},
        ("repaired",),
    )
    passages = cut(parsed, title="", count_tokens=count_tokens)
    return wire.Content(parsed, passages, METADATA)


def read(frame: bytes) -> wire.Content:
    lengths = wire.read_prefix(frame[: wire.PREFIX.size])
    assert len(frame) == wire.PREFIX.size + lengths.total
    body = frame[wire.PREFIX.size :]
    header, rest = body[: lengths.header], body[lengths.header :]
    return wire.decode(wire.read_header(header), rest[: lengths.text], rest[lengths.text :])


def parts(value: wire.Content) -> tuple[dict[str, Any], bytes, bytes]:
    _, header, text, words = wire.encode(value)
    return json.loads(header), text, words


def test_a_document_survives_the_wire() -> None:
    sent, got = content(), read(b"".join(wire.encode(content())))
    assert (got.passages, got.metadata) == (sent.passages, sent.metadata)
    assert (got.parsed.text, got.parsed.blocks) == (sent.parsed.text, sent.parsed.blocks)
    assert (got.parsed.unit, got.parsed.pages) == (sent.parsed.unit, sent.parsed.pages)
    assert (got.parsed.properties, got.parsed.warnings) == ({"title": "T"}, ("repaired",))
    assert np.array_equal(got.parsed.words, sent.parsed.words)


def test_evidence_and_confidence_survive_the_wire() -> None:
    plain = content()
    passages = tuple(replace(p, evidence=Evidence.LESSON, ocr=0.5) for p in plain.passages)
    sent = replace(plain, passages=passages)
    assert read(b"".join(wire.encode(sent))).passages == passages


@pytest.mark.parametrize(("at", "lie"), [(6, "rumour"), (7, 1.5), (7, True), (7, "high")])
def test_a_passage_with_a_false_kind_or_confidence_is_refused(at: int, lie: object) -> None:
    header, text, words = parts(content())
    header["passages"][0][at] = lie
    with pytest.raises(wire.BadFrame, match="not"):
        wire.decode(header, text, words)


@given(documents)
@settings(deadline=None, max_examples=40)
def test_every_document_survives_the_wire(parsed: ParsedDocument) -> None:
    passages = cut(parsed, title="T", count_tokens=count_tokens)
    got = read(b"".join(wire.encode(wire.Content(parsed, passages, METADATA))))
    assert (got.parsed.text, got.parsed.blocks) == (parsed.text, parsed.blocks)
    assert got.passages == passages


LIES: list[tuple[str, Any]] = [
    ("blocks", [["paragraph", 0, 99, 1, 1, 0, ""]]),
    ("blocks", [["paragraph", 5, 2, 1, 1, 0, ""]]),
    ("blocks", [["paragraph", 0, 5, 1, 1, 0, ""], ["paragraph", 3, 9, 1, 1, 0, ""]]),
    ("blocks", [["paragraph", 0, 5, 0, 1, 0, ""]]),
    ("blocks", [["paragraph", 0, 5, 2, 1, 0, ""]]),
    ("blocks", [["paragraph", 0, True, 1, 1, 0, ""]]),
    ("blocks", [["spell", 0, 5, 1, 1, 0, ""]]),
    ("blocks", [["paragraph", 0, 5, 1, 1, 10**9, ""]]),
    ("blocks", [["paragraph", 0, 5]]),
    ("blocks", {}),
    ("passages", [[0, 99, [], "", "en", "paragraph"]]),
    ("passages", [[0, 0, [], "", "en", "paragraph"]]),
    ("passages", [[0, 5, "path", "", "en", "paragraph"]]),
    ("passages", [[0, 5, [1], "", "en", "paragraph"]]),
    ("passages", [[0, 5, [], "", "../x", "paragraph"]]),
    ("passages", [[0, 5, [], "\ud800", "en", "paragraph"]]),
    ("pages", []),
    ("pages", [["iv", float("nan"), 842, True]]),
    ("pages", [["iv", -1, 842, True]]),
    ("pages", [["iv", 595, 842, 1]]),
    ("pages", [["iv", True, 842, True]]),
    ("properties", {"title": 7}),
    ("properties", []),
    ("warnings", "text"),
    ("unit", "parsec"),
    ("metadata", []),
    ("metadata", ["T", 10**6, "brief", [], [], [], "public", [], ""]),
    ("metadata", ["T", 2017, "brief", [], [], [], "everyone", [], ""]),
]


@pytest.mark.parametrize(("key", "value"), LIES)
def test_a_lie_in_the_header_is_refused(key: str, value: Any) -> None:
    header, text, words = parts(content())
    with pytest.raises(wire.BadFrame, match=r"\w"):
        wire.decode({**header, key: value}, text, words)


@pytest.mark.parametrize("key", ["blocks", "passages", "pages", "unit", "metadata", "warnings"])
def test_a_header_with_something_missing_is_refused(key: str) -> None:
    header, text, words = parts(content())
    del header[key]
    with pytest.raises(wire.BadFrame, match="KeyError"):
        wire.decode(header, text, words)


@pytest.mark.parametrize(
    "rows",
    [
        [(0, 99, 0, 1, 2, 3, 4)],
        [(6, 2, 0, 1, 2, 3, 4)],
        [(7, 9, 0, 1, 2, 3, 4), (0, 3, 0, 1, 2, 3, 4)],
        [(0, 5, 7, 1, 2, 3, 4)],
        [(0, 5, 0, float("inf"), 2, 3, 4)],
    ],
)
def test_words_outside_text_and_pages_are_refused(rows: list[tuple[float, ...]]) -> None:
    header, text, _ = parts(content())
    with pytest.raises(wire.BadFrame, match="words are not within"):
        wire.decode(header, text, np.array(rows, dtype=WORD_DTYPE).tobytes())


def test_half_a_word_record_is_refused() -> None:
    header, text, words = parts(content())
    with pytest.raises(wire.BadFrame, match="ValueError"):
        wire.decode(header, text, words[:-1])


def test_text_that_is_not_utf8_is_refused() -> None:
    header, _, words = parts(content())
    with pytest.raises(wire.BadFrame, match="UnicodeDecodeError"):
        wire.decode(header, b"\xff" * 30, words)


@pytest.mark.parametrize(
    ("lengths", "claim"),
    [
        ((b"PK\x03\x04", 1, 1, 1), "does not begin"),
        ((wire.MAGIC, (1 << 32) - 1, 0, 0), "claims"),
        ((wire.MAGIC, 10, 1 << 60, 0), "claims"),
        ((wire.MAGIC, 10, 0, (1 << 64) - 1), "claims"),
    ],
)
def test_a_wrong_prefix_is_refused(lengths: tuple[bytes, int, int, int], claim: str) -> None:
    with pytest.raises(wire.BadFrame, match=claim):
        wire.read_prefix(wire.PREFIX.pack(*lengths))


@pytest.mark.parametrize("header", [b"", b"{", b"[]", b"[" * 100_000, b"\xff", b"1" * 5000])
def test_a_header_that_is_no_object_is_refused(header: bytes) -> None:
    with pytest.raises(wire.BadFrame, match="header"):
        wire.read_header(header)


def test_restricted_access_survives_the_wire() -> None:
    value = content()
    secret = Metadata("T", access=AccessLevel.RESTRICTED, groups=("audit",))
    frame = b"".join(wire.encode(wire.Content(value.parsed, value.passages, secret)))
    assert read(frame).metadata == secret
