"""Old formats through LibreOffice, made by LibreOffice itself."""

from __future__ import annotations

import os
import shutil
import signal
from pathlib import Path

import pytest

from ingest import office
from ingest.errors import LimitExceeded, OldFormat, UnsupportedFile
from ingest.office import Office, find_office
from ingest.pipeline import extract
from ingest.types import Extracted, Failed, SourceFile
from ingest.workers import Limits
from tests.conftest import lacking
from tests.unit.ingest.test_workers import tokenizer_file

__all__ = ["tokenizer_file"]

OLD = OldFormat("The file is old.", "docx")


@pytest.fixture(scope="module")
def libreoffice() -> Path:
    """Return LibreOffice's program."""
    found = find_office()
    if found is None:
        lacking("LibreOffice is not installed")
    return found


def test_without_libreoffice_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(office, "find_office", lambda: None)
    with pytest.raises(UnsupportedFile, match=r"install LibreOffice .on Debian.*apt-get install"):
        Office(Limits(), tmp_path).save(tmp_path / "a.doc", OLD, tmp_path)


@pytest.mark.slow
def test_it_is_killed_when_its_time_is_up(libreoffice: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.rtf"
    path.write_bytes(rb"{\rtf1 Words.\par}")
    folder = tmp_path / "out"
    folder.mkdir()
    with pytest.raises(LimitExceeded, match=r"LibreOffice was stopped after 0.05 s"):
        Office(Limits(seconds=0.05), tmp_path).save(path, OLD, folder)
    assert not (tmp_path / "office-0" / "profile").exists()


@pytest.mark.slow
def test_one_that_is_killed_in_the_middle_costs_no_file(libreoffice: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.rtf"
    path.write_bytes(rb"{\rtf1 Words.\par}")
    made = Office(Limits(), tmp_path)
    opened = []
    for number in range(3):
        folder = tmp_path / f"out{number}"
        folder.mkdir()
        assert made.save(path, OLD, folder).is_file()
        (desk,) = made._desks.values()
        opened += desk._running
        if number == 1:
            os.killpg(opened[-1].pid, signal.SIGKILL)
            opened[-1].wait()
    first, second, third = (child.pid for child in opened)
    assert first == second != third
    made.stop()
    assert all(child.poll() is not None for child in opened)
    with pytest.raises(UnsupportedFile, match="the run was stopped"):
        made.save(path, OLD, tmp_path)


@pytest.mark.slow
@pytest.mark.shared
def test_old_documents_good_and_bad(
    libreoffice: Path, shared_data: Path, tmp_path: Path, tokenizer_file: Path
) -> None:
    good = tmp_path / "good.doc"
    shutil.copyfile(shared_data / "torture" / "docling" / "greek_heading_styles.doc", good)
    bad = tmp_path / "bad.doc"
    bad.write_bytes(good.read_bytes()[:2048] + "WordDocument".encode("utf-16-le"))
    files = [SourceFile(path, tmp_path, path.name) for path in (good, bad)]
    outcomes = {
        outcome.source.file: outcome
        for outcome in extract(
            files, known={}, tokenizer_file=tokenizer_file, max_tokens=256, workers=1
        )
    }
    read, failed = outcomes["good.doc"], outcomes["bad.doc"]
    assert isinstance(read, Extracted)
    assert read.parsed.warnings[0] == "It was read as LibreOffice saves it in the format .docx."
    assert any(block.level for block in read.parsed.blocks)
    assert read.size == good.stat().st_size
    assert isinstance(failed, Failed)
    assert "LibreOffice cannot read it" in failed.reason
