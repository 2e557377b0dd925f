"""Collecting snippets from a library, and reading a pack with somebody's own rights."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from index.errors import NotFound
from index.types import DocumentText, Reader, StoredDocument
from ingest.types import Locator
from mmsearch.packs.errors import PackRefused
from mmsearch.packs.types import Pack, ReadPack, ReadSnippet, Snippet, SourceState

MOST_SNIPPETS = 200
LONGEST_QUOTE = 10_000
"""Characters."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A snippet that a pack shall hold: one it holds already, by its id, or a new span."""

    snippet_id: str = ""
    doc_id: str = ""
    start: int = 0
    end: int = 0
    question: str = ""
    note: str = ""


class Shelf(Protocol):
    """Where snippets come from; ``mmsearch.knowledge.KnowledgeBase`` is one."""

    def document(self, doc_id: str, *, reader: Reader) -> StoredDocument:
        """Return one document."""
        ...

    def text(self, doc_id: str, *, reader: Reader) -> DocumentText:
        """Return a document's text."""
        ...

    def locate(self, doc_id: str, start: int, end: int, *, reader: Reader) -> Locator:
        """Return where a span stands."""
        ...


def collect(
    wanted: Sequence[Wanted], held: Sequence[Snippet], *, shelf: Shelf, reader: Reader
) -> tuple[Snippet, ...]:
    """Return the snippets that a pack shall hold, in the order wanted.

    What it holds already stays as it was collected; a new span is read with the rights of
    whoever collects it.

    Raises:
        NotFound: A new span's document or place is not there for this reader.
        PackRefused: There are too many, or one is too long.
    """
    if len(wanted) > MOST_SNIPPETS:
        raise PackRefused(f"a pack holds at most {MOST_SNIPPETS} snippets, not {len(wanted)}")
    known = {snippet.snippet_id: snippet for snippet in held}
    return tuple(
        replace(known[one.snippet_id], note=one.note)
        if one.snippet_id in known
        else _collected(one, shelf, reader)
        for one in wanted
    )


def _collected(wanted: Wanted, shelf: Shelf, reader: Reader) -> Snippet:
    document = shelf.document(wanted.doc_id, reader=reader)
    text = shelf.text(wanted.doc_id, reader=reader).text
    if not 0 <= wanted.start < wanted.end <= len(text):
        raise NotFound(f"document {wanted.doc_id!r} has no such span")
    if wanted.end - wanted.start > LONGEST_QUOTE:
        raise PackRefused(f"a snippet has at most {LONGEST_QUOTE:,} characters")
    return Snippet(
        snippet_id=f"s_{secrets.token_hex(6)}",
        doc_id=wanted.doc_id,
        start=wanted.start,
        end=wanted.end,
        quote=text[wanted.start : wanted.end],
        sha256=document.sha256,
        question=wanted.question,
        note=wanted.note,
    )


def read_pack(pack: Pack, *, shelf: Shelf, reader: Reader) -> ReadPack:
    """Return a pack as a reader sees it: every source is looked up with that reader's rights.

    Of a document that is gone or hidden nothing is shown, not even that it was one or the other.
    """
    return ReadPack(pack, tuple(_read(snippet, shelf, reader) for snippet in pack.snippets))


def _read(snippet: Snippet, shelf: Shelf, reader: Reader) -> ReadSnippet:
    try:
        document = shelf.document(snippet.doc_id, reader=reader)
        text = shelf.text(snippet.doc_id, reader=reader).text
    except NotFound:
        return ReadSnippet(replace(snippet, quote="", question=""), SourceState.UNAVAILABLE)
    start = _where(snippet, text)
    if start is None:
        return ReadSnippet(snippet, SourceState.CHANGED, document)
    end = start + len(snippet.quote)
    locator = shelf.locate(snippet.doc_id, start, end, reader=reader)
    same = start == snippet.start
    state = SourceState.SAME if same else SourceState.MOVED
    return ReadSnippet(snippet, state, document, locator, start, end)


def _where(snippet: Snippet, text: str) -> int | None:
    """Return where a quote stands now: where it stood, or the place nearest to that."""
    if text[snippet.start : snippet.end] == snippet.quote:
        return snippet.start
    before = text.rfind(snippet.quote, 0, snippet.start + len(snippet.quote))
    after = text.find(snippet.quote, snippet.start)
    found = [at for at in (before, after) if at >= 0]
    return min(found, key=lambda at: abs(at - snippet.start)) if found else None
