import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.reading import Reading
from index.rerank import READ, reorder
from index.retrieve import retrieve
from index.snapshot import open_snapshot
from index.types import KEEPER, PUBLIC
from ingest.types import AccessLevel


class Liking:
    """Likes passages with one word, and keeps what it was shown."""

    name = "liking"

    def __init__(self, word, languages=("en",)):
        self.word, self.languages, self.read = word, frozenset(languages), []

    def score(self, question, passages):
        self.read.extend(passages)
        return np.array([9.0 if self.word in text else -9.0 for text in passages], np.float32)


@pytest.fixture
def snapshot(folder, fill, write):
    fill(
        write("moldova.txt", "Mayors in Moldova were trained in planning", title="Planning"),
        write("serbia.txt", "Mayors in Serbia were trained in planning by the mayors", title="Two"),
        write("kosovo.txt", "Villages were planted with chestnuts", title="Three"),
        write("secret.txt", "Mayors in secret were trained", access=AccessLevel.INTERNAL),
    )
    return open_snapshot(Reading(folder))


def files(result):
    return [hit.document.file for hit in result.hits]


def test_what_the_model_likes_comes_first_with_the_score_of_the_first(snapshot, embedder):
    question = "Which mayors were trained in planning?"
    plain = retrieve(snapshot, embedder, question, reader=PUBLIC)
    liked = plain.hits[1].passage.text.split()[2]
    read = retrieve(snapshot, embedder, question, reader=PUBLIC, reranker=Liking(liked))
    assert files(read)[0] == files(plain)[1]
    assert [hit.score for hit in read.hits] == [hit.score for hit in plain.hits]


def test_the_model_reads_a_passage_under_its_title_and_only_what_the_reader_may(snapshot, embedder):
    model = Liking("mayors")
    retrieve(snapshot, embedder, "Were mayors trained?", reader=PUBLIC, reranker=model)
    assert "Planning\nMayors in Moldova were trained in planning" in model.read
    assert not any("secret" in text for text in model.read)


@pytest.mark.parametrize(("languages", "n"), [(("fr",), 0), (("en", "fr"), 4)])
def test_a_question_in_a_language_that_the_model_does_not_know_is_left_alone(
    snapshot, embedder, languages, n
):
    model = Liking("mayors", languages)
    question = "Were the mayors of these towns trained in planning?"
    retrieve(snapshot, embedder, question, reader=KEEPER, reranker=model)
    assert len(model.read) == n


@given(
    scores=st.lists(st.floats(0, 1, allow_subnormal=False), max_size=2 * READ),
    judged=st.lists(st.floats(-9, 9, allow_subnormal=False), min_size=READ, max_size=READ),
)
def test_only_what_was_read_changes_places_and_places_keep_their_scores(scores, judged):
    ranking = list(enumerate(sorted(scores, reverse=True)))
    said = {number: judged[number] for number, _ in ranking[:READ]}
    again = reorder(ranking, said, 0.5)
    assert [score for _, score in again] == [score for _, score in ranking]
    assert sorted(number for number, _ in again) == sorted(number for number, _ in ranking)
    assert again[READ:] == ranking[READ:]
    if said:
        liked = reorder(ranking, said, 1.0)[0][0]
        assert said[liked] == pytest.approx(max(said.values()))
        assert dict(ranking)[reorder(ranking, said, 0.0)[0][0]] == pytest.approx(ranking[0][1])
