"""Comparing one question's hits and answer with its gold. Pure but for reading the library."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from index.types import DocumentText, Hit, StoredDocument
from ingest.types import Locator, Unit
from mmsearch.evaluate import ranking as measure
from mmsearch.evaluate.questions import Gold, Query
from mmsearch.types import Answer, Citation

NameOf = Callable[[StoredDocument], str]
"""Returns what the questions call a document."""
TextOf = Callable[[str], DocumentText]
"""Returns a document's text by its id."""

_SPACE = re.compile(r"[\s|]+")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one question.

    Attributes:
        query_id: Its id; one asked again without its gold has "/without" behind it.
        question: As asked.
        language: ISO 639-1 code, or "und".
        kind: Its kind, or "".
        answerable: Whether the library answers it.
        confidence: 0–1.
        answered: Whether the confidence reached the bar.
        right: For an answerable one whether the answer, given or held back, is right.
        sentences: The answer, also where it was held back.
        ranking: (id, score), best first, as TREC wants it.
        gains: Judged ids.
        measures: Per-question figures by name, each 0–1; those that do not apply are absent.
    """

    query_id: str
    question: str
    language: str
    kind: str
    answerable: bool
    confidence: float
    answered: bool
    right: bool
    sentences: tuple[str, ...] = ()
    ranking: tuple[tuple[str, float], ...] = ()
    gains: Mapping[str, float] = field(default_factory=dict)
    measures: Mapping[str, float] = field(default_factory=dict)


def judge(
    query: Query,
    hits: Sequence[Hit],
    answer: Answer,
    *,
    bar: float,
    name: NameOf,
    text: TextOf,
) -> Outcome:
    """Judge a question that was searched and asked without a bar.

    Args:
        query: The question with its gold.
        hits: Of its search, best first.
        answer: As ``KnowledgeBase.ask`` gave it with ``bar=0``.
        bar: The confidence that an answer needs.
        name: See ``NameOf``.
        text: See ``TextOf``.
    """
    ranked, gains = ranking_of(query, hits, name)
    answered = bool(answer.sentences) and answer.confidence >= bar
    cited = [
        c for c in answer.citations if stands_in_gold(query, c.document, c.locator, c.quote, name)
    ]
    said = [sentence.text for sentence in answer.sentences]
    quotes = [*said, *(c.quote for c in answer.citations)]
    facts = facts_of(query)
    right = bool(said) and query.answerable and (bool(cited) or not query.judged)
    right = right and (not facts or holds(quotes, facts))
    measures: dict[str, float] = {}
    if query.judged:
        measures |= ranking_measures([item for item, _ in ranked], gains)
        measures |= _hit_measures(query, hits, name)
    measures["answered"] = float(answered)
    if query.answerable:
        measures |= _answer_measures(query, said, quotes, cited, right=right, answered=answered)
    else:
        measures["abstained where nothing answers"] = float(not answered)
    measures |= _citation_measures(
        answer.citations if answered else (), cited, text, judged=query.judged
    )
    return Outcome(
        query.query_id,
        query.text,
        query.language,
        query.kind,
        query.answerable,
        float(answer.confidence),
        answered,
        right,
        tuple(said),
        tuple(ranked),
        gains,
        measures,
    )


def ranking_of(
    query: Query, hits: Sequence[Hit], name: NameOf
) -> tuple[list[tuple[str, float]], dict[str, float]]:
    """Return a ranking of places and the judged gains; each place once, at its best rank.

    Places of ``gold`` are alternatives: whichever is found counts as the first of them, so
    that finding one is finding all. Other passages of a question with such gold are places of
    their own; a question with gains alone is judged by document.
    """
    gains = dict(query.gains)
    goal = _place(query.gold[0]) if query.gold else None
    if goal is not None:
        gains[goal] = 1.0
    found: dict[str, float] = {}
    for hit in hits:
        document = name(hit.document)
        if goal is not None and stands_in_gold(
            query, hit.document, hit.passage.locator, hit.passage.text, name
        ):
            key = goal
        elif goal is None or document in query.gains:
            key = document
        else:
            key = f"{document}#{hit.passage.locator.first}.{hit.passage.ordinal}"
        found.setdefault(key, hit.score)
    return list(found.items()), gains


def ranking_measures(ranked: Sequence[str], gains: Mapping[str, float]) -> dict[str, float]:
    """Return the measures that a ranking of ids has by itself."""
    return {
        "ndcg@10": measure.ndcg(ranked, gains, 10),
        "recall@5": measure.recall(ranked, gains, 5),
        "recall@10": measure.recall(ranked, gains, 10),
        "mrr": measure.reciprocal_rank(ranked, gains),
    }


def facts_of(query: Query) -> tuple[str, ...]:
    """Return the texts of which an answer must say one; empty where none is known."""
    return query.answers or tuple(quote for gold in query.gold for quote in gold.quotes)


def holds(texts: Iterable[str], facts: Sequence[str]) -> bool:
    """Say whether one of the facts is said, whatever case, spaces and cell marks it has."""
    said = plain(" ".join(texts))
    return any(plain(fact) in said for fact in facts)


def plain(text: str) -> str:
    """Return text without differences of case, of layout and of kind of space."""
    text = unicodedata.normalize("NFKC", html.unescape(text)).replace("\ufffe", "")
    return _SPACE.sub(" ", text).casefold().strip()


def _hit_measures(query: Query, hits: Sequence[Hit], name: NameOf) -> dict[str, float]:
    relevant = [
        stands_in_gold(query, hit.document, hit.passage.locator, hit.passage.text, name)
        for hit in hits
    ]
    return {f"hit@{k}": float(any(relevant[:k])) for k in (1, 2, 5)}


def _answer_measures(
    query: Query,
    said: Sequence[str],
    quotes: Sequence[str],
    cited: Sequence[Citation],
    *,
    right: bool,
    answered: bool,
) -> dict[str, float]:
    found = {"answered right": float(right and answered), "right at any confidence": float(right)}
    facts = facts_of(query)
    if facts:
        found["fact in the first sentence"] = float(holds(said[:1], facts))
        found["fact in the answer"] = float(holds(quotes, facts))
    if query.judged:
        found["gold cited, of all answerable"] = float(bool(cited) and answered)
        found["gold cited at any confidence"] = float(bool(cited))
        if answered:
            found["gold among the citations"] = float(bool(cited))
    return found


def _citation_measures(
    citations: Sequence[Citation], cited: Sequence[Citation], text: TextOf, *, judged: bool
) -> dict[str, float]:
    if not citations:
        return {}
    documents = [text(c.document.doc_id) for c in citations]
    pairs = list(zip(citations, documents, strict=True))
    found = {"citations on a gold page": len(cited) / len(citations)} if judged else {}
    return found | {
        "quotes verbatim": float(
            all(d.text[c.start : c.end] == c.quote and c.quote for c, d in pairs)
        ),
        "pages right": float(all(_page_is_right(c, d) for c, d in pairs)),
    }


def _page_is_right(citation: Citation, document: DocumentText) -> bool:
    """Say whether a citation's pages are those of the blocks that its quote stands in."""
    if citation.locator.unit is not Unit.PAGE:
        return True
    inside = [b for b in document.blocks if b.start < citation.end and citation.start < b.end]
    pages = {area.index + 1 for area in citation.locator.pages}
    allowed = {page for b in inside for page in range(b.first, b.last + 1)}
    return bool(pages) and pages <= allowed


def stands_in_gold(
    query: Query, document: StoredDocument, locator: Locator, text: str, name: NameOf
) -> bool:
    """Say whether a span of a document stands at a place that answers a question."""
    known = name(document)
    if query.gains.get(known, 0.0) > 0:
        return True
    return any(_stands(gold, locator, text) for gold in query.gold if gold.file == known)


def _stands(gold: Gold, locator: Locator, text: str) -> bool:
    if gold.pages:
        return any(locator.first <= page <= locator.last for page in gold.pages)
    return not gold.quotes or holds([text], gold.quotes)


def _place(gold: Gold) -> str:
    return f"{gold.file}#{gold.pages[0]}" if gold.pages else gold.file
