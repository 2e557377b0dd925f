from __future__ import annotations

from pathlib import Path

import pytest

from index.build import Builder
from index.library import Library
from index.types import KEEPER, PUBLIC
from ingest.types import AccessLevel
from mmsearch.knowledge import KnowledgeBase
from tests.fakes import WordEmbedder, extracted

TEXTS = {
    "movers": ("The Good Movers Guild (GMG) was closed", AccessLevel.PUBLIC),
    "group": ("The Global Migration Group (GMG) met", AccessLevel.INTERNAL),
    "again": ("The Global Migration Group (GMG) met again", AccessLevel.INTERNAL),
}


@pytest.fixture
def knowledge(tmp_path: Path):
    documents, embedder = tmp_path / "documents", WordEmbedder()
    documents.mkdir()
    with Library.open(tmp_path / "library") as library:
        builder = Builder(library, embedder, lambda source: None)
        for name, (text, access) in TEXTS.items():
            path = documents / f"{name}.txt"
            path.write_text(text)
            assert list(builder.run([extracted(path, access=access)]))
        builder.publish()
    with KnowledgeBase.open(tmp_path / "library", embedder=embedder) as opened:
        yield opened


def test_an_acronym_stands_for_what_most_documents_say_that_may_be_read(knowledge):
    assert knowledge.long_forms(reader=KEEPER) == {"GMG": "Global Migration Group"}
    assert knowledge.long_forms(reader=PUBLIC) == {"GMG": "Good Movers Guild"}


def test_each_meaning_is_listed_with_a_source_of_the_reader(knowledge):
    listed = [(a.long, a.documents, a.document.file) for a in knowledge.glossary(reader=KEEPER)]
    assert [(long, count) for long, count, _ in listed] == [
        ("Global Migration Group", 2),
        ("Good Movers Guild", 1),
    ]
    (own,) = knowledge.glossary(reader=PUBLIC)
    assert (own.long, own.document.file) == ("Good Movers Guild", "movers.txt")
    assert TEXTS["movers"][0][own.start : own.end] == "Good Movers Guild (GMG)"
