from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from index.types import PUBLIC, Reader, StoredDocument
from ingest.types import Metadata
from mmsearch.suggest import MOST, Suggestions, Vocabulary


def document(name: str, title: str, *countries: str) -> StoredDocument:
    metadata = Metadata(title=title, year=2020, countries=countries)
    return StoredDocument(name, f"{name}.pdf", "0" * 64, 1, metadata, 1, (), datetime.now(UTC))


DOCUMENTS = [
    document("d1", "Évaluation finale du port", "Côte d'Ivoire"),
    document("d2", "Review of the harbour fund", "Timor-Leste", "Togo"),
]
LONG_FORMS = {"HFU": "Harbour Finance Unit"}


@pytest.fixture
def vocabulary() -> Vocabulary:
    return Vocabulary.build(DOCUMENTS, LONG_FORMS)


def found(vocabulary: Vocabulary, typed: str) -> list[tuple[str, str]]:
    return [(one.kind, one.text) for one in vocabulary.suggest(typed)]


def test_titles_countries_and_acronyms_are_suggested(vocabulary: Vocabulary) -> None:
    assert found(vocabulary, "harb") == [
        ("acronym", "HFU"),
        ("title", "Review of the harbour fund"),
    ]
    assert found(vocabulary, "hfu") == [("acronym", "HFU")]
    assert found(vocabulary, "what of to") == [("country", "Togo")]


def test_accents_and_words_in_between_do_not_matter(vocabulary: Vocabulary) -> None:
    assert found(vocabulary, "evaluation port") == [("title", "Évaluation finale du port")]
    assert found(vocabulary, "lessons from cote d'iv") == [("country", "Côte d'Ivoire")]


def test_a_suggestion_says_which_words_it_replaces(vocabulary: Vocabulary) -> None:
    typed = "lessons from timor le"
    (one,) = vocabulary.suggest(typed)
    assert typed[: one.at] + one.text == "lessons from Timor-Leste"


@pytest.mark.parametrize("typed", ["", " ", "h", "?!", "zzz"])
def test_nothing_is_suggested_for_next_to_nothing(vocabulary: Vocabulary, typed: str) -> None:
    assert vocabulary.suggest(typed) == []


def test_suggestions_are_few() -> None:
    many = Vocabulary.build([document(f"d{n}", f"Harbour report {n}") for n in range(50)], {})
    assert len(many.suggest("harbour")) == MOST


@dataclass
class Shelf:
    """A library that says how often it was read."""

    reads: list[Reader] = field(default_factory=list)

    def readable(self, *, reader: Reader) -> Sequence[StoredDocument]:
        self.reads.append(reader)
        return DOCUMENTS if reader.internal else DOCUMENTS[:1]

    def long_forms(self, *, reader: Reader) -> Mapping[str, str]:
        return LONG_FORMS if reader.internal else {}


def test_each_reader_gets_their_own_and_a_generation_is_read_once() -> None:
    shelf = Shelf()
    suggestions = Suggestions(shelf)
    inside = Reader(internal=True)
    for _ in range(3):
        assert not suggestions.suggest("harb", reader=PUBLIC, generation=1)
        assert suggestions.suggest("harb", reader=inside, generation=1)
    assert shelf.reads == [PUBLIC, inside]
    suggestions.suggest("harb", reader=inside, generation=2)
    assert shelf.reads == [PUBLIC, inside, inside]


def test_of_many_readers_those_who_type_are_kept_at_hand() -> None:
    shelf = Shelf()
    suggestions = Suggestions(shelf)
    many = [Reader(groups=frozenset({f"group {n}"})) for n in range(60)]
    for reader in many:
        suggestions.suggest("harb", reader=reader, generation=1)
        suggestions.suggest("harbo", reader=reader, generation=1)
    assert shelf.reads == many
