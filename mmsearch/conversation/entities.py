"""Countries, years, organisations, kinds of document and groups of people in a question. Pure.

A follow-up mostly changes one of them: "and in Tunisia?" takes the place of Moldova. So each
has a type, and stands where it stands in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from index.analysis import STEMMERS, terms, words
from ingest.metadata_countries import country_spans, every_name, known_countries
from mmsearch.conversation.entity_words import GROUPS, KINDS, NOT_LOWER


class EntityType(StrEnum):
    """What sort of thing an entity is; one takes the place of another of its type."""

    COUNTRY = "country"
    YEAR = "year"
    ORGANISATION = "organisation"
    KIND = "kind of document"
    GROUP = "group of people"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Entity:
    """An entity of a text.

    Attributes:
        type: What sort of thing it is.
        start: Where it begins in the text.
        end: One past its last character.
        key: The same for all the ways to write it: a country's English short name, a year,
            an acronym, the stems of other words.
    """

    type: EntityType
    start: int
    end: int
    key: str


_YEAR = re.compile(r"(?<![\d.,])(?:19|20)\d\d(?:\s?[-–/]\s?(?:(?:19|20)\d\d|\d\d))?(?![\d]|[.,]\d)")
_ACRONYM = re.compile(r"(?<![^\W_])[A-ZА-Я][A-ZА-Я&]{1,9}s?(?![^\W_])")
_ROMAN = re.compile(r"[IVXLC]+")
_CAPITAL = re.compile(r"[^\W\d_][^\W\d_'’-]*(?:[-'’][^\W\d_]+)*")
_OPENS = re.compile(r"(?:^\s*|[.!?:;…]\s*|[¿¡«“\"(]\s*)$")
_MONTH = re.compile(
    "January|February|March|April|May|June|July|August|September|October|November|December|[IVXLC]+"
)
_TOKEN = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_ARABIC_PREFIX = re.compile(r"^[وف]?[بلك]?(?=\w{3})")
_RUSSIAN_ENDING = re.compile(r"(?:ами|ями|ах|ях|ией|ию|ии|ия|ом|ем|ой|ей|[аеиоуыэюяьй])$")
SHORTEST_LOWER = 5
"""A country written small counts from this many letters on, in a follow-up."""
SHORTEST_STEM = 4


def entities(text: str, language: str, *, careless: bool = False) -> list[Entity]:
    """Return the entities of a question, in order, none inside another.

    Args:
        text: A question.
        language: ISO 639-1 code, or "und".
        careless: Countries count without a capital too, as people type in a chat.
    """
    found: list[Entity] = []
    for one in _candidates(text, language, careless):
        if all(one.end <= other.start or one.start >= other.end for other in found):
            found.append(one)
    return sorted(found, key=lambda e: e.start)


def _candidates(text: str, language: str, careless: bool) -> Iterator[Entity]:
    """Yield entities, the surer types first."""
    for start, end, country in country_spans(text):
        yield Entity(EntityType.COUNTRY, start, end, country)
    yield from _inflected_countries(text, language)
    if careless:
        yield from _small_countries(text)
    for match in _YEAR.finditer(text):
        yield Entity(EntityType.YEAR, *match.span(), re.sub(r"\s", "", match.group()))
    for type_, listed in ((EntityType.KIND, KINDS), (EntityType.GROUP, GROUPS)):
        yield from _listed(text, language, type_, listed)
    for match in _ACRONYM.finditer(text):
        if not _ROMAN.fullmatch(match.group()):
            yield Entity(EntityType.ORGANISATION, *match.span(), match.group().rstrip("s"))
    yield from _names(text)


def _inflected_countries(text: str, language: str) -> Iterator[Entity]:
    """Yield Russian names in any case, Arabic ones with a particle written to them."""
    if language == "ru":
        for match in _TOKEN.finditer(text):
            country = _russian().get(_stem(match.group()))
            if country and match.group()[:1].isupper():
                yield Entity(EntityType.COUNTRY, *match.span(), country)
    if language == "ar":
        for match in _TOKEN.finditer(text):
            cut = _ARABIC_PREFIX.match(match.group())
            bare = match.group()[cut.end() :] if cut else ""
            bare = "ا" + bare if match.group().startswith("لل") else bare
            found = country_spans(bare) if bare else []
            if found and found[0][:2] == (0, len(bare)):
                yield Entity(EntityType.COUNTRY, *match.span(), found[0][2])


def _small_countries(text: str) -> Iterator[Entity]:
    for match in _TOKEN.finditer(text):
        word = match.group()
        if not word.islower() or len(word) < SHORTEST_LOWER or word in NOT_LOWER:
            continue
        for _, _, country in country_spans(word.capitalize()):
            yield Entity(EntityType.COUNTRY, *match.span(), country)


@cache
def _russian() -> Mapping[str, str]:
    """Return countries by the stem of their Russian name of one word."""
    known = known_countries()
    table = {}
    for name, country in every_name():
        stem = _stem(name)
        if country in known and re.fullmatch(r"[А-ЯЁа-яё-]+", name) and len(stem) >= SHORTEST_STEM:
            table[stem] = country
    return table


def _stem(word: str) -> str:
    """Return a Russian name without its ending; Snowball cuts names too unevenly."""
    return _RUSSIAN_ENDING.sub("", word.lower())


def _listed(
    text: str, language: str, type_: EntityType, listed: Mapping[str, str]
) -> Iterator[Entity]:
    """Yield the words and pairs of words that a list has, in any form of theirs."""
    known = _stems(language, listed.get(language, ""))
    if not known:
        return
    tokens = list(_TOKEN.finditer(text))
    keys = [_key(token.group(), language) for token in tokens]
    for size in (3, 2, 1):
        for at in range(len(tokens) - size + 1):
            key = " ".join(keys[at : at + size])
            if key in known:
                yield Entity(type_, tokens[at].start(), tokens[at + size - 1].end(), key)


@cache
def _stems(language: str, listed: str) -> frozenset[str]:
    return frozenset(
        " ".join(_key(word, language) for word in phrase.split())
        for phrase in listed.split(",")
        if phrase.strip()
    )


def _key(word: str, language: str) -> str:
    pairs = terms(word, language if language in STEMMERS else "")
    return "".join(stem for stem, _ in pairs)


def opens(text: str, at: int) -> bool:
    """Say whether a word at a place opens a sentence, a quotation or a bracket."""
    near = max(0, at - 6)
    return bool(_OPENS.search(text[near:at])) and (near == 0 or not text[near:at].isspace())


def _names(text: str) -> Iterator[Entity]:
    """Yield stretches of words with a capital that do not open a sentence."""
    start = end = -1
    for match in _CAPITAL.finditer(text):
        capital = match.group()[0].isupper() and not opens(text, match.start())
        capital = capital and not _MONTH.fullmatch(match.group())
        if not capital:
            continue
        if end >= 0 and text[end : match.start()].isspace():
            end = match.end()
            continue
        if start >= 0:
            yield Entity(EntityType.NAME, start, end, " ".join(words(text[start:end])))
        start, end = match.span()
    if start >= 0:
        yield Entity(EntityType.NAME, start, end, " ".join(words(text[start:end])))
