"""kill -9 at any moment: what was reported is there, nothing is half there."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from index.check import check
from index.reading import Reading
from tests.fakes import WordEmbedder

CHILD = Path(__file__).with_name("crash_child.py")
FILES = 30


@pytest.mark.parametrize("seed", range(4))
def test_killing_an_ingest_loses_nothing_that_was_reported(tmp_path, repository, seed):
    documents, folder = tmp_path / "documents", tmp_path / "library"
    documents.mkdir()
    for n in range(FILES):
        (documents / f"{n:02}.txt").write_text(f"Report {n}\n\nLesson {n}\n\nCountry {n}")
    chance = random.Random(seed)
    reported: set[str] = set()
    for _ in range(6):
        reported |= kill_after(chance.randrange(8), chance.random() / 40, folder, documents)
        report = check(folder, WordEmbedder())
        assert report.problems == ()
        assert reported <= stored(folder)
    finish(folder, documents)
    assert len(stored(folder)) == FILES
    assert check(folder, WordEmbedder()).problems == ()


def kill_after(lines: int, delay: float, folder: Path, documents: Path) -> set[str]:
    """Start an ingest, kill it some time after it reported so many files."""
    command = [sys.executable, "-m", f"tests.unit.index.{CHILD.stem}", str(folder), str(documents)]
    seen = set()
    root = Path(__file__).parents[3]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=root) as child:
        assert child.stdout is not None
        for _ in range(lines + 1):
            line = child.stdout.readline().strip()
            if line:
                seen.add(line)
        time.sleep(delay)
        child.kill()
        seen |= {line.strip() for line in child.stdout if line.endswith("\n")}
    return seen


def finish(folder: Path, documents: Path) -> None:
    command = [sys.executable, "-m", f"tests.unit.index.{CHILD.stem}", str(folder), str(documents)]
    subprocess.run(command, check=True, capture_output=True, cwd=Path(__file__).parents[3])


def stored(folder: Path) -> set[str]:
    reading = Reading(folder)
    try:
        return {e.document.file for e in reading.documents(reading.head().generation)}
    finally:
        reading.close()
