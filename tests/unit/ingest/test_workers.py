from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace

from ingest import workers
from ingest.errors import (
    DamagedFile,
    EncryptedFile,
    IngestError,
    ParseError,
    TooMuchMemory,
    TooSlow,
)
from ingest.types import SourceFile
from ingest.workers import Limits, Worker

STUB = (sys.executable, "-P", str(Path(__file__).with_name("stub_worker.py")))
Make = Callable[..., SourceFile]


@pytest.fixture(scope="module")
def tokenizer_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    unknown = "[UNK]"
    tokenizer = Tokenizer(WordLevel({unknown: 0}, unk_token=unknown))
    tokenizer.pre_tokenizer = Whitespace()
    path = tmp_path_factory.mktemp("model") / "tokenizer.json"
    tokenizer.save(str(path))
    return path


@pytest.fixture
def make(tmp_path: Path) -> Make:
    def write(content: str, name: str = "a.txt") -> SourceFile:
        path = tmp_path / name
        path.write_text(content, encoding="utf-8")
        return SourceFile(path, tmp_path, name)

    return write


@pytest.fixture
def worker(tokenizer_file: Path) -> Iterator[Worker]:
    limits = Limits(seconds=120, memory_bytes=1 << 30)
    worker = Worker(limits, tokenizer_file=tokenizer_file, max_tokens=256, command=STUB)
    yield worker
    worker.close()


@pytest.fixture
def hasty(tokenizer_file: Path) -> Iterator[Worker]:
    worker = Worker(
        Limits(seconds=0.3), tokenizer_file=tokenizer_file, max_tokens=256, command=STUB
    )
    yield worker
    worker.close()


def works(worker: Worker, make: Make) -> bool:
    content = worker.extract(make("Hello world.", "good.txt"))
    return [p.text for p in content.passages] == ["Hello world."]


def test_a_file_comes_back_as_text_passages_and_metadata(worker: Worker, make: Make) -> None:
    content = worker.extract(make("Hello\nworld."))
    assert content.parsed.text == "Hello\nworld."
    assert [(p.text, p.language) for p in content.passages] == [("Hello\nworld.", "en")]
    assert content.metadata.title == "a.txt"


@pytest.mark.parametrize("order", ["hang", "spin"])
def test_a_file_that_takes_too_long_is_stopped(hasty: Worker, make: Make, order: str) -> None:
    with pytest.raises(TooSlow, match=r"stopped after 0.3 s"):
        hasty.extract(make(order))


def test_reading_a_picture_has_time_of_its_own(tokenizer_file: Path, make: Make) -> None:
    limits = Limits(seconds=2)  # the picture takes longer, and all before it far less
    with closing(
        Worker(limits, tokenizer_file=tokenizer_file, max_tokens=256, command=STUB)
    ) as worker:
        assert worker.extract(make("picture\nand text")).parsed.text == "picture\nand text"


@pytest.mark.parametrize(
    ("order", "error", "reason"),
    [
        ("eat", TooMuchMemory, "needed more than 1 GB of memory"),
        ("segfault", DamagedFile, r"crashed \(signal 11\)"),
        ("abort", DamagedFile, r"crashed \(signal 6\)"),
        ("leave", DamagedFile, r"crashed \(exit code 3\)"),
        ("lie", DamagedFile, "answer that cannot be used"),
        ("locked", EncryptedFile, "it needs a password"),
        ("unreadable", ParseError, "it cannot be read"),
        ("break", DamagedFile, "ZeroDivisionError: a mistake"),
    ],
)
def test_a_bad_file_has_a_reason_and_the_next_one_is_read(
    worker: Worker, make: Make, order: str, error: type[Exception], reason: str
) -> None:
    with pytest.raises(error, match=reason):
        worker.extract(make(order))
    assert works(worker, make)


def test_what_a_parser_prints_does_not_reach_the_frame(worker: Worker, make: Make) -> None:
    assert worker.extract(make("rubbish\nand text")).parsed.text == "rubbish\nand text"


def test_an_interrupt_does_not_reach_the_worker(worker: Worker, make: Make) -> None:
    assert worker.extract(make("interrupted")).parsed.text == "interrupted"


