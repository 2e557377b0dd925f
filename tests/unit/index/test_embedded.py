"""What is embedded of a passage, and under which key."""

from __future__ import annotations

from dataclasses import replace

from index import codec
from index.embedded import as_read, embed_key, embed_texts
from ingest.front import embedding_text
from ingest.types import BlockKind, Passage

PASSAGE = Passage(0, 10, "Les enfants vivent dans la ville.", (), "", "fr", BlockKind.PARAGRAPH)


def test_a_model_that_knows_a_language_gets_the_text() -> None:
    (text,) = embed_texts("Rapport", [PASSAGE], {"en", "fr"}).values()
    assert text == embedding_text("Rapport", PASSAGE)


def test_one_that_knows_english_alone_gets_the_gloss() -> None:
    (text,) = embed_texts("Rapport", [PASSAGE], {"en"}).values()
    assert "child" in text
    assert "enfants" not in text
    assert text.count("\n") == embedding_text("Rapport", PASSAGE).count("\n")


def test_one_that_knows_no_english_gets_the_text() -> None:
    assert as_read(PASSAGE.text, "fr", {"de"}) == PASSAGE.text


def test_the_key_is_of_the_text_and_its_language_and_of_no_model() -> None:
    (key,) = embed_texts("Rapport", [PASSAGE], {"en"})
    assert [key] == list(embed_texts("Rapport", [PASSAGE], {"en", "fr"}))
    assert key != embed_key("Rapport", replace(PASSAGE, language="es"))
    english = replace(PASSAGE, language="en")
    assert embed_key("", english) == codec.embed_hash(PASSAGE.text)
