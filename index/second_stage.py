"""Reading the best passages again, sentence by sentence. Pure.

Both rankings take a passage as a bag: one that has a question's words scattered over it beats
one that has them in the sentence that answers, and a passage without any figure is as good for
"how many" as one with it. Here the first passages are read word by word, and what they gain is
added to their fused score.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice, pairwise, takewhile
from math import log
from operator import mul

from index.analysis import terms, words
from index.value import Wanted, holds
from ingest.language_words import words_of

DEPTH = 20
"""How many passages are read again."""
SURROUNDINGS = 700
"""How many characters before and behind a passage are read with it, where meaning is not known."""
_CUT = re.compile(r"(?<=[.!?؟։।…;:])[\"”»)\]]*\s+|\n+")
CELLS = " | "
"""Stands between the cells of a table's row."""
CAPTION = 2
"""How many lines before a table are read as its caption."""
_SOFT_LETTERS = 4
"""Words that begin with so many common letters may be forms of one word …"""
_SOFT_TAIL = 3
"""… when neither has more than so many letters beyond what they share."""
SOFT = 0.7
"""What such a likeness counts, against 1 for the same stem."""

KNOWN: Mapping[str, float] = {"either": 1 / 3, "order": 0.2, "valued": 1 / 3, "pair": 0.2}
"""Weights beside the fused score (1) where the model knows the language."""
FOREIGN: Mapping[str, float] = {"either": 1.0, "valued": 0.8, "around": 1.0, "pair": 0.6}
"""Weights where it does not, and passages are short because its tokens are.

Both began as a fit on half of XQuAD (listwise softmax) and were rounded with the questions over
the programme's documents in view; ``benchmarks.retrieval`` shows what they give on each set."""


