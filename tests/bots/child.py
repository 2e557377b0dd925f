"""The bot in a process of its own, which may be killed: ``python -m tests.bots.child``.

Takes a folder, the address of a Web API, how long an answer takes in seconds, how many are made
at once, and "http" or "socket"; prints the port on which it answers Slack, or 0.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import Self

ROOT = Path(__file__).resolve().parents[2]


class Child:
    """A bot that can be killed at any moment. Use as a context manager, which kills it."""

    def __init__(
        self,
        folder: Path,
        api: str,
        seconds: float = 0.0,
        workers: int = 4,
        mode: str = "http",
    ) -> None:
        self._process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "tests.bots.child",
                folder,
                api,
                str(seconds),
                str(workers),
                mode,
            ],
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env={**os.environ, "PYTHONWARNINGS": "ignore"},
        )
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line.strip(), "the bot did not start"
        self.url = f"http://127.0.0.1:{line.strip()}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self.kill()

    def kill(self) -> None:
        """Kill it, without a word of warning."""
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()


def main(folder: Path, api: str, seconds: float, workers: int, mode: str) -> None:
    """Answer Slack until killed."""
    import uvicorn

    from bots.slack.app import Config, SlackBot
    from bots.slack.endpoint import Endpoint
    from bots.slack.running import linked
    from mmsearch.journal.journal import Journal
    from tests.bots.driver import SECRET, Drawing, Knowledge
    from tests.bots.workspace import APP_TOKEN, TOKEN
    from tests.service.library import make_library

    originals = folder / "originals"
    originals.mkdir(exist_ok=True)
    knowledge = Knowledge(make_library(originals), seconds=seconds)
    config = Config(
        bot_token=TOKEN,
        state=folder / "state",
        channels=folder / "slack.yaml",
        signing_secret=SECRET,
        api=api,
        workers=workers,
        waiting=10_000,
        pause=0.05,
    )
    journal = Journal.open(folder)
    if mode == "socket":
        bot = SlackBot.start(config, knowledge, journal, Drawing())
        with linked(bot, APP_TOKEN, api):
            print(0, flush=True)
            threading.Event().wait()
    endpoint = Endpoint(SECRET, lambda: SlackBot.start(config, knowledge, journal, Drawing()))
    assert endpoint.ready() is not None
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    listening.listen(1024)
    print(listening.getsockname()[1], flush=True)
    uvicorn.Server(uvicorn.Config(endpoint, log_level="error", lifespan="off")).run([listening])


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], float(sys.argv[3]), int(sys.argv[4]), sys.argv[5])
