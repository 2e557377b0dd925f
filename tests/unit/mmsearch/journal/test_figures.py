"""Figures by day, week and month."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmsearch.journal.figures import By, periods, start_of, total

ASKED = [
    ("2024-02-28", 1, 0.2),
    ("2024-02-29", 0, 0.4),
    ("2024-02-29", 1, 0.1),
    ("2024-03-04", 1, 3.0),
]
VOTES = [("2024-02-29", 2, 1), ("2024-03-05", 0, 1)]
FIRST, LAST = date(2024, 2, 28), date(2024, 3, 5)


def test_every_day_is_there_also_one_with_votes_alone() -> None:
    found = periods(ASKED, VOTES, by=By.DAY, first=FIRST, last=LAST)
    assert [one.asked for one in found] == [1, 2, 0, 0, 0, 1, 0]
    leap = found[1]
    assert (leap.first, leap.last, leap.answered) == (date(2024, 2, 29), date(2024, 2, 29), 1)
    assert (leap.median, leap.slowest, leap.helpful, leap.unhelpful) == (0.4, 0.4, 2, 1)
    assert (found[2].median, found[2].slowest) == (None, None)
    assert (found[6].asked, found[6].unhelpful) == (0, 1)


def test_weeks_begin_on_monday_and_months_on_the_first() -> None:
    weeks = periods(ASKED, VOTES, by=By.WEEK, first=FIRST, last=LAST)
    assert [(one.first.isoformat(), one.last.isoformat(), one.asked) for one in weeks] == [
        ("2024-02-26", "2024-03-03", 3),
        ("2024-03-04", "2024-03-10", 1),
    ]
    months = periods(ASKED, VOTES, by=By.MONTH, first=FIRST, last=LAST)
    assert [(one.first.isoformat(), one.last.isoformat(), one.asked) for one in months] == [
        ("2024-02-01", "2024-02-29", 3),
        ("2024-03-01", "2024-03-31", 1),
    ]
    assert months[0].median == 0.2


def test_the_total_is_one_period() -> None:
    all_of_it = total(ASKED, VOTES, first=FIRST, last=LAST)
    assert (all_of_it.asked, all_of_it.answered) == (4, 3)
    assert (all_of_it.median, all_of_it.slowest) == (0.4, 3.0)
    assert (all_of_it.helpful, all_of_it.unhelpful) == (2, 2)


@pytest.mark.parametrize("by", list(By))
@given(first=st.dates(date(1990, 1, 1), date(2060, 1, 1)), length=st.integers(0, 900))
def test_periods_cover_the_span_without_gap_or_overlap(by: By, first: date, length: int) -> None:
    last = first + timedelta(days=length)
    found = periods([], [], by=by, first=first, last=last)
    assert found[0].first == start_of(first, by) <= first
    assert found[-1].first <= last <= found[-1].last
    for one, after in itertools.pairwise(found):
        assert one.last + timedelta(days=1) == after.first
