"""A service in a process of its own, as people run it, and clients that time its answers."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote, urlsplit


@dataclass(frozen=True, slots=True)
class Service:
    """A running service."""

    host: str
    port: int
    process: int

    def times(self, route: str, questions: Sequence[str]) -> list[float]:
        """Ask one question after the other over one connection; seconds of each, in order."""
        connection = HTTPConnection(self.host, self.port, timeout=60)
        found = []
        for question in questions:
            start = time.perf_counter()
            connection.request("GET", f"{route}?q={quote(question)}")
            response = connection.getresponse()
            body = response.read()
            found.append(time.perf_counter() - start)
            if response.status != 200:
                raise RuntimeError(f"{route} answered {response.status}: {body[:200]!r}")
            json.loads(body)
        connection.close()
        return found

    def at_once(
        self, route: str, questions: Sequence[str], clients: int
    ) -> tuple[list[float], float]:
        """Let so many clients ask at once; returns the seconds of each question, and of all."""
        start = time.perf_counter()
        with ThreadPoolExecutor(clients) as pool:
            parts = [questions[at::clients] for at in range(clients)]
            found = [t for part in pool.map(lambda p: self.times(route, p), parts) for t in part]
        return found, time.perf_counter() - start

    def memory(self) -> tuple[int, int]:
        """Return the megabytes that the process holds itself, and with mapped files (Linux)."""
        lines = Path(f"/proc/{self.process}/status").read_text(encoding="ascii").splitlines()
        sizes = {name: rest.split() for name, _, rest in (line.partition(":") for line in lines)}
        return int(sizes["RssAnon"][0]) // 1000, int(sizes["VmRSS"][0]) // 1000


@contextmanager
def served(library: Path) -> Iterator[Service]:
    """Serve a library for as long as the body runs."""
    command = Path(sys.executable).with_name("mmsearch")
    process = subprocess.Popen(
        [str(command), "serve", "--library", str(library), "--port", "0"],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "MMSEARCH_LOG_LEVEL": "warning"},
    )
    try:
        line = process.stdout.readline() if process.stdout else ""
        address = urlsplit(line[line.index("http") :].split()[0])
        yield Service(address.hostname or "", address.port or 0, process.pid)
    finally:
        process.terminate()
        process.wait(timeout=30)


def spread(seconds: Sequence[float]) -> str:
    """Say the median, the 95th and the 99th percentile of some times."""
    ordered = sorted(seconds)
    late = [ordered[min(int(share * len(ordered)), len(ordered) - 1)] for share in (0.95, 0.99)]
    median = statistics.median(ordered)
    return (
        f"median {median * 1e3:.1f} ms, p95 {late[0] * 1e3:.1f} ms, p99 {late[1] * 1e3:.1f} ms "
        f"over {len(ordered)} questions"
    )


def shares(stages: dict[str, list[float]]) -> None:
    """Print the median of each stage and what it is of all of them."""
    medians = {name: statistics.median(times) for name, times in stages.items()}
    total = sum(medians.values())
    for name, median in medians.items():
        print(f"  {name:<9} median {median * 1e3:6.2f} ms  {median / total:4.0%}")
