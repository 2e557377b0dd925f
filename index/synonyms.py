"""What else the words of a question are called in its own language. Pure.

Who asks says "money" where a report says "resources". The list of concepts (``index.lexicon``)
has several words for one thing in a cell, and ``index/synonyms/*.txt`` has more: a group a line,
for one language a file. Words are compared by their stems; longer terms win over shorter ones,
and a word of several groups gets the others of all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache, lru_cache
from importlib.resources import files

from index.analysis import terms, words
from index.lexicon import BETWEEN, rows, small_words
from index.second_stage import Asked, Term
from index.translation import Alternative, Rendering, by_stem
from ingest.language import LANGUAGES

FOLDER = "synonyms"
MOST = 10
"""So many synonyms of one term are used."""

Stems = tuple[str, ...]


def synonyms(question: str, language: str) -> tuple[Rendering, ...]:
    """Return the terms of a question that have synonyms, with these, in order.

    Args:
        question: As asked.
        language: Its ISO 639-1 code; "und" is taken as English.
    """
    code = _code(language)
    asked = words(question)
    stems = [stem for stem, _ in terms(question, code)]
    small = small_words(code)
    found: list[Rendering] = []
    taken: set[int] = set()
    for start, end in sorted(_spans(stems, code), key=lambda s: (s[0] - s[1], s[0])):
        inside = set(range(start, end))
        if inside & taken or all(asked[at] in small for at in inside):
            continue
        taken |= inside
        others = _others(tuple(stems[start:end]), code)
        if others:
            found.append(Rendering(start, end, " ".join(asked[start:end]), others))
    return tuple(sorted(found, key=lambda rendering: rendering.start))


def with_synonyms(asked: Asked, question: str, language: str) -> Asked:
    """Return a question as passages are read for it, whose terms may also be said otherwise.

    Only synonyms of one word are read for; an answer's sentences are read for all of them. The
    keyword search is left as it is: more words find hardly a passage more there.

    Args:
        asked: The question.
        question: As asked.
        language: Its ISO 639-1 code; "und" is taken as English.
    """
    said = by_stem(question, language, synonyms(question, language))
    if not said:
        return asked
    return replace(asked, terms=tuple(_with(term, said.get(term.stem)) for term in asked.terms))


def _with(term: Term, rendering: Rendering | None) -> Term:
    if rendering is None:
        return term
    alone = (a.pairs[0][0] for a in rendering.alternatives if len(a.pairs) == 1)
    return replace(term, like=tuple(dict.fromkeys(alone)))


def _code(language: str) -> str:
    return language if language in LANGUAGES else "en"


def _spans(stems: Sequence[str], language: str) -> Iterator[tuple[int, int]]:
    table = _table(language)
    for start, first in enumerate(stems):
        for term in table.get(first, ()):
            if tuple(stems[start : start + len(term)]) == term:
                yield start, start + len(term)


@cache
def _groups(language: str) -> tuple[tuple[str, ...], ...]:
    """Return the terms of one language that say the same, a group each."""
    path = files("index").joinpath(FOLDER, f"{language}.txt")
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    listed = (tuple(t.strip() for t in line.split(BETWEEN)) for line in lines if line.strip())
    cells = (row.get(language, ()) for row in rows())
    return tuple(group for group in (*listed, *cells) if len(group) > 1)


@cache
def _table(language: str) -> Mapping[str, tuple[Stems, ...]]:
    """Return the terms that have synonyms by their first stem."""
    found: dict[str, set[Stems]] = {}
    for stems in _places(language):
        found.setdefault(stems[0], set()).add(stems)
    return {first: tuple(sorted(some)) for first, some in found.items()}


@cache
def _places(language: str) -> Mapping[Stems, tuple[int, ...]]:
    """Return the groups that each term is in."""
    found: dict[Stems, dict[int, None]] = {}
    for number, group in enumerate(_groups(language)):
        for text in group:
            stems = tuple(stem for stem, _ in terms(text, language))
            if stems:
                found.setdefault(stems, {})[number] = None
    return {stems: tuple(numbers) for stems, numbers in found.items()}


@lru_cache(maxsize=20_000)
def _others(stems: Stems, language: str) -> tuple[Alternative, ...]:
    """Return what else a term is called, the nearest group first."""
    small = small_words(language)
    found: dict[frozenset[str], Alternative] = {}
    for number in _places(language).get(stems, ()):
        for text in _groups(language)[number]:
            pairs = tuple(
                pair
                for word, pair in zip(words(text), terms(text, language), strict=True)
                if word not in small
            )
            alternative = Alternative(language, text, pairs)
            if pairs and not alternative.stems >= frozenset(stems):
                found.setdefault(alternative.stems, alternative)
    return tuple(found.values())[:MOST]
