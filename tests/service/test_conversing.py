"""Conversations, receipts and gaps from the question to the disk, with the packaged model."""

from __future__ import annotations

import csv
import fcntl
import io
import json
import os
import pty
import select
import shutil
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.types import KEEPER
from mmsearch.api.app import create_app
from mmsearch.cli import main
from mmsearch.knowledge import KnowledgeBase
from mmsearch.loading import LoadOptions, load
from mmsearch.settings import load_settings
from mmsearch.wording.client import OpenAIModel
from tests.language_model import Endpoint, endpoint
from tests.service.conftest import client_of
from tests.service.test_asking import events

pytestmark = pytest.mark.slow

QUESTION = "How many bakers were trained in Moldova in 2023?"
TEXTS = {
    "moldova.txt": "The school of Orhei trained 61 bakers in Moldova in 2023. Each course took "
    "nine weeks. The town paid for the flour and the ovens.",
    "tunisia.txt": "The school of Sousse trained 48 bakers in Tunisia in 2023. Each course took "
    "six weeks. A bank lent the money for the ovens.",
    "bees.txt": "Beekeepers of the valley sold their honey at the fair. The hives stand near the "
    "lime trees and are moved in June.",
}


def ingest(documents: Path, library: Path, *, prune: bool = False) -> None:
    options = LoadOptions(library=library, prune=prune)
    report = load([documents], options, begin=lambda _: None, each=lambda _: None)
    assert not report.failed()


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bakers") / "documents"
    folder.mkdir()
    for name, text in TEXTS.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def library(documents: Path) -> Path:
    folder = documents.parent / "library"
    ingest(documents, folder)
    return folder


Done = tuple[int, str, str]
"""Exit code, standard output and standard error of a command."""


class Run:
    """Runs the command line in this process: the packages are loaded once."""

    def __init__(self, capsys: pytest.CaptureFixture[str], patch: pytest.MonkeyPatch) -> None:
        self.capsys, self.patch = capsys, patch

    def __call__(self, *arguments: object, stdin: str = "", **settings: str) -> Done:
        with self.patch.context() as patch:
            for name, value in {"MMSEARCH_RECORD_QUESTIONS": "on", **settings}.items():
                patch.setenv(name, value)
            patch.setattr(sys, "argv", ["mmsearch", *map(str, arguments)])
            patch.setattr(sys, "stdin", io.StringIO(stdin))
            self.capsys.readouterr()
            with pytest.raises(SystemExit) as ended:
                main()
        code = ended.value.code
        shown = self.capsys.readouterr()
        assert isinstance(code, int)
        return code, shown.out, shown.err


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    return Run(capsys, monkeypatch)


def rows(done: Done) -> list[dict]:
    assert done[0] == 0, done[2]
    return [json.loads(line) for line in done[1].splitlines()]


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "mmsearch.cli", *map(str, arguments)]


def environment(**more: str) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("MMSEARCH_")}
    return kept | {"MMSEARCH_RECORD_QUESTIONS": "on", "TERM": "dumb"} | more


def test_a_conversation_from_a_pipe(library: Path, run: Run) -> None:
    lines = f"{QUESTION}\n\nAnd in Tunisia?\n/new\nAnd in Tunisia?\n"
    first, second, third = rows(run("chat", "--library", library, "--json", stdin=lines))
    assert "61 bakers" in first["citations"][0]["quote"]
    assert second["query"] == QUESTION.replace("Moldova", "Tunisia")
    assert "48 bakers" in second["citations"][0]["quote"]
    assert second["remarks"] == [f"Understood as: {second['query']}"]
    assert third["query"] == "And in Tunisia?"


@pytest.mark.parametrize(("key", "code"), [(b"\x04", 0), (b"\x03", 130)])
def test_a_conversation_at_a_terminal_ends_cleanly(library: Path, key: bytes, code: int) -> None:
    ours, theirs = pty.openpty()
    child = subprocess.Popen(
        command("chat", "--library", library),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=environment(),
        start_new_session=True,
        preexec_fn=_own_terminal,
    )
    os.close(theirs)
    try:
        _read_until_prompt(ours, b"")
        os.write(ours, QUESTION.encode() + b"\n")
        assert b"61 bakers" in _read_until_prompt(ours, b"receipt a_")
        assert _pressed(ours, key, child) == code
        assert b"Traceback" not in _rest(ours)
    finally:
        child.kill()
        child.wait()
        os.close(ours)


def _pressed(terminal: int, key: bytes, child: subprocess.Popen[bytes]) -> int:
    """Press a key until the child ends, as a person does, and return its exit code.

    Readline loses an interrupt that comes between its prompt and its waiting for a key.
    """
    for _ in range(12):
        os.write(terminal, key)
        try:
            return child.wait(timeout=5)
        except subprocess.TimeoutExpired:
            continue
    pytest.fail("it does not end")


