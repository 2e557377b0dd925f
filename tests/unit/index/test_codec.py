from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from index.codec import dump_locator, first_of, load_locator
from ingest.types import Locator, PageArea, Rect, Unit

PLACES = st.builds(
    Locator,
    st.sampled_from(Unit),
    st.integers(1, 5_000),
    st.integers(1, 5_000),
    st.lists(st.text(max_size=8), max_size=3).map(tuple),
    st.just((PageArea(3, "iv, 4", (Rect(1.0, 2.0, 3.5, 4.0),)),)) | st.just(()),
)


@given(PLACES)
def test_a_place_is_read_as_it_was_written_and_so_is_its_first_page_alone(place):
    written = dump_locator(place)
    assert load_locator(written) == place
    assert first_of(written) == place.first
