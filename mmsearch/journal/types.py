"""What the journal speaks in: receipts, gaps, and what may be recorded of a question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from mmsearch.types import Sentence


class Recording(StrEnum):
    """What is kept of the questions that people ask.

    ``WITHOUT_TEXT`` counts questions without an answer by day and language, and keeps the
    text of one only where the person asked for that. ``OFF`` keeps no gap at all.
    """

    ON = "on"
    WITHOUT_TEXT = "without-text"
    OFF = "off"


class GapState(StrEnum):
    """What became of a gap."""

    OPEN = "open"
    ADDED = "document added"
    NO_EVIDENCE = "no evidence exists"


class GapReason(StrEnum):
    """Why a question is a gap."""

    UNANSWERED = "unanswered"
    UNHELPFUL = "unhelpful"


@dataclass(frozen=True, slots=True)
class Gap:
    """A question that the library did not answer, or not well.

    Attributes:
        gap_id: Its id.
        question: As asked, or None where its text was not kept.
        language: ISO 639-1 code, or "und".
        reason: Not answered, or answered and found unhelpful.
        missing: What a person said was missing; "" where nobody did.
        state: Open, or what became of it.
        note: The keeper's remark.
        first: When it was asked first (UTC).
        last: When it was asked last (UTC).
        times: How often it was asked.
        answer_id: The receipt of the last time, or "".
    """

    gap_id: str
    question: str | None
    language: str
    reason: GapReason
    missing: str
    state: GapState
    note: str
    first: datetime
    last: datetime
    times: int
    answer_id: str


class PassageState(StrEnum):
    """How a passage of a receipt compares with the library as it is now."""

    SAME = "same"
    MOVED = "moved"
    CHANGED = "changed"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class ReceiptPassage:
    """A passage that an answer rested on or that stood nearest, and what became of it.

    Attributes:
        n: Number in brackets in the answer; 0 for a passage that was only near.
        passage_id: Its id at the time.
        doc_id: Its document.
        file: The document's file at the time.
        title: Its title at the time.
        year: Its year at the time, or None.
        page: Page from 1, or None where the format has none.
        start: Offset of the quote (of the passage, where n is 0) in the document's text.
        end: One past its last character.
        quote: The quoted text; "" where n is 0.
        digest: SHA-256 of ``text[start:end]`` at the time, hexadecimal.
        rank: Rank among the hits, or None.
        score: Its score, or None.
        keyword: The keywords' share of it, or None.
        cosine: Cosine of question and passage, or None.
        state: How it compares with the library now.
        now: Where the same text stands now, (start, end), or None.
    """

    n: int
    passage_id: str
    doc_id: str
    file: str
    title: str
    year: int | None
    page: int | None
    start: int
    end: int
    quote: str
    digest: str
    rank: int | None
    score: float | None
    keyword: float | None = None
    cosine: float | None = None
    state: PassageState = PassageState.SAME
    now: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """How one answer came about, compared with the library as it is now.

    Attributes:
        answer_id: The answer's id.
        asked: When (UTC).
        question: As asked, or None where its text was not kept.
        query: What was searched for, or None likewise.
        language: The question's language.
        answered: Whether there was an answer.
        confidence: 0–1.
        seconds: How long it took.
        generation: The generation of the library it was made from.
        sentences: The answer, as shown.
        passages: Those cited, by number, then those that were near.
        checks: What was checked and measured, by name.
        wording: What a language model had to do with it: "model", "state", "reason"; empty
            where there was none.
        helpful: How many found it helpful.
        unhelpful: How many did not.
    """

    answer_id: str
    asked: datetime
    question: str | None
    query: str | None
    language: str
    answered: bool
    confidence: float
    seconds: float
    generation: int
    sentences: tuple[Sentence, ...]
    passages: tuple[ReceiptPassage, ...]
    checks: Mapping[str, float] = field(default_factory=dict)
    wording: Mapping[str, str] = field(default_factory=dict)
    helpful: int = 0
    unhelpful: int = 0


@dataclass(frozen=True, slots=True)
class Day:
    """How one day went.

    Attributes:
        day: The day (UTC).
        asked: Questions that were asked.
        answered: Those that were answered.
        median: Time an answer took in the median, in seconds.
        slowest: Time that 95 % of them stayed within, in seconds.
        helpful: Votes that an answer helped.
        unhelpful: Votes that it did not.
    """

    day: date
    asked: int
    answered: int
    median: float
    slowest: float
    helpful: int
    unhelpful: int
