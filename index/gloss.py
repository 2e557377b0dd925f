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
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from index.analysis import LONGEST, WORD, term, terms, words
from index.lexicon import ARABIC_JOINED, LEAST_ARABIC, all_concepts, nearly, rows
from index.transliterate import latin

INTO = "en"
"""The language that texts are said in."""
FOLDER = "glosses"
NEAR_TAIL = 3
"""An unknown stem may stand for one with at most so many letters more or less at its end."""
_BETWEEN = " -‐’'\u00a0\n"
"""What may stand between the words of an expression."""
_ARABIC_JOINED: Mapping[str, str] = {**ARABIC_JOINED, "س": "will"}

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


@cache
def glossed() -> frozenset[str]:
    """Return the languages that have a list of words, ISO 639-1."""
    folder = files("index").joinpath(FOLDER)
    return frozenset(path.name.partition(".")[0] for path in folder.iterdir())


def gloss(text: str, language: str) -> str:
    """Say a text word for word in ``INTO``; what stands between the words stays as it is.

    Args:
        text: Any text.
        language: ISO 639-1 code, one of ``glossed()``.
    """
    text = unicodedata.normalize("NFKC", text)
    found = list(WORD.finditer(text))
    looked = [_look(match.group().lower(), language) for match in found]
    stems = [stem for stem, _ in looked]
    expressions = _known(language).expressions
    said: list[str] = []
    at = written = 0
    while at < len(found):
        n_words, meaning = 1, looked[at][1]
        for parts, means in expressions.get(stems[at], ()):
            if tuple(stems[at : at + len(parts)]) == parts and _joined(text, found, at, len(parts)):
                n_words, meaning = len(parts), means
                break
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
    near = min(nearly(stem, known.ordered, NEAR_TAIL), key=len, default="")
    return stem, known.stems[near] if near else latin(folded if language == "sr" else word)


def _parted(folded: str, known: _Known) -> str:
    """Return the meaning of an Arabic word with what is joined to its beginning, or ""."""
    for joined, meaning in _ARABIC_JOINED.items():
        rest = folded.removeprefix(joined)
        if folded.startswith(joined) and len(rest) >= LEAST_ARABIC:
            stem = term(rest, "ar")[0]
            said = known.exact.get(rest) or known.stems.get(stem) or known.stems.get(rest)
            if said:
                return f"{meaning} {said}"
    return ""


@cache
def edition(language: str) -> str:
    """Return a digest of the words that a language's glosses are made of, 16 hexadecimal digits.

    Countries are left out: their names come with a library and are not ours to number.
    """
    digest = hashlib.blake2b(digest_size=8)
    for form, meaning in (*_lines(language), *_meanings(rows(), language)):
        digest.update(f"{form}\t{meaning}\n".encode())
    return digest.hexdigest()


@cache
def _known(language: str) -> _Known:
    exact: dict[str, str] = {}
    folded: dict[str, str] = {}
    stems: dict[str, str] = {}
    expressions: dict[str, dict[Stems, str]] = {}
    for form, meaning in (*_lines(language), *_meanings(all_concepts(), language)):
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


def _meanings(
    concepts: Iterable[Mapping[str, tuple[str, ...]]], language: str
) -> Iterator[tuple[str, str]]:
    """Yield what concepts are called in a language, with the first word for each."""
    for concept in concepts:
        meanings = concept.get(INTO)
        if meanings:
            yield from ((form, meanings[0]) for form in concept.get(language, ()))
