"""The data that ingest produces: documents, blocks, passages and where they stand.

Offsets are Python string offsets (code points) into ``Document.text``, half-open, from 0. Pages,
lines, paragraphs and slides count from 1, ``PageArea.index`` (the page in the PDF) from 0.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


class BlockKind(StrEnum):
    """What a stretch of a document is; ``CONTENTS`` is an entry of a table of contents."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list_item"
    TABLE_ROW = "table_row"
    CAPTION = "caption"
    CONTENTS = "contents"


class Evidence(StrEnum):
    """What a passage is good for as evidence."""

    PLAIN = "plain"
    FINDING = "finding"
    LESSON = "lesson"
    RECOMMENDATION = "recommendation"
    GOOD_PRACTICE = "good_practice"
    MANAGEMENT_RESPONSE = "management_response"
    GUIDANCE = "guidance"


#: Goes up when reading has become better; the next ingest reads again what a lower number read.
READER = 5


class Unit(StrEnum):
    """What a format counts its places in."""

    PAGE = "page"
    PARAGRAPH = "paragraph"
    LINE = "line"
    SLIDE = "slide"
    ROW = "row"


@dataclass(frozen=True, slots=True)
class Block:
    """One structural piece of a document: ``document.text[start:end]``.

    Attributes:
        kind: What it is.
        start: First character in the document's text.
        end: One past the last character; blocks are in order and never overlap.
        first: First place (page, paragraph, line …, in the document's unit), from 1.
        last: Last place, inclusive; a row that a page break splits has ``last > first``.
        level: Heading level from 1 (only headings; 0 otherwise).
        context: Words that stand elsewhere and that a reader of this block alone would miss,
            as the recommendation that a response answers. Searched, embedded, never quoted.
        ocr: How sure text recognition was, 0–1; None where the file has the text. Kept with
            passages, not with blocks.
        anchor: A web page's name for this heading, what follows ``#`` in its address.
    """

    kind: BlockKind
    start: int
    end: int
    first: int
    last: int
    level: int = 0
    context: str = ""
    ocr: float | None = None
    anchor: str = ""


#: One word of a page with its box. ``start`` and ``end`` are offsets in the document's text,
#: ``page`` is the page index from 0, the box is in PDF points with the origin at the top left
#: of the page as shown (after its rotation), so ``y0 < y1``.
WORD_DTYPE = np.dtype(
    [
        ("start", "<u4"),
        ("end", "<u4"),
        ("page", "<u4"),
        ("x0", "<f4"),
        ("y0", "<f4"),
        ("x1", "<f4"),
        ("y1", "<f4"),
    ]
)

Words = NDArray[np.void]
"""A structured array of ``WORD_DTYPE``, shape (n_words,), ascending by ``start``."""


def no_words() -> Words:
    """Return an empty word array, for formats without pages."""
    return np.zeros(0, dtype=WORD_DTYPE)


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it is shown.

    Attributes:
        index: Page index from 0.
        label: The printed label ("iv", "12"), or "" where the file gives none.
        width: In PDF points; 0 where only the page's number is known.
        height: As the width.
        has_text: Whether the page yielded any text; False on a scan.
    """

    index: int
    label: str
    width: float
    height: float
    has_text: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class ParsedDocument:
    """What a parser returns: text, blocks with exact positions, and what it noticed.

    Attributes:
        text: The whole text; blocks are slices of it, with only white space between them.
        blocks: Blocks in reading order.
        unit: What ``Block.first`` and ``Block.last`` count.
        pages: Pages, for formats that have them.
        words: Words with their boxes, for PDF.
        properties: Metadata read from the file itself, with lower-case keys:
            "title", "author", "subject", "created", "modified", "language", "publisher".
            Values are as the file has them; ``ingest.metadata`` judges them.
        warnings: What was repaired or left out, one sentence each, for the report.
    """

    text: str
    blocks: tuple[Block, ...]
    unit: Unit
    pages: tuple[Page, ...] = ()
    words: Words = field(default_factory=no_words)
    properties: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rect:
    """A box on a page, in PDF points, origin at the top left of the page as shown."""

    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True, slots=True)
class PageArea:
    """The part of one PDF page that a span covers, a rectangle a line of text."""

    index: int
    label: str
    rects: tuple[Rect, ...] = ()


@dataclass(frozen=True, slots=True)
class Locator:
    """Where a span of a document's text stands in the file a person opens.

    Attributes:
        unit: What ``first`` and ``last`` count.
        first: First place, from 1.
        last: Last place, inclusive.
        heading_path: Headings above the span, outermost first.
        pages: Every page the span touches, in order: of a PDF, and of a Word document where
            Word left them.
        anchor: Of a web page, the name of the section that the span is in.
    """

    unit: Unit
    first: int
    last: int
    heading_path: tuple[str, ...] = ()
    pages: tuple[PageArea, ...] = ()
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """The unit that is indexed, retrieved and cited: ``document.text[start:end] == text``.

    Attributes:
        start: First character in the document's text.
        end: One past the last.
        text: The characters themselves.
        heading_path: Headings above it, outermost first.
        context: The context of its blocks (see ``Block.context``), in order, each once.
        language: ISO 639-1 code, or "und".
        kind: The kind of its longest block.
        evidence: What kind of evidence it is.
        ocr: Where its text was recognised in a picture, how sure that was: 0 to 1.
    """

    start: int
    end: int
    text: str
    heading_path: tuple[str, ...]
    context: str
    language: str
    kind: BlockKind
    evidence: Evidence = Evidence.PLAIN
    ocr: float | None = None


class AccessLevel(StrEnum):
    """Who may read a document."""

    PUBLIC = "public"
    INTERNAL = "internal"
    RESTRICTED = "restricted"


@dataclass(frozen=True, slots=True)
class Why:
    """Where one field of the metadata was read, so that a person can see why it says so.

    Attributes:
        field: The field's name, such as "title", "countries" or "symbol".
        place: Such as "page 1", "line 3", "property 'created'", "file name" or "manifest".
        rule: Why that counts, in a few words.
        words: What stands there, shortened.
    """

    field: str
    place: str
    rule: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known about a document, whether read from it or said in a manifest.

    Attributes:
        title: As a reader would cite it.
        year: Four digits, or None.
        kind: One of ``ingest.metadata.KINDS`` or another lower-case word from a manifest.
        languages: ISO 639-1 codes, most used first.
        countries: English short names, sorted.
        publisher: Publishing organisations, in order.
        access: Who may read it.
        groups: For restricted documents, the groups that may; empty means nobody but keepers.
        source_url: Where the original can be had, or "".
        symbol: Document symbol such as "DP/2025/14/Corr.1", or "".
        why: Where each field was read; a field that was not found has none.
    """

    title: str
    year: int | None = None
    kind: str = "document"
    languages: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    publisher: tuple[str, ...] = ()
    access: AccessLevel = AccessLevel.PUBLIC
    groups: tuple[str, ...] = ()
    source_url: str = ""
    symbol: str = ""
    why: tuple[Why, ...] = ()