def test_the_worker_has_none_of_the_parents_secrets(
    worker: Worker, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1")
    assert "SLACK_BOT_TOKEN" not in worker.extract(make("secrets")).parsed.text


def test_the_worker_can_write_no_large_file(worker: Worker, make: Make, tmp_path: Path) -> None:
    target = tmp_path / "large"
    target.touch()
    with pytest.raises(DamagedFile, match=r"the parser failed on it|crashed"):
        worker.extract(make(f"scribble\n{target}"))
    assert target.stat().st_size == 0


def test_half_characters_are_replaced_without_moving_the_others(worker: Worker, make: Make) -> None:
    assert worker.extract(make("half")).parsed.text == "half \ufffd character"


def test_a_worker_is_replaced_after_a_number_of_files(
    worker: Worker, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "FILES_A_WORKER", 1)
    assert works(worker, make)
    first = children()
    assert works(worker, make)
    assert len(children()) == 1
    assert children() != first


def test_a_killed_worker_takes_its_children_with_it(hasty: Worker, make: Make) -> None:
    mark = f"6{os.getpid()}.25"
    with pytest.raises(TooSlow, match="stopped after"):
        hasty.extract(make(f"children\n{mark}"))
    gone(lambda: not commands_with(mark))


def test_closing_ends_the_worker(worker: Worker, make: Make) -> None:
    assert works(worker, make)
    assert len(children()) == 1
    worker.close()
    assert children() == []
    with pytest.raises(IngestError, match="was closed"):
        works(worker, make)


def test_a_worker_that_cannot_start_is_no_fault_of_the_file(
    tokenizer_file: Path, make: Make
) -> None:
    worker = Worker(
        Limits(), tokenizer_file=tokenizer_file, max_tokens=256, command=(*STUB, "--broken")
    )
    with pytest.raises(IngestError, match="does not start: no such library"):
        worker.extract(make("x"))
    worker.close()


def test_a_missing_tokenizer_is_no_fault_of_the_file(tmp_path: Path, make: Make) -> None:
    worker = Worker(Limits(), tokenizer_file=tmp_path / "none", max_tokens=256, command=STUB)
    with pytest.raises(IngestError, match=r"tokenizer file .* cannot be read"):
        worker.extract(make("x"))
    worker.close()


@pytest.mark.parametrize("death", [signal.SIGKILL, signal.SIGINT])
def test_no_worker_outlives_its_parent(
    tokenizer_file: Path, make: Make, tmp_path: Path, death: signal.Signals
) -> None:
    source = make("hang")
    note = tmp_path / "pid"
    program = f"""
import threading, time
from pathlib import Path
from ingest.pipeline import extract
from ingest.types import SourceFile
source = SourceFile(Path({str(source.path)!r}), Path({str(tmp_path)!r}), "a.txt")
Path({str(note)!r}).write_text("started")
for outcome in extract([source], known={{}}, tokenizer_file=Path({str(tokenizer_file)!r}),
                       max_tokens=256, workers=1, command={STUB!r}):
    pass
"""
    parent = subprocess.Popen(
        [sys.executable, "-c", program],
        env=workers.environment(),
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    gone(lambda: bool(children(parent.pid)))
    (child,) = children(parent.pid)
    time.sleep(0.3)
    parent.send_signal(death)
    parent.wait(120)
    gone(lambda: not alive(child))


def gone(condition: Callable[[], bool]) -> None:
    """Wait until ``condition`` holds."""
    for _ in range(2400):
        if condition():
            return
        time.sleep(0.05)
    pytest.fail("it did not come to pass within two minutes")


def children(pid: int | None = None) -> list[int]:
    """Return the worker processes of a process."""
    return [
        int(stat.parent.name)
        for stat in Path("/proc").glob("[0-9]*/stat")
        if _parent(stat) == (pid or os.getpid()) and "stub_worker" in _command(stat.parent)
    ]


def commands_with(mark: str) -> list[str]:
    """Return the command lines in which ``mark`` stands."""
    return [c for p in Path("/proc").glob("[0-9]*") if mark in (c := _command(p))]


def alive(pid: int) -> bool:
    """Tell whether a process runs."""
    return "stub_worker" in _command(Path("/proc") / str(pid))


def _parent(stat: Path) -> int:
    try:
        return int(stat.read_text().rsplit(")", 1)[1].split()[1])
    except OSError:
        return -1


def _command(process: Path) -> str:
    try:
        return (process / "cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""
