"""Numbers are read in every way people write them."""

from __future__ import annotations

import pytest

from mmsearch.wording.facts import facts, numbers


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("655 officials", [{"655"}]),
        ("6,480 people", [{"6480", "6.48"}]),
        ("6.480 personas", [{"6480", "6.48"}]),
        ("2 760 человек", [{"2760"}]),
        ("USD 1.1 million", [{"1.1"}]),
        ("1,234,567.50", [{"1234567.5"}]),
        ("1.234.567", [{"1234567"}]),
        ("2021, 2022 and 2023", [{"2021"}, {"2022"}, {"2023"}]),
        ("١٢٣ شخصا", [{"123"}]),
        ("2,40 euros", [{"2.4"}]),
    ],
)
def test_numbers(text: str, expected: list[set[str]]) -> None:
    assert [set(readings) for readings in numbers(text)] == expected


def test_units_names_countries_and_small_words_that_matter() -> None:
    found = facts("Not all of the 14 per cent may go to Moldova or to the RMO in Osh.", "en")
    assert found.units == {"per cent"}
    assert found.names == {"moldova", "rmo", "osh"}
    assert found.countries == {"Moldova"}
    assert found.exact == {"all"}
    assert (found.negated, found.modal) == (True, True)
