"""What stands at the head of a document: its opening lines, up to the first prose.

Titles, dates, kinds and publishers are read from these lines and not from running text,
where they would only be mentioned.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.types import Block, BlockKind, ParsedDocument, Unit

#: So many characters and lines of a document are looked at.
_REACH = 6_000
_MOST_LINES = 80
#: Longer lines are cut: they are prose, and patterns must not be given long hostile ones.
_LONGEST_LINE = 400

_NUMBERED = re.compile(r"(?:\d{1,3}|[IVX]{1,4}|[a-z])[.)]\s+\S")
_SENTENCE = re.compile(r"[^.]{40,}[.;:]$|.*[a-zà-ÿ]{3}\. [A-ZÀ-Þ].{10}")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the opening, white space collapsed.

    Attributes:
        text: The line.
        block: Which block it stands in, from 0; lines of one block were set together.
        level: Heading level, or 0.
        laid_out: The line is one of a page; elsewhere a line is a whole block.
        place: Where it stands: "page 1", "paragraph 3".
    """

    text: str
    block: int
    level: int = 0
    laid_out: bool = True
    place: str = ""


@dataclass(frozen=True, slots=True)
class Front:
    """The head of a document.

    Attributes:
        lines: Its opening lines; on paged formats those of the first page with text.
        text: The same as one string, a line each.
    """

    lines: tuple[Line, ...]
    text: str

    @property
    def cover(self) -> tuple[Line, ...]:
        """The lines before the first prose: what a reader sees as the head."""
        taken: list[Line] = []
        for position, line in enumerate(self.lines):
            following = self.lines[position + 1] if position + 1 < len(self.lines) else None
            if line.level == 0 and _is_prose(line, following):
                break
            taken.append(line)
        return tuple(taken)


def open_front(parsed: ParsedDocument) -> Front:
    """Return the head of a document; does not read beyond its first 6,000 characters."""
    lines: list[Line] = []
    for number, block in enumerate(_opening(parsed)):
        text = parsed.text[block.start : min(block.end, block.start + _REACH)]
        # On a page the layout is by lines; elsewhere a block is a line that was wrapped.
        laid_out = parsed.unit is Unit.PAGE
        place = f"{parsed.unit.value} {block.first}"
        pieces = text.splitlines() if laid_out else [text]
        for piece in pieces:
            if collapsed := " ".join(piece[:_LONGEST_LINE].split()):
                lines.append(Line(collapsed, number, block.level, laid_out, place))
        if len(lines) >= _MOST_LINES:
            break
    taken = tuple(lines[:_MOST_LINES])
    return Front(taken, "\n".join(line.text for line in taken))


def _opening(parsed: ParsedDocument) -> list[Block]:
    blocks = [block for block in parsed.blocks[:200] if block.start < _REACH]
    if parsed.unit is not Unit.PAGE or not blocks:
        return blocks
    page = blocks[0].first
    opening = [block for block in blocks if block.first == page]
    letters = sum(block.end - block.start for block in opening)
    # A cover may hold a logo's words alone; the title page follows it.
    return opening if letters >= 40 else [block for block in blocks if block.first <= page + 1]


def _is_prose(line: Line, following: Line | None) -> bool:
    text = line.text
    if len(text) > 300 or _NUMBERED.match(text):
        return True
    if following is None or following.block != line.block:
        return len(text) > 90 and text.endswith(".")
    return len(text) > 60 and bool(_SENTENCE.match(text)) and text.endswith(".")


def headings(parsed: ParsedDocument, within: int) -> list[Block]:
    """Return the headings among the first ``within`` blocks."""
    return [block for block in parsed.blocks[:within] if block.kind is BlockKind.HEADING]
