"""Say what a paragraph of a PDF is: heading, list item, caption or plain text (pure)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from ingest.parsers.pdf_contents import is_contents_row, is_contents_title
from ingest.parsers.pdf_italics import italic_titles
from ingest.parsers.pdf_paragraphs import BULLET, LETTER, NUMBER
from ingest.parsers.pdf_text import Draft
from ingest.parsers.pdf_words import Line
from ingest.types import BlockKind

_CAPTION = re.compile(
    r"^(?:figure|fig\.|table|tableau|box|encadré|chart|graph(?:ique)?|map|carte|cuadro|gráfico"
    r"|figura|tabla|recuadro|рисунок|таблица)\s+(?:\d[\d.\-–]*|[IVX]+|[A-Z])(?=$|\s*[.:–—-]|\s+(?-i:[A-ZÀ-Þ\"“«\d(–—-]))",
    re.IGNORECASE,
)
_DECIMAL = re.compile(r"^(\d{1,2}(?:\.\d{1,2})+)\.?\s")
_ROMAN = re.compile(r"^[IVX]{1,5}\.\s")
_CAPITAL = re.compile(r"^[A-Z]\.\s")
_MAX_HEADING = 220
_MAX_LEVEL = 6
_LONG_CHAIN = 12
_SHORT = 80


def body_size(lines: Iterable[Line]) -> float:
    """Return the font size in points that most characters have."""
    counts: Counter[float] = Counter()
    for line in lines:
        counts[round(line.size * 2) / 2] += len(line.text)
    return max(counts, key=lambda size: (counts[size], -size)) if counts else 10.0


def classify(drafts: Sequence[Draft], body: float, outline: Mapping[str, int]) -> None:
    """Set the kind and level of every draft that is a paragraph so far.

    Args:
        drafts: In reading order, of the whole document.
        body: From ``body_size``.
        outline: Level from 1 of each title in the file's own outline, by ``title_key``.
    """
    _mark_contents(drafts)
    plain = [draft for draft in drafts if draft.kind is BlockKind.PARAGRAPH]
    numbered = _has_numbered_paragraphs(plain)
    slanted = italic_titles(drafts, body)
    headings: list[Draft] = []
    lowest: list[Draft] = []
    label = False  # whether the last one was "Table 3" alone, with its title to come
    for draft in plain:
        text = draft.text
        if _is_heading(draft, text, body, outline):
            draft.kind = BlockKind.CAPTION if label else BlockKind.HEADING
            headings += [] if label else [draft]
        elif id(draft) in slanted and not label and not _CAPTION.match(text):
            draft.kind = BlockKind.HEADING
            lowest.append(draft)
        elif _CAPTION.match(text) and len(text) <= 250:
            draft.kind = BlockKind.CAPTION
        elif (
            draft.lines[0].leader
            or BULLET.match(text)
            or LETTER.match(text)
            or (NUMBER.match(text) and not numbered)
        ):
            draft.kind = BlockKind.LIST_ITEM
        label = draft.kind is BlockKind.CAPTION and len(text) < 20
    _set_levels(headings, outline)
    below = min(max((draft.level for draft in headings), default=0) + 1, _MAX_LEVEL)
    for draft in lowest:
        draft.level = below


def title_key(text: str) -> str:
    """Reduce a title to what a printed heading and its outline entry have in common."""
    return "".join(re.findall(r"[^\W\d_]", text)).casefold()


def _mark_contents(drafts: Sequence[Draft]) -> None:
    """Mark the rows that stand below the title of a table of contents and name a page."""
    below = False
    for draft in drafts:
        if draft.kind is BlockKind.CONTENTS or not draft.lines:
            continue
        if draft.kind is not BlockKind.TABLE_ROW:
            text = draft.text
            below = len(text) < _SHORT and (below or is_contents_title(title_key(text)))
        elif below and is_contents_row(draft.cells):
            draft.kind = BlockKind.CONTENTS


def _has_numbered_paragraphs(drafts: Sequence[Draft]) -> bool:
    """Tell whether the document numbers its paragraphs all through, as UN papers do."""
    expected, chain, length = 1, 0, 0
    for draft in drafts:
        match = NUMBER.match(draft.text)
        if match and int(match[1]) == expected:
            expected += 1
            chain += 1
            length += len(draft.text)
    return chain >= _LONG_CHAIN and length > 150 * chain


def _is_heading(draft: Draft, text: str, body: float, outline: Mapping[str, int]) -> bool:
    lines = draft.lines
    if lines[0].leader or not any(c.isalpha() for c in text):
        return False
    if len(text) > _MAX_HEADING or len(lines) > 5 or len({line.page for line in lines}) > 1:
        return False
    key = title_key(text)
    if key and key in outline:
        return True
    if text.endswith((",", ";")) or BULLET.match(text) or text[:1].islower():
        return False
    if _CAPTION.match(text):
        return False
    if text.endswith((".", ":")) and len(text.split()) > 8:
        return False
    large = min(line.size for line in lines) >= 1.15 * body
    bold = all(line.bold and line.bold_end for line in lines)
    small = max(line.size for line in lines) < 0.93 * body
    shouted = text.isupper() and len(key) > 9 and len(lines) < 4
    return large or ((bold or shouted) and not small)


def _set_levels(headings: Sequence[Draft], outline: Mapping[str, int]) -> None:
    """Rank the looks of headings: larger first, then by their numbering."""
    looks = sorted({_look(draft) for draft in headings})
    sizes = Counter(_look(draft) for draft in headings)
    ranks = {look: i + 1 for i, look in enumerate(looks)}
    if len(looks) > _MAX_LEVEL:
        common = sorted(sorted(looks, key=lambda look: (-sizes[look], look))[:_MAX_LEVEL])
        ranks = {look: 1 + sum(other < look for other in common) for look in looks}
    for draft in headings:
        level = outline.get(title_key(draft.text), 0) or ranks[_look(draft)]
        draft.level = min(level, _MAX_LEVEL)


def _look(draft: Draft) -> tuple[float, int, int]:
    line = draft.lines[0]
    text = draft.text
    return (-round(line.size), _depth(text), not (line.bold or text.isupper()))


def _depth(text: str) -> int:
    """Rank numberings: none or "I." above "A." above "1." above "1.1"."""
    if match := _DECIMAL.match(text):
        return 2 + match[1].count(".")
    if NUMBER.match(text):
        return 2
    return 1 if _CAPITAL.match(text) and not _ROMAN.match(text) else 0
