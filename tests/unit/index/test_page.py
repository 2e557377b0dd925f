from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from index.page import SAME, Candidate, _Twins

WORDS = list(range(24))
TEXTS = st.lists(
    st.sets(st.sampled_from(WORDS), max_size=24) | st.just(set(WORDS)), min_size=1, max_size=12
)


def candidate(words: set[int]) -> Candidate:
    return Candidate(0, None, None, frozenset(words), 1.0)  # type: ignore[arg-type]


def same(one: set[int], other: set[int] | frozenset[int]) -> bool:
    return len(one & other) >= SAME * len(one | other)


@given(TEXTS, st.sets(st.sampled_from(WORDS), max_size=2))
def test_twins_are_those_that_share_nine_words_of_ten(texts, left_out):
    texts += [text - left_out for text in texts]
    candidates = [candidate(text) for text in texts]
    twins = _Twins()
    shown = [(found, also) for found in candidates if (also := twins.placed(found)) is not None]

    expected: list[tuple[Candidate, list[Candidate]]] = []
    for found, text in zip(candidates, texts, strict=True):
        for first, also in expected:
            if same(text, first.words):
                also.append(found)
                break
        else:
            expected.append((found, []))
    assert shown == expected
