"""Which piece answers: fit the weights of ``mmsearch/answer/choosing.json``, and measure them.

Run from the repository root, with the document collection beside the checkout:

    python -m benchmarks.choosing          the answer in the first piece, and in all, by set
    python -m benchmarks.choosing fit      fit on the tuning halves, write the weights

The first half of XQuAD and every other question over the programme's documents, from the first
on, are tuned on; the others are only measured. A language that the model knows is fitted with
cosines, the others by words.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import platformdirs
from numpy.typing import NDArray

from benchmarks.paragraphs import ROOT, remembering
from benchmarks.retrieval import Set, opened
from index.types import KEEPER, DocumentText, Filters, SearchResult, StoredPassage
from ingest.language import LANGUAGES, detect_question
from mmsearch.answer.answer import read_from
from mmsearch.answer.equivalents import with_equivalents
from mmsearch.answer.question import Question, read
from mmsearch.answer.score import KINDS, NAMES, Candidate, Features
from mmsearch.answer.select import Selection, measured, select
from mmsearch.conversation.follow_up import understand
from mmsearch.evaluate.judge import facts_of, holds, stands_in_gold
from mmsearch.evaluate.questions import Query

PATH = ROOT / "mmsearch" / "answer" / "choosing.json"
XQUAD = tuple(f"xquad/{code}" for code in ("en", "es", "ar", "ru", "ro"))
SETS = (*XQUAD, "staff", "programme")
SHARE = {"staff": 2.0, "programme": 2.0, "xquad/en": 1.0}
"""What a question of a set counts; one of XQuAD in the languages that go by words half."""
LEFT_OUT: Mapping[str, frozenset[str]] = {
    "read": frozenset({"letters", "letters_beside"}),
    "known": frozenset({"letters", "letters_beside", "reads"}),
    "glossed": frozenset(),
    "foreign": frozenset({"cosine", "passage", "reads"}),
}
"""What has no weight in each set of weights."""
BOUNDS = {
    "names": (-np.inf, -0.8),
    "numbers": (-np.inf, -0.8),
    "asks": (-np.inf, -1.0),
    "fragment": (-np.inf, -1.0),
    "spelled": (2.0, 2.0),
    **dict.fromkeys(KINDS, (0.0, np.inf)),
}
"""XQuAD has no fragments and no acronyms to spell out, and hardly a name or a year amiss."""


@dataclass(frozen=True, slots=True)
class Example:
    """The pieces of one question: float64, (n, features); bool, (n,), those that answer."""

    features: NDArray[np.float64]
    right: NDArray[np.bool_]
    share: float


class Asking:
    """Asks the questions of one set and judges each piece."""

    def __init__(self, name: str, libraries: Path, chosen: Set | None = None) -> None:
        self.name = name
        self.chosen: Set = chosen or opened(name, libraries)
        self.embedder = remembering(self.chosen.base._opened()[1])
        self.queries = [q for q in self.chosen.queries if q.answerable and facts_of(q)]

    def half(self, which: int) -> list[Query]:
        """Return the half that is tuned on (0) or the other (1)."""
        if self.name in XQUAD:
            middle = len(self.queries) // 2
            return self.queries[:middle] if which == 0 else self.queries[middle:]
        return self.queries[which::2]

    def text(self, doc_id: str) -> DocumentText:
        """Return a document."""
        return self.chosen.base.text(doc_id, reader=KEEPER)

    def passages(self, doc_id: str) -> tuple[StoredPassage, ...]:
        """Return a document's passages."""
        return self.chosen.base.passages(doc_id, reader=KEEPER)

    def pieces(self, query: Query) -> list[tuple[Candidate, Features]]:
        """Return every piece that an answer is chosen from, with what speaks for it."""
        question, result = self._found(query, None, "")
        return measured(question, result, embedder=self.embedder, text=self.text)

    def read_pieces(
        self, query: Query, most: int
    ) -> tuple[Question, list[tuple[Candidate, Features]]]:
        """Return the pieces that an answer would be chosen from, ``most`` of them embedded."""
        question, result = self._found(query, None, "")
        return question, measured(
            question, result, embedder=self.embedder, text=self.text, most=most
        )

    def selected(
        self, query: Query, filters: Filters | None = None, text: str = ""
    ) -> tuple[Question, SearchResult, Selection]:
        """Choose the pieces of an answer.

        Args:
            query: What is asked, after its history.
            filters: Which documents to search.
            text: What is asked in its place; "" asks it as it is.
        """
        question, result = self._found(query, filters, text)
        return question, result, select(question, result, embedder=self.embedder, text=self.text)

    def _found(
        self, query: Query, filters: Filters | None, text: str
    ) -> tuple[Question, SearchResult]:
        text = text or understand(query.text, query.history).query
        result = self.chosen.base.search(text, reader=KEEPER, filters=filters, limit=10)
        hits = read_from(result.hits, self.embedder, self.passages)
        question = read(text, detect_question(text, LANGUAGES))
        return with_equivalents(question, result.translation), replace(result, hits=hits)

    def answers(self, query: Query, doc_id: str, start: int, end: int) -> bool:
        """Say whether a span holds a fact of the gold on a gold place."""
        quote = self.text(doc_id).text[start:end]
        if not holds([quote], facts_of(query)):
            return False
        base = self.chosen.base
        document = base.document(doc_id, reader=KEEPER)
        locator = base.locate(doc_id, start, end, reader=KEEPER)
        return stands_in_gold(query, document, locator, quote, self.chosen.name)


