"""Question and filters in, hits out.

Access and filters become one mask over documents, which both rankings obey; nothing outside it
is ever scored, counted or read.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray

from index.acronyms import Forms
from index.analysis import words
from index.catalogue import EVIDENCE, Mask
from index.crossing import Crossing, Frequencies
from index.embedded import as_read, is_glossed
from index.errors import BadQuery
from index.fusion import best_first, follow, fuse, min_max
from index.gloss import INTO
from index.intent import as_named, named, wanted_evidence, wanted_kinds
from index.lexicon import translate
from index.page import Candidate, choose, read_for
from index.reading import DocumentEntry, PassageRow
from index.rerank import read_together
from index.reread import reread
from index.second_stage import Asked, Term, telling
from index.snapshot import Snapshot
from index.synonyms import with_synonyms
from index.translation import Translation, gist
from index.types import Embedder, Filters, Hit, Reader, Reranker, SearchResult, StoredPassage
from index.value import numbers, wanted
from ingest.language import LANGUAGES, detect_question
from ingest.types import Evidence

MAX_QUESTION = 2_000
"""Longest question, in characters."""
MAX_HITS = 100
CANDIDATES = 100
"""How many passages each ranking hands to the fusion."""
VECTOR_WEIGHT = PLACE_WEIGHT = 1 / 3
"""For a language the model knows: the keywords, the cosine and the place by it count alike.
Chosen on half of XQuAD en and of the questions over documents and held on the other half."""
VECTOR_WEIGHT_FOREIGN = 0.01
"""For a language it does not know: vectors only break ties and fill the page; with more, Arabic
and Bangla fall behind keywords alone (``benchmarks.languages``)."""
GIST_WEIGHT = 0.4
"""For such a language when its words could be translated into the model's."""
GLOSS_WEIGHT = 0.6
"""For a question that is embedded as its gloss (``index.gloss``): the best from 0.1 to 0.6 for all
questions of XQuAD in Russian; the other languages were not looked at."""
UNKNOWN = 0.4
"""What is left there of the weight of a word that nothing is known of."""
KIND_BONUS = 0.5
"""What a document of the kind that the question asks for gains (``index.intent``)."""
EVIDENCE_BONUS = 0.25
"""What a passage gains that is a recommendation, lesson … where the question asks for those."""

_POOL = ThreadPoolExecutor(4, thread_name_prefix="keywords")
"""Keywords are searched while the question is embedded; threads start with the first search."""


def retrieve(
    snapshot: Snapshot,
    embedder: Embedder,
    question: str,
    *,
    reader: Reader,
    filters: Filters | None = None,
    limit: int = 10,
    reranker: Reranker | None = None,
) -> SearchResult:
    """Search one generation.

    A ``reranker`` reads the first passages where it knows the question's language.

    Raises:
        BadQuery: The question is empty or longer than ``MAX_QUESTION``.
        BadFilter: A filter names something that this reader's documents do not have.
    """
    question = checked(question)
    limit = max(1, min(limit, MAX_HITS))
    timings: dict[str, float] = {}
    admitted = snapshot.catalogue.admitted(reader, filters)
    n_documents = int(admitted.sum())
    generation = snapshot.head.generation
    language = detect_question(question, LANGUAGES)
    kinds = filters.evidence if filters is not None else ()
    forms = _forms(snapshot, reader)
    foreign = language != "und" and language not in embedder.languages
    translation = translate(question, language, snapshot.catalogue.languages(admitted))
    counted = _frequencies(snapshot, admitted)
    keywords = _POOL.submit(
        _by_keywords, snapshot, question, language, admitted, kinds, forms, translation, counted
    )
    meant = _meant(question, language, translation, embedder.languages) if foreign else ""
    with _timed(timings, "embed"):
        vector = embedder.embed_query(meant or question)
    if not n_documents:
        return SearchResult((), generation, 0, vector, timings)
    with _timed(timings, "vectors"):
        cosines = _by_vectors(snapshot, vector, admitted, filters)
    with _timed(timings, "keywords"):
        bm25, weighed = keywords.result()
    with _timed(timings, "vectors"):
        cosines |= snapshot.derived.vectors.cosines(vector, [n for n in bm25 if n not in cosines])
    if meant:
        weight = GLOSS_WEIGHT if is_glossed(language, embedder.languages) else GIST_WEIGHT
        ranking = _by_gist(snapshot, bm25, cosines, embedder.languages, weight)
    elif foreign:
        ranking = follow(bm25, cosines, VECTOR_WEIGHT_FOREIGN)
    else:
        ranking = fuse(bm25, cosines, VECTOR_WEIGHT, PLACE_WEIGHT)
    bonuses = _bonuses(snapshot, question, language, [number for number, _ in ranking])
    ranking = _lift(ranking, bonuses)
    with _timed(timings, "read"):
        rows: dict[int, PassageRow] = {}
        asked = Asked(weighed, wanted(question), numbers(question))
        asked = with_synonyms(asked, question, language)
        crossing = Crossing(question, asked, translation, *counted)
        ranking = reread(snapshot, crossing, ranking, rows, read_for(limit), foreign=foreign)
        ranking = _lift(ranking, bonuses)
    if reranker is not None and (language == "und" or language in reranker.languages):
        with _timed(timings, "rerank"):
            ranking = read_together(snapshot, reranker, question, ranking, rows)
    with _timed(timings, "read"):
        shown = choose(snapshot, ranking, limit, language, rows)
        hits = _hits(snapshot, shown, min_max(bm25), cosines, reader)
    return SearchResult(
        hits,
        generation,
        n_documents,
        vector,
        timings,
        crossing.rarity(UNKNOWN if meant else 1.0),
        translation,
        meant,
    )


