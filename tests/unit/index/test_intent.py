import pytest

from index.intent import wanted_evidence, wanted_kinds
from ingest.types import Evidence


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
