from __future__ import annotations

import pytest

from index.value import Wanted, holds, numbers, wanted


@pytest.mark.parametrize(
    ("question", "sort"),
    [
        ("How many mentors were trained?", Wanted.AMOUNT),
        ("Combien de personnes ont répondu ?", Wanted.AMOUNT),
        ("Сколько людей ответили?", Wanted.AMOUNT),
        ("كم عدد المتدربين؟", Wanted.AMOUNT),
        ("When was it founded?", Wanted.TIME),
        ("Quand a-t-elle été fondée ?", Wanted.TIME),
        ("Who paid for it?", Wanted.ANY),
    ],
)
def test_what_a_question_wants(question: str, sort: Wanted) -> None:
    assert wanted(question) is sort


def test_a_year_is_no_amount_and_a_given_number_no_news() -> None:
    assert holds(Wanted.AMOUNT, "There were 36 mentors.")
    assert holds(Wanted.AMOUNT, "There were three mentors.")
    assert not holds(Wanted.AMOUNT, "In 2023 there were mentors.")
    assert not holds(Wanted.AMOUNT, "Objective 23 has mentors.", ("23",))
    assert holds(Wanted.TIME, "It was founded in 1996.")
    assert not holds(Wanted.TIME, "It was founded long ago.")
    assert holds(Wanted.ANY, "Anything.")
    assert numbers("From 2010 to 2023, 1,200 in 2010") == ("2010", "2023", "1,200")


@pytest.mark.parametrize(
    "text",
    [
        "4 Boats that sank are not counted.",
        "It includes boats under paragraphs 21, 33 and 56 of the rules.",
        "See resolution 78/127 and document E/BOATS/5.",
        "(Time 0)",
    ],
)
def test_numbers_that_count_or_refer_are_no_amounts(text: str) -> None:
    assert not holds(Wanted.AMOUNT, text)
    assert holds(Wanted.AMOUNT, f"{text} There were 36 boats.")
