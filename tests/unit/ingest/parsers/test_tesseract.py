"""Running tesseract on a picture, with programs that stand in for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.parsers.tesseract import (
    Failed,
    Found,
    Orientation,
    Picture,
    orientation,
    read_table,
    recognise,
)
from ingest.recognition import Recognition
from ingest.workers import environment

PICTURE = Picture(2, 1, b"\x00\xff", 300)
HEAD = (
    "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext"
)
ROWS = (
    "4\t1\t1\t1\t1\t0\t10\t20\t200\t30\t-1\t",
    "5\t1\t1\t1\t1\t1\t10\t20\t90\t30\t96.5\tSupport",
    "5\t1\t1\t1\t1\t2\t110\t20\t100\t30\t80\thub",
    "5\t1\t1\t1\t1\t3\t210\t20\t10\t30\t31\t|",
    "5\t1\t1\t1\t1\t4\t210\t20\t10",
    "5\t1\t1\t1\t1\t5\tx\t20\t10\t30\t31\tlost",
)


def stand_in(folder: Path, body: str, *, seconds: float = 5.0) -> Recognition:
    path = folder / "tesseract"
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return Recognition(str(path), frozenset({"eng", "osd"}), page_seconds=seconds)


def test_words_are_read_from_the_table_and_specks_left_out() -> None:
    assert read_table("\n".join((HEAD, *ROWS))) == [
        Found("Support", 10, 20, 100, 50, 0.965, (1, 1, 1)),
        Found("hub", 110, 20, 210, 50, 0.8, (1, 1, 1)),
    ]


def test_the_program_gets_the_picture_and_the_languages(tmp_path: Path) -> None:
    how = stand_in(tmp_path, f'echo "$@" > {tmp_path}/asked; /bin/cat > {tmp_path}/given')
    assert recognise(PICTURE, ["eng", "fra"], how) == []
    assert (tmp_path / "given").read_bytes() == b"P5\n2 1\n255\n\x00\xff"
    asked = (tmp_path / "asked").read_text()
    assert "--dpi 300" in asked
    assert "-l eng+fra" in asked


def test_the_program_finds_its_languages_where_it_was_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The list of languages is asked for in the whole environment, so reading needs this of it."""
    monkeypatch.setenv("TESSDATA_PREFIX", "/opt/tessdata")
    monkeypatch.setenv("MMSEARCH_TOKEN", "secret")
    kept = environment()
    assert kept["TESSDATA_PREFIX"] == "/opt/tessdata"
    assert "secret" not in kept.values()
    how = stand_in(tmp_path, f'echo "$TESSDATA_PREFIX $LC_ALL" > {tmp_path}/told')
    recognise(PICTURE, ["eng"], how)
    assert (tmp_path / "told").read_text() == "/opt/tessdata C.UTF-8\n"


def test_a_slow_program_is_stopped(tmp_path: Path) -> None:
    how = stand_in(tmp_path, "exec /bin/sleep 60", seconds=0.2)
    with pytest.raises(Failed, match=r"more than 0\.2 s"):
        recognise(PICTURE, ["eng"], how)


def test_what_the_program_says_of_a_failure_is_kept(tmp_path: Path) -> None:
    how = stand_in(tmp_path, "echo first >&2; echo 'no such language' >&2; exit 1")
    with pytest.raises(Failed, match="no such language"):
        recognise(PICTURE, ["eng"], how)


def test_a_program_that_is_gone_is_a_failure(tmp_path: Path) -> None:
    how = Recognition(str(tmp_path / "none"), frozenset({"eng"}))
    with pytest.raises(Failed, match="cannot be run"):
        recognise(PICTURE, ["eng"], how)


def test_how_a_picture_lies(tmp_path: Path) -> None:
    how = stand_in(tmp_path, 'printf "Rotate: 270\\nScript: Cyrillic\\n"')
    assert orientation(PICTURE, how) == Orientation(3, "Cyrillic")


@pytest.mark.parametrize("body", ["exit 1", "echo nothing"])
def test_how_a_picture_lies_may_not_be_known(tmp_path: Path, body: str) -> None:
    assert orientation(PICTURE, stand_in(tmp_path, body)) is None
    without = Recognition("/bin/false", frozenset({"eng"}))
    assert orientation(PICTURE, without) is None
