"""A question's terms in other languages, as the layers hand them on. Pure.

An equivalent is the same term said otherwise: a passage has the term when it has the word that
was asked for or one of the equivalents in the passage's language, and having several counts once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from index.analysis import terms, words
from index.transliterate import latin

LEAST_SHARE = 0.5
"""Share of a question's telling words that must be known for its gist to be made."""


@dataclass(frozen=True, slots=True)
class Alternative:
    """One equivalent of a term.

    Attributes:
        language: ISO 639-1 code.
        text: As the list has it.
        pairs: (stem, folded form) of each of its telling words.
    """

    language: str
    text: str
    pairs: tuple[tuple[str, str], ...]

    @property
    def stems(self) -> frozenset[str]:
        """The stems of its telling words."""
        return frozenset(stem for stem, _ in self.pairs)


@dataclass(frozen=True, slots=True)
class Rendering:
    """A term of a question with its equivalents.

    Attributes:
        start: Its first word's position among the question's words.
        end: One past its last word's position.
        text: Its words, lower-case.
        alternatives: By language, the best first.
    """

    start: int
    end: int
    text: str
    alternatives: tuple[Alternative, ...]

    def into(self, language: str) -> tuple[Alternative, ...]:
        """Return the equivalents in one language."""
        return tuple(a for a in self.alternatives if a.language == language)


@dataclass(frozen=True, slots=True)
class Translation:
    """What the terms of a question are called in the languages that are searched.

    Attributes:
        language: The question's, ISO 639-1 or "und".
        renderings: In the question's order.
        n_telling: How many telling words the question has.
        small: The positions of its small words.
    """

    language: str = "und"
    renderings: tuple[Rendering, ...] = ()
    n_telling: int = 0
    small: frozenset[int] = frozenset()

    def apart(self, spans: Iterable[tuple[int, int]]) -> tuple[Rendering, ...]:
        """Return the renderings that have no word in any of some (start, end) spans."""
        taken = {at for start, end in spans for at in range(start, end)}
        return tuple(r for r in self.renderings if taken.isdisjoint(range(r.start, r.end)))

    def __bool__(self) -> bool:
        return bool(self.renderings)


def by_stem(question: str, language: str, renderings: Iterable[Rendering]) -> dict[str, Rendering]:
    """Return the rendering that each word of a question is in, by the word's stem.

    Args:
        question: As asked.
        language: Whose stems the words are looked for by.
        renderings: Some of its terms.
    """
    stems = [stem for stem, _ in terms(question, language)]
    return {stem: r for r in renderings for stem in stems[r.start : r.end]}


def gist(question: str, translation: Translation, language: str = "en") -> str:
    """Say a question in another language, word for word, or "" where too little of it is known.

    Words that nothing is known of stay, for names are the same in most languages.
    """
    known = [r for r in translation.renderings if r.into(language)]
    small = translation.small
    covered = sum(at not in small for r in known for at in range(r.start, r.end))
    if not known or covered < LEAST_SHARE * translation.n_telling:
        return ""
    starts = {r.start: r for r in known}
    inside = {at for r in known for at in range(r.start, r.end)}
    said = []
    for at, word in enumerate(words(question)):
        if at in starts:
            said.append(starts[at].into(language)[0].text)
        elif at not in inside and at not in small and (len(word) > 1 or word.isdigit()):
            said.append(latin(word))
    return " ".join(said)
