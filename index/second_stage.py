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

import numpy as np
from numpy.typing import NDArray

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
SOFT_LETTERS = 4
"""Words that begin with so many common letters may be forms of one word …"""
_SOFT_TAIL = 3
"""… when neither has more than so many letters beyond what they share."""
SOFT = 0.7
"""What such a likeness counts, against 1 for the same stem."""
SYNONYM = 0.85
"""What a synonym counts."""
NEAR = 3
"""Two words stand near each other when the second is at most so many words behind the first."""

KNOWN: Mapping[str, float] = {"either": 1 / 3, "order": 0.2, "valued": 1 / 3, "pair": 0.2}
"""Weights beside the fused score (1) where the model knows the language."""
FOREIGN: Mapping[str, float] = {"either": 1.0, "valued": 0.8, "around": 1.0, "pair": 0.6}
"""Weights where it does not, and passages are short because its tokens are.

Both began as a fit on half of XQuAD (listwise softmax) and were rounded with the questions over
the programme's documents in view; ``benchmarks.retrieval`` shows what they give on each set."""


@dataclass(frozen=True, slots=True)
class Term:
    """A telling word of a question with its weight (idf), and what else says the same.

    ``also`` is what it is called in another language, ``like`` what means about the same.
    """

    stem: str
    folded: str
    weight: float
    also: tuple[str, ...] = ()
    like: tuple[str, ...] = ()


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


Shares = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Strengths:
    """How far the sentences of some passages say each word of a question, each 0–1.

    Attributes:
        rows: By sentence and word: float64, (n_parts, n_terms).
        over: The same of what stands over each sentence, for ``Reading.valued``.
        above: Of what stands above each passage: float64, (n_passages, n_terms).
        holds: Whether a sentence holds a value of the sort that is wanted: bool, (n_parts,).
        order: ``Reading.order`` of each passage: float64, (n_passages,).
        starts: The first sentence of each passage, and one past the last: int64, (n_passages + 1,).
    """

    rows: Shares
    over: Shares
    above: Shares
    holds: NDArray[np.bool_]
    order: Shares
    starts: NDArray[np.int64]


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


def gains(known: Shares, wide: Shares | None = None) -> Shares:
    """Return what passages gain, to be added to their fused scores: float64, (n_passages,).

    Args:
        known: What ``shares`` gives of them.
        wide: The same of them with their surroundings, where the model does not know the language;
            None where it does.
    """
    either, order, valued, pair = known
    found = {"either": either, "order": order, "valued": valued, "pair": pair}
    weights = KNOWN if wide is None else FOREIGN
    if wide is not None:
        found |= {"around": wide[0], "pair": wide[3]}
    return _summed([weight * found[name] for name, weight in weights.items()])


def shares(asked: Asked, said: Strengths) -> Shares:
    """Return the values of ``Reading`` of some passages, in its order: float64, (4, n_passages).

    Sums are made word by word, so that a share depends on nothing but its own passage.
    """
    total = sum(term.weight for term in asked.terms)
    found = np.zeros((4, len(said.above)))
    full = np.diff(said.starts) > 0
    if not total or not full.any():
        return found
    weights = [term.weight / total for term in asked.terms]
    starts = said.starts[:-1][full]

    def best(values: Shares) -> Shares:
        most: Shares = np.maximum.reduceat(values, starts, axis=0)
        return most

    pairs = said.rows.copy()
    np.maximum(pairs[:-1], said.rows[1:], out=pairs[:-1])
    last = said.starts[1:][full] - 1
    pairs[last] = said.rows[last]
    valued = np.maximum(said.rows, said.over)
    found[0, full] = _share(weights, np.maximum(best(said.rows), said.above[full]))
    found[1, full] = said.order[full]
    found[2, full] = best(np.where(said.holds, _share(weights, valued), 0.0))
    found[3, full] = best(_share(weights, pairs))
    return found


def _share(weights: Sequence[float], strengths: Shares) -> Shares:
    return _summed([weight * strengths[:, at] for at, weight in enumerate(weights)])


def _summed(parts: Sequence[Shares]) -> Shares:
    """Add one after the other, as no sum of numpy's does."""
    total = np.zeros_like(parts[0])
    for part in parts:
        total += part
    return total


