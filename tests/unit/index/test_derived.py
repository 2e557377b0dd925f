import shutil

import pytest

from index import derived
from index.check import check
from index.library import Library
from index.publish import publish
from index.reading import Reading
from index.retrieve import retrieve
from index.snapshot import open_snapshot
from index.types import KEEPER


@pytest.fixture
def library(folder, fill, write):
    for n in range(4):
        fill(write(f"{n}.txt", f"Report {n} on remittances\n\nTraining of {n} mayors in Moldova"))
    return folder


def found(folder, embedder, question="mayors trained in Moldova"):
    snapshot = open_snapshot(Reading(folder))
    result = retrieve(snapshot, embedder, question, reader=KEEPER)
    return [(hit.passage.passage_id, round(hit.score, 5)) for hit in result.hits]


def files_of(folder):
    reading = Reading(folder)
    place = derived.folder_of(folder, reading.head().generation)
    return sorted(path for path in place.rglob("*") if path.is_file())


def test_one_flipped_byte_in_any_derived_file_is_noticed_and_repaired(library, embedder):
    expected = found(library, embedder)
    reading = Reading(library)
    names = [p.relative_to(library) for p in files_of(library) if p.stat().st_size]
    assert len(names) >= 6
    head = reading.head()
    place = derived.folder_of(library, head.generation)
    for name in names:
        path = library / name
        if not path.exists():  # a rebuild names Tantivy's files anew
            continue
        whole = path.read_bytes()
        for share in (0.0, 0.5, 0.999):
            raw = bytearray(whole)
            raw[int(share * (len(raw) - 1))] ^= 0x10
            path.write_bytes(bytes(raw))
            with pytest.raises(derived.Stale):
                derived.verify(place, head)
        assert found(library, embedder) == expected
        derived.verify(place, head)


@pytest.mark.parametrize("how", ["gone", "truncated", "an extra file"])
def test_check_mends_derived_files(library, embedder, how):
    expected = found(library, embedder)
    files = files_of(library)
    if how == "gone":
        shutil.rmtree(library / derived.FOLDER)
    elif how == "truncated":
        files[0].write_bytes(files[0].read_bytes()[:-1])
    else:
        files[0].with_name("extra").write_bytes(b"x")
    report = check(library, embedder)
    assert len(report.repaired) == 1
    assert report.problems == ()
    assert check(library, embedder).repaired == ()
    assert found(library, embedder) == expected


def test_adding_to_a_library_gives_what_building_it_at_once_gives(
    library, embedder, tmp_path, write
):
    expected = found(library, embedder)
    shutil.rmtree(library / derived.FOLDER)
    assert found(library, embedder) == expected


def test_check_reports_a_text_that_was_changed_in_the_truth(library, embedder):
    import sqlite3

    with sqlite3.connect(library / "library.db") as connection:
        connection.execute("UPDATE contents SET text = replace(text, 'mayors', 'majors')")
    connection.close()
    report = check(library, embedder)
    assert any("not what was written" in problem for problem in report.problems)


def test_check_reports_a_vector_that_does_not_match_its_text(library, embedder):
    import sqlite3

    with sqlite3.connect(library / "library.db") as connection:
        first = connection.execute("SELECT vector FROM vectors LIMIT 1").fetchone()[0]
        connection.execute("UPDATE vectors SET vector = ?", (first,))
    connection.close()
    assert any("does not match its text" in p for p in check(library, embedder).problems)


def test_check_publishes_what_a_stopped_run_left(folder, fill, write, embedder):
    fill(write("a.txt", "stored but not published"), publish=False)
    report = check(folder, embedder)
    assert report.n_documents == 1
    assert "stopped run" in report.repaired[0]


def test_what_was_replaced_or_removed_is_in_no_index_of_later_generations(
    folder, fill, write, embedder
):
    items = [write(f"{n}.txt", f"Report {n} on remittances") for n in range(3)]
    results = fill(*items)
    fill(write("0.txt", "Report on beekeeping"))
    with Library.open(folder) as library:
        library.remove(results[1].doc_id)
        publish(library)
    fill(write("3.txt", "Report 3 on remittances"))
    reading = Reading(folder)
    head = reading.head()
    numbers = reading.passage_numbers(head.generation)[:, 0].tolist()
    index = derived.load(folder, head).lexical
    assert index.count() == len(numbers) == 3
    assert {n for n, _ in index.search("report remittances", ["en"], 9)} == set(numbers)
    snapshot = open_snapshot(Reading(folder))
    result = retrieve(snapshot, embedder, "remittances", reader=KEEPER)
    assert sorted(hit.document.file for hit in result.hits)[-2:] == ["2.txt", "3.txt"]
    assert {hit.document.file for hit in result.hits} <= {"0.txt", "2.txt", "3.txt"}
