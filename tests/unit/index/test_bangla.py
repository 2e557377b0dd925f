import pytest

from index.analysis import terms
from index.bangla import stem


@pytest.mark.parametrize(
    ("forms", "expected"),
    [
        ("দেশ দেশে দেশের দেশগুলি দেশগুলিকে দেশটির", "দেশ"),
        ("শ্রমিক শ্রমিকরা শ্রমিকদের শ্রমিককে", "শ্রমিক"),
        ("ভিসা ভিসার", "ভিসা"),
        ("বাজেট বাজেটের বাজেটেও", "বাজেট"),
        ("ঝুঁকি ঝুঁকির ঝুঁকিগুলো", "ঝুঁকি"),
    ],
)
def test_a_noun_is_found_with_and_without_its_endings(forms: str, expected: str) -> None:
    assert {found for found, _ in terms(forms, "bn")} == {terms(expected, "bn")[0][0]}


@pytest.mark.parametrize("word", ["কর", "মা", "বই", "হার", "পানি"])
def test_a_short_word_keeps_its_letters(word: str) -> None:
    assert stem(word) == word


def test_the_form_as_written_stays_beside_the_stem() -> None:
    assert terms("দেশগুলির", "bn")[0][1] == "দেশগুলির"
