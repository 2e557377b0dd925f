"""Measure how well kinds of evidence are told: precision and recall by kind.

Run from the repository root, with the document collection beside the checkout:

    python -m benchmarks.evidence              a line for each kind
    python -m benchmarks.evidence --errors     and every passage that is told wrongly

``evidence_gold.tsv`` holds 200 passages of real documents that a person labelled without seeing
what the program says: by file and a digest of 48 letters from inside the passage, so that it still
fits when passages are cut elsewhere. Not judged are "?", where a person could not tell, and letters
that a form repeats. They were drawn by stratum (many of each kind that the program tells, and
seventy it calls plain), so recall holds within the sample. Those marked "held-out" are another 117,
of documents that no rule was made with a look at, in English, French, Spanish and some other
languages, drawn by words that people use for evidence; they are counted by themselves. When they
were first looked at, 83 of the 105 that can be judged were told rightly; what they showed was
mended then, so that they are held out no longer from what came after.
"""

from __future__ import annotations

import argparse
import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from benchmarks.paragraphs import ROOT, SHARED, lines
from index.embed import load_embedder
from ingest.tokens import TokenCounter
from ingest.types import Passage
from ingest.worker import Request, extract, our_tools

GOLD = ROOT / "benchmarks" / "evidence_gold.tsv"
ANCHOR = 48
"""Letters and digits that a digest is made of."""
UNKNOWN = "?"


def plain(text: str) -> str:
    """Return the letters and digits of a text, lower case."""
    return re.sub(r"[\W_]+", "", text.casefold())


def digest(letters: str) -> str:
    """Name a stretch of letters."""
    return hashlib.blake2b(letters.encode(), digest_size=6).hexdigest()


def anchor(text: str) -> str:
    """Return the digest that stands for a passage: of letters from a third of it on."""
    letters = plain(text)
    start = min(len(letters) // 3, max(0, len(letters) - ANCHOR))
    return digest(letters[start : start + ANCHOR])


def holds(text: str, wanted: Mapping[str, str]) -> Iterator[str]:
    """Yield those of the wanted digests that some stretch of a text has."""
    letters = plain(text)
    last = max(1, len(letters) - ANCHOR + 1)
    for at in range(last):
        found = digest(letters[at : at + ANCHOR])
        if found in wanted:
            yield found


def gold() -> tuple[dict[str, dict[str, str]], frozenset[str]]:
    """Return the labels (kind by digest by file) and the files that are held out."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    held = set()
    for line in lines(GOLD):
        if line and not line.startswith("#"):
            file, key, kind, *marks = line.split("\t")
            found[file][key] = kind
            held |= {file} if "held-out" in marks else set()
    return found, frozenset(held)


def passages(path: Path, file: str, counter: TokenCounter) -> Sequence[Passage]:
    """Parse and cut a document as an ingest does."""
    request = Request(str(path), file, "", 256, 600)
    return extract(request, our_tools(), counter).passages


def path_of(file: str) -> Path:
    """Return where a labelled file lies."""
    folder, _, name = file.partition("/")
    if folder == "samples":
        return ROOT / "samples" / "library" / name
    return SHARED / ("un_documents/pdf" if folder == "un" else folder) / name


def _found(file: str, wanted: Mapping[str, str], counter: TokenCounter) -> dict[str, list[Passage]]:
    """Return the passages of a file that hold each digest; a form says the same many times."""
    found: dict[str, list[Passage]] = {}
    for passage in passages(path_of(file), file.partition("/")[2], counter):
        for key in set(holds(passage.text, wanted)):
            found.setdefault(key, []).append(passage)
    return found


def main() -> None:
    """Read the labelled documents and compare."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--errors", action="store_true", help="print what is told wrongly")
    options = parser.parse_args()
    counter = TokenCounter(load_embedder().tokenizer_file)
    labels, held = gold()
    for name, files in (
        ("Seen while the rules were made", labels.keys() - held),
        ("Held out", held),
    ):
        print(f"{name}:")
        compare({file: labels[file] for file in sorted(files)}, counter, show=options.errors)


def compare(labels: Mapping[str, Mapping[str, str]], counter: TokenCounter, *, show: bool) -> None:
    """Print precision and recall over some files."""
    right: Counter[str] = Counter()
    said: Counter[str] = Counter()
    true: Counter[str] = Counter()
    for file, wanted in labels.items():
        for key, found in _found(file, wanted, counter).items():
            kind, told = wanted[key], found[0].evidence.value
            if kind == UNKNOWN or len(found) > 1:
                continue
            right[kind] += told == kind
            said[told] += 1
            true[kind] += 1
            if show and told != kind:
                start = " ".join(found[0].text.split())[:100]
                print(f"{file}: {told}, not {kind}: {start!r}")
    print(f"{sum(true.values())} of {sum(map(len, labels.values()))} labelled passages judged")
    for kind in sorted(true.keys() | said.keys()):
        precision = f"{right[kind] / said[kind]:.3f}" if said[kind] else "–"
        recall = f"{right[kind] / true[kind]:.3f}" if true[kind] else "–"
        print(f"{kind:<20} {true[kind]:4} passages  precision {precision}  recall {recall}")


if __name__ == "__main__":
    main()
