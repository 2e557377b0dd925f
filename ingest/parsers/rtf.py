"""RTF documents, by their text alone."""

from __future__ import annotations

from pathlib import Path

from striprtf.striprtf import rtf_to_text

from ingest.errors import DamagedFile
from ingest.parsers.assemble import Piece, assemble
from ingest.parsers.plain import read
from ingest.parsers.rtf_notes import mark_notes, take
from ingest.parsers.tables import linearise, row_of
from ingest.types import BlockKind, ParsedDocument, Unit

_BULLETS = ("•", "·", "▪", "◦", "–", "-", "*")


def parse(path: Path) -> ParsedDocument:
    """Parse an RTF document; places are its paragraphs, from 1. Headings are not told apart.

    A note follows the paragraph, or the table, that calls it.

    Raises:
        DamagedFile: It is broken.
        LimitExceeded: It is too large.
        NoText: It holds no text.
        SourceError: It cannot be read.
    """
    marked = mark_notes(read(path).decode("latin-1"))
    try:
        found = _pieces(_text(marked.text), marked.notes)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as exc:
        raise DamagedFile(
            f"The RTF document is damaged ({type(exc).__name__}). Open it in Word or LibreOffice, "
            "save it as .docx and add that."
        ) from exc
    return assemble(found, Unit.PARAGRAPH)


def _text(code: str) -> str:
    text: str = rtf_to_text(code, errors="replace")
    return text


def _pieces(text: str, notes: tuple[str, ...]) -> list[Piece]:
    """Return a piece for each line and each note; lines with bars are the rows of a table."""
    found: list[Piece] = []
    table: list[tuple[int, list[str]]] = []
    waiting: list[Piece] = []
    number = 0
    for marked in [*text.split("\n"), ""]:
        line, called = take(marked, notes, _text)
        number += bool(line.strip())
        asides = [Piece(BlockKind.PARAGRAPH, note, number, number) for note in called]
        if line.count("|") > 0 and line.rstrip().endswith("|"):
            table.append((number, line.rstrip().removesuffix("|").split("|")))
            waiting += asides
            continue
        found += linearise([row_of(cells, place, place) for place, cells in table])
        found += waiting
        table, waiting = [], []
        words = " ".join(line.split())
        found += [*([_piece(words, number)] if words else []), *asides]
    return found


def _piece(words: str, number: int) -> Piece:
    listed = words.startswith(_BULLETS) and words[1:2] == " "
    return Piece(BlockKind.LIST_ITEM if listed else BlockKind.PARAGRAPH, words, number, number)
