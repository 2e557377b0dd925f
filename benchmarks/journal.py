"""Kill processes that write one journal, and see whether it keeps what they were told it kept.

    python -m benchmarks.journal --rounds 8

Three processes at a time record gaps and print each one that was kept, until ``kill -9``.
"""

from __future__ import annotations

import argparse
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from mmsearch.journal.journal import Journal
from mmsearch.journal.types import Recording

AT_ONCE = 3


def write(folder: Path, name: str) -> None:
    """Record gaps for ever; print each that was kept."""
    journal = Journal.open(folder, recording=Recording.ON)
    number = 0
    while True:
        question = f"question {name} number {number}"
        if journal.record_gap(question):
            print(question, flush=True)
        number += 1


def kill_round(folder: Path, name: str) -> set[str]:
    """Run some writers, kill them, and return what they were told was kept."""
    command = [sys.executable, "-m", "benchmarks.journal", "--write", str(folder)]
    children = [
        subprocess.Popen([*command, f"{name}-{n}"], stdout=subprocess.PIPE, text=True)
        for n in range(AT_ONCE)
    ]
    time.sleep(2.0 + 1.5 * random.random())
    for child in children:
        child.send_signal(signal.SIGKILL)
    told: set[str] = set()
    for child in children:
        output, _ = child.communicate()
        told.update(line for line in output.split("\n")[:-1])
    return told


def main() -> None:
    """Kill, then count."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=8)
    parser.add_argument("--write", nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.write:
        write(Path(given.write[0]), given.write[1])
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        told: set[str] = set()
        for number in range(given.rounds):
            told |= kill_round(folder, str(number))
        journal = Journal.open(folder)
        kept = {gap.question for gap in journal.gaps(limit=10_000_000)}
        journal.close()
    print(f"kills {given.rounds * AT_ONCE}, entries {len(told)}, lost {len(told - kept)}")


if __name__ == "__main__":
    main()
