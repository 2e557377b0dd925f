"""The keyword index: Tantivy's BM25 over stems and plain forms. Nothing else imports Tantivy.

Words are analysed here (``index.analysis``) and handed to Tantivy one by one, so that the
language of each passage decides its stems.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import tantivy
from numpy.typing import NDArray

from index.acronyms import Forms, Group
from index.analysis import terms, words
from index.lexical_terms import (
    APART_WEIGHT,
    TRANSLATED_WEIGHT,
    WEIGHTS,
    content,
    equivalent_phrases,
    phrases_in,
    telling,
    weighted,
)
from index.second_stage import idf
from index.sequences import Recorder, Sequences
from index.translation import Rendering, Translation
from index.transliterate import latin
from index.vocabulary import Said
from ingest.language_words import words_of

FOLDER = "lexical"
_HEAP_BYTES = 64_000_000
BEST_BY_WORDS = 500
"""In so many passages, the best by words, phrases are looked for (``index.sequences``)."""

SPELLED_WEIGHT = 0.6
"""Weight of the long form of an acronym that the question has."""
TYPO_LETTERS = 5
"""From this length on a word that the library lacks is looked for with one letter changed."""
TYPO_WEIGHT = 3.0
"""Score of such a match, about that of a rather rare word; Tantivy gives it no idf."""


@dataclass(frozen=True, slots=True)
class LexicalDocument:
    """What is indexed of a passage."""

    passage_no: int
    content_no: int
    head: str
    text: str
    language: str
    evidence: str = "plain"
    context: str = ""


class LexicalIndex:
    """Keywords of one generation; immutable once built.

    Attributes:
        sequences: The words of every passage in their order.
    """

    def __init__(self, index: tantivy.Index, sequences: Sequences) -> None:
        self._index = index
        self._searcher = index.searcher()
        self.sequences = sequences

    @classmethod
    def build(
        cls,
        folder: Path,
        added: Iterable[LexicalDocument],
        dropped: Sequence[int] = (),
        *,
        numbers: NDArray[np.int64],
    ) -> LexicalIndex:
        """Write an index into ``folder``, or change the one that is there.

        Args:
            folder: Empty, or a private copy of an earlier index.
            added: Passages to add.
            dropped: Contents whose passages to take out first.
            numbers: All passages that it has then: int64, ascending.
        """
        before = Sequences.load(folder) if Sequences.are_in(folder) else None
        index = tantivy.Index(_schema(), path=str(folder))
        writer = index.writer(_HEAP_BYTES, 1)
        if dropped:
            # Not by term: a Python number becomes a signed one, which no unsigned field has.
            gone = tantivy.Query.term_set_query(index.schema, "content", list(dropped))
            writer.delete_documents_by_query(gone)
        recorder = Recorder()
        for item in added:
            said = recorder.add(item.passage_no, item.context, item.text, item.language)
            writer.add_document(_document(item, said))
        writer.commit()
        writer.wait_merging_threads()
        recorder.joined(before, numbers).save(folder)
        return cls.load(folder)

    @classmethod
    def load(cls, folder: Path) -> LexicalIndex:
        """Load an index whose checksums were compared."""
        index = tantivy.Index.open(str(folder))
        index.config_reader(
            "manual"
        )  # else a thread watches the files and writes a lock beside them
        index.reload()
        return cls(index, Sequences.load(folder))

    def count(self) -> int:
        """Return how many passages are indexed."""
        return int(self._searcher.num_docs)

    def frequencies(
        self,
        stems: Sequence[str],
        *,
        only: Sequence[int] | None = None,
        without: Sequence[int] = (),
    ) -> dict[str, int]:
        """Return in how many passages each stem is, of those that are searched; see ``search``."""
        found = {}
        for stem in stems:
            if only is None and not without:
                found[stem] = int(self._searcher.doc_freq("stems", stem))
                continue
            term = tantivy.Query.term_query(self._index.schema, "stems", stem)
            clauses = [(tantivy.Occur.Must, term), *self._limits(only, without)]
            query = tantivy.Query.boolean_query(clauses)
            found[stem] = int(self._searcher.search(query, 1, count=True).count or 0)
        return found

    def search(
        self,
        question: str,
        languages: Sequence[str],
        k: int,
        *,
        only: Sequence[int] | None = None,
        without: Sequence[int] = (),
        evidence: Sequence[str] = (),
        forms: Forms | None = None,
        translation: Translation | None = None,
    ) -> list[tuple[int, float]]:
        """Rank passages by BM25.

        Args:
            question: As asked.
            languages: Whose stems to try; the question's language first.
            k: How many at most.
            only: Contents to search; None searches all.
            without: Contents to leave out.
            evidence: Kinds of evidence a passage may be; empty admits all.
            forms: The acronyms that whoever asks may know.
            translation: What the question's terms are called in other languages.

        Returns:
            (passage number, BM25 score), best first, ties by number.
        """
        language = languages[0] if languages else "und"
        known = forms or Forms(())
        long_forms = known.groups(question, language)
        renderings = (translation or Translation()).apart((g.start, g.end) for g in long_forms)
        query = self._query(question, languages, known, long_forms, renderings)
        if query is None or k < 1:
            return []
        phrases = phrases_in(question, language, long_forms)
        phrases += equivalent_phrases(question, language, renderings)
        size = max(k, BEST_BY_WORDS) if phrases else k
        ranked = self._within(query, size, only, without, evidence)
        if phrases and ranked:
            ranked = self._with_phrases(ranked, phrases)
        return sorted(ranked, key=lambda item: (-item[1], item[0]))[:k]

    def _within(
        self,
        query: tantivy.Query,
        k: int,
        only: Sequence[int] | None,
        without: Sequence[int],
        evidence: Sequence[str],
    ) -> list[tuple[int, float]]:
        clauses = [(tantivy.Occur.Must, query), *self._limits(only, without)]
        if evidence:
            clauses.append((tantivy.Occur.Must, self._among("evidence", list(evidence))))
        if len(clauses) > 1:
            query = tantivy.Query.boolean_query(clauses)
        found = self._searcher.search(query, k, count=False).hits
        numbers = self._searcher.fast_field_values("passage", [address for _, address in found])
        return [(int(n), float(s)) for n, (s, _) in zip(numbers, found, strict=True)]

    def _with_phrases(
        self, ranked: list[tuple[int, float]], phrases: Sequence[tuple[tuple[str, ...], float]]
    ) -> list[tuple[int, float]]:
        """Add the score of phrases to that of words."""
        stems = {stem for phrase, _ in phrases for stem in phrase}
        rarity = {stem: self._idf(stem) for stem in stems}
        added = self.sequences.scores([number for number, _ in ranked], phrases, rarity)
        return [(n, s + a) for (n, s), a in zip(ranked, added, strict=True)]

    def _idf(self, stem: str) -> float:
        return idf(int(self._searcher.doc_freq("stems", stem)), self.count())

    def _limits(
        self, only: Sequence[int] | None, without: Sequence[int]
    ) -> list[tuple[tantivy.Occur, tantivy.Query]]:
        if only is not None:
            return [(tantivy.Occur.Must, self._among("content", list(only)))]
        if without:
            return [(tantivy.Occur.MustNot, self._among("content", list(without)))]
        return []

    def _among(self, field: str, values: list[int] | list[str]) -> tantivy.Query:
        chosen = tantivy.Query.term_set_query(self._index.schema, field, values)
        return tantivy.Query.const_score_query(chosen, 0.0)

    def _query(
        self,
        question: str,
        languages: Sequence[str],
        forms: Forms,
        long_forms: Sequence[Group],
        renderings: Sequence[Rendering],
    ) -> tantivy.Query | None:
        """Ask for words; phrases are added to what they find."""
        language = languages[0] if languages else "und"
        spans = [(g.start, g.end) for g in long_forms] + [(r.start, r.end) for r in renderings]
        taken = {at for start, end in spans for at in range(start, end)}
        clauses = [self._terms(content(question, languages or ("und",), taken))]
        asked = terms(question, language)
        for group in long_forms:
            clauses.append(self._either(asked[group.start : group.end], group.acronym))
        clauses += [self._translated(question, language, rendering) for rendering in renderings]
        clauses += self._spelled(question, language, forms)
        clauses.append(self._misspelt(question, language))
        flat = [(tantivy.Occur.Should, query) for part in clauses for query in part]
        return tantivy.Query.boolean_query(flat) if flat else None

    def _misspelt(self, question: str, language: str) -> list[tantivy.Query]:
        """Look for words one letter away from those that the library does not have at all."""
        unknown = [
            folded
            for stem, folded in terms(question, language)
            if len(folded) >= TYPO_LETTERS
            and not any(c.isdigit() for c in folded)
            and not self._has("stems", stem)
            and not self._has("plain", folded)
        ]
        unknown += [latin(word) for word in unknown]
        return [
            tantivy.Query.boost_query(
                tantivy.Query.fuzzy_term_query(self._index.schema, "plain", word, 1), TYPO_WEIGHT
            )
            for word in dict.fromkeys(unknown)
        ]

    def _has(self, field: str, term: str) -> bool:
        return bool(self._searcher.doc_freq(field, term))

    def _terms(self, wanted: Mapping[tuple[str, str], float]) -> list[tantivy.Query]:
        return [
            tantivy.Query.boost_query(
                tantivy.Query.term_query(self._index.schema, field, term), weight
            )
            for (field, term), weight in wanted.items()
        ]

    def _either(self, long_form: list[tuple[str, str]], acronym: str) -> list[tantivy.Query]:
        """Score a passage by the long form or by the acronym, whichever it has more of."""
        small = words_of("en") | words_of("fr") | words_of("es")
        spelled = weighted([term for term in long_form if term[1] not in small], 1.0)
        short = weighted([(acronym, acronym)], float(len(spelled)) / len(WEIGHTS))
        sides = [
            tantivy.Query.boolean_query([(tantivy.Occur.Should, q) for q in self._terms(side)])
            for side in (spelled, short)
        ]
        return [tantivy.Query.disjunction_max_query(sides, 0.0)]

    def _translated(
        self, question: str, language: str, rendering: Rendering
    ) -> list[tantivy.Query]:
        """Score a passage by a term or by one of its equivalents, whichever it has most of.

        Equivalents are taken as occurrences of one term, however rare each of them is: Pirkola,
        "The Effects of Query Structure and Dictionary Setups in Dictionary-Based Cross-Language
        Information Retrieval" (SIGIR 1998), section 3.
        """
        asked = telling(question, language, range(rendering.start, rendering.end))
        sides = [(asked, 1.0)] if asked else []
        for said in rendering.alternatives:
            share = TRANSLATED_WEIGHT * max(1, len(asked)) / len(said.pairs)
            sides.append(
                (list(said.pairs), share if len(said.pairs) == 1 else APART_WEIGHT * share)
            )
        counts = [self._count_of(pairs) for pairs, _ in sides]
        common = idf(sum(counts), self.count())
        whole = [
            tantivy.Query.boolean_query([(tantivy.Occur.Should, q) for q in queries])
            for (pairs, share), count in zip(sides, counts, strict=True)
            if (queries := self._terms(weighted(pairs, share * common / idf(count, self.count()))))
            and count
        ]
        return [tantivy.Query.disjunction_max_query(whole, 0.0)] if whole else []

    def _count_of(self, pairs: Sequence[tuple[str, str]]) -> int:
        """Return in how many passages a term may be: in so many as the rarest of its words."""
        return min(int(self._searcher.doc_freq("stems", stem)) for stem, _ in pairs)

    def _spelled(self, question: str, language: str, forms: Forms) -> list[list[tantivy.Query]]:
        """Find passages that spell an acronym of the question out, word by word in order."""
        found = []
        for word in words(question):
            for long in forms.spelled(word):
                stems = [stem for stem, _ in terms(long, language)]
                if len(stems) > 1:
                    query = tantivy.Query.phrase_query(self._index.schema, "stems", stems)
                    found.append([tantivy.Query.boost_query(query, SPELLED_WEIGHT)])
        return found


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("passage", stored=False, indexed=False, fast=True)
    builder.add_unsigned_field("content", stored=False, indexed=True, fast=True)
    builder.add_text_field("evidence", stored=False, tokenizer_name="raw", index_option="basic")
    for field in WEIGHTS:
        option = "position" if field == "stems" else "freq"
        builder.add_text_field(
            field, stored=False, tokenizer_name="whitespace", index_option=option
        )
    return builder.build()


def _document(item: LexicalDocument, said: Sequence[Said]) -> tantivy.Document:
    document = tantivy.Document()
    document.add_unsigned("passage", item.passage_no)
    document.add_unsigned("content", item.content_no)
    document.add_text("evidence", item.evidence)
    document.add_text("stems", " ".join([stem for _, stem, _ in said]))
    document.add_text("head", " ".join(stem for stem, _ in terms(item.head, item.language)))
    document.add_text("plain", " ".join([plain for _, _, plain in said]))
    return document
