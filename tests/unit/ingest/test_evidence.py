from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.evidence import classify, with_evidence
from ingest.types import BlockKind, Evidence, Passage


def passage(
    text: str, *path: str, context: str = "", kind: BlockKind = BlockKind.PARAGRAPH
) -> Passage:
    return Passage(0, len(text), text, path, context, "en", kind)


@pytest.mark.parametrize("text", ["\n" * 200_000, " \n" * 100_000, "lesson" + " " * 200_000])
def test_a_hostile_text_takes_no_time_that_grows_with_its_square(text: str) -> None:
    (found,) = with_evidence([passage(f"Finding 3: Boats are counted.{text}x")], "report")
    assert found.evidence is Evidence.FINDING


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        (("3. Key findings",), Evidence.FINDING),
        (("II. FINDINGS AND CONCLUSIONS", "Relevance"), Evidence.FINDING),
        (("Principales constatations et conclusions",), Evidence.FINDING),
        (("Hallazgos principales",), Evidence.FINDING),
        (("Principales hallazgos",), Evidence.FINDING),
        (("5. Lessons learned",), Evidence.LESSON),
        (("ENSEIGNEMENTS TIRÉS",), Evidence.LESSON),
        (("Leçons apprises",), Evidence.LESSON),
        (("4.2 Lecciones aprendidas",), Evidence.LESSON),
        (("Recommendations",), Evidence.RECOMMENDATION),
        (("VI. Recommandations stratégiques",), Evidence.RECOMMENDATION),
        (("Recomendaciones",), Evidence.RECOMMENDATION),
        (("Findings", "Good practices"), Evidence.GOOD_PRACTICE),
        (("Bonnes pratiques",), Evidence.GOOD_PRACTICE),
        (("Buenas prácticas",), Evidence.GOOD_PRACTICE),
        (("Management response",), Evidence.MANAGEMENT_RESPONSE),
        (("Réponse de la direction",), Evidence.MANAGEMENT_RESPONSE),
        (("Respuesta de la administración",), Evidence.MANAGEMENT_RESPONSE),
        (("Findings", "Methodology"), Evidence.PLAIN),
        (("4. Recommendations", "ANNEX A. Case studies"), Evidence.PLAIN),
        (("Status of recommendations",), Evidence.PLAIN),
        (("Analysis of audit recommendations",), Evidence.PLAIN),
        (("Background",), Evidence.PLAIN),
        ((), Evidence.PLAIN),
    ],
)
def test_a_section_says_what_its_passages_are(path: tuple[str, ...], kind: Evidence) -> None:
    assert classify(passage("Offices met every week.", *path), "evaluation") is kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("The evaluation found that no office kept a list.", Evidence.FINDING),
        ("L’évaluation constate que les bureaux se parlent peu.", Evidence.FINDING),
        ("La evaluación encontró que faltaban datos.", Evidence.FINDING),
        ("One important lesson is that mayors come first.", Evidence.LESSON),
        ("Une leçon importante est que les maires passent d’abord.", Evidence.LESSON),
        ("Una de las lecciones es que los alcaldes van primero.", Evidence.LESSON),
        ("The review team recommends a yearly meeting.", Evidence.RECOMMENDATION),
        ("Il est recommandé de tenir une réunion.", Evidence.RECOMMENDATION),
        ("Se recomienda una reunión al año.", Evidence.RECOMMENDATION),
        ("Management accepts this and will act.", Evidence.MANAGEMENT_RESPONSE),
        ("La direction accepte cette proposition.", Evidence.MANAGEMENT_RESPONSE),
        ("La administración acepta la propuesta.", Evidence.MANAGEMENT_RESPONSE),
        ("Offices should meet every week.", Evidence.PLAIN),
        ("The brief presents what the evaluation found in the field.", Evidence.FINDING),
        ("This brief presents what the evaluation found.", Evidence.PLAIN),
    ],
)
def test_wording_says_it_where_no_section_does(text: str, kind: Evidence) -> None:
    assert classify(passage(text), "evaluation") is kind


@pytest.mark.parametrize("kind", ["guideline", "training material"])
def test_advice_in_a_guide_is_guidance(kind: str) -> None:
    assert classify(passage("Offices should meet every week."), kind) is Evidence.GUIDANCE
    assert classify(passage("Offices met every week."), kind) is Evidence.PLAIN
    assert classify(passage("They should.", "Annex 2"), kind) is Evidence.PLAIN


def test_the_questions_of_an_evaluation_are_no_findings() -> None:
    text = "Evaluation questions\n\nWas it relevant? Was it useful? Did it last?"
    assert classify(passage(text, "Findings"), "evaluation") is Evidence.PLAIN


def test_a_numbered_recommendation_is_a_label_of_its_own_paragraph_alone() -> None:
    first = passage("Recommendation 2\n\nOffices should meet.", "Gaps", "Recommendation 2")
    second = passage("Most offices have no room.", "Gaps", "Recommendation 2")
    assert [p.evidence for p in with_evidence([first, second], "report")] == [
        Evidence.RECOMMENDATION,
        Evidence.PLAIN,
    ]


