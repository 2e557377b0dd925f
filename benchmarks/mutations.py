"""Damaged copies of good files through the pipeline: does the run go on, and what still comes out?

Copies of PDF, Word, PowerPoint and Excel files are made from a fixed seed: bits flipped, the end
cut off, a piece of another place or another file put in. Each goes through the pipeline as in a
real run. Every copy must have an outcome, and none may end the run; what a copy costs is limited.
Prints a line a format and a line for each parser that crashed; exits 1 when a copy has no outcome.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from index.embed import packaged_folder
from ingest.pipeline import Limits, extract
from ingest.types import Extracted, Failed, Outcome, SourceFile

_DATA = Path(__file__).parent.parent.parent / "shared" / "data"
#: Collections of files that are whole.
FOLDERS = [_DATA / name for name in ("programme", "un_documents", "torture/docling")]
SUFFIXES = (".pdf", ".docx", ".pptx", ".xlsx")
#: Good files are no larger than this, so that a mutation is felt.
LARGEST = 1_500_000
_CRASHED = "the parser crashed"
_UNFORESEEN = "the parser failed"
_STOPPED = ("was stopped after", "took more than", "of memory", "want of memory")


def main() -> None:
    """Make the copies, run them and print what became of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="*", default=FOLDERS)
    parser.add_argument("--copies", type=int, default=2000, help="of all formats together")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as place:
        sources = list(
            copies(good_files(options.folder), options.copies, options.seed, Path(place))
        )
        made = time.monotonic() - start
        outcomes = run(sources, options.workers)
        lost = [source.file for source in sources if source.file not in outcomes]
        table(sources, outcomes)
    seconds = time.monotonic() - start - made
    print(f"{len(sources)} copies in {seconds:.0f} s, {len(lost)} without an outcome")
    sys.exit(1 if lost else 0)


def good_files(folders: Sequence[Path]) -> dict[str, list[Path]]:
    """Return the files to copy, by suffix."""
    found: dict[str, list[Path]] = defaultdict(list)
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.suffix in SUFFIXES and path.is_file() and path.stat().st_size <= LARGEST:
                found[path.suffix].append(path)
    return found


def copies(
    good: dict[str, list[Path]], count: int, seed: int, folder: Path
) -> Iterator[SourceFile]:
    """Write ``count`` damaged copies into a folder, as many of each format."""
    chance = random.Random(seed)
    suffixes = [suffix for suffix in SUFFIXES if good.get(suffix)]
    for number in range(count):
        suffix = suffixes[number % len(suffixes)]
        original = chance.choice(good[suffix])
        data = bytearray(original.read_bytes())
        other = chance.choice(good[suffix]).read_bytes()
        kind = chance.choice(("flipped", "cut", "spliced"))
        damaged = mutate(data, other, kind, chance)
        path = folder / f"{number:04}-{kind}-{original.stem[:40]}{suffix}"
        path.write_bytes(damaged)
        yield SourceFile(path, folder, path.name)


def mutate(data: bytearray, other: bytes, kind: str, chance: random.Random) -> bytes:
    """Damage a file in one of three ways."""
    if kind == "flipped":
        for _ in range(chance.randint(1, 40)):
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    elif kind == "cut":
        del data[chance.randrange(len(data)) :]
    else:
        at, length = chance.randrange(len(data)), chance.randint(1, 4096)
        start = chance.randrange(len(other))
        data[at : at + chance.choice((0, length))] = other[start : start + length]
    return bytes(data)


def run(sources: Sequence[SourceFile], workers: int) -> dict[str, Outcome]:
    """Put the copies through the pipeline; the last outcome of each by its name."""
    outcomes = extract(
        sources,
        known={},
        tokenizer_file=packaged_folder() / "tokenizer.json",
        max_tokens=256,
        workers=workers,
        limits=Limits(seconds=30, memory_bytes=1_024_000_000),
    )
    found: dict[str, Outcome] = {}
    for outcome in outcomes:
        name = outcome.source.file.split("/")[0]
        if not isinstance(found.get(name), Extracted):
            found[name] = outcome
    return found


def ending(outcome: Outcome | None) -> str:
    """Name how a copy ended."""
    if isinstance(outcome, Extracted):
        return "read"
    if not isinstance(outcome, Failed):
        return "no outcome" if outcome is None else "opened"
    if _CRASHED in outcome.reason:
        return "crashed"
    if _UNFORESEEN in outcome.reason:
        return "unforeseen"
    return "stopped" if any(sign in outcome.reason for sign in _STOPPED) else "refused"


def table(sources: Sequence[SourceFile], outcomes: dict[str, Outcome]) -> None:
    """Print a line a format and kind; then the parsers that crashed, stopped or were surprised."""
    counts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for source in sources:
        end = ending(outcomes.get(source.file))
        for kind in (source.file.split("-")[1], "in all"):
            counts[source.path.suffix, kind][end] += 1
    print("format  damage   copies  text from  refused with a reason  stopped  crashed  unforeseen")
    for (suffix, kind), count in sorted(counts.items()):
        total = count.total()
        print(
            f"{suffix:<6}  {kind:<7}  {total:6}  {100 * count['read'] / total:7.1f} %"
            f"  {count['refused'] + count['opened']:21}  {count['stopped']:7}"
            f"  {count['crashed']:7}  {count['unforeseen']:10}"
        )
    for source in sources:
        outcome = outcomes.get(source.file)
        if isinstance(outcome, Failed) and ending(outcome) in ("crashed", "unforeseen", "stopped"):
            print(f"{source.file}: {outcome.reason[:300]}")


if __name__ == "__main__":
    main()
