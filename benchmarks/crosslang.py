"""Questions in one language over documents in another, with the list of concepts and without.

Run from the repository root, with the document collection beside the checkout:

    python -m benchmarks.crosslang                              every set
    python -m benchmarks.crosslang questions --split once       our own questions, one half
    python -m benchmarks.crosslang xquad sdg --every 4          some sets, every fourth question

``questions`` are tests/questions/crosslang.jsonl over the documents; ``same`` are the questions in
their documents' own language, which must not suffer; ``xquad`` asks in Spanish, Arabic, Russian
and Romanian for English paragraphs, and in English for Spanish ones; ``udhr`` and ``sdg`` ask with
an article or target in another language for the English one. Libraries are made once in the
user's cache folder (or ``--libraries``) and used again.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import platformdirs

from benchmarks.paragraphs import ROOT, SHARED
from benchmarks.retrieval import Set, opened
from index.retrieve import retrieve
from index.snapshot import Snapshot
from index.types import KEEPER, Embedder
from mmsearch.conversation.follow_up import understand
from mmsearch.evaluate.judge import ranking_of
from mmsearch.evaluate.questions import Query, read_questions

QUESTIONS = ROOT / "tests" / "questions" / "crosslang.jsonl"
NAMES = ("questions", "same", "xquad", "udhr", "sdg")


@dataclass(frozen=True, slots=True)
class Asked:
    """Questions of one language over one library."""

    name: str
    library: Set
    queries: Sequence[Query]


def asked(wanted: Sequence[str], libraries: Path, split: str | None) -> Iterator[Asked]:
    """Yield every set in every language that it has."""
    if "questions" in wanted:
        library = opened("staff", libraries)
        yield from _by_language("questions", library, _ours(split))
    if "same" in wanted:
        for name in ("programme", "staff"):
            library = opened(name, libraries)
            own = [q for q in library.queries if q.judged and q.kind != "cross"]
            yield from _by_language(name, library, own)
    if "xquad" in wanted:
        library = opened("xquad/en", libraries)
        for code in ("es", "ar", "ru", "ro"):
            yield Asked(f"xquad {code}>en", library, read_questions(SHARED / "xquad" / code))
        spanish = opened("xquad/es", libraries)
        yield Asked("xquad en>es", spanish, read_questions(SHARED / "xquad" / "en"))
    for name in ("udhr", "sdg"):
        if name in wanted:
            library = opened(name, libraries)
            for code in sorted({q.query_id.partition("-")[0] for q in library.queries}):
                some = [q for q in library.queries if q.query_id.startswith(f"{code}-")]
                yield Asked(f"{name} {code}>en", library, some)


def _ours(split: str | None) -> list[Query]:
    lines = [json.loads(line) for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
    half = {line["id"] for line in lines if split in (None, line["split"])}
    return [q for q in read_questions(QUESTIONS) if q.judged and q.query_id in half]


def _by_language(name: str, library: Set, queries: Sequence[Query]) -> Iterator[Asked]:
    for code in sorted({q.language for q in queries}):
        yield Asked(f"{name} {code}", library, [q for q in queries if q.language == code])
    yield Asked(f"{name} all", library, queries)


def measure(data: Asked, every: int) -> tuple[int, list[float], list[float]]:
    """Return how many questions there are, and (first, among five) without the list and with."""
    snapshot, embedder = data.library.base._opened()
    queries = data.queries[::every]
    ranks = [
        [_rank(data.library, state, embedder, query) for query in queries]
        for state in (_untranslated(snapshot), snapshot)
    ]
    without, with_list = (
        [float(np.mean([rank <= depth for rank in found])) for depth in (1, 5)] for found in ranks
    )
    return len(queries), without, with_list


def _untranslated(snapshot: Snapshot) -> Snapshot:
    """Return a generation that does not know which languages it holds."""
    catalogue = snapshot.catalogue
    unknown = replace(catalogue, spoken=np.zeros_like(catalogue.spoken))
    return replace(snapshot, catalogue=unknown)


def _rank(library: Set, snapshot: Snapshot, embedder: Embedder, query: Query) -> float:
    """Return the rank of the first gold place, or infinity."""
    text = understand(query.text, query.history).query
    hits = retrieve(snapshot, embedder, text, reader=KEEPER, limit=10).hits
    ranked, gains = ranking_of(query, hits, library.name)
    found = (rank for rank, (item, _) in enumerate(ranked, start=1) if gains.get(item, 0) > 0)
    return next(found, float("inf"))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sets", nargs="*", default=list(NAMES), metavar="SET", help=f"{NAMES}")
    parser.add_argument("--every", type=int, default=1, help="take every n-th question")
    parser.add_argument("--split", choices=("tune", "once"), help="one half of our questions")
    parser.add_argument(
        "--libraries",
        type=Path,
        default=Path(platformdirs.user_cache_dir("mmsearch")) / "benchmarks",
        help="where the libraries are kept",
    )
    options = parser.parse_args()
    print("| first / among five | questions | without | with the list |\n|---|---|---|---|")
    for data in asked(options.sets, options.libraries, options.split):
        n, without, with_list = measure(data, options.every)
        cells = " | ".join(f"{a:.0%} / {b:.0%}" for a, b in (without, with_list))
        print(f"| {data.name} | {n} | {cells} |", flush=True)


if __name__ == "__main__":
    main()
