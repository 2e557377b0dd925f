"""Acronyms that documents define themselves: "Global Migration Group (GMG)". Pure.

A question with the long form should find a passage that only has the short one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from index.analysis import terms, words

_DEFINED = re.compile(r"\(([A-ZÀ-ÝА-Я][A-Za-zÀ-ÿА-я&-]{1,9})\)")
_BEFORE = 120
"""How many characters before the bracket may hold the long form."""


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


def learn(texts: Iterable[str]) -> dict[str, str]:
    """Return the long form of each acronym: the one that is defined most often.

    Args:
        texts: Texts of documents.

    Returns:
        Long form by acronym, both as written, by acronym.
    """
    counted: dict[str, Counter[str]] = {}
    for text in texts:
        for short, long in definitions(text):
            counted.setdefault(short, Counter())[long] += 1
    return {
        short: min(forms.items(), key=lambda item: (-item[1], item[0]))[0]
        for short, forms in sorted(counted.items())
    }


def definitions(text: str) -> Iterator[tuple[str, str]]:
    """Yield (acronym, long form) wherever a text defines one.

    Schwartz and Hearst, "A Simple Algorithm for Identifying Abbreviation Definitions in
    Biomedical Text" (Pacific Symposium on Biocomputing 2003), section 3: the shortest stretch
    before the bracket that holds the acronym's letters in order, the first at a word's start.
    """
    for match in _DEFINED.finditer(text):
        short = match.group(1)
        if sum(char.isupper() for char in short) < 2:
            continue
        before = text[max(0, match.start() - _BEFORE) : match.start()].rstrip()
        long = _long_form(short, before)
        if long is not None and len(long.split()) <= 2 * len(short):
            yield short, " ".join(long.split())


def groups(question: str, language: str, acronyms: Mapping[str, Sequence[str]]) -> list[Group]:
    """Find long forms in a question; longer ones first, none within another.

    Args:
        question: As asked.
        language: Whose stems to compare.
        acronyms: Stems of the long form by folded acronym.
    """
    asked = [stem for stem, _ in terms(question, language)]
    found: list[Group] = []
    for acronym, stems in sorted(acronyms.items(), key=lambda item: (-len(item[1]), item[0])):
        size = len(stems)
        for at in range(len(asked) - size + 1):
            inside = any(g.start < at + size and at < g.end for g in found)
            if not inside and asked[at : at + size] == list(stems):
                found.append(Group(at, at + size, acronym))
    return found


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
