"""Reading what management answers to a recommendation, and who is to act on it. Pure.

A response is read where it stands in rows of its own ("Management response - accept", its
reasons and actions line by line below) and where it is a cell of the recommendation's row
("… | Response: Accepted. | Key actions: … | Unit in charge: … | Due: …"), a row for each action.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ingest.types import Block, BlockKind
from mmsearch.answer.series_words import (
    ACTIONS,
    ADDRESSEES,
    RESPONSE,
    RESPONSE_CELL,
    Verdict,
    verdict,
)
from mmsearch.answer.spans import Span, parts

_FORM = re.compile(r"^\W*\(?time\s*\d\)?\W*$", re.IGNORECASE)
_CELLS = " | "


@dataclass(frozen=True, slots=True)
class Entry:
    """One member of a series; spans are offsets in the document's text.

    Attributes:
        number: As the document counts it, or "".
        statement: What it says, at most ``LONGEST`` characters.
        whole: All of it, with what management answers.
        verdict: What management says to it, where the document has that.
        said: The line with the verdict.
        reasons: Lines between the verdict and the actions.
        actions: What will be done, an item each.
        addressees: Lines or cells that say who is to act, and by when.
    """

    number: str
    statement: Span
    whole: Span
    verdict: Verdict | None = None
    said: Span | None = None
    reasons: tuple[Span, ...] = ()
    actions: tuple[Span, ...] = ()
    addressees: tuple[Span, ...] = ()


def answered(text: str, blocks: Sequence[Block], entry: Entry) -> Entry:
    """Return an entry with what its blocks say of management's answer and of who is to act."""
    if blocks and has_response(text, blocks[0]):
        return _from_cells(text, blocks, entry)
    return _from_rows(text, blocks, replace(entry, addressees=_addressees(text, blocks)))


def has_response(text: str, block: Block) -> bool:
    """Say whether a block is a row with management's response in one of its cells."""
    return block.kind is BlockKind.TABLE_ROW and any(
        RESPONSE_CELL.match(text[slice(*cell)]) for cell in _cells(text, block)
    )


def cell_end(text: str, start: int, end: int) -> int:
    """Return where the cell of a row ends that ``start`` stands in, at most ``end``."""
    cut = text.find(_CELLS, start, end)
    return end if cut < 0 else cut


def _from_cells(text: str, blocks: Sequence[Block], entry: Entry) -> Entry:
    """Read rows that have everything in labelled cells; equal cells of further rows count once."""
    found: dict[str, list[Span]] = {"said": [], "actions": [], "addressees": []}
    seen: set[str] = set()
    for block in blocks:
        for cell in _cells(text, block):
            words = text[slice(*cell)]
            name = _sort_of(words)
            if name and (name == "addressees" or words not in seen):
                seen.add(words)
                found[name].append(cell)
    said = found["said"][0] if found["said"] else None
    return replace(
        entry,
        verdict=verdict(text[slice(*said)]) if said else None,
        said=said,
        reasons=(said,) if said else (),
        actions=tuple(found["actions"]),
        addressees=tuple(found["addressees"]),
    )


def _sort_of(cell: str) -> str:
    for name, label in (("said", RESPONSE_CELL), ("actions", ACTIONS), ("addressees", ADDRESSEES)):
        if label.match(cell):
            return name
    return ""


def _from_rows(text: str, blocks: Sequence[Block], entry: Entry) -> Entry:
    """Read management's answer from rows of its own."""
    for block in blocks:
        if RESPONSE.match(text[block.start : block.end]) is None:
            continue
        lines = list(_lines(text, block.start, block.end))
        head = text[slice(*lines[0])]
        cut = ACTIONS.search(head.split("(Time 1)")[-1]) if len(lines) > 1 else None
        said = lines[0]
        which = verdict(head)
        after = lines[1:]
        listing = next(
            (n for n, line in enumerate(after) if ACTIONS.match(text[slice(*line)])), None
        )
        if listing is None and cut is not None:
            reasons, actions = [], after
        elif listing is None:
            reasons, actions = after, []
        else:
            reasons, actions = after[:listing], after[listing + 1 :]
        return replace(
            entry,
            verdict=which,
            said=said,
            reasons=tuple(s for s in reasons if not _FORM.match(text[slice(*s)])),
            actions=tuple(s for s in actions if not _FORM.match(text[slice(*s)])),
        )
    return entry


def _addressees(text: str, blocks: Sequence[Block]) -> tuple[Span, ...]:
    """Find the lines of an entry's rows that name those who are to act."""
    return tuple(
        line
        for block in blocks
        if block.kind is BlockKind.TABLE_ROW
        for line in _lines(text, block.start, block.end)
        if ADDRESSEES.match(text[slice(*line)])
    )


def _cells(text: str, block: Block) -> Iterator[Span]:
    for start, end in _lines(text, block.start, block.end):
        yield from parts(text, start, end, _CELLS)


def _lines(text: str, start: int, end: int) -> Iterator[Span]:
    return parts(text, start, end, "\n")
