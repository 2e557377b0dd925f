"""The countries a document is about: English short names, found in six languages."""

from __future__ import annotations

import gettext
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache

import pycountry

from ingest.language_words import fold
from ingest.metadata_country_names import ALSO, NOT_SOUGHT, SHORT

_LOCALES = ("fr", "es", "ar", "ru", "ro")
_Names = Mapping[str, list[tuple[int, dict[tuple[str, ...], str]]]]

_WORD = re.compile(r"[^\W\d_]+")
_LONGEST = 8

#: A country must be named this often in the text, and in this share of all mentions …
_LEAST_MENTIONS = 4
_LEAST_SHARE = 0.08
#: … and once in so many characters: a country report names its country all the time.
_CHARACTERS_A_MENTION = 2_500
#: More countries than this, and the document is about none of them in particular.
_MOST = 10
_SAMPLE = 45_000


def read_countries(title: str, file: str, text: str) -> tuple[str, ...]:
    """Return the countries a document is about, English short names, sorted.

    Countries named in the title or the file's name count at once; others only if the text
    names them often, so that a passing mention does not. A text that is about more than
    ten is about none.
    """
    named = set(find_countries(title)) | set(find_countries(_as_title(file)))
    mentions = Counter(find_countries(_sample(text)))
    total = sum(mentions.values())
    length = min(len(text), _SAMPLE)
    often = {
        country
        for country, times in mentions.items()
        if times >= max(_LEAST_MENTIONS, _LEAST_SHARE * total)
        and times * _CHARACTERS_A_MENTION >= length
    }
    found = named | often
    return tuple(sorted(found)) if len(found) <= _MOST else tuple(sorted(named))


def find_countries(text: str) -> list[str]:
    """Return every country that a text names, in order, with repetitions.

    The longest name wins (Guinea-Bissau is not Guinea). Names without a capital do not
    count, in scripts that have capitals.
    """
    return [country for _, _, country in country_spans(text)]


def country_spans(text: str) -> list[tuple[int, int, str]]:
    """Return (start, end, country) for every country that a text names, as ``find_countries``."""
    matches = list(_WORD.finditer(text))
    words = [match.group() for match in matches]
    table, known = _names(), known_countries()
    found: list[tuple[int, int, str]] = []
    position = 0
    while position < len(words):
        length, country = 1, ""
        if not words[position].islower():
            length, country = _longest_name(table, words[position : position + _LONGEST])
        if country in known:
            found.append((matches[position].start(), matches[position + length - 1].end(), country))
        position += length
    return found


def _longest_name(table: _Names, words: list[str]) -> tuple[int, str]:
    """Return how many of the words make a name, and whose; (1, "") where none does."""
    lengths = table.get(fold(words[0]))
    if lengths is None:
        return 1, ""
    folded = tuple(map(fold, words))
    for length, names in lengths:
        country = names.get(folded[:length])
        if country is not None:
            return length, country
    return 1, ""


def _as_title(file: str) -> str:
    return " ".join(word.capitalize() for word in re.split(r"[^\w']+|_", file) if word)


def _sample(text: str) -> str:
    """Return the whole of a short text, three stretches of a long one."""
    if len(text) <= _SAMPLE:
        return text
    part = _SAMPLE // 3
    middle = (len(text) - part) // 2
    return f"{text[:part]}\n{text[middle : middle + part]}\n{text[-part:]}"


@cache
def known_countries() -> frozenset[str]:
    """Return the English short names in use."""
    return frozenset(_short(c) for c in pycountry.countries if c.alpha_2 not in NOT_SOUGHT)


@cache
def local_name(country: str, language: str) -> str:
    """Return a country's name in another language; its English short name where none is known."""
    found = next((c for c in pycountry.countries if _short(c) == country), None)
    if found is None or language not in _LOCALES:
        return country
    translation = gettext.translation(
        "iso3166-1", pycountry.LOCALES_DIR, languages=[language], fallback=True
    )
    english = str(getattr(found, "common_name", found.name))
    return next(iter(_forms(translation.gettext(english))), country)


def _short(country: pycountry.db.Country) -> str:
    listed = SHORT.get(country.alpha_2)
    return listed or str(getattr(country, "common_name", country.name))


@cache
def _names() -> _Names:
    """Return names by first word, then by length in words, longest first."""
    table: dict[str, dict[int, dict[tuple[str, ...], str]]] = {}
    for name, country in every_name():
        words = tuple(fold(word) for word in _WORD.findall(name))
        if 0 < len(words) <= _LONGEST:
            table.setdefault(words[0], {}).setdefault(len(words), {}).setdefault(words, country)
    return {
        first: sorted(lengths.items(), key=lambda item: -item[0])
        for first, lengths in table.items()
    }


def every_name() -> Iterable[tuple[str, str]]:
    """Yield (name, English short name) of every country, in English and five other languages."""
    yield from ALSO.items()
    translations = [
        gettext.translation("iso3166-1", pycountry.LOCALES_DIR, languages=[locale], fallback=True)
        for locale in _LOCALES
    ]
    for country in pycountry.countries:
        if country.alpha_2 in NOT_SOUGHT:
            continue
        short = _short(country)
        yield short, short
        attributes = ("name", "common_name", "official_name")
        for english in (getattr(country, name, "") for name in attributes):
            for name in (english, *(t.gettext(english) for t in translations if english)):
                yield from ((form, short) for form in _forms(name))


def _forms(name: str) -> Iterable[str]:
    """Give "Moldova" and "Republic of Moldova" for "Moldova, Republic of"."""
    name = re.sub(r"\s*\(.*?\)", "", name)
    if not name:
        return
    head, comma, tail = re.sub("،", ",", name).partition(", ")
    if not comma:
        yield name
        return
    yield f"{tail} {head}"
    if fold(head) not in {"congo", "coree", "corea", "korea", "virgin islands", "кorea"}:
        yield head
