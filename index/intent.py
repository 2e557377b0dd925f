"""Which documents and what evidence a question asks for, where its words say so. Pure.

Whether a recommendation was accepted, and what will be done about it, stands in the management
response and nowhere else, though the evaluation itself says much more about the subject.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from index.analysis import fold, terms, words
from ingest.types import Evidence, Metadata

SYMBOL = 0.5
"""How much a question that gives a document's symbol asks for it …"""
NAMED = 0.1
"""… and one that names its country or publisher. A title often says neither."""

_KINDS: Mapping[str, Mapping[str, str]] = {
    "management response": {
        "en": "accept accepted acceptance reject rejected response",
        "fr": "accepter acceptée acceptation rejeter rejetée réponse",
        "es": "aceptar aceptada aceptó rechazar rechazada respuesta",
        "ru": "принять приняла приняты отклонить отклонила",
        "ar": "قبلت قبول رفضت رفض",
    },
    "lessons learned": {
        "en": "lesson lessons",
        "fr": "leçon leçons enseignements",
        "es": "lección lecciones",
        "ru": "урок уроки",
        "ar": "درس دروس",
    },
}

_NOUNS: Mapping[Evidence, str] = {
    Evidence.RECOMMENDATION: r"recommendations?|recommandations?|recomendaci(?:ón|ones)"
    r"|рекомендаци\w+|(?:ال)?توصي(?:ة|ات)",
    Evidence.LESSON: r"lessons?|leçons?|enseignements?|lecci(?:ón|ones)|урок\w*|(?:ال)?در(?:س|وس)",
    Evidence.FINDING: r"findings?|constats?|constatations?|hallazgos?|вывод\w*|(?:ال)?نتائج",
    Evidence.GOOD_PRACTICE: r"(?:good|best) practices?|bonnes? pratiques?|buenas? prácticas?",
}
_WHICH = (
    r"\b(?:which|what|list|name|quel(?:le)?s?|cu[aá]l(?:es)?|qu[eé]|какая|какие|каковы|назови\w*"
    r"|ما|أي|اذكر)\W+(?:\w+\W+){0,2}?"
)
_ASKING = {
    kind: re.compile(rf"{_WHICH}(?:{noun})\b", re.IGNORECASE) for kind, noun in _NOUNS.items()
}


def wanted_evidence(question: str) -> frozenset[Evidence]:
    """Return the kinds of evidence that a question asks to be named; usually none.

    "Which recommendations …" asks for them, "what share of the audit recommendations …" does not.
    """
    return frozenset(kind for kind, asking in _ASKING.items() if asking.search(question))


def wanted_kinds(question: str, language: str) -> frozenset[str]:
    """Return the kinds of document that a question's words ask for; usually none.

    Args:
        question: As asked.
        language: ISO 639-1 code; one without a list asks for nothing.
    """
    asked = {stem for stem, _ in terms(question, language)}
    return frozenset(
        kind
        for kind, words in _KINDS.items()
        if not asked.isdisjoint(stem for stem, _ in terms(words.get(language, ""), language))
    )


def as_named(question: str) -> str:
    """Return a question as ``named`` reads it: folded words between spaces."""
    return f" {' '.join(map(fold, words(question)))} "


def named(metadata: Metadata, asked: str) -> float:
    """Return how much a question asks for a document by name: ``SYMBOL``, ``NAMED`` or 0.

    Args:
        metadata: The document's.
        asked: The question, from ``as_named``.
    """
    if metadata.symbol and _as_named(metadata.symbol) in asked:
        return SYMBOL
    for name in (*metadata.countries, *metadata.publisher):
        if _as_named(name) in asked:
            return NAMED
    return 0.0


_as_named = lru_cache(maxsize=10_000)(as_named)
