"""How well clean scans are read in each language.

Notes in our own words (``benchmarks.ocr_texts``) are drawn with Noto fonts, printed as a picture of
300 dots an inch into a PDF without any text, and put through the parser as a file of a library is:
once with nothing that says their language, and once with their language given. Prints the share of
words that come out in order, how sure the recognition says that it is, and in which language the
document was taken to be. Needs tesseract with its language packs, and fonts-noto-core.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from benchmarks.ocr_texts import NOTES, Note
from benchmarks.word_order import score
from ingest.language import detect
from ingest.parsers.registry import parse
from ingest.recognition import Recognition, find_recognition, reading_pictures
from ingest.types import ParsedDocument

FONTS = Path("/usr/share/fonts/truetype/noto")
DPI = 300
WIDTH, HEIGHT = 2480, 3508
MARGIN, SIZE, LEADING = 260, 46, 78
TARGET = 0.90


def main() -> None:
    """Print a line a language; exits 1 when one falls short."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keep", type=Path, help="a folder in which the scans are kept")
    options = parser.parse_args()
    how = find_recognition()
    print("language             nothing said    language given   surest   taken for   seconds")
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        enough = [measure(note, folder, how) for note in NOTES]
    sys.exit(0 if all(enough) else 1)


def measure(note: Note, folder: Path, how: Recognition) -> bool:
    """Print one language's line; tells whether it reaches the target with nothing said."""
    path = scan(note, folder / f"{note.name.replace(' ', '-').strip('()').lower()}.pdf")
    start = time.monotonic()
    read = document(path, how)
    seconds = time.monotonic() - start
    told = document(path, replace(how, wanted=(note.language,)))
    alone, given = (score(one.text, note.text).in_order for one in (read, told))
    blocks = [block for block in read.blocks if block.ocr is not None]
    sure = sum((b.ocr or 0) * (b.end - b.start) for b in blocks)
    sure /= max(sum(b.end - b.start for b in blocks), 1)
    print(
        f"{note.name:<20} {100 * alone:10.1f} %   {100 * given:12.1f} %   {100 * sure:4.0f} %"
        f"   {detect(read.text):>9}   {seconds:7.1f}"
    )
    return alone >= TARGET


def document(path: Path, how: Recognition) -> ParsedDocument:
    """Parse a scan."""
    with reading_pictures(how):
        return parse(path)


def scan(note: Note, path: Path) -> Path:
    """Draw a note as a page and write it as a PDF that is a picture."""
    page = Image.new("L", (WIDTH, HEIGHT), 255)
    draw = ImageDraw.Draw(page)
    font = ImageFont.truetype(str(FONTS / f"{note.font}.ttf"), SIZE)
    leftward = note.language == "ar"
    top = MARGIN
    for paragraph in paragraphs(note.text):
        for line in wrapped(paragraph, font):
            side = WIDTH - MARGIN if leftward else MARGIN
            draw.text((side, top), line, 0, font, anchor="ra" if leftward else "la")
            top += LEADING
        top += LEADING // 2
    page.save(path, "PDF", resolution=DPI, quality=85)
    return path


def paragraphs(text: str) -> list[str]:
    """Return a note's paragraphs: its first line is a title, and a sentence's end may part them."""
    title, *lines = text.splitlines()
    found, now = [title], ""
    for line in lines:
        now = f"{now} {line}".strip()
        if line.endswith((".", "।")):
            found.append(now)
            now = ""
    return [*found, now] if now else found


def wrapped(text: str, font: ImageFont.FreeTypeFont) -> list[str]:
    """Break a paragraph into lines that fit the page."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if font.getlength(longer) <= WIDTH - 2 * MARGIN:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


if __name__ == "__main__":
    main()
