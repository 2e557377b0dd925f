import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from mmsearch.keeping.store import DATABASE, Store, new_entry_id
from mmsearch.keeping.types import Entry, Kind, State

ENTRY = Entry(
    new_entry_id(), Kind.UPLOAD, "a.pdf", "/uploads", "/incoming/a", 5, "00", State.WAITING
)


def test_what_failed_keeps_its_code_until_it_is_tried_again(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.finish(replace(store.add(ENTRY), state=State.FAILED, reason="why", failure="encrypted"))
    (failed,) = store.entries()
    assert (failed.reason, failed.failure) == ("why", "encrypted")
    assert store.again(ENTRY.entry_id).failure == ""
    assert store.entry(ENTRY.entry_id).failure == ""


def test_a_queue_of_the_version_before_is_brought_up_to_date(tmp_path: Path) -> None:
    Store(tmp_path).add(ENTRY)
    with closing(sqlite3.connect(tmp_path / DATABASE)) as db:
        db.executescript("ALTER TABLE entries DROP COLUMN failure; PRAGMA user_version = 1;")
    (kept,) = Store(tmp_path).entries()
    assert (kept.entry_id, kept.failure) == (ENTRY.entry_id, "")
