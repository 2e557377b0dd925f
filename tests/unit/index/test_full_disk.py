"""A disk that is really full: a small file system of its own, where this may be mounted."""

import os
import random
import subprocess
from pathlib import Path

import pytest

from index.build import Builder
from index.check import check
from index.errors import LibraryFull
from index.library import Library
from index.publish import publish_pending
from index.reading import Reading


@pytest.fixture
def small_disk(tmp_path: Path) -> Path:
    """Return a folder on a disk of 700 kB."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=700k", "none", str(place)]
    if os.geteuid() or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("no file system can be mounted here")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


def test_a_full_disk_loses_nothing_that_was_reported(small_disk, embedder, write):
    chance = random.Random(5)
    words = [f"word{n}" for n in range(3_000)]
    items = [write(f"{n}.txt", " ".join(chance.choices(words, k=1_500))) for n in range(60)]
    folder = small_disk / "library"
    reported: list[str] = []
    with pytest.raises(LibraryFull, match="everything reported as added is safe"):
        ingest(folder, items, embedder, reported)
    assert 0 < len(reported) < len(items)

    subprocess.run(["mount", "-o", "remount,size=64m", str(small_disk)], check=True)
    assert publish_pending(folder)
    assert stored(folder) == sorted(reported)
    ingest(folder, items[len(reported) :], embedder, reported)
    assert stored(folder) == sorted(item.source.file for item in items)
    report = check(folder, embedder)
    assert (report.repaired, report.problems) == ((), ())


def ingest(folder, items, embedder, reported: list[str]) -> None:
    with Library.open(folder) as library:
        builder = Builder(library, embedder, lambda source: None, batch=1)
        for result in builder.run(items):
            reported.append(result.file)
        builder.publish()


def stored(folder: Path) -> list[str]:
    reading = Reading(folder)
    try:
        return sorted(e.document.file for e in reading.documents(reading.head().generation))
    finally:
        reading.close()
