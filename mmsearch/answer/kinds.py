"""What kind of answer a question wants, and whether a text offers one. Pure.

``index.value`` knows figures and dates, which search needs too. The kinds here are told by their
question words in English, French, Spanish, Arabic, Russian and Romanian, and by what a text that
answers looks like: it has a name that the question does not have, or words that give a reason.
Looking for definitions ("X is …") and enumerations in the same way did not choose better.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum

from index.value import Wanted, holds, wanted


class Kind(StrEnum):
    """The kind of answer that a question wants."""

    AMOUNT = "amount"
    TIME = "time"
    WHO = "who"
    WHERE = "where"
    WHY = "why"
    OTHER = "other"


_ASKED: Mapping[Kind, re.Pattern[str]] = {
    Kind.WHY: re.compile(
        r"\bwhy\b|\bfor what (?:reason|purpose)"
        r"|\bwhat (?:is|was|are|were) the (?:reason|purpose|cause)"
        r"|\bpourquoi\b|\bpour quelles? raisons?\b|\bpor qué\b|\bpara qué\b|\bпочему\b|\bзачем\b"
        r"|لماذا|\bde ce\b",
        re.IGNORECASE,
    ),
    Kind.WHO: re.compile(
        r"^\W*(?:(?:by|to|for|with|from) )?(?:who|whom|whose)\b|\bwho(?:m)?\s*\?*$"
        r"|\b(?:which|what) (?:\w+ )?(?:person|people|organi[sz]ations?|agenc(?:y|ies)|bod(?:y|ies)"
        r"|banks?|compan(?:y|ies)|institutions?|ministr(?:y|ies)|units?|teams?|offices?|authors?"
        r"|actors?|leaders?|donors?|partners?|groups?|player)\b"
        r"|^\W*(?:(?:à|par|de|avec|pour) )?qui\b|\bquelles? (?:personnes?|organisations?|agences?"
        r"|équipes?|institutions?|unités?|partenaires?|bailleurs?)\b"
        r"|\bqui[ée]n(?:es)?\b|\bqué (?:persona|organización|organismo|equipo|institución)"
        r"|^\W*(?:(?:с|у|от|для) )?(?:кто|кого|кому|кем|чь[яеёи]|чей)\b|^\W*من (?:هو|هي|هم|الذي)"
        r"|^\W*(?:\S+ )?cine\b",
        re.IGNORECASE,
    ),
    Kind.WHERE: re.compile(
        r"\bwhere\b|\b(?:which|what) (?:\w+ )?(?:countr(?:y|ies)|cit(?:y|ies)|towns?|places?"
        r"|regions?|states?|districts?|provinces?|continents?|count(?:y|ies)|location)\b"
        r"|\boù\b|\bquel(?:le)?s? (?:pays|villes?|régions?|départements?|lieux?|provinces?)\b"
        r"|\bd[óo]nde\b|\bqué (?:país(?:es)?|ciudad(?:es)?|regi[óo]n(?:es)?|lugar(?:es)?)\b"
        r"|\bгде\b|\bкуда\b|\bоткуда\b|\bкак(?:ой|ом|их|ие) (?:стран|город|регион|област|мест)\w*"
        r"|\bأين\b|(?:أي|ما) (?:بلد|بلدان|مدينة|دولة|منطقة)|\bunde\b",
        re.IGNORECASE,
    ),
}
_REASON = re.compile(
    r"\bbecause\b|\bdue to\b|\bsince\b|\bas a result\b|\bin order to\b|\bso that\b|\bowing to\b"
    r"|\btherefore\b|\bgiven (?:that|the)\b|\bto (?:avoid|ensure|prevent|allow|enable|help|make)\b"
    r"|\bcaused?\b|\breasons?\b|\bthanks to\b|\blead(?:s|ing)? to\b|\bled to\b|\benabl\w+\b"
    r"|\bparce qu|\bcar\b|\ben raison\b|\bafin d|\bpuisqu|\bgrâce à\b|\bà cause\b|\bpermet\w*\b"
    r"|\bpour (?:éviter|assurer|que|prévenir|garantir|anticiper)\b|\bporque\b|\bdebido a\b"
    r"|\bya que\b|\ba fin de\b|\bpara (?:que|evitar|garantizar)\b|\bpor lo que\b"
    r"|\bпотому что\b|\bтак как\b|\bпоскольку\b|\bиз-за\b|\bчтобы\b|\bв связи с\b|\bввиду\b"
    r"|\bпоэтому\b|لأن|بسبب|نتيجة|من أجل|نظرا|\bdeoarece\b|\bpentru că\b|\bdin cauza\b",
    re.IGNORECASE,
)
_NAME = re.compile(r"(?<![.!?:;…•\-–|(]\s)(?<!^)(?<!\w)[A-ZÀ-ÝА-Я][\w’'-]*[^\W\d_]")
_NAMED_SORTS = frozenset({Kind.WHO, Kind.WHERE})


def kind(question: str) -> Kind:
    """Return the kind of answer that a question wants; figures and dates go first."""
    sort = wanted(question)
    if sort is not Wanted.ANY:
        return Kind.AMOUNT if sort is Wanted.AMOUNT else Kind.TIME
    return next((k for k, pattern in _ASKED.items() if pattern.search(question)), Kind.OTHER)


def offers(asked: Kind, text: str, question: str, given: tuple[str, ...]) -> bool | None:
    """Say whether a text offers the kind of answer; None where that cannot be told.

    Args:
        asked: What is wanted.
        text: Any text.
        question: As asked: a name that it has is no news.
        given: Its numbers.
    """
    if asked is Kind.AMOUNT or asked is Kind.TIME:
        return holds(Wanted(asked.value), text, given)
    if asked in _NAMED_SORTS:
        return _has_news(text, question) if _has_capitals(question) else None
    return bool(_REASON.search(text)) if asked is Kind.WHY else None


def _has_capitals(question: str) -> bool:
    return question.upper() != question.lower() and question.lower() != question


def _has_news(text: str, question: str) -> bool:
    known = question.casefold()
    return any(match.group().casefold() not in known for match in _NAME.finditer(text))
