"""Reading passages of another language for a question: its terms as they are called there.

The second stage compares the words of a question with those of a passage. For a passage in
another language each term that has equivalents there stands for all of them; the others (names,
numbers) stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from index.analysis import terms
from index.second_stage import Asked, Term, idf
from index.translation import Alternative, Rendering, Translation, by_stem

Frequencies = Callable[[Sequence[str]], Mapping[str, int]]


class Crossing:
    """A question with its translation, ready to be read in any language of the library."""

    def __init__(
        self,
        question: str,
        asked: Asked,
        translation: Translation,
        frequencies: Frequencies,
        n_passages: int,
    ) -> None:
        self._question = question
        self.asked = asked
        self._translation = translation
        self._frequencies = frequencies
        self._n_passages = n_passages
        self._read: dict[str, Asked] = {}

    def into(self, language: str) -> Asked:
        """Return the question as a passage in ``language`` is read for it."""
        if not self._translation or language == self._translation.language:
            return self.asked
        if language not in self._read:
            self._read[language] = self._translated(language)
        return self._read[language]

    def rarity(self, unknown: float = 1.0) -> dict[str, float]:
        """Return the idf of each telling word, its equivalents in all languages taken as one.

        Args:
            unknown: What is left of the weight of words that neither the list of concepts nor
                the documents have: nothing can answer to them.
        """
        rarity = {term.stem: term.weight for term in self.asked.terms}
        if not self._translation:
            return rarity
        stems = [stem for stem, _ in terms(self._question, self._translation.language)]
        renderings = self._translation.renderings
        most = idf(0, self._n_passages)
        said = {stem for r in renderings for stem in stems[r.start : r.end]}
        for stem, weight in rarity.items():
            if stem not in said and weight >= most:
                rarity[stem] = unknown * weight
        for language in sorted({a.language for r in renderings for a in r.alternatives}):
            some = [r for r in renderings if r.into(language)]
            for rendering, weight in self._weights(some, language).items():
                for stem in stems[rendering.start : rendering.end]:
                    rarity[stem] = min(rarity.get(stem, weight), weight)
        return rarity

    def _translated(self, language: str) -> Asked:
        renderings = [r for r in self._translation.renderings if r.into(language)]
        of_stem = by_stem(self._question, self._translation.language, renderings)
        found: dict[Rendering, list[Term]] = {}
        order: list[Rendering | Term] = []
        for term in self.asked.terms:
            rendering = of_stem.get(term.stem)
            if rendering is None:
                order.append(term)
            else:
                if rendering not in found:
                    order.append(rendering)
                found.setdefault(rendering, []).append(term)
        weights = self._weights(renderings, language)
        merged = [
            item if isinstance(item, Term) else _merged(item, found[item], language, weights[item])
            for item in order
        ]
        together = {
            _key(a): a.stems for r in renderings for a in r.into(language) if len(a.stems) > 1
        }
        return replace(self.asked, terms=tuple(merged), together=tuple(together.items()))

    def _weights(self, renderings: Sequence[Rendering], language: str) -> dict[Rendering, float]:
        """Weigh each term by how rare it is, its equivalents taken as one word."""
        stems = {s for r in renderings for a in r.into(language) for s in a.stems}
        known = self._frequencies(sorted(stems)) if stems else {}

        def frequency(alternative: Alternative) -> int:
            return min(known.get(stem, 0) for stem in alternative.stems)

        return {
            r: idf(max(frequency(a) for a in r.into(language)), self._n_passages)
            for r in renderings
        }


def _merged(rendering: Rendering, asked: Sequence[Term], language: str, weight: float) -> Term:
    also = tuple(_key(alternative) for alternative in rendering.into(language))
    return Term(asked[0].stem, asked[0].folded, weight, also)


def _key(alternative: Alternative) -> str:
    """Return what says that a text has an equivalent: its stem, or all of them in one word."""
    return " ".join(sorted(alternative.stems))
