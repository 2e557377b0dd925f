"""How the questions of a while went, by day, week or month."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import groupby

from mmsearch.journal.types import Day

Asked = tuple[str, int, float]
"""A question: its day (ISO 8601), 1 where it was answered, and the seconds that took."""
Votes = tuple[str, int, int]
"""A day, and how many found an answer helpful and unhelpful on it."""


class By(StrEnum):
    """How long a period is; weeks begin on Monday."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Period:
    """How one period went.

    Attributes:
        first: Its first day (UTC).
        last: Its last day.
        asked: Questions that were asked.
        answered: Those that were answered.
        median: Time an answer took in the median, in seconds; None where nothing was asked.
        slowest: Time that 95 % of them stayed within, in seconds, or None.
        helpful: Votes that an answer helped.
        unhelpful: Votes that it did not.
    """

    first: date
    last: date
    asked: int
    answered: int
    median: float | None
    slowest: float | None
    helpful: int
    unhelpful: int


def read(db: sqlite3.Connection, first: date) -> tuple[list[Asked], list[Votes]]:
    """Read the questions since a day, the latest day first and quickest first, and the votes."""
    since = (first.isoformat(),)
    asked = db.execute(
        "SELECT substr(asked, 1, 10), answered, seconds FROM answers WHERE asked >= ? "
        "ORDER BY 1 DESC, seconds",
        since,
    )
    rows = asked.fetchall()
    votes = db.execute(
        "SELECT substr(given, 1, 10), sum(helpful), sum(1 - helpful) FROM feedback "
        "WHERE given >= ? GROUP BY 1",
        since,
    )
    return rows, votes.fetchall()


def days(asked: Sequence[Asked], votes: Iterable[Votes]) -> tuple[Day, ...]:
    """Sum up the days that have questions, as ``read`` orders them."""
    given = {day: (up, down) for day, up, down in votes}
    return tuple(
        _day(day, list(rows), given.get(day, (0, 0)))
        for day, rows in groupby(asked, key=lambda row: row[0])
    )


def median(ordered: Sequence[float]) -> float:
    """Return the middle of times in order; the upper one of two."""
    return ordered[len(ordered) // 2]


def slowest(ordered: Sequence[float]) -> float:
    """Return the time that 95 % of times in order stay within."""
    return ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]


def periods(
    asked: Iterable[Asked], votes: Iterable[Votes], *, by: By, first: date, last: date
) -> tuple[Period, ...]:
    """Sum up every period from that of one day to that of another, empty ones too, in order.

    Args:
        asked: Questions, in any order; those of other periods are left out.
        votes: Votes, likewise.
        by: How long a period is.
        first: A day of the first period.
        last: A day of the last.
    """
    times: defaultdict[date, list[tuple[int, float]]] = defaultdict(list)
    for day, answered, seconds in asked:
        times[start_of(date.fromisoformat(day), by)].append((answered, seconds))
    given: defaultdict[date, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for day, up, down in votes:
        start = start_of(date.fromisoformat(day), by)
        given[start] = (given[start][0] + up, given[start][1] + down)
    return tuple(
        _period(start, end, times.get(start, []), given[start])
        for start, end in _spans(by, first, last)
    )


def total(asked: Sequence[Asked], votes: Iterable[Votes], *, first: date, last: date) -> Period:
    """Sum everything up as one period."""
    rows = [(answered, seconds) for _, answered, seconds in asked]
    given = [(up, down) for _, up, down in votes]
    return _period(first, last, rows, (sum(v[0] for v in given), sum(v[1] for v in given)))


def start_of(day: date, by: By) -> date:
    """Return the first day of the period that a day is in."""
    if by is By.WEEK:
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if by is By.MONTH else day


def _spans(by: By, first: date, last: date) -> Iterator[tuple[date, date]]:
    start = start_of(first, by)
    while start <= last:
        following = _following(start, by)
        yield start, following - timedelta(days=1)
        start = following


def _following(start: date, by: By) -> date:
    if by is By.MONTH:
        return (start + timedelta(days=31)).replace(day=1)
    return start + timedelta(days=7 if by is By.WEEK else 1)


def _period(
    first: date, last: date, rows: Sequence[tuple[int, float]], votes: tuple[int, int]
) -> Period:
    seconds = sorted(row[1] for row in rows)
    return Period(
        first=first,
        last=last,
        asked=len(rows),
        answered=sum(row[0] for row in rows),
        median=median(seconds) if seconds else None,
        slowest=slowest(seconds) if seconds else None,
        helpful=votes[0],
        unhelpful=votes[1],
    )


def _day(day: str, rows: Sequence[Asked], votes: tuple[int, int]) -> Day:
    seconds = [row[2] for row in rows]
    return Day(
        day=date.fromisoformat(day),
        asked=len(rows),
        answered=sum(row[1] for row in rows),
        median=median(seconds),
        slowest=slowest(seconds),
        helpful=votes[0],
        unhelpful=votes[1],
    )
