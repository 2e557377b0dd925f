"""Loading files into a library: walk, parse, embed, store, publish, report."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from index.build import Builder
from index.embed import DEFAULT, load_embedder
from index.errors import WrongModel
from index.library import Library, wrong_model
from ingest.manifest import Manifest, Overrides, find_manifest
from ingest.manifest import load as load_manifest
from ingest.pipeline import extract
from ingest.recognition import AGAIN, Recognition
from ingest.types import Failed, FileResult, FileState, Outcome, SourceFile
from ingest.walk import Walk, walk
from ingest.workers import Limits


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


Begin = Callable[[int], None]
"""Called once with the number of files, before the first of them."""
Each = Callable[[FileResult], None]
"""Called with each file's result once it is durable."""


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
    manifests = _Manifests.read(options.manifest, found.files)
    folders = [path.resolve() for path in paths if path.is_dir()]
    report = LoadReport(ignored=found.ignored, remarks=manifests.remarks(found.files, folders))
    with Library.open(options.library, wait=options.wait) as library:
        embedder = load_embedder(_model(library, options.model), cache=options.cache)
        builder = Builder(library, embedder, manifests.find)
        begin(len(found.files) + len(found.failed))
        outcomes = _outcomes(found, builder, embedder.tokenizer_file, embedder.max_tokens, options)
        try:
            with closing(outcomes), closing(builder.run(outcomes)) as results:
                for result in results:
                    report.results.append(result)
                    each(result)
            if options.prune:
                for result in builder.prune(folders, found.files):
                    report.results.append(result)
                    each(result)
        except KeyboardInterrupt:
            report.interrupted = True
        report.generation = builder.publish()
    report.seconds = time.monotonic() - start
    return report


def _outcomes(
    found: Walk, builder: Builder, tokenizer_file: Path, max_tokens: int, options: LoadOptions
) -> Generator[Outcome]:
    failed: Sequence[Failed] = found.failed
    yield from failed
    yield from extract(
        found.files,
        known=builder.known_digests(found.files, again=_again(options.recognition)),
        tokenizer_file=tokenizer_file,
        max_tokens=max_tokens,
        workers=options.workers,
        limits=options.limits,
        recognition=options.recognition,
    )


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


@dataclass(frozen=True, slots=True)
class _Manifests:
    """The manifest that was named, or those found in the roots."""

    named: Manifest | None
    by_root: Mapping[Path, Manifest]

    @classmethod
    def read(cls, named: Path | None, files: Sequence[SourceFile]) -> _Manifests:
        if named is not None:
            return cls(load_manifest(named), {})
        roots = {source.root for source in files}
        paths = {root: find_manifest(root) for root in sorted(roots)}
        return cls(None, {root: load_manifest(path) for root, path in paths.items() if path})

    def find(self, source: SourceFile) -> Overrides | None:
        manifest = self.named if self.named is not None else self.by_root.get(source.root)
        return manifest.find(source.path, source.file) if manifest is not None else None

    def remarks(self, files: Sequence[SourceFile], folders: Sequence[Path]) -> list[str]:
        """Say what a manifest names and is not there.

        One that was only found beside a file that was named itself is not expected to match.
        """
        manifests = [self.named] if self.named is not None else []
        manifests += [manifest for root, manifest in self.by_root.items() if root in folders]
        remarks: list[str] = []
        for manifest in manifests:
            remarks.extend(manifest.warnings)
            missing = manifest.unmatched(files)
            remarks.extend(f"the manifest names {name!r}: no such file" for name in missing)
        return remarks
