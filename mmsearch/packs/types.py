"""What a pack is, and what its snippets are to somebody who reads it now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from index.types import StoredDocument
from ingest.types import Locator


@dataclass(frozen=True, slots=True)
class Snippet:
    """A stretch of a document as it was when it was collected.

    Attributes:
        snippet_id: Its id within the pack.
        doc_id: The document.
        start: First character in the document's text then.
        end: One past the last.
        quote: The characters themselves.
        sha256: Of the document's file then.
        question: The question whose answer it was taken from, or "".
        note: What the collector says about it.
    """

    snippet_id: str
    doc_id: str
    start: int
    end: int
    quote: str
    sha256: str
    question: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Pack:
    """A collection, in the order that its owner chose.

    Attributes:
        pack_id: Not to be guessed; whoever has it may read the pack.
        name: Its name.
        note: What it is for.
        snippets: In order.
        created: When it was made (UTC).
        changed: When it was last changed (UTC).
        revision: Goes up with each change.
    """

    pack_id: str
    name: str
    note: str
    snippets: tuple[Snippet, ...]
    created: datetime
    changed: datetime
    revision: int = 1


class SourceState(StrEnum):
    """What became of a snippet's source since it was collected."""

    SAME = "same"
    MOVED = "moved"
    CHANGED = "changed"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True, slots=True)
class ReadSnippet:
    """A snippet as one reader sees it now.

    Attributes:
        snippet: As collected; without its quote where the reader may not see its document.
        state: What became of its source.
        document: The document now, or None where there is none for this reader.
        locator: Where the quote stands now, or None where it does not.
        start: Where it begins in the document's text now.
        end: One past where it ends.
    """

    snippet: Snippet
    state: SourceState
    document: StoredDocument | None = None
    locator: Locator | None = None
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class ReadPack:
    """A pack as one reader sees it now."""

    pack: Pack
    snippets: tuple[ReadSnippet, ...]
