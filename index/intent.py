"""What kind of document a question asks for, where its words say so. Pure.

Whether a recommendation was accepted, and what will be done about it, stands in the management
response and nowhere else, though the evaluation itself says much more about the subject.
"""

from __future__ import annotations

from collections.abc import Mapping

from index.analysis import terms

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
