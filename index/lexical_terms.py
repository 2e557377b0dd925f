"""What a question asks the keyword index for: its words, its phrases, each with a weight. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from itertools import pairwise

from index.acronyms import Group
from index.analysis import terms, words
from index.translation import Rendering
from ingest.language_words import words_of

WEIGHTS = {"stems": 1.0, "head": 0.25, "plain": 0.4}
"""Weight of a match: in the text's stems, in title, headings and context, in plain form."""
PHRASE_WEIGHTS = {2: 0.5, 3: 2.0}
"""Weight of so many of the question's words in a row, as they stand in it."""
TRANSLATED_WEIGHT = 0.7
"""Weight of a word's equivalent in another language."""
APART_WEIGHT = 0.3
"""Weight of the words of an equivalent of several words where they stand apart."""


def weighted(found: Sequence[tuple[str, str]], share: float) -> dict[tuple[str, str], float]:
    """Weigh (stem, plain) terms by field."""
    wanted: dict[tuple[str, str], float] = {}
    for stem, plain in found:
        for field, term in (("stems", stem), ("head", stem), ("plain", plain)):
            wanted[field, term] = max(wanted.get((field, term), 0.0), WEIGHTS[field] * share)
    return wanted


def content(
    question: str, languages: Sequence[str], taken: Set[int]
) -> dict[tuple[str, str], float]:
    """Weigh a question's terms without its small words, unless it has no others.

    In a mixed library the small words of the rarer language are rare, so BM25 would take
    "quelles" for the most telling word of a French question. Long forms of acronyms are
    left to the index, and so are terms with equivalents in other languages.
    """
    wanted: dict[tuple[str, str], float] = {}
    for nth, language in enumerate(languages):
        asked = terms(question, language)
        chosen = telling(question, language, [at for at in range(len(asked)) if at not in taken])
        if not chosen and not taken:
            chosen = asked
        for key, weight in weighted(chosen, 1.0 if nth == 0 else 0.5).items():
            wanted[key] = max(wanted.get(key, 0.0), weight)
    return wanted


def telling(question: str, language: str, places: Iterable[int]) -> list[tuple[str, str]]:
    """Return (stem, folded) of those of a question's words at some places that are not small."""
    small = words_of(language)
    asked = list(zip(words(question), terms(question, language), strict=True))
    chosen = (asked[at] for at in places)
    return [term for word, term in chosen if word not in small and term[1] not in small]


def phrases_in(
    question: str, language: str, long_forms: Sequence[Group]
) -> list[tuple[tuple[str, ...], float]]:
    """Return two and three telling words in a row, as stems, with the weight of each phrase.

    One small word may stand between two of them. Long forms of acronyms are left out.
    """
    small = words_of(language)
    stems = [stem for stem, _ in terms(question, language)]
    taken = {at for group in long_forms for at in range(group.start, group.end)}
    places = [
        at for at, word in enumerate(words(question)) if word not in small and at not in taken
    ]
    found: list[tuple[tuple[str, ...], float]] = []
    for nth, start in enumerate(places):
        for size, weight in PHRASE_WEIGHTS.items():
            part = places[nth : nth + size]
            close = all(b - a <= 2 for a, b in pairwise(part))
            if len(part) == size and close:
                found.append((tuple(stems[start : part[-1] + 1]), weight))
    return found


def equivalent_phrases(
    question: str, language: str, renderings: Sequence[Rendering]
) -> list[tuple[tuple[str, ...], float]]:
    """Return the equivalents of several words, as stems in a row, with their weights."""
    found: dict[tuple[str, ...], float] = {}
    for rendering in renderings:
        n_asked = len(telling(question, language, range(rendering.start, rendering.end)))
        for said in rendering.alternatives:
            stems = tuple(stem for stem, _ in said.pairs)
            if len(stems) > 1:
                share = TRANSLATED_WEIGHT * (1.0 - APART_WEIGHT) * max(1, n_asked) / len(stems)
                found[stems] = max(found.get(stems, 0.0), share)
    return list(found.items())
