from __future__ import annotations

import pytest

from mmsearch.answer.kinds import Kind, kind, offers


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("How many nets were lent?", Kind.AMOUNT),
        ("What share of visits was free?", Kind.AMOUNT),
        ("Combien de familles sont suivies ?", Kind.AMOUNT),
        ("¿Cuántas visitas hubo?", Kind.AMOUNT),
        ("Сколько семей получили помощь?", Kind.AMOUNT),
        ("كم عدد الأسر؟", Kind.AMOUNT),
        ("When did the council meet?", Kind.TIME),
        ("What changes when ministers leave?", Kind.OTHER),
        ("Who lends the nets?", Kind.WHO),
        ("Which organizations lend nets?", Kind.WHO),
        ("Where do the fishers live?", Kind.WHERE),
        ("Why were the boats checked?", Kind.WHY),
        ("What did the council lend?", Kind.OTHER),
        ("Qui prête les filets ?", Kind.WHO),
        ("Pourquoi les bateaux sont-ils contrôlés ?", Kind.WHY),
        ("¿Quién presta las redes?", Kind.WHO),
        ("¿Dónde viven los pescadores?", Kind.WHERE),
        ("Кто даёт сети?", Kind.WHO),
        ("Почему проверили лодки?", Kind.WHY),
        ("أين يعيش الصيادون؟", Kind.WHERE),
        ("لماذا تم فحص القوارب؟", Kind.WHY),
    ],
)
def test_question_words_tell_the_kind(question: str, wanted: Kind) -> None:
    assert kind(question) is wanted


def test_a_year_of_the_question_is_no_new_amount() -> None:
    question = "How many visits were there in 2023?"
    for text, news in (
        ("Visits went up in 2023.", False),
        ("The 2021 report says that visits went up.", False),
        ("some of them, they say", False),
        ("In 2023 there were 12 visits.", True),
        ("42", True),
    ):
        assert offers(Kind.AMOUNT, text, question, ("2023",)) is news, text


def test_who_wants_a_name_that_the_question_does_not_have() -> None:
    asked = "Who lends nets to the fishers of Kisumu?"
    assert offers(Kind.WHO, "Nets are lent by the Lake Council.", asked, ()) is True
    assert offers(Kind.WHO, "Nets are lent to the fishers of Kisumu.", asked, ()) is False
    assert offers(Kind.WHO, "تعير الشباك", "من الذي يعير الشباك؟", ()) is None


def test_why_wants_a_reason_and_other_questions_nothing_in_particular() -> None:
    assert offers(Kind.WHY, "Boats sank because they were old.", "Why did boats sink?", ())
    assert offers(Kind.WHY, "Boats sank in May.", "Why did boats sink?", ()) is False
    assert offers(Kind.OTHER, "Boats sank in May.", "What happened to the boats?", ()) is None
