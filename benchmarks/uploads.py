"""Many large uploads at once: what becomes of each, and how much memory the service takes.

    python -m benchmarks.uploads [--files 50] [--megabytes 50]

A service of its own is started on this machine with a library of one document. PDF files of one
page of text and a large picture's worth of bytes are sent to it all at the same time, while it is
asked a question again and again; then the figures are read that the system keeps of its processes.
"""

from __future__ import annotations

import argparse
import io
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx
from pypdf import PdfWriter
from pypdf.generic import StreamObject
from reportlab.pdfgen.canvas import Canvas

from mmsearch.loading import LoadOptions, load

QUESTION = "What does a focal point write before leaving?"
AT_WORK = {"receiving", "waiting", "reading", "embedding"}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=50, help="how many are sent at once")
    parser.add_argument("--megabytes", type=int, default=50, help="size of each")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        files = [make_pdf(n, wanted.megabytes * 1_000_000) for n in range(wanted.files)]
        with serving(make_library(Path(folder))) as (address, process):
            before = peak(process.pid)
            measure(address, process.pid, files, before)


def measure(address: str, pid: int, files: list[bytes], before: float) -> None:
    """Send the files, wait until they are read, and print what was seen."""
    with asking(address) as times:
        started = time.perf_counter()
        with ThreadPoolExecutor(len(files)) as pool:
            answers = Counter(pool.map(lambda one: send(address, *one), enumerate(files)))
        received = time.perf_counter() - started
        after = peak(pid)
        reader, states = read_all(address, pid)
    seconds = time.perf_counter() - started
    print(f"{len(files)} files of {len(files[0]) / 1e6:.0f} MB at once: answers {dict(answers)}")
    print(f"all received in {received:.1f} s; the service took {after:.0f} MB at most ", end="")
    print(f"({before:.0f} MB before)")
    print(f"read in {seconds - received:.0f} s by processes of {reader:.0f} MB at most: {states}")
    times.sort()
    print(
        f"a search meanwhile: {len(times)} asked, {times[len(times) // 2] * 1000:.0f} ms in the ",
        end="",
    )
    print(f"median, {times[int(len(times) * 0.95)] * 1000:.0f} ms at p95")


def make_pdf(number: int, size: int) -> bytes:
    """Make a PDF of one page of text that has about ``size`` bytes."""
    page = io.BytesIO()
    canvas = Canvas(page)
    canvas.drawString(72, 720, f"Report {number} on what the handover of focal points costs.")
    canvas.save()
    writer = PdfWriter(clone_from=page)
    stream = StreamObject()
    stream.set_data(os.urandom(size))
    writer._add_object(stream)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def make_library(folder: Path) -> Path:
    """Load one document into a new library."""
    documents, library = folder / "documents", folder / "library"
    documents.mkdir()
    (documents / "guide.txt").write_text("A focal point who leaves writes a handover note.")
    load([documents], LoadOptions(library), begin=lambda _: None, each=lambda _: None)
    return library


@contextmanager
def serving(library: Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Serve a library in a process of its own; yields its address and the process."""
    command = [sys.executable, "-m", "mmsearch.cli", "serve", "--port", "0", "--library"]
    quiet = os.environ | {"MMSEARCH_LOG_LEVEL": "warning"}
    process = subprocess.Popen(
        [*command, str(library)], stdout=subprocess.PIPE, text=True, env=quiet
    )
    try:
        line = process.stdout.readline() if process.stdout is not None else ""
        found = re.search(r"http://\S+", line)
        if found is None:
            raise SystemExit(f"the service does not start: {line!r}")
        yield found[0], process
    finally:
        process.terminate()
        process.communicate()


@contextmanager
def asking(address: str) -> Iterator[list[float]]:
    """Ask a question every tenth of a second in the background; yields the times, seconds."""
    times: list[float] = []
    done = threading.Event()

    def ask() -> None:
        with httpx.Client(base_url=address, timeout=60) as client:
            while not done.wait(0.1):
                started = time.perf_counter()
                client.get("/search", params={"q": QUESTION}).raise_for_status()
                times.append(time.perf_counter() - started)

    thread = threading.Thread(target=ask)
    thread.start()
    try:
        yield times
    finally:
        done.set()
        thread.join()


def send(address: str, number: int, data: bytes) -> int:
    """Upload one file; returns the status."""
    headers = {"Content-Type": "application/octet-stream"}
    with httpx.Client(base_url=address, timeout=600) as client:
        where = f"/keeping/uploads?name=report-{number}.pdf"
        return client.post(where, content=data, headers=headers).status_code


def read_all(address: str, pid: int) -> tuple[float, dict[str, int]]:
    """Wait until nothing waits; returns the memory of the readers (MB) and how the files ended."""
    most = 0.0
    with httpx.Client(base_url=address, timeout=60) as client:
        while True:
            entries = client.get("/keeping/uploads").json()["entries"]
            most = max(most, sum(resident(one) for one in descendants(pid)))
            states = Counter(entry["state"] for entry in entries)
            if not AT_WORK & states.keys():
                return most, dict(states)
            time.sleep(0.2)


def peak(pid: int) -> float:
    """Return the most memory a process has had, MB."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) / 1000 if found else 0.0


def resident(pid: int) -> float:
    """Return the memory that a process has, MB; 0 when it has ended."""
    try:
        found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    except OSError:
        return 0.0
    return int(found[1]) / 1000 if found else 0.0


def descendants(pid: int) -> list[int]:
    """Return the processes that a process has started, and those that these have."""
    try:
        tasks = Path(f"/proc/{pid}/task").iterdir()
        children = [int(c) for task in tasks for c in (task / "children").read_text().split()]
    except OSError:
        return []
    return children + [one for child in children for one in descendants(child)]


if __name__ == "__main__":
    main()
