"""Joining the lines of a wrapped title (pure)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.metadata_front import Line

#: A line that ends in one of these is not finished.
_OPEN_END = re.compile(
    r"(?:\b(?:of|the|and|to|in|for|on|by|with|from|a|an|or|its|as|at|united nations|under"
    r"|de|des|du|la|le|les|et|à|au|aux|dans|pour|sur|en|du projet|une?|leur"
    r"|el|los|las|del|y|con|por|para|sobre|al|und)|[,:–\-/«(])$",
    re.IGNORECASE,
)
#: A line that begins like this begins a title, however long the one before it is.
_NEW_START = re.compile(
    r"(?:Note|Letter|Report|Progress|Annual|Summary|Discussion|Regional|Cumulative|Review|Mid-"
    r"|Draft|Implementation|Activities|Évaluation|Rapport|Résumé|Informe|Evaluation)\b"
)
_LONG = 52


def join_lines(lines: Sequence[Line]) -> list[str]:
    """Join lines into the titles they were wrapped from, in order.

    A line goes on in the next one if it ends in the air ("of the", a comma), if the next
    begins in lower case or with a quotation, or if both were set together and the line is
    nearly as long as the longest one.
    """
    widest = max((len(line.text) for line in lines), default=0)
    titles: list[str] = []
    for position, line in enumerate(lines):
        quoting = bool(titles) and _is_unclosed(titles[-1])
        if position and (quoting or _goes_on(lines[position - 1], line, widest)):
            titles[-1] = _glue(titles[-1], line.text)
        else:
            titles.append(line.text)
    return titles


def _goes_on(line: Line, following: Line, widest: int) -> bool:
    if line.level != following.level:
        return False
    if is_open(line.text):
        return True
    if following.text[0].islower() or following.text[0] in "«“(&":
        return True
    if _caps(line.text) != _caps(following.text) or line.text.endswith((":", ".")):
        return False
    if _caps(line.text):
        return following.laid_out and len(line.text) >= (
            35 if line.block == following.block else 42
        )
    if not following.laid_out or _NEW_START.match(following.text):
        return False
    return len(line.text) >= max(_LONG, 0.85 * widest)


def is_open(text: str) -> bool:
    """Tell whether a line ends in the air: "of the", a comma, a dash."""
    return bool(_OPEN_END.search(text))


def _is_unclosed(title: str) -> bool:
    opened = any(title.count(a) > title.count(b) for a, b in ("«»", "“”"))
    return opened and len(title) < 250


def _glue(start: str, rest: str) -> str:
    if start.endswith("-") and rest[0].islower():
        return start + rest
    return f"{start} {rest}"


def _caps(text: str) -> bool:
    letters = [c for c in text if c.isalpha()]
    return sum(c.isupper() for c in letters) > 0.7 * len(letters)
