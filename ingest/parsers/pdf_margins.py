"""Find the running headers, footers and page numbers of a PDF (pure)."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

from ingest.parsers.pdf_words import Line, PageWords

#: The part of a page's height, at its top and at its bottom, that running lines stand in.
ZONE = 0.125
_NUMBER = re.compile(r"\d+")
_ROMAN = re.compile(r"^[ivxl]+$", re.IGNORECASE)
_ALONE = re.compile(r"^[-–—| ]*(?:\d{1,4}|[ivxl]{1,7})[-–—| ]*$")
# The text of a bar code, and the job number of a United Nations document beside it.
_IMPRINT = re.compile(
    r"^(?:\*[0-9A-Z]{6,}\*|(?:[A-Z]{2}\.)?\d{2}-\d{5}X?(?:\s+\([A-Z]\))?(?:\s+\d{6})*)$"
)
_DRIFT = 8.0


def running_lines(pages: Sequence[PageWords], fixed: set[int]) -> set[int]:
    """Return the ``id`` of every line that runs along the pages rather than in the text.

    A line runs along when the same words stand at the same height in the margin of at least
    three pages (two, in a document of at most four), or when they are the same but for a
    number that counts with the pages. A document's bar code and job
    number go too.

    Args:
        pages: All pages of the document.
        fixed: ``id`` of lines that are never taken, such as those in ruled tables.
    """
    places: dict[tuple[bool, str], list[tuple[int, Line]]] = defaultdict(list)
    found: set[int] = set()
    for page in pages:
        for line, at_top in _margin_lines(page):
            if id(line) in fixed:
                continue
            if _IMPRINT.match(line.text):
                found.add(id(line))
            places[at_top, _shape(line.text)].append((page.index, line))
    for members in places.values():
        for level in _levels(members):
            if _runs(level, len(pages)):
                found.update(id(line) for _, line in level)
    return found | _elsewhere(pages, found, fixed) | _counted(pages, found, fixed)


def _counted(pages: Sequence[PageWords], running: set[int], fixed: set[int]) -> set[int]:
    """Find page numbers that stand elsewhere than on most pages, as on wide ones."""
    offsets = Counter(
        _value(line.text) - page.index
        for page in pages
        for line in page.lines
        if id(line) in running and _ALONE.match(line.text)
    )
    if not offsets:
        return set()
    offset, count = max(offsets.items(), key=lambda item: (item[1], -item[0]))
    if count < 3:
        return set()
    found: set[int] = set()
    for page in pages:
        width, height = (max(side, 1.0) for side in page.extent)
        for line in page.lines:
            if id(line) in fixed or not _ALONE.match(line.text):
                continue
            x, y = (line.x0 + line.x1) / 2 / width, (line.y0 + line.y1) / 2 / height
            outside = min(x, y, 1 - x, 1 - y) < ZONE / 2
            if outside and _value(line.text) == page.index + offset:
                found.add(id(line))
    return found


def _elsewhere(pages: Sequence[PageWords], running: set[int], fixed: set[int]) -> set[int]:
    """Find running lines in another margin: on wide pages, and along the sides of turned ones.

    They are in the same size of letters; a page number proves nothing by its words.
    """
    lines = (line for page in pages for line in page.lines if id(line) in running)
    looks = {(line.text, round(line.size)) for line in lines if not _ALONE.match(line.text)}
    usual = Counter(page.turn for page in pages).most_common(1)
    found: set[int] = set()
    for page in pages:
        width, height = (max(side, 1.0) for side in page.extent)
        sideways = page.turn != usual[0][0]
        for line in page.lines:
            x, y = (line.x0 + line.x1) / 2 / width, (line.y0 + line.y1) / 2 / height
            outside = min(y, 1 - y) < ZONE or (sideways and min(x, 1 - x) < ZONE)
            if outside and (line.text, round(line.size)) in looks and id(line) not in fixed:
                found.add(id(line))
    return found


def _value(text: str) -> int:
    number = text.strip("-–—| ")
    return int(number) if number.isdecimal() else _roman(number)


def _levels(members: list[tuple[int, Line]]) -> list[list[tuple[int, Line]]]:
    """Group lines that stand at the same height."""
    levels: list[list[tuple[int, Line]]] = []
    for page, line in sorted(members, key=lambda member: (member[1].y0, member[0])):
        if not levels or line.y0 - levels[-1][-1][1].y0 > _DRIFT:
            levels.append([])
        levels[-1].append((page, line))
    return levels


def _margin_lines(page: PageWords) -> list[tuple[Line, bool]]:
    height = page.extent[1]
    top, bottom = height * ZONE, height * (1 - ZONE)
    return [
        (line, line.y1 <= top)
        for line in page.lines
        if (line.y1 <= top or line.y0 >= bottom) and len(line.text) <= 200
    ]


def _shape(text: str) -> str:
    if _ROMAN.match(text):
        return "#"
    return " ".join(sorted(_NUMBER.sub("#", text).casefold().split()))


def _runs(members: list[tuple[int, Line]], n_pages: int) -> bool:
    seen = {page for page, _ in members}
    if len(seen) < 2:
        return False
    alike = len({line.text for _, line in members}) == 1
    if len(seen) < 3:
        return _counts(members) or (alike and n_pages <= 4)
    return alike or _counts(members)


def _counts(members: list[tuple[int, Line]]) -> bool:
    """Tell whether a number in these lines grows by one with each page."""
    offsets: dict[int, set[int]] = defaultdict(set)
    for page, line in members:
        for number in _NUMBER.findall(line.text):
            offsets[int(number[:9]) - page].add(page)
        if _ROMAN.match(line.text):
            offsets[_roman(line.text) - page].add(page)
    needed = max(2, len({page for page, _ in members}) // 2)
    return any(len(pages) >= needed for pages in offsets.values())


def _roman(text: str) -> int:
    values = [{"i": 1, "v": 5, "x": 10, "l": 50}[letter] for letter in text.lower()]
    following = [*values[1:], 0]
    return sum(-v if v < after else v for v, after in zip(values, following, strict=True))