def read_again(asked: Asked, text: str, head: str, language: str) -> Reading:
    """Read one passage.

    Args:
        asked: The question.
        text: The passage.
        head: Its title, headings and context.
        language: Its ISO 639-1 code, or "und".
    """
    found = shares(asked, strengths(asked, [(text, head, language)]))
    return Reading(*found[:, 0].tolist())


def cut(text: str) -> list[str]:
    """Cut a passage into its sentences and lines, without what stands between them."""
    return [part for part in _CUT.split(text) if part.strip()]


def strengths(asked: Asked, passages: Sequence[tuple[str, str, str]]) -> Strengths:
    """Read passages from their texts.

    Args:
        asked: The question.
        passages: Text, head and language of each, as ``read_again`` takes them.
    """
    rows: list[list[float]] = []
    over: list[Sequence[float]] = []
    above: list[list[float]] = []
    held: list[bool] = []
    order: list[float] = []
    starts = [0]
    stems = frozenset(term.stem for term in asked.terms)
    for text, head, language in passages:
        parts = cut(text)
        sentences = [terms(part, language) for part in parts]
        keys = [with_together(asked.together, _keys(pairs)) for pairs in sentences]
        heading = with_together(asked.together, _keys(terms(head, language)))
        forms = _forms(asked.terms, heading.union(*keys))
        own = [_strengths(forms, having, len(asked.terms)) for having in keys]
        above.append(_strengths(forms, heading, len(asked.terms)))
        rows += own
        over += over_parts([CELLS in part for part in parts], own, above[-1])
        held += [holds(asked.sort, part, asked.given) for part in parts]
        together = (
            in_order(asked.terms, pairs)
            for pairs, having in zip(sentences, keys, strict=True)
            if len(stems & having) > 1
        )
        order.append(max(together, default=0.0))
        starts.append(len(rows))
    size = (len(rows), len(asked.terms))
    return Strengths(
        np.array(rows, dtype=np.float64).reshape(size),
        np.array(over, dtype=np.float64).reshape(size),
        np.array(above, dtype=np.float64).reshape(len(above), len(asked.terms)),
        np.array(held, dtype=np.bool_),
        np.array(order, dtype=np.float64),
        np.array(starts, dtype=np.int64),
    )


def with_together(
    together: Sequence[tuple[str, frozenset[str]]], having: frozenset[str]
) -> frozenset[str]:
    """Add to the keys of a text those that stand for several of them."""
    found = [key for key, stems in together if stems <= having]
    return having.union(found) if found else having


def over_parts(
    cells: Sequence[bool], rows: Sequence[Sequence[float]], above: Sequence[float]
) -> list[Sequence[float]]:
    """Return how far what stands over each part says the words; in a table its top and caption.

    Args:
        cells: Whether each part is a row of cells.
        rows: How far each part says the words.
        above: The same of what stands above the passage.
    """
    found: list[Sequence[float]] = []
    for at, is_row in enumerate(cells):
        if not is_row:
            found.append(above)
        elif at and cells[at - 1]:
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
        meant = [key for key in term.like if key in having]
        if not same and (like := likeness(term)) is not None:
            ordered = ordered or sorted(having)
            same = _alike(*like, ordered)
        same |= {key: max(SYNONYM, same.get(key, 0.0)) for key in meant}
        for key, strength in same.items():
            found.setdefault(key, []).append((at, strength))
    return found


def likeness(term: Term) -> tuple[str, int] | None:
    """Return how words begin that are like one, and the letters they have at most; None has none.

    Only where a passage has the word itself nowhere does such a likeness say it.
    """
    word = term.folded
    if len(word) <= SOFT_LETTERS or word.isdigit():
        return None
    return word[: max(SOFT_LETTERS, len(word) - _SOFT_TAIL)], len(word) + _SOFT_TAIL


def _alike(start: str, longest: int, ordered: Sequence[str]) -> dict[str, float]:
    """Return the words that begin so and are not too long, of a sorted list."""
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
    """Return the share of neighbouring question words that stand near each other, in order."""
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
        if any(0 < b - a <= NEAR for a in places[left.stem] for b in ends):
            near += weight
    return near / total if total else 0.0
