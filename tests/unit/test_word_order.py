from __future__ import annotations

import pytest

from benchmarks.word_order import longest_common, readable, score


@pytest.mark.parametrize(
    ("one", "other", "length"),
    [("abcbdab", "bdcaba", 4), ("", "abc", 0), ("aaa", "aa", 2), ("abc", "cba", 1)],
)
def test_the_longest_common_subsequence(one: str, other: str, length: int) -> None:
    assert longest_common(one, other) == length
    assert longest_common(other, one) == length


def test_words_out_of_order_and_missing_words_are_told_apart() -> None:
    moved = score("gamma delta alpha beta", "alpha beta gamma delta")
    assert (moved.in_order, moved.at_all) == (0.5, 1.0)
    lost = score("alpha beta", "alpha beta gamma delta")
    assert (lost.in_order, lost.at_all, set(lost.missing)) == (0.5, 0.5, {"gamma", "delta"})


def test_markup_counts_for_nothing() -> None:
    truth = (
        "# A *title*\n\n<!-- image -->\n\n1. See [the page](https://x.test/a_(b)) of \\*R&amp;D\\*"
    )
    assert score("A title See the page of R&D", truth).in_order == 1.0


def test_a_table_is_compared_in_the_form_that_it_was_given() -> None:
    truth = "| Year | Spent |\n| - | - |\n| 2020 | 5 |\n| 2021 | 5 |"
    labelled = "Year: 2020 | Spent: 5\nYear: 2021 | Spent: 5"
    assert score(labelled, truth).in_order == 1.0
    assert score("Year | Spent\n2020 | 5\n2021 | 5", truth).in_order == 1.0
    assert "Year 2020 Spent 5" in readable(truth, labelled)


def test_names_in_two_rows_are_compared_as_they_were_joined() -> None:
    truth = "| Land | Plan | Plan |\n| - | - | - |\n| Land | first | second |\n| Mali | 1 | 2 |"
    joined = "Land: Mali | Plan: first: 1 | Plan: second: 2"
    assert score(joined, truth).in_order == 1.0
    assert score("Land: Mali | Plan: 1 | Plan: 2", truth).in_order < 0.7


def test_a_charts_values_are_left_aside_only_where_they_stand_as_cells() -> None:
    truth = "{0}\n\nBar chart\n\n{1}"
    cells = "|  | Spent |\n| - | - |\n| 2020 | 5 |\n| 2021 | {} |"
    parsed = "Year: 2020 | Spent: 5\nYear: 2021 | Spent: 7"
    same = truth.format("Costs", cells.format(7))
    assert score(f"Costs\n{parsed}", same).n_words == 1
    lost = score(f"Costs\n{parsed}", truth.format("Costs", cells.format(9)))
    assert (lost.n_words > 1, lost.missing) == (True, ("9",))
