"""Telling which language a text, a question or a whole document is in.

Three kinds of evidence, the cheap ones first: the script and its letters, small words
("the", "quelles", "što"), and py3langid, which is loaded only when the first two leave a
doubt (about 1.2 seconds once; a question hardly ever needs it).
"""

from __future__ import annotations

import math
import re
import string
import threading
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Protocol

from ingest.language_words import LETTERS, serbian_latin, shares, words_of

#: The product's languages, ISO 639-1.
LANGUAGES: tuple[str, ...] = ("en", "fr", "es", "ar", "ru", "ro", "sr", "bn")

#: What is returned for "cannot be told" (ISO 639-2).
UNDETERMINED = "und"

#: A text with fewer letters than this is not judged, a question with fewer neither.
MIN_LETTERS = 20
MIN_QUESTION_LETTERS = 4

#: Only this many characters of a text are read: more change nothing but the time it takes.
_READ = 4_000
#: A language must make up this share of a document's characters to be named.
_SHARE = 0.1

#: What is no word of any language: addresses, document symbols, letters alone in a cell.
_NOISE = re.compile(r"https?://\S+|www\.\S+|\b[A-Z]+(?:/[\w.]+)+|\|\s*[^\W\d_]\s*(?=\||\n|$)")
_MAIL = re.compile(r"\S{1,80}@\S+")
_NOISY = ("/", "www.", "|")
_NO_LETTERS = bytes(set(range(256)) - set(string.ascii_letters.encode()))
_WORD = re.compile(r"\b[^\W\d_]+(?:-[^\W\d_]+)*\b")
_SCRIPTS: Mapping[str, re.Pattern[str]] = {
    "latin": re.compile(r"[A-Za-zÀ-ÖØ-öø-ɏḀ-ỿ]+"),
    "cyrillic": re.compile(r"[Ѐ-ԯ]+"),
    "arabic": re.compile(r"[\u0620-\u064a\u066e-\u06d3\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc]+"),
    "bengali": re.compile(r"[\u0980-\u09ff]+"),
}
#: A letter, or a vowel sign of an Indic script, which counts as one.
_LETTER = re.compile(r"[^\W\d_]+|[\u0900-\u0963\u0980-\u09e3]+")
#: Old Romanian files write cedillas for commas.
_CEDILLA = str.maketrans("şţ", "șț")

_RUSSIAN = re.compile("[ыэёщъьюяй]")
_SERBIAN = re.compile("[јљњћђџ]")
#: Ukrainian, Belarusian, Macedonian, Kazakh, Kyrgyz, Tajik …
_OTHER_CYRILLIC = re.compile("[іїєґўѓѕќәғқңөұүһҳҷӣӯ]")
#: Persian, Urdu, Pashto, Kurdish.
_OTHER_ARABIC = re.compile("[پچژگکیٹڈڑںےەۆێۇ]")
_ASSAMESE = re.compile("[ৰৱ]")

#: Codes of the model that mean a language which a library calls by another name.
_KIN: Mapping[str, tuple[str, ...]] = {
    "sr": ("sr", "hr", "bs"),
    "ar": ("ar", "ary", "arz"),
    "fr": ("fr", "wa", "gcr", "gcf"),
    "es": ("es", "ext", "an"),
    "en": ("en", "pcm"),
}
#: The product's languages that are written in Latin letters, if not always.
_LATIN = frozenset({"en", "fr", "es", "ro", "sr"})
#: Under this many letters the model is not trusted to say "none of the candidates".
_OPEN_LETTERS = 80
#: A candidate less likely than this is not the language of a longer text.
_FOREIGN = 0.01
#: The share of the candidates' likelihood that the best must have.
_LEAD = 0.6


class _Identifier(Protocol):
    def rank(self, text: str) -> list[tuple[str, float]]: ...


@dataclass(frozen=True, slots=True)
class _Evidence:
    """How far small words and letters speak for each language."""

    scores: Mapping[str, float]
    n_words: int

    def best(self) -> tuple[str, float, float]:
        """Return the leading language, its score and the runner-up's."""
        order = sorted(self.scores.items(), key=lambda item: (-item[1], item[0]))
        first, score = order[0] if order else (UNDETERMINED, 0.0)
        return first, score, order[1][1] if len(order) > 1 else 0.0

    def is_clear(self, sure: float) -> bool:
        """Tell whether one language leads by far, with at least the score ``sure``."""
        _, score, second = self.best()
        return score >= sure and score >= 1.6 * second and score >= 0.12 * self.n_words


_loading = threading.Lock()


