"""What a question asks for: its content words, the value it wants, the names it gives. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from index.analysis import fold, terms, words
from ingest.language_words import words_of

NAME_LETTERS = 5
"""A name with fewer letters is matched as a whole word only."""

_ASKING: dict[str, str] = {
    "en": "much long often far old big kind type sort name called stand stands mean means say says"
    " said happen happened share part number amount percentage proportion been being am whom there"
    " suggest suggests suggested propose proposed recommend recommended foreseen planned",
    "fr": "quel quelle quels quelles combien nombre part pourcentage signifie veut dire appelle"
    " nom raison rôle note prévoit propose suggère t il elle est-ce ont elles",
    "es": "cuánto cuánta cuántos cuántas número parte porcentaje significa llama nombre tipo cuál",
    "ru": "сколько какой какая какое какие каков какова кто что где когда почему зачем чем"
    " число доля процент означает называется как каком какую какого каким",
    "ar": "ما ماذا من هو هي كم متى اين أين لماذا كيف اي أي في على الى إلى عن مع هل التي الذي"
    " كان كانت تم عدد نسبة ان أن او أو هذا هذه ذلك بين بعد قبل لدى منذ",
    "ro": "cât câtă câți câte număr parte procent înseamnă numește care ce cine unde când",
    "sr": "koliko broj deo procenat znači zove koji koja koje šta ko gde kada zašto kako",
}
"""Words that ask rather than say what about; ``ingest.language`` knows the small ones."""

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
_NUMBER_WORDS = re.compile(
    r"\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|half|third|quarter"
    r"|hundred|thousand|million|billion|once|twice|dozen"
    r"|deux|trois|quatre|cinq|sept|huit|neuf|dix|douze|vingt|moitié|tiers|quart|cent|mille"
    r"|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|mitad|mil|два|две|три|четыре|пять|шесть"
    r"|семь|восемь|девять|десять|сто|тысяч\w*|миллион\w*|ثلاث\w*|أربع\w*|خمس\w*|ست\w*|سبع\w*"
    r"|ثمان\w*|تسع\w*|عشر\w*|مئة|مائة|ألف|مليون)\b",
    re.IGNORECASE,
)
_DIGIT = re.compile(r"\d")
_YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d\b")
_DATE = re.compile(
    r"\b\d{3,4}\b|\b\d{1,2}(?:st|nd|rd|th)\b|\d{1,2}\s+[^\W\d_]{3,}|[^\W\d_]{3,}\s+\d"
)
_TOKEN = re.compile(r"[^\W_]+(?:[-'’.][^\W_]+)*")
_OPENING = re.compile(r"(?:^|[.!?:;…]\s+|[«“\"(]\s*)$")
_ACRONYM = re.compile(r"[A-Z][A-Z0-9&]{1,7}s?")


@dataclass(frozen=True, slots=True)
class Word:
    """A content word of a question; either form matches."""

    stem: str
    folded: str

    def within(self, keys: frozenset[str] | set[str]) -> bool:
        """Say whether the word is among the keys of a text (see ``keys``)."""
        return self.stem in keys or self.folded in keys


@dataclass(frozen=True, slots=True)
class Question:
    """A question, read once.

    Attributes:
        text: As asked.
        language: ISO 639-1 code, or "und".
        words: Content words in order, each once; small and asking words are left out.
        names: Folded words that name somebody or some place: capitals inside a sentence.
        numbers: Numbers it gives, years among them.
        acronyms: Words in capitals, as written.
        wants_amount: Asks for a figure.
        wants_time: Asks for a date or a period.
    """

    text: str
    language: str
    words: tuple[Word, ...]
    names: tuple[Word, ...]
    numbers: tuple[str, ...]
    acronyms: tuple[str, ...]
    wants_amount: bool
    wants_time: bool

    @property
    def given(self) -> tuple[Word, ...]:
        """The numbers, to be looked for as words."""
        return tuple(Word(number, number) for number in self.numbers if number.isdigit())


def read(text: str, language: str) -> Question:
    """Read a question.

    Args:
        text: As asked.
        language: ISO 639-1 code, or "und" (then small words of every language are dropped).
    """
    small = _small(language)
    found = {
        Word(stem, folded): None
        for stem, folded in terms(text, language)
        if folded not in small and stem not in small and (len(folded) > 1 or folded.isdigit())
    }
    return Question(
        text=text,
        language=language,
        words=tuple(found),
        names=tuple(_names(text, language, small)),
        numbers=tuple(dict.fromkeys(re.findall(r"\d+(?:[.,]\d+)*", text))),
        acronyms=tuple(dict.fromkeys(m for m in _TOKEN.findall(text) if _ACRONYM.fullmatch(m))),
        wants_amount=bool(_AMOUNT.search(text)),
        wants_time=bool(_TIME.search(text)),
    )


def keys(text: str, language: str) -> frozenset[str]:
    """Return the stems and folded forms of a text's words."""
    return frozenset(key for pair in terms(text, language) for key in pair)


def missing(wanted: Sequence[Word], having: frozenset[str]) -> float:
    """Return the share of names or numbers that are not among the keys of a text, 0–1.

    A name is there also as its adjective: "Ethiopian" for "Ethiopia".
    """
    if not wanted:
        return 0.0
    return sum(not _has(word, having) for word in wanted) / len(wanted)


def _has(word: Word, having: frozenset[str]) -> bool:
    if word.within(having):
        return True
    if word.folded.isdigit() or len(word.folded) < NAME_LETTERS:
        return False
    head = word.folded[: max(NAME_LETTERS - 1, len(word.folded) - 3)]
    return any(k.startswith(head) and abs(len(k) - len(word.folded)) <= 4 for k in having)


def holds_value(question: Question, text: str) -> bool:
    """Say whether a text holds a value of the sort that the question wants.

    A year is no amount, and a number that the question gives is no news.
    """
    if question.wants_time and not question.wants_amount:
        return bool(_YEAR.search(text) or _DATE.search(text))
    new = _DIGIT.search(_YEAR.sub(" ", _without(text, question.numbers)))
    return bool(new or _NUMBER_WORDS.search(text))


def spells_out(question: Question, text: str) -> bool:
    """Say whether a text gives the full form of an acronym of the question: "Full Form (FF)"."""
    return any(f"({acronym})" in text for acronym in question.acronyms)


def _without(text: str, numbers: Iterable[str]) -> str:
    for number in numbers:
        text = re.sub(rf"(?<!\d){re.escape(number)}(?!\d)", " ", text)
    return text


def _names(text: str, language: str, small: frozenset[str]) -> Iterable[Word]:
    """Yield words with a capital that do not open a sentence; acronyms wherever they stand."""
    seen = set()
    for match in _TOKEN.finditer(text):
        token = match.group()
        opening = _OPENING.search(text[: match.start()]) is not None
        if not token[:1].isupper() or (opening and not _ACRONYM.fullmatch(token)):
            continue
        for stem, folded in terms(token, language):
            if folded not in small and len(folded) > 1 and folded not in seen:
                seen.add(folded)
                yield Word(stem, folded)


@cache
def _small(language: str) -> frozenset[str]:
    languages = [language] if language in _ASKING else sorted(_ASKING)
    listed = [word for code in languages for word in words_of(code)]
    listed += [word for code in languages for word in words(_ASKING[code])]
    return frozenset(
        form
        for code in languages
        for word in listed
        for form in (fold(word, code), *(f for pair in terms(word, code) for f in pair))
    )
