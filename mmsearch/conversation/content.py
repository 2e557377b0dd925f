"""The words of a question that say what it is about, where they stand. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from index.analysis import terms
from mmsearch.answer.question import read

_TOKEN = re.compile(r"[^\W_]+(?:[-'’.][^\W_]+)*(?<![.])")
_ELIDED = re.compile(r"(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu)['’](?=\w)", re.IGNORECASE)
_POSSESSIVE = re.compile(r"['’]s$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Content:
    """A content word of a text.

    Attributes:
        text: As written, without a French elision in front or an English "'s" behind.
        start: Where it begins in the text.
        end: One past its last character.
        keys: Its stems and folded forms.
    """

    text: str
    start: int
    end: int
    keys: frozenset[str]


def content(text: str, language: str) -> list[Content]:
    """Return the content words of a question, in order, with repetitions.

    Args:
        text: A question.
        language: ISO 639-1 code, or "und".
    """
    known = read(text, language).words
    found = []
    for start, end in _tokens(text):
        token = text[start:end]
        keys = frozenset(key for pair in terms(token, language) for key in pair)
        if any(word.within(keys) for word in known):
            found.append(Content(token, start, end, keys))
    return found


def looked_for(question: str, language: str) -> list[str]:
    """Return the content words of a question as written, each once."""
    seen: set[str] = set()
    found = []
    for word in content(question, language):
        if seen.isdisjoint(word.keys):
            found.append(word.text)
        seen |= word.keys
    return found


def _tokens(text: str) -> list[tuple[int, int]]:
    found = []
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        elided = _ELIDED.match(text, start, end)
        if elided:
            start = elided.end()
        possessive = _POSSESSIVE.search(text[start:end])
        if possessive:
            end = start + possessive.start()
        if start < end:
            found.append((start, end))
    return found
