"""Gather the figures and labels of a chart, which say little each on its own (pure)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.parsers.pdf_paragraphs import is_marked
from ingest.parsers.pdf_text import Draft
from ingest.types import BlockKind

_LEAST = 5
_LABEL_LENGTH = 30
_LABEL_WORDS = 4
_HEADING = re.compile(r"\d{1,2}(?:\.\d{1,2})+\.?\s+[^\W\d_]")


def gather(drafts: Sequence[Draft]) -> list[Draft]:
    """Return ``drafts`` with runs of a chart's labels as one caption each.

    Labels are paragraphs of one short line that follow one another on a page, at least five
    of them, and at least half of them figures. Nothing is left out.
    """
    result: list[Draft] = []
    run: list[Draft] = []
    for draft in drafts:
        if run and not (_is_label(draft) and draft.lines[0].page == run[-1].lines[0].page):
            result += _joined(run)
            run = []
        if _is_label(draft):
            run.append(draft)
        else:
            result.append(draft)
    return result + _joined(run)


def _is_label(draft: Draft) -> bool:
    if draft.kind is not BlockKind.PARAGRAPH or len(draft.lines) != 1:
        return False
    line = draft.lines[0]
    short = len(line.text) <= _LABEL_LENGTH and len(line.words) <= _LABEL_WORDS
    return short and not (line.bold or is_marked(line.text) or _HEADING.match(line.text))


def _joined(run: Sequence[Draft]) -> list[Draft]:
    figures = sum(any(c.isdigit() for c in draft.text) for draft in run)
    if len(run) < _LEAST or 2 * figures < len(run):
        return list(run)
    parts = [(" | ", lines) for draft in run for _, lines in draft.parts]
    return [Draft(BlockKind.CAPTION, parts)]
