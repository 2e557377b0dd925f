import threading

import numpy as np
import pytest

from index.ahead import TOGETHER, Ahead
from index.build import Builder
from index.library import Library
from ingest.types import FileState
from tests.fakes import WordEmbedder


class Failing(WordEmbedder):
    """Fails at the first text that says so."""

    def embed_passages(self, texts):
        if any("fail" in text for text in texts):
            raise RuntimeError("no vectors today")
        return super().embed_passages(texts)


class Halting(WordEmbedder):
    """Waits in its first call until it is let go."""

    def __init__(self):
        super().__init__()
        self.begun, self.go = threading.Event(), threading.Event()

    def embed_passages(self, texts):
        self.begun.set()
        assert self.go.wait(120)
        return super().embed_passages(texts)


def many(count):
    return {f"{n:04}".encode(): f"text number {n}" for n in range(count)}


def test_each_key_gets_the_vector_of_its_text(embedder):
    texts = many(2 * TOGETHER + 3)
    with Ahead(embedder) as ahead:
        vectors = ahead.begin(texts).vectors()
    assert vectors.keys() == texts.keys()
    for key, text in texts.items():
        np.testing.assert_array_equal(vectors[key], embedder.embed_query(text))


def test_nothing_to_embed_is_no_call(embedder):
    with Ahead(embedder) as ahead:
        assert ahead.begin({}).vectors() == {}
    assert embedder.embedded == []


def test_what_goes_wrong_is_raised_where_vectors_are_waited_for():
    with Ahead(Failing()) as ahead:
        awaited = ahead.begin({b"a": "this must fail"})
        with pytest.raises(RuntimeError, match="no vectors today"):
            awaited.vectors()


def test_leaving_drops_the_calls_that_have_not_begun():
    embedder = Halting()
    with Ahead(embedder) as ahead:
        awaited = ahead.begin(many(20 * TOGETHER))
        awaited.calls[-1].add_done_callback(lambda call: embedder.go.set())  # when it is dropped
        assert embedder.begun.wait(120)
    assert len(embedder.embedded) <= 2 * TOGETHER


def test_a_text_that_two_batches_share_is_embedded_once(folder, embedder, write):
    items = [write(f"{name}.txt", "the same words", title="Notes") for name in "abc"]
    with Library.open(folder) as library:
        builder = Builder(library, embedder, lambda source: None, batch=1)
        results = list(builder.run(items))
        builder.publish()
    assert [one.state for one in results] == [FileState.ADDED] * 3
    assert len(embedder.embedded) == 1


def test_the_next_files_are_taken_while_a_batch_is_embedded(folder, write):
    embedder = Halting()
    items = [write(f"{name}.txt", f"words of {name}", title=name) for name in "ab"]

    def outcomes():
        yield items[0]
        assert embedder.begun.wait(120)
        embedder.go.set()
        yield items[1]

    with Library.open(folder) as library:
        builder = Builder(library, embedder, lambda source: None, batch=1)
        assert [one.file for one in builder.run(outcomes())] == ["a.txt", "b.txt"]


def test_what_was_reported_before_an_error_is_kept(folder, fill, write):
    items = [write(f"{name}.txt", f"words of {name}", title=name) for name in "ab"]
    items.append(write("c.txt", "this will fail", title="c"))
    reported = []
    with Library.open(folder) as library:
        builder = Builder(library, Failing(), lambda source: None, batch=1)
        with pytest.raises(RuntimeError, match="no vectors today"):
            reported.extend(one.file for one in builder.run(items))
        assert reported == ["a.txt", "b.txt"]
        assert {known.file for known in library.known()} == set(reported)
