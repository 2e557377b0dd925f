from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.parsers.number_format import number_shown


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (2.5, "0", "3"),
        (-2.5, "0", "-3"),
        (1.25, "0.0", "1.3"),
        (7, "00000", "00007"),
        (1234567, "#,##0,", "1,235"),
        (1234567, '0.0,,"M"', "1.2 M"),
        (1234.5, '"$"#,##0.00_);("$"#,##0.00)', "$1,234.50"),
        (-1234.5, '"$"#,##0.00_);("$"#,##0.00)', "-$1,234.50"),
        (1234.5, "[$€-407] #,##0.00", "€1,234.50"),
        (1200, "_-[$USD-409]* #,##0_-", "USD 1,200"),
        (12, "#,##0 €", "12 €"),
        (5, '0 "km;h"', "5 km;h"),
        (1.5, "0.0#", "1.5"),
        (1.0, "0.##", "1"),
        (3.7, "#,##0;[Red]-#,##0", "4"),
        (12345.678, "0.00E+00", "12345.678"),
        (0.5, "# ?/?", "0.5"),
        (1e300, "0.00", "1e+300"),
        (float("inf"), "0.00", "inf"),
        (12, "@", "12"),
    ],
)
def test_a_number_is_shown_in_its_format(value: float, number_format: str, text: str) -> None:
    assert number_shown(value, number_format) == text


@given(
    st.floats(allow_subnormal=False) | st.integers(),
    st.text('#0?,.;%[]$€"\\_*-@General EYd/', max_size=30),
)
def test_any_format_gives_something(value: float, number_format: str) -> None:
    assert number_shown(value, number_format)


@pytest.mark.parametrize("char", '#;["')
def test_a_format_of_a_megabyte_is_not_read(char: str) -> None:
    assert number_shown(1.5, char * 1_000_000) == "1.5"
