import sqlite3
import threading

import pytest

from index import schema
from index.errors import LibraryDamaged, LibraryLocked, LibraryNotFound, WrongModel, WrongVersion
from index.library import Library
from index.reading import Reading
from index.schema import DATABASE
from ingest.types import FileState
from tests.fakes import WordEmbedder


def test_a_document_is_there_after_publishing_and_not_before(folder, fill, write):
    fill(write("a.txt", "Migrants in Moldova"), publish=False)
    reading = Reading(folder)
    assert reading.documents(reading.head().generation) == []
    assert reading.has_pending(0)
    fill()
    assert [e.document.file for e in reading.documents(reading.head().generation)] == ["a.txt"]


def test_a_generation_stays_whole_while_the_next_one_is_written(folder, fill, write):
    fill(write("a.txt", "old text"), write("b.txt", "other"))
    reading = Reading(folder)
    before = reading.head().generation
    fill(write("a.txt", "new text"), publish=False)
    entries = reading.documents(before)
    texts = {e.document.file: reading.content(e.content_no).text for e in entries}
    assert texts == {"a.txt": "old text", "b.txt": "other"}
    fill()
    entries = reading.documents(reading.head().generation)
    texts = {e.document.file: reading.content(e.content_no).text for e in entries}
    assert texts == {"a.txt": "new text", "b.txt": "other"}


def test_each_thread_that_reads_has_a_connection_for_as_long_as_it_lives(
    folder, fill, write, monkeypatch
):
    fill(write("a.txt", "Migrants in Moldova"))
    opened, connect = [], schema.connect_reader

    def recorded(place):
        opened.append(connect(place))
        return opened[-1]

    def is_open(connection):
        try:
            connection.execute("SELECT 1")
        except sqlite3.ProgrammingError:
            return False
        return True

    monkeypatch.setattr(schema, "connect_reader", recorded)
    reading = Reading(folder)
    reading.head()
    for _ in range(3):
        thread = threading.Thread(target=reading.head)
        thread.start()
        thread.join()
    assert [is_open(connection) for connection in opened] == [True, False, False, False]
    reading.close()
    assert not is_open(opened[0])
    assert reading.head().generation == 1
    reading.close()


def test_a_changed_file_keeps_its_id_and_embeds_only_what_is_new(fill, write, embedder):
    first = fill(write("a.txt", "one\n\ntwo"))
    embedder.embedded.clear()
    second = fill(write("a.txt", "one\n\nthree"))
    assert (first[0].state, second[0].state) == (FileState.ADDED, FileState.REPLACED)
    assert first[0].doc_id == second[0].doc_id
    assert len(embedder.embedded) == 1
    assert embedder.embedded[0].endswith("three")


def test_identical_files_are_both_there_and_said_to_be_identical(fill, write):
    results = fill(write("a.txt", "the same"), write("b.txt", "the same"))
    assert [r.state for r in results] == [FileState.ADDED, FileState.ADDED]
    assert results[1].reason == "identical to a.txt"


def test_a_second_writer_is_told_who_holds_the_lock(folder):
    with Library.open(folder), pytest.raises(LibraryLocked, match=r"process \d+ on"):
        Library.open(folder, wait=0.0)


def test_the_lock_ends_with_its_holder(folder):
    with Library.open(folder):
        pass
    with Library.open(folder, wait=0.0) as library:
        assert library.generation() == 0


def test_another_model_is_refused_with_the_command_that_helps(folder, fill, write):
    fill(write("a.txt", "text"))
    with (
        Library.open(folder) as library,
        pytest.raises(WrongModel, match="mmsearch model other"),
    ):
        library.use_model(WordEmbedder("other"))


def test_reading_where_there_is_no_library_says_how_to_make_one(tmp_path):
    with pytest.raises(LibraryNotFound, match="mmsearch ingest"):
        Reading(tmp_path).head()


def test_a_file_that_is_no_database_is_reported_as_damaged(folder):
    folder.mkdir()
    (folder / DATABASE).write_bytes(b"this is not a database, " * 100)
    with pytest.raises(LibraryDamaged, match=DATABASE):
        Library.open(folder)


def test_a_newer_format_is_refused(folder, fill, write):
    fill(write("a.txt", "text"))
    with sqlite3.connect(folder / DATABASE) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(WrongVersion, match="format 99"):
        Reading(folder).head()


def test_two_replacements_before_publishing_leave_one_version(folder, fill, write):
    fill(write("a.txt", "first"))
    fill(write("a.txt", "second"), publish=False)
    fill(write("a.txt", "third"))
    reading = Reading(folder)
    entries = reading.documents(reading.head().generation)
    assert [reading.content(e.content_no).text for e in entries] == ["third"]


def test_old_generations_are_purged_and_their_vectors_with_them(folder, fill, write):
    for text in ("one", "two", "three", "four"):
        fill(write("a.txt", text))
    connection = sqlite3.connect(folder / DATABASE)
    contents = connection.execute("SELECT count(*) FROM contents").fetchone()[0]
    vectors = connection.execute("SELECT count(*) FROM vectors").fetchone()[0]
    connection.close()
    assert contents == vectors == 2
    assert len(list((folder / "originals").glob("*/*"))) == 2


def test_originals_are_kept_byte_by_byte(folder, fill, write):
    item = write("a.txt", "kept as it is")
    fill(item)
    reading = Reading(folder)
    document = reading.documents(1)[0].document
    from index.originals import Originals

    assert Originals(folder).checked(document.sha256).read_bytes() == b"kept as it is"
