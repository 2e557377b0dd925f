import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.fusion import follow, fuse, min_max

# FAISS turns subnormal numbers off for the whole process
FLOATS = st.floats(-10, 10, allow_subnormal=False)
SCORES = st.dictionaries(st.integers(0, 50), FLOATS, max_size=20)


def test_min_max_puts_the_best_at_one_and_the_worst_at_zero():
    assert min_max({1: 2.0, 2: 4.0, 3: 3.0}) == {1: 0.0, 2: 1.0, 3: 0.5}


def test_weights_decide_between_the_rankings():
    keywords, vectors = {1: 9.0, 2: 1.0}, {1: 0.1, 2: 0.9}
    assert fuse(keywords, vectors, 0.0)[0] == (1, 1.0)
    assert fuse(keywords, vectors, 1.0)[0] == (2, 1.0)
    assert fuse(keywords, vectors, 0.5) == [(1, 0.5), (2, pytest.approx(0.5))]


@given(keywords=SCORES, vectors=SCORES, weight=st.floats(0, 1, allow_subnormal=False))
def test_fused_scores_are_ordered_shares_of_all_candidates(keywords, vectors, weight):
    fused = fuse(keywords, vectors, weight)
    assert {key for key, _ in fused} == keywords.keys() | vectors.keys()
    assert fused == sorted(fused, key=lambda item: (-item[1], item[0]))
    assert all(-1e-9 <= score <= 1 + 1e-9 for _, score in fused)


def test_what_no_keyword_found_follows_what_one_found():
    keywords, vectors = {1: 9.0, 2: 8.0, 3: 1.0}, {4: 0.9, 3: 0.1, 5: 0.8}
    assert fuse(keywords, vectors, 0.2)[2] == (4, pytest.approx(0.2))
    assert [key for key, _ in follow(keywords, vectors, 0.2)] == [1, 2, 3, 4, 5]


@given(keywords=SCORES, vectors=SCORES, weight=st.floats(0, 1, allow_subnormal=False))
def test_scores_never_rise_along_the_ranking(keywords, vectors, weight):
    scores = [score for _, score in follow(keywords, vectors, weight)]
    assert scores == sorted(scores, reverse=True)
    assert len(scores) == len(keywords.keys() | vectors.keys())


def test_the_place_among_the_vectors_counts_beside_the_cosine():
    keywords, vectors = {1: 9.0, 2: 8.0, 3: 1.0}, {3: 0.60, 2: 0.59, 1: 0.10}
    placed = dict(fuse(keywords, vectors, 0.0, 1.0))
    assert placed == {3: 1.0, 2: pytest.approx(5 / 6), 1: pytest.approx(5 / 7)}
    assert dict(fuse({4: 1.0}, vectors, 0.0, 1.0))[4] == 0.0


@given(keywords=SCORES, vectors=SCORES, weight=st.floats(0, 0.5, allow_subnormal=False))
def test_scores_with_places_are_shares_too(keywords, vectors, weight):
    fused = fuse(keywords, vectors, 0.5, weight)
    assert {key for key, _ in fused} == keywords.keys() | vectors.keys()
    assert all(-1e-9 <= score <= 1 + 1e-9 for _, score in fused)
