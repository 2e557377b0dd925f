"""Choosing the one to three pieces of the top hits that answer a question. Pure.

Each piece is scored by ``score.py``; a score is a logarithm of odds among the pieces of one
question. The best is said first, and others follow while they may be the answer too. Where the
model does not know the language of question or passage, the cosine is left out and words decide.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from index.embedded import as_read, is_glossed
from index.second_stage import idf as rarity
from index.tokens import TokenEmbedder
from index.types import DocumentText, Embedder, Hit, SearchResult
from mmsearch.answer.columns import head_of
from mmsearch.answer.question import Question, Word, keys
from mmsearch.answer.reader import learnt_for
from mmsearch.answer.score import Candidate, Features, Reader, weigh, with_cosine, with_reading
from mmsearch.answer.sentences import Piece, extent, opening, pieces

TOP_HITS = 8
"""How many hits an answer is chosen from."""
EMBEDDED = 9
"""How many pieces are embedded: those that look best without their cosine. On XQuAD and on the
questions over reports 12 choose nearly the same, at a twentieth more of an answer's time."""
CONTEXT = 200
"""How many characters of a block's context are embedded with a piece."""
MOST = 3
"""How many pieces an answer has at most."""

SAME = 0.75
"""Pieces that share this much of their words (of the shorter one) say the same."""
NEAR = 4.0
"""A further piece of the same passage may be behind the best by so much in its score, which is a
logarithm of odds,"""
NEAR_BY = 2.5
"""one of another passage of the document by so much,"""
NEAR_ELSEWHERE = 1.2
"""and one of another document by so much."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A piece of a passage, scored against a question.

    Attributes:
        hit: The passage it stands in.
        start: First character in the document's text.
        end: One past the last.
        text: ``document.text[start:end]``.
        score: The weighted sum; comparable within one question only.
        cosine: Cosine of question and piece, or None where it cannot be trusted: also not that of
            glosses, on which no confidence was fitted.
        complete: Reads on its own.
        offers: Whether it has the kind of answer that is asked for; None where nobody can tell.
        row: Where its table row starts, or -1.
        also: Further pieces that it rests on, cited with it and not said.
        said: How it is said where the bare text would not be understood; "" says the text.
        reads: How likely the learnt reader takes it to answer, -1–1 (``Features.reads``), or None
            where it was not read, or only its gloss.
    """

    hit: Hit
    start: int
    end: int
    text: str
    score: float
    cosine: float | None
    complete: bool
    offers: bool | None = None
    row: int = -1
    also: tuple[Evidence, ...] = ()
    said: str = ""
    reads: float | None = None


@dataclass(frozen=True, slots=True)
class Selection:
    """What was chosen, best first, among how many candidates.

    Attributes:
        chosen: One to three pieces, best first; empty when the hits hold none.
        ranked: Every candidate, best first, without what was extended.
        weights: The idf of each of the question's words, in the question's order.
    """

    chosen: tuple[Evidence, ...]
    ranked: tuple[Evidence, ...]
    weights: tuple[float, ...]


def select(
    question: Question,
    result: SearchResult,
    *,
    embedder: Embedder,
    text: Callable[[str], DocumentText],
) -> Selection:
    """Score the pieces of the top hits and choose those that answer together.

    Args:
        question: As read by ``question.read``.
        result: Hits, best first, with the question's vector where there is one.
        embedder: The model that the hits were found with.
        text: Returns a document's text and blocks.
    """
    candidates = _candidates(result.hits, text)
    if not candidates:
        return Selection((), (), tuple(1.0 for _ in question.words))
    weights = _weights(question, result, candidates)
    found = _measured(question, result, candidates, weights, embedder, EMBEDDED)
    ranked = sorted(
        (_evidence(c, f) for c, f in found), key=lambda e: (-e.score, e.hit.rank, e.start)
    )
    chosen = _choose(ranked)
    wholes = {(c.hit.passage.passage_id, c.piece.start): (c.start, c.stop) for c in candidates}
    return Selection(
        tuple(_apart(_extended(e, wholes, text) for e in chosen)), tuple(ranked), tuple(weights)
    )


def measured(
    question: Question,
    result: SearchResult,
    *,
    embedder: Embedder,
    text: Callable[[str], DocumentText],
    most: int | None = None,
) -> list[tuple[Candidate, Features]]:
    """Return the pieces that ``select`` chooses from, to fit weights on.

    Of those whose language is known ``most`` are embedded and returned, all of them when None.
    """
    candidates = _candidates(result.hits, text)
    weights = _weights(question, result, candidates)
    most = len(candidates) if most is None else most
    return _measured(question, result, candidates, weights, embedder, most)