def test_a_label_goes_on_over_the_rows_of_a_management_response() -> None:
    row = BlockKind.TABLE_ROW
    parts = (
        "Evaluation recommendation # 1: Offices should meet.\nThey seldom do.",
        "They could meet in spring.",
        "Management response: accepted. There will be a room.",
        "Key actions: find a room by May.",
        "Comments on implementation status:",
        "Evaluation recommandation # 2 : Les bureaux devraient se parler.",
        "Réponse de la direction : acceptée.",
    )
    found = with_evidence([passage(text, kind=row) for text in parts], "management response")
    assert [p.evidence for p in found] == [
        Evidence.RECOMMENDATION,
        Evidence.RECOMMENDATION,
        Evidence.MANAGEMENT_RESPONSE,
        Evidence.MANAGEMENT_RESPONSE,
        Evidence.PLAIN,
        Evidence.RECOMMENDATION,
        Evidence.MANAGEMENT_RESPONSE,
    ]


def test_a_row_is_what_its_columns_say_and_not_its_section() -> None:
    text = "By June the office should meet. | accepted"
    row = BlockKind.TABLE_ROW
    columns = "Recommendation | Status"
    told = passage(text, "Status of recommendations", context=columns, kind=row)
    other = passage(text, "Recommendations", context="Indicator | Value", kind=row)
    assert classify(told, "report") is Evidence.RECOMMENDATION
    assert classify(other, "report") is Evidence.PLAIN


@given(
    st.lists(st.text(max_size=200), max_size=6), st.text(max_size=40), st.sampled_from(BlockKind)
)
def test_nothing_but_the_evidence_changes(texts: list[str], path: str, kind: BlockKind) -> None:
    sent = [passage(text, path, kind=kind) for text in texts]
    got = with_evidence(sent, "evaluation")
    assert [(p.text, p.start, p.heading_path) for p in got] == [
        (p.text, p.start, p.heading_path) for p in sent
    ]


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("What worked and what did not", Evidence.LESSON),
        ("Ce qui a moins bien fonctionné", Evidence.LESSON),
        ("Qué no funcionó", Evidence.LESSON),
        ("What was learned", Evidence.LESSON),
        ("What worked well", Evidence.GOOD_PRACTICE),
        ("Ce qui a bien fonctionné", Evidence.GOOD_PRACTICE),
        ("Qué funcionó", Evidence.GOOD_PRACTICE),
        ("What worked in the north", Evidence.PLAIN),
        ("Conseils pour d'autres bureaux", Evidence.GUIDANCE),
        ("Conseil d'administration", Evidence.PLAIN),
        ("Consejos", Evidence.GUIDANCE),
        ("Advice to new staff", Evidence.GUIDANCE),
    ],
)
def test_headings_of_notes_say_what_their_passages_are(heading: str, kind: Evidence) -> None:
    text = "The running note helped most of all."
    assert classify(passage(text, "Notes from Osh", heading), "lessons learned") is kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Ask every mayor first. Print the profile of another town.", Evidence.GUIDANCE),
        ("1. Comparer le total avec celui d'avant ;\n2. chercher les doublons.", Evidence.GUIDANCE),
        ("1. Pida el calendario.\n2. Hable primero con la dirección.", Evidence.GUIDANCE),
        ("The desk answers in French. It received 94 requests.", Evidence.PLAIN),
        ("La commune a ouvert un guichet. Le premier bureau reçoit le public.", Evidence.PLAIN),
    ],
)
def test_a_guide_tells_people_what_to_do(text: str, kind: Evidence) -> None:
    assert classify(passage(text, "The guide"), "guideline") is kind
    assert classify(passage(text, "The guide"), "report") is Evidence.PLAIN


def test_a_recommendation_that_is_referred_to_is_none() -> None:
    text = "Place an adviser in the ministry, as the mid-term review recommended."
    assert classify(passage(text), "brief") is Evidence.PLAIN


def test_the_conclusion_of_an_annual_report_is_no_finding() -> None:
    text = "Progress is being made in all areas."
    assert classify(passage(text, "V. Conclusion"), "annual report") is Evidence.PLAIN
    assert classify(passage(text, "V. Conclusion"), "evaluation") is Evidence.FINDING


def test_a_documents_title_is_no_label() -> None:
    title = "Lessons learned: returnees in Serbia"
    opening = passage(f"{title}\nSerbia came late to this.", title)
    assert with_evidence([opening], "lessons learned")[0].evidence is Evidence.PLAIN


def test_a_row_with_its_response_is_a_response() -> None:
    row = passage(
        "Recommendation: 1. A desk | Response: Accepted. It opens in July. | Key actions: Recruit.",
        kind=BlockKind.TABLE_ROW,
    )
    kind = with_evidence([row], "management response")[0].evidence
    assert kind is Evidence.MANAGEMENT_RESPONSE
