"""Measure the memory of a large ingest: every process of it, sampled while it runs.

Run from the repository root:

    python -m benchmarks.scale --documents 5000          the command itself, on generated files
    python -m benchmarks.scale --documents 5000 --seconds 600     … stopped after ten minutes
    python -m benchmarks.scale --publish 250000          publishing so many passages alone

Documents are generated in Markdown, HTML and plain text, each of a few sections of words that no
other has, so that nothing is embedded once for two. A run that is stopped publishes what it has
stored; with ``--again`` a second run goes on where it was. Memory is resident memory (RSS) summed
over the command and its workers, so pages that they share are counted more than once.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.large import documents, vocabulary
from index.build import Builder
from index.embed import load_embedder
from index.library import Library

EVERY = 0.2
"""Seconds between two samples."""
SECTIONS = 2
PAGE = os.sysconf("SC_PAGE_SIZE")


def write_documents(folder: Path, count: int) -> None:
    """Write documents: half Markdown, a quarter HTML, a quarter plain text."""
    chance = random.Random(0)
    words = vocabulary()
    for at in range(count):
        place = folder / f"country-{at % 40}"
        place.mkdir(parents=True, exist_ok=True)
        sections = [" ".join(chance.choices(words, k=110)) for _ in range(SECTIONS)]
        name, text = _written(at, sections)
        (place / name).write_text(text, encoding="utf-8")


def _written(at: int, sections: Sequence[str]) -> tuple[str, str]:
    if at % 4 < 2:
        parts = [f"## Section {n}\n\n{text}\n" for n, text in enumerate(sections, 1)]
        return f"note-{at}.md", f"# Note {at}\n\n" + "\n".join(parts)
    if at % 4 == 2:
        parts = [f"<h2>Section {n}</h2><p>{text}</p>" for n, text in enumerate(sections, 1)]
        return f"page-{at}.html", f"<html><body><h1>Page {at}</h1>{''.join(parts)}</body></html>"
    return f"text-{at}.txt", "\n\n".join(sections)


def tree(pid: int) -> Iterator[int]:
    """Yield a process and all below it."""
    yield pid
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
    except OSError:
        return
    for task in tasks:
        try:
            children = (task / "children").read_text().split()
        except OSError:
            continue
        for child in children:
            yield from tree(int(child))


def resident(pid: int) -> int:
    """Return the resident memory of a process in bytes; 0 when it has ended."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE
    except (OSError, IndexError):
        return 0


def watch(process: subprocess.Popen[str], seconds: float) -> list[tuple[float, int, int]]:
    """Sample (seconds, RSS of the whole tree, RSS of the command) until the process ends.

    After ``seconds`` it is asked to stop; what it has stored it publishes.
    """
    start = time.monotonic()
    samples = []
    asked = False
    while process.poll() is None:
        spent = time.monotonic() - start
        sizes = [resident(pid) for pid in tree(process.pid)]
        samples.append((spent, sum(sizes), sizes[0]))
        if spent > seconds and not asked:
            process.terminate()  # SIGTERM stops it as Ctrl-C does
            asked = True
        time.sleep(EVERY)
    return samples


def ingest(documents: Path, library: Path, seconds: float) -> None:
    """Run the command and print what it reported and what it took."""
    command = [sys.executable, "-m", "mmsearch.cli", "ingest", str(documents), "--json"]
    with tempfile.TemporaryFile("w+") as out:
        process = subprocess.Popen([*command, "--library", str(library)], stdout=out, text=True)
        samples = watch(process, seconds)
        out.seek(0)
        summary = json.loads(out.read().splitlines()[-1])["summary"]
    done = summary["added"] + summary["replaced"]
    spent = samples[-1][0]
    print(
        f"{summary['files']:,} files: {done:,} loaded, {summary['unchanged']:,} unchanged, "
        f"{summary['failed']:,} failed; {summary['passages']:,} passages in {spent:.0f} s"
        + (", stopped" if summary["interrupted"] else "")
    )
    _report(samples)


def _report(samples: Sequence[tuple[float, int, int]]) -> None:
    peak = max(samples, key=lambda sample: sample[1])
    print(f"  most memory: {peak[1] / 1e6:,.0f} MB in all, after {peak[0]:.0f} s")
    print(f"  most memory of the command alone: {max(s[2] for s in samples) / 1e6:,.0f} MB")
    for share in (0.25, 0.5, 0.75, 1.0):
        part = samples[: max(1, int(len(samples) * share))]
        recent = part[-max(1, len(samples) // 8) :]
        print(f"  at {share:4.0%} of the time: {max(s[1] for s in recent) / 1e6:,.0f} MB in all")


def build_and_publish(folder: Path, passages: int) -> None:
    """Store passages with random vectors and publish them; runs in a process of its own."""
    from benchmarks.large import RandomPassages

    with Library.open(folder / "library") as library:
        builder = Builder(library, RandomPassages(load_embedder()), lambda source: None, 2_000)
        chance = random.Random(0)
        for _ in builder.run(documents(folder, vocabulary(), passages, chance)):
            pass
        print("stored", flush=True)
        builder.publish()


def publish(folder: Path, passages: int) -> None:
    """Measure storing and publishing passages without embedding any."""
    command = [sys.executable, "-m", "benchmarks.scale", "--child", str(folder), str(passages)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    samples = watch(process, 1e9)
    print(f"{passages:,} passages stored and published in {samples[-1][0]:.0f} s")
    _report(samples)


def main() -> None:
    """Generate, run, measure."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--documents", type=int, default=0, help="how many to generate")
    parser.add_argument("--seconds", type=float, default=1e9, help="stop the run after so many")
    parser.add_argument("--again", action="store_true", help="run once more, to go on")
    parser.add_argument("--publish", type=int, default=0, help="passages to publish")
    parser.add_argument("--child", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        build_and_publish(Path(options.child[0]), int(options.child[1]))
        return
    with tempfile.TemporaryDirectory(prefix="mmsearch-scale-") as place:
        if options.documents:
            write_documents(Path(place) / "documents", options.documents)
            for _ in range(2 if options.again else 1):
                ingest(Path(place) / "documents", Path(place) / "library", options.seconds)
        if options.publish:
            (Path(place) / "texts").mkdir()
            publish(Path(place) / "texts", options.publish)


if __name__ == "__main__":
    main()
