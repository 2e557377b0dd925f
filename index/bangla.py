"""Stems of Bangla words: nouns without their endings. Pure.

Bangla writes case, number, definiteness and emphasis behind the noun: "দেশ" (country), "দেশের",
"দেশগুলিকে", "দেশেও". The longest ending is taken off, again and again, as long as a word is left.
Verbs keep theirs: their endings are too many and too short to tell from a noun's last letters.
"""

from __future__ import annotations

import unicodedata

LEAST = 2
"""So many letters are left at least; vowel signs do not count."""

_LISTED = (
    # plural and definite, with and without case
    *("গুলোকে", "গুলোর", "গুলোতে", "গুলো", "গুলিকে", "গুলির", "গুলিতে", "গুলি", "সমূহের", "সমূহ"),
    *("দেরকে", "দের", "বৃন্দ", "টিকে", "টির", "টিতে", "টি", "টার", "টাকে", "টা", "খানা"),
    # case
    *("ের", "য়ের", "কে", "তে", "েতে", "র", "ে", "য়"),
    # plural of persons, emphasis
    *("েরা", "রা", "ও", "ই"),
)
_ENDINGS = sorted((unicodedata.normalize("NFKD", e) for e in _LISTED), key=lambda e: (-len(e), e))
_SIGNS = frozenset("ািীুূৃেৈোৌ্ঁংঃ\u09bc")
_OWN = frozenset(unicodedata.normalize("NFKD", ending) for ending in ("য়ের", "য়", "ও", "ই"))
"""Endings that may as well be the word's own, taken off longer words alone."""
_LEAST_BEFORE_OWN = 3


def stem(word: str) -> str:
    """Return a word without its endings.

    Args:
        word: One word, folded as ``index.analysis.fold`` does (NFKD).
    """
    while (shorter := _without_ending(word)) != word:
        word = shorter
    return word


def _without_ending(word: str) -> str:
    for ending in _ENDINGS:
        rest = word.removesuffix(ending)
        least = _LEAST_BEFORE_OWN if ending in _OWN else LEAST
        after_vowel = ending != "র" or rest[-1:] in _SIGNS
        if rest != word and after_vowel and _letters(rest) >= least:
            return rest
    return word


def _letters(word: str) -> int:
    return sum(char not in _SIGNS for char in word)
