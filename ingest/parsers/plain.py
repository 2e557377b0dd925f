"""Plain text in any encoding, and the reading of bytes that other text formats share."""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ingest.errors import LimitExceeded, NotAsNamed, SourceError
from ingest.parsers.assemble import MAX_CHARACTERS, check_length, no_text, storable
from ingest.parsers.charset import guess
from ingest.types import Block, BlockKind, ParsedDocument, Unit

#: No encoding takes more than four bytes for a character.
MAX_BYTES = MAX_CHARACTERS * 4

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
#: Control characters that no text has: all but tab, line breaks, form feed and escape.
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_CONTROL_SHARE = 0.01
_UNDERLINE = re.compile(r"[ ]{0,3}(=+|-+|~+|\*+)[ ]*")
_LONG_TITLE = 120


@dataclass(frozen=True, slots=True)
class Decoded:
    """The characters of a file, line ends as line feeds, and what was noticed on the way."""

    text: str
    encoding: str
    warnings: tuple[str, ...] = ()


def parse(path: Path) -> ParsedDocument:
    """Parse plain text: blocks are the paragraphs between blank lines, places are lines.

    The text is the file's own, character for character; only line ends become line feeds
    and the underlines of titles become spaces.

    Raises:
        NotAsNamed: It holds binary data.
        LimitExceeded: It has more than ``MAX_CHARACTERS`` characters.
        NoText: It holds only white space.
        SourceError: It cannot be read.
    """
    decoded = decode(read(path))
    check_length(len(decoded.text))
    lines = decoded.text.split("\n")
    titles = _titles(lines)
    for number in titles:
        lines[number + 1] = " " * len(lines[number + 1])
    blocks = tuple(_blocks(lines, titles))
    if not blocks:
        raise no_text()
    text = "\n".join(lines)
    return ParsedDocument(text=text, blocks=blocks, unit=Unit.LINE, warnings=decoded.warnings)


def read(path: Path) -> bytes:
    """Read a text file, unless it is so large that it cannot be within the limit.

    Raises:
        LimitExceeded: It has more than ``MAX_BYTES`` bytes.
        SourceError: It cannot be read.
    """
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise LimitExceeded(
                f"The file has {size:,} bytes; a text of at most {MAX_CHARACTERS:,} characters "
                f"can have {MAX_BYTES:,}. Split it into parts and add those."
            )
        return path.read_bytes()
    except OSError as exc:
        raise SourceError(
            f"Cannot read {str(path)!r}: {exc.strerror}. Check that it is there "
            "and that you may read it."
        ) from exc


def decode(data: bytes, declared: str = "") -> Decoded:
    """Turn bytes into text by byte order mark, UTF-8, UTF-16/32 by their zeros, else by guess.

    Args:
        data: The whole file.
        declared: An encoding that the file names itself, tried after UTF-8.

    Raises:
        NotAsNamed: It holds binary data.
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _checked(data[len(bom) :].decode(encoding, "replace"), encoding)
    wide = _wide_encoding(data)
    if wide:
        return _checked(data.decode(wide, "replace"), wide)
    try:
        return _checked(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        pass
    for encoding in (declared, "utf-8", guess(data)):
        text = _try(data, encoding)
        if text is not None:
            return _checked(text, encoding)
    return _checked(data.decode("latin-1"), "latin-1")


def _try(data: bytes, encoding: str) -> str | None:
    """Decode, or return None when the bytes do not fit the encoding.

    UTF-8 with a few broken characters among many good ones is still UTF-8.
    """
    if encoding == "utf-8":
        text = data.decode("utf-8", "replace")
        good = sum(1 for character in text if character > "\x7f" and character != "\ufffd")
        return text if good > 20 * text.count("\ufffd") else None
    try:
        return data.decode(encoding)
    except (LookupError, UnicodeError, ValueError):
        return None


def _wide_encoding(data: bytes) -> str:
    """Name UTF-16 or UTF-32 without a byte order mark, by where its zero bytes stand."""
    sample = data[:4096]
    quarter = len(sample) // 4
    if quarter < 1 or b"\x00" not in sample:
        return ""
    zeros = [sample[place::4].count(0) for place in range(4)]
    if zeros[2] >= quarter * 0.9 and zeros[3] >= quarter * 0.9 and zeros[0] < quarter * 0.1:
        return "utf-32-le"
    if zeros[0] >= quarter * 0.9 and zeros[1] >= quarter * 0.9 and zeros[3] < quarter * 0.1:
        return "utf-32-be"
    for name, high in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[::2])):
        # The high bytes of a text name its script, and are zero for spaces, digits and marks.
        scripts = sum(count for _, count in Counter(high).most_common(4))
        if high.count(0) >= len(high) * 0.05 and scripts >= len(high) * 0.95:
            return name
    return ""


def _checked(text: str, encoding: str) -> Decoded:
    """Normalise line ends, refuse binary data, mend what cannot be stored."""
    sample = text[:1_000_000]
    controls = len(_CONTROL.findall(sample))
    if controls > max(2, len(sample) * _CONTROL_SHARE):
        raise NotAsNamed(
            f"The file holds binary data: {controls:,} control characters in its first "
            f"{len(sample):,} characters, where text has none. Open it in the program that "
            "made it and save it as text."
        )
    warnings = []
    if "\ufffd" in text or "\x00" in text:
        warnings.append(f"Some characters cannot be read as {encoding}; they are shown as \ufffd.")
    if not encoding.startswith("utf"):
        warnings.append(f"The encoding was guessed to be {encoding}.")
    text = storable(text.replace("\r\n", "\n").replace("\r", "\n"))
    return Decoded(text, encoding, tuple(warnings))


def _titles(lines: list[str]) -> set[int]:
    """Find lines (from 0) that are titles for certain: short, alone, and underlined."""
    found = set()
    for number, line in enumerate(lines[:-1]):
        title = line.strip()
        rule = lines[number + 1].rstrip()
        if not title or len(title) > _LONG_TITLE or len(rule) < 3 or _UNDERLINE.fullmatch(title):
            continue
        alone = number == 0 or not lines[number - 1].strip()
        if alone and _UNDERLINE.fullmatch(rule) and 0.5 <= len(rule.strip()) / len(title) <= 2:
            found.add(number)
    return found


def _blocks(lines: list[str], titles: set[int]) -> Iterator[Block]:
    """Yield a block for each title and each run of lines that are not blank."""
    offset = 0
    start = end = first = last = -1
    for number, line in enumerate(lines):
        stripped = line.strip()
        if (not stripped or number in titles) and start >= 0:
            yield Block(BlockKind.PARAGRAPH, start, end, first, last)
            start = -1
        if stripped:
            left = offset + len(line) - len(line.lstrip())
            right = left + len(stripped)
            if number in titles:
                yield Block(BlockKind.HEADING, left, right, number + 1, number + 1, 1)
            else:
                start, first = (left, number + 1) if start < 0 else (start, first)
                end, last = right, number + 1
        offset += len(line) + 1
    if start >= 0:
        yield Block(BlockKind.PARAGRAPH, start, end, first, last)
