"""What a question asks for: its content words, the value it wants, the names it gives. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain

from index.analysis import fold, terms, words
from index.value import numbers
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

_TOKEN = re.compile(r"[^\W_]+(?:[-'’.][^\W_]+)*")
_OPENING = re.compile(r"(?:^|[.!?:;…]\s+|[«“\"(]\s*)$")
_ACRONYM = re.compile(r"[A-Z][A-Z0-9&]{1,7}s?")


@dataclass(frozen=True, slots=True)
class Word:
    """A content word of a question; either form matches, or all stems of an equivalent.

    ``also`` is what it is called in another language, ``like`` what means about the same.
    """

    stem: str
    folded: str
    also: tuple[frozenset[str], ...] = ()
    like: tuple[frozenset[str], ...] = ()

    def within(self, keys: frozenset[str] | set[str]) -> bool:
        """Say whether the word is among the keys of a text (see ``keys``)."""
        if self.stem in keys or self.folded in keys:
            return True
        return any(stems <= keys for stems in (*self.also, *self.like))


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
    """

    text: str
    language: str
    words: tuple[Word, ...]
    names: tuple[Word, ...]
    numbers: tuple[str, ...]
    acronyms: tuple[str, ...]

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
        numbers=numbers(text),
        acronyms=tuple(dict.fromkeys(m for m in _TOKEN.findall(text) if _ACRONYM.fullmatch(m))),
    )


@lru_cache(maxsize=4_096)  # one answer asks for those of a sentence four times
def keys(text: str, language: str) -> frozenset[str]:
    """Return the stems and folded forms of a text's words."""
    return frozenset(chain.from_iterable(terms(text, language)))


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
    likely = [key for key in having if key.startswith(head)]
    return any(abs(len(key) - len(word.folded)) <= 4 for key in likely)


def spells_out(question: Question, text: str) -> bool:
    """Say whether a text gives the full form of an acronym of the question: "Full Form (FF)"."""
    return any(f"({acronym})" in text for acronym in question.acronyms)


def _names(text: str, language: str, small: frozenset[str]) -> Iterable[Word]:
    """Yield words with a capital that do not open a sentence; acronyms wherever they stand."""
    seen = set()
    for match in _TOKEN.finditer(text):
        token = match.group()
        opening = _OPENING.search(text[: match.start()]) is not None
        if not token[:1].isupper() or (opening and not _ACRONYM.fullmatch(token)):
            continue
        for stem, folded in terms(token, language):
            small_word = folded in small and not _ACRONYM.fullmatch(token)
            if not small_word and len(folded) > 1 and folded not in seen:
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