@cache
def _load() -> _Identifier:
    # py3langid reads its own packaged model with numpy's allow_pickle=False: nothing is
    # unpickled. set_languages() would change the shared object, so it is never called and
    # candidates are picked from the full ranking instead, which is safe between threads.
    from py3langid.langid import LanguageIdentifier

    identifier: _Identifier = LanguageIdentifier.from_model_file(
        "data/model.npz.xz", norm_probs=True
    )
    return identifier


def _identifier() -> _Identifier:
    with _loading:
        return _load()


def detect(text: str, candidates: Collection[str] = LANGUAGES) -> str:
    """Tell the language of a text of at least a sentence.

    Args:
        text: Any text; its first 4,000 characters are read, web addresses and document
            symbols are not.
        candidates: ISO 639-1 codes to choose from.

    Returns:
        One of the candidates, or "und": fewer than 20 letters, or clearly another language.
    """
    text = _without_noise(text)
    if not _has_letters(text, MIN_LETTERS):
        return UNDETERMINED
    return _judge(text, candidates, sure=3.0)


def detect_part(text: str, main: str) -> str:
    """Tell the language of a part of a document that is mostly in ``main``.

    As ``detect`` among the product's languages, but a part that small words do not tell from
    the rest is held for a part of it, so that the model is hardly ever asked.

    Args:
        text: A passage.
        main: ISO 639-1 code, or "und" where the document's language is not known.

    Returns:
        One of the product's languages, or ``main``.
    """
    text = _without_noise(text)
    if not _has_letters(text, MIN_LETTERS):
        return main
    by_words = main in _LATIN and _script(text) == "latin"
    found = _apart(_weigh(text), main) if by_words else None
    found = found or _judge(text, LANGUAGES, sure=3.0)
    return main if found == UNDETERMINED else found


def detect_question(text: str, candidates: Collection[str] = LANGUAGES) -> str:
    """Tell the language of a question, which may be a few words.

    As ``detect``, but small words decide on less evidence and four letters are enough.
    """
    return _question_language(_without_noise(text), tuple(candidates))


@lru_cache(maxsize=64)
def _question_language(text: str, candidates: tuple[str, ...]) -> str:
    """Judge a question, of which its answer, its search and its marks ask in turn."""
    if not _has_letters(text, MIN_QUESTION_LETTERS):
        return UNDETERMINED
    return _judge(text, candidates, sure=1.0)


def languages_of(texts: Iterable[str], candidates: Collection[str] = LANGUAGES) -> tuple[str, ...]:
    """Tell the languages of a document from its passages, most used first.

    Returns:
        The languages with at least 10 % of the characters whose language could be told.
    """
    sizes: Counter[str] = Counter()
    doubtful: list[str] = []
    for text in map(_without_noise, texts):
        if not _has_letters(text, MIN_LETTERS):
            continue
        if _script(text) == "latin" and not _weigh(text).is_clear(3.0):
            doubtful.append(text)
        else:
            sizes[_judge(text, candidates, sure=3.0)] += len(text)
    # The model is asked only where small words tell less than half of the document.
    if sum(map(len, doubtful)) > sizes.total():
        for text in doubtful:
            sizes[_judge(text, candidates, sure=3.0)] += len(text)
    del sizes[UNDETERMINED]
    least = sum(sizes.values()) * _SHARE
    order = sorted(sizes.items(), key=lambda item: (-item[1], item[0]))
    return tuple(language for language, size in order if size >= least)


def _judge(text: str, candidates: Collection[str], *, sure: float) -> str:
    script = _script(text)
    if script == "latin":
        return _latin(text, candidates, sure)
    if script == "cyrillic":
        return _cyrillic(text, candidates)
    if script == "arabic":
        foreign = len(_OTHER_ARABIC.findall(text)) / len(_SCRIPTS["arabic"].findall(text))
        return _only("ar", text, candidates, other=foreign > 0.02)
    if script == "bengali":
        return _only("bn", text, candidates, other=bool(_ASSAMESE.search(text)))
    return _ask_model(text, frozenset(candidates).difference(LANGUAGES))


def _without_noise(text: str) -> str:
    """Return what is read of a text, without what is no word of any language."""
    text = text[:_READ]
    if "@" in text:
        text = _MAIL.sub(" ", text)
    return _NOISE.sub(" ", text) if any(mark in text for mark in _NOISY) else text


def _plain_letters(text: str) -> tuple[int, int]:
    """Return how many letters without accents a text has, and how many signs beyond ASCII."""
    plain = text.encode("ascii", "ignore")
    return len(plain.translate(None, _NO_LETTERS)), len(text) - len(plain)


def _has_letters(text: str, least: int) -> bool:
    return _plain_letters(text)[0] >= least or _count(_LETTER, text) >= least


