"""A file is replaced whole or stays as it was."""

import os
from pathlib import Path

import pytest

from index.durable import replace_file


def test_a_new_file_has_the_mode_and_one_that_was_there_keeps_its_own(tmp_path: Path) -> None:
    path = tmp_path / "list"
    replace_file(path, b"one", mode=0o600)
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o640)
    replace_file(path, b"two")
    assert path.stat().st_mode & 0o777 == 0o640
    assert path.read_bytes() == b"two"


def test_what_a_crash_left_is_written_over(tmp_path: Path) -> None:
    (tmp_path / ".list.new").write_bytes(b"half of something longer")
    replace_file(tmp_path / "list", b"whole")
    assert [one.name for one in tmp_path.iterdir()] == ["list"]
    assert (tmp_path / "list").read_bytes() == b"whole"


def test_a_full_disk_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "list"
    replace_file(path, b"one")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        replace_file(path, b"two")
    assert [one.name for one in tmp_path.iterdir()] == ["list"]
    assert path.read_bytes() == b"one"
