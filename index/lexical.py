"""The keyword index: Tantivy's BM25 over stems and plain forms. Nothing else imports Tantivy.

Words are analysed here (``index.analysis``) and handed to Tantivy one by one, so that the
language of each passage decides its stems.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import tantivy

from index.analysis import terms, words
from ingest.language_words import words_of

FOLDER = "lexical"
_HEAP_BYTES = 64_000_000
_WEIGHTS = {"stems": 1.0, "head": 0.5, "plain": 0.4}
"""Weight of a match: in the text's stems, in title, headings and context, in plain form."""
_FEW = 4_096
"""A list of contents up to this long is put into the query; the shorter side is taken."""


@dataclass(frozen=True, slots=True)
class LexicalDocument:
    """What is indexed of a passage."""

    passage_no: int
    content_no: int
    head: str
    text: str
    language: str


class LexicalIndex:
    """Keywords of one generation; immutable once built."""

    def __init__(self, index: tantivy.Index) -> None:
        self._index = index
        self._searcher = index.searcher()

    @classmethod
    def build(
        cls,
        folder: Path,
        added: Iterable[LexicalDocument],
        dropped: Sequence[int] = (),
    ) -> LexicalIndex:
        """Write an index into ``folder``, or change the one that is there.

        Args:
            folder: Empty, or a private copy of an earlier index.
            added: Passages to add.
            dropped: Contents whose passages to take out first.
        """
        index = tantivy.Index(_schema(), path=str(folder))
        writer = index.writer(_HEAP_BYTES, 1)
        for content_no in dropped:
            writer.delete_documents_by_term("content", content_no)
        for item in added:
            writer.add_document(_document(item))
        writer.commit()
        writer.wait_merging_threads()
        return cls.load(folder)

    @classmethod
    def load(cls, folder: Path) -> LexicalIndex:
        """Load an index whose checksums were compared."""
        index = tantivy.Index.open(str(folder))
        index.reload()
        return cls(index)

    def count(self) -> int:
        """Return how many passages are indexed."""
        return int(self._searcher.num_docs)

    def search(
        self,
        question: str,
        languages: Sequence[str],
        k: int,
        *,
        only: Sequence[int] | None = None,
        without: Sequence[int] = (),
    ) -> list[tuple[int, float]]:
        """Rank passages by BM25.

        Args:
            question: As asked.
            languages: Whose stems to try; the question's language first.
            k: How many at most.
            only: Contents to search; None searches all.
            without: Contents to leave out.

        Returns:
            (passage number, BM25 score), best first, ties by number.
        """
        query = self._query(question, languages)
        if query is None or k < 1:
            return []
        clauses = [(tantivy.Occur.Must, query)]
        if only is not None:
            clauses.append((tantivy.Occur.Must, self._contents(only)))
        elif without:
            clauses.append((tantivy.Occur.MustNot, self._contents(without)))
        if len(clauses) > 1:
            query = tantivy.Query.boolean_query(clauses)
        found = self._searcher.search(query, k, count=False).hits
        numbers = self._searcher.fast_field_values("passage", [address for _, address in found])
        ranked = [(int(n), float(s)) for n, (s, _) in zip(numbers, found, strict=True)]
        return sorted(ranked, key=lambda item: (-item[1], item[0]))

    def _contents(self, contents: Sequence[int]) -> tantivy.Query:
        chosen = tantivy.Query.term_set_query(self._index.schema, "content", list(contents))
        return tantivy.Query.const_score_query(chosen, 0.0)

    def _query(self, question: str, languages: Sequence[str]) -> tantivy.Query | None:
        schema = self._index.schema
        wanted: dict[tuple[str, str], float] = {}
        for nth, language in enumerate(languages or ("und",)):
            for stem, plain in _content(question, language):
                share = 1.0 if nth == 0 else 0.5
                for field in ("stems", "head"):
                    key = (field, stem)
                    wanted[key] = max(wanted.get(key, 0.0), _WEIGHTS[field] * share)
                wanted["plain", plain] = _WEIGHTS["plain"]
        clauses = []
        for (field, term), weight in wanted.items():
            query = tantivy.Query.term_query(schema, field, term)
            clauses.append((tantivy.Occur.Should, tantivy.Query.boost_query(query, weight)))
        return tantivy.Query.boolean_query(clauses) if clauses else None


def _content(question: str, language: str) -> list[tuple[str, str]]:
    """Analyse a question without its small words, unless it has no others.

    In a mixed library the small words of the rarer language are rare, so BM25 would take
    "quelles" for the most telling word of a French question.
    """
    small = words_of(language)
    found = [
        term
        for word, term in zip(words(question), terms(question, language), strict=True)
        if word not in small and term[1] not in small
    ]
    return found or terms(question, language)


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("passage", stored=False, indexed=False, fast=True)
    builder.add_unsigned_field("content", stored=False, indexed=True, fast=True)
    for field in _WEIGHTS:
        builder.add_text_field(
            field, stored=False, tokenizer_name="whitespace", index_option="freq"
        )
    return builder.build()


def _document(item: LexicalDocument) -> tantivy.Document:
    text = terms(item.text, item.language)
    document = tantivy.Document()
    document.add_unsigned("passage", item.passage_no)
    document.add_unsigned("content", item.content_no)
    document.add_text("stems", " ".join(stem for stem, _ in text))
    document.add_text("head", " ".join(stem for stem, _ in terms(item.head, item.language)))
    document.add_text("plain", " ".join(plain for _, plain in text))
    return document
