"""What the words of a question are called in other languages, from a list of concepts. Pure.

The list (``index/concepts/*.tsv``) has a row a concept and a column a language; a cell holds
equivalents, the best first. Countries come from ISO 3166 (pycountry). Words are compared by
their stems, so that "trained" finds the row of "training"; longer terms win over shorter ones,
and a word with several meanings gets the equivalents of all.
"""

from __future__ import annotations

import gettext
from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache, lru_cache
from importlib.resources import files
from itertools import islice

import pycountry

from index.analysis import fold, terms, words
from index.translation import Alternative, Rendering, Translation
from ingest.language import LANGUAGES
from ingest.language_words import words_of
from ingest.metadata_country_names import SHORT

FOLDER = "concepts"
BETWEEN = ";"
"""What stands between the equivalents of a cell."""
MOST = 6
"""So many equivalents of one term are used, in each language."""
NEAR_LETTERS = 5
"""From this length on a stem that no term has may stand for one that is nearly the same …"""
NEAR_TAIL = 2
"""… with at most so many letters more or less at its end."""
_ISO_LOCALES: Mapping[str, str] = {"sr": "sr@latin"}
ARABIC_JOINED: Mapping[str, str] = {
    "وال": "and the",
    "بال": "in the",
    "فال": "so the",
    "كال": "like the",
    "ولل": "and for the",
    "لل": "for the",
    "ال": "the",
    "و": "and",
    "ف": "so",
    "ب": "in",
    "ل": "for",
    "ك": "like",
}
"""What Arabic writes at the beginning of the next word, folded, and what it means."""
_ARABIC_ENDINGS = ("", "ا", "ه", "يه", "ات", "ون", "ين", "ي")
"""Endings of an Arabic noun, folded, that Snowball leaves on one form and takes off another."""
LEAST_ARABIC = 3
"""Letters that a word must have without what is joined to it."""
_SMALL: Mapping[str, str] = {
    "ar": """
        في من إلى الى على عن مع ما ماذا هل كم متى أين اين كيف لماذا أي اي هو هي التي الذي الذين كان
        كانت تم قد أن ان أو او كل هذا هذه ذلك تلك بين بعد قبل عند لدى منذ حتى بما كما لا لم لن إن ثم
    """,
    "bn": """
        এবং ও এর এ এই সে তার তাদের কি কী কে কোন কোথায় কখন কেন কীভাবে কত কতটি কতজন জন্য থেকে সাথে
        সঙ্গে মধ্যে দ্বারা হয় হয়েছে হয়েছিল করা করে করেছে করেছিল করতে হবে ছিল আছে যে যা বা না তা একটি এক
        বলতে উচিত
    """,
}
"""Small words of the languages of which ``ingest.language_words`` has none."""

Stems = tuple[str, ...]


@cache
def rows() -> tuple[Mapping[str, tuple[str, ...]], ...]:
    """Return every concept: equivalents by language, as they stand in the files."""
    found: list[Mapping[str, tuple[str, ...]]] = []
    folder = files("index").joinpath(FOLDER)
    tables = (path for path in folder.iterdir() if path.name.endswith(".tsv"))
    for path in sorted(tables, key=lambda path: path.name):
        lines = path.read_text(encoding="utf-8").splitlines()
        languages = lines[0].split("\t")
        for line in lines[1:]:
            cells = [tuple(cell.split(BETWEEN)) for cell in line.split("\t")]
            found.append(dict(zip(languages, cells, strict=True)))
    return tuple(found)


