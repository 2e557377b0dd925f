"""Measure follow-ups: does the rewritten query find what the question written out would find?

Run from the repository root:

    python -m benchmarks.conversations --split "held out"            over the sample documents
    python -m benchmarks.conversations --library DIR --verbose       over a library that has them

``tests/questions/follow_ups.jsonl`` has conversations in five languages: a follow-up with the
same question written out and the facts that answer it, and new questions that owe nothing to
those before them. A follow-up is found when one of its first five hits has a gold fact; "first"
is the share whose first hit has it.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.paragraphs import ROOT
from index.types import KEEPER, Hit
from mmsearch.conversation.follow_up import understand
from mmsearch.knowledge import KnowledgeBase
from mmsearch.loading import LoadOptions, load

CONVERSATIONS = ROOT / "tests" / "questions" / "follow_ups.jsonl"
SAMPLES = ROOT / "samples" / "library"
FIRST = 5
ASKED = ("question", "query", "standalone")
"""The follow-up as it was asked, as it was understood, and written out by a person."""

Row = dict[str, Any]


def measure(base: KnowledgeBase, rows: Sequence[Row], *, verbose: bool) -> dict[str, float]:
    """Return shares of follow-ups found, and of new questions that something was carried to."""
    found: dict[str, list[bool]] = {name: [] for name in ASKED}
    first: dict[str, list[bool]] = {name: [] for name in ASKED}
    carried = []
    for row in rows:
        understood = understand(row["question"], row["history"])
        if not row["gold"]:
            carried.append(understood.query != row["question"])
            if verbose and carried[-1]:
                print(f"carried  {row['id']} {row['question']!r} -> {understood.query!r}")
            continue
        asked = {**row, "query": understood.query}
        for name in ASKED:
            rank = _rank(base, asked[name], row["gold"])
            found[name].append(rank <= FIRST)
            first[name].append(rank == 1)
        if verbose and not found["query"][-1]:
            written = "found" if found["standalone"][-1] else "not found either"
            print(f"missed   {row['id']} {row['question']!r} -> {understood.query!r} ({written})")
    return {
        **{f"{name}: found": sum(right) / max(1, len(right)) for name, right in found.items()},
        **{f"{name}: first": sum(right) / max(1, len(right)) for name, right in first.items()},
        "follow-ups": len(found["query"]),
        "new questions": len(carried),
        "new questions carried to": sum(carried) / max(1, len(carried)),
    }


def _rank(base: KnowledgeBase, query: str, gold: Sequence[Row]) -> int:
    """Return the rank of the first hit with a gold fact, or one beyond the last."""
    hits = base.search(query, reader=KEEPER, limit=FIRST).hits
    return next((hit.rank for hit in hits if _has_fact(hit, gold)), FIRST + 1)


def _has_fact(hit: Hit, gold: Sequence[Row]) -> bool:
    text = f"{hit.passage.context}\n{hit.passage.text}"
    return any(
        hit.document.file.endswith(one["file"])
        and any(fact in text for fact in one["must_contain"])
        for one in gold
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--library", type=Path, help="a library that has the sample documents")
    parser.add_argument("--split", choices=("dev", "held out"), help="one half of the set")
    parser.add_argument("--verbose", action="store_true", help="show what went wrong")
    given = parser.parse_args()
    lines = CONVERSATIONS.read_text(encoding="utf-8").splitlines()
    rows = [row for row in map(json.loads, lines) if given.split in (None, row["split"])]
    with tempfile.TemporaryDirectory() as scratch:
        folder = given.library or Path(scratch) / "library"
        if given.library is None:
            options = LoadOptions(library=folder, manifest=SAMPLES / "manifest.csv", workers=2)
            load([SAMPLES], options, begin=lambda _: None, each=lambda _: None)
        with KnowledgeBase.open(folder) as base:
            result = measure(base, rows, verbose=given.verbose)
    for name, value in result.items():
        print(f"{name:<28} {value:.0%}" if value <= 1 else f"{name:<28} {value}")


if __name__ == "__main__":
    main()
