"""Libraries of an older version: brought up to date, or refused with the remedy."""

from __future__ import annotations

import sqlite3
from dataclasses import replace

import pytest

from index.build import Builder
from index.errors import WrongVersion
from index.library import Library
from index.lock import WriteLock
from index.migrations import MIGRATIONS, VERSION, apply
from index.reading import Reading
from index.schema import DATABASE
from ingest.types import Evidence, FileState


def first_version(folder):
    """Take from a library what later steps gave it."""
    with sqlite3.connect(folder / DATABASE) as db:
        db.executescript(
            "DROP TABLE failures; DROP TABLE left_out;"
            "DROP TABLE migrations; ALTER TABLE passages DROP COLUMN evidence;"
            "ALTER TABLE passages DROP COLUMN ocr; ALTER TABLE contents DROP COLUMN reader;"
            "ALTER TABLE contents DROP COLUMN sketch; PRAGMA user_version = 1;"
        )
    db.close()


def layout(db):
    rows = db.execute("SELECT type, name, tbl_name FROM sqlite_master ORDER BY 1, 2").fetchall()
    columns = {
        name: db.execute(f"PRAGMA table_info({name})").fetchall()
        for kind, name, _ in rows
        if kind == "table"
    }
    return rows, columns


def test_steps_count_from_one_without_a_gap():
    assert [step.version for step in MIGRATIONS] == list(range(1, VERSION + 1))


def test_a_library_of_the_first_version_is_the_first_step(folder, fill, write):
    fill(write("a.txt", "text"))
    first_version(folder)
    old = sqlite3.connect(folder / DATABASE)
    new = sqlite3.connect(":memory:")
    apply(new, MIGRATIONS[0])
    assert layout(old) == layout(new)


def test_the_writer_brings_it_up_to_date_and_records_it(folder, fill, write):
    fill(write("a.txt", "text"))
    first_version(folder)
    Library.open(folder).close()
    db = sqlite3.connect(folder / DATABASE)
    assert db.execute("PRAGMA user_version").fetchone()[0] == VERSION
    assert [n for (n,) in db.execute("SELECT version FROM migrations ORDER BY 1")] == list(
        range(1, VERSION + 1)
    )


def test_a_reader_brings_it_up_to_date_and_reads_all_of_it(folder, fill, write):
    fill(write("a.txt", "text"))
    first_version(folder)
    reading = Reading(folder)
    (entry,) = reading.documents(reading.head().generation)
    (row,) = reading.passages_of(entry.content_no)
    assert (row.evidence, row.ocr) == (Evidence.PLAIN, None)


def test_a_reader_beside_a_writer_that_holds_an_older_library_says_what_to_do(
    folder, fill, write, monkeypatch
):
    fill(write("a.txt", "text"))
    first_version(folder)
    monkeypatch.setattr("index.schema.UPGRADE_SECONDS", 0.0)
    lock = WriteLock.acquire(folder, 0.0)
    try:
        with pytest.raises(WrongVersion, match="mmsearch check"):
            Reading(folder).head()
    finally:
        lock.release()


def test_files_that_an_older_version_read_are_read_again(folder, fill, write, embedder):
    item = write("a.txt", "text")
    fill(item)
    first_version(folder)
    with Library.open(folder) as library:
        builder = Builder(library, embedder, lambda source: None)
        assert builder.known_digests([item.source]) == {}
        (result,) = builder.run([item])
        builder.publish()
    assert (result.state, result.reason) == (
        FileState.REPLACED,
        "the file is the same; this version of mmsearch reads more from it",
    )
    with Library.open(folder) as library:
        again = Builder(library, embedder, lambda source: None)
        assert again.known_digests([item.source]) == {str(item.source.path): item.sha256}


def test_a_file_with_pages_that_were_not_read_is_read_again_once_they_can_be(
    folder, fill, write, embedder
):
    item, whole = write("a.txt", "text"), write("b.txt", "other text")
    warned = replace(
        item.parsed, warnings=("page 2 is a picture; install it and run ingest again",)
    )
    fill(replace(item, parsed=warned), whole)
    with Library.open(folder) as library:
        builder = Builder(library, embedder, lambda source: None)
        sources = [item.source, whole.source]
        assert set(builder.known_digests(sources)) == {str(s.path) for s in sources}
        assert set(builder.known_digests(sources, again="run ingest again")) == {
            str(whole.source.path)
        }
        (result,) = builder.run([item])
        assert (result.state, result.reason) == (
            FileState.REPLACED,
            "the file is the same; pictures in it can be read now",
        )
        builder.publish()
    with Library.open(folder) as library:
        builder = Builder(library, embedder, lambda source: None)
        assert len(builder.known_digests(sources, again="run ingest again")) == 2
