from __future__ import annotations

from dataclasses import replace

from mmsearch.answer.kinds import Kind
from mmsearch.answer.question import Question, read
from mmsearch.answer.score import (
    NAMES,
    WEIGHTS,
    Features,
    weigh,
    with_cosine,
    with_reading,
)
from mmsearch.answer.select import measured
from tests.unit.mmsearch.answer.shelf import PROGRAMME, Shelf


def features(shelf: Shelf, question: str, language: str = "en") -> dict[str, Features]:
    asked: Question = read(question, language)
    result = shelf.search(question)
    found = measured(asked, result, embedder=shelf.embedder, text=shelf.text)
    return {c.text: f for c, f in found}


def test_every_weight_is_of_a_feature_and_every_feature_has_one() -> None:
    assert set(WEIGHTS) == {"read", "glossed", "known", "foreign"}
    assert set(WEIGHTS["read"]) | set(WEIGHTS["foreign"]) == set(NAMES)
    assert set(WEIGHTS["glossed"]) == set(NAMES)
    assert set(WEIGHTS["known"]) == set(WEIGHTS["read"]) - {"reads"}
    assert {kind.value for kind in Kind} - {"other"} <= set(NAMES)


def test_a_piece_is_read_with_the_one_before_it() -> None:
    shelf = Shelf({"nets": "The lake council meets in May. It lends nets. Tea is free."})
    found = features(shelf, "What does the lake council lend?")
    nets, tea = found["It lends nets."], found["Tea is free."]
    assert nets.own < nets.beside == 1.0
    assert tea.beside < nets.beside


def test_forms_of_a_word_that_no_stemmer_joins_count_a_part() -> None:
    shelf = Shelf({"a": "Рыболовецкий совет выдаёт сети."}, language="ru")
    found = features(shelf, "Что выдают рыболовы?", "ru")
    (piece,) = found.values()
    assert 0 < piece.own < 1
    assert 0 < piece.letters < 1
    assert piece.glossed


def test_the_kind_of_answer_speaks_for_a_piece() -> None:
    found = features(PROGRAMME, "How many patients did the clinic in Kenya treat?")
    with_value = [f for text, f in found.items() if "4,200" in text]
    assert with_value[0].amount == 1
    assert with_value[0].offers is True
    assert weigh(with_value[0]) > weigh(replace(with_value[0], amount=-1.0))


def test_a_cosine_changes_which_weights_hold() -> None:
    (piece,) = features(Shelf({"a": "Nets are lent."}), "Are nets lent?").values()
    assert piece.trusted
    untrusted = replace(piece, cosine=0.0, passage=0.0, trusted=False)
    assert with_cosine(untrusted, piece.cosine, piece.passage) == piece


def test_what_the_reader_says_weighs_with_weights_of_its_own() -> None:
    (piece,) = features(Shelf({"a": "Nets are lent."}), "Are nets lent?").values()
    assert piece.set_of_weights == "known"
    likely, unlikely = with_reading(piece, 6.0), with_reading(piece, -6.0)
    assert (likely.reads, likely.set_of_weights) == (0.75, "read")
    assert weigh(likely) > weigh(unlikely)