def _meant(question: str, language: str, translation: Translation, known: Collection[str]) -> str:
    """Return a question of a language that the model does not know as it is embedded, or ""."""
    if is_glossed(language, known):
        return as_read(question, language, known)
    return gist(question, translation) if INTO in known else ""


def checked(question: str) -> str:
    """Return the question without white space at its ends.

    Raises:
        BadQuery: It is empty, without a letter or digit, or too long.
    """
    text = question.strip()
    if not text:
        raise BadQuery("the question is empty: ask something")
    if len(text) > MAX_QUESTION:
        raise BadQuery(
            f"the question has {len(text):,} characters, at most {MAX_QUESTION:,} can be searched: "
            "shorten it"
        )
    if not words(text):
        raise BadQuery(f"the question {text[:40]!r} has no word to search for")
    return text


def _by_vectors(
    snapshot: Snapshot, vector: NDArray[np.float32], admitted: Mask, filters: Filters | None
) -> dict[int, float]:
    catalogue = snapshot.catalogue
    allowed = None
    if not admitted.all() or (filters is not None and filters.evidence):
        allowed = admitted[catalogue.owners] & catalogue.is_evidence(filters)
    return dict(snapshot.derived.vectors.search(vector, CANDIDATES, allowed))


def _by_keywords(
    snapshot: Snapshot,
    question: str,
    language: str,
    admitted: Mask,
    kinds: Sequence[Evidence],
    forms: Forms,
    translation: Translation,
    counted: tuple[Frequencies, int],
) -> tuple[dict[int, float], tuple[Term, ...]]:
    """Return the BM25 of the best passages, and what the question's words weigh."""
    only, without = _scope(snapshot, admitted)
    languages = (language,) if language != "und" else ("en",)
    found = snapshot.derived.lexical.search(
        question,
        languages,
        CANDIDATES,
        only=only,
        without=without,
        evidence=kinds,
        forms=forms,
        translation=translation,
    )
    return dict(found), telling(question, language, *counted)


def _forms(snapshot: Snapshot, reader: Reader) -> Forms:
    """Return the acronyms that documents define which this reader may read."""
    return snapshot.derived.glossary.forms(reader, snapshot.catalogue.contents)


def _scope(snapshot: Snapshot, admitted: Mask) -> tuple[list[int] | None, list[int]]:
    """Return the contents to search alone (None: all) and those to leave out."""
    entries = snapshot.catalogue.entries
    if admitted.sum() * 2 < len(admitted):
        return [entries[at].content_no for at in np.flatnonzero(admitted)], []
    return None, [entries[at].content_no for at in np.flatnonzero(~admitted)]