def translate(question: str, language: str, targets: Collection[str]) -> Translation:
    """Say what the words of a question are called in other languages.

    Args:
        question: As asked.
        language: ISO 639-1 code of the question; one without a column gives nothing.
        targets: Languages to translate into; the question's own is left out.

    Returns:
        A rendering for each term that the list has in one of them, in order.
    """
    wanted = tuple(code for code in LANGUAGES if code in targets and code != language)
    if language not in LANGUAGES or not wanted:
        return Translation(language)
    asked = words(question)
    found = []
    for start, end, concepts in _matches(asked, language):
        alternatives = tuple(
            alternative for code in wanted for alternative in _alternatives(concepts, code)
        )
        if alternatives:
            found.append(Rendering(start, end, " ".join(asked[start:end]), alternatives))
    telling = _telling(asked, language)
    small = frozenset(range(len(asked))).difference(telling)
    return Translation(language, tuple(found), len(telling), small)


def _telling(asked: Sequence[str], language: str) -> list[int]:
    small = small_words(language)
    return [
        at
        for at, word in enumerate(asked)
        if word not in small and fold(word, language) not in small
    ]


@cache
def small_words(language: str) -> frozenset[str]:
    """Return the words of a language that say nothing of what a question is about."""
    return words_of(language) | frozenset(words(_SMALL.get(language, "")))


def _matches(asked: Sequence[str], language: str) -> list[tuple[int, int, tuple[int, ...]]]:
    """Find the terms of a question: (first word, one past the last, concepts), none in another."""
    table = _table(language)
    telling = frozenset(_telling(asked, language))
    forms = [
        possible
        if at not in telling or any(form in _alone(language) for form in possible)
        else (*possible, *nearly(possible[0], _ordered(language), NEAR_TAIL))
        for at, possible in enumerate(_forms(word, language) for word in asked)
    ]
    spans: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for at, possible in enumerate(forms):
        for stems, rank, concept in (entry for first in possible for entry in table.get(first, ())):
            end = at + len(stems)
            rest = zip(stems[1:], forms[at + 1 : end], strict=False)
            if end <= len(asked) and all(stem in form for stem, form in rest):
                spans.setdefault((at, end), []).append((rank, concept))
    found: list[tuple[int, int, tuple[int, ...]]] = []
    taken: set[int] = set()
    for start, end in sorted(spans, key=lambda span: (span[0] - span[1], span[0])):
        inside = set(range(start, end))
        if not inside & taken and inside & telling:
            taken |= inside
            concepts = dict.fromkeys(concept for _, concept in sorted(spans[start, end]))
            found.append((start, end, tuple(concepts)))
    return sorted(found)


def _forms(word: str, language: str) -> tuple[str, ...]:
    """Return the stems that a word of a question may be of, the likeliest first."""
    ((stem, folded),) = terms(word, language)
    found = {stem: None, folded: None}
    if language == "ar":
        for particle in ("", *ARABIC_JOINED):
            for ending in _ARABIC_ENDINGS:
                rest = folded.removeprefix(particle).removesuffix(ending)
                cut = folded.startswith(particle) and folded.endswith(ending)
                if cut and len(rest) >= LEAST_ARABIC:
                    found[terms(rest, language)[0][0]] = None
    return tuple(found)


def nearly(stem: str, ordered: Sequence[str], tail: int) -> tuple[str, ...]:
    """Return the stems that differ from an unknown one by what a stemmer leaves on.

    "financió" and "financiar" have the stems "financ" and "financi".

    Args:
        stem: The unknown one.
        ordered: Those there are, sorted.
        tail: So many letters more or less they may have at the end.

    Returns:
        All that are longer, else the longest that is shorter.
    """
    if len(stem) < NEAR_LETTERS or stem.isdigit():
        return ()
    longer = []
    for other in islice(ordered, bisect_left(ordered, stem), None):
        if not other.startswith(stem):
            break
        if len(other) - len(stem) <= tail:
            longer.append(other)
    if longer:
        return tuple(longer)
    least = max(NEAR_LETTERS, len(stem) - tail)
    for size in range(len(stem) - 1, least - 1, -1):
        at = bisect_left(ordered, stem[:size])
        if ordered[at : at + 1] == [stem[:size]]:
            return (stem[:size],)
    return ()


@cache
def _alone(language: str) -> frozenset[str]:
    """Return the stems of the terms of one word."""
    entries = _table(language).items()
    return frozenset(first for first, some in entries if any(len(e[0]) == 1 for e in some))


