"""Archives in archives and bombs through the pipeline, with the real parsers."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from ingest.held import MAX_DEPTH
from ingest.pipeline import extract
from ingest.types import Extracted, Failed, Opened, Outcome, SourceFile
from tests.unit.ingest.test_workers import tokenizer_file

__all__ = ["tokenizer_file"]


def nested(depth: int) -> bytes:
    """Return a zip with a text and another such zip, so many deep."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("a.txt", f"Words at depth {depth}.")
        if depth:
            archive.writestr("in.zip", nested(depth - 1))
    return target.getvalue()


@pytest.mark.slow
def test_nothing_in_archives_is_unaccounted_for(tmp_path: Path, tokenizer_file: Path) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    (tmp_path / "deep.zip").write_bytes(nested(MAX_DEPTH + 1))
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("first.txt", "Taken before the bomb was noticed.")
        archive.writestr("zeros.txt", bytes(60_000_000))
        archive.writestr("after.txt", "Never reached.")
    files = [SourceFile(tmp_path / n, tmp_path, n) for n in ("deep.zip", "bomb.zip")]
    found: dict[str, list[Outcome]] = {}
    for outcome in extract(
        files,
        known={},
        tokenizer_file=tokenizer_file,
        max_tokens=256,
        workers=2,
        scratch=scratch,
    ):
        found.setdefault(outcome.source.file, []).append(outcome)
        if isinstance(outcome, Extracted):
            assert outcome.source.content.read_bytes().decode() == outcome.parsed.text
    opened, failed = found["bomb.zip"]
    assert isinstance(opened, Opened)
    assert not opened.complete
    assert isinstance(failed, Failed)
    assert "may be a zip bomb" in failed.reason
    assert isinstance(found["bomb.zip/first.txt"][0], Extracted)
    assert set(found) >= {"deep.zip" + "/in.zip" * depth + "/a.txt" for depth in range(MAX_DEPTH)}
    last = found["deep.zip" + "/in.zip" * MAX_DEPTH]
    assert isinstance(last[-1], Failed)
    assert "unpack it and add its folder" in last[-1].reason
    assert list(scratch.iterdir()) == []


@pytest.mark.slow
def test_a_scratch_folder_may_be_named_from_here(
    tmp_path: Path, tokenizer_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "scratch").mkdir()
    (tmp_path / "one.zip").write_bytes(nested(0))
    monkeypatch.chdir(tmp_path)
    outcomes = extract(
        [SourceFile(tmp_path / "one.zip", tmp_path, "one.zip")],
        known={},
        tokenizer_file=tokenizer_file,
        max_tokens=256,
        workers=1,
        scratch=Path("scratch"),
    )
    assert [type(one) for one in outcomes] == [Opened, Extracted]
