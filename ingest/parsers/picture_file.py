"""Pictures by themselves, such as a scan that was kept as a JPEG: the text that stands on them."""

from __future__ import annotations

from pathlib import Path

from ingest.errors import NoText
from ingest.parsers.assemble import assemble
from ingest.parsers.pictures import Pictures
from ingest.types import ParsedDocument, Unit


def parse(path: Path) -> ParsedDocument:
    """Read the text of a picture; places are its paragraphs, from 1.

    Raises:
        DamagedFile: It cannot be opened.
        NoText: No text stands on it, or none can be read; the text says what to install.
    """
    pictures = Pictures(list)
    pieces = pictures.of_file(path)
    if pieces:
        return assemble(pieces, Unit.PARAGRAPH, warnings=pictures.warnings("page"))
    if pictures.unread:
        raise pictures.no_text()
    raise NoText("No text stands on the picture, or it is too small or too faint to be read.")
