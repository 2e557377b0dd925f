"""Gaps that ask the same stand together, and no cell of a sheet comes alive."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmsearch.journal.shapes import LIVE, gaps_sheet, groups_shape
from mmsearch.journal.similar import group
from mmsearch.journal.types import Gap, GapReason, GapState
from tests.unit.mmsearch.journal.conftest import Clock

NOW = Clock().now
GAP = Gap(
    "g_1", "", "en", GapReason.UNANSWERED, "", GapState.OPEN, "", NOW, NOW, 1, "a_1"
)  # fmt: skip


def gaps(*questions: str | None, language: str = "en") -> list[Gap]:
    return [
        replace(GAP, gap_id=f"g_{n}", question=question, language=language)
        for n, question in enumerate(questions)
    ]


def test_the_same_in_other_words_is_one_group() -> None:
    found = group(
        gaps(
            "What is the salary of the director?",
            "How much salary does the director get?",
            "Who paid for the kitchen garden?",
            None,
            None,
        )
    )
    asked = [[gap.question for gap in members] for members in found]
    assert asked[0] == [
        "What is the salary of the director?",
        "How much salary does the director get?",
    ]
    assert len(found) == 4


def test_the_group_asked_most_often_leads() -> None:
    one, two = gaps("Who bakes bread?", "Where do bees live?")
    shape = groups_shape([one, replace(two, times=9)])
    assert [(g["question"], g["times"]) for g in shape] == [
        ("Where do bees live?", 9),
        ("Who bakes bread?", 1),
    ]


CELL = st.text(max_size=30) | st.sampled_from(LIVE).map(lambda mark: f" {mark}1+1")


@given(CELL, CELL)
def test_no_text_makes_a_formula(question: str, missing: str) -> None:
    sheet = gaps_sheet([replace(GAP, question=question, missing=missing)])
    rows = list(csv.reader(io.StringIO(sheet, newline="")))
    assert len(rows) == 2
    for cell in rows[1]:
        assert not cell.lstrip(" \u00a0\ufeff").startswith(LIVE)


@pytest.mark.parametrize("text", ["plain", "a = b", "3-4", "Combien ? Été", ""])
def test_harmless_text_stays_as_it_is(text: str) -> None:
    rows = list(csv.DictReader(io.StringIO(gaps_sheet([replace(GAP, question=text)]))))
    assert rows[0]["question"] == text