def _own_terminal() -> None:
    """Make the terminal the child's own, so that Ctrl-C reaches it wherever tests run."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def _read_until_prompt(terminal: int, wanted: bytes) -> bytes:
    shown = b""
    end = time.monotonic() + 180
    while not (wanted in shown and shown.endswith(b"> ")):
        ready, _, _ = select.select([terminal], [], [], end - time.monotonic())
        assert ready, shown
        shown += os.read(terminal, 4096)
    return shown


def _rest(terminal: int) -> bytes:
    shown = b""
    try:
        while select.select([terminal], [], [], 0.2)[0] and (more := os.read(terminal, 4096)):
            shown += more
    except OSError:
        pass  # the other end is closed
    return shown


def test_a_receipt_outlives_the_index_and_knows_what_has_changed(
    documents: Path, tmp_path: Path, run: Run
) -> None:
    mine, library = tmp_path / "documents", tmp_path / "library"
    shutil.copytree(documents, mine)
    ingest(mine, library)
    (answer,) = rows(run("ask", QUESTION, "--library", library, "--json"))
    number = answer["answer_id"]

    def receipt() -> dict:
        (found,) = rows(run("receipt", number, "--library", library, "--json"))
        return found

    found = receipt()
    assert (found["question"], found["citations"][0]["state"]) == (QUESTION, "same")
    (mine / "moldova.txt").write_text("A new first line.\n\n" + TEXTS["moldova.txt"])
    ingest(mine, library)
    moved = receipt()["citations"][0]
    assert moved["state"] == "moved"
    with KnowledgeBase.open(library) as knowledge:
        text = knowledge.text(moved["doc_id"], reader=KEEPER).text
    assert text[slice(*moved["now"])] == moved["quote"]
    (mine / "moldova.txt").write_text(TEXTS["moldova.txt"].replace("61", "62"))
    ingest(mine, library)
    assert receipt()["citations"][0]["state"] == "changed"
    (mine / "moldova.txt").unlink()
    ingest(mine, library, prune=True)
    last = receipt()
    assert last["citations"][0]["state"] == "gone"
    assert "61 bakers" in last["sentences"][0]["text"]
    _, shown, _ = run("receipt", number, "--library", library)
    assert "no longer in the library" in shown


def test_an_unknown_receipt_is_a_mistake_of_the_caller(library: Path, run: Run) -> None:
    code, shown, error = run("receipt", "a_nothing", "--library", library)
    assert (code, shown) == (2, "")
    assert "no receipt 'a_nothing'" in error


def test_gaps_are_listed_exported_and_settled(library: Path, tmp_path: Path, run: Run) -> None:
    for question in ("=Who won the zither contest?", "Which zither won the contest?"):
        run("ask", question, "--library", library)
    gaps = rows(run("gaps", "--library", library, "--json"))
    wanted = next(gap for gap in gaps if gap["question"].startswith("="))
    sheet = tmp_path / "gaps.csv"
    assert run("gaps", "--library", library, "--csv", sheet)[0] == 0
    with sheet.open(encoding="utf-8-sig", newline="") as file:
        cells = {row["question"]: row["group"] for row in csv.DictReader(file)}
    assert cells["'=Who won the zither contest?"] == cells["Which zither won the contest?"]
    state = ["--state", "document-added", "--note", "minutes.pdf"]
    (changed,) = rows(run("gaps", wanted["gap_id"], *state, "--library", library, "--json"))
    assert (changed["state"], changed["note"]) == ("document added", "minutes.pdf")
    _, listed, _ = run("gaps", "--state", "document added", "--library", library)
    assert "zither contest" in listed
    code, _, error = run("gaps", "--state", "done", "--library", library)
    assert code == 2
    assert "no-evidence-exists" in error


@pytest.fixture
def stub() -> Iterator[Endpoint]:
    with endpoint() as running:
        yield running


def test_a_worded_answer_streams_sentence_by_sentence(library: Path, stub: Endpoint) -> None:
    stub.reply = lambda messages: (
        "In 2023, 61 bakers were trained in Moldova. [1] They flew to the moon. [1] "
        "Each course took nine weeks. [1]"
    )
    model = OpenAIModel(url=stub.url, model="stub", key="", seconds=30.0)
    with (
        KnowledgeBase.open(library, writer=model) as knowledge,
        client_of(create_app(knowledge, load_settings())) as client,
    ):
        told = events(client.get("/ask/stream", params={"q": QUESTION}).text)
    sentences = [data for name, data in told if name == "sentence"]
    assert [s["text"] for s in sentences] == [
        "In 2023, 61 bakers were trained in Moldova.",
        "Each course took nine weeks.",
    ]
    done = dict(told)["done"]
    assert done["wording"]["state"] == "worded"
    assert [name for name, _ in told] == [
        *("status", "sentence", "sentence"),
        *("citations", "nearest", "done"),
    ]


def test_the_command_line_uses_the_model_and_says_so(
    library: Path, stub: Endpoint, run: Run
) -> None:
    stub.reply = lambda messages: "In 2023, 61 bakers were trained in Moldova. [1]"
    settings = {"MMSEARCH_LLM_URL": stub.url, "MMSEARCH_LLM_MODEL": "stub"}
    (answer,) = rows(run("ask", QUESTION, "--library", library, "--json", **settings))
    assert answer["sentences"][0]["text"] == "In 2023, 61 bakers were trained in Moldova."
    assert answer["remarks"][0].startswith("Worded by stub")
    stub.trouble = "429"
    _, shown, _ = run("ask", QUESTION, "--library", library, **settings)
    assert "reached its limit" in shown
    assert "61 bakers" in shown


def test_half_a_setting_is_refused(library: Path, run: Run) -> None:
    url = {"MMSEARCH_LLM_URL": "http://127.0.0.1:1/v1"}
    code, _, error = run("ask", "x", "--library", library, **url)
    assert code == 2
    assert "MMSEARCH_LLM_URL and MMSEARCH_LLM_MODEL are set together" in error
