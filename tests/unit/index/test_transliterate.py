import pytest

from index.transliterate import latin


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("момбаса", "mombasa"),
        ("женева", "zheneva"),
        ("тхимпху", "tkhimpkhu"),
        ("щорс", "shchors"),
        ("ёлка", "elka"),
        ("kabaya", "kabaya"),
        ("2024", "2024"),
    ],
)
def test_a_name_in_cyrillic_has_a_latin_form_and_others_stay(word: str, expected: str) -> None:
    assert latin(word) == expected
