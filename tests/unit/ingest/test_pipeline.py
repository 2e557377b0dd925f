from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

from ingest.errors import IngestError
from ingest.pipeline import Limits, extract
from ingest.types import Extracted, Failed, Outcome, SourceFile, Unchanged
from tests.unit.ingest.test_workers import STUB, Make, children, make, tokenizer_file

__all__ = ["make", "tokenizer_file"]


def run(
    files: Sequence[SourceFile],
    tokenizer_file: Path,
    known: dict[str, str] | None = None,
    limits: Limits | None = None,
    workers: int = 2,
) -> dict[str, Outcome]:
    """Run the pipeline; the outcomes by file, each file exactly once."""
    outcomes = list(
        extract(
            files,
            known=known or {},
            tokenizer_file=tokenizer_file,
            max_tokens=256,
            workers=workers,
            limits=limits,
            command=STUB,
        )
    )
    assert sorted(o.source.file for o in outcomes) == sorted(f.file for f in files)
    return {outcome.source.file: outcome for outcome in outcomes}


def reason(outcome: Outcome) -> str:
    assert isinstance(outcome, Failed)
    return outcome.reason


def test_every_file_has_one_outcome_and_crashes_do_not_end_the_run(
    make: Make, tokenizer_file: Path
) -> None:
    files = [make(f"Document {n}.", f"{n}.txt") for n in range(5)]
    files += [make("segfault", "bad.txt"), make("locked", "locked.txt")]
    outcomes = run(files, tokenizer_file)
    assert all(isinstance(outcomes[f"{n}.txt"], Extracted) for n in range(5))
    assert "crashed" in reason(outcomes["bad.txt"])
    assert reason(outcomes["locked.txt"]) == "it needs a password"
    assert children() == []


def test_what_is_said_of_a_files_language_reaches_the_reader_of_its_pictures(
    make: Make, tokenizer_file: Path
) -> None:
    said = {"a.txt": ("sr", "tlh"), "b.txt": ()}
    outcomes = extract(
        [make("languages", name) for name in said],
        known={},
        tokenizer_file=tokenizer_file,
        max_tokens=256,
        workers=1,
        command=STUB,
        languages=lambda source: said[source.file],
    )
    texts = {o.source.file: o.parsed.text for o in outcomes if isinstance(o, Extracted)}
    assert texts == {"a.txt": "sr", "b.txt": "none"}


def test_the_hash_is_that_of_the_bytes(make: Make, tokenizer_file: Path) -> None:
    source = make("Grüße.")
    (outcome,) = run([source], tokenizer_file).values()
    assert isinstance(outcome, Extracted)
    assert outcome.sha256 == hashlib.sha256("Grüße.".encode()).hexdigest()
    assert outcome.size == len("Grüße.".encode())


def test_an_unchanged_file_is_not_parsed(make: Make, tokenizer_file: Path) -> None:
    source = make("segfault")
    digest = hashlib.sha256(b"segfault").hexdigest()
    outcomes = run([source], tokenizer_file, {str(source.path): digest})
    assert outcomes["a.txt"] == Unchanged(source, digest)


def test_a_file_that_changes_while_it_is_read_fails(make: Make, tokenizer_file: Path) -> None:
    outcomes = run([make("touch")], tokenizer_file)
    assert "changed while it was being read" in reason(outcomes["a.txt"])


def test_a_file_over_the_limit_fails(make: Make, tokenizer_file: Path) -> None:
    outcomes = run([make("x" * 2_000_000)], tokenizer_file, limits=Limits(file_bytes=1_000_000))
    assert "2 MB, more than the limit of 1 MB" in reason(outcomes["a.txt"])


def test_a_file_that_is_gone_fails(make: Make, tokenizer_file: Path) -> None:
    source = make("x")
    source.path.unlink()
    assert "cannot be read: No such file" in reason(run([source], tokenizer_file)["a.txt"])


def test_a_pipe_is_not_waited_for(tmp_path: Path, tokenizer_file: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    source = SourceFile(tmp_path / "pipe", tmp_path, "pipe")
    assert "not a regular file" in reason(run([source], tokenizer_file)["pipe"])


def test_no_files_have_no_outcomes(tokenizer_file: Path) -> None:
    assert run([], tokenizer_file) == {}


def test_leaving_early_ends_workers_and_threads(make: Make, tokenizer_file: Path) -> None:
    files = [make(f"Document {n}.", f"{n}.txt") for n in range(20)]
    outcomes = extract(
        files,
        known={},
        tokenizer_file=tokenizer_file,
        max_tokens=256,
        workers=2,
        command=STUB,
    )
    next(outcomes)
    outcomes.close()  # type: ignore[attr-defined]
    assert children() == []
    assert not [thread for thread in threading.enumerate() if thread.name == "ingest"]


def test_a_worker_that_cannot_start_ends_the_run(make: Make, tmp_path: Path) -> None:
    with pytest.raises(IngestError, match="tokenizer file"):
        run([make("x")], tmp_path / "missing.json")
    assert children() == []
