from __future__ import annotations

import pytest

from index.types import DocumentText
from ingest.types import Block, BlockKind
from mmsearch.answer.entries import LONGEST, entries
from mmsearch.answer.series_words import Sort, Verdict, asked_sort, asks_for_one, verdict

HEAD, TEXT, ITEM, ROW = (
    BlockKind.HEADING,
    BlockKind.PARAGRAPH,
    BlockKind.LIST_ITEM,
    BlockKind.TABLE_ROW,
)


def document(*parts: tuple[BlockKind, str], level: int = 2) -> DocumentText:
    blocks, text = [], ""
    for line, (kind, said) in enumerate(parts, 1):
        start = len(text)
        text += said + "\n\n"
        deep = level if kind is HEAD else 0
        blocks.append(Block(kind, start, start + len(said), line, line, level=deep))
    return DocumentText("d", text, tuple(blocks))


def stated(doc: DocumentText, sort: Sort = Sort.RECOMMENDATION) -> list[str]:
    return [doc.text[slice(*entry.statement)] for entry in entries(doc, sort)]


def test_labels_with_numbers_open_entries() -> None:
    doc = document(
        (TEXT, "Recommendation 1: Offices should publish their budgets. This is overdue."),
        (TEXT, "It was raised before."),
        (TEXT, "Recommendation 2: Keep a list of focal points in every office."),
    )
    assert stated(doc) == [
        "Recommendation 1: Offices should publish their budgets.",
        "Recommendation 2: Keep a list of focal points in every office.",
    ]


def test_a_bare_heading_takes_its_statement_from_below() -> None:
    doc = document(
        (HEAD, "Recommandation 1"),
        (TEXT, "Les bureaux devraient publier leurs budgets chaque année."),
        (HEAD, "Recommandation 2"),
        (TEXT, "Tenir à jour la liste des points focaux."),
    )
    assert stated(doc)[1] == "Tenir à jour la liste des points focaux."


def test_a_column_of_that_name_gives_its_rows() -> None:
    doc = document(
        (ROW, "No: 1\nRecommendations: Share lessons between the offices.\nPhase II: ✓"),
        (ROW, "No: 2\nRecommendations: Train the new officers early.\nPhase II: ✓"),
    )
    assert [e.number for e in entries(doc, Sort.RECOMMENDATION)] == ["1", "2"]
    assert stated(doc)[0] == "No: 1\nRecommendations: Share lessons between the offices."


def test_items_under_a_heading_are_entries_and_questions_are_not() -> None:
    doc = document(
        (HEAD, "Lessons learned"),
        (ITEM, "Plan the handover before the project ends."),
        (ITEM, "Which lessons would you share with others?"),
        (ITEM, "Ask the women of the village first."),
        (HEAD, "Annex"),
        (ITEM, "A list of people who were met."),
    )
    assert stated(doc, Sort.LESSON) == [
        "Plan the handover before the project ends.",
        "Ask the women of the village first.",
    ]
    assert stated(doc) == []


def test_paragraphs_are_entries_where_a_section_has_no_list() -> None:
    doc = document(
        (HEAD, "Enseignements tirés"),
        (TEXT, "Une équipe commune évite les doublons. Elle coûte peu. Elle plaît."),
        (TEXT, "Former tôt les maires rend le plan durable."),
        (HEAD, "Recommandations"),
        (TEXT, "Les recommandations principales sont :"),
        (ITEM, "Nommer une personne par commune."),
    )
    assert stated(doc, Sort.LESSON) == [
        "Une équipe commune évite les doublons. Elle coûte peu.",
        "Former tôt les maires rend le plan durable.",
    ]
    assert stated(doc) == ["Nommer une personne par commune."]


def test_rows_are_entries_where_a_section_has_a_table() -> None:
    doc = document(
        (HEAD, "Recommendations"),
        (TEXT, "The table lists two recommendations in order of priority."),
        (ROW, "1 | Buy radios for all the border posts. | Logistics"),
        (ROW, "2 | Train the guards in first aid. | Police"),
    )
    assert stated(doc) == [
        "1 | Buy radios for all the border posts.",
        "2 | Train the guards in first aid.",
    ]
    assert [entry.number for entry in entries(doc, Sort.RECOMMENDATION)] == ["1", "2"]


def test_a_document_of_lessons_gives_its_list() -> None:
    doc = document(
        (HEAD, "What the villages taught us, 2023"),
        (TEXT, "Three villages took part in the work."),
        (ITEM, "Begin before the harvest."),
        (ITEM, "Pay the drivers every week."),
    )
    found = entries(doc, Sort.LESSON, "lessons learned")
    assert [doc.text[slice(*e.statement)] for e in found] == [
        "Begin before the harvest.",
        "Pay the drivers every week.",
    ]
    assert entries(doc, Sort.LESSON, "brief") == entries(doc, Sort.FINDING, "lessons learned") == ()


def test_a_response_in_the_cells_of_its_row_is_read_with_every_action() -> None:
    doc = document(
        (
            ROW,
            "Recommendation: 1. Radios | Response: Accepted. | Key actions: Buy ten."
            " | Unit in charge: Logistics | Due: May 2024",
        ),
        (
            ROW,
            "Recommendation: 1. Radios | Response: Accepted. | Key actions: Buy masts."
            " | Unit in charge: Works | Due: June 2024",
        ),
        (
            ROW,
            "Recommendation: 2. Close the northern post | Response: Rejected. It is needed."
            " | Key actions: None. | Unit in charge: Board | Due: -",
        ),
    )
    first, second = entries(doc, Sort.RECOMMENDATION)

    def said(*spans: tuple[int, int]) -> list[str]:
        return [doc.text[slice(*span)] for span in spans]

    assert said(first.statement) == ["Recommendation: 1. Radios"]
    assert said(*first.actions) == ["Key actions: Buy ten.", "Key actions: Buy masts."]
    assert said(*first.addressees) == [
        "Unit in charge: Logistics",
        "Due: May 2024",
        "Unit in charge: Works",
        "Due: June 2024",
    ]
    assert (first.verdict, second.verdict) == (Verdict.ACCEPTED, Verdict.REJECTED)
    assert second.said is not None
    assert said(second.said) == ["Response: Rejected. It is needed."]


