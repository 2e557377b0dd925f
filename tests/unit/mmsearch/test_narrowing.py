from __future__ import annotations

import pytest

from index.types import Filters
from mmsearch.answer.question import read
from mmsearch.narrowing import narrowed

COUNTRIES = ("Jamaica", "Morocco", "Kyrgyzstan")


@pytest.mark.parametrize(
    ("question", "language", "countries"),
    [
        ("What lessons were learned in Jamaica?", "en", ("Jamaica",)),
        ("Quels enseignements ont été tirés au Maroc ?", "fr", ("Morocco",)),
        ("Какие уроки извлечены в Кыргызстане?", "ru", ("Kyrgyzstan",)),
        ("Which recommendations compare Morocco and Jamaica?", "en", ("Morocco", "Jamaica")),
    ],
)
def test_a_series_is_sought_in_the_country_that_is_named(
    question: str, language: str, countries: tuple[str, ...]
) -> None:
    found = narrowed(read(question, language), Filters(kinds=("brief",)), lambda: COUNTRIES)
    assert found == Filters(kinds=("brief",), countries=countries)


@pytest.mark.parametrize(
    ("question", "filters"),
    [
        ("How many clinics are there in Jamaica?", None),
        ("What lessons were learned in Peru?", None),
        ("What lessons were learned?", None),
        ("What lessons were learned in Jamaica?", Filters(countries=("Morocco",))),
    ],
)
def test_other_questions_are_searched_as_before(question: str, filters: Filters | None) -> None:
    assert narrowed(read(question, "en"), filters, lambda: COUNTRIES) is None
