"""Retrieval on every set: keywords alone, vectors alone, reciprocal rank fusion, and ours.

Run from the repository root, with the document collection beside the checkout:

    python -m benchmarks.retrieval                           every set, as a Markdown table
    python -m benchmarks.retrieval xquad/en gcm --most 1000  some sets, all their questions

Libraries are made once in the user's cache folder (or ``--libraries``) and used again. Of a
large set the questions are spread evenly, so that the table takes minutes.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path

import numpy as np
import platformdirs

from benchmarks.paragraphs import ROOT, SHARED
from index.embedded import as_read
from index.retrieve import retrieve, stored_passage
from index.snapshot import Snapshot
from index.types import KEEPER, Embedder, Hit
from ingest.language import LANGUAGES, detect_question
from mmsearch.conversation.follow_up import understand
from mmsearch.evaluate.corpus import load_corpus
from mmsearch.evaluate.judge import NameOf, ranking_of
from mmsearch.evaluate.measure import by_corpus_id, by_file
from mmsearch.evaluate.questions import Query, read_questions
from mmsearch.evaluate.ranking import ndcg
from mmsearch.knowledge import KnowledgeBase
from mmsearch.loading import LoadOptions, load

SETS = (
    *(f"xquad/{code}" for code in ("en", "es", "ar", "ru", "ro")),
    "gcm",
    "udhr",
    "sdg",
    "programme",
    "staff",
    "unseen",
)
MOST = 320
"""How many questions of a set are asked."""
DEPTH = 100
RRF_K = 60
"""Cormack, Clarke and Buettcher, "Reciprocal Rank Fusion" (SIGIR 2009), section 3."""

Ranked = Sequence[int]


@dataclass(frozen=True, slots=True)
class Set:
    """A library with its questions."""

    base: KnowledgeBase
    queries: list[Query]
    name: NameOf


def methods(snapshot: Snapshot, embedder: Embedder, question: str) -> dict[str, list[Hit]]:
    """Return the hits of each method for one question."""
    language = detect_question(question, LANGUAGES)
    stems = (language,) if language != "und" else ("en",)
    lexical = [n for n, _ in snapshot.derived.lexical.search(question, stems, DEPTH)]
    vector = embedder.embed_query(as_read(question, language, embedder.languages))
    near = [n for n, _ in snapshot.derived.vectors.search(vector, DEPTH, None)]
    ours = retrieve(snapshot, embedder, question, reader=KEEPER, limit=20).hits
    return {
        "keywords": _hits(snapshot, lexical),
        "vectors": _hits(snapshot, near),
        "RRF": _hits(snapshot, reciprocal(lexical, near)),
        "ours": list(ours),
    }


def reciprocal(*rankings: Ranked) -> list[int]:
    """Merge rankings by reciprocal rank fusion."""
    scores: dict[int, float] = {}
    for ranking in rankings:
        for rank, number in enumerate(ranking, start=1):
            scores[number] = scores.get(number, 0.0) + 1.0 / (RRF_K + rank)
    return sorted(scores, key=lambda n: (-scores[n], n))


def measure(chosen: Set, most: int) -> dict[str, tuple[float, float]]:
    """Return nDCG@10 and the share with a gold place among five, by method."""
    snapshot, embedder = chosen.base._opened()
    found: dict[str, list[tuple[float, float]]] = {}
    judged = [query for query in chosen.queries if query.judged]
    for query in judged[:: max(1, ceil(len(judged) / most))]:
        asked = understand(query.text, query.history).query
        for method, hits in methods(snapshot, embedder, asked).items():
            ranked, gains = ranking_of(query, hits, chosen.name)
            ids = [item for item, _ in ranked]
            five = any(gains.get(item, 0) > 0 for item in ids[:5])
            found.setdefault(method, []).append((ndcg(ids, gains, 10), float(five)))
    return {m: tuple(np.mean(rows, axis=0).tolist()) for m, rows in found.items()}


def opened(name: str, libraries: Path) -> Set:
    """Make or open the library of a set."""
    if name in ("programme", "staff", "unseen"):
        path = ROOT / "tests" / "questions" / f"{name}.jsonl"
        queries = [q for q in read_questions(path) if q.answerable]
        return Set(_documents(libraries / "documents"), queries, by_file)
    folder = SHARED / name
    if name in ("udhr", "sdg"):
        folder = libraries / f"{name}-made"
        _across(name, folder)
    library = libraries / name.replace("/", "-")
    if not library.exists():  # loaded again from another place, each text would be there twice
        with tempfile.TemporaryDirectory() as place:
            load_corpus(folder, library, Path(place), begin=quiet, each=quiet, workers=2)
    return Set(KnowledgeBase.open(library), read_questions(folder), by_corpus_id)


def _documents(library: Path) -> KnowledgeBase:
    paths = [SHARED / "programme", SHARED / "un_documents"]
    options = LoadOptions(library, manifest=SHARED / "programme" / "manifest.csv", workers=2)
    load(paths, options, begin=quiet, each=quiet)
    return KnowledgeBase.open(library)


def _across(name: str, folder: Path) -> None:
    """Make a set of texts in English that are asked for in other languages, by id.

    UDHR: each article's title and first words; SDG: each goal and target in another language.
    """
    folder.mkdir(parents=True, exist_ok=True)
    source = SHARED / f"{name}_xling"
    texts = _texts(source / ("eng.jsonl" if name == "udhr" else "en.jsonl"))
    others = ("fra", "spa", "rus", "arb") if name == "udhr" else ("fr", "es", "ru", "ar")
    corpus = [{"_id": i, "title": "", "text": text} for i, text in texts.items()]
    queries, judged = [], ["query-id\tcorpus-id\tscore"]
    for code in others:
        for doc_id, text in _texts(source / f"{code}.jsonl").items():
            if doc_id in texts:
                queries.append({"_id": f"{code}-{doc_id}", "text": text[:300]})
                judged.append(f"{code}-{doc_id}\t{doc_id}\t1")
    for file, rows in (("corpus.jsonl", corpus), ("queries.jsonl", queries)):
        lines = [json.dumps(row, ensure_ascii=False) for row in rows]
        (folder / file).write_text("\n".join(lines), encoding="utf-8")
    (folder / "qrels.tsv").write_text("\n".join(judged), encoding="utf-8")


def _texts(path: Path) -> dict[str, str]:
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return {row["_id"]: row["text"] for row in rows}


def _hits(snapshot: Snapshot, numbers: Ranked) -> list[Hit]:
    catalogue = snapshot.catalogue
    rows = snapshot.reading.passages(list(numbers)[:30])
    hits = []
    for rank, number in enumerate(list(numbers)[:30], start=1):
        entry = catalogue.entries[catalogue.owners[np.searchsorted(catalogue.numbers, number)]]
        passage = stored_passage(snapshot, entry, rows[number])
        hits.append(Hit(rank, 1.0 / rank, passage, entry.document))
    return hits


def quiet(_: object) -> None:
    """Show no progress."""


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", nargs="*", default=list(SETS), metavar="SET", help=f"{SETS}")
    parser.add_argument("--most", type=int, default=MOST, help="questions of a set (%(default)s)")
    parser.add_argument(
        "--libraries",
        type=Path,
        default=Path(platformdirs.user_cache_dir("mmsearch")) / "benchmarks",
        help="where the libraries are kept",
    )
    options = parser.parse_args()
    started = time.perf_counter()
    print("| nDCG@10 (among five) | keywords | vectors | RRF | ours |\n|---|---|---|---|---|")
    for name in options.sets:
        chosen = opened(name, options.libraries)
        figures = measure(chosen, options.most)
        cells = " | ".join(f"{a:.3f} ({b:.0%})" for a, b in figures.values())
        print(f"| {name} | {cells} |", flush=True)
        chosen.base.close()
    print(f"in {time.perf_counter() - started:.0f} s")


if __name__ == "__main__":
    main()
