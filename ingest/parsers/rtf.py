"""RTF documents, by their text alone."""

from __future__ import annotations

from pathlib import Path

from striprtf.striprtf import rtf_to_text

from ingest.errors import DamagedFile
from ingest.parsers.assemble import Piece, assemble
from ingest.parsers.plain import read
from ingest.parsers.tables import linearise, row_of
from ingest.types import BlockKind, ParsedDocument, Unit

_BULLETS = ("•", "·", "▪", "◦", "–", "-", "*")


def parse(path: Path) -> ParsedDocument:
    """Parse an RTF document; places are its paragraphs, from 1. Headings are not told apart.

    Raises:
        DamagedFile: It is broken.
        LimitExceeded: It is too large.
        NoText: It holds no text.
        SourceError: It cannot be read.
    """
    data = read(path)
    try:
        text = rtf_to_text(data.decode("latin-1"), errors="replace")
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as exc:
        raise DamagedFile(
            f"The RTF document is damaged ({type(exc).__name__}). Open it in Word or LibreOffice, "
            "save it as .docx and add that."
        ) from exc
    notes = ["Its footnotes were left out."] if b"\\footnote" in data else []
    return assemble(_pieces(text), Unit.PARAGRAPH, warnings=notes)


def _pieces(text: str) -> list[Piece]:
    """Return a piece for each line; lines with bars are the rows of a table."""
    found: list[Piece] = []
    table: list[tuple[int, list[str]]] = []
    number = 0
    for line in [*text.split("\n"), ""]:
        if line.strip():
            number += 1
        if line.count("|") > 0 and line.rstrip().endswith("|"):
            table.append((number, line.rstrip().removesuffix("|").split("|")))
            continue
        found += linearise([row_of(cells, place, place) for place, cells in table])
        table = []
        words = " ".join(line.split())
        if not words:
            continue
        listed = words.startswith(_BULLETS) and words[1:2] == " "
        found.append(
            Piece(BlockKind.LIST_ITEM if listed else BlockKind.PARAGRAPH, words, number, number)
        )
    return found
