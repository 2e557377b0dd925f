from __future__ import annotations

import stat
import zipfile
from pathlib import Path

import pytest

from ingest.errors import DamagedFile, EncryptedFile
from ingest.held import Budget, Held
from ingest.parsers import zip_archive
from ingest.unpack import Unpacker


def unpacked(path: Path, tmp_path: Path) -> Held:
    folder = tmp_path / "out"
    folder.mkdir()
    into = Unpacker(folder, Budget(), path.stat().st_size)
    zip_archive.unpack(path, into)
    return into.held()


def test_folders_hidden_files_and_links(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("annex/", "")
        archive.writestr("annex/report.txt", "Text")
        archive.writestr("__MACOSX/._report.txt", "x")
        link = zipfile.ZipInfo("link.txt")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    held = unpacked(path, tmp_path)
    assert [(m.name, m.number) for m in held.members] == [
        ("annex/report.txt", 0),
        ("link.txt", None),
    ]
    assert held.ignored == ("__MACOSX/._report.txt",)
    assert (tmp_path / "out" / "0.txt").read_text() == "Text"


@pytest.mark.parametrize("encoding", ["utf-8", "cp866"])
def test_names_from_old_programs(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.zip"
    name = "Отчёт о миграции населения.txt"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("x" * len(name.encode(encoding)), "Text")
    raw = path.read_bytes().replace(b"x" * len(name.encode(encoding)), name.encode(encoding))
    path.write_bytes(raw)
    assert [m.name for m in unpacked(path, tmp_path).members] == [name]


def test_a_damaged_file_leaves_the_others(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("bad.txt", "spoiled words")
        archive.writestr("good.txt", "Text")
    path.write_bytes(path.read_bytes().replace(b"spoiled", b"SPOILED"))
    bad, good = unpacked(path, tmp_path).members
    assert (bad.number, good.number) == (None, 1)
    assert "damaged in the archive" in bad.reason


def encrypted(path: Path) -> Path:
    """Set the flag that says that an entry is encrypted, in both of its places."""
    data = bytearray(path.read_bytes())
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(bytes(data))
    return path


def test_an_archive_with_a_password(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", "Text")
    with pytest.raises(EncryptedFile, match="protected by a password"):
        unpacked(encrypted(path), tmp_path)


def test_one_file_with_a_password_among_others(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", "Text")
        archive.writestr("b.txt", "Text")
    held = unpacked(encrypted(path), tmp_path)
    assert [m.number for m in held.members] == [None, 1]
    assert "needs a password" in held.members[0].reason


def test_an_archive_that_was_cut(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", "Text" * 100)
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(DamagedFile, match="The archive is damaged"):
        unpacked(path, tmp_path)
