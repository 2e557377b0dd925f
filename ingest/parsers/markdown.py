"""Markdown: structure from markdown-it, text as a person would read it.

Also reads tables whose cells are parted by tabs, as PDF converters write them, and joins
their rows again where a page break split them.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token

from ingest.errors import DamagedFile
from ingest.parsers import html
from ingest.parsers.assemble import Piece, assemble, check_length
from ingest.parsers.plain import decode, read
from ingest.parsers.tab_tables import TabTable, tab_tables
from ingest.parsers.tables import Row, lead_in, linearise, row_of
from ingest.types import BlockKind, ParsedDocument, Unit

_MAX_NESTING = 60
_MAX_FRONT_MATTER = 20_000
_FRONT_MATTER = re.compile(r"---[ \t]*\n(.*?\n)(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_PROPERTIES = {
    "title": "title",
    "author": "author",
    "authors": "author",
    "subject": "subject",
    "description": "subject",
    "date": "created",
    "created": "created",
    "modified": "modified",
    "updated": "modified",
    "language": "language",
    "lang": "language",
    "publisher": "publisher",
}
_TAG = re.compile(r"<[a-zA-Z/!]")
_MARKUP = re.compile(r"[*_`\[\]&\\~!<]")
_LONG_PARAGRAPH = 200


def parse(path: Path) -> ParsedDocument:
    """Parse Markdown; places are its source lines.

    Raises:
        DamagedFile: It holds binary data, or nests too deep.
        LimitExceeded: It is too long.
        NoText: It holds no text.
        SourceError: It cannot be read.
    """
    decoded = decode(read(path))
    check_length(len(decoded.text))
    source, properties, warnings = _front_matter(decoded.text)
    lines = source.split("\n")
    tables = list(tab_tables(lines, cell_text))
    for table in tables:
        lines[table.start : table.end] = [""] * (table.end - table.start)
    try:
        structure = _Structure(lines)
        pieces = list(_joined_over_pages(structure.pieces(tables)))
    except RecursionError as exc:
        raise DamagedFile(
            "The Markdown nests deeper than any document. Open it and check what it is."
        ) from exc
    if structure.too_deep:
        warnings.append("Lists or quotations nest too deep; the innermost were left out.")
    return assemble(
        pieces, Unit.LINE, properties=properties, warnings=(*decoded.warnings, *warnings)
    )


# Front matter


def _front_matter(text: str) -> tuple[str, dict[str, str], list[str]]:
    """Take YAML front matter out, leaving blank lines so that places stay right."""
    match = _FRONT_MATTER.match(text)
    if not match:
        return text, {}, []
    problem = "The front matter is not valid YAML; it was read as text."
    if len(match[1]) > _MAX_FRONT_MATTER:
        return text, {}, [problem]
    try:
        values = yaml.safe_load(match[1])
    except (yaml.YAMLError, ValueError, LookupError, AttributeError, RecursionError):
        # A value that is not what its tag says, as in "!!timestamp soon", raises any of these.
        return text, {}, [problem]
    if not isinstance(values, dict):
        return text, {}, []
    properties: dict[str, str] = {}
    for name, value in values.items():
        key = _PROPERTIES.get(str(name).lower()) if isinstance(name, str) else None
        if key:
            properties.setdefault(key, _scalar(value))
    return "\n" * match[0].count("\n") + text[match.end() :], properties, []


def _scalar(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(
            filter(None, (_scalar(item) for item in value if not isinstance(item, list)))
        )
    if isinstance(value, (str, int, float, datetime.date)) and not isinstance(value, bool):
        return str(value)
    return ""


# Structure


class _Structure:
    """Walks markdown-it's tokens and makes pieces."""

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines
        reader = MarkdownIt("commonmark", {"maxNesting": _MAX_NESTING})
        self._tokens = reader.enable(["table", "strikethrough"]).parse("\n".join(lines))
        self._lists: list[int | None] = []
        self._marker: str | None = None
        self._skip_to = 0
        self.too_deep = any(token.level >= _MAX_NESTING - 1 for token in self._tokens)

    def pieces(self, tables: Sequence[TabTable]) -> Iterator[Piece]:
        """Yield the pieces of the whole file, with tab-separated tables where they stood."""
        waiting = list(reversed(tables))
        before: Piece | None = None
        at = 0
        while at < len(self._tokens):
            token = self._tokens[at]
            start = token.map[0] if token.map else -1
            while waiting and start >= waiting[-1].start:
                yield from linearise(waiting.pop().rows, lead_in(before))
                before = None
            if token.type == "table_open":
                end = self._matching(at)
                made = self._pipe_table(self._tokens[at:end], before)
                at = end
            else:
                made = self._block(token, at)
            for piece in made:
                yield piece
                before = piece
            at += 1
        while waiting:
            yield from linearise(waiting.pop().rows, lead_in(before))
            before = None

    def _matching(self, at: int) -> int:
        """Return where the table that opens at a token closes."""
        while self._tokens[at].type != "table_close":
            at += 1
        return at

    def _block(self, token: Token, at: int) -> list[Piece]:
        if token.map and token.map[0] < self._skip_to:
            return []
        if token.type in ("bullet_list_open", "ordered_list_open"):
            ordered = token.type == "ordered_list_open"
            self._lists.append(int(token.attrGet("start") or 1) if ordered else None)
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            # One that opened inside a table of HTML was passed over with it.
            if self._lists:
                self._lists.pop()
        elif token.type == "list_item_open":
            self._marker = self._next_marker(token)
        elif token.type == "list_item_close":
            self._marker = None
        elif token.type == "inline":
            return self._inline(token, self._tokens[at - 1])
        elif token.type in ("fence", "code_block"):
            return [self._piece(BlockKind.PARAGRAPH, token.content.strip("\n").rstrip(), token)]
        elif token.type == "html_block":
            return self._html(token)
        return []

    def _next_marker(self, token: Token) -> str:
        if self._lists[-1] is None:
            return ""
        return f"{token.info or self._lists[-1]}. "

    def _inline(self, token: Token, opening: Token) -> list[Piece]:
        text = reading_text(token, one_line=opening.type == "heading_open")
        if opening.type == "heading_open":
            return [self._piece(BlockKind.HEADING, text, token, int(opening.tag[1]))]
        if self._marker is None:
            return [self._piece(BlockKind.PARAGRAPH, text, token)]
        text = self._marker + text if text else ""
        self._marker = None
        return [self._piece(BlockKind.LIST_ITEM, text, token)]

    def _piece(self, kind: BlockKind, text: str, token: Token, level: int = 0) -> Piece:
        start, end = token.map or (0, 1)
        while end > start + 1 and not self._lines[end - 1].strip():
            end -= 1
        return Piece(kind, text, start + 1, end, level)

    def _html(self, token: Token) -> list[Piece]:
        """Read a block of HTML; a table goes on over blank lines to its end."""
        start, end = token.map or (0, 0)
        markup = token.content
        opened = len(re.findall(r"(?i)<table\b", markup)) - len(re.findall(r"(?i)</table", markup))
        while opened > 0 and end < len(self._lines):
            line = self._lines[end]
            opened += len(re.findall(r"(?i)<table\b", line)) - len(re.findall(r"(?i)</table", line))
            markup += line + "\n"
            end += 1
        self._skip_to = end
        return html.pieces(markup, start + 1)

    def _pipe_table(self, tokens: Sequence[Token], before: Piece | None) -> list[Piece]:
        rows: list[Row] = []
        cells: list[str] = []
        line = 0
        for token in tokens:
            if token.type == "tr_open":
                cells = []
                line = token.map[0] + 1 if token.map else line
            elif token.type == "inline":
                cells.append(reading_text(token))
            elif token.type == "tr_close":
                rows.append(row_of(cells, line, line, header=not rows))
        if rows and not any(cell.text for cell in rows[0].cells):
            rows = rows[1:]
        return linearise(rows, lead_in(before))


