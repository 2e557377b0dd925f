"""The countries a document is about: English short names, found in eight languages."""

from __future__ import annotations

import gettext
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from itertools import islice

import pycountry
import Stemmer

from ingest.language_words import fold
from ingest.metadata_country_names import ALSO, NOT_SOUGHT, SHORT
from ingest.metadata_found import Found

_LOCALES = ("fr", "es", "ar", "ru", "ro", "sr", "sr@latin", "bn")
_Names = Mapping[str, list[tuple[int, dict[tuple[str, ...], str]]]]

_CYRILLIC = re.compile("[а-яё]+")
_BANGLA = re.compile("[\u0980-\u09ff]")
_LEAST_STEM = 4
_ARABIC_PREFIXES = frozenset("وبلكف")
#: Letters, and the vowel signs of Bangla, which are none to ``re``.
_TAIL = "[^\\W\\d_]*(?:[\u0981-\u0983\u09bc-\u09cd\u09d7]+[^\\W\\d_]*)*"
_WORD = re.compile(rf"[^\W\d_]{_TAIL}")
#: A word that is not only of the letters a to z.
_PERHAPS_CAPITAL = re.compile(rf"(?<![^\W\d_])[a-z]*[^\W\d_a-z]{_TAIL}")
#: What Bangla adds for "of" and "in", as ``fold`` leaves it.
_BANGLA_ENDING = re.compile(r"(?<=.{3})(?:যের|ের|যে|তে|ে|য|র)$")
_LONGEST = 8
_SERBIAN_ENDINGS = (
    ("aа", ("e", "i", "u", "om", "е", "и", "у", "ом")),
    ("oо", ("a", "u", "om", "а", "у", "ом")),
    ("bcdfghjklmnprstvzčćšžбвгдђжзјклљмнњпрстћфхцчџш", ("a", "u", "om", "а", "у", "ом")),
)

#: A country must be named this often in the text, and in this share of all mentions …
_LEAST_MENTIONS = 4
_LEAST_SHARE = 0.2
#: … and once in so many characters: a country report names its country all the time.
_CHARACTERS_A_MENTION = 2_500
#: More countries than this, and the document is about none of them in particular.
_MOST = 10
_SAMPLE = 45_000
#: Near these words a country stands for others: an evaluation is not about its case studies.
_AS_EXAMPLE = re.compile(
    r"case stud(?:y|ies)|[ée]tudes? de cas|estudios? de casos?|тематическ\w+ исследован\w+",
    re.IGNORECASE,
)
_EXAMPLE_STEMS = ("case stud", "de cas", "тематическ")
_NEAR = 60
#: Members of a committee that a title names are not what it is about.
_MEMBERS = re.compile(r"\brepresentatives of .*?(?= on |$)", re.IGNORECASE)
#: "in eight countries: …", with so many names behind it, says what a programme covers.
_NUMBERS = (
    *("two|deux|dos", "three|trois|tres", "four|quatre|cuatro", "five|cinq|cinco", "six|seis"),
    *("seven|sept|siete", "eight|huit|ocho", "nine|neuf|nueve", "ten|dix|diez"),
)
_COVERED = re.compile(
    rf"\b({'|'.join(_NUMBERS)}|[2-9]|10)\s(?:[^\W\d_]+\s){{0,2}}(?:countries|pays|pa[íi]ses)\b"
    r"[^.:(]{0,40}[:(]([^.:)]{4,300})",
    re.IGNORECASE,
)
_OPENING = 8_000


def read_countries(title: str, file: str, text: str) -> Found[tuple[str, ...]] | None:
    """Return the countries a document is about, English short names, sorted; or None.

    Countries named in the title or the file's name count at once, and so does a list whose
    length the opening states; others only if the text names them often, so that a passing
    mention or a case study does not. A text that is about more than ten is about none.
    """
    title = _MEMBERS.sub(" ", title)
    named_in_title = set(find_countries(title))
    named = named_in_title | set(find_countries(_as_title(file)))
    if not named and (covered := _covered(text[:_OPENING])):
        return covered
    mentions = Counter(find_countries(_sample(text)))
    for country in _examples(_sample(text)) - named:
        del mentions[country]
    total = sum(mentions.values())
    length = min(len(text), _SAMPLE)
    often = {
        country
        for country, times in mentions.items()
        if times >= max(_LEAST_MENTIONS, _LEAST_SHARE * total)
        and times * _CHARACTERS_A_MENTION >= length
    }
    found = named | often if len(named | often) <= _MOST else named
    if not found:
        return None
    countries = tuple(sorted(found))
    if found <= named:
        in_title = found <= named_in_title
        words = title if in_title else f"{title} | {file}"
        place = "title" if in_title else "title and file name" if named_in_title else "file name"
        return Found(countries, place, "named there", words)
    counted = ", ".join(f"{country} {mentions[country]} times" for country in countries)
    return Found(countries, "text", "named again and again, or in the title", counted)


