"""Acronyms that documents define themselves: "Global Migration Group (GMG)". Pure.

A question with one form should find a passage that only has the other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from index.analysis import fold, terms, words
from ingest.language_words import words_of

_SHORT = (
    r"[A-ZÀ-ÞĀ-ŽȘȚ\u0400-\u042f][A-Za-zÀ-ÿĀ-žȘșȚț\u0400-\u045f&-]{0,8}"
    r"[A-ZÀ-ÞĀ-ŽȘȚ\u0400-\u042fa-z]"
)
_DEFINED = re.compile(rf"\(({_SHORT})s?\)")
_SPELLED = re.compile(rf"\b({_SHORT}) \(([^()\n]{{6,90}})\)")
#: A line of a list of acronyms: the short form, and nothing but the long one behind it.
_LISTED = re.compile(rf"^({_SHORT})(?:\s*[|:=–—-]\s*|[ \t]+)(\S[^|\n]{{5,90}})$", re.MULTILINE)
_BEFORE = 120
"""How many characters before the bracket may hold the long form."""
MOST_FORMS = 2
"""So many long forms of one acronym are searched."""
_OTHER_SCRIPT = re.compile(r"[\u0600-\u06ff\u0980-\u09ff]")
_BREAK = re.compile(r"[.;:،؛,()\n|।«»\"”“]")
_SMALL: Mapping[str, re.Pattern[str]] = {
    "ar": re.compile(
        "في|من|إلى|الى|على|عن|مع|بين|أن|ان|او|أو|كما|لدى|منذ|حتى|عبر|ضد|نحو|هذه|هذا|قال|قالت|وفق"
    ),
    "bn": re.compile("এবং|ও|এর|জন্য|থেকে|সাথে|সঙ্গে"),
}
"""Words of Arabic and Bangla before which a name begins, beside their small words."""


@dataclass(frozen=True, slots=True)
class Definition:
    """One place where a text says what an acronym stands for: ``text[start:end]``."""

    short: str
    long: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Group:
    """A stretch of a question that is the long form of an acronym.

    Attributes:
        start: Its first word's position among the question's words.
        end: One past its last word's position.
        acronym: The short form, folded as the index has it.
    """

    start: int
    end: int
    acronym: str


def find(text: str) -> Iterator[Definition]:
    """Yield every definition of an acronym in a text, in order of the three ways to write one.

    Schwartz and Hearst, "A Simple Algorithm for Identifying Abbreviation Definitions in
    Biomedical Text" (Pacific Symposium on Biocomputing 2003), section 3: the shortest stretch
    before the bracket that holds the acronym's letters in order, the first at a word's start.
    Behind Arabic and Bangla a Latin acronym has no letters in common with its long form; there
    the name is as many words as the acronym has letters, if a small word or a mark stands before.
    """
    for match in _DEFINED.finditer(text):
        short = match.group(1)
        before = text[max(0, match.start() - _BEFORE) : match.start()].rstrip()
        long = _long_form(short, before) if _is_short(short) else None
        if long is None and short.isascii() and short.isupper():
            long = _in_another_script(short, before)
        if long is not None and len(long.split()) <= 2 * len(short):
            start = max(0, match.start() - _BEFORE) + len(before) - len(long)
            yield Definition(short, " ".join(long.split()), start, match.end())
    for pattern in (_SPELLED, _LISTED):
        for match in pattern.finditer(text):
            short, long = match[1], " ".join(match[2].split()).strip("“”\"«»' ")
            named = pattern is _SPELLED or long[:1].isupper()
            if named and _is_short(short) and _long_form(short, long) == long:
                yield Definition(short, long, match.start(), match.end())


def _is_short(short: str) -> bool:
    return sum(char.isupper() for char in short) >= 2


def _in_another_script(short: str, before: str) -> str | None:
    """Return the words before a Latin acronym that are its name in Arabic or Bangla."""
    piece = _BREAK.split(before)[-1]
    if not _OTHER_SCRIPT.search(piece[-3:]):
        return None
    found = piece.split()
    size = sum(char.isupper() for char in short)
    language = "ar" if re.search("[\u0600-\u06ff]", piece) else "bn"
    small = [word in words_of(language) or bool(_SMALL[language].fullmatch(word)) for word in found]
    if size < 2 or len(found) < size or any(small[-size:]):
        return None
    if len(found) > size and not small[-size - 1]:
        return None
    return _tail(before, size)


def _tail(text: str, size: int) -> str:
    """Return the last words of a text, as they stand in it."""
    match = re.search(rf"(?:\S+\s+){{{size - 1}}}\S+$", text)
    return match[0] if match else text


class Forms:
    """Acronyms that one reader may know, ready to be found in questions."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self._pairs = tuple(pairs)
        self._stems: dict[str, dict[str, list[tuple[str, list[str]]]]] = {}
        self._longs: dict[str, list[str]] = {}
        for short, long in self._pairs:
            self._longs.setdefault(_folded(short), []).append(long)

    def groups(self, question: str, language: str) -> list[Group]:
        """Find long forms in a question; longer ones first, none within another.

        Args:
            question: As asked.
            language: Whose stems to compare.
        """
        asked = [stem for stem, _ in terms(question, language)]
        table = self._by_first_stem(language)
        matches = [
            (len(stems), at, acronym)
            for at, stem in enumerate(asked)
            for acronym, stems in table.get(stem, ())
            if asked[at : at + len(stems)] == stems
        ]
        found: list[Group] = []
        for size, at, acronym in sorted(matches, key=lambda m: (-m[0], m[2], m[1])):
            if not any(g.start < at + size and at < g.end for g in found):
                found.append(Group(at, at + size, acronym))
        return found

    def spelled(self, word: str) -> tuple[str, ...]:
        """Return the long forms of a word of a question, if it is an acronym; the best first."""
        return tuple(self._longs.get(_folded(word), ())[:MOST_FORMS])

    def _by_first_stem(self, language: str) -> dict[str, list[tuple[str, list[str]]]]:
        table = self._stems.get(language)
        if table is None:
            table = {}
            for short, long in self._pairs:
                stems = [stem for stem, _ in terms(long, language)]
                if len(stems) > 1:
                    table.setdefault(stems[0], []).append((_folded(short), stems))
            self._stems[language] = table
        return table


def _folded(short: str) -> str:
    return fold(short.lower())


def _long_form(short: str, before: str) -> str | None:
    letters = [char for char in short.lower() if char.isalnum()]
    at = len(before) - 1
    for nth in range(len(letters) - 1, -1, -1):
        while at >= 0 and not (
            before[at].lower() == letters[nth]
            and (nth > 0 or at == 0 or not before[at - 1].isalnum())
        ):
            at -= 1
        if at < 0:
            return None
        at -= 1
    long = before[at + 1 :]
    if len(words(long)) < 2 or any(char in long for char in ".;()\n|"):
        return None
    return long
