import pytest

from index.analysis import fold, terms, words


@pytest.mark.parametrize(
    ("language", "left", "right"),
    [
        ("en", "recommendations", "Recommendation"),
        ("fr", "recommandées", "recommandé"),
        ("es", "migraciones", "migración"),
        ("ru", "миграции", "миграция"),
        ("ro", "migranților", "migranţilor"),
        ("sr", "миграција", "migracija"),
        ("sr", "Љубав", "ljubav"),
        ("ar", "الهِجْرَة", "الهجرة"),
        ("ar", "إدارة", "اداره"),
    ],
)
def test_forms_of_a_word_share_a_term(language, left, right):
    assert set(terms(left, language)[0]) & set(terms(right, language)[0])


def test_bangla_words_stay_whole():
    assert words("অভিবাসন ও উন্নয়ন") == ["অভিবাসন", "ও", "উন্নয়ন"]
    assert terms("উন্নয়ন", "bn")[0][0] == fold("উন্নয়ন")


def test_accents_do_not_matter_however_they_are_typed():
    assert terms("Haïti", "fr")[0][1] == terms("Hai\u0308ti", "fr")[0][1] == "haiti"


def test_words_split_at_apostrophes_and_hyphens():
    assert words("l'intégration a-t-elle") == ["l", "intégration", "a", "t", "elle"]