def test_those_who_are_to_act_belong_to_the_entry() -> None:
    doc = document(
        (ROW, "No: 1\nRecommendations: Buy radios for every post.\nMainly addressed to: HQ: ✓"),
        (ROW, "No: 2\nRecommendations: Train the guards in first aid.\nPhase II: ✓"),
    )
    first, second = entries(doc, Sort.RECOMMENDATION)
    assert [doc.text[slice(*s)] for s in first.addressees] == ["Mainly addressed to: HQ: ✓"]
    assert second.addressees == ()


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Which recommendation is about radios?", True),
        ("Quelle recommandation porte sur les radios ?", True),
        ("Whom is the recommendation on radios addressed to?", True),
        ("Which recommendations are about radios?", False),
        ("Was the recommendation on radios accepted?", False),
    ],
)
def test_questions_for_one(question: str, expected: bool) -> None:
    assert asks_for_one(question) is expected


def test_a_table_of_ticks_states_nothing() -> None:
    doc = document((ROW, "Recommendation 1 | a | E | E"), (ROW, "Recommendation 2 | a | L"))
    assert entries(doc, Sort.RECOMMENDATION) == ()


def test_a_summary_of_the_same_recommendations_counts_once() -> None:
    same = "Offices should publish their budgets every year."
    doc = document(
        (TEXT, f"Recommendation 1: {same}"),
        (TEXT, "Recommendation 2: Keep a list of focal points."),
        (HEAD, "Recommendations"),
        (TEXT, f"Recommendation 1: {same}"),
        (TEXT, "Recommendation 2: Keep a list of focal points."),
    )
    assert len(entries(doc, Sort.RECOMMENDATION)) == 2


def test_the_response_belongs_to_its_recommendation() -> None:
    doc = document(
        (ROW, "Evaluation recommendation # 1: Buy radios for all the border posts."),
        (ROW, "Responsible unit(s): Logistics"),
        (
            ROW,
            "Management response - partially accept\nThe budget covers half of them.\n"
            "Key actions:\n1. Buy ten radios in 2026\n2. Ask the donor for more",
        ),
        (ROW, "Evaluation recommendation # 2: Close the northern post for good."),
        (ROW, "Management response - accept/partially accept/reject: it is rejected."),
    )
    first, second = entries(doc, Sort.RECOMMENDATION)
    assert (first.verdict, second.verdict) == (Verdict.PARTLY, Verdict.REJECTED)
    assert [doc.text[slice(*s)] for s in first.reasons] == ["The budget covers half of them."]
    assert [doc.text[slice(*s)] for s in first.actions] == [
        "1. Buy ten radios in 2026",
        "2. Ask the donor for more",
    ]
    assert second.said is not None
    assert doc.text[slice(*second.said)].endswith("it is rejected.")


def test_a_statement_is_cut_at_a_word() -> None:
    doc = document(
        (TEXT, "Recommendation 1: " + "offices should share reports and " * 40),
        (TEXT, "Recommendation 2: Keep a list of focal points."),
    )
    assert len(stated(doc)[0]) <= LONGEST + len("Recommendation 1:")
    assert stated(doc)[0].split()[-1] in {"offices", "should", "share", "reports", "and"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Management response - accept (Time 1)", Verdict.ACCEPTED),
        ("Management response - accept/partially accept/reject: agreed.", Verdict.ACCEPTED),
        ("Management response - accept/partially accept/reject:", None),
        ("la direction ne l'a acceptée qu'en partie", Verdict.PARTLY),
        ("La dirección rechazó la recomendación", Verdict.REJECTED),
        ("рекомендация была отклонена", Verdict.REJECTED),
        ("The office was not accepted as a partner", Verdict.REJECTED),
        ("Which offices are in Chad?", None),
    ],
)
def test_verdicts(text: str, expected: Verdict | None) -> None:
    assert verdict(text) is expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Which recommendations did management accept?", Sort.RECOMMENDATION),
        ("Quelles leçons a-t-on tirées du projet ?", Sort.LESSON),
        ("¿Cuáles son las conclusiones?", Sort.CONCLUSION),
        ("Какие рекомендации были приняты?", Sort.RECOMMENDATION),
        ("ما هي التوصيات؟", Sort.RECOMMENDATION),
        ("What did the review recommend about radios?", Sort.RECOMMENDATION),
        ("Que recommande l’évaluation ?", Sort.RECOMMENDATION),
        ("¿Qué recomienda la evaluación?", Sort.RECOMMENDATION),
        ("Что рекомендует оценка?", Sort.RECOMMENDATION),
        ("ما الذي توصي به المراجعة؟", Sort.RECOMMENDATION),
        ("Шта препоручује евалуација?", Sort.RECOMMENDATION),
        ("What was learned about radios?", Sort.LESSON),
        ("How many recommendations were accepted?", None),
        ("Which recommendation is about radios?", None),
        ("Why were the recommendations late?", None),
    ],
)
def test_questions_for_a_set(question: str, expected: Sort | None) -> None:
    assert asked_sort(question) is expected
