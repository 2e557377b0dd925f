"""Reading uploads onto a disk that is really full: nothing is lost, and it goes on with room."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.check import check
from mmsearch.keeping.session import TROUBLE, work
from mmsearch.keeping.store import Store
from mmsearch.keeping.types import Limits, State
from mmsearch.settings import load_settings
from tests.service.keeping import kept, make_library

pytestmark = pytest.mark.slow


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Return a folder on a disk of 40 MB."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=40m", "none", str(place)]
    if os.geteuid() or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("no file system can be mounted here")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


def test_a_full_disk_keeps_what_waits_and_refuses_more(small_disk: Path) -> None:
    library = make_library(small_disk)
    settings = load_settings(library=library, workers=1)
    ballast = small_disk / "ballast"
    with kept(library, start=False, limits=Limits(reserve_bytes=0)) as at:
        assert at.send("note.txt", b"Cinnabar dust " * 40_000).status_code == 201
        with ballast.open("wb") as out:
            out.write(b"x" * (shutil.disk_usage(small_disk).free - 100_000))
        response = at.send("more.txt", b"x" * 500_000)
        assert response.status_code == 507
        assert "Nothing that was there is lost" in response.json()["detail"]
        assert work(settings, linger=0) == 3
        queue = at.client.get("/keeping/uploads").json()
        assert [entry["state"] for entry in queue["entries"]] == ["waiting"]
        assert "is full" in queue["trouble"]
        assert at.found("register of boats") == ["harbour.txt"]
        ballast.unlink()
        assert work(settings, linger=0) == 0
        assert at.entries()["note.txt"]["state"] == State.ADDED
        assert Store(library).noted(TROUBLE) == ""
        assert at.found("cinnabar dust")[0] == "note.txt"
    assert check(library, None).problems == ()
