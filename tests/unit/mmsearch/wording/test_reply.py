"""A reply is cut into sentences as it comes, however it is cut into pieces."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmsearch.wording.reply import Worded, sentences

REPLY = (
    "By the end of 2023 [1], 655 officials had been trained. [2] Dr. Rusu of the U.S. office "
    "led it [1][3]. No. 5 was dropped [2, 4].\n\nThe fund pays 1.5 million. [5] And this is free."
)
EXPECTED = [
    Worded("By the end of 2023, 655 officials had been trained.", (1, 2)),
    Worded("Dr. Rusu of the U.S. office led it.", (1, 3)),
    Worded("No. 5 was dropped.", (2, 4)),
    Worded("The fund pays 1.5 million.", (5,)),
]


def test_a_sentence_ends_with_its_citation() -> None:
    assert list(sentences([REPLY])) == EXPECTED


@given(st.lists(st.integers(1, len(REPLY) - 1)))
def test_the_pieces_in_which_a_reply_comes_do_not_matter(cuts: list[int]) -> None:
    places = [0, *sorted(set(cuts)), len(REPLY)]
    pieces = [REPLY[a:b] for a, b in pairwise(places)]
    assert list(sentences(pieces)) == EXPECTED


def test_a_sentence_comes_before_the_reply_has_ended() -> None:
    def reply():
        yield "The first one stands. [1] The second"
        raise AssertionError("the second half was read before the first was given")

    assert next(sentences(reply())) == Worded("The first one stands.", (1,))


@pytest.mark.parametrize("reply", ["", "none", "No citation at all.", "[1]", "\n\n", "[1][2] [3]"])
def test_what_cites_nothing_is_no_sentence(reply: str) -> None:
    assert list(sentences([reply])) == []


@given(st.text(alphabet="ab .[]12,;\n", max_size=60))
def test_any_reply_comes_to_an_end(reply: str) -> None:
    assert all(w.numbers for w in sentences([reply]))
