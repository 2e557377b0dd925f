"""Loading files into a library: walk, parse, embed, store, publish, report."""

from __future__ import annotations

import shutil
import time
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from index.build import Builder
from index.embed import DEFAULT, load_embedder
from index.errors import WrongModel
from index.library import Library, wrong_model
from index.publish import publish
from index.types import Embedder
from ingest.pipeline import extract
from ingest.recognition import AGAIN, Recognition
from ingest.types import (
    Extracted,
    Failed,
    FileResult,
    FileState,
    Opened,
    Outcome,
    SourceFile,
)
from ingest.walk import Walk, walk
from ingest.workers import Limits
from mmsearch.manifests import Manifests

#: In the library: what archives hold while they are read.
SCRATCH = "unpacked"


@dataclass(frozen=True, slots=True)
class LoadOptions:
    """How to load.

    Attributes:
        library: The library's folder.
        manifest: A manifest that wins over what files say; None takes those found in the roots.
        prune: Remove documents whose files are gone.
        wait: Seconds to wait for another writer; negative waits for ever.
        model: The model the library must have; None takes its own, or the packaged one.
        cache: Where exported models are kept.
        workers: Processes that parse.
        limits: What one file may cost.
        recognition: How pictures of text are read.
    """

    library: Path
    manifest: Path | None = None
    prune: bool = False
    wait: float = -1.0
    model: str | None = None
    cache: Path | None = None
    workers: int = 1
    limits: Limits = field(default_factory=Limits)
    recognition: Recognition = field(default_factory=Recognition)


@dataclass(slots=True)
class LoadReport:
    """How a run ended.

    Attributes:
        results: One a file, in the order in which they ended.
        generation: The generation that is published now.
        seconds: How long it took.
        ignored: Files that were passed over (hidden, manifests, temporary).
        remarks: What a person should know, such as manifest rows without a file.
        interrupted: Whether it was stopped before the end.
    """

    results: list[FileResult] = field(default_factory=list)
    generation: int = 0
    seconds: float = 0.0
    ignored: tuple[str, ...] = ()
    remarks: list[str] = field(default_factory=list)
    interrupted: bool = False

    def counts(self) -> dict[str, int]:
        """Count the files by how they ended; every state has an entry."""
        counter = Counter(result.state for result in self.results)
        return {state.value: counter[state] for state in FileState}

    def failed(self) -> list[FileResult]:
        """Return the files that failed."""
        return [result for result in self.results if result.state is FileState.FAILED]


class LocalModel(Embedder, Protocol):
    """An embedder whose tokenizer parse workers can read too."""

    @property
    def tokenizer_file(self) -> Path:
        """The model's ``tokenizer.json``."""
        ...


Begin = Callable[[int], None]
"""Called with the number of files before the first of them, and again when archives hold more."""
Each = Callable[[FileResult], None]
"""Called with each file's result once it is durable."""


class Watcher:
    """Is told what becomes of single files while they are read; this one does not care.

    ``taken`` is called from the threads that read, ``parsed`` from the one that loads.
    """

    def taken(self, source: SourceFile) -> None:
        """Note that a file is being read."""

    def parsed(self, source: SourceFile) -> None:
        """Note that a file was read and waits to be embedded."""


def load(paths: Sequence[Path], options: LoadOptions, *, begin: Begin, each: Each) -> LoadReport:
    """Load files and folders into a library and publish the result as one generation.

    Ctrl-C stops it cleanly: what was reported is published, the rest is left for the next run.

    Raises:
        SourceError: A path does not exist, or a folder holds no files.
        ManifestError: The manifest is wrong.
        LibraryLocked: Another process is writing and ``wait`` ran out.
        LibraryFull: The disk is full.
        WrongModel: The library was made with another model.
    """
    start = time.monotonic()
    found = walk(paths)
    manifests = Manifests.read(options.manifest, found.files)
    with open_session(options) as session:
        report = session.read(found, manifests, paths, begin=begin, each=each)
        report.generation = session.publish()
    report.seconds = time.monotonic() - start
    return report


@contextmanager
def open_session(options: LoadOptions, embedder: LocalModel | None = None) -> Iterator[Session]:
    """Open a library for loading, with its model; holds the write lock until the body ends.

    Args:
        options: How to load.
        embedder: The library's model where it is at hand; loaded when None.

    Raises:
        LibraryLocked, LibraryFull, WrongModel, ModelError: As ``load`` does.
    """
    with Library.open(options.library, wait=options.wait) as library:
        if embedder is None:
            embedder = load_embedder(_model(library, options.model), cache=options.cache)
        yield Session(library, embedder, options)


