"""Texts in a language that the model does not know, word for word in one that it does. Pure.

An embedding model that knows English alone sees in a French or Russian sentence little more than
letters. Said in English word by word, in the order of the original and with its endings lost, the
sentence is no translation, but the model finds what it is about. Nothing else goes by a gloss:
what is searched by words, shown and cited is the text as it stands.

The words lie in ``index/glosses/<language>.tsv``, the commonest first: on each line a word or an
expression and what it usually means. Expressions of the list of concepts and the names of
countries (``index.lexicon``) are known too. A word is looked for as it stands, then by its stem,
then by a stem that is nearly the same; one that nobody knows stays, in Latin letters where it is
written in Cyrillic, for it is likely a name.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import islice

from index.analysis import LONGEST, WORD, term, terms, words
from index.lexicon import all_concepts
from index.transliterate import latin

INTO = "en"
"""The language that texts are said in."""
FOLDER = "glosses"
NEAR_LETTERS = 5
"""From this length on a stem that no word has may stand for one that is nearly the same …"""
NEAR_TAIL = 3
"""… with at most so many letters more or less at its end."""
_BETWEEN = " -‐’'\u00a0\n"
"""What may stand between the words of an expression."""
_LEAST_ARABIC = 3
_ARABIC_JOINED: Mapping[str, str] = {
    "وال": "and the",
    "بال": "in the",
    "فال": "so the",
    "كال": "like the",
    "ولل": "and for the",
    "لل": "for the",
    "ال": "the",
    "و": "and",
    "ف": "so",
    "ب": "in",
    "ل": "for",
    "ك": "like",
    "س": "will",
}
"""What Arabic writes at the beginning of the next word, folded, and what it means."""

Stems = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Known:
    """The words of one language and what they mean.

    Attributes:
        exact: By the word, lower-case, with and without its accents.
        stems: By the stem.
        ordered: The stems, sorted.
        expressions: By the first stem: (all stems, meaning), the longest first.
    """

    exact: Mapping[str, str]
    stems: Mapping[str, str]
    ordered: Sequence[str]
    expressions: Mapping[str, Sequence[tuple[Stems, str]]]


def glossed() -> frozenset[str]:
    """Return the languages that have a list of words, ISO 639-1."""
    return _languages()


def gloss(text: str, language: str) -> str:
    """Say a text word for word in ``INTO``; what stands between the words stays as it is.

    Args:
        text: Any text.
        language: ISO 639-1 code, one of ``glossed()``.
    """
    text = unicodedata.normalize("NFKC", text)
    found = list(WORD.finditer(text))
    stems = [_look(match.group().lower(), language)[0] for match in found]
    expressions = _known(language).expressions
    said: list[str] = []
    at = written = 0
    while at < len(found):
        n_words, meaning = 1, None
        for parts, means in expressions.get(stems[at], ()):
            if tuple(stems[at : at + len(parts)]) == parts and _joined(text, found, at, len(parts)):
                n_words, meaning = len(parts), means
                break
        if meaning is None:
            word = found[at].group().lower()
            meaning = _look(word, language)[1]
        said += (text[written : found[at].start()], meaning)
        at += n_words
        written = found[at - 1].end()
    return "".join((*said, text[written:]))


def _joined(text: str, found: Sequence[re.Match[str]], at: int, n_words: int) -> bool:
    """Say whether so many words stand side by side, with no mark that parts sentences between."""
    pairs = zip(found[at : at + n_words - 1], found[at + 1 : at + n_words], strict=True)
    return all(not text[a.end() : b.start()].strip(_BETWEEN) for a, b in pairs)


@lru_cache(maxsize=200_000)
def _look(word: str, language: str) -> tuple[str, str]:
    """Return the stem of a lower-case word, and what it means: itself where nobody knows."""
    known = _known(language)
    word = word[:LONGEST]
    stem, folded = term(word, language)
    for form in (word, folded):
        if form in known.exact:
            return stem, known.exact[form]
    if stem in known.stems:
        return stem, known.stems[stem]
    if language == "ar":
        parted = _parted(folded, known)
        if parted:
            return stem, parted
    near = _near(stem, known)
    return stem, known.stems[near] if near else latin(folded if language == "sr" else word)


def _parted(folded: str, known: _Known) -> str:
    """Return the meaning of an Arabic word with what is joined to its beginning, or ""."""
    for joined, meaning in _ARABIC_JOINED.items():
        rest = folded.removeprefix(joined)
        if folded.startswith(joined) and len(rest) >= _LEAST_ARABIC:
            stem = term(rest, "ar")[0]
            said = known.exact.get(rest) or known.stems.get(stem) or known.stems.get(rest)
            if said:
                return f"{meaning} {said}"
    return ""


def _near(stem: str, known: _Known) -> str:
    """Return the known stem that differs from another least, by its end alone, or ""."""
    if len(stem) < NEAR_LETTERS or stem.isdigit():
        return ""
    longer = []
    for other in islice(known.ordered, bisect_left(known.ordered, stem), None):
        if not other.startswith(stem):
            break
        if len(other) - len(stem) <= NEAR_TAIL:
            longer.append(other)
    if longer:
        return min(longer, key=len)
    least = max(NEAR_LETTERS, len(stem) - NEAR_TAIL)
    shorter = (stem[:size] for size in range(len(stem) - 1, least - 1, -1))
    return next((one for one in shorter if one in known.stems), "")


@cache
def edition(language: str) -> str:
    """Return a digest of all that a language's glosses are made from, 16 hexadecimal digits."""
    digest = hashlib.blake2b(digest_size=8)
    for form, meaning in (*_lines(language), *_concepts(language)):
        digest.update(f"{form}\t{meaning}\n".encode())
    return digest.hexdigest()


@cache
def _languages() -> frozenset[str]:
    folder = files("index").joinpath(FOLDER)
    return frozenset(path.name.partition(".")[0] for path in folder.iterdir())


@cache
def _known(language: str) -> _Known:
    exact: dict[str, str] = {}
    folded: dict[str, str] = {}
    stems: dict[str, str] = {}
    expressions: dict[str, dict[Stems, str]] = {}
    for form, meaning in (*_lines(language), *_concepts(language)):
        pairs = terms(form, language)
        if len(pairs) == 1:
            exact.setdefault(words(form)[0], meaning)
            folded.setdefault(pairs[0][1], meaning)
            stems.setdefault(pairs[0][0], meaning)
        elif pairs:
            parts = tuple(stem for stem, _ in pairs)
            expressions.setdefault(parts[0], {}).setdefault(parts, meaning)
    longest_first = {
        first: sorted(some.items(), key=lambda item: -len(item[0]))
        for first, some in expressions.items()
    }
    return _Known(folded | exact, stems, sorted(stems), longest_first)


def _lines(language: str) -> Iterator[tuple[str, str]]:
    path = files("index").joinpath(FOLDER, f"{language}.tsv")
    for line in path.read_text(encoding="utf-8").splitlines():
        form, meaning = line.split("\t")
        yield form, meaning


def _concepts(language: str) -> Iterator[tuple[str, str]]:
    """Yield what the list of concepts has in a language, with the first word for it."""
    for concept in all_concepts():
        meanings = concept.get(INTO)
        if meanings:
            yield from ((form, meanings[0]) for form in concept.get(language, ()))