def _measured(
    question: Question,
    result: SearchResult,
    candidates: Sequence[Candidate],
    weights: Sequence[float],
    embedder: Embedder,
    most: int,
) -> list[tuple[Candidate, Features]]:
    """Read every piece; of those whose language is known so many are embedded and stay."""
    if not candidates:
        return []
    reader = Reader(question, weights, candidates, result.hits[0].score)
    found = [(c, reader.features(c)) for c in candidates]
    if not result.gist and not _knows(embedder, question.language):
        return found
    known = [_knows(embedder, c.hit.passage.language) for c in candidates]
    by_words = [weigh(f) for _, f in found]
    order = sorted((i for i, k in enumerate(known) if k), key=lambda i: (-by_words[i], i))[:most]
    near = dict(
        zip(order, _near(question, result, [found[i] for i in order], embedder), strict=True)
    )
    return [(c, near.get(i, f)) for i, (c, f) in enumerate(found) if i in near or not known[i]]


def in_telling_order(chosen: Sequence[Evidence]) -> list[Evidence]:
    """Put the best piece first: it answers. The others follow as they are read.

    Cells of one table row stay in their order, and so does a figure behind what it is of.
    """
    if not chosen:
        return []
    row = chosen[0].row
    if row >= 0 and sum(e.row == row for e in chosen) > 1:
        return in_reading_order(chosen)
    return [chosen[0], *in_reading_order(chosen[1:])]


def in_reading_order(chosen: Sequence[Evidence]) -> list[Evidence]:
    """Order pieces by their document's best hit, then by their place in it."""
    best: dict[str, int] = {}
    for evidence in chosen:
        doc_id = evidence.hit.passage.doc_id
        best[doc_id] = min(best.get(doc_id, evidence.hit.rank), evidence.hit.rank)
    return sorted(chosen, key=lambda e: (best[e.hit.passage.doc_id], e.start, e.end))


def idf(words: Sequence[Word], texts: Sequence[frozenset[str]]) -> list[float]:
    """Weigh words by how few of the texts have them."""
    return [rarity(sum(word.within(text) for text in texts), len(texts)) for word in words]


def coverage(words: Sequence[Word], weights: Sequence[float], having: frozenset[str]) -> float:
    """Return the share of the words' weight that a text has, 0–1; 0 without words."""
    total = sum(weights)
    if not total:
        return 0.0
    return sum(w for word, w in zip(words, weights, strict=True) if word.within(having)) / total


def describing(hit: Hit) -> frozenset[str]:
    """Return the keys of what is known about a hit's document: countries, publishers, year."""
    data = hit.document.metadata
    said = (*data.countries, *data.publisher, str(data.year or ""))
    return keys(" ".join(said), hit.passage.language)


def _weights(
    question: Question, result: SearchResult, candidates: Sequence[Candidate]
) -> list[float]:
    """Weigh the question's words by their rarity in the library, else among the pieces."""
    if not result.rarity:
        return idf(question.words, [c.own for c in candidates])
    most = max(result.rarity.values())
    return [result.rarity.get(word.stem, most) for word in question.words]


def _candidates(hits: Sequence[Hit], text: Callable[[str], DocumentText]) -> list[Candidate]:
    found: dict[tuple[str, int, int], Candidate] = {}
    for hit in hits:
        for candidate in _of_hit(hit, text(hit.passage.doc_id)):
            place = (hit.passage.doc_id, candidate.piece.start, candidate.piece.end)
            found.setdefault(place, candidate)
    return list(found.values())


def _of_hit(hit: Hit, document: DocumentText) -> Iterator[Candidate]:
    passage = hit.passage
    language = passage.language
    parts = pieces(document.text, document.blocks, passage.start, passage.end, language)
    quotes = [document.text[piece.start : piece.end] for piece in parts]
    said = [frozenset[str](), *(keys(quote, language) for quote in quotes)]
    above = keys(" ".join((hit.document.metadata.title, *passage.locator.heading_path)), language)
    around = keys(passage.text, language)
    about = describing(hit)
    for at, (piece, quote) in enumerate(zip(parts, quotes, strict=True)):
        yield Candidate(
            hit,
            piece,
            quote,
            opening(document.text, parts, at),
            extent(document.text, parts, at),
            own=said[at + 1],
            before=said[at],
            above=above | keys(_over(piece, document), language),
            around=around,
            about=about,
        )


def _over(piece: Piece, document: DocumentText) -> str:
    """Return what says what a piece is about: its context and a row's column names."""
    head = head_of(document, piece.row) if piece.row >= 0 else None
    return piece.context if head is None else document.text[head.start : head.end]


def _evidence(candidate: Candidate, features: Features) -> Evidence:
    return Evidence(
        hit=candidate.hit,
        start=candidate.piece.start,
        end=candidate.piece.end,
        text=candidate.text,
        score=weigh(features),
        cosine=features.cosine if features.trusted and not features.glossed else None,
        complete=candidate.piece.complete,
        offers=features.offers,
        row=candidate.piece.row,
        reads=features.reads if features.read and not features.glossed else None,
    )


