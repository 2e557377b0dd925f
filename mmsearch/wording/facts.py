"""What a sentence claims, taken apart so that it can be looked for in a source. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from index.analysis import fold, terms, words
from ingest.language_words import words_of
from ingest.metadata_countries import country_spans
from mmsearch.conversation.entities import opens
from mmsearch.wording.critical_words import MODALS, NEGATIONS, NUMBERS, QUANTITIES

_SPACES = "\u0020\u00a0\u2009\u202f'’"
_NUMBER = re.compile(rf"(?<![\d])(?:\d{{1,3}}(?:[.,{_SPACES}]\d{{3}})+(?!\d)|\d+)(?:[.,]\d+)?")
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")
BEHIND = 6
"""How many words behind a number may say what it counts."""
COUNTED = 2
"""How many content words of these are taken."""
LONGEST_BEHIND = 120
_CAPITAL = re.compile(r"[^\W\d_][\w'’-]*")
_CLAUSE = re.compile(r"[,;:،؛—–]\s+|\s[—–-]\s")
_UNITS = {
    "per cent": re.compile(
        r"[%٪]|\bper ?cent\b|\bpour cent\b|\bpor ciento\b|\bпроцент\w*|\bبالمائة\b|\bفي المائة\b"
        r"|\bفي المئة\b|\bla sută\b|\bodsto\b",
        re.IGNORECASE,
    ),
    "dollars": re.compile(r"\$|\bUSD\b|\bdollars?\b|\bdólares?\b|\bдоллар\w*|دولار", re.IGNORECASE),
    "euros": re.compile(r"€|\bEUR\b|\beuros?\b|\bевро\b|يورو", re.IGNORECASE),
    "pounds": re.compile(r"£|\bGBP\b|\bpounds?\b", re.IGNORECASE),
}


@dataclass(frozen=True, slots=True)
class Counted:
    """A number with the words behind it.

    Attributes:
        readings: The ways to read it.
        following: Stems and folded forms of the next few words.
        content: Of the first content words among them, one by one.
    """

    readings: frozenset[str]
    following: frozenset[str]
    content: tuple[frozenset[str], ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """The claims of a text.

    Attributes:
        content: Content words: the stem and folded form of each, in order.
        keys: Stems and folded forms of every word.
        numbers: The ways to read each number, as plain decimals.
        counted: For each number but years, the ways to read it, and what it counts: the forms
            of the words that follow it, in order, content words apart.
        units: Units of money and share.
        names: Words with a capital inside a sentence, and acronyms, folded.
        opening: The first word when it has a capital, folded; it may be a name.
        countries: English short names.
        exact: Number words and quantities, folded.
        negated: Whether it has a negation.
        modal: Whether it has a modal verb.
        clauses: The claims of its clauses, where it has several.
    """

    content: tuple[frozenset[str], ...]
    keys: frozenset[str]
    numbers: tuple[frozenset[str], ...]
    counted: tuple[Counted, ...]
    units: frozenset[str]
    names: frozenset[str]
    opening: frozenset[str]
    countries: frozenset[str]
    exact: frozenset[str]
    negated: bool
    modal: bool
    clauses: tuple[Facts, ...] = ()


@lru_cache(maxsize=2_000)
def facts(text: str, language: str) -> Facts:
    """Take a text apart.

    Args:
        text: A sentence, or a stretch of a passage.
        language: ISO 639-1 code of the passage, or "und".
    """
    clauses = [clause for clause in _CLAUSE.split(text) if clause.strip()]
    pairs = terms(text, language)
    forms = {folded for _, folded in pairs}
    small = _folded(language, "small")
    names, opening = _names(text, language, small)
    return Facts(
        content=tuple(frozenset(p) for p in pairs if p[1] not in small and not p[1].isdigit()),
        keys=frozenset(key for pair in pairs for key in pair),
        numbers=tuple(numbers(text)),
        counted=tuple(_counted(text, language, small)),
        units=frozenset(name for name, pattern in _UNITS.items() if pattern.search(text)),
        names=names,
        opening=opening,
        countries=frozenset(country for _, _, country in country_spans(text)),
        exact=frozenset(forms & (_folded(language, "numbers") | _folded(language, "quantities"))),
        negated=bool(forms & _folded(language, "negations")),
        modal=bool(forms & _folded(language, "modals")),
        clauses=tuple(facts(clause, language) for clause in clauses) if len(clauses) > 1 else (),
    )


def numbers(text: str) -> list[frozenset[str]]:
    """Return the ways to read each number of a text: "6.480" is 6480 or 6.48.

    Digits of any script count; groups of three may be set apart by points, commas, spaces
    or apostrophes.
    """
    plain = "".join(_digit(c) for c in text)
    return [_readings(match.group()) for match in _NUMBER.finditer(plain)]


def _counted(text: str, language: str, small: frozenset[str]) -> Iterator[Counted]:
    plain = "".join(_digit(c) for c in text)
    for match in _NUMBER.finditer(plain):
        if _YEAR.fullmatch(match.group()):
            continue
        behind = terms(plain[match.end() :][:LONGEST_BEHIND], language)[:BEHIND]
        content = [frozenset(p) for p in behind if p[1] not in small and not p[1].isdigit()]
        yield Counted(
            _readings(match.group()),
            frozenset(key for pair in behind for key in pair),
            tuple(content[:COUNTED]),
        )


def _digit(char: str) -> str:
    return str(unicodedata.digit(char)) if char.isdigit() and not char.isascii() else char


def _readings(written: str) -> frozenset[str]:
    compact = re.sub(rf"[{_SPACES}]", "", written)
    marks = [c for c in compact if c in ".,"]
    if not marks:
        return frozenset({_plain(compact, "")})
    whole, _, part = re.split(r"([.,])(?=[^.,]*$)", compact, maxsplit=1)
    decimal = _plain(re.sub(r"[.,]", "", whole), part)
    grouped = _plain(re.sub(r"[.,]", "", compact), "")
    if len(part) != 3:
        return frozenset({decimal})
    if len(marks) > 1:
        return frozenset({grouped} if len(set(marks)) == 1 else {grouped, decimal})
    return frozenset({grouped, decimal})


def _plain(whole: str, part: str) -> str:
    part = part.rstrip("0")
    return f"{whole.lstrip('0') or '0'}{'.' if part else ''}{part}"


def _names(
    text: str, language: str, small: frozenset[str]
) -> tuple[frozenset[str], frozenset[str]]:
    """Return folded words with a capital inside a sentence, and those that open it."""
    inside, opening = set[str](), set[str]()
    for match in _CAPITAL.finditer(text):
        word = match.group()
        if not word[0].isupper():
            continue
        opening_word = opens(text, match.start()) and not word.isupper()
        for _, folded in terms(word, language):
            if folded not in small and len(folded) > 1:
                (opening if opening_word else inside).add(folded)
    return frozenset(inside), frozenset(opening)


@cache
def _folded(language: str, kind: str) -> frozenset[str]:
    """Return the folded forms of a list; with a language unknown, of every language."""
    lists: Mapping[str, Mapping[str, str]] = {
        "numbers": NUMBERS,
        "quantities": QUANTITIES,
        "negations": NEGATIONS,
        "modals": MODALS,
    }
    languages = [language] if language in NUMBERS else sorted(NUMBERS)
    if kind == "small":
        listed = [word for code in languages for word in words_of(code)]
        exact = _folded(language, "numbers") | _folded(language, "quantities")
        return frozenset(fold(word, code) for code in languages for word in listed) - exact
    return frozenset(
        fold(word, code) for code in languages for word in words(lists[kind].get(code, ""))
    )
