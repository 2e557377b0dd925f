"""HTML: main content to blocks, read as a stream of tags with their source lines.

The standard library's parser tells the line of every tag and text, needs no recursion
however deep the tags nest, and forgives what browsers forgive.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Literal

from ingest.parsers.alternative import Alternatives, unrepeated
from ingest.parsers.assemble import Piece, assemble
from ingest.parsers.html_around import (
    AROUND,
    AROUND_PAGE,
    NEVER_SHOWN,
    is_hidden,
    is_named_around,
)
from ingest.parsers.html_tables import OpenTable, whole_number
from ingest.parsers.html_text import collapsed, first_number, joined
from ingest.parsers.plain import decode, read
from ingest.types import BlockKind, ParsedDocument, Unit

_CHARSET = re.compile(rb"<meta[^>]+?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_MAIN_SHARE = 1 / 3
#: Tables nested deeper than this are read as part of the cell they stand in.
_MAX_TABLES = 30

_BLOCK_TAGS = frozenset(
    (
        *("address", "article", "aside", "blockquote", "body", "caption", "center", "dd"),
        *("details", "dialog", "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure"),
        *("footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr"),
        *("html", "legend", "li", "main", "menu", "nav", "ol", "optgroup", "option", "p"),
        *("pre", "search", "section", "summary", "table", "tbody", "td", "tfoot", "th"),
        *("thead", "tr", "ul"),
    )
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_VOID = frozenset(
    (
        *("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta"),
        *("source", "track", "wbr"),
    )
)
#: A start tag of the same name ends these where the end tag was left out.
_SELF_CLOSING = frozenset(("p", "li", "tr", "td", "th", "dt", "dd", "option"))

_META = {
    "author": "author",
    "dc.creator": "author",
    "dcterms.creator": "author",
    "description": "subject",
    "dc.description": "subject",
    "date": "created",
    "dc.date": "created",
    "dcterms.created": "created",
    "article:published_time": "created",
    "last-modified": "modified",
    "dcterms.modified": "modified",
    "article:modified_time": "modified",
    "dc.publisher": "publisher",
    "og:site_name": "publisher",
    "dc.language": "language",
}

Region = Literal["main", "article", "body"]
Attributes = Sequence[tuple[str, str | None]]


def parse(path: Path) -> ParsedDocument:
    """Parse an HTML page; places are its source lines.

    Raises:
        DamagedFile: It holds binary data.
        LimitExceeded: It is too long.
        NoText: It shows no text.
        SourceError: It cannot be read.
    """
    data = read(path)
    declared = _CHARSET.search(data[:4096])
    decoded = decode(data, declared[1].decode("ascii", "ignore") if declared else "")
    reader = _read(decoded.text)
    found = reader.main_content()
    if reader.left_by_name:
        # A name is a weak sign: one that takes most of the page away is not believed.
        whole = _read(decoded.text, names=False).main_content()
        if _length(found) < _MAIN_SHARE * _length(whole):
            found = whole
    found = found or _read(decoded.text, everything=True).main_content()
    return assemble(found, Unit.LINE, properties=reader.properties, warnings=decoded.warnings)


def pieces(markup: str, first_line: int = 1) -> list[Piece]:
    """Return the pieces of a fragment of HTML, its first line counted as ``first_line``."""
    shift = first_line - 1
    return [
        replace(piece, first=piece.first + shift, last=piece.last + shift)
        for piece in _read(markup, everything=True).main_content()
    ]


def fragment_text(markup: str) -> str:
    """Return a fragment's text as a reader sees it, a line for each block in it."""
    return "\n".join(piece.text for piece in pieces(markup))


def _length(found: Sequence[Piece]) -> int:
    return sum(len(piece.text) for piece in found)


def _read(markup: str, *, everything: bool = False, names: bool = True) -> _PageReader:
    reader = _PageReader(everything=everything, names=names)
    # Nothing after the last ">" can be a tag; html.parser would look for one's end again
    # from each "<" to the end of the file.
    last = markup.rfind(">") + 1
    reader.feed(markup[:last] + markup[last:].replace("<", "&lt;"))
    reader.close()
    reader.finish()
    return reader


