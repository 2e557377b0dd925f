"""The page in Chromium: how long until a first result, an answer, a marked page is seen.

    python -m benchmarks.page [--library LIBRARY] [--question Q]... [--chromium PATH]

Without a library the documents of samples/ are loaded into one first.

The service and the browser run on this machine; each time is taken in the page itself, from the
key or click to the frame after the result stands in the document, on a service that is warm.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from playwright import sync_api

from mmsearch.api.app import create_app
from mmsearch.api.server import address, listen
from mmsearch.knowledge import KnowledgeBase
from mmsearch.loading import LoadOptions, load
from mmsearch.settings import load_settings
from tests.service.browsing import OFFLINE

QUESTIONS = (
    "How many officials had been trained in Moldova by the end of 2023?",
    "What does a focal point write before leaving?",
    "Which lessons were learned about working with diaspora associations?",
    "What is the Home Town Fund?",
    "Which recommendations did management accept?",
)
ROUNDS = 4
SAMPLES = Path(__file__).resolve().parent.parent / "samples" / "library"
# Resolves with milliseconds from an action to the frame in which something is seen.
TIMED = """
([action, wanted, value]) => new Promise((done) => {
  const seen = () => {
    const found = document.querySelector(wanted);
    return found && (found.tagName !== "IMG" || (found.complete && found.naturalWidth));
  };
  const watch = new MutationObserver(check);
  const poll = setInterval(check, 2);
  const started = performance.now();
  function check() {
    if (!seen()) return;
    watch.disconnect();
    clearInterval(poll);
    requestAnimationFrame(() => done(performance.now() - started));
  }
  watch.observe(document, { childList: true, subtree: true, attributes: true });
  if (action === "ask") {
    document.querySelector("#q").value = value;
    document.querySelector("#ask").requestSubmit();
  } else document.querySelector(action).click();
})
"""
PICTURE = "#reader .sheet:not(.loading):has(.over rect) img"
MARK = f"{PICTURE}, #reader-body mark"


@contextmanager
def library_of(given: Path | None) -> Iterator[Path]:
    """Yield the library that was given, or one of the samples for as long as it is needed."""
    if given is not None:
        yield given
        return
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "library"
        options = LoadOptions(library, manifest=SAMPLES / "manifest.csv", workers=2)
        load([SAMPLES], options, begin=lambda _: None, each=lambda _: None)
        yield library


@contextmanager
def serving(knowledge: KnowledgeBase) -> Iterator[str]:
    """Serve a library on a free port and yield its address."""
    listening = listen("127.0.0.1", 0)
    server = uvicorn.Server(
        uvicorn.Config(create_app(knowledge, load_settings()), log_config=None, ws="none")
    )
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    try:
        yield address(listening)
    finally:
        server.should_exit = True
        thread.join(timeout=20)
        listening.close()


def measure(page: sync_api.Page, home: str, questions: tuple[str, ...]) -> dict[str, list[float]]:
    """Ask every question some times over; returns milliseconds by what was waited for."""
    times: dict[str, list[float]] = {"first result": [], "answer": [], "marked page": []}
    for turn in range(ROUNDS + 1):
        for question in questions:
            page.goto(home)
            page.wait_for_selector(".begin")
            first = page.evaluate(TIMED, ["ask", ".passage, .sentences li, .no-answer", question])
            page.goto(home)
            page.wait_for_selector(".begin")
            answer = page.evaluate(TIMED, ["ask", ".sentences li, .no-answer", question])
            page.wait_for_selector(".passage")
            marked = page.evaluate(TIMED, [".passage h3 a", MARK, ""])
            if turn:  # the first round warms the service
                for name, value in zip(times, (first, answer, marked), strict=True):
                    times[name].append(value)
    return times


def weigh(page: sync_api.Page, home: str, question: str) -> int:
    """Return how many bytes a first visit with a question loads, without pictures."""
    responses: list[sync_api.Response] = []
    page.on("response", lambda response: responses.append(response))
    page.goto(f"{home}?q={question}")
    page.wait_for_selector(".passage")
    page.wait_for_load_state("networkidle")
    sizes = [len(one.body()) for one in responses if not one.url.endswith(".png")]
    return sum(sizes)


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--library", type=Path, help="the library to ask; else the samples")
    parser.add_argument("--question", action="append", help="ask this instead (repeatable)")
    parser.add_argument("--chromium", default=shutil.which("chromium"), help="the browser")
    given = parser.parse_args()
    if given.chromium is None:
        print("no chromium found: name it with --chromium")
        return 1
    questions = tuple(given.question or QUESTIONS)
    with (
        library_of(given.library) as folder,
        KnowledgeBase.open(folder) as knowledge,
        serving(knowledge) as home,
        sync_api.sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=given.chromium, args=OFFLINE)
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        weight = weigh(page, home, questions[0])
        times = measure(page, home, questions)
        browser.close()
    print(f"page weight without pictures: {weight / 1000:.0f} kB")
    for name, values in times.items():
        values.sort()
        p95 = values[int(len(values) * 0.95) - 1]
        print(f"{name}: median {statistics.median(values):.0f} ms, p95 {p95:.0f} ms")
    return 0


if __name__ == "__main__":
    sys.exit(main())
