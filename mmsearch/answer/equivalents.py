"""A question's words with what they are called in other languages. Pure.

The words of a passage in another language count as the question's where the search translated
them so; everything else of a question stays as it was read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from index.analysis import terms
from index.second_stage import Asked, Term
from index.translation import Rendering, Translation
from mmsearch.answer.question import Question, Word


def with_equivalents(question: Question, translation: Translation) -> Question:
    """Return a question whose words and names may also be said in other languages.

    Args:
        question: As read by ``question.read``.
        translation: What the search took its terms to be called.
    """
    if not translation:
        return question
    stems = [stem for stem, _ in terms(question.text, translation.language)]
    said = {s: r for r in translation.renderings for s in stems[r.start : r.end]}
    return replace(
        question,
        words=tuple(_with(word, said) for word in question.words),
        names=tuple(_with(word, said) for word in question.names),
    )


def asked_of(words: Sequence[Word], weights: Sequence[float]) -> Asked:
    """Return words with their weights as the second stage reads passages for them."""
    together: dict[str, frozenset[str]] = {}
    found = []
    for word, weight in zip(words, weights, strict=True):
        named = {" ".join(sorted(stems)): stems for stems in word.also}
        together |= {key: stems for key, stems in named.items() if len(stems) > 1}
        found.append(Term(word.stem, word.folded, weight, tuple(named)))
    return Asked(tuple(found), together=tuple(together.items()))


def _with(word: Word, said: dict[str, Rendering]) -> Word:
    rendering = said.get(word.stem)
    if rendering is None:
        return word
    return replace(word, also=tuple(dict.fromkeys(a.stems for a in rendering.alternatives)))
