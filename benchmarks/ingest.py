"""How fast files become passages, and what a whole ingest loses against embedding alone.

Two measurements over the same folders, with their ratios, which a busy machine changes less
than the figures themselves:

- parsing without embedding, on as many workers as there are processors, beside plain text
  extraction with pypdf and with pypdfium2 on one;
- the whole ingest into a new library, beside the embedder alone over the passages that the
  library then holds.

Each figure is given by the clock and by processor seconds; where other work shares the
machine, only the second says much. Scans are not read in either (``--ocr`` reads them).
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pypdfium2 as pdfium
from pypdf import PdfReader
from pypdf.errors import PyPdfError

from index.embed import load_embedder, packaged_folder
from ingest.front import embedding_text
from ingest.pipeline import extract
from ingest.processors import usable_processors
from ingest.recognition import Recognition, find_recognition
from ingest.types import Extracted, SourceFile
from ingest.walk import walk
from mmsearch.loading import LoadOptions, load

SHARED = Path(__file__).resolve().parents[1].parent / "shared" / "data"
FOLDERS = (SHARED / "un_documents", SHARED / "programme")
#: Every so manieth page is enough to know how fast pypdf is.
PYPDF_EVERY = 10


@dataclass(frozen=True, slots=True)
class Rate:
    """So much work in so many seconds of the clock, and of processors."""

    count: int
    seconds: float
    processor: float

    @property
    def each(self) -> float:
        """How much a second."""
        return self.count / self.seconds

    @property
    def busy(self) -> float:
        """How much a second of one processor."""
        return self.count / self.processor


class Stopwatch:
    """Counts seconds of the clock, and of processors with those of finished children."""

    def __init__(self) -> None:
        self._start, self._used = time.perf_counter(), _used()

    def rate(self, count: int) -> Rate:
        """Return the rate of so much work since the start."""
        return Rate(count, time.perf_counter() - self._start, _used() - self._used)


def _used() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="*", default=FOLDERS)
    parser.add_argument("--workers", type=int, default=usable_processors())
    parser.add_argument("--ocr", action="store_true", help="read scans too")
    parser.add_argument("--parse-only", action="store_true", help="leave the whole ingest out")
    options = parser.parse_args()
    recognition = find_recognition() if options.ocr else Recognition()
    files = walk(options.folder).files
    pdfs = [source.path for source in files if source.path.suffix.lower() == ".pdf"]
    ours = parsing(files, options.workers, recognition)
    raw, slow = timed(raw_text, pdfs), timed(pypdf_text, pdfs)
    print(f"{'':<22}pages   pages/s   a processor second   ours by it")
    for name, rate in (("ours", ours), ("pypdfium2, text alone", raw), ("pypdf, text alone", slow)):
        by = f"{ours.busy / rate.busy:.2f}"
        print(f"{name:<22}{rate.count:>5}{rate.each:>10.0f}{rate.busy:>21.0f}{by:>13}")
    if not options.parse_only:
        whole(options.folder, options.workers, recognition)


def parsing(files: Sequence[SourceFile], workers: int, recognition: Recognition) -> Rate:
    """Parse and cut files as in a run; a first small one has the workers' imports in cache."""
    for some in (files[:2], files):
        watch = Stopwatch()
        outcomes = extract(
            some,
            known={},
            tokenizer_file=packaged_folder() / "tokenizer.json",
            max_tokens=256,
            workers=workers,
            recognition=recognition,
        )
        pages = sum(len(o.parsed.pages) for o in outcomes if isinstance(o, Extracted))
        rate = watch.rate(pages)
    return rate


def timed(read: Callable[[Path], int], files: Sequence[Path]) -> Rate:
    """Read every file and count what was read."""
    watch = Stopwatch()
    return watch.rate(sum(read(path) for path in files))


def raw_text(path: Path) -> int:
    """Read the text of every page with pypdfium2; returns the pages."""
    with pdfium.PdfDocument(path) as document:
        for index in range(len(document)):
            page = document[index]
            textpage = page.get_textpage()
            textpage.get_text_range()
            textpage.close()
            page.close()
        return len(document)


def pypdf_text(path: Path) -> int:
    """Read the text of some pages with pypdf; returns how many."""
    try:
        pages = PdfReader(path).pages
        chosen = range(0, len(pages), PYPDF_EVERY)
        for index in chosen:
            pages[index].extract_text()
        return len(chosen)
    except PyPdfError:
        return 0


def whole(folders: Sequence[Path], workers: int, recognition: Recognition) -> None:
    """Ingest into a new library, then embed what it was given once more, and compare."""
    embedder = load_embedder()
    texts: list[str] = []
    for outcome in extract(
        walk(folders).files,
        known={},
        tokenizer_file=embedder.tokenizer_file,
        max_tokens=embedder.max_tokens,
        workers=workers,
        recognition=recognition,
    ):
        if isinstance(outcome, Extracted):
            title = outcome.metadata.title
            texts += {embedding_text(title, passage) for passage in outcome.passages}
    texts = sorted(set(texts))
    embedder.embed_passages(texts[:50])
    watch = Stopwatch()
    embedder.embed_passages(texts)
    alone = watch.rate(len(texts))
    with tempfile.TemporaryDirectory() as folder:
        options = LoadOptions(Path(folder) / "library", workers=workers, recognition=recognition)
        watch = Stopwatch()
        load(folders, options, begin=lambda _: None, each=lambda _: None)
        ingest = watch.rate(len(texts))
    for name, rate in (("embedder alone", alone), ("whole ingest", ingest)):
        print(f"{name:<22}{rate.count:>5}{rate.each:>10.1f}{rate.busy:>21.1f} passages")
    print(f"whole ingest by embedder alone: {ingest.each / alone.each:.0%} by the clock,", end=" ")
    print(f"{ingest.busy / alone.busy:.0%} by processor seconds")


if __name__ == "__main__":
    main()
