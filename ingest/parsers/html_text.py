"""Text between a page's tags, as a browser shows it (pure)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from ingest.parsers.html_tables import whole_number

_BLANKS = re.compile(r"[ \t\n\r\f]+")


def joined(buffer: Sequence[tuple[str, int]], *, preformatted: bool) -> tuple[str, int, int]:
    """Join texts as a browser shows them, with the lines of the first and last word.

    Args:
        buffer: Each text with the source line that it begins on; 0 for a line break.
        preformatted: Whether white space is kept.
    """
    first = last = 0
    parts: list[str] = []
    for data, line in buffer:
        stripped = data.strip()
        if stripped:
            begin = line + data[: len(data) - len(data.lstrip())].count("\n")
            first = first or begin
            last = begin + stripped.count("\n")
        if preformatted:
            parts.append(data)
        else:
            parts.append("\n" if line == 0 else _BLANKS.sub(" ", data))
    text = "".join(parts)
    if preformatted:
        return text.strip("\n").rstrip(), first, last
    lines = (part.strip() for part in re.sub(" +", " ", text).split("\n"))
    return "\n".join(line for line in lines if line), first, last


def collapsed(text: str) -> str:
    """Return a text on one line, runs of white space as one space."""
    return _BLANKS.sub(" ", text).strip()


def first_number(attributes: Mapping[str, str]) -> int:
    """Return the number of a list's first item; -1,000,000 where numbers are not shown."""
    unnumbered = "list-style-type" in attributes.get("style", "").replace(" ", "")
    if unnumbered and "none" in attributes["style"]:
        return -1_000_000
    return whole_number(attributes.get("start", ""), 1)
