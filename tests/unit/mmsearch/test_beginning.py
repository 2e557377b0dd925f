from pathlib import Path

import pytest

from index.errors import LibraryError, LibraryNotFound
from index.inventory import read_generation
from index.library import Library
from mmsearch.beginning import begin_library


@pytest.mark.parametrize("before", [(), (".gitkeep",), ("journal.db", "journal.db-wal", "slack")])
def test_an_empty_library_is_made_where_nothing_is(tmp_path: Path, before: tuple[str, ...]) -> None:
    folder = tmp_path / "above" / "library"
    for name in before:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("")
    assert begin_library(folder)
    assert read_generation(folder) == 0
    assert not begin_library(folder)


def test_a_library_that_was_begun_and_not_finished_is_made(tmp_path: Path) -> None:
    (tmp_path / "library.db").write_bytes(b"")
    assert begin_library(tmp_path)
    assert read_generation(tmp_path) == 0


def test_a_library_stays_as_it_is(tmp_path: Path) -> None:
    Library.open(tmp_path).close()
    before = (tmp_path / "library.db").read_bytes()
    (tmp_path / "report.pdf").write_bytes(b"anything")
    assert not begin_library(tmp_path)
    assert (tmp_path / "library.db").read_bytes() == before


def test_a_folder_of_documents_is_left_alone(tmp_path: Path) -> None:
    for n in range(5):
        (tmp_path / f"report-{n}.pdf").write_bytes(b"")
    with pytest.raises(LibraryNotFound, match=r"\('report-0.pdf', .*'report-2.pdf' and 2 more\)"):
        begin_library(tmp_path)
    assert len(list(tmp_path.iterdir())) == 5


def test_a_library_that_lost_its_truth_is_not_begun_anew(tmp_path: Path) -> None:
    (tmp_path / "originals").mkdir()
    (tmp_path / "journal.db").write_bytes(b"")
    with pytest.raises(LibraryNotFound, match=r"holds something else \('originals'\)"):
        begin_library(tmp_path)


def test_a_file_is_no_library(tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    path.write_bytes(b"")
    with pytest.raises(LibraryNotFound, match="is a file: name a folder with --library"):
        begin_library(path)


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(LibraryError, match=r"no library can be made in .*Not a directory"):
        begin_library(tmp_path / "file" / "library")
