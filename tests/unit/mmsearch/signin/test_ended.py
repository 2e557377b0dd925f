import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from mmsearch.signin.ended import EndedSessions


def test_what_ended_is_known_to_others_and_forgotten_when_its_time_is_over(tmp_path: Path) -> None:
    path, now = tmp_path / "signed-out", [1000.0]
    one, other = (EndedSessions(path, lambda: now[0]) for _ in range(2))
    one.add("first", 2000.0)
    one.add("second", 3000.0)
    assert "first" in other
    assert "third" not in other
    assert "first" not in path.read_text()  # no list of session ids
    now[0] = 2500.0
    again = EndedSessions(path, lambda: now[0])
    assert ("first" in again, "second" in again) == (False, True)
    assert len(path.read_text().splitlines()) == 1
    other.add("third", 4000.0)
    assert "third" in again


def test_without_a_file_they_are_known_while_the_process_lives(tmp_path: Path) -> None:
    for path in (None, tmp_path / "none" / "signed-out"):
        ended = EndedSessions(path, lambda: 1000.0)
        ended.add("first", 2000.0)
        assert "first" in ended


def test_a_damaged_file_ends_nobody_else_and_keeps_what_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "signed-out"
    EndedSessions(path, lambda: 1000.0).add("first", 2000.0)
    path.write_bytes(b"\xff\xfe 12\nnonsense\n" + path.read_bytes() + b"0123 19")
    for _ in range(2):  # as it was found, and as it was tidied up
        ended = EndedSessions(path, lambda: 1000.0)
        assert "first" in ended
        assert "second" not in ended


def test_half_a_line_spoils_no_other(tmp_path: Path) -> None:
    path = tmp_path / "signed-out"
    ended = EndedSessions(path, lambda: 1000.0)
    path.write_bytes(b"0123 19")
    ended.add("first", 2000.0)
    assert "first" in EndedSessions(path, lambda: 1000.0)


def test_a_full_disk_loses_nothing_that_was_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "signed-out"
    EndedSessions(path, lambda: 1000.0).add("first", 2000.0)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        EndedSessions(path, lambda: 1000.0)
    assert "first" in EndedSessions(path, lambda: 1000.0)
    assert not [one.name for one in tmp_path.iterdir() if one.suffix not in ("", ".lock")]


def test_what_is_named_while_another_process_tidies_up_is_kept(tmp_path: Path) -> None:
    path, count = tmp_path / "signed-out", 40
    ended = EndedSessions(path, lambda: 1000.0)
    ended.add("0", 2000.0)
    with ThreadPoolExecutor(4) as pool:
        tidied = [pool.submit(EndedSessions, path, lambda: 1000.0) for _ in range(count)]
        for number in range(1, count):
            ended.add(str(number), 2000.0)
        for one in tidied:
            one.result()
    again = EndedSessions(path, lambda: 1000.0)
    assert all(str(number) in again for number in range(count))
    assert path.stat().st_mode & 0o777 == 0o600
