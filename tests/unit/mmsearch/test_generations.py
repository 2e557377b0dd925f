"""A search, an answer and a response come from one generation and its model, whatever happens."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from index.build import Builder
from index.library import Library
from index.switch import switch_model
from index.types import KEEPER, SearchResult
from ingest.front import embedding_text
from ingest.types import BlockKind, Passage
from mmsearch import knowledge as knowledge_module
from mmsearch.api.app import create_app
from mmsearch.knowledge import KnowledgeBase
from mmsearch.settings import load_settings
from mmsearch.stored import passages_of
from tests.fakes import WordEmbedder, extracted
from tests.service.conftest import client_of

QUESTION = "Which mayors were trained in Moldova?"
TEXTS = {
    "mayors": "The mayors of nine towns in Moldova were trained in the spring of that year.",
    "clinics": "Mobile clinics reached the villages of the north before the roads were closed.",
    "teachers": "Teachers who had come home from abroad opened four schools in Moldova.",
}
SWITCHES = 6
SEARCHERS = 3


def nothing() -> None:
    """Do nothing."""


class Interrupted(WordEmbedder):
    """Embeds as ``WordEmbedder`` does, after doing something else first."""

    before_query: Callable[[], object] = staticmethod(nothing)
    before_passages: Callable[[], object] = staticmethod(nothing)

    def embed_query(self, text):
        self.before_query()
        return super().embed_query(text)

    def embed_passages(self, texts):
        self.before_passages()
        return super().embed_passages(texts)


@dataclass
class Switched:
    """A library whose model is switched while it is searched."""

    folder: Path
    models: dict[str, Interrupted]
    base: KnowledgeBase
    loading: list[Callable[[], object]] = field(default_factory=list)
    of_generation: dict[int, str] = field(default_factory=dict)

    def switch(self, name: str) -> None:
        """Embed everything with another model and publish it, as ``mmsearch model`` does."""
        with Library.open(self.folder, wait=10) as library:
            quiet = WordEmbedder(name)
            # Known before it can be seen.
            self.of_generation[library.generation() + 1] = name
            switch_model(library, quiet)

    def check(self, result: SearchResult) -> None:
        """Hold every cosine of a result to the model of its generation."""
        model = WordEmbedder(self.of_generation[result.generation])
        assert result.query_vector is not None
        assert np.allclose(result.query_vector, model.embed_query(QUESTION))
        assert {hit.document.metadata.title for hit in result.hits} == TEXTS.keys()
        for hit in result.hits:
            passage = Passage(0, 0, hit.passage.text, (), "", "en", BlockKind.PARAGRAPH)
            text = embedding_text(hit.document.metadata.title, passage)
            (vector,) = model.embed_passages([text])
            assert hit.cosine == pytest.approx(float(vector @ result.query_vector), abs=2e-3)


@pytest.fixture
def switched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Switched]:
    folder, models = tmp_path / "library", {name: Interrupted(name) for name in ("one", "two")}
    add(folder, models["one"], TEXTS)
    base = KnowledgeBase.open(folder, embedder=models["one"])
    state = Switched(folder, models, base, of_generation={1: "one"})

    def load(name: str, *, cache: Path | None = None) -> WordEmbedder:
        for interrupt in state.loading:
            interrupt()
        return models[name]

    monkeypatch.setattr(knowledge_module, "load_embedder", load)
    with base:
        yield state


def add(folder: Path, embedder: WordEmbedder, texts: dict[str, str]) -> None:
    documents = folder.parent / "documents"
    documents.mkdir(exist_ok=True)
    with Library.open(folder) as library:
        builder = Builder(library, embedder, lambda source: None)
        for name, text in texts.items():
            (documents / f"{name}.txt").write_text(text)
            for _ in builder.run([extracted(documents / f"{name}.txt", root=documents)]):
                pass
        builder.publish()


def elsewhere(work: Callable[[], object]) -> None:
    """Do something in another thread and wait for its end."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(work).result(timeout=120)


def test_a_search_that_was_begun_ends_with_the_model_that_it_began_with(switched: Switched) -> None:
    def publish_and_search() -> None:
        switched.models["one"].before_query = nothing
        switched.switch("two")
        elsewhere(lambda: switched.check(switched.base.search(QUESTION, reader=KEEPER)))

    switched.models["one"].before_query = publish_and_search
    begun = switched.base.search(QUESTION, reader=KEEPER)
    assert begun.generation == 1
    switched.check(begun)
    after = switched.base.search(QUESTION, reader=KEEPER)
    assert switched.of_generation[after.generation] == "two"
    switched.check(after)