@dataclass(frozen=True, slots=True)
class Term:
    """A telling word of a question with its weight (idf), and what else says the same."""

    stem: str
    folded: str
    weight: float
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as passages are read for it.

    Attributes:
        terms: Its telling words, in order, each once.
        sort: The sort of value it wants.
        given: The numbers it gives.
        together: Keys that stand for several stems, all of which a sentence must have.
    """

    terms: tuple[Term, ...]
    sort: Wanted = Wanted.ANY
    given: tuple[str, ...] = ()
    together: tuple[tuple[str, frozenset[str]], ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """How well a passage answers to a question's words (by idf), each 0–1.

    Attributes:
        either: Share of the words in the passage or above it (title, headings, context).
        order: Share of the question's neighbouring words that are near each other, in order.
        valued: Best share of a sentence that holds a value of the sort that is asked for, with
            what stands above the passage.
        pair: Best share of two sentences in a row.
    """

    either: float = 0.0
    order: float = 0.0
    valued: float = 0.0
    pair: float = 0.0


def telling(
    question: str,
    language: str,
    frequencies: Callable[[Sequence[str]], Mapping[str, int]],
    n_passages: int,
) -> tuple[Term, ...]:
    """Return the telling words of a question with their idf, in order, each once.

    Robertson and Zaragoza (2009), The Probabilistic Relevance Framework, section 3, for the idf.

    Args:
        question: As asked.
        language: ISO 639-1 code, or "und".
        frequencies: Returns in how many passages stems are. Only those that the reader may see
            may count: a score must not tell what the others hold.
        n_passages: How many of those there are.
    """
    small = words_of(language)
    pairs = list(zip(words(question), terms(question, language), strict=True))
    chosen = [p for p in pairs if p[0] not in small and p[1][1] not in small] or pairs
    folded = {stem: plain for _, (stem, plain) in reversed(chosen)}
    stems = list(dict.fromkeys(stem for _, (stem, _) in chosen))
    found = frequencies(stems)
    return tuple(Term(s, folded[s], idf(found.get(s, 0), n_passages)) for s in stems)


def idf(frequency: int, n_passages: int) -> float:
    """Return how rare a word is: ``log(1 + (n - df + .5) / (df + .5))``, above 0."""
    df = min(frequency, n_passages)
    return log(1 + (n_passages - df + 0.5) / (df + 0.5))


def gain(asked: Asked, text: str, head: str, language: str, around: str | None) -> float:
    """Return what a passage gains, to be added to its fused score.

    Args:
        asked: The question.
        text: The passage.
        head: Its title, headings and context.
        language: Its ISO 639-1 code, or "und".
        around: The passage with its surroundings where the model does not know the language;
            None where it does.
    """
    reading = read_again(asked, text, head, language)
    found = {
        "either": reading.either,
        "order": reading.order,
        "valued": reading.valued,
        "pair": reading.pair,
    }
    weights = KNOWN if around is None else FOREIGN
    if around is not None:
        wide = read_again(asked, around, head, language)
        found |= {"around": wide.either, "pair": wide.pair}
    return sum(w * found[name] for name, w in weights.items())


def read_again(asked: Asked, text: str, head: str, language: str) -> Reading:
    """Read one passage."""
    total = sum(term.weight for term in asked.terms)
    parts = [part for part in _CUT.split(text) if part.strip()]
    if not total or not parts:
        return Reading()
    sentences = [terms(part, language) for part in parts]
    keys = [with_together(asked.together, _keys(pairs)) for pairs in sentences]
    over = with_together(asked.together, _keys(terms(head, language)))
    forms = _forms(asked.terms, over.union(*keys))
    rows = [_strengths(forms, having, len(asked.terms)) for having in keys]
    above = _strengths(forms, over, len(asked.terms))
    weights = [term.weight / total for term in asked.terms]

    def share(*strengths: Sequence[float]) -> float:
        best = map(max, *strengths) if len(strengths) > 1 else strengths[0]
        return float(sum(map(mul, weights, best)))

    valued = (
        share(row, over_it)
        for part, row, over_it in zip(parts, rows, _over(parts, rows, above), strict=True)
        if holds(asked.sort, part, asked.given)
    )
    stems = frozenset(term.stem for term in asked.terms)
    together = (
        in_order(asked.terms, pairs)
        for pairs, having in zip(sentences, keys, strict=True)
        if len(stems & having) > 1
    )
    return Reading(
        either=share(*rows, above),
        order=max(together, default=0.0),
        valued=max(valued, default=0.0),
        pair=max(share(*rows[at : at + 2]) for at in range(max(1, len(rows) - 1))),
    )


def with_together(
    together: Sequence[tuple[str, frozenset[str]]], having: frozenset[str]
) -> frozenset[str]:
    """Add to the keys of a text those that stand for several of them."""
    found = [key for key, stems in together if stems <= having]
    return having.union(found) if found else having


def _over(
    parts: Sequence[str], rows: Sequence[Sequence[float]], above: Sequence[float]
) -> list[Sequence[float]]:
    """Return how far what stands over each part says the words; in a table its top and caption."""
    found: list[Sequence[float]] = []
    for at, part in enumerate(parts):
        if CELLS not in part:
            found.append(above)
        elif at and CELLS in parts[at - 1]:
            found.append(found[-1])
        else:
            found.append(list(map(max, above, rows[at], *rows[max(0, at - CAPTION) : at])))
    return found


_Forms = dict[str, list[tuple[int, float]]]


def _keys(pairs: Sequence[tuple[str, str]]) -> frozenset[str]:
    return frozenset(chain.from_iterable(pairs))


def _forms(asked: Sequence[Term], having: frozenset[str]) -> _Forms:
    """Return the words of a text that say one that is asked for: 1 the same, ``SOFT`` a likeness.

    By the word of the text: (position of the word asked for, how far it says it).
    """
    found: _Forms = {}
    ordered: list[str] = []
    for at, term in enumerate(asked):
        same = {key: 1.0 for key in (term.stem, term.folded, *term.also) if key in having}
        if not same and len(term.folded) > _SOFT_LETTERS and not term.folded.isdigit():
            ordered = ordered or sorted(having)
            same = _alike(term.folded, ordered)
        for key, strength in same.items():
            found.setdefault(key, []).append((at, strength))
    return found


def _alike(word: str, ordered: Sequence[str]) -> dict[str, float]:
    """Return the words like one, of a sorted list."""
    start = word[: max(_SOFT_LETTERS, len(word) - _SOFT_TAIL)]
    longest = len(word) + _SOFT_TAIL
    beginning = takewhile(
        lambda other: other.startswith(start), islice(ordered, bisect_left(ordered, start), None)
    )
    return {other: SOFT for other in beginning if len(other) <= longest}


def _strengths(forms: _Forms, having: frozenset[str], size: int) -> list[float]:
    """Return how far words say each of those that are asked for, in their order."""
    found = [0.0] * size
    for key in forms.keys() & having:
        for at, strength in forms[key]:
            found[at] = max(found[at], strength)
    return found


def in_order(asked: Sequence[Term], pairs: Sequence[tuple[str, str]]) -> float:
    """Return the share of neighbouring question words that stand within three words, in order."""
    places: dict[str, list[int]] = {term.stem: [] for term in asked}
    called = {key: term.stem for term in asked for key in (*term.also, term.stem)}
    for at, (stem, _) in enumerate(pairs):
        if stem in called:
            places[called[stem]].append(at)
    near = total = 0.0
    for left, right in pairwise(asked):
        weight = left.weight + right.weight
        total += weight
        ends = places[right.stem]
        if any(0 < b - a <= 3 for a in places[left.stem] for b in ends):
            near += weight
    return near / total if total else 0.0