def _frequencies(snapshot: Snapshot, admitted: Mask) -> tuple[Frequencies, int]:
    """Return what counts stems in the passages that a reader may see, and how many those are."""
    only, without = _scope(snapshot, admitted)
    owners = snapshot.catalogue.owners

    def frequencies(stems: Sequence[str]) -> Mapping[str, int]:
        return snapshot.derived.lexical.frequencies(stems, only=only, without=without)

    return frequencies, len(owners) if admitted.all() else int(admitted[owners].sum())


def _by_gist(
    snapshot: Snapshot,
    keywords: Mapping[int, float],
    cosines: Mapping[int, float],
    known: frozenset[str],
    weight: float,
) -> list[tuple[int, float]]:
    """Merge the rankings where the model is told what was asked, but not each passage.

    A passage that it cannot read, not even as a gloss, is as good as its keywords.
    """
    catalogue = snapshot.catalogue
    left, right = min_max(keywords), min_max(cosines)
    fused = {}
    for number in left.keys() | right.keys():
        words = left.get(number, 0.0)
        owner = catalogue.owners[np.searchsorted(catalogue.numbers, number)]
        languages = catalogue.entries[owner].document.metadata.languages
        main = languages[0] if languages else ""
        readable = not main or main in known or is_glossed(main, known)
        near = right.get(number, 0.0) if readable else words
        fused[number] = (1.0 - weight) * words + weight * near
    return best_first(fused)


def _bonuses(
    snapshot: Snapshot, question: str, language: str, numbers: Sequence[int]
) -> dict[int, float]:
    """Return what passages gain by being what the question asks for; see ``index.intent``."""
    catalogue = snapshot.catalogue
    kinds, evidence = wanted_kinds(question, language), wanted_evidence(question)
    asked = as_named(question)
    at = np.searchsorted(catalogue.numbers, numbers)
    owners, labels = catalogue.owners[at].tolist(), catalogue.evidence[at].tolist()
    documents = {}
    for owner in set(owners):
        metadata = catalogue.entries[owner].document.metadata
        documents[owner] = named(metadata, asked) + KIND_BONUS * (metadata.kind in kinds)
    share = [EVIDENCE_BONUS * (kind in evidence) for kind in EVIDENCE]
    return {
        number: documents[owner] + share[label]
        for number, owner, label in zip(numbers, owners, labels, strict=True)
    }


def _lift(
    ranking: list[tuple[int, float]], bonuses: Mapping[int, float]
) -> list[tuple[int, float]]:
    """Add bonuses to scores, which stay within 0–1."""
    if not any(bonuses.values()):
        return ranking
    most = 1.0 + max(bonuses.values(), default=0.0)
    return best_first({number: (score + bonuses[number]) / most for number, score in ranking})


def _hits(
    snapshot: Snapshot,
    shown: list[tuple[Candidate, list[Candidate]]],
    keywords: dict[int, float],
    cosines: dict[int, float],
    reader: Reader,
) -> tuple[Hit, ...]:
    hits = []
    for rank, (candidate, twins) in enumerate(shown, start=1):
        own = candidate.entry.document.doc_id
        also = {t.entry.document.doc_id: t.entry.document.file for t in twins}
        also.pop(own, None)
        hits.append(
            Hit(
                rank=rank,
                score=candidate.score,
                passage=stored_passage(snapshot, candidate.entry, candidate.row),
                document=snapshot.catalogue.shown(own, reader),
                keyword=keywords.get(candidate.row.passage_no),
                cosine=cosines.get(candidate.row.passage_no),
                also_in=tuple(sorted(also.items())),
            )
        )
    return tuple(hits)


def stored_passage(snapshot: Snapshot, entry: DocumentEntry, row: PassageRow) -> StoredPassage:
    """Put a passage together with its text and its exact place."""
    return StoredPassage(
        passage_id=row.passage_id,
        doc_id=entry.document.doc_id,
        ordinal=row.ordinal,
        start=row.start,
        end=row.end,
        text=snapshot.reading.text(row.content_no)[row.start : row.end],
        language=row.language,
        kind=row.kind,
        locator=row.locator,
        context=row.context,
        evidence=row.evidence,
        ocr=row.ocr,
    )


@contextmanager
def _timed(timings: dict[str, float], name: str) -> Iterator[None]:
    start = time.perf_counter()
    yield
    timings[name] = timings.get(name, 0.0) + time.perf_counter() - start
