from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from index.vocabulary import NOWHERE, Vocabulary

TEXT = st.text(alphabet="abé😀", max_size=4) | st.just("\ud800x")
SAID = st.lists(st.tuples(TEXT, TEXT, TEXT), max_size=12)


@given(SAID)
def test_each_word_has_one_number_and_says_what_was_given(said):
    vocabulary, numbers = Vocabulary.build(said)
    assert vocabulary.said(numbers.astype(np.int64)) == said
    assert len(set(numbers.tolist())) == len(set(said)) == vocabulary.words.shape[1]


@given(SAID, TEXT)
def test_texts_are_found_and_so_are_those_that_begin_so(said, wanted):
    vocabulary, _ = Vocabulary.build(said)
    texts = sorted({text for word in said for text in word})
    assert [vocabulary.text(at) for at in range(len(texts))] == texts
    place = vocabulary.place(wanted)
    assert place == (texts.index(wanted) if wanted in texts else NOWHERE)
    first, after = vocabulary.beginning(wanted)
    assert texts[first:after] == [text for text in texts if text.startswith(wanted)]


def test_what_is_saved_is_loaded(tmp_path):
    vocabulary, numbers = Vocabulary.build([("Dörfer", "dorf", "dorfer"), ("ok", "ok", "ok")])
    vocabulary.save(tmp_path)
    loaded = Vocabulary.load(tmp_path)
    assert loaded.said(numbers.astype(np.int64)) == vocabulary.said(numbers.astype(np.int64))
    assert loaded.text(loaded.place("dorf")) == "dorf"
