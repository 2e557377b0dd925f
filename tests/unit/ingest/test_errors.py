"""Why a file failed, as a word that is stored and said in every language."""

import json
from pathlib import Path

import pytest

from ingest.errors import EmptyFile, NotAsNamed, UnsupportedFile, failure_codes
from ingest.parsers.registry import parse
from mmsearch.api.page import FOLDER

CODES = {
    *("encrypted", "empty", "not-as-named", "damaged", "too-large", "timed-out", "memory"),
    *("needs-libreoffice", "needs-tesseract", "no-text", "unsupported", "unreadable"),
}


def test_the_codes_stay_as_they_are_since_libraries_keep_them() -> None:
    assert failure_codes() == CODES


def test_the_page_says_each_of_them() -> None:
    words = json.loads((FOLDER / "library-en.json").read_text(encoding="utf-8"))
    said = {name.removeprefix("failure_") for name in words if name.startswith("failure_")}
    assert said == CODES | {"details"}


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("a.pdf", b"", EmptyFile),
        ("a.pdf", b"MZ\x90\x00 a program" * 20, NotAsNamed),
        ("a.txt", b"\x00\x01\x02\x03" * 200, NotAsNamed),
        ("a.exe", b"MZ\x90\x00 a program" * 20, UnsupportedFile),
    ],
)
def test_a_file_that_is_not_read_says_which_it_is(
    tmp_path: Path, name: str, data: bytes, kind: type[Exception]
) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(kind, match=r"file (is|holds)"):
        parse(tmp_path / name)