def _covered(opening: str) -> Found[tuple[str, ...]] | None:
    """Return the countries that the opening lists, if they are as many as it says."""
    for match in _COVERED.finditer(opening):
        word = match[1].casefold()
        number = next((n for n, names in enumerate(_NUMBERS, 2) if word in names.split("|")), 0)
        countries = tuple(sorted(set(find_countries(match[2]))))
        if len(countries) == (number or int(word)):
            return Found(countries, "text", "the opening lists as many as it says", match[0])
    return None


def _examples(text: str) -> set[str]:
    """Return the countries that are named beside the words "case study"."""
    found: set[str] = set()
    lower = text.lower()
    if not any(stem in lower for stem in _EXAMPLE_STEMS):
        return found
    for match in _AS_EXAMPLE.finditer(text):
        found.update(find_countries(text[max(0, match.start() - _NEAR) : match.end() + _NEAR]))
    return found


def find_countries(text: str) -> list[str]:
    """Return every country that a text names, in order, with repetitions.

    The longest name wins (Guinea-Bissau is not Guinea). Names without a capital do not
    count, in scripts that have capitals.
    """
    return [country for _, _, country in country_spans(text)]


def country_spans(text: str) -> list[tuple[int, int, str]]:
    """Return (start, end, country) for every country that a text names, as ``find_countries``."""
    table, known = _names(), known_countries()
    found: list[tuple[int, int, str]] = []
    reach = 0
    for match in _PERHAPS_CAPITAL.finditer(text):
        start, word = match.start(), match[0]
        if start < reach or word.islower():
            continue
        first = _key(word)
        if first not in table and (bare := _without_prefix(word)):
            first = bare
        if first in table:
            words = list(islice(_WORD.finditer(text, start), _LONGEST))
            length, country = _longest_name(table, first, [match[0] for match in words])
            reach = words[length - 1].end()
            if country in known:
                found.append((start, reach, country))
    return found


def _longest_name(table: _Names, first: str, words: list[str]) -> tuple[int, str]:
    """Return how many of the words make a name, and whose; (1, "") where none does."""
    folded = (first, *map(_key, words[1:]))
    for length, names in table[first]:
        country = names.get(folded[:length])
        if country is not None:
            return length, country
    return 1, ""


@lru_cache(maxsize=20_000)
def _key(word: str) -> str:
    """Fold a word; a Russian or Bangla one to its stem, because names are declined."""
    folded = fold(word)
    if _BANGLA.search(folded):
        return _BANGLA_ENDING.sub("", folded)
    if not _CYRILLIC.fullmatch(folded):
        return folded
    stem = str(Stemmer.Stemmer("russian").stemWord(folded))
    stem = stem.rstrip("аеиоуыэюя")  # the stemmer leaves "молдово" of "Молдовой"
    return stem if len(stem) >= _LEAST_STEM else folded


def _without_prefix(word: str) -> str:
    """Take "and", "in", "to" off an Arabic word, which are written as one with it."""
    if word[:1] not in _ARABIC_PREFIXES or len(word) < 4:
        return ""
    return _key("ال" + word[2:] if word.startswith("لل") else word[1:])


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
        words = tuple(_key(word) for word in _WORD.findall(name))
        if 0 < len(words) <= _LONGEST:
            table.setdefault(words[0], {}).setdefault(len(words), {}).setdefault(words, country)
    return {
        first: sorted(lengths.items(), key=lambda item: -item[0])
        for first, lengths in table.items()
    }


def every_name() -> Iterable[tuple[str, str]]:
    """Yield (name, English short name) of every country, in English and seven other languages."""
    yield from ALSO.items()
    translations = [
        gettext.translation("iso3166-1", pycountry.LOCALES_DIR, languages=[locale], fallback=True)
        for locale in _LOCALES
    ]
    serbian = [t for t, locale in zip(translations, _LOCALES, strict=True) if locale[:2] == "sr"]
    for country in pycountry.countries:
        if country.alpha_2 in NOT_SOUGHT:
            continue
        short = _short(country)
        yield short, short
        attributes = ("name", "common_name", "official_name")
        for english in (getattr(country, name, "") for name in attributes):
            for name in (english, *(t.gettext(english) for t in translations if english)):
                yield from ((form, short) for form in _forms(name))
        for name in (t.gettext(getattr(country, "common_name", country.name)) for t in serbian):
            yield from ((case, short) for form in _forms(name) for case in _serbian_cases(form))


def _serbian_cases(name: str) -> Iterable[str]:
    """Give "Srbije", "Srbiji", "Srbiju" and "Srbijom" for "Srbija", a name of one word."""
    last = name[-1:].casefold()
    if " " in name or not last:
        return
    for vowels, endings in _SERBIAN_ENDINGS:
        if last in vowels:
            stem = name if len(vowels) > 2 else name[:-1]
            yield from (stem + ending for ending in endings)
            return


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