def reading_text(token: Token, *, one_line: bool = False) -> str:
    """Return an inline token's text without markup: links keep their words, tags go.

    Hard breaks stay line breaks, except in headings and in bold type, where they only
    wrap a title.
    """
    parts: list[str] = []
    bold = 0
    for child in token.children or ():
        if child.type in ("text", "code_inline", "image"):
            parts.append(child.content)
        elif child.type in ("strong_open", "strong_close"):
            bold += child.nesting
        elif child.type == "softbreak":
            parts.append(" ")
        elif child.type == "hardbreak" or re.match(r"(?i)<br\b", child.content):
            parts.append(" " if bold or one_line else "\n")
    lines = re.sub(r"[ \t]+", " ", "".join(parts)).split("\n")
    return "\n".join(line.strip() for line in lines if line.strip())


def cell_text(cell: str) -> str:
    """Return a table cell's text without its inline HTML or Markdown."""
    if _TAG.search(cell):
        return html.fragment_text(cell)
    if not _MARKUP.search(cell):
        return " ".join(cell.split())
    tokens = _inline_reader().parseInline(cell.strip())
    return reading_text(tokens[0]) if tokens else ""


@cache
def _inline_reader() -> MarkdownIt:
    return MarkdownIt("commonmark")


def _joined_over_pages(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Join a long paragraph that stops inside a sentence with the rest of it that follows.

    Converters leave a blank line there where a page ended.
    """
    held: Piece | None = None
    for piece in pieces:
        if held is not None and _goes_on(held, piece):
            held = replace(held, text=f"{held.text} {piece.text}", last=piece.last)
            continue
        if held is not None:
            yield held
        held = piece
    if held is not None:
        yield held


def _goes_on(before: Piece, after: Piece) -> bool:
    if not before.kind is after.kind is BlockKind.PARAGRAPH or len(before.text) < _LONG_PARAGRAPH:
        return False
    broken = before.text[-1].isalpha() or before.text[-1] == ","
    return broken and after.text[:1].islower() and "\n" not in before.text + after.text
