"""Whether what is marked on a page is what is quoted: reads back the text under the rectangles.

    python -m benchmarks.marks LIBRARY [--limit 500] [--show 5]

For every passage of a PDF in a library, the characters whose centre lies under its rectangles
are read from the page with PDFium and compared with the passage, letters and digits alone, by
how often each occurs: hyphens at the ends of lines, ligatures and the order of columns are left
out of it on purpose. A passage counts as covered when no more is missing or too much than one
word at either edge. Pages without a text of their own (scans) cannot be read back and are counted
apart.
"""

from __future__ import annotations

import argparse
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium

from index.types import KEEPER, StoredDocument, StoredPassage
from ingest.types import PageArea
from mmsearch.knowledge import KnowledgeBase

SLACK = 1.0
"""Points by which a character's centre may lie outside."""


@dataclass(frozen=True)
class Read:
    """One passage, compared.

    Attributes:
        passage_id: Which one.
        quoted: Its letters and digits.
        missing: How many of them are not under its marks.
        extra: How many are under its marks and not among them.
        edges: How many its first and its last word have.
    """

    passage_id: str
    quoted: str
    missing: int
    extra: int
    edges: int

    @property
    def covered(self) -> bool:
        """Whether it is right within one word at either edge."""
        return self.missing <= self.edges and self.extra <= self.edges


def letters(text: str) -> str:
    """Return the letters and digits of a text, compatibility forms unified, in lower case."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(char for char in plain if char.isalnum())


@dataclass(frozen=True)
class Characters:
    """The characters of a page with their centres as shown, in points from the top left."""

    text: str
    centres: tuple[tuple[float, float], ...]


class Pages:
    """Reads pages of one file."""

    def __init__(self, path: Path) -> None:
        self._pdf = pypdfium2.PdfDocument(path)
        self.read = lru_cache(maxsize=16)(self._read)

    def close(self) -> None:
        """Close the file."""
        self.read.cache_clear()
        self._pdf.close()

    def _read(self, index: int) -> Characters:
        page = self._pdf[index]
        text = page.get_textpage()
        width, height = (round(10 * side) for side in page.get_size())
        characters, centres = [], []
        x, y = pdfium.c_int(), pdfium.c_int()
        for at in range(text.count_chars()):
            code = pdfium.FPDFText_GetUnicode(text, at)
            left, bottom, right, top = text.get_charbox(at)
            # As shown, rotation and crop included, in tenths of a point.
            pdfium.FPDF_PageToDevice(
                page, 0, 0, width, height, 0, (left + right) / 2, (bottom + top) / 2, x, y
            )
            characters.append(chr(code) if code < 0x110000 else " ")
            centres.append((x.value / 10, y.value / 10))
        return Characters("".join(characters), tuple(centres))


def under(pages: Pages, areas: tuple[PageArea, ...]) -> str:
    """Return the letters and digits under the rectangles of a passage."""
    found = []
    for area in areas:
        page = pages.read(area.index)
        for char, (x, y) in zip(page.text, page.centres, strict=True):
            if any(
                r.x0 - SLACK <= x <= r.x1 + SLACK and r.y0 - SLACK <= y <= r.y1 + SLACK
                for r in area.rects
            ):
                found.append(char)
    return letters("".join(found))


def compare(passage: StoredPassage, pages: Pages) -> Read:
    """Compare a passage with what is under its marks."""
    quoted = letters(passage.text)
    found = Counter(under(pages, passage.locator.pages))
    wanted = Counter(quoted)
    words = passage.text.split()
    edges = len(words[0]) + len(words[-1]) if words else 0
    return Read(
        passage.passage_id,
        quoted,
        (wanted - found).total(),
        (found - wanted).total(),
        edges,
    )


def documents(knowledge: KnowledgeBase) -> Iterator[tuple[StoredDocument, Path]]:
    """Yield the PDF documents of a library with their files."""
    for document in knowledge.readable(reader=KEEPER):
        if document.pages and document.file.endswith(".pdf"):
            yield document, knowledge.original(document.doc_id, reader=KEEPER)


def check(knowledge: KnowledgeBase, *, limit: int | None = None) -> tuple[list[Read], int]:
    """Compare passages of a library; returns them, and how many stand on scans."""
    reads: list[Read] = []
    scans = 0
    for document, path in documents(knowledge):
        pages = Pages(path)
        try:
            for passage in knowledge.passages(document.doc_id, reader=KEEPER):
                if limit is not None and len(reads) >= limit:
                    return reads, scans
                if not all(pages.read(area.index).text.strip() for area in passage.locator.pages):
                    scans += 1
                    continue
                reads.append(compare(passage, pages))
        finally:
            pages.close()
    return reads, scans


def main() -> int:
    """Check a library and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("library", type=Path)
    parser.add_argument("--limit", type=int, help="check at most so many passages")
    parser.add_argument("--show", type=int, default=5, help="show so many that are not covered")
    given = parser.parse_args()
    with KnowledgeBase.open(given.library) as knowledge:
        reads, scans = check(knowledge, limit=given.limit)
    covered = sum(read.covered for read in reads)
    exact = sum(not read.missing and not read.extra for read in reads)
    print(
        f"{len(reads)} passages: {exact} letter for letter, {covered} within one word at the "
        f"edges ({covered / max(len(reads), 1):.2%}); {scans} more on scans"
    )
    for read in [read for read in reads if not read.covered][: given.show]:
        print(f"  {read.passage_id}: {read.missing} missing, {read.extra} too many")
    return 0 if covered == len(reads) else 1


if __name__ == "__main__":
    sys.exit(main())
