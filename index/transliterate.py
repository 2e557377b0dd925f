"""Names in Cyrillic as they are written in Latin letters. Pure.

A name is in no list of words, and it is the same name in every script. BGN/PCGN's romanization of
Russian, without its apostrophes; what it spells otherwise than the language of a document is
mostly one letter, which the search for misspelt words forgives.
"""

from __future__ import annotations

_CYRILLIC = str.maketrans(
    dict(zip("абвгдезийклмнопрстуфыэ", "abvgdeziyklmnoprstufye", strict=True))
    | {"ё": "e", "ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch"}
    | {"ю": "yu", "я": "ya", "ь": "", "ъ": ""}
)


def latin(word: str) -> str:
    """Return a lower-case word in Latin letters; one that has no Cyrillic as it is."""
    return word.translate(_CYRILLIC)
