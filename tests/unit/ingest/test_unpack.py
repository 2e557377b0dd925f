from __future__ import annotations

from pathlib import Path

import pytest

from ingest import unpack
from ingest.errors import LimitExceeded
from ingest.held import Budget
from ingest.unpack import Unpacker


def stored(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_files_are_written_under_numbers_with_their_suffix(tmp_path: Path) -> None:
    into = Unpacker(tmp_path, Budget(), 100)
    into.take("../../a.PDF", [b"one", b" two"])
    into.refuse("b.txt", "it is a link")
    into.take("c", [b"three"])
    assert stored(tmp_path) == {"0.pdf": b"one two", "2": b"three"}
    names = [(m.name, m.number, m.reason) for m in into.held().members]
    assert names == [("a.PDF", 0, ""), ("b.txt", None, "it is a link"), ("c", 2, "")]


def test_two_files_of_one_name_are_two_files(tmp_path: Path) -> None:
    into = Unpacker(tmp_path, Budget(), 100)
    into.take("a.txt", [b"1"])
    into.take("./a.txt", [b"2"])
    assert [m.name for m in into.held().members] == ["a.txt", "a (2).txt"]


@pytest.mark.parametrize("name", [".hidden", "__MACOSX/._a.pdf", "x/Thumbs.db", "~$draft.docx"])
def test_what_a_walk_leaves_out_is_left_out(tmp_path: Path, name: str) -> None:
    into = Unpacker(tmp_path, Budget(), 100)
    assert into.leaves_out(name)
    assert into.held().ignored == (name,)
    assert not into.leaves_out("a.pdf")


def test_too_many_files_stop_it_and_leave_no_more_than_were_allowed(tmp_path: Path) -> None:
    into = Unpacker(tmp_path, Budget(files=2), 100)
    into.take("a", [b"1"])
    into.take("b", [b"2"])
    with pytest.raises(LimitExceeded, match="more files than are unpacked at once"):
        into.take("c", [b"3"])
    assert len(stored(tmp_path)) == 2


def test_too_many_bytes_are_noticed_while_they_stream(tmp_path: Path) -> None:
    into = Unpacker(tmp_path, Budget(bytes=10), 100)
    drawn = []

    def endless() -> object:
        while True:
            drawn.append(1)
            yield b"12345"

    with pytest.raises(LimitExceeded, match="more bytes than are unpacked at once"):
        into.take("a", endless())  # type: ignore[arg-type]
    assert len(drawn) == 3
    assert stored(tmp_path) == {}


def test_a_bomb_is_noticed_by_its_ratio(tmp_path: Path) -> None:
    into = Unpacker(tmp_path, Budget(), 1_000)
    with pytest.raises(LimitExceeded, match="may be a zip bomb"):
        into.take("a", (bytes(1 << 20) for _ in range(100)))
    assert stored(tmp_path) == {}


def test_one_file_too_large_leaves_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unpack, "MAX_MEMBER", 3)
    into = Unpacker(tmp_path, Budget(), 100)
    into.take("a", [b"1234"])
    into.take("b", [b"12"])
    assert stored(tmp_path) == {"1": b"12"}
    assert "take it out and add it by itself" in into.held().members[0].reason
