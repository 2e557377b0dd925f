"""A sentence stands when its passages say it, and falls when they do not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmsearch.wording.check import check
from mmsearch.wording.facts import numbers
from mmsearch.wording.reply import Worded
from tests.unit.mmsearch.wording.conftest import sources_of

EN = [
    "By the end of 2023 the programme had trained 655 officials in Moldova, 243 of them in that "
    "year. Two thirds came from local governments. The course should last five days.",
    "The fund paid USD 1.1 million to 31 municipalities. It was not used in Bishkek, because "
    "officials there may not use services outside the government network.",
]
FR = ["À la fin de 2023, 486 agents tunisiens avaient été formés, dont 176 au cours de l'année."]
RU = ["За 2023 год в центры обратились 2 760 человек, из них 46 процентов составляли женщины."]
AR = ["استقبل الشباك 1900 شخص خلال سنته الأولى، منهم 44 في المائة من النساء."]
ES = ["En 2023 las ventanillas únicas atendieron a 6.480 personas en cinco cantones."]


@pytest.mark.parametrize(
    ("texts", "language", "sentence", "numbers"),
    [
        (EN, "en", "The programme had trained 655 officials in Moldova by the end of 2023.", (1,)),
        (EN, "en", "In Moldova 655 officials had been trained.", (1,)),
        (EN, "en", "Two thirds of officials trained came from local governments.", (1,)),
        (EN, "en", "The fund paid $1.1 million to 31 municipalities.", (2,)),
        (EN, "en", "It was not used in Bishkek.", (2,)),
        (EN, "en", "The course should last five days.", (1,)),
        (FR, "fr", "486 agents tunisiens avaient été formés à la fin de 2023.", (1,)),
        (ES, "es", "Las ventanillas únicas atendieron a 6 480 personas en 2023.", (1,)),
        (RU, "ru", "В 2023 году в центры обратились 2760 человек.", (1,)),
        (AR, "ar", "استقبل الشباك 1900 شخص خلال سنته الأولى.", (1,)),
    ],
)
def test_a_faithful_sentence_stands(
    texts: list[str], language: str, sentence: str, numbers: tuple[int, ...]
) -> None:
    sources = sources_of(texts, language)
    runs = check(Worded(sentence, numbers), sources)
    assert runs
    for run in runs:
        passage = run.source.hit.passage
        assert passage.start <= run.start < run.end <= passage.end


@pytest.mark.parametrize(
    ("sentence", "numbers"),
    [
        ("The programme had trained 656 officials in Moldova.", (1,)),
        ("The programme had trained 65 officials in Moldova.", (1,)),
        ("The programme had trained 243 officials in Moldova by the end of 2023.", (1,)),
        ("The fund paid 31 million.", (2,)),
        ("The programme had trained 655 officials in Moldova by the end of 2022.", (1,)),
        ("The programme had trained 655 officials in Serbia.", (1,)),
        ("The programme had trained 655 officials in Chisinau.", (1,)),
        ("The programme had trained 655 per cent of officials in Moldova.", (1,)),
        ("The programme had trained officials in Moldova for €655.", (1,)),
        ("The programme had not trained 655 officials in Moldova.", (1,)),
        ("The programme should have trained 655 officials in Moldova.", (1,)),
        ("The course lasts five days.", (1,)),
        ("It was used in Bishkek.", (2,)),
        ("All officials came from local governments.", (1,)),
        ("Three thirds came from local governments.", (1,)),
        ("Nearly 655 officials had been trained in Moldova.", (1,)),
        ("655 officials had been trained in Moldova by UNICEF.", (1,)),
        ("655 officials in Moldova were dismissed, jailed and fined.", (1,)),
        ("The programme had trained 655 officials in Moldova.", (2,)),
        ("The programme had trained 655 officials in Moldova.", (3,)),
        ("The programme had trained 655 officials in Moldova.", (0,)),
        ("The programme had trained 655 officials in Moldova.", ()),
        ("The programme had trained 655 officials in Moldova, see https://evil.example.", (1,)),
        ("The programme had trained 655 officials in Moldova, see evil.example/x.", (1,)),
        ("The programme had trained 655 officials in [Moldova](http://evil.example).", (1,)),
        ("The programme had trained <b>655</b> officials in Moldova.", (1,)),
        ("The programme had trained 655 officials\u202e in Moldova.", (1,)),
        ("The programme had trained 655\u200b officials in Moldova.", (1,)),
        ("The programme had trained 655 officials in Moldova¹.", (1,)),
        ("Officials.", (1,)),
        ("The programme trained officials. " * 40, (1,)),
    ],
)
def test_an_unfaithful_sentence_falls(sentence: str, numbers: tuple[int, ...]) -> None:
    assert check(Worded(sentence, numbers), sources_of(EN)) == ()


def test_a_citation_that_says_nothing_of_it_is_dropped() -> None:
    sentence = "The programme had trained 655 officials in Moldova."
    runs = check(Worded(sentence, (2, 1)), sources_of(EN))
    assert [run.source.hit.document.doc_id for run in runs] == ["d0"]


def test_two_passages_may_say_it_together() -> None:
    sentence = "655 officials had been trained in Moldova and the fund paid 31 municipalities."
    runs = check(Worded(sentence, (1, 2)), sources_of(EN))
    assert [run.source.hit.document.doc_id for run in runs] == ["d0", "d1"]


def test_facts_of_distant_sentences_are_not_joined() -> None:
    filler = "The weather was mild and the harvest was good. " * 6
    text = f"The course in Osh was praised. {filler}Bakers bought 70 ovens from the market."
    sources = sources_of([text])
    assert check(Worded("Bakers bought 70 ovens.", (1,)), sources)
    assert check(Worded("The course in Osh bought 70 ovens.", (1,)), sources) == ()


def test_the_title_may_name_and_not_count() -> None:
    sources = sources_of(["The programme trained 40 mentors."], title="Kenya 2019 report")
    assert check(Worded("In Kenya the programme trained 40 mentors.", (1,)), sources)
    assert check(Worded("The programme trained 40 mentors in 2019.", (1,)), sources) == ()


FACTS = (
    "By the end of 2023 the programme had trained 655 officials in Moldova, 243 of them in that "
    "year, at a cost of USD 1.1 million, and 31 municipalities had a plan."
)
TRUE = (
    "By the end of 2023 the programme had trained {} officials in Moldova.",
    "{} municipalities had a plan in Moldova.",
    "The programme trained officials at a cost of USD {} million.",
    "The programme had trained officials in Moldova by the end of {}.",
)
GIVEN = ("655", "31", "1.1", "2023")
NAMES = ("Serbia", "Chisinau", "UNICEF", "Ludmila", "Tunisie", "Молдова-Град", "WFP", "Osh")


@given(
    st.sampled_from(TRUE),
    st.integers(0, 10**7).map(str) | st.decimals(0, 999, places=1).map(str),
    st.sampled_from(["", ",", " "]),
)
def test_no_invented_number_stands(sentence: str, number: str, separator: str) -> None:
    grouped = f"{int(number):,}".replace(",", separator) if number.isdigit() else number
    stands = bool(check(Worded(sentence.format(grouped), (1,)), sources_of([FACTS])))
    given = {reading for readings in numbers(FACTS) for reading in readings}
    if not numbers(grouped)[0] & given:
        assert not stands


@given(st.sampled_from(list(zip(TRUE, GIVEN, strict=True))), st.sampled_from(NAMES))
def test_no_invented_name_stands(sentence: tuple[str, str], name: str) -> None:
    true = sentence[0].format(sentence[1])
    sources = sources_of([FACTS])
    assert check(Worded(true, (1,)), sources)
    assert not check(Worded(f"{true[:-1]} with {name}.", (1,)), sources)
    assert not check(
        Worded(true.replace("Moldova", name).replace("programme", name), (1,)), sources
    )


@given(st.integers(2, 10**6), st.sampled_from(list(zip(TRUE, GIVEN, strict=True))))
def test_no_invented_citation_stands(number: int, sentence: tuple[str, str]) -> None:
    worded = Worded(sentence[0].format(sentence[1]), (number,))
    assert not check(worded, sources_of([FACTS, "The weather was mild in the valley."]))
