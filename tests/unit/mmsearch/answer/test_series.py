from __future__ import annotations

import pytest

from index.types import DocumentText
from ingest.types import Block
from tests.unit.mmsearch.answer.shelf import Shelf
from tests.unit.mmsearch.answer.test_entries import ROW, TEXT, document

MATRIX = document(
    (TEXT, "Evaluation of the border project between Chad and Niger"),
    (ROW, "Evaluation recommendation # 1: Buy radios for all the border posts."),
    (ROW, "Management response - accept\nKey actions:\n1. Buy ten radios in 2026"),
    (ROW, "Evaluation recommendation # 2: Close the northern post for good."),
    (ROW, "Management response - reject\nThe post is needed in the dry season."),
    (ROW, "Evaluation recommendation # 3: Train the guards in first aid."),
    (ROW, "Management response - partially accept\nKey actions:\n1. Train half of them"),
)


def shelf(doc: DocumentText = MATRIX, title: str = "Border project: response") -> Shelf:
    blocks: tuple[Block, ...] = doc.blocks
    other = "The market is open on Mondays. Prices were stable in Chad and in Niger."
    return Shelf(
        texts={"matrix": doc.text, "market": other},
        titles={"matrix": title, "market": "Market note"},
        blocks={"matrix": blocks},
    )


def test_all_accepted_ones_are_listed_with_their_response() -> None:
    answer = shelf().ask("Which recommendations did management accept in Chad?")
    assert answer.answered
    assert answer.total == 2
    assert [s.text.split(":")[0] for s in answer.sentences] == [
        "Evaluation recommendation # 1",
        "Evaluation recommendation # 3",
    ]
    assert [s.citations for s in answer.sentences] == [(1, 2), (3, 4)]
    assert answer.citations[3].quote == "Management response - partially accept"


def test_a_topic_narrows_the_list() -> None:
    answer = shelf().ask("Which recommendations are about radios?")
    assert [s.text for s in answer.sentences] == [
        "Evaluation recommendation # 1: Buy radios for all the border posts."
    ]


@pytest.mark.parametrize(
    "question",
    [
        "Which recommendations did management accept in Senegal?",
        "Which recommendations did management accept in Chad in 1999?",
        "Which lessons were learned about radios?",
    ],
)
def test_another_country_year_or_sort_is_not_answered_with_this_list(question: str) -> None:
    assert shelf().ask(question).total is None


def test_the_response_to_one_is_its_row() -> None:
    answer = shelf().ask("Did management accept to train the guards, and what will it do?")
    assert [s.text for s in answer.sentences] == [
        "Evaluation recommendation # 3: Train the guards in first aid.",
        "Management response - partially accept",
        "1. Train half of them",
    ]
    assert answer.total is None


def test_a_reason_is_given_where_one_is_asked_for() -> None:
    answer = shelf().ask("Why did management reject to close the northern post?")
    assert "The post is needed in the dry season." in [s.text for s in answer.sentences]


def test_a_recommendation_is_found_by_its_number() -> None:
    answer = shelf().ask("What does recommendation 2 say?")
    assert answer.sentences[0].text.endswith("Close the northern post for good.")


def test_a_verb_asks_for_the_recommendations_about_a_topic() -> None:
    answer = shelf().ask("What did the evaluation recommend about first aid?")
    assert [s.text for s in answer.sentences] == [
        "Evaluation recommendation # 3: Train the guards in first aid."
    ]


def test_a_verdict_that_nobody_gave_is_not_answered_with_another() -> None:
    accepted = document(
        (ROW, "Evaluation recommendation # 1: Buy radios for all the border posts."),
        (ROW, "Management response - accept"),
        (ROW, "Evaluation recommendation # 2: Train the guards in first aid."),
        (ROW, "Management response - accept"),
    )
    assert shelf(accepted).ask("Which recommendations did management accept?").total == 2
    answer = shelf(accepted).ask("Which recommendations did management reject?")
    assert not answer.answered
    assert answer.confidence < 0.2


def test_a_recommendation_comes_with_those_who_are_to_act() -> None:
    matrix = document(
        (ROW, "No: 1\nRecommendations: Buy radios for every post.\nMainly addressed to: Offices"),
        (ROW, "No: 2\nRecommendations: Train guards in first aid.\nMainly addressed to: Police"),
    )
    answer = shelf(matrix).ask("Which recommendation is about first aid, and who is responsible?")
    assert [s.text for s in answer.sentences] == [
        "No: 2\nRecommendations: Train guards in first aid.",
        "Mainly addressed to: Police",
    ]


def test_what_two_documents_recommend_alike_is_listed_once() -> None:
    texts = {"report": MATRIX.text, "response": MATRIX.text}
    twice = Shelf(
        texts=texts,
        titles={"report": "Border project: report", "response": "Border project: response"},
        blocks=dict.fromkeys(texts, MATRIX.blocks),
    )
    assert twice.ask("Which recommendations were made to the border project?").total == 3


def test_those_rejected_come_with_the_reason_that_is_asked_for() -> None:
    answer = shelf().ask("Which recommendations did management reject, and why?")
    assert answer.total == 1
    assert [s.text for s in answer.sentences] == [
        "Evaluation recommendation # 2: Close the northern post for good.",
        "Management response - reject",
        "The post is needed in the dry season.",
    ]
