r"""The small markup that the generated documents are written in.

A text starts with a YAML header between two lines of ``---``; after it stand blocks,
parted by empty lines: ``#`` headings, ``-`` and ``1.`` list items, ``|`` table rows
(the first row is the header; ``^^`` joins a cell to the one above it), ``[^1]:`` footnotes,
``\newpage`` and paragraphs. ``**bold**`` and ``*italic*`` may stand in any text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import yaml

ABOVE = "^^"

_HEADING = re.compile(r"(#{1,4}) +(.+)")
_BULLET = re.compile(r"- +(.+)")
_NUMBER = re.compile(r"\d+\. +(.+)")
_FOOTNOTE = re.compile(r"\[\^(\d+)\]: +(.+)")
_STARTS = re.compile(r"#{1,4} |- |\d+\. |\[\^\d+\]: |\||\\newpage")
_RUN = re.compile(r"\*\*(.+?)\*\*|\*(.+?)\*|\[\^(\d+)\]")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 is a chapter."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text."""

    text: str


@dataclass(frozen=True, slots=True)
class Item:
    """A list item. ``number`` is 0 for a bullet."""

    text: str
    number: int


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells, the header row first, all of the same length."""

    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Footnote:
    """The text of a footnote."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class NewPage:
    """What follows starts on a new page."""


Piece = Heading | Paragraph | Item | Table | Footnote | NewPage


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text in one style; ``footnote`` is the number it refers to, or 0."""

    text: str
    bold: bool = False
    italic: bool = False
    footnote: int = 0


@dataclass(frozen=True, slots=True)
class Text:
    """A document to set.

    Attributes:
        file: Path below the library folder; its suffix says the format.
        title: As its cover and its properties have it.
        author: Publishing organisation.
        language: BCP 47 tag.
        published: Day it was published.
        front_pages: Pages numbered i, ii, …, before page 1.
        columns: Relative widths of the columns of its tables, by number of columns.
        pieces: Its blocks in order.
    """

    file: str
    title: str
    author: str
    language: str
    published: date
    front_pages: int
    columns: dict[int, list[float]]
    pieces: tuple[Piece, ...]

    @property
    def moment(self) -> datetime:
        """The time written into the file: noon of the day it was published."""
        return datetime(
            self.published.year, self.published.month, self.published.day, 12, tzinfo=UTC
        )


def parse(path: Path) -> Text:
    """Parse one source text. Reads nothing but ``path``."""
    _, header, body = path.read_text(encoding="utf-8").split("---\n", 2)
    fields = yaml.safe_load(header)
    return Text(
        file=fields["file"],
        title=fields["title"],
        author=fields["author"],
        language=fields["language"],
        published=fields["published"],
        front_pages=fields.get("front_pages", 0),
        columns=fields.get("columns", {}),
        pieces=tuple(_pieces(body)),
    )


def runs(text: str) -> Iterator[Run]:
    """Cut a text into runs of one style, in order."""
    end = 0
    for match in _RUN.finditer(text):
        if match.start() > end:
            yield Run(text[end : match.start()])
        bold, italic, footnote = match.groups()
        yield Run(bold or italic or "", bool(bold), bool(italic), int(footnote) if footnote else 0)
        end = match.end()
    if end < len(text):
        yield Run(text[end:])


def _pieces(body: str) -> Iterator[Piece]:
    number = 0
    for lines in _groups(body):
        text = " ".join(lines)
        if lines[0].startswith("|"):
            yield Table(tuple(_cells(line) for line in lines))
        elif text == "\\newpage":
            yield NewPage()
        elif match := _HEADING.fullmatch(text):
            yield Heading(len(match[1]), match[2])
        elif match := _FOOTNOTE.fullmatch(text):
            yield Footnote(int(match[1]), match[2])
        elif match := _BULLET.fullmatch(text):
            yield Item(match[1], 0)
        elif match := _NUMBER.fullmatch(text):
            number += 1
            yield Item(match[1], number)
            continue
        else:
            yield Paragraph(text)
        number = 0


def _groups(body: str) -> Iterator[list[str]]:
    """Group the lines of one block; a line that starts a block ends the one before it."""
    group: list[str] = []
    for line in map(str.strip, [*body.splitlines(), ""]):
        same_table = line.startswith("|") and bool(group) and group[0].startswith("|")
        if group and not same_table and (not line or _STARTS.match(line)):
            yield group
            group = []
        if line:
            group.append(line)


def _cells(line: str) -> tuple[str, ...]:
    return tuple(cell.strip() for cell in line.strip("|").split("|"))