@cache
def _ordered(language: str) -> list[str]:
    return sorted(_alone(language))


@cache
def _table(language: str) -> Mapping[str, Sequence[tuple[Stems, int, int]]]:
    """Return the terms of one language by their first stem: (stems, rank in its cell, concept).

    In Latin script a term is also known as people type it, without its accents.
    """
    table: dict[str, dict[tuple[Stems, int], int]] = {}
    for number, concept in enumerate(all_concepts()):
        for rank, text in enumerate(concept.get(language, ())):
            for form in (text,) if text.isascii() else (text, *_typed(text, language)):
                stems = tuple(stem for stem, _ in terms(form, language))
                if stems:
                    table.setdefault(stems[0], {}).setdefault((stems, number), rank)
    return {
        first: [(stems, rank, number) for (stems, number), rank in entries.items()]
        for first, entries in table.items()
    }


def _typed(text: str, language: str) -> tuple[str, ...]:
    """Return a term without its accents, in the languages that are often typed so."""
    if language not in _ACCENTED:
        return ()
    return (" ".join(fold(word, language) for word in words(text)),)


@lru_cache(maxsize=20_000)
def _alternatives(concepts: tuple[int, ...], language: str) -> tuple[Alternative, ...]:
    """Return the equivalents of a term, the best first: one of each concept, then their others."""
    small = small_words(language)
    cells = [all_concepts()[number].get(language, ()) for number in concepts]
    found: dict[Stems, Alternative] = {}
    for nth in range(max(map(len, cells), default=0)):
        for text in (cell[nth] for cell in cells if nth < len(cell)):
            pairs = tuple(
                pair
                for word, pair in zip(words(text), terms(text, language), strict=True)
                if word not in small
            )
            if pairs:
                stems = tuple(stem for stem, _ in pairs)
                found.setdefault(stems, Alternative(language, text, pairs))
    chosen = tuple(found.values())[:MOST]
    return (*chosen, *_with_article(chosen)) if language == "ar" else chosen


def _with_article(chosen: Sequence[Alternative]) -> Iterator[Alternative]:
    """Yield Arabic words with their article, where Snowball finds another stem for them."""
    have = {said.pairs[0][0] for said in chosen}
    for said in chosen:
        if len(said.pairs) == 1:
            text = said.text if said.text.startswith("ال") else f"ال{said.text}"
            pairs = tuple(terms(text, "ar"))
            if pairs[0][0] not in have:
                yield replace(said, text=text, pairs=pairs)


@cache
def all_concepts() -> tuple[Mapping[str, tuple[str, ...]], ...]:
    """Return every concept and country: equivalents by language, the best first."""
    return (*rows(), *_countries())


def _countries() -> Iterator[Mapping[str, tuple[str, ...]]]:
    """Yield the countries' names in each language; a language that has none of its own is left."""
    catalogues = {
        code: gettext.translation(
            "iso3166-1", pycountry.LOCALES_DIR, [_ISO_LOCALES.get(code, code)], fallback=True
        )
        for code in LANGUAGES
    }
    for country in pycountry.countries:
        names = (getattr(country, "common_name", country.name), country.name)
        english = dict.fromkeys((SHORT.get(country.alpha_2, names[0]), *map(_short, names)))
        concept: dict[str, tuple[str, ...]] = {"en": tuple(english)}
        for code, catalogue in catalogues.items():
            local = {_short(catalogue.gettext(n)): None for n in names if catalogue.gettext(n) != n}
            if code != "en":
                # A name that is the same in both languages has no entry of its own.
                concept[code] = tuple(local) or (tuple(english) if code in _ACCENTED else ())
        yield concept


_ACCENTED = frozenset({"fr", "es", "ro", "sr"})


def _short(name: str) -> str:
    """Return a country's name without what stands behind a comma: "Iran, Islamic Republic of"."""
    return name.partition(",")[0].strip()
