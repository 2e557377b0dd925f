from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from index.second_stage import Asked, Strengths, strengths, telling
from index.sequences import Recorder, Sequences
from index.stored_words import stored_strengths
from index.value import Wanted

PIECES = st.sampled_from(
    ["Clinics", "clinic", "clinical", "train", "trained", "training", "Élève", "eleve", "été"]
) | st.sampled_from(
    ["7", "2019", "Республики", "республика", "والنساء", "النساء", "ﬁve", "İstanbul", "ΟΔΟΣ", "two"]
)
BETWEEN = (". ", "! ", '." ', " | ", "\n", "\n\n", " — ", "…", "; ", " ", "\u0301", "\u00a0")
TEXTS = st.lists(PIECES | st.sampled_from(BETWEEN) | st.just(" "), max_size=25).map("".join)
LANGUAGES = st.sampled_from(["en", "fr", "ar", "ru", "sr", "und"])
PASSAGES = st.lists(st.tuples(TEXTS, TEXTS, LANGUAGES), max_size=5)


def kept(passages: list[tuple[str, str, str]]) -> Sequences:
    recorder = Recorder()
    for number, (text, head, language) in enumerate(passages):
        recorder.add(number, head, text, language)
    return recorder.joined(None, np.arange(len(passages)))


def same(one: Strengths, other: Strengths) -> bool:
    names = (field.name for field in fields(Strengths))
    return all(getattr(one, name).tolist() == getattr(other, name).tolist() for name in names)


KEYS = st.lists(st.sampled_from(["train", "clinic", "республик", "eleve", "two", "no"]), max_size=3)


@given(PASSAGES, TEXTS, LANGUAGES, st.sampled_from(Wanted), KEYS, KEYS, KEYS)
@example([("", "train", "en")], "trained", "fr", Wanted.AMOUNT, [], [], ["train"])
def test_kept_words_say_what_the_text_says(passages, question, language, sort, also, like, others):
    asked = Asked(telling(question, language, lambda stems: {}, 100), sort, ("7",))
    if asked.terms:
        first = replace(asked.terms[0], like=tuple(others))
        last = replace(asked.terms[-1], also=tuple(also), like=tuple(like))
        asked = replace(asked, terms=(first, *asked.terms[1:-1], last))
    numbers = list(range(len(passages)))
    found = stored_strengths(asked, kept(passages), numbers, passages)
    assert same(found, strengths(asked, passages))


@pytest.mark.parametrize("chosen", [[], [2], [2, 0], [1, 1]])
def test_passages_are_read_in_the_order_given(chosen):
    passages = [
        ("A clinic. It is new.", "Top", "en"),
        ("", "", "en"),
        ("x | y\n\nclinics", "", "en"),
    ]
    asked = Asked(telling("new clinics", "en", lambda stems: {}, 100))
    some = [passages[at] for at in chosen]
    found = stored_strengths(asked, kept(passages), chosen, some)
    assert same(found, strengths(asked, some))
    assert found.rows.any() == bool(chosen and chosen[0] != 1)
