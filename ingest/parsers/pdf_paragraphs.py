"""Join the lines of a PDF into paragraphs (pure)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from ingest.parsers.pdf_words import Line

BULLET = re.compile(r"^(?:[•‣◦▪■●○➢➤✓✔❖–—*·-]|o(?= ))(?=\s|[A-ZÀ-Þ])")
NUMBER = re.compile(r"^(\d{1,3})[.)](?=\s|$)")
LETTER = re.compile(
    r"^(?:\([a-zA-Z]{1,2}\)|\([ivxIVX]{1,5}\)|\(\d{1,3}\)|[a-z]\)|[ivx]{1,4}[.)])(?=\s|$)"
)
_FULL = 0.2  # font sizes to the right edge
_TERMINAL = re.compile(r"[.!?:;؟。…][\"'”’»)\]]*\d{0,3}$")


def is_marked(text: str) -> bool:
    """Tell whether a line begins as a list item or numbered paragraph does."""
    return bool(BULLET.match(text) or NUMBER.match(text) or LETTER.match(text))


def ends_sentence(text: str) -> bool:
    """Tell whether a text ends as sentences end; a footnote's number may follow."""
    return bool(_TERMINAL.search(text))


def usual_leading(lines: Sequence[Line]) -> float:
    """Return the usual distance between lines of one paragraph, in font sizes."""
    steps = Counter(
        round((after.y0 - before.y0) / before.size, 1)
        for before, after in pairwise(lines)
        if before.page == after.page
        and before.size > 0
        and 0.8 < (after.y0 - before.y0) / before.size < 2.2
        and abs(before.size - after.size) < 0.5
    )
    if not steps:
        return 1.3
    return max(steps, key=lambda step: (steps[step], -step))


def paragraphs(lines: Sequence[Line], leading: float) -> list[list[Line]]:
    """Group lines, given in reading order, into paragraphs.

    Args:
        lines: Lines of one page or one cell.
        leading: From ``usual_leading`` of the page.
    """
    groups: list[list[Line]] = []
    for run in _columns(lines):
        right = max(line.x1 for line in run)
        start = len(groups)
        if groups and _next_column(groups[-1][-1], run[0]):
            start -= 1
        for line in run:
            if len(groups) > start and (
                line is run[0] or not _breaks(groups[-1], line, right, leading)
            ):
                groups[-1].append(line)
            else:
                groups.append([line])
    return groups


def _next_column(before: Line, line: Line) -> bool:
    """Tell whether a sentence goes on at the top of the next column."""
    return (
        before.page == line.page
        and line.y1 < before.y0
        and abs(before.size - line.size) < 0.1 * before.size
        and (before.hyphen or (line.text[:1].islower() and not ends_sentence(before.text)))
    )


def _columns(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Yield lines that go down the page under one another."""
    run: list[Line] = []
    for line in lines:
        if run and (
            line.page != run[-1].page
            or line.y0 < run[-1].y0 + 0.3 * run[-1].height
            or line.x0 > run[-1].x1
            or line.x1 < run[-1].x0
        ):
            yield run
            run = []
        run.append(line)
    if run:
        yield run


def _breaks(group: list[Line], line: Line, right: float, leading: float) -> bool:
    before = group[-1]
    size = max(before.size, line.size)
    if before.leader:
        return True
    if abs(before.size - line.size) > 0.12 * size:
        return True
    if line.y0 - before.y0 > 1.25 * max(leading, 1.0) * size + 1.0:
        return True
    title = before.bold and before.bold_end and line.bold and line.bold_end
    if is_marked(line.text) and _marker_breaks(before, line, right):
        return True
    if title:
        return ends_sentence(before.text) and _had_room(before, line, right)
    if _ends_title(group, line):
        return True
    return _style_breaks(before, line, right) or _shape_breaks(group, line, right)


def _ends_title(group: Sequence[Line], line: Line) -> bool:
    """Tell whether bold lines are over and text in plain letters begins."""
    if line.bold or line.bold_end or not line.text[:1].isupper():
        return False
    return all(other.bold and other.bold_end for other in group) and not group[-1].hyphen


def _marker_breaks(before: Line, line: Line, right: float) -> bool:
    if BULLET.match(line.text) and not line.text.startswith(("–", "—", "-")):
        return True
    return (
        ends_sentence(before.text)
        or before.text.endswith((",", " and", " or", " et", " y"))
        or (_had_room(before, line, right))
    )


def _style_breaks(before: Line, line: Line, right: float) -> bool:
    ends = before.bold and before.bold_end and not line.bold
    begins = line.bold and not before.bold_end
    if not (ends or begins):
        return False
    # A sentence in bold within a paragraph may begin at the end of a full line.
    full = right - before.x1 < _FULL * before.size and abs(line.x0 - before.x0) < before.size
    return _had_room(before, line, right) or (ends_sentence(before.text) and not full)


def _shape_breaks(group: list[Line], line: Line, right: float) -> bool:
    before = group[-1]
    if before.hyphen or line.text[:1].islower():
        return False
    ended = ends_sentence(before.text)
    if _had_room(before, line, right) and (ended or right - before.x1 > 0.25 * right):
        return True
    shift = line.x0 - before.x0
    return ended and len(group) > 1 and abs(shift) > 0.8 * line.size


def _had_room(before: Line, line: Line, right: float) -> bool:
    """Tell whether the next line's first word would have fitted on the line before."""
    first = line.words[0]
    return right - before.x1 > (first.x1 - first.x0) + 0.8 * line.size


def continues(before: Sequence[Line], after: Sequence[Line]) -> bool:
    """Tell whether a paragraph goes on after a page break.

    Args:
        before: Lines of the last paragraph of a page.
        after: Lines of the first paragraph of the next page.
    """
    last, first = before[-1], after[0]
    if abs(last.size - first.size) > 0.1 * last.size or last.leader:
        return False
    if last.hyphen or first.text[:1].islower():
        return not BULLET.match(first.text)
    if is_marked(first.text) or ends_sentence(last.text):
        return False
    if first.text.isupper() or last.text.isupper():
        return False
    return not (first.bold and not last.bold_end) and not last.bold
