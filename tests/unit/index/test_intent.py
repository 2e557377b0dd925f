import pytest

from index.intent import NAMED, SYMBOL, as_named, named, wanted_evidence, wanted_kinds
from ingest.types import Evidence, Metadata


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Which recommendation concerns the private sector?", {Evidence.RECOMMENDATION}),
        ("Quelles sont les recommandations de l'évaluation ?", {Evidence.RECOMMENDATION}),
        ("¿Cuáles son las lecciones del proyecto?", {Evidence.LESSON}),
        ("Какие рекомендации были приняты?", {Evidence.RECOMMENDATION}),
        ("ما هي التوصيات؟", {Evidence.RECOMMENDATION}),
        ("What good practices and which lessons came of it?",
         {Evidence.GOOD_PRACTICE, Evidence.LESSON}),
        ("What share of the audit recommendations was carried out?", set()),
        ("When will the recommendations be carried out?", set()),
        ("Somewhat recommended practices", set()),
    ],
)  # fmt: skip
def test_a_question_asks_for_the_evidence_it_wants_named(question, expected):
    assert wanted_evidence(question) == expected


def test_a_question_asks_for_the_kind_of_document_its_words_name():
    assert wanted_kinds("Was the recommendation accepted?", "en") == {"management response"}
    assert wanted_kinds("How many were trained?", "en") == frozenset()


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What does DP/2025/14 say about evaluators?", SYMBOL),
        ("What does dp-2025-14 say?", SYMBOL),
        ("How many mayors were trained in Côte d'Ivoire?", NAMED),
        ("How many mayors did UN-Women train?", NAMED),
        ("What do women of the UN say of DP/2025/1?", 0.0),
        ("How many mayors were trained in Serbia?", 0.0),
    ],
)
def test_a_document_is_named_by_its_symbol_its_country_or_its_publisher(question, expected):
    metadata = Metadata(
        "Annual report",
        symbol="DP/2025/14",
        countries=("Côte d'Ivoire",),
        publisher=("UNDP", "UN Women"),
    )
    assert named(metadata, as_named(question)) == expected
    assert named(Metadata("Another"), as_named(question)) == 0.0
