"""Receipts and gaps as JSON and as a sheet; names here are promises to scripts."""

from __future__ import annotations

import csv
import dataclasses
import io
from collections.abc import Sequence
from typing import Any

from mmsearch.journal.figures import Period
from mmsearch.journal.similar import group
from mmsearch.journal.types import Day, Gap, Receipt, ReceiptPassage

COLUMNS = (
    "group",
    "gap_id",
    "question",
    "times",
    "state",
    "reason",
    "missing",
    "language",
    "first",
    "last",
    "note",
    "answer_id",
)
LIVE = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "|", "%")
"""What a spreadsheet may take for a formula at the beginning of a cell."""


def receipt_shape(receipt: Receipt) -> dict[str, Any]:
    """Give a receipt."""
    return {
        "answer_id": receipt.answer_id,
        "asked": receipt.asked.isoformat(),
        "question": receipt.question,
        "query": receipt.query,
        "language": receipt.language,
        "answered": receipt.answered,
        "confidence": receipt.confidence,
        "seconds": receipt.seconds,
        "generation": receipt.generation,
        "sentences": [
            {"text": sentence.text, "citations": list(sentence.citations)}
            for sentence in receipt.sentences
        ],
        "citations": [_passage_shape(p) for p in receipt.passages if p.n],
        "nearest": [_passage_shape(p) for p in receipt.passages if not p.n],
        "checks": dict(receipt.checks),
        "wording": dict(receipt.wording),
        "helpful": receipt.helpful,
        "unhelpful": receipt.unhelpful,
    }


def day_shape(day: Day) -> dict[str, Any]:
    """Give how one day went; times in seconds."""
    return {
        "day": day.day.isoformat(),
        "asked": day.asked,
        "answered": day.answered,
        "median": day.median,
        "slowest": day.slowest,
        "helpful": day.helpful,
        "unhelpful": day.unhelpful,
    }


def period_shape(period: Period) -> dict[str, Any]:
    """Give how one period went; times in seconds."""
    shape = dataclasses.asdict(period)
    return {**shape, "first": period.first.isoformat(), "last": period.last.isoformat()}


def gap_shape(gap: Gap) -> dict[str, Any]:
    """Give a gap."""
    return {
        "gap_id": gap.gap_id,
        "question": gap.question,
        "language": gap.language,
        "reason": gap.reason.value,
        "missing": gap.missing,
        "state": gap.state.value,
        "note": gap.note,
        "first": gap.first.isoformat(),
        "last": gap.last.isoformat(),
        "times": gap.times,
        "answer_id": gap.answer_id,
    }


def groups_shape(gaps: Sequence[Gap]) -> list[dict[str, Any]]:
    """Give gaps by what they are about, those asked most often first."""
    return [
        {
            "question": gaps_of_it[0].question,
            "times": sum(gap.times for gap in gaps_of_it),
            "gaps": [gap_shape(gap) for gap in gaps_of_it],
        }
        for gaps_of_it in group(gaps)
    ]


def gaps_sheet(gaps: Sequence[Gap]) -> str:
    """Write gaps as CSV (RFC 4180) in which no cell is a formula to a spreadsheet.

    Gaps about the same have the same number in "group".
    """
    out = io.StringIO()
    sheet = csv.writer(out, quoting=csv.QUOTE_ALL)
    sheet.writerow(COLUMNS)
    for number, gaps_of_it in enumerate(group(gaps), start=1):
        for gap in gaps_of_it:
            row = {"group": number, **gap_shape(gap)}
            sheet.writerow([cell(row[column]) for column in COLUMNS])
    return out.getvalue()


def _passage_shape(passage: ReceiptPassage) -> dict[str, Any]:
    return {
        "n": passage.n or None,
        "passage_id": passage.passage_id,
        "doc_id": passage.doc_id,
        "file": passage.file,
        "title": passage.title,
        "year": passage.year,
        "page": passage.page,
        "start": passage.start,
        "end": passage.end,
        "quote": passage.quote,
        "digest": passage.digest,
        "rank": passage.rank,
        "score": passage.score,
        "keyword": passage.keyword,
        "cosine": passage.cosine,
        "state": passage.state.value,
        "now": list(passage.now) if passage.now else None,
    }


def cell(value: object) -> str:
    """Make a value a text cell: what could be a formula gets an apostrophe in front."""
    text = "" if value is None else str(value).replace("\x00", "")
    bare = text.lstrip("\ufeff\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e \u00a0\"'")
    return f"'{text}" if text.startswith(LIVE) or bare.startswith(LIVE) else text
