from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ingest.parsers.slide_order import Box, reading_order

TITLE = Box(10, 5, 280, 20)
LEFT = Box(10, 60, 100, 60)
RIGHT = Box(160, 40, 110, 110)
FOOT = Box(10, 160, 280, 20)


def test_columns_are_read_one_after_the_other_between_what_spans_them() -> None:
    shapes = [FOOT, RIGHT, LEFT, TITLE]
    assert reading_order(shapes, same_line=6) == [3, 2, 1, 0]
    assert reading_order(shapes, same_line=6, leftward=True) == [3, 1, 2, 0]


def test_what_nothing_parts_is_read_from_its_top() -> None:
    assert reading_order([Box(50, 52, 90, 90), Box(10, 10, 90, 90)], same_line=6) == [1, 0]
    assert reading_order([Box(30, 12, 90, 90), Box(10, 13, 90, 90)], same_line=10) == [1, 0]


@given(
    st.lists(
        st.builds(
            Box,
            *[st.floats(-1e4, 1e4, allow_subnormal=False)] * 2,
            *[st.floats(0, 1e4, allow_subnormal=False)] * 2,
        )
    )
)
def test_every_shape_is_read_once(boxes: list[Box]) -> None:
    assert sorted(reading_order(boxes, same_line=6)) == list(range(len(boxes)))
