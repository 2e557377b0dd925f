from __future__ import annotations

from pathlib import Path

import pytest

from index.presence import Presence, is_there
from ingest.types import Failed, Opened, SourceFile, Unchanged

ROOT = Path("/nowhere/docs")


def source(name: str) -> SourceFile:
    return SourceFile(ROOT / name, ROOT, name)


def test_a_file_in_a_file_is_there_while_the_outer_one_is(tmp_path: Path) -> None:
    archive = tmp_path / "a.zip"
    archive.write_bytes(b"PK")
    assert is_there(str(archive))
    assert is_there(str(archive / "inner.zip" / "a.pdf"))
    assert not is_there(str(tmp_path / "b.zip" / "a.pdf"))
    assert not is_there(str(tmp_path / "a.pdf"))


@pytest.mark.parametrize(
    ("outcome", "gone"),
    [
        (Opened(source("a.zip"), (source("a.zip/kept.pdf"),)), True),
        (Opened(source("a.zip"), (source("a.zip/kept.pdf"),), complete=False), False),
        (Failed(source("a.zip"), "damaged"), False),
        (Unchanged(source("a.zip"), "ab"), True),
    ],
)
def test_what_an_archive_that_was_read_does_not_hold_is_gone(
    outcome: Opened | Failed | Unchanged, gone: bool
) -> None:
    presence = Presence()
    presence.note(outcome)
    assert presence.is_gone(str(ROOT / "a.zip" / "old.pdf"), [ROOT]) is gone
    if isinstance(outcome, Opened):
        assert not presence.is_gone(str(ROOT / "a.zip" / "kept.pdf"), [ROOT])


def test_what_lies_in_an_archive_within_follows_the_inner_one() -> None:
    presence = Presence()
    presence.note(Opened(source("a.zip"), (source("a.zip/b.zip"),)))
    presence.note(Failed(source("a.zip/b.zip"), "damaged"))
    assert not presence.is_gone(str(ROOT / "a.zip/b.zip/c.pdf"), [ROOT])
    assert presence.is_gone(str(ROOT / "a.zip/gone.zip/c.pdf"), [ROOT])


def test_nothing_outside_the_roots_is_gone() -> None:
    assert not Presence().is_gone("/nowhere/else/a.pdf", [ROOT])
    assert Presence().is_gone(str(ROOT / "a.pdf"), [ROOT])
