from __future__ import annotations

import numpy as np
import pytest
import tantivy
from hypothesis import given
from hypothesis import strategies as st

from index.lexical import LexicalDocument, LexicalIndex
from index.lexical_terms import phrases_in
from index.sequences import Recorder, Sequences

STEM = st.sampled_from("abcd")
PASSAGES = st.dictionaries(st.integers(0, 99), st.lists(STEM, max_size=12), max_size=8)
PHRASES = st.lists(st.lists(STEM, min_size=2, max_size=4), min_size=1, max_size=4)


def record(recorder: Recorder, passages: dict[int, list[str]]) -> None:
    """Record passages whose first word stands in their context, each second one on a new line."""
    for number, (context, *rest) in ((n, stems or [""]) for n, stems in passages.items()):
        text = "".join(f"{word}{chr(10) if at % 2 else ' '}" for at, word in enumerate(rest))
        said = recorder.add(number, context, text, "und")
        assert [stem for _, stem, _ in said] == passages[number]


def recorded(passages: dict[int, list[str]]) -> Sequences:
    recorder = Recorder()
    record(recorder, passages)
    return recorder.joined(None, np.array(sorted(passages), dtype=np.int64))


def occurrences(stems: list[str], phrase: list[str]) -> int:
    return sum(stems[at : at + len(phrase)] == phrase for at in range(len(stems)))


@given(PASSAGES, PHRASES, st.data())
def test_phrases_are_counted_within_each_passage(passages, phrases, data):
    sequences = recorded(passages)
    chosen = data.draw(st.lists(st.sampled_from(sorted(passages)), unique=True)) if passages else []
    counts = sequences.counts(chosen, phrases)
    assert counts.tolist() == [
        [occurrences(passages[number], phrase) for phrase in phrases] for number in chosen
    ]


@given(PASSAGES, PASSAGES, st.sets(st.integers(0, 99)))
def test_an_index_goes_on_from_the_one_before(earlier, later, dropped):
    later = {number + 100: stems for number, stems in later.items()}
    everything = {n: s for n, s in (earlier | later).items() if n not in dropped}
    recorder = Recorder()
    record(recorder, later)
    joined = recorder.joined(recorded(earlier), np.array(sorted(everything), dtype=np.int64))
    anew = recorded(everything)
    for name in ("numbers", "starts", "parts", "tokens"):
        assert getattr(joined, name).tolist() == getattr(anew, name).tolist()
    known = np.arange(joined.vocabulary.words.shape[1])
    assert joined.vocabulary.said(known) == anew.vocabulary.said(known)


def test_sentences_stand_without_the_context_and_a_word_is_one_text():
    recorder = Recorder()
    recorder.add(3, "Top", "One two. One!\n\n—\nKind | 7", "en")
    recorder.add(5, "Top", "", "en")
    recorder.add(8, "", "Seven", "en")
    sequences = recorder.joined(None, np.array([3, 5, 8], dtype=np.int64))
    parts = sequences.sentences([8, 5, 3])
    assert parts.starts.tolist() == [0, 1, 1, 5]
    assert parts.part_of.tolist() == [0, 1, 1, 2, 4, 4]
    assert parts.cells.tolist() == [False, False, False, False, True]
    seven, nothing, some = sequences.words([8, 5, 3])
    assert (len(seven), len(nothing), len(some)) == (1, 0, 5)
    assert len(set(some.tolist())) == 4
    assert "top" not in {sequences.vocabulary.text(place) for place in some}


@pytest.mark.parametrize("passages", [{}, {3: []}, {3: ["a", "b"], 5: ["b"]}])
def test_what_is_saved_is_loaded(tmp_path, passages):
    assert not Sequences.are_in(tmp_path)
    saved = recorded(passages)
    saved.save(tmp_path)
    assert Sequences.are_in(tmp_path)
    loaded = Sequences.load(tmp_path)
    for name in ("numbers", "starts", "parts", "tokens"):
        assert np.array_equal(getattr(loaded, name), getattr(saved, name))
    assert np.array_equal(loaded.vocabulary.words, saved.vocabulary.words)
    assert loaded.counts([3], [["a", "b"]]).tolist() == [[1]] if 5 in passages else True


def test_scores_are_those_of_tantivy(tmp_path):
    texts = [
        "mobile clinics reached villages in Kenya and in the north",
        "clinics that were mobile reached no villages",
        "the mobile clinics and the mobile clinics again " * 2,
        "villages in the north have no clinics and nothing else to speak of " * 2,
        "nothing of it",
    ]
    documents = [LexicalDocument(n, n, "", text, "en") for n, text in enumerate(texts)]
    index = LexicalIndex.build(tmp_path, documents, numbers=np.arange(len(texts)))
    question = "mobile clinics reached villages in Kenya"
    phrases = phrases_in(question, "en", [])
    assert {len(phrase) for phrase, _ in phrases} >= {2, 3, 4}
    theirs = tantivy.Query.boolean_query(
        [
            (
                tantivy.Occur.Should,
                tantivy.Query.boost_query(
                    tantivy.Query.phrase_query(index._index.schema, "stems", list(phrase)), weight
                ),
            )
            for phrase, weight in phrases
        ]
    )
    expected = dict(index._within(theirs, 10, None, (), ()))
    ours = dict(index._with_phrases([(n, 0.0) for n in range(len(texts))], phrases))
    assert {n for n, score in ours.items() if score} == expected.keys()
    assert expected.keys() == {0, 2}
    for number, score in expected.items():
        assert ours[number] == pytest.approx(score, rel=1e-5)


def test_what_is_left_out_changes_no_score_and_no_order(tmp_path):
    texts = [f"{'clinic ' * (n % 7 + 1)} of village {n} {'road ' * (n % 5)}" for n in range(90)]
    documents = [LexicalDocument(n, n // 3, "", text, "en") for n, text in enumerate(texts)]
    index = LexicalIndex.build(tmp_path, documents, numbers=np.arange(len(texts)))
    everything = index.search("clinic village road", ["en"], 100)
    for hidden in ([1, 4, 20], list(range(29))):
        left = [(n, s) for n, s in everything if n // 3 not in hidden]
        for k in (1, 2, 5, 100):
            found = index.search("clinic village road", ["en"], k, without=hidden)
            assert [n for n, _ in found] == [n for n, _ in left[:k]]
            assert [s for _, s in found] == pytest.approx([s for _, s in left[:k]])
