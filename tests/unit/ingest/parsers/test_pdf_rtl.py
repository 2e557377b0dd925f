"""Text that runs from right to left, mended after pdfium (pure)."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.parsers.pdf_place import mirrored
from ingest.parsers.pdf_rtl import brackets, has_rtl, is_rtl, mend, parted, righted


def test_letters_of_one_glyph_are_put_back() -> None:
    given_, wanted = "اإلدماج في المجاالت", "الإدماج في المجالات"
    glyphs = {1, given_.rindex("ال")}
    assert mend(given_, glyphs.__contains__) == wanted


def test_the_article_stays() -> None:
    assert mend("المجتمع", lambda at: False) == "المجتمع"


def test_a_vowel_sign_goes_behind_its_letter() -> None:
    assert mend("أي ًضا", lambda at: False).replace("\xad", "") == "أيضًا"


@given(st.text(alphabet="اأإآلبم ً(R)"), st.booleans())
def test_mending_keeps_the_length_and_all_that_is_seen(text: str, joined: bool) -> None:
    mended = mend(text, lambda at: joined)
    assert len(mended) == len(text)
    assert sorted(mended.replace("\xad", " ")) == sorted(text)


def test_words_are_parted_where_scripts_touch() -> None:
    text = "بلغة وPython و R"
    spans = parted(text, [(0, 4), (5, 12), (13, 14), (15, 16)])
    assert [text[a:b] for a, b in spans] == ["بلغة", "و", "Python", "و", "R"]


@pytest.mark.parametrize(
    ("word", "turned"),
    [
        (")2024", "(2024"),
        ("2026(", "2026)"),
        ("(أ)", "(أ)"),
        (")أ(", "(أ)"),
        (".)2023(", ".(2023)"),
        ("أ", "أ"),
        ("", ""),
    ],
)
def test_brackets_open_before_they_close(word: str, turned: str) -> None:
    assert brackets(word) == turned


def test_the_direction_is_that_of_most_letters() -> None:
    assert is_rtl("مركز الدعم IOM")
    assert not is_rtl("The hub (مركز)")
    assert has_rtl("The hub (مركز)")
    assert not has_rtl("The hub: l’intégration, миграция, অভিবাসন")


def test_mirroring_twice_changes_nothing() -> None:
    boxes = np.array([[10.0, 20.0, 30.0, 40.0], [0.0, 0.0, 600.0, 5.0]])
    once = mirrored(boxes, 600.0)
    np.testing.assert_array_equal(once[0], [570, 20, 590, 40])
    np.testing.assert_array_equal(mirrored(once, 600.0), boxes)


def test_letters_left_as_they_stand_on_the_page_are_turned_around() -> None:
    text = "ةنجللا بيردتًا إدماج"
    places = [float(at) if at < 12 else 100.0 - at for at in range(len(text))]
    places[12:14] = [-1.0, -2.0]  # the end of the second word, set from right to left
    assert righted(text, places.__getitem__) == "اللجنة تدريبًا إدماج"


def test_letters_from_right_to_left_stay_and_so_do_those_of_no_known_place() -> None:
    text = "اللجنة"
    assert righted(text, lambda at: -float(at)) == text
    assert righted(text, lambda at: None) == text
