import numpy as np
import pytest

from index import vectors
from index.vectors import VectorIndex

DIM = 32


def unit(rows):
    return (rows / np.linalg.norm(rows, axis=-1, keepdims=True)).astype(np.float32)


@pytest.fixture(scope="module")
def shelf():
    """5,000 vectors in 50 clusters, as texts on the same subjects are, with their numbers."""
    chance = np.random.default_rng(7)
    centres = chance.normal(size=(50, DIM))
    rows = unit(centres[chance.integers(0, 50, 5_000)] + 0.6 * chance.normal(size=(5_000, DIM)))
    questions = unit(centres[:20] + 0.6 * chance.normal(size=(20, DIM)))
    return rows, np.arange(5_000, dtype=np.int64) * 3 + 1, questions


def truth(rows, numbers, query, k, allowed=None):
    """What a plain product says, computed without FAISS."""
    scores = rows.astype(np.float16).astype(np.float32) @ query
    if allowed is not None:
        scores = np.where(allowed, scores, -2.0)
    best = np.argsort(-scores, kind="stable")[:k]
    return {int(numbers[p]): float(scores[p]) for p in best if scores[p] > -2.0}


def test_a_small_index_finds_exactly_the_nearest(shelf):
    rows, numbers, questions = shelf
    index = VectorIndex.build(rows, numbers)
    for query in questions:
        found = index.search(query, 30, None)
        assert dict(found) == pytest.approx(truth(rows, numbers, query, 30), abs=1e-5)
        assert found == sorted(found, key=lambda item: (-item[1], item[0]))


def test_a_large_index_finds_nearly_all_of_them_with_exact_cosines(shelf):
    rows, numbers, questions = shelf
    index = VectorIndex.build(rows, numbers, exact_limit=0)
    shared = 0
    for query in questions:
        found = dict(index.search(query, 30, None))
        expected = truth(rows, numbers, query, 30)
        shared += len(found.keys() & expected.keys())
        exact = index.cosines(query, list(found))
        assert found == pytest.approx(exact, abs=1e-5)
    assert shared >= 0.98 * 30 * len(questions)


@pytest.mark.parametrize("share", [0.02, 0.4, 0.6, 0.95])
def test_filters_hold_in_a_large_index(shelf, share):
    rows, numbers, questions = shelf
    allowed = np.random.default_rng(1).random(len(numbers)) < share
    index = VectorIndex.build(rows, numbers, exact_limit=0)
    permitted = set(numbers[allowed].tolist())
    for query in questions:
        found = dict(index.search(query, 20, allowed))
        assert found.keys() <= permitted
        expected = truth(rows, numbers, query, 20, allowed)
        assert len(found) == 20
        assert len(found.keys() & expected.keys()) >= 18


def test_what_is_nearest_may_be_just_what_is_forbidden(shelf):
    rows, numbers, questions = shelf
    index = VectorIndex.build(rows, numbers, exact_limit=0)
    for query in questions[:5]:
        allowed = np.ones(len(numbers), dtype=np.bool_)
        allowed[np.argsort(-(rows @ query))[:2_400]] = False
        found = index.search(query, 20, allowed)
        assert dict(found) == pytest.approx(truth(rows, numbers, query, 20, allowed), abs=1e-5)


def test_more_may_be_wanted_than_there_is(shelf):
    rows, numbers, questions = shelf
    index = VectorIndex.build(rows[:700], numbers[:700], exact_limit=0)
    assert len(index.search(questions[0], 1_000, None)) == 700
    allowed = np.arange(700) < 500
    found = {n for n, _ in index.search(questions[0], 1_000, allowed)}
    assert found == set(numbers[:500].tolist())


@pytest.mark.parametrize("exact_limit", [0, vectors.EXACT_LIMIT])
def test_an_index_comes_back_from_its_folder(shelf, tmp_path, exact_limit):
    rows, numbers, questions = shelf
    index = VectorIndex.build(rows, numbers, exact_limit=exact_limit)
    index.save(tmp_path)
    back = VectorIndex.load(tmp_path)
    assert (tmp_path / vectors.ROUGH_FILE).exists() == (exact_limit == 0)
    for query in questions:
        assert back.search(query, 10, None) == index.search(query, 10, None)


def test_two_builds_of_the_same_vectors_answer_alike(shelf):
    rows, numbers, questions = shelf
    one, two = (VectorIndex.build(rows, numbers, exact_limit=0) for _ in range(2))
    for query in questions:
        assert one.search(query, 25, None) == two.search(query, 25, None)


def test_a_model_with_an_odd_number_of_dimensions_is_compared_exactly():
    rows = unit(np.random.default_rng(3).normal(size=(200, 5)))
    numbers = np.arange(200, dtype=np.int64)
    index = VectorIndex.build(rows, numbers, exact_limit=0)
    found = index.search(rows[17], 5, None)
    assert dict(found) == pytest.approx(truth(rows, numbers, rows[17], 5), abs=1e-5)
    assert found[0][0] == 17


def test_an_empty_index_finds_nothing():
    index = VectorIndex.build(np.zeros((0, DIM), np.float32), np.zeros(0, np.int64))
    assert index.search(np.ones(DIM, np.float32), 10, None) == []
    assert index.cosines(np.ones(DIM, np.float32), []) == {}
