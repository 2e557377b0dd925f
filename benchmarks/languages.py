"""Search in each language: keywords alone, vectors alone, and what the library does with both.

Run from the repository root, with the document collection beside the checkout:

    python -m benchmarks.languages                  all collections and languages
    python -m benchmarks.languages udhr --only sr   one collection, one language

XQuAD asks its questions of its paragraphs; the SDG goals seek their targets; each ten words
of the first half of an article of the UDHR seek the rest of it, in Serbian also across scripts.
Every language is a library of its own, so nothing is gained by telling languages apart. nDCG@10;
a line says BEHIND where ours falls more than 0.005 below keywords alone.
"""

from __future__ import annotations

import argparse
import json
import math
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from benchmarks.paragraphs import SHARED, Remembering, lines
from index.analysis import words
from index.build import Builder
from index.embed import load_embedder
from index.embedded import as_read
from index.library import Library
from index.reading import Reading
from index.retrieve import CANDIDATES, retrieve
from index.snapshot import Snapshot, open_snapshot
from index.types import KEEPER, Embedder
from ingest.language import LANGUAGES, detect, detect_question
from ingest.types import (
    Block,
    BlockKind,
    Extracted,
    Metadata,
    ParsedDocument,
    Passage,
    SourceFile,
    Unit,
)

