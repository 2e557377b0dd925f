"""How well a piece answers a question: features of the piece and a weighted sum of them. Pure.

The weights lie in ``choosing.json`` and are fitted (listwise softmax, so that a score is a
logarithm of odds among the pieces of one question) by

    python -m benchmarks.choosing fit

"read" holds where the model knows both languages and the learnt reader has read the piece,
"glossed" where it read a gloss (``index.gloss``) of one of them, "known" where there is no reader
for the model; "foreign" goes by words alone, and also says which pieces are worth embedding.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cache, lru_cache
from importlib.resources import files
from itertools import chain
from operator import attrgetter

from index.second_stage import SOFT, SYNONYM, Term, idf, with_together
from index.types import Hit
from ingest.types import BlockKind
from mmsearch.answer.equivalents import asked_of
from mmsearch.answer.kinds import Kind, kind, offers
from mmsearch.answer.question import Question, missing, spells_out
from mmsearch.answer.reader import HIGHEST
from mmsearch.answer.sentences import Piece

SHORTEST_ALIKE = 5
"""Words with fewer letters have no other forms than those that share their stem."""
RUN = 4
"""Letters in a run; the beginning of a word counts as one."""
TAIL = 3
"""Two words are forms of one when they differ by at most so many letters at the end."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A piece of a hit, with the keys (``question.keys``) of what it and its surroundings say.

    Attributes:
        hit: The passage it stands in.
        piece: Its place.
        text: What it says.
        start: Where its quote begins, with the sentence that says whom it means.
        stop: Where it ends with the list that it opens.
        own: Keys of the piece.
        before: Keys of the piece before it in the passage.
        above: Keys of title, headings and context.
        around: Keys of its passage.
        about: Keys of what is known of the document.
    """

    hit: Hit
    piece: Piece
    text: str
    start: int
    stop: int
    own: frozenset[str]
    before: frozenset[str]
    above: frozenset[str]
    around: frozenset[str]
    about: frozenset[str]

    @property
    def beside(self) -> frozenset[str]:
        """Keys of what says whom and what it means."""
        return self.own | self.before | self.above


@dataclass(frozen=True, slots=True)
class Features:
    """What speaks for a piece and against it; each 0–1 unless said.

    Attributes:
        cosine: Of question and piece, -1–1; 0 where it was not measured or cannot be trusted.
        passage: Of question and passage.
        own: Share (by idf) of the question's words in the piece.
        beside: With the piece before it, headings and title.
        around: With its passage.
        letters: Share (by idf) of the question's runs of four letters in the piece: words of
            one root share them where no stemmer sees it.
        letters_beside: With the piece before it.
        score: Of its hit, against the best hit's.
        fragment: 1 when it does not read on its own.
        row: 1 for a table row.
        asks: 1 for a question.
        spelled: 1 when it spells out an acronym of the question.
        names: Share of the question's names that are missing from it and its surroundings.
        numbers: The same of its numbers.
        amount: 1 when an amount is asked for and it has one, -1 when it has none.
        time: The same of a date or year.
        who: Of a name that the question does not have.
        where: Of such a name for a place.
        why: Of a reason.
        reads: How likely the learnt reader takes it to answer, a logarithm of odds, an eighth,
            -1–1; 0 where it was not read.
        trusted: Whether the cosine was measured.
        read: Whether the learnt reader has read it.
        glossed: Whether the model knows the question or the piece by its gloss alone.
    """

    cosine: float
    passage: float
    own: float
    beside: float
    around: float
    letters: float
    letters_beside: float
    score: float
    fragment: float
    row: float
    asks: float
    spelled: float
    names: float
    numbers: float
    amount: float = 0.0
    time: float = 0.0
    who: float = 0.0
    where: float = 0.0
    why: float = 0.0
    reads: float = 0.0
    trusted: bool = False
    read: bool = False
    glossed: bool = False

    @property
    def set_of_weights(self) -> str:
        """Which weights hold."""
        if not self.trusted:
            return "foreign"
        return "known" if not self.read else "glossed" if self.glossed else "read"

    @property
    def offers(self) -> bool | None:
        """Whether the kind of answer that is asked for is there; None where nobody can tell."""
        told = [getattr(self, name) for name in KINDS]
        return None if not any(told) else max(told) > 0

    def vector(self) -> tuple[float, ...]:
        """Return the features in the order of ``NAMES``."""
        found: tuple[float, ...] = _VALUES(self)
        return found


NAMES = tuple(field.name for field in fields(Features) if field.type != "bool")
_VALUES = attrgetter(*NAMES)  # dataclasses.astuple copies every value, at fifty times the cost
KINDS = frozenset(k.value for k in Kind) & frozenset(NAMES)


def _load() -> Mapping[str, Mapping[str, float]]:
    text = files("mmsearch.answer").joinpath("choosing.json").read_text(encoding="utf-8")
    loaded: Mapping[str, Mapping[str, float]] = json.loads(text)
    return loaded


WEIGHTS = _load()
"""By "read", "glossed", "known" and "foreign"; a feature without one says nothing there."""


def weigh(features: Features) -> float:
    """Return the score of a piece; comparable within one question only."""
    weights = WEIGHTS[features.set_of_weights]
    pairs = zip(NAMES, features.vector(), strict=True)
    return sum(weights.get(name, 0.0) * value for name, value in pairs if value)


def with_cosine(
    features: Features, cosine: float, passage: float | None, *, glossed: bool = False
) -> Features:
    """Add the cosines of a piece and its passage with the question, or of their glosses."""
    return replace(features, cosine=cosine, passage=passage or 0.0, trusted=True, glossed=glossed)


def with_reading(features: Features, score: float) -> Features:
    """Add what the learnt reader says of a piece (``reader.LearntReader.score``)."""
    return replace(features, reads=score / HIGHEST, read=True)


class Reader:
    """Reads the candidates of one question.

    Args:
        question: As read by ``question.read``.
        weights: The idf of each of its words.
        candidates: All that will be read: they say which words are forms of the question's.
        top: The best hit's score.
    """

    def __init__(
        self,
        question: Question,
        weights: Sequence[float],
        candidates: Sequence[Candidate],
        top: float,
    ) -> None:
        self._question = question
        self._kind = kind(question.text)
        self._top = top
        total = sum(weights) or 1.0
        self._weights = [weight / total for weight in weights]
        asked = asked_of(question.words, weights)
        self._terms, self._together = asked.terms, asked.together
        everything = frozenset().union(*(c.around | c.above for c in candidates))
        everything |= {key for key, _ in asked.together}
        self._forms = [_forms(term, everything) for term in self._terms]
        self._letters = _Letters(question, candidates)
        self._nameless = cache(self._missing_names)  # alike for all pieces of a passage

    def features(self, candidate: Candidate) -> Features:
        """Measure a piece by its words, without a cosine."""
        question, hit = self._question, candidate.hit
        own, before = self._row(candidate.own), self._row(candidate.before)
        beside = [max(row) for row in zip(own, before, self._row(candidate.above), strict=True)]
        around = [max(row) for row in zip(beside, self._row(candidate.around), strict=True)]
        offered = self._offered(candidate.text)
        return Features(
            cosine=0.0,
            passage=0.0,
            own=self._share(own),
            beside=self._share(beside),
            around=self._share(around),
            letters=self._letters.share(candidate.own),
            letters_beside=self._letters.share(candidate.own | candidate.before),
            score=hit.score / self._top if self._top > 0 else 0.0,
            fragment=float(not candidate.piece.complete),
            row=float(candidate.piece.kind is BlockKind.TABLE_ROW),
            asks=float(candidate.text.rstrip().endswith(("?", "؟"))),
            spelled=float(spells_out(question, candidate.text)),
            names=self._nameless(candidate.around, candidate.above, candidate.about),
            numbers=missing(question.given, candidate.beside | candidate.about),
            amount=offered.get(Kind.AMOUNT, 0.0),
            time=offered.get(Kind.TIME, 0.0),
            who=offered.get(Kind.WHO, 0.0),
            where=offered.get(Kind.WHERE, 0.0),
            why=offered.get(Kind.WHY, 0.0),
        )

    def _offered(self, text: str) -> dict[Kind, float]:
        """Return 1 where a text offers the kind of answer, -1 where not; empty if untold."""
        told = offers(self._kind, text, self._question.text, self._question.numbers)
        return {} if told is None else {self._kind: 1.0 if told else -1.0}

    def _missing_names(self, *having: frozenset[str]) -> float:
        return missing(self._question.names, frozenset().union(*having))

    def _row(self, having: frozenset[str]) -> list[float]:
        having = with_together(self._together, having)
        return [
            max((strength for form, strength in forms if form in having), default=0.0)
            for forms in self._forms
        ]

    def _share(self, row: Sequence[float]) -> float:
        return sum(w * s for w, s in zip(self._weights, row, strict=True))


class _Letters:
    """The runs of letters that a question's words are made of, weighed by rarity."""

    def __init__(self, question: Question, candidates: Sequence[Candidate]) -> None:
        runs = frozenset(chain.from_iterable(_runs(word.folded) for word in question.words))
        everything = frozenset(chain.from_iterable(c.own for c in candidates))
        self._having = {key: found for key in everything if (found := runs & _runs(key))}
        counts = Counter(chain.from_iterable(self._of(c.own) for c in candidates))
        n = len(candidates)
        self._weights = {run: idf(counts[run], n) for run in runs}
        self._total = sum(self._weights.values()) or 1.0

    def share(self, having: frozenset[str]) -> float:
        """Return the share of the runs' weight in a text of such keys."""
        return sum(self._weights[run] for run in self._of(having)) / self._total

    def _of(self, having: frozenset[str]) -> set[str]:
        return set(chain.from_iterable(self._having[k] for k in having if k in self._having))


@lru_cache(maxsize=100_000)
def _runs(word: str) -> frozenset[str]:
    opened = f"^{word}"
    return frozenset(opened[at : at + RUN] for at in range(max(1, len(opened) - RUN + 1)))


def _forms(term: Term, everything: frozenset[str]) -> list[tuple[str, float]]:
    """Return the words of a text that say a question's word: 1 the same, ``SOFT`` alike."""
    same = [(key, 1.0) for key in {term.stem, term.folded, *term.also} if key in everything]
    same += [(key, SYNONYM) for key in term.like if key in everything]
    if same or len(term.folded) < SHORTEST_ALIKE or term.folded.isdigit():
        return same
    head = term.folded[: max(SHORTEST_ALIKE - 1, len(term.folded) - TAIL)]
    longest = len(term.folded) + TAIL
    return [(k, SOFT) for k in everything if len(k) <= longest and k.startswith(head)]
