"""Writing a document's content: its text, blocks, words and passages. SQL on a connection.

A content never changes once it is written; the caller holds the transaction.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence

from index import codec
from index.embedded import embed_key
from index.sketch import sketch
from ingest.locate import locate
from ingest.types import READER, BlockKind, Evidence, Extracted, ParsedDocument, Passage


def write_content(db: sqlite3.Connection, item: Extracted) -> int:
    """Write a document's text, blocks, words and pages; returns the content's number."""
    parsed = item.parsed
    blocks, words = codec.pack_blocks(parsed.blocks), codec.pack_words(parsed.words)
    pages = codec.dump_pages(parsed.pages)
    cursor = db.execute(
        "INSERT INTO contents (sha256, size, unit, text, blocks, words, pages, warnings, "
        "metadata, n_passages, digest, reader, sketch) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            item.sha256,
            item.size,
            parsed.unit.value,
            parsed.text,
            blocks,
            words,
            pages,
            codec.dump_json(parsed.warnings),
            codec.dump_metadata(item.metadata),
            len(item.passages),
            codec.content_digest(parsed.text, blocks, words, pages),
            READER,
            sketch(parsed.text),
        ),
    )
    return int(cursor.lastrowid or 0)


def write_passages(
    db: sqlite3.Connection,
    content_no: int,
    doc_id: str,
    passages: Sequence[Passage],
    title: str,
    locators: Sequence[str],
) -> None:
    """Write the passages of a content, named by their document and their text.

    Args:
        db: In a transaction.
        content_no: The content they are cut from.
        doc_id: Its document.
        passages: In order.
        title: Stands in front of each when it is embedded.
        locators: One a passage, as ``codec.dump_locator`` writes them.
    """
    seen: dict[str, int] = {}
    rows = []
    for ordinal, (passage, locator) in enumerate(zip(passages, locators, strict=True)):
        nth = seen[passage.text] = seen.get(passage.text, -1) + 1
        rows.append(
            (
                content_no,
                ordinal,
                f"{doc_id}.{codec.short_id(passage.text, str(nth), size=5)}",
                passage.start,
                passage.end,
                codec.dump_json(passage.heading_path),
                passage.context,
                passage.language,
                passage.kind.value,
                locator,
                embed_key(title, passage),
                passage.evidence.value,
                passage.ocr,
            )
        )
    db.executemany(
        'INSERT INTO passages (content_no, ordinal, passage_id, start, "end", heading_path, '
        "context, language, kind, locator, embed_hash, evidence, ocr) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        rows,
    )


def locators_of(parsed: ParsedDocument, passages: Sequence[Passage]) -> list[str]:
    """Locate passages once, when they are written, so that a search only reads."""
    return [
        codec.dump_locator(
            locate(
                passage.start,
                passage.end,
                text=parsed.text,
                blocks=parsed.blocks,
                unit=parsed.unit,
                pages=parsed.pages,
                words=parsed.words,
            )
        )
        for passage in passages
    ]


def read_locators(db: sqlite3.Connection, content_no: int) -> list[str]:
    """Return the stored locators of a content's passages, in order."""
    rows = db.execute(
        "SELECT locator FROM passages WHERE content_no = ? ORDER BY ordinal", (content_no,)
    )
    return [str(row[0]) for row in rows]


def read_passages(db: sqlite3.Connection, content_no: int) -> list[Passage]:
    """Return the passages of a content, in order."""
    text = db.execute("SELECT text FROM contents WHERE content_no = ?", (content_no,)).fetchone()[0]
    rows = db.execute(
        'SELECT start, "end", heading_path, context, language, kind, evidence, ocr FROM passages '
        "WHERE content_no = ? ORDER BY ordinal",
        (content_no,),
    )
    return [
        Passage(
            start,
            end,
            text[start:end],
            tuple(json.loads(path)),
            context,
            language,
            BlockKind(kind),
            Evidence(evidence),
            ocr,
        )
        for start, end, path, context, language, kind, evidence, ocr in rows
    ]


def copy_content(db: sqlite3.Connection, content_no: int) -> int:
    """Copy a content without its passages; returns the new number."""
    columns = (
        "sha256, size, unit, text, blocks, words, pages, warnings, metadata, n_passages, digest, "
        "reader, sketch"
    )
    cursor = db.execute(
        f"INSERT INTO contents ({columns}) SELECT {columns} FROM contents "  # noqa: S608 - a literal
        "WHERE content_no = ?",
        (content_no,),
    )
    return int(cursor.lastrowid or 0)


def read_keys(db: sqlite3.Connection, content_no: int) -> list[bytes]:
    """Read the keys under which the vectors of a content's passages are kept, in order."""
    rows = db.execute(
        "SELECT embed_hash FROM passages WHERE content_no = ? ORDER BY ordinal", (content_no,)
    )
    return [bytes(key) for (key,) in rows]