ALLOWED = 0.005
"""How far ours may stay behind keywords alone, in nDCG@10."""
PIECE = 10
"""Words of an article's first half that ask for the rest of it."""
UDHR = {
    "en": "eng", "fr": "fra", "es": "spa", "ar": "arb", "ru": "rus", "ro": "ron_2006",
    "sr": "srp_cyrl", "sr (Latin)": "srp_latn", "bn": "ben",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Collection:
    """Texts of one language and what is asked of them.

    Attributes:
        name: The collection.
        language: Its language, as the table shows it.
        texts: By id.
        asked: (question, ids of the texts that answer it).
    """

    name: str
    language: str
    texts: Mapping[str, str]
    asked: Sequence[tuple[str, frozenset[str]]]


def xquad(language: str) -> Collection:
    """Return the paragraphs and questions of XQuAD in one language."""
    folder = SHARED / "xquad" / language
    gold = dict(line.split("\t")[:2] for line in lines(folder / "qrels.tsv")[1:])
    asked = [(row["text"], frozenset({gold[row["_id"]]})) for row in _rows(folder, "queries")]
    texts = {row["_id"]: row["text"] for row in _rows(folder, "corpus")}
    return Collection("XQuAD", language, texts, asked)


def sdg(language: str) -> Collection:
    """Return the SDG targets, each sought by the goal that it belongs to."""
    name = "cnr" if language == "sr" else language
    rows = {row["_id"]: row["text"] for row in _rows(SHARED / "sdg_xling", name)}
    texts = {i: text for i, text in rows.items() if i.startswith("target:")}
    goals = {i.removeprefix("goal:"): t for i, t in rows.items() if i.startswith("goal:")}
    asked = [
        (text, frozenset(i for i in texts if i.startswith(f"target:{number}-")))
        for number, text in goals.items()
    ]
    return Collection("SDG", language, texts, asked)


def udhr(language: str, asked_in: str = "") -> Collection:
    """Return the UDHR's articles without their first halves, which ask for them in pieces."""
    rest = {i: " ".join(second) for i, (_, second) in _halves(UDHR[language]).items()}
    asked = [
        (" ".join(first[at : at + PIECE]), frozenset({i}))
        for i, (first, _) in _halves(UDHR[asked_in or language]).items()
        for at in range(0, len(first) - PIECE // 2, PIECE)
        if i in rest
    ]
    return Collection("UDHR", f"{asked_in} in {language}" if asked_in else language, rest, asked)


def _halves(name: str) -> dict[str, tuple[list[str], list[str]]]:
    halves = {}
    for row in _rows(SHARED / "udhr_xling", name):
        parts = row["text"].split()
        if len(parts) >= 2 * PIECE:
            halves[row["_id"]] = (parts[: len(parts) // 2], parts[len(parts) // 2 :])
    return halves


def _rows(folder: Path, name: str) -> list[dict[str, str]]:
    return [json.loads(line) for line in lines(folder / f"{name}.jsonl")]


def collections(wanted: Sequence[str]) -> Iterator[Collection]:
    """Yield every collection in every language that it has."""
    if "xquad" in wanted:
        yield from map(xquad, ("en", "es", "ar", "ru", "ro"))
    if "sdg" in wanted:
        yield from map(sdg, ("en", "fr", "es", "ar", "ru", "ro", "sr"))
    if "udhr" in wanted:
        yield from map(udhr, UDHR)
        yield udhr("sr", "sr (Latin)")
        yield udhr("sr (Latin)", "sr")


def measure(data: Collection, embedder: Embedder) -> dict[str, float]:
    """Return nDCG@10 of keywords alone, of vectors alone and of ours, and what was told."""
    with tempfile.TemporaryDirectory() as place:
        code = data.language.split(" in ")[-1].split()[0]
        snapshot = _library(Path(place), data, code, embedder)
        rankings = [_rankings(snapshot, embedder, text[:2_000]) for text, _ in data.asked]
        snapshot.reading.close()
    gold = [relevant for _, relevant in data.asked]
    figures = {
        name: sum(ndcg(r[name], g) for r, g in zip(rankings, gold, strict=True)) / len(gold)
        for name in ("keywords", "vectors", "ours")
    }
    told = [detect(text) == code for text in data.texts.values()]
    asked = [detect_question(text) == code for text, _ in data.asked]
    return figures | {"texts": sum(told) / len(told), "asked": sum(asked) / len(asked)}


def _library(place: Path, data: Collection, code: str, embedder: Embedder) -> Snapshot:
    folder = place / "library"
    with Library.open(folder) as library:
        builder = Builder(library, embedder, lambda source: None)
        for _ in builder.run(_extracted(place, i, text, code) for i, text in data.texts.items()):
            pass
        builder.publish()
    return open_snapshot(Reading(folder))


def _extracted(root: Path, name: str, text: str, code: str) -> Extracted:
    text = text.strip()
    path = root / f"{name.replace(':', '_')}.txt"
    path.write_text(text, encoding="utf-8")
    raw = path.read_bytes()
    language = detect(text)
    passage = Passage(
        0, len(text), text, (), "", code if language == "und" else language, BlockKind.PARAGRAPH
    )
    return Extracted(
        SourceFile(path, root, name),
        sha256(raw).hexdigest(),
        len(raw),
        ParsedDocument(text, (Block(BlockKind.PARAGRAPH, 0, len(text), 1, 1),), Unit.LINE),
        (passage,),
        Metadata("", languages=(code,)),
    )


def _rankings(snapshot: Snapshot, embedder: Embedder, question: str) -> dict[str, list[str]]:
    """Return the names of the texts found, best first, each way."""
    language = detect_question(question)
    languages = (language,) if language != "und" else ("en",)
    keywords = snapshot.derived.lexical.search(question, languages, CANDIDATES)
    vectors = snapshot.derived.vectors.search(
        embedder.embed_query(as_read(question, language, embedder.languages)), CANDIDATES, None
    )
    hits = retrieve(snapshot, embedder, question, reader=KEEPER, limit=10).hits
    rows = snapshot.reading.passages([n for n, _ in (*keywords, *vectors)])
    files = {e.content_no: e.document.file for e in snapshot.catalogue.entries}
    return {
        "keywords": [files[rows[n].content_no] for n, _ in keywords[:10]],
        "vectors": [files[rows[n].content_no] for n, _ in vectors[:10]],
        "ours": [hit.document.file for hit in hits],
    }


def ndcg(ranking: Sequence[str], relevant: frozenset[str], depth: int = 10) -> float:
    """Return nDCG of a ranking, relevance 0 or 1 (Järvelin and Kekäläinen, TOIS 2002)."""
    gain = sum(1 / math.log2(at + 2) for at, name in enumerate(ranking[:depth]) if name in relevant)
    best = sum(1 / math.log2(at + 2) for at in range(min(depth, len(relevant))))
    return gain / best if best else 0.0


def main() -> None:
    """Measure and print a line for each collection and language."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    known = ("xquad", "sdg", "udhr")
    parser.add_argument("collections", nargs="*", help=", ".join(known))
    parser.add_argument("--only", choices=LANGUAGES, help="one language")
    options = parser.parse_args()
    wanted = options.collections or known
    embedder = Remembering(load_embedder())
    print(f"{'':<6} {'language':<18} keywords vectors   ours   told: texts, questions")
    behind = 0
    for data in collections(wanted):
        if options.only and options.only not in words(data.language):
            continue
        found = measure(data, embedder)
        short = found["ours"] < found["keywords"] - ALLOWED
        behind += short
        print(
            f"{data.name:<6} {data.language:<18} {found['keywords']:8.3f} {found['vectors']:7.3f} "
            f"{found['ours']:6.3f}   {found['texts']:11.3f} {found['asked']:10.3f}"
            + ("   BEHIND" if short else ""),
            flush=True,
        )
    print(f"behind keywords by more than {ALLOWED}: {behind}")


if __name__ == "__main__":
    main()
