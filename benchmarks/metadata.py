"""Measure what is read about documents without a manifest, field by field.

Run from the repository root, with the document collection beside the checkout:

    python -m benchmarks.metadata              all fields
    python -m benchmarks.metadata --errors     and what is wrong, with where it was read

The gold is the programme's manifest, and for the United Nations documents a list that a person
made from their first pages (``metadata_gold.tsv``). A field is right, wrong, or missing where the
gold has a value and nothing was read. A title is right when it has every telling word of the gold.
"""

from __future__ import annotations

import argparse
import csv
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from benchmarks.paragraphs import ROOT, SHARED
from ingest.metadata import read_metadata
from ingest.parsers.registry import parse
from ingest.types import Metadata

FIELDS = ("title", "symbol", "year", "kind", "countries", "publisher", "languages")
UNKNOWN = "?"
Gold = dict[str, str]


def programme() -> Iterator[tuple[Path, str, Gold]]:
    """Yield (path, file, gold) of the programme's documents, from their manifest."""
    folder = SHARED / "programme"
    with (folder / "manifest.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            gold = {name: row[name] for name in ("year", "kind", "publisher", "languages")}
            gold |= {"countries": row["countries"], "title": row["title"], "symbol": ""}
            yield folder / row["file"], row["file"], gold


def united_nations() -> Iterator[tuple[Path, str, Gold]]:
    """Yield (path, file, gold) of the United Nations documents."""
    lines = (ROOT / "benchmarks" / "metadata_gold.tsv").read_text(encoding="utf-8").splitlines()
    rows = csv.DictReader((n for n in lines if not n.startswith("#")), delimiter="\t")
    for row in rows:
        gold = {name: row[name] for name in FIELDS if name in row}
        yield (
            SHARED / "un_documents" / "pdf" / row["file"],
            row["file"],
            gold
            | {
                "title": row["title_words"],
                "languages": "en",
            },
        )


def judge(field: str, read: Metadata, gold: str) -> str:
    """Return "right", "wrong", "missing", "rightly empty", or "" where it is not judged."""
    if gold == UNKNOWN:
        return ""
    value = getattr(read, field)
    if field == "title":
        lacking = _telling(gold) - _telling(read.title)
        return "wrong" if lacking else "right"
    if field == "kind" and value == "document":
        value = ""
    found = {str(v) for v in value} if isinstance(value, tuple) else {str(value or "")} - {""}
    wanted = set(filter(None, gold.split(";")))
    if not found:
        return "missing" if wanted else "rightly empty"
    return "right" if found == wanted else "wrong"


def _telling(text: str) -> set[str]:
    return {word for word in re.findall(r"\w+", text.casefold()) if len(word) > 3 or word.isdigit()}


def main() -> None:
    """Read every document and print a line for each field."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--errors", action="store_true", help="print what is wrong")
    options = parser.parse_args()
    counts: dict[str, Counter[str]] = {field: Counter() for field in FIELDS}
    total = 0
    for path, file, gold in (*programme(), *united_nations()):
        read = read_metadata(parse(path), file)
        total += 1
        for field in FIELDS:
            verdict = judge(field, read, gold[field])
            counts[field][verdict] += 1
            if options.errors and verdict in {"wrong", "missing"}:
                why = next((why for why in read.why if why.field == field), None)
                print(f"{verdict} {field} of {file}: {getattr(read, field)!r}, not {gold[field]!r}")
                print(f"    {why}")
    print(f"{total} documents")
    print(f"{'':<10} right wrong missing rightly-empty  precision")
    for field, count in counts.items():
        said = count["right"] + count["wrong"]
        print(
            f"{field:<10} {count['right']:5} {count['wrong']:5} {count['missing']:7} "
            f"{count['rightly empty']:13}  {count['right'] / said if said else 1:9.3f}"
        )


if __name__ == "__main__":
    main()
