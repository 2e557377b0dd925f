"""Guessing the legacy encoding of a text from the letters that its languages use (pure).

charset-normalizer alone reads Spanish as Central European and Serbian as Baltic on short
texts (7 of 41 trials in the programme's languages), so the alphabets of those
languages are weighed first and it is asked only where none of them fits.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

from charset_normalizer import from_bytes

_SAMPLE_BYTES = 65_536
_SURE = 0.85
_PUNCTUATION = frozenset("’‘“”„–—…«»•·°§№€£©®™¿¡ºª²³½\u00a0\u00ad")


@dataclass(frozen=True, slots=True)
class _Alphabet:
    """The letters beyond ASCII of some languages and the encodings they were written in."""

    encodings: tuple[str, ...]
    common: str
    rare: str = ""


_WEST = ("cp1252", "iso8859_15", "mac_roman", "cp850")
_CENTRE = ("cp1250", "iso8859_2", "iso8859_16", "mac_latin2", "cp852")
_CYRILLIC = ("cp1251", "koi8_r", "koi8_u", "cp866", "iso8859_5", "mac_cyrillic")
_ALPHABETS = (
    _Alphabet(_WEST, "éèàêç", "âëîïôùûüœæÿÉÈÀÊÇÔÎ"),  # French
    _Alphabet(_WEST, "áéíóúñ", "üÁÉÍÓÚÑ"),  # Spanish
    _Alphabet(_WEST, "äöüß", "ÄÖÜé"),  # German
    _Alphabet(_WEST, "ãçáéõ", "óíâêôúàÃÇÁÉ"),  # Portuguese
    _Alphabet(_CENTRE, "ăîâșțşţ", "ĂÎÂȘȚŞŢ"),  # Romanian
    _Alphabet(_CENTRE, "čćšžđ", "ČĆŠŽĐ"),  # Serbian, Montenegrin
    _Alphabet(_CENTRE, "ąęłóśżćń", "źĄĘŁÓŚŻĆŃŹ"),  # Polish
    _Alphabet(("cp1254", "iso8859_9"), "ıişğçöü", "İŞĞÇÖÜâ"),  # Turkish
    _Alphabet(_CYRILLIC, "оеаинтсрвл", "бгдёжзйкмпуфхцчшщъыьэюя"),  # Russian
    _Alphabet(_CYRILLIC, "оаинтвреіс", "бгґдєжзїйклмпуфхцчшщьюя"),  # Ukrainian
    _Alphabet(_CYRILLIC, "аоиенрстју", "бвгдђжзклљмњпћфхцчџш"),  # Serbian
    _Alphabet(("cp1256", "iso8859_6"), "اليمنورتبة", "أإآءئؤثجحخدذزسشصضطظعغفقكهىًٌٍَُِّْ،؛؟"),
    _Alphabet(("cp1253", "iso8859_7"), "αοιετσνηυρ", "πκμλςωάέήίόύώγδθχφβξζψϊΐϋΰ"),  # Greek
    _Alphabet(("cp1255", "iso8859_8"), "יוהלרבאתמש", "גדזחטךכםןנסעףפץצק"),  # Hebrew
)


def guess(data: bytes) -> str:
    """Name the likeliest encoding of bytes that are not UTF-8, "cp1252" where nothing tells."""
    telling = b"\n".join(line for line in data.splitlines() if not line.isascii())
    sample = telling[:_SAMPLE_BYTES]
    ranked = [
        (_fit(sample, encoding, alphabet), -number, encoding)
        for number, alphabet in enumerate(_ALPHABETS)
        for encoding in alphabet.encodings
    ]
    # Of equals the one listed first: alphabets in order, encodings as they are common.
    best, _, encoding = max(ranked, key=lambda entry: entry[:2])
    if best >= _SURE:
        return encoding
    found = from_bytes(sample, preemptive_behaviour=False).best()
    return found.encoding if found else "cp1252"


def _fit(sample: bytes, encoding: str, alphabet: _Alphabet) -> float:
    """Score a reading: about 1 when all its letters beyond ASCII are the alphabet's, else less.

    Frequent letters add a little, a capital inside a word takes away (KOI8 and
    Windows-1251 have small letters where the other has capitals).
    """
    try:
        text = sample.decode(encoding)
    except UnicodeDecodeError:
        # A sample may end inside a character of no single-byte encoding: it is not this one.
        return 0.0
    counts = Counter(character for character in text if character > "\x7f")
    total = sum(counts.values())
    if not total:
        return 0.0
    common = frozenset(alphabet.common + alphabet.common.upper())
    known = common | frozenset(alphabet.rare + alphabet.rare.upper())
    letters = sum(count for character, count in counts.items() if character in known)
    frequent = sum(count for character, count in counts.items() if character in common)
    marks = sum(count for character, count in counts.items() if character in _PUNCTUATION)
    latin = alphabet.common[0] < "\u0250"
    odd = sum(_is_odd(before, after, latin=latin) for before, after in pairwise(text))
    return (letters + 0.9 * marks + 0.3 * frequent - odd) / total


def _is_odd(before: str, after: str, *, latin: bool) -> bool:
    """Tell whether two letters do not stand side by side in one word.

    These are a capital beyond ASCII after a small letter, and a Latin letter beside one of
    another script.
    """
    if after > "\x7f" and before.islower() and after.isupper():
        return True
    mixed = before.isascii() != after.isascii() and before.isalpha() and after.isalpha()
    return mixed and not latin