def _count(pattern: re.Pattern[str], text: str) -> int:
    """Count the characters of a text that a pattern of runs of them takes."""
    return sum(map(len, pattern.findall(text)))


def _script(text: str) -> str:
    """Return the script most letters belong to, or "other"."""
    plain, beyond = _plain_letters(text)
    if plain > beyond:
        return "latin"
    sizes = {name: _count(pattern, text) for name, pattern in _SCRIPTS.items()}
    name = max(sizes, key=lambda key: (sizes[key], key))
    return name if 2 * sizes[name] >= _count(_LETTER, text) else "other"


def _only(language: str, text: str, candidates: Collection[str], *, other: bool) -> str:
    """Judge a script that one of the product's languages has to itself."""
    if not other and language in candidates:
        return language
    return _ask_model(text, frozenset(candidates).difference(LANGUAGES))


def _cyrillic(text: str, candidates: Collection[str]) -> str:
    lower = text.lower()
    russian, serbian = len(_RUSSIAN.findall(lower)), len(_SERBIAN.findall(lower))
    if len(_OTHER_CYRILLIC.findall(lower)) > max(russian, serbian) / 10:
        return _ask_model(text, frozenset(candidates).difference(LANGUAGES))
    if not frozenset(candidates).isdisjoint({"uk", "bg", "mk", "be", "kk", "ky", "tg", "mn"}):
        return _ask_model(text, candidates)
    if russian == serbian:
        tokens = _WORD.findall(lower)
        russian = sum(token in words_of("ru") for token in tokens)
        serbian = sum(serbian_latin(token) in words_of("sr") for token in tokens)
    if russian == serbian:
        return _ask_model(text, candidates)
    language = "ru" if russian > serbian else "sr"
    return language if language in candidates else UNDETERMINED


def _latin(text: str, candidates: Collection[str], sure: float) -> str:
    evidence = _weigh(text)
    language, score, _ = evidence.best()
    clear = evidence.is_clear(sure)
    if clear and language in candidates:
        return language
    if clear and score >= 3:
        # The small words of a language nobody asked about.
        return UNDETERMINED
    return _ask_model(text, candidates, evidence.scores)


def _apart(evidence: _Evidence, main: str) -> str | None:
    """Tell by small words whether a part of a document has another language than the rest.

    Returns:
        Its language, "und" for one that nobody asked about, or None where they leave a doubt:
        another language leads by far, on few words, and ``main`` has hardly any.
    """
    language, score, second = evidence.best()
    alone = not second and score >= max(1.0, 0.12 * evidence.n_words)
    if evidence.is_clear(3.0) or alone:
        return language if language in LANGUAGES else UNDETERMINED
    if 3 * evidence.scores.get(main, 0.0) >= score or score < max(1.0, 1.6 * second):
        return main
    return None


def _weigh(text: str) -> _Evidence:
    """Count small words and telling letters of the Latin-script languages."""
    scores: dict[str, float] = {}
    lower = text.lower()
    plain = lower.isascii()
    if not plain:
        lower = lower.translate(_CEDILLA)
    known = shares()
    tokens = _WORD.findall(lower)
    n_words = len(tokens)
    for token in tokens:
        owners = known.get(token, ())
        if not owners and "-" in token:
            # A hyphenated word that is no small word itself, as "a-t-elle" is.
            parts = token.split("-")
            n_words += len(parts) - 1
            owners = tuple(owner for part in parts for owner in known.get(part, ()))
        for language, share in owners:
            scores[language] = scores.get(language, 0.0) + share
    for language, letters in LETTERS.items() if not plain else ():
        seen = min(sum(lower.count(letter) for letter in letters), n_words / 4)
        if seen:
            scores[language] = scores.get(language, 0.0) + seen
    return _Evidence(scores, n_words)


def _ask_model(
    text: str, candidates: Collection[str], scores: Mapping[str, float] = MappingProxyType({})
) -> str:
    """Pick the best candidate in py3langid's ranking of every language it knows.

    ``scores`` are the small words' evidence: each word is worth a factor of e².
    """
    if not candidates:
        return UNDETERMINED
    chances = dict(_identifier().rank(text))
    known = {
        language: max(chances.get(code, 0.0) for code in _KIN.get(language, (language,)))
        for language in candidates
    }
    if _count(_LETTER, text) >= _OPEN_LETTERS and max(known.values()) < _FOREIGN:
        return UNDETERMINED
    weights = {
        code: max(chance, 1e-12) * math.exp(min(2 * scores.get(code, 0.0), 20.0))
        for code, chance in known.items()
    }
    language = max(weights, key=lambda code: (weights[code], code))
    return language if weights[language] >= _LEAD * sum(weights.values()) else UNDETERMINED