class _PageReader(HTMLParser):
    """Collects the pieces of a page while its tags stream by."""

    def __init__(self, *, everything: bool = False, names: bool = True) -> None:
        super().__init__(convert_charrefs=True)
        self.properties: dict[str, str] = {}
        self.left_by_name = False
        self._everything = everything
        self._names = names
        self._anchor = ""
        self._found: list[tuple[Region, Piece]] = []
        self._buffer: list[tuple[str, int]] = []
        self._level = 0
        self._caption = 0
        self._preformatted = 0
        self._strong = 0
        self._marker: str | None = None
        self._lists: list[int | None] = []
        self._tables: list[OpenTable] = []
        self._ignored_tables = 0
        self._regions: list[tuple[str, Region]] = []
        self._skipping = ""
        self._skip_depth = 0
        self._in_title = False
        self._alternatives = Alternatives()
        self._described: list[Piece] = []

    def main_content(self) -> list[Piece]:
        """Return what is in main, else in article (if that is much of the page), else all."""
        total = sum(len(piece.text) for _, piece in self._found)
        for region, share in (("main", 0.0), ("article", _MAIN_SHARE)):
            inside = [piece for where, piece in self._found if where == region]
            if sum(len(piece.text) for piece in inside) > total * share:
                return unrepeated(inside)
        return unrepeated([piece for _, piece in self._found])

    def finish(self) -> None:
        """Close what the page left open."""
        self._flush()
        while self._tables:
            self._end_table()
        self._put_described()

    # Tags

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        """Take a start tag."""
        if self._skipping:
            self._skip_start(tag)
            if self._skipping:
                return
        attributes = {name: value or "" for name, value in attrs}
        self._note_anchor(tag, attributes)
        if tag in ("html", "meta"):
            self._property(tag, attributes)
        if tag not in _VOID and self._is_left_out(tag, attributes):
            self._skipping, self._skip_depth = tag, 1
            if tag in _BLOCK_TAGS:
                self._flush()
        elif tag == "title":
            self._in_title = True
        elif tag == "br":
            self._buffer.append(("\n", 0))
        elif tag == "img":
            alternative = attributes.get("alt")
            self._described += self._alternatives.pieces(alternative, self.getpos()[0])
        elif tag in ("b", "strong"):
            self._strong += 1
        elif tag in _BLOCK_TAGS:
            self._flush()
            self._start_block(tag, attributes)

    def handle_startendtag(self, tag: str, attrs: Attributes) -> None:
        """Take a self-closed tag, which only void elements and XHTML have."""
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        """Take an end tag."""
        if self._skipping:
            if tag == self._skipping:
                self._skip_depth -= 1
                if not self._skip_depth:
                    self._skipping = ""
        elif tag == "title":
            self._in_title = False
        elif tag in ("b", "strong"):
            self._strong = max(0, self._strong - 1)
        elif tag in _BLOCK_TAGS:
            self._flush()
            self._end_block(tag)

    def handle_data(self, data: str) -> None:
        """Take text."""
        if self._skipping:
            return
        if self._in_title:
            self.properties["title"] = collapsed(self.properties.get("title", "") + data)
            return
        self._buffer.append((data, self.getpos()[0]))
        if self._tables:
            self._tables[-1].weigh(data, bold=self._strong > 0)

    def parse_marked_section(self, i: int, report: int = 1) -> int:
        """Skip ``<![…`` as browsers do, where the base class gives up."""
        return self.parse_bogus_comment(i, report=False)

    # What is left out

    def _is_left_out(self, tag: str, attributes: dict[str, str]) -> bool:
        if tag in NEVER_SHOWN:
            return True
        if self._everything or tag in ("html", "body"):
            return False
        if tag in AROUND or (tag in AROUND_PAGE and not self._regions):
            return True
        if is_hidden(attributes):
            return True
        named = self._names and is_named_around(tag, attributes)
        self.left_by_name = self.left_by_name or named
        return named

    def _skip_start(self, tag: str) -> None:
        if tag != self._skipping or tag in _VOID:
            return
        if tag in _SELF_CLOSING:
            self._skipping = ""
        else:
            self._skip_depth += 1

    def _property(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "html":
            language = attributes.get("lang") or attributes.get("xml:lang")
            if language:
                self.properties.setdefault("language", language)
            return
        name = (attributes.get("name") or attributes.get("property") or "").lower()
        key = _META.get(name)
        if key and attributes.get("content"):
            self.properties.setdefault(key, attributes["content"])

    def _note_anchor(self, tag: str, attributes: dict[str, str]) -> None:
        """Remember an anchor for the heading that it is on, in or just before."""
        name = attributes.get("id") or (attributes.get("name", "") if tag == "a" else "")
        if name and (tag in _HEADINGS or not (self._level and self._anchor)):
            self._anchor = name.strip()

    # Blocks

    def _start_block(self, tag: str, attributes: dict[str, str]) -> None:
        if tag in _HEADINGS:
            self._level = _HEADINGS[tag]
        elif tag in ("p", "ul", "ol", "table", "section"):
            self._level = 0
        if tag == "main" or attributes.get("role") == "main":
            self._regions.append((tag, "main"))
        elif tag == "article":
            self._regions.append((tag, "article"))
        elif self._regions and tag == self._regions[-1][0] and tag not in _SELF_CLOSING:
            self._regions.append((tag, self._regions[-1][1]))
        if tag == "pre":
            self._preformatted += 1
        elif tag in ("caption", "figcaption"):
            self._caption += 1
        elif tag in ("ul", "ol", "menu"):
            self._lists.append(first_number(attributes) if tag == "ol" else None)
        elif tag == "li":
            self._marker = self._next_marker(attributes)
        elif tag in ("table", "thead", "tbody", "tfoot", "tr", "td", "th"):
            self._start_table_part(tag, attributes)

    def _end_block(self, tag: str) -> None:
        if tag in _HEADINGS:
            self._level = 0
        if self._regions and tag == self._regions[-1][0]:
            self._regions.pop()
        if tag == "pre":
            self._preformatted = max(0, self._preformatted - 1)
        elif tag in ("caption", "figcaption"):
            self._caption = max(0, self._caption - 1)
        elif tag in ("ul", "ol", "menu"):
            self._marker = None
            if self._lists:
                self._lists.pop()
        elif tag == "li":
            self._marker = None
        elif tag == "table" and self._ignored_tables:
            self._ignored_tables -= 1
        elif tag == "table" and self._tables:
            self._end_table()
        elif tag in ("td", "th", "tr", "thead") and self._tables:
            self._tables[-1].end(tag)

    def _next_marker(self, attributes: dict[str, str]) -> str:
        if not self._lists or self._lists[-1] is None:
            return ""
        number = whole_number(attributes.get("value", ""), self._lists[-1])
        self._lists[-1] = number + 1
        return f"{number}. " if number > 0 else ""

    def _flush(self) -> None:
        """Make a piece of the text since the last block began or ended."""
        text, first, last = joined(self._buffer, preformatted=self._preformatted > 0)
        self._buffer.clear()
        if not text:
            self._put_described()
            return
        kind = BlockKind.PARAGRAPH
        if self._level:
            kind, text = BlockKind.HEADING, text.replace("\n", " ")
        elif self._caption:
            kind = BlockKind.CAPTION
        elif self._marker is not None:
            kind, text = BlockKind.LIST_ITEM, self._marker + text
        self._marker = None
        anchor, self._anchor = self._anchor, ""
        self._put(Piece(kind, text, first, last, self._level, anchor=anchor))
        self._put_described()

    def _put_described(self) -> None:
        """Put what pictures show behind the block that they stand in, or behind its table."""
        if not self._tables:
            for piece in self._described:
                self._put(piece)
            self._described.clear()

    def _put(self, piece: Piece) -> None:
        if self._tables:
            self._tables[-1].take(piece)
        else:
            self._found.append((self._regions[-1][1] if self._regions else "body", piece))

    # Tables

    def _start_table_part(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "table":
            if self._tables:
                self._tables[-1].nested = True
            if len(self._tables) == _MAX_TABLES:
                self._ignored_tables += 1
                return
            layout = attributes.get("role") in ("presentation", "none")
            self._tables.append(OpenTable(layout))
        elif self._tables:
            self._tables[-1].start(tag, attributes, self.getpos()[0])

    def _end_table(self) -> None:
        table = self._tables.pop()
        before = self._found[-1][1] if self._found and not self._tables else None
        for piece in table.pieces(before):
            self._put(piece)
        self._put_described()
