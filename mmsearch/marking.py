"""Which words of a text are those of a question, where they stand. Pure.

Words match as the search matches them: by stem or by folded form, so that "trained" is marked
for "training" and "Республики" for "республика".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, chain

from index.analysis import WORD, terms
from index.lexicon import translate
from mmsearch.conversation.content import content

MOST_HITS = 200
_ASCII_WORDS = re.compile("([A-Za-z0-9]+)")
_WORDS = re.compile(f"({WORD.pattern})")
MOST_TOGETHER = 2
"""Equivalents of more words are not marked: apart, their words say something else."""
MOST_KNOWN = 50_000
"""Of so many words of a language it is remembered what they match by."""
AROUND = 60
"""Characters shown on either side of what was found in a document."""


@dataclass(frozen=True, slots=True)
class Found:
    """A place in a document where searched words stand.

    Attributes:
        start: First character in the document's text.
        end: One past the last.
        before: What stands in front of it, on one line.
        text: What was found, on one line.
        after: What follows, on one line.
    """

    start: int
    end: int
    before: str
    text: str
    after: str


def marks(question: str, text: str, *, asked_in: str, language: str) -> list[tuple[int, int]]:
    """Return where words of a question stand in a text, in order, none within another.

    Args:
        question: As asked.
        text: Any text.
        asked_in: Language of the question, ISO 639-1 or "und".
        language: Language of the text.
    """
    wanted = _wanted(question, asked_in, language)
    cutting = _ASCII_WORDS if text.isascii() else _WORDS  # the same words, found sooner
    pieces = cutting.split(text)  # by turns what stands between two words, and a word
    found = pieces[1::2]
    keys = _known(language)
    said = {word for word in set(found) if not wanted.isdisjoint(keys[word])}
    ends = list(accumulate(map(len, pieces)))[1::2]
    return [(end - len(word), end) for word, end in zip(found, ends, strict=True) if word in said]


def find(wanted: str, text: str, language: str) -> list[Found]:
    """Find words in a document, side by side and in order; the last may be a beginning.

    Args:
        wanted: What somebody typed.
        text: The document's text.
        language: Its language.

    Returns:
        At most ``MOST_HITS`` places, in order.
    """
    pattern = [_keys(match.group(), language) for match in WORD.finditer(wanted)]
    opening = tuple(folded for _, folded in terms(wanted, language)[-1:])
    if not pattern or not opening:
        return []
    found: list[Found] = []
    for start, end in _runs(pattern, opening, text, language):
        found.append(_shown(text, start, end))
        if len(found) == MOST_HITS:
            break
    return found


def _runs(
    pattern: list[frozenset[str]], opening: tuple[str, ...], text: str, language: str
) -> Iterator[tuple[int, int]]:
    tokens = list(WORD.finditer(text))
    for at in range(len(tokens) - len(pattern) + 1):
        run = tokens[at : at + len(pattern)]
        before = all(
            not keys.isdisjoint(_keys(token.group(), language))
            for keys, token in zip(pattern[:-1], run[:-1], strict=True)
        )
        if not before:
            continue
        last = _keys(run[-1].group(), language)
        if not last.isdisjoint(pattern[-1]) or any(key.startswith(opening) for key in last):
            yield run[0].start(), run[-1].end()


def _shown(text: str, start: int, end: int) -> Found:
    before = " ".join(text[max(0, start - AROUND) : start].split())
    after = " ".join(text[end : end + AROUND].split())
    lead = " " if text[start - 1 : start].isspace() else ""
    tail = " " if text[end : end + 1].isspace() else ""
    return Found(start, end, before + lead, " ".join(text[start:end].split()), tail + after)


@lru_cache(maxsize=64)
def _wanted(question: str, asked_in: str, language: str) -> frozenset[str]:
    """Return what the words of a question match by in a text of some language."""
    found = content(question, asked_in)
    own = frozenset().union(*(word.keys | _keys(word.text, language) for word in found))
    return own if language == asked_in else own | _equivalents(question, asked_in, language)


def _equivalents(question: str, asked_in: str, language: str) -> frozenset[str]:
    """Return the stems of what a question's terms are called in a text's language."""
    translation = translate(question, asked_in, (language,))
    return frozenset(
        stem
        for term in translation.renderings
        for said in term.alternatives
        if len(said.stems) <= MOST_TOGETHER
        for stem in said.stems
    )


class _Keys(dict[str, frozenset[str]]):
    """What the words of one language match by; each is analysed once, until there are too many."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self._language = language

    def __missing__(self, word: str) -> frozenset[str]:
        if len(self) >= MOST_KNOWN:
            self.clear()
        keys = self[word] = frozenset(chain.from_iterable(terms(word, self._language)))
        return keys


_known = lru_cache(maxsize=16)(_Keys)


def _keys(word: str, language: str) -> frozenset[str]:
    return _known(language)[word]