class FileState(StrEnum):
    """How a file ended in an ingest run."""

    ADDED = "added"
    UNCHANGED = "unchanged"
    REPLACED = "replaced"
    REMOVED = "removed"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class FileResult:
    """One line of the ingest report.

    Attributes:
        file: Path relative to the root it was found under, with forward slashes.
        state: How it ended.
        reason: For a failure, what happened and what to do; otherwise a remark or "".
        doc_id: The document, where there is one.
        passages: How many passages the document has now.
        pages: How many pages it has (0 where a format has none).
        warnings: What the parser repaired or left out.
        failure: For a failure, what ``ingest.errors`` calls it.
    """

    file: str
    state: FileState
    reason: str = ""
    doc_id: str | None = None
    passages: int = 0
    pages: int = 0
    warnings: tuple[str, ...] = ()
    failure: str = ""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file found by the walk, or inside another file.

    Attributes:
        path: Absolute, links resolved: its identity. In an archive ``/docs/a.zip/annex/note.pdf``.
        root: The folder it was found under (its parent when it was named itself), absolute.
        file: Path relative to ``root``, with forward slashes.
        holder: The archive or message that it is in, or None.
        stored: Where its bytes lie for the length of a run, when that is not ``path``.
    """

    path: Path
    root: Path
    file: str
    holder: SourceFile | None = None
    stored: Path | None = None

    @property
    def content(self) -> Path:
        """Where its bytes can be read now."""
        return self.path if self.stored is None else self.stored

    def holders(self) -> Iterator[SourceFile]:
        """Yield what it is in, innermost first."""
        holder = self.holder
        while holder is not None:
            yield holder
            holder = holder.holder


@dataclass(frozen=True, slots=True, eq=False)
class Extracted:
    """A file that was parsed and cut, ready to be embedded and stored.

    Attributes:
        source: Where it came from.
        sha256: Of the bytes that were parsed, hexadecimal.
        size: Of those bytes.
        parsed: Text, blocks, pages and words.
        passages: The text cut into passages, in order.
        metadata: As read from the file, before a manifest overrides it.
    """

    source: SourceFile
    sha256: str
    size: int
    parsed: ParsedDocument
    passages: tuple[Passage, ...]
    metadata: Metadata


@dataclass(frozen=True, slots=True)
class Unchanged:
    """A file whose bytes are those the library has."""

    source: SourceFile
    sha256: str


@dataclass(frozen=True, slots=True)
class Failed:
    """A file that could not become a document: why, also as ``ingest.errors`` calls it."""

    source: SourceFile
    reason: str
    failure: str = "unreadable"


@dataclass(frozen=True, slots=True)
class Opened:
    """A file that holds others, each with an outcome of its own.

    Attributes:
        source: The archive or message.
        members: The files in it; their bytes lie in ``stored`` until their outcome is taken.
        manifests: Files in it that are named as a manifest, which are no documents.
        ignored: Names of what was left out on purpose.
        complete: Whether everything in it is named here.
    """

    source: SourceFile
    members: tuple[SourceFile, ...]
    manifests: tuple[SourceFile, ...] = ()
    ignored: tuple[str, ...] = ()
    complete: bool = True


Outcome = Extracted | Unchanged | Failed | Opened
"""What the pipeline yields: ``Opened`` for what holds others, another for every document."""