def test_a_request_that_keeps_to_one_generation_reads_again_as_others_do(
    switched: Switched,
) -> None:
    class Strict:
        name = "strict"
        languages = frozenset({"en"})

        def score(self, question: str, passages: Sequence[str]) -> NDArray[np.float32]:
            return np.array([1.0 if "clinics" in text else 0.0 for text in passages], np.float32)

    model = switched.models["one"]
    with KnowledgeBase.open(switched.folder, embedder=model, reranker=Strict()) as base:
        here, pinned = (
            [hit.passage.passage_id for hit in shelf.search("in Moldova", reader=KEEPER).hits]
            for shelf in (base, base.pinned())
        )
    plain = switched.base.search("in Moldova", reader=KEEPER).hits
    assert here == pinned != [hit.passage.passage_id for hit in plain]


def test_while_the_new_model_is_loaded_the_old_pair_answers(switched: Switched) -> None:
    seen: list[int] = []

    def search() -> None:
        result = switched.base.search(QUESTION, reader=KEEPER)
        switched.check(result)
        seen.append(result.generation)

    switched.switch("two")
    switched.loading.append(lambda: elsewhere(search))
    search()
    assert seen == [1, 2]


def test_an_answer_is_composed_with_the_model_that_found_its_passages(switched: Switched) -> None:
    used: list[str] = []

    def publish_and_ask() -> None:
        switched.models["one"].before_query = nothing
        switched.switch("two")
        elsewhere(lambda: switched.base.ask(QUESTION, reader=KEEPER))
        used.clear()

    for name, model in switched.models.items():
        model.before_passages = lambda name=name: used.append(name)
    switched.models["one"].before_query = publish_and_ask
    answer = switched.base.ask(QUESTION, reader=KEEPER, bar=0.0)
    assert answer.generation == 1
    assert answer.sentences
    assert set(used) == {"one"}


def test_many_search_while_the_model_is_switched_back_and_forth(switched: Switched) -> None:
    """Each switch waits until every searcher was answered once more, so that they interleave."""
    ended = threading.Event()
    turns = [threading.Event() for _ in range(SEARCHERS)]
    generations: set[int] = set()

    def search(turn: threading.Event) -> None:
        while not ended.is_set():
            result = switched.base.search(QUESTION, reader=KEEPER)
            switched.check(result)
            generations.add(result.generation)
            turn.set()

    with ThreadPoolExecutor(SEARCHERS) as pool:
        searching = [pool.submit(search, turn) for turn in turns]
        try:
            for at in range(SWITCHES):
                switched.switch(("two", "one")[at % 2])
                for turn in turns:
                    turn.clear()
                    assert turn.wait(120)
        finally:
            ended.set()
        for one in searching:
            one.result(timeout=120)
    assert len(generations) > 2
    assert max(generations) <= SWITCHES + 1


def test_what_is_pinned_stays_as_it_was(switched: Switched) -> None:
    pinned = switched.base.pinned()
    add(switched.folder, switched.models["one"], {"mayors": "Nothing of it is left."})
    assert switched.base.search(QUESTION, reader=KEEPER).generation == 2
    result = pinned.search(QUESTION, reader=KEEPER)
    assert result.generation == pinned.status(reader=KEEPER).generation == 1
    switched.check(result)
    pinned.close()
    assert switched.base.search(QUESTION, reader=KEEPER).generation == 2


def test_a_response_is_put_together_from_one_generation(
    switched: Switched, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the list of documents and its counts another generation is published."""
    counting = KnowledgeBase.facets

    def publish_first(base: KnowledgeBase, **options: object) -> object:
        monkeypatch.setattr(KnowledgeBase, "facets", counting)
        elsewhere(lambda: add(switched.folder, switched.models["one"], {"roads": "A new road."}))
        return counting(base, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(KnowledgeBase, "facets", publish_first)
    with client_of(create_app(switched.base, load_settings())) as client:
        shown = client.get("/documents").json()
        assert shown["total"] == sum(shown["facets"]["language"].values()) == len(TEXTS)
        shown = client.get("/documents").json()
        assert shown["total"] == sum(shown["facets"]["language"].values()) == len(TEXTS) + 1


def test_the_passages_of_a_document_are_a_sequence_put_together_when_looked_at(
    switched: Switched,
) -> None:
    add(switched.folder, switched.models["one"], {"many": "\n\n".join(TEXTS.values())})
    snapshot = switched.base._current()
    (many,) = [d for d in switched.base.readable(reader=KEEPER) if d.metadata.title == "many"]
    passages = passages_of(snapshot, many.doc_id, KEEPER)
    texts = list(TEXTS.values())
    assert [passage.text for passage in passages] == texts
    assert [passage.ordinal for passage in passages] == [0, 1, 2]
    assert [passage.text for passage in passages[1:9]] == texts[1:]
    assert passages[-1].text == texts[-1]
    with pytest.raises(IndexError, match="out of range"):
        passages[3]
    assert switched.base.passages(many.doc_id, reader=KEEPER) == tuple(passages)