@dataclass(frozen=True, slots=True)
class Session:
    """A library that is open for loading.

    Attributes:
        library: Open for writing.
        embedder: Its model.
        options: How to load.
    """

    library: Library
    embedder: LocalModel
    options: LoadOptions

    def read(
        self,
        found: Walk,
        manifests: Manifests,
        roots: Sequence[Path],
        *,
        begin: Begin,
        each: Each,
        watcher: Watcher | None = None,
        again: bool = False,
    ) -> LoadReport:
        """Read files and store what comes of them; ``publish`` makes it visible.

        Args:
            found: The files.
            manifests: What is said of them.
            roots: The files and folders that were asked for.
            begin: See ``Begin``.
            each: See ``Each``.
            watcher: Is told where each file stands.
            again: Read also what the library has unchanged.
        """
        options = self.options
        named = [str(path.resolve()) for path in roots if not path.is_dir()]
        self.library.notes.take_back(named)
        report = LoadReport(ignored=found.ignored)
        run = _Run(found, manifests, report, begin, watcher or Watcher())
        builder = Builder(self.library, self.embedder, manifests.find)
        model = self.embedder.tokenizer_file, self.embedder.max_tokens
        outcomes = run.outcomes(builder, *model, options, again=again)
        resolved = [path.resolve() for path in roots]
        try:
            with closing(outcomes), closing(builder.run(outcomes)) as results:
                for result in results:
                    report.results.append(result)
                    each(result)
            builder.forget_failures(resolved)
            if options.prune:
                for result in builder.prune(resolved, found.files):
                    report.results.append(result)
                    each(result)
        except KeyboardInterrupt:
            report.interrupted = True
        report.remarks = run.remarks(resolved)
        report.remarks += _left_out(builder.left_out)
        return report

    def publish(self) -> int:
        """Publish what was stored; returns the current generation."""
        return publish(self.library)


def _left_out(files: Sequence[str]) -> list[str]:
    """Say which files were left out since a keeper had removed them, the first of them by name."""
    if not files:
        return []
    more = f" and {len(files) - 3} more" if len(files) > 3 else ""
    return [
        f"left out, since a keeper removed them: {', '.join(files[:3])}{more}; "
        "name a file itself to take it in again"
    ]


@dataclass(slots=True)
class _Run:
    """The outcomes of one load, with what archives hold added to its report."""

    found: Walk
    manifests: Manifests
    report: LoadReport
    begin: Begin
    watcher: Watcher
    members: list[SourceFile] = field(default_factory=list)

    def outcomes(
        self,
        builder: Builder,
        tokenizer_file: Path,
        max_tokens: int,
        options: LoadOptions,
        *,
        again: bool,
    ) -> Generator[Outcome]:
        """Yield the outcome of every file of the walk, and of every file in those."""
        self.begin(self._total())
        yield from self.found.failed
        scratch = options.library / SCRATCH
        shutil.rmtree(scratch, ignore_errors=True)
        scratch.mkdir()
        worth = _again(options.recognition)
        known = {} if again else builder.known_digests(self.found.files, again=worth)
        outcomes = extract(
            self.found.files,
            known=known,
            tokenizer_file=tokenizer_file,
            max_tokens=max_tokens,
            workers=options.workers,
            limits=options.limits,
            recognition=options.recognition,
            scratch=scratch,
            languages=lambda one: builder.edited_languages(one) or self._said_languages(one),
            taken=self.watcher.taken,
        )
        try:
            with closing(outcomes):
                for outcome in outcomes:
                    if isinstance(outcome, Opened):
                        self._open(outcome)
                    if isinstance(outcome, Extracted):
                        self.watcher.parsed(outcome.source)
                    reason = self.manifests.refusal(outcome.source)
                    yield Failed(outcome.source, reason) if reason else outcome
        finally:
            shutil.rmtree(scratch, ignore_errors=True)

    def remarks(self, roots: Sequence[Path]) -> list[str]:
        """Return what the manifests name and was not there."""
        return self.manifests.remarks([*self.found.files, *self.members], roots)

    def _said_languages(self, source: SourceFile) -> Sequence[str]:
        said = self.manifests.find(source)
        return (said.languages or ()) if said is not None else ()

    def _open(self, opened: Opened) -> None:
        self.manifests.open(opened)
        self.members += opened.members
        file = opened.source.file
        self.report.ignored += tuple(f"{file}/{name}" for name in opened.ignored)
        self.report.ignored += tuple(one.file for one in opened.manifests)
        self.begin(self._total())

    def _total(self) -> int:
        return len(self.found.files) + len(self.found.failed) + len(self.members)


def _again(recognition: Recognition) -> str:
    """Return what in a document's warnings says that it can be read better now, or ""."""
    return AGAIN if recognition.ready else ""


def _model(library: Library, wanted: str | None) -> str:
    row = library.model_row()
    if row is None:
        return wanted or DEFAULT
    if wanted is not None and wanted != row[1]:
        raise WrongModel(wrong_model(row[1], wanted))
    return row[1]