def examples(asking: Asking) -> Iterator[tuple[str, Example]]:
    """Yield the tuning questions with their pieces, by what the model knows of these.

    "native" are those that it reads as they stand, "glossed" those that it reads word for word,
    "foreign" all that are not native.
    """
    for query in asking.half(0):
        found = asking.pieces(query)
        answer = [
            asking.answers(query, c.hit.passage.doc_id, c.piece.start, c.piece.end)
            for c, _ in found
        ]
        for kind, is_of in KINDS_OF_PIECES.items():
            mine = [at for at, (_, f) in enumerate(found) if is_of(f)]
            right = np.array([answer[at] for at in mine], dtype=bool)
            if right.any() and not right.all():
                rows = np.array([found[at][1].vector() for at in mine])
                yield kind, Example(rows, right, SHARE.get(asking.name, 0.5))


KINDS_OF_PIECES: Mapping[str, Callable[[Features], bool]] = {
    "native": lambda f: f.trusted and not f.glossed,
    "glossed": lambda f: f.glossed,
    "foreign": lambda f: not f.trusted or f.glossed,
}


def fit(
    found: Sequence[Example], names: Sequence[str], steps: int = 3000, shrink: float = 2.0
) -> dict[str, float]:
    """Fit weights so that a piece that answers is likely among those of its question.

    Listwise softmax (Cao et al., "Learning to Rank: From Pairwise Approach to Listwise
    Approach", ICML 2007) by projected gradient with momentum.
    """
    columns = [NAMES.index(name) for name in names]
    x = np.vstack([e.features[:, columns] for e in found])
    right = np.concatenate([e.right for e in found])
    sizes = np.array([len(e.right) for e in found])
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    group = np.repeat(np.arange(len(sizes)), sizes)
    share = np.array([e.share for e in found])[group]
    low, high = np.array([BOUNDS.get(n, (-np.inf, np.inf)) for n in names]).T
    beta = np.clip(np.zeros(len(names)), low, high)
    before = beta.copy()
    spread = max(float((e.features[:, columns].std(axis=0) ** 2).sum()) for e in found)
    rate = 1.0 / (shrink + spread * sum(e.share for e in found))
    for step in range(1, steps + 1):
        ahead = beta + (step - 1) / (step + 2) * (beta - before)
        z = x @ ahead
        e = np.exp(z - np.maximum.reduceat(z, starts)[group])
        likely = e / np.add.reduceat(e, starts)[group]
        meant = e * right / np.add.reduceat(e * right, starts)[group]
        before = beta
        gradient = x.T @ (share * (meant - likely)) - shrink * ahead
        beta = np.clip(ahead + rate * gradient, low, high)
    return {name: round(float(b), 3) for name, b in zip(names, beta, strict=True)}


def measure(asking: Asking, which: int, only: Callable[[Query], bool]) -> tuple[int, float, float]:
    """Return how many questions, and how often the first piece and any piece answers."""
    first, some = [], []
    for query in filter(only, asking.half(which)):
        right = [
            asking.answers(query, e.hit.passage.doc_id, e.start, e.end)
            for e in asking.selected(query)[2].chosen
        ]
        first.append(bool(right) and right[0])
        some.append(any(right))
    n = len(first)
    return n, float(np.mean(first)) if n else 0.0, float(np.mean(some)) if n else 0.0


def write(fitted: Mapping[str, Mapping[str, float]], path: Path) -> None:
    """Write and print weights, as people read them."""
    text = json.dumps(fitted, indent=1)
    path.write_text(text + "\n", encoding="utf-8")
    print(text)


def default_libraries() -> Path:
    """Return where the benchmarks' libraries are kept."""
    return Path(platformdirs.user_cache_dir("mmsearch")) / "benchmarks"


def arguments(description: str | None) -> argparse.Namespace:
    """Read what to do, on which sets, and where their libraries are kept."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("what", nargs="?", choices=["measure", "fit"], default="measure")
    parser.add_argument("--sets", nargs="*", default=list(SETS))
    parser.add_argument(
        "--libraries",
        type=Path,
        default=default_libraries(),
        help="where the libraries are kept",
    )
    return parser.parse_args()


def main() -> None:
    """Fit or measure."""
    options = arguments(__doc__)
    asked = [Asking(name, options.libraries) for name in options.sets]
    if options.what == "fit":
        fitted = {}
        found = [pair for a in asked for pair in examples(a)]
        for label, left_out in LEFT_OUT.items():
            kind = label if label in KINDS_OF_PIECES else "native"
            names = [n for n in NAMES if n not in left_out]
            fitted[label] = fit([e for k, e in found if k == kind], names)
        write(fitted, PATH)
        return
    print("| set | tuned on: n, first, in the answer | the others |\n|---|---|---|")
    for one in asked:
        cells = ["{} {:.1%} {:.1%}".format(*measure(one, w, lambda _: True)) for w in (0, 1)]
        print(f"| {one.name} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
