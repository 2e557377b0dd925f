from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from index.page import SAME, SIGNATURE_BITS, Candidate, _Twins, signatures

WORDS = [*range(20), *range(SIGNATURE_BITS, SIGNATURE_BITS + 4)]
TEXTS = st.lists(
    st.sets(st.sampled_from(WORDS), max_size=24) | st.just(set(WORDS)), min_size=1, max_size=12
)


def candidate(words: set[int]) -> Candidate:
    # some words stand there more than once
    said = np.array([*words, *sorted(words)[:3]], dtype=np.uint32)
    return Candidate(0, None, None, said, *signatures([said]), 1.0)  # type: ignore[arg-type]


def same(one: set[int], other: set[int]) -> bool:
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
            if same(text, set(first.words.tolist())):
                also.append(found)
                break
        else:
            expected.append((found, []))
    assert shown == expected
