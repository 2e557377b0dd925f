"""What a message is made of, whichever program wrote it: head, body, and files."""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from ingest.parsers.assemble import Piece, assemble
from ingest.parsers.html import pieces as html_pieces
from ingest.types import BlockKind, ParsedDocument, Unit

_BLANK_LINES = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")
_WORD = re.compile(r"\w+")
#: Markup whose words are more than this many times those of the plain text says more than it.
_SAYS_MORE = 2
_MAX_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Body:
    """One body of a message, as plain text, as HTML, or as both."""

    plain: str = ""
    markup: str = ""


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that a message brings along.

    Attributes:
        name: As the message has it, or "".
        media_type: As the message has it.
        data: Its bytes; None where they cannot be had.
        inline: Whether it is a picture that stands in the body.
    """

    name: str
    media_type: str
    data: bytes | None
    inline: bool = False

    def file_name(self, number: int) -> str:
        """Return its name, made from its number and its type where it has none."""
        suffix = mimetypes.guess_extension(self.media_type) or ""
        if not self.name:
            return f"attachment {number}{suffix}"
        return self.name if PurePosixPath(self.name).suffix else self.name + suffix


@dataclass(frozen=True, slots=True)
class Message:
    """A message.

    Attributes:
        subject: Its subject.
        head: From, To, Cc and Date, in this order, those that it has.
        date: When it was sent, ISO 8601, or "".
        bodies: In order.
        enclosures: In order.
        warnings: What could not be read.
    """

    subject: str
    head: tuple[tuple[str, str], ...]
    date: str
    bodies: tuple[Body, ...]
    enclosures: tuple[Enclosure, ...]
    warnings: tuple[str, ...] = ()


def message_document(message: Message) -> ParsedDocument:
    """Return a message as a document; places are its paragraphs, from 1.

    The subject is the heading; who wrote to whom and when is the first paragraph.
    """
    head = "\n".join(f"{name}: {value}" for name, value in message.head)
    found = [
        Piece(BlockKind.HEADING, " ".join(message.subject.split()), 1, 1, 1),
        Piece(BlockKind.PARAGRAPH, head, 1, 1),
    ]
    for body in message.bodies:
        found += _body(body)
    if not any(piece.text.strip() for piece in found):
        found = []
    numbered = [replace(piece, first=number, last=number) for number, piece in enumerate(found, 1)]
    author = next((value for name, value in message.head if name == "From"), "")
    return assemble(
        numbered,
        Unit.PARAGRAPH,
        properties={"title": message.subject, "author": author, "created": message.date},
        warnings=message.warnings,
    )


def _body(body: Body) -> list[Piece]:
    """Return a body's pieces: of the plain text, unless the markup says much more."""
    plain = [
        Piece(BlockKind.PARAGRAPH, _trimmed(part), 1, 1)
        for part in _BLANK_LINES.split(body.plain.replace("\r\n", "\n"))
        if part.strip()
    ]
    if not body.markup:
        return plain
    marked = html_pieces(body.markup)
    if _count(marked) > _SAYS_MORE * _count(plain):
        return marked
    return plain


def _trimmed(part: str) -> str:
    return "\n".join(line.rstrip() for line in part.split("\n")).strip("\n")


def _count(found: Sequence[Piece]) -> int:
    return sum(len(_WORD.findall(piece.text)) for piece in found)


def listed(names: Sequence[str]) -> str:
    """Join the names of people; of very many only the first."""
    shown = "; ".join(names[:_MAX_SHOWN])
    more = len(names) - _MAX_SHOWN
    return f"{shown} and {more} more" if more > 0 else shown
