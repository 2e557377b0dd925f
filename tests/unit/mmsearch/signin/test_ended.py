from pathlib import Path

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


def test_a_damaged_file_ends_nobody_else(tmp_path: Path) -> None:
    (tmp_path / "signed-out").write_bytes(b"\xff\xfe 12\nnonsense\n")
    assert "first" not in EndedSessions(tmp_path / "signed-out", lambda: 1000.0)
