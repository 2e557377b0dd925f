import hashlib
import os
import subprocess
from pathlib import Path

import pytest

from mmsearch.keeping.errors import EntryBusy, NoRoom, TooLarge, TooMany, UploadRefused
from mmsearch.keeping.receive import Intake, Wish
from mmsearch.keeping.store import Store
from mmsearch.keeping.types import Limits, State


def intake(folder: Path, **limits: int) -> Intake:
    folder.mkdir(exist_ok=True)
    return Intake(folder, Store(folder), Limits(**{"reserve_bytes": 0, **limits}))


def sent(at: Intake, name: str, data: bytes, **wish: object):
    receiving = at.begin(Wish(name, len(data), **wish))
    try:
        receiving.write(data)
        return receiving.finish()
    finally:
        receiving.abandon()


def left(at: Intake) -> list[str]:
    return sorted(path.name for path in at.incoming.glob("*"))


def test_a_file_waits_when_all_of_it_is_there(tmp_path):
    at = intake(tmp_path / "library")
    receiving = at.begin(Wish("annex/a.txt", 10))
    receiving.write(b"12345")
    assert at._store.entries() == []
    assert [(e.file, e.state, e.size) for e in at.receiving()] == [
        ("annex/a.txt", State.RECEIVING, 5)
    ]
    receiving.write(b"67890")
    entry = receiving.finish()
    receiving.abandon()
    assert at._store.entries() == [entry]
    assert entry.sha256 == hashlib.sha256(b"1234567890").hexdigest()
    assert Path(entry.stored).read_bytes() == b"1234567890"
    assert (entry.state, entry.path) == (State.WAITING, at.uploads / "annex/a.txt")


@pytest.mark.parametrize("data", [b"", b"12345"])
def test_what_is_empty_or_cut_off_is_refused_and_leaves_nothing(tmp_path, data):
    at = intake(tmp_path)
    receiving = at.begin(Wish("a.txt", 10))
    if data:
        receiving.write(data)
    with pytest.raises(UploadRefused, match=r"is empty|only in part"):
        receiving.finish()
    receiving.abandon()
    assert (left(at), at.receiving(), at._store.entries()) == ([], [], [])


def test_limits_are_kept_before_and_while_a_file_comes(tmp_path):
    at = intake(tmp_path, file_bytes=10, waiting_bytes=25, waiting_files=2)
    with pytest.raises(TooLarge, match="the most"):
        at.begin(Wish("a.txt", 11))
    liar = at.begin(Wish("a.txt"))
    with pytest.raises(TooLarge, match="the most"):
        liar.write(b"12345678901")
    liar.abandon()
    assert left(at) == []
    sent(at, "a.txt", b"1234567890")
    sent(at, "b.txt", b"234567890")
    with pytest.raises(TooMany, match="2 files wait already"):
        at.begin(Wish("c.txt", 1))
    roomy = intake(tmp_path, waiting_bytes=25)
    with pytest.raises(TooMany, match="MB wait already"):
        roomy.begin(Wish("c.txt", 10))


def test_only_so_many_are_received_at_once(tmp_path):
    at = intake(tmp_path, at_once=2)
    first, _ = at.begin(Wish("a.txt", 1)), at.begin(Wish("b.txt", 1))
    with pytest.raises(TooMany, match="received at the moment"):
        at.begin(Wish("c.txt", 1))
    first.abandon()
    at.begin(Wish("c.txt", 1)).abandon()


def test_names_are_kept_apart_unless_a_file_is_a_new_version(tmp_path):
    at = intake(tmp_path)
    (at.uploads / "a").mkdir(parents=True)
    (at.uploads / "a/b.txt").write_text("there")
    assert sent(at, "a/b.txt", b"1").file == "a/b (2).txt"
    assert sent(at, "a/b.txt", b"2").file == "a/b (3).txt"
    assert sent(at, "a/b.txt", b"3", replaces=True).file == "a/b.txt"
    assert sent(at, "a/b.txt/c.txt", b"4").file == "a/b.txt (folder)/c.txt"


def test_what_failed_gives_way_to_the_file_that_is_sent_again(tmp_path):
    at = intake(tmp_path)
    entry = sent(at, "a.pdf", b"not a pdf")
    failed = type(entry)(**{f: getattr(entry, f) for f in entry.__slots__} | {"state": "failed"})
    at._store.finish(failed)
    again = sent(at, "a.pdf", b"a better one")
    assert [e.entry_id for e in at._store.entries()] == [again.entry_id]
    assert left(at) == [Path(again.stored).name]


def test_what_is_being_read_stays(tmp_path):
    at = intake(tmp_path)
    entry = sent(at, "a.txt", b"1")
    assert at._store.claim([entry.entry_id]) == {entry.entry_id}
    with pytest.raises(EntryBusy, match="being read"):
        at._store.take_out(entry.entry_id)
    at._store.release()
    at._store.take_out(entry.entry_id)
    assert at._store.claim([entry.entry_id]) == set()


def test_a_file_that_breaks_its_reader_again_and_again_fails(tmp_path):
    at = intake(tmp_path)
    entry = sent(at, "a.txt", b"1")
    for _ in range(3):
        assert at._store.entry(entry.entry_id).state is State.WAITING
        at._store.mark(entry.entry_id, State.READING)
        at._store.release(crashed=True)
    assert at._store.entry(entry.entry_id).state is State.FAILED


def test_what_a_killed_service_left_is_cleared_away(tmp_path):
    at = intake(tmp_path)
    entry = sent(at, "a.txt", b"1")
    (at.incoming / "u_0.999999999.part").write_bytes(b"half")
    (at.incoming / f"u_1.{os.getppid()}.part").write_bytes(b"of another service that lives")
    (at.incoming / "u_2.txt").write_bytes(b"renamed, then killed")
    (at.incoming / "copy.part").write_bytes(b"what some other program left")
    (at.incoming / ".part").write_bytes(b"")
    at.tidy()
    assert left(at) == sorted([f"u_1.{os.getppid()}.part", Path(entry.stored).name])


@pytest.fixture
def small_disk(tmp_path: Path):
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=3m", "none", str(place)]
    if os.geteuid() or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("no file system can be mounted here")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


def test_a_disk_that_fills_up_refuses_and_loses_nothing(small_disk):
    at = intake(small_disk)
    kept = sent(at, "a.txt", b"a" * 500_000)
    with pytest.raises(NoRoom, match="disk of the library is full"):
        at.begin(Wish("big.txt", 2_000_000))
    unsaid = at.begin(Wish("big.txt"))
    fill = (unsaid.write(b"b" * 100_000) for _ in range(40))
    with pytest.raises(NoRoom, match="disk of the library is full"):
        list(fill)
    unsaid.abandon()
    assert left(at) == [Path(kept.stored).name]
    assert Path(kept.stored).stat().st_size == 500_000
    sent(at, "small.txt", b"c" * 100_000)
