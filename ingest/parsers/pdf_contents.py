"""Find the entries of tables of contents and lists of figures on a PDF page (pure)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.parsers.pdf_paragraphs import is_marked
from ingest.parsers.pdf_text import Draft
from ingest.parsers.pdf_words import Line
from ingest.types import BlockKind

_PAGE = re.compile(r"(?:^|\s)(?:\d{1,4}(?:[–-]\d{1,4})?|[ivxl]{1,7})$", re.IGNORECASE)
_ALONE = re.compile(r"^(?:\d{1,4}|[ivxl]{1,7})$", re.IGNORECASE)
_NUMBERED = re.compile(r"^(?:[IVXL]{1,6}|[A-Z]|\d{1,2}(?:\.\d{1,2})*)[.)]?\s")
_ROW = re.compile(
    r"(?<![^\n])[^\S\n]*\S.*\|\s*(?:\d{1,4}(?:\s*[-–]\s*\d{1,4})?|[ivxl]{1,7})$", re.IGNORECASE
)
#: A page with fewer entries than this has dots for another reason, such as a form.
_LEAST = 3
_TITLES = frozenset(
    (
        *("contents", "tableofcontents", "listoffigures", "listoftables", "listofannexes"),
        *("listoffiguresandtables", "sommaire", "contenu", "tabledesmatières"),
        *("tabledesmatieres", "listedestableaux", "listedesfigures", "índice", "indice"),
        *("contenido", "tabladecontenido", "tabladecontenidos", "содержание", "оглавление"),
        *("cuprins", "sadržaj", "садржај", "المحتويات", "فهرسالمحتويات", "সূচিপত্র", "সূচীপত্র"),
    )
)


def is_contents_title(key: str) -> bool:
    """Tell whether a heading, as ``title_key`` gives it, stands above a table of contents."""
    return key in _TITLES


def is_contents_row(text: str) -> bool:
    """Tell whether a table row below such a heading is an entry: words, then a page number."""
    return bool(_ROW.search(text))


def split_contents(lines: Sequence[Line], leading: float) -> list[list[Line] | list[Draft]]:
    """Part lines, in reading order, into running text and entries of a table of contents.

    An entry ends where dots lead to a page number, at the end of its line or set apart from
    it. Lines between two entries that lead to no page, such as the name of a part, are
    entries of their own.

    Args:
        lines: Lines of one page without its tables.
        leading: From ``usual_leading`` of the page.
    """
    ends = [i for i, line in enumerate(lines) if line.leader and _PAGE.search(line.text)]
    if len(ends) < _LEAST or not _mostly_entries(lines, ends):
        return [list(lines)] if lines else []
    start = ends[0]
    while start and _goes_on(lines[start - 1], lines[start], leading):
        start -= 1
    stop = ends[-1] + 1
    parts: list[list[Line] | list[Draft]] = [
        list(lines[:start]),
        _entries(lines[start:stop], leading),
        list(lines[stop:]),
    ]
    return [part for part in parts if part]


def _mostly_entries(lines: Sequence[Line], ends: Sequence[int]) -> bool:
    between = ends[-1] - ends[0] + 1
    return between <= 4 * len(ends)


def _entries(lines: Sequence[Line], leading: float) -> list[Draft]:
    groups: list[list[Line]] = []
    for line in lines:
        last = groups[-1][-1] if groups else None
        number = bool(_ALONE.match(line.text))
        if last is not None and not last.leader and (number or _goes_on(last, line, leading)):
            groups[-1].append(line)
            last.leader = False
            line.leader = line.leader or number
        else:
            groups.append([line])
    return [Draft(BlockKind.CONTENTS, [("", group)]) for group in groups]


def _goes_on(before: Line, line: Line, leading: float) -> bool:
    """Tell whether an entry that leads to no page yet goes on in the next line."""
    if before.leader or _ALONE.match(before.text) or before.bold != line.bold:
        return False
    if is_marked(line.text) or _NUMBERED.match(line.text):
        return False
    size = max(before.size, line.size)
    step = line.y0 - before.y0
    beneath = min(before.x1, line.x1) > max(before.x0, line.x0)
    alike = abs(before.size - line.size) < 0.12 * size
    return alike and beneath and 0 < step <= 1.25 * max(leading, 1.0) * size + 1.0
