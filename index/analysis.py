"""Words to search by: the same analysis for what is indexed and for what is asked.

Each word gives two terms: its stem (Snowball, by language) and its plain folded form. Folding
drops case, accents, Arabic vowel signs and tatweel, unifies Arabic letter variants, and writes
Serbian Cyrillic in Latin letters, so that a word matches however it was typed. Snowball has no
Bangla; there the endings of case, number and emphasis are taken off (``index.bangla``).
"""

from __future__ import annotations

import re
import threading
import unicodedata
from functools import lru_cache

import Stemmer

from index import bangla

STEMMERS = {
    "ar": "arabic",
    "en": "english",
    "es": "spanish",
    "fr": "french",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
}
"""Languages with a Snowball stemmer, by ISO 639-1 code."""

LONGEST = 60
"""Words longer than this many characters are cut; they are not words."""

_MARKS = (
    r"[\u0300-\u036f\u0610-\u061a\u0640\u064b-\u065f\u0670"
    r"\u0900-\u0903\u093a-\u094f\u0981-\u0983\u09bc-\u09cd\u09d7\u200c\u200d]"
)
WORD = re.compile(rf"[^\W_]+(?:{_MARKS}+[^\W_]*)*")
"""A word as ``words`` finds it, for those who must know where it stands."""
_ASCII_WORD = re.compile("[a-z0-9]+")
_ARABIC = str.maketrans(
    {
        "أ": "ا",
        "إ": "ا",
        "آ": "ا",
        "ٱ": "ا",
        "ى": "ي",
        "ة": "ه",
        "ؤ": "و",
        "ئ": "ي",
        "ـ": None,
        "\u200c": None,
        "\u200d": None,
    }
)
_SERBIAN = str.maketrans(
    dict(zip("абвгдђежзијклмнопрстћуфхцчш", "abvgdđežzijklmnoprstćufhcčš", strict=True))
    | {"љ": "lj", "њ": "nj", "џ": "dž"}
)
_SPECIAL = str.maketrans({"đ": "dj", "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l"})
_local = threading.local()


def words(text: str) -> list[str]:
    """Split text into words, in order, lower-case, marks kept."""
    if text.isascii():  # the same words, found in a fifth of the time
        return [w[:LONGEST] for w in _ASCII_WORD.findall(text.lower())]
    return [w[:LONGEST] for w in WORD.findall(unicodedata.normalize("NFKC", text).lower())]


def terms(text: str, language: str) -> list[tuple[str, str]]:
    """Return (stem, folded form) of each word of a text, in order.

    Args:
        text: Any text.
        language: ISO 639-1 code; one without a stemmer gives the folded form twice.
    """
    return [term(word, language) for word in words(text)]


@lru_cache(maxsize=200_000)
def term(word: str, language: str) -> tuple[str, str]:
    """Return (stem, folded form) of one word, as ``words`` gives it."""
    folded = fold(word, language)
    if language == "bn":
        return bangla.stem(folded), folded
    if language not in STEMMERS:
        return folded, folded
    source = word.translate(_SERBIAN) if language == "sr" else word
    source = folded if language == "ar" else source
    return fold(_stemmer(language).stemWord(source), language), folded


def fold(word: str, language: str = "") -> str:
    """Fold one lower-case word: accents, Arabic variants, Serbian script."""
    if word.isascii():  # it has none of them: the indexes are built in five sixths of the time
        return word
    if language == "sr":
        word = word.translate(_SERBIAN)
    word = word.translate(_ARABIC).translate(_SPECIAL)
    decomposed = unicodedata.normalize("NFKD", word)
    kept = "".join(c for c in decomposed if not _is_mark(c))
    return kept or word


def _is_mark(char: str) -> bool:
    """Say whether a character is an accent; the vowel signs of Bangla are not."""
    return unicodedata.category(char) == "Mn" and not "\u0900" <= char <= "\u0dff"


def _stemmer(language: str) -> Stemmer.Stemmer:
    """Return this thread's stemmer; PyStemmer's objects are not for sharing."""
    stemmers: dict[str, Stemmer.Stemmer] | None = getattr(_local, "stemmers", None)
    if stemmers is None:
        stemmers = _local.stemmers = {}
    if language not in stemmers:
        stemmers[language] = Stemmer.Stemmer(STEMMERS[language])
    return stemmers[language]
