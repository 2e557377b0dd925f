"""A question's words with what they are called in other languages, and otherwise. Pure.

The words of a passage in another language count as the question's where the search translated
them so, and those that mean the same in its own language count too; everything else of a
question stays as it was read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from index.second_stage import Asked, Term
from index.synonyms import synonyms
from index.translation import Rendering, Translation, by_stem
from mmsearch.answer.question import Question, Word


def with_equivalents(question: Question, translation: Translation) -> Question:
    """Return a question whose words and names may also be said in other languages.

    Args:
        question: As read by ``question.read``.
        translation: What the search took its terms to be called.
    """
    translated = by_stem(question.text, translation.language, translation.renderings)
    otherwise = by_stem(
        question.text, question.language, synonyms(question.text, question.language)
    )
    return replace(
        question,
        words=tuple(
            replace(word, also=_of(word, translated), like=_of(word, otherwise))
            for word in question.words
        ),
        names=tuple(replace(word, also=_of(word, translated)) for word in question.names),
    )


def asked_of(words: Sequence[Word], weights: Sequence[float]) -> Asked:
    """Return words with their weights as the second stage reads passages for them."""
    together: dict[str, frozenset[str]] = {}
    found = []
    for word, weight in zip(words, weights, strict=True):
        also, like = (
            {" ".join(sorted(stems)): stems for stems in said} for said in (word.also, word.like)
        )
        together |= {key: stems for key, stems in (also | like).items() if len(stems) > 1}
        found.append(Term(word.stem, word.folded, weight, tuple(also), tuple(like)))
    return Asked(tuple(found), together=tuple(together.items()))


def _of(word: Word, said: dict[str, Rendering]) -> tuple[frozenset[str], ...]:
    rendering = said.get(word.stem)
    if rendering is None:
        return ()
    return tuple(dict.fromkeys(a.stems for a in rendering.alternatives))