def _near(
    question: Question,
    result: SearchResult,
    found: Sequence[tuple[Candidate, Features]],
    embedder: Embedder,
) -> list[Features]:
    """Add cosines, and what the learnt reader says where there is one for the model."""
    if not found:
        return []
    known = embedder.languages
    starts, texts = zip(*(_readable(c, known) for c, _ in found), strict=True)
    about = as_read(question.text, question.language, known)
    asked = result.query_vector
    if asked is None:
        asked = embedder.embed_query(result.gist or about)
    reader = learnt_for(embedder.fingerprint) if isinstance(embedder, TokenEmbedder) else None
    foreign = is_glossed(question.language, known)
    glossed = [foreign or is_glossed(c.hit.passage.language, known) for c, _ in found]
    readable = _knows(embedder, question.language)
    if reader is None or not readable or not isinstance(embedder, TokenEmbedder):
        cosines = embedder.embed_passages(texts) @ asked
        return [
            with_cosine(f, float(x), c.hit.cosine, glossed=g)
            for (c, f), x, g in zip(found, cosines, glossed, strict=True)
        ]
    first, *read = embedder.embed_tokens([about, *texts])
    scores = reader.score(first, list(zip(read, starts, strict=True)))
    return [
        with_reading(with_cosine(f, float(t.vector @ asked), c.hit.cosine, glossed=g), score)
        for (c, f), t, score, g in zip(found, read, scores, glossed, strict=True)
    ]


def _readable(candidate: Candidate, known: Collection[str]) -> tuple[int, str]:
    """Return where a piece begins in its text in context, and that text as the model reads it."""
    language = candidate.hit.passage.language
    body = as_read(candidate.text, language, known)
    whole = in_context(candidate)
    front = as_read(whole.removesuffix(candidate.text), language, known)
    return len(front), front + body


def in_context(candidate: Candidate) -> str:
    """Put what a row or list item belongs to in front of it, as its passage has it."""
    context = candidate.piece.context[:CONTEXT].strip()
    return f"{context}\n{candidate.text}" if context else candidate.text


def _knows(embedder: Embedder, language: str) -> bool:
    known = embedder.languages
    return language == "und" or language in known or is_glossed(language, known)


def _choose(ranked: Sequence[Evidence]) -> list[Evidence]:
    """Take the best piece, then those that are nearly as good and say something new."""
    if not ranked:
        return []
    best = ranked[0]
    chosen = [best]
    for evidence in ranked[1:]:
        if len(chosen) == MOST:
            break
        own = keys(evidence.text, evidence.hit.passage.language)
        if _belongs(evidence, best) and not any(_same(own, other) for other in chosen):
            chosen.append(evidence)
    return chosen


def _belongs(evidence: Evidence, best: Evidence) -> bool:
    """Say whether a piece may follow the best: of its row, its document, or as good as it is."""
    if not evidence.complete:
        return False
    same = evidence.hit.passage.doc_id == best.hit.passage.doc_id
    if same and evidence.row == best.row >= 0:
        return True
    beside = evidence.hit.passage.passage_id == best.hit.passage.passage_id
    near = NEAR if beside else NEAR_BY if same else NEAR_ELSEWHERE
    return evidence.score >= best.score - near


def _same(own: frozenset[str], other: Evidence) -> bool:
    theirs = keys(other.text, other.hit.passage.language)
    return len(own & theirs) >= SAME * min(len(own), len(theirs))


def _extended(
    evidence: Evidence,
    wholes: dict[tuple[str, int], tuple[int, int]],
    text: Callable[[str], DocumentText],
) -> Evidence:
    """Let a piece begin with the sentence that says whom it means and end with its list."""
    start, end = wholes[(evidence.hit.passage.passage_id, evidence.start)]
    if (start, end) == (evidence.start, evidence.end):
        return evidence
    whole = text(evidence.hit.passage.doc_id).text[start:end]
    return replace(evidence, start=start, end=end, text=whole)


def _apart(chosen: Iterable[Evidence]) -> Iterator[Evidence]:
    """Leave out what an earlier piece already says; a piece never begins within another."""
    said: list[Evidence] = []
    for evidence in chosen:
        spans = [(e.start, e.end) for e in said if e.hit.document == evidence.hit.document]
        if any(a <= evidence.start and evidence.end <= b for a, b in spans):
            continue
        end = max((b for a, b in spans if a <= evidence.start < b), default=None)
        if end is not None:
            text = evidence.text[end - evidence.start :]
            start = evidence.end - len(text.lstrip())
            evidence = replace(evidence, start=start, text=text.lstrip())
        said.append(evidence)
        yield evidence
