"""A library in memory, a language model on loopback, and an answer worded by it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from index.types import Hit
from mmsearch.types import Answer
from mmsearch.wording.client import OpenAIModel
from mmsearch.wording.source import Source, gather
from mmsearch.wording.word import Told, word
from tests.language_model import Endpoint, endpoint
from tests.unit.mmsearch.answer.shelf import PROGRAMME, Shelf

SECONDS = 30.0
"""Nothing in these tests takes that long but what is meant to: it is given less."""
KEY = "sk-a-key-nobody-may-see"


@pytest.fixture
def stub() -> Iterator[Endpoint]:
    with endpoint() as running:
        yield running


Worder = Callable[..., Answer]


@pytest.fixture
def worded(stub: Endpoint) -> Iterator[Worder]:
    """Return a function that asks a shelf and has the model word the answer."""
    opened: list[OpenAIModel] = []

    def ask(
        question: str,
        shelf: Shelf = PROGRAMME,
        told: Told | None = None,
        seconds: float = SECONDS,
    ) -> Answer:
        model = OpenAIModel(url=stub.url, model="stub", key=KEY, seconds=seconds)
        opened.append(model)
        answer = shelf.ask(question)
        assert answer.answered, question
        sources = gather(answer.citations, answer.nearest, shelf.text, shelf.passages)
        return word(answer, sources, model=model, locate=shelf.locate, told=told)

    yield ask
    for model in opened:
        model.close()


def sources_of(texts: list[str], language: str = "en", title: str = "A report") -> list[Source]:
    """Return passages with these texts, in order."""
    shelf = Shelf(
        texts={f"d{n}": text for n, text in enumerate(texts)},
        titles={f"d{n}": title for n in range(len(texts))},
        language=language,
    )
    hits: list[Hit] = sorted(shelf.search("report").hits, key=lambda h: h.document.doc_id)
    found = gather((), hits, shelf.text, shelf.passages)
    return sorted(found, key=lambda s: s.hit.document.doc_id)
