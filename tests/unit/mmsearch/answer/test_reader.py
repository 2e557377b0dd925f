from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import pytest

from index.embed import load_embedder
from index.embed_onnx import OnnxEmbedder
from index.errors import ModelError
from mmsearch.answer import reader
from mmsearch.answer.question import read
from mmsearch.answer.reader import HIGHEST, LearntReader, learnt_for, own_tokens
from mmsearch.answer.select import measured, select
from tests.unit.mmsearch.answer.shelf import Shelf

QUESTION = "In what year did the lake council open its clinic?"
ANSWERS = "The clinic of the lake council opened in 1998."
SAME_WORDS = "The lake council asks each year what the clinic needs."


@pytest.fixture(scope="module")
def embedder(tmp_path_factory: pytest.TempPathFactory) -> OnnxEmbedder:
    found = load_embedder(cache=tmp_path_factory.mktemp("models"), precision="int8", threads=1)
    assert isinstance(found, OnnxEmbedder)
    return found


@pytest.fixture(scope="module")
def learnt(embedder: OnnxEmbedder) -> LearntReader:
    found = learnt_for(embedder.fingerprint)
    assert found is not None
    return found


def scores(learnt: LearntReader, embedder: OnnxEmbedder, question: str, *texts: str) -> list[float]:
    asked, *said = embedder.embed_tokens([question, *texts])
    return learnt.score(asked, [(tokens, 0) for tokens in said])


def test_a_piece_that_answers_beats_one_with_the_same_words(
    learnt: LearntReader, embedder: OnnxEmbedder
) -> None:
    answers, same_words, other = scores(
        learnt, embedder, QUESTION, ANSWERS, SAME_WORDS, "Tea is free on Fridays."
    )
    assert HIGHEST >= answers > same_words
    assert answers > other >= -HIGHEST


def test_the_score_of_a_piece_owes_nothing_to_the_others(
    learnt: LearntReader, embedder: OnnxEmbedder
) -> None:
    alone = scores(learnt, embedder, QUESTION, ANSWERS)
    beside = scores(learnt, embedder, QUESTION, SAME_WORDS, ANSWERS)
    assert alone[0] == pytest.approx(beside[1], abs=1e-3)


def test_context_is_read_but_does_not_answer(learnt: LearntReader, embedder: OnnxEmbedder) -> None:
    text = f"{ANSWERS}\n{SAME_WORDS}"
    asked, whole = embedder.embed_tokens([QUESTION, text])
    with_answer, without = learnt.score(asked, [(whole, 0), (whole, len(ANSWERS) + 1)])
    assert without < with_answer


def test_a_text_without_tokens_of_its_own_is_least_likely(
    learnt: LearntReader, embedder: OnnxEmbedder
) -> None:
    asked, empty = embedder.embed_tokens([QUESTION, ""])
    assert not own_tokens(empty.spans, 0).any()
    assert learnt.score(asked, [(empty, 0)]) == [-HIGHEST]
    assert learnt.score(empty, [(asked, 0)]) == [-HIGHEST]


def test_pieces_carry_what_the_reader_said_of_them(embedder: OnnxEmbedder) -> None:
    shelf = Shelf({"lake": f"{SAME_WORDS} {ANSWERS}"})
    result = replace(shelf.search(QUESTION), query_vector=None)
    found = measured(read(QUESTION, "en"), result, embedder=embedder, text=shelf.text)
    by_text = {c.text: f for c, f in found}
    assert all(f.read and f.trusted for f in by_text.values())
    assert by_text[ANSWERS].reads > by_text[SAME_WORDS].reads
    selection = select(read(QUESTION, "en"), result, embedder=embedder, text=shelf.text)
    assert selection.chosen[0].text == ANSWERS
    assert selection.chosen[0].reads == pytest.approx(by_text[ANSWERS].reads, abs=1e-3)


def test_a_question_that_is_read_by_its_gist_goes_by_words_and_cosines(
    embedder: OnnxEmbedder,
) -> None:
    shelf = Shelf({"lake": ANSWERS})
    result = replace(shelf.search(QUESTION), query_vector=None, gist="lake council clinic year")
    ((_, features),) = measured(read(QUESTION, "sr"), result, embedder=embedder, text=shelf.text)
    assert (features.trusted, features.read) == (True, False)


def test_another_model_has_no_reader() -> None:
    assert learnt_for("another") is None


def test_the_shipped_file_is_small_and_is_the_one_that_was_trained() -> None:
    folder = files("mmsearch.answer")
    data = folder.joinpath("reader.safetensors").read_bytes()
    said = json.loads(folder.joinpath("reader.json").read_text(encoding="utf-8"))
    assert hashlib.sha256(data).hexdigest() == said["sha256"]
    assert len(data) < 2_000_000


def test_a_damaged_file_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = files("mmsearch.answer")
    for name in ("reader.json", "reader.safetensors"):
        (tmp_path / name).write_bytes(folder.joinpath(name).read_bytes())
    with (tmp_path / "reader.safetensors").open("r+b") as file:
        file.seek(5000)
        file.write(b"\x00\x01\x02\x03")
    monkeypatch.setattr(reader, "files", lambda _: tmp_path)
    with pytest.raises(ModelError, match="Install mmsearch again"):
        reader.shipped.__wrapped__()
