"""What sort of value a question asks for, and whether a text holds one. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import Enum

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


class Wanted(Enum):
    """The sort of value that answers a question."""

    AMOUNT = "amount"
    TIME = "time"
    ANY = "any"


_AMOUNT = re.compile(
    r"\bhow (?:many|much|often|long|far|old|big|large|good|high|tall)\b"
    r"|\b(?:number|amount|percentage|proportion|share|rate|budget|cost|score|total) of\b"
    r"|\bwhat (?:percentage|proportion|share|number|amount|budget|score|rate)\b|\bby how\b"
    r"|\bcombien\b|\bquel(?:le)? (?:est le |est la )?(?:note|score|budget|montant|nombre|taux"
    r"|part|pourcentage|salaire)\b|\bs['’]élève\b"
    r"|\bcu[aá]nt[oa]s?\b|\bqué (?:porcentaje|número|cantidad)\b"
    r"|\bсколько\b|\bкако(?:й|в|е|ва) (?:процент|доля|количество|число|сумма)"
    r"|\bكم\b|\bعدد\b|\bنسبة\b|\bc[âa]t[eăi]?\b|\bkoliko\b|\bколико\b",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"^\W*(?:(?:since|until|and) )?when\b|\bhow long\b"
    r"|\b(?:what|which|in what|in which|for which) (?:years?|date|month|day|century|decade)\b"
    r"|^\W*(?:depuis )?quand\b|\bquelles? (?:année|date|période)s?\b|\ben quelle année\b"
    r"|^\W*(?:desde )?cu[aá]ndo\b|\bqué año\b|^\W*когда\b|\bв каком году\b|\bمتى\b"
    r"|^\W*(?:c[âa]nd|kada|када)\b",
    re.IGNORECASE,
)
_LISTED = """
    two three four five six seven eight nine ten eleven twelve twenty half third quarter
    hundred thousand million billion once twice dozen
    deux trois quatre cinq sept huit neuf dix douze vingt moitié tiers quart cent mille
    dos tres cuatro cinco seis siete ocho nueve diez mitad mil
    два две три четыре пять шесть семь восемь девять десять сто مئة مائة ألف مليون
"""
_NUMBER_WORDS = frozenset(_LISTED.split())
_NUMBER_STEMS = ("тысяч", "миллион", "ثلاث", "أربع", "خمس", "ست", "سبع", "ثمان", "تسع", "عشر")
"""What other number words begin with; all in other alphabets than the Latin one."""
_WORD = re.compile(r"\w+")
_DIGIT = re.compile(r"\d")
_COUNTING = re.compile(
    r"^\W*\d{1,3}[.)]?\s+(?=(?-i:[A-ZÀ-ÝА-Я«“]))|^\W*\d{1,3}[.)]\s"
    r"|\b(?:paragraphs?|paras?|articles?|resolutions?|decisions?|recommendations?|figures?|tables?"
    r"|sections?|chapters?|annex(?:es)?|phases?|pages?|pp?|nos?|notes?|objectives?|goals?|targets?|steps?"
    r"|indicators?|box(?:es)?|rules?|sdgs?|recommand?ations?|paragraphes?|résolutions?|décisions?"
    r"|tableaux?|chapitres?|annexes?|objectifs?|indicateurs?|cibles?|párrafos?|artículos?"
    r"|resoluci(?:ón|ones)|decisi(?:ón|ones)|cuadros?|objetivos?|пункт\w*|стать\w+|резолюци\w+"
    r"|решени\w+|таблиц\w+|цел[ьия]\w*|الفقرة|المادة|القرار|الجدول|الهدف)"
    r"\s*(?:no\.?|n[°º]|№|#)?\s*\d[\d./]*(?:\s*(?:,|and|et|y|to|–|-|и|و)\s*\d[\d./]*)*"
    r"|\b(?-i:[A-Z]+)(?:/[A-Z\d.]+)+|\b\d{1,4}/\d{1,4}\b|(?<!\w)#\s?\d+|\(Time \d\)",
    re.IGNORECASE,
)
"""Numbers that only count or refer: numbering, symbols of documents, "paragraph 21"."""
_YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d\b")
_DATE = re.compile(r"\b\d{3,4}\b|\b\d{1,2}(?:st|nd|rd|th)\b|\d{1,2}\s+[^\W\d_]{3}|[^\W\d_]{3}\s+\d")


def wanted(question: str) -> Wanted:
    """Return the sort of value that a question asks for; ANY for everything but figures."""
    if _AMOUNT.search(question):
        return Wanted.AMOUNT
    return Wanted.TIME if _TIME.search(question) else Wanted.ANY


def numbers(text: str) -> tuple[str, ...]:
    """Return the numbers that a text gives, years among them, in order, each once."""
    return tuple(dict.fromkeys(_NUMBER.findall(text)))


def holds(sort: Wanted, text: str, given: Iterable[str] = ()) -> bool:
    """Say whether a text holds a value of a sort; every text holds ANY.

    Args:
        sort: What is wanted.
        text: Any text.
        given: Numbers that the question gives: they are no news. A year is no amount.
    """
    if sort is Wanted.ANY:
        return True
    if sort is Wanted.TIME:
        return bool(_YEAR.search(text) or _DATE.search(text))
    if _has_number_word(text):
        return True
    if not _DIGIT.search(text):
        return False
    text = _COUNTING.sub(" ", text)
    for number in given:
        text = re.sub(rf"(?<!\d){re.escape(number)}(?!\d)", " ", text)
    return bool(_DIGIT.search(_YEAR.sub(" ", text)))


def _has_number_word(text: str) -> bool:
    words = _WORD.findall(text.lower())
    if not _NUMBER_WORDS.isdisjoint(words):
        return True
    return not text.isascii() and any(word.startswith(_NUMBER_STEMS) for word in words)
