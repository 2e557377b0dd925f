"""mmsearch doctor: what is installed, what is wrong, and how to mend it."""

from __future__ import annotations

import platform
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from index.embed import load_embedder
from index.embedded import is_glossed
from index.errors import LibraryError
from index.gloss import glossed
from index.reading import Reading
from index.schema import DATABASE
from ingest.office import find_office
from ingest.recognition import PACKS, find_recognition
from mmsearch.commands import doctor_signin
from mmsearch.commands.findings import Finding
from mmsearch.commands.output import console, styled, write_json
from mmsearch.extensions import installed
from mmsearch.journal.errors import JournalError
from mmsearch.journal.store import DATABASE as JOURNAL
from mmsearch.journal.types import GapState
from mmsearch.opening import chosen_reranker, language_model, open_journal
from mmsearch.settings import Settings
from mmsearch.wording.errors import WordingError

PACKAGES = (
    "sentence-transformers",
    "torch",
    "onnxruntime",
    "faiss-cpu",
    "tantivy",
    "pypdfium2",
    "pypdf",
    "python-docx",
    "langchain-text-splitters",
    "fastapi",
    "slack-bolt",
)
LEAST_FREE_BYTES = 500_000_000


def run(settings: Settings, *, beyond: Sequence[str] = (), as_json: bool) -> int:
    """Look at everything; 1 when something needs mending.

    Args:
        settings: The settings.
        beyond: Extensions that are asked too, which may ask other services.
        as_json: Print JSON.
    """
    findings = [*examine(settings), *_beyond(settings, beyond)]
    wrong = [finding for finding in findings if finding.remedy]
    if as_json:
        write_json(
            {
                "ok": not wrong,
                "findings": [
                    {"name": f.name, "value": f.value, "remedy": f.remedy} for f in findings
                ],
            }
        )
        return 1 if wrong else 0
    screen = console()
    for finding in findings:
        screen.print(styled(f"{finding.name:<26}", "bold"), styled(finding.value))
        if finding.remedy:
            screen.print(styled(f"{'':<26} -> {finding.remedy}", "yellow"))
    screen.print("\nAll is well." if not wrong else f"\n{len(wrong)} to mend.")
    return 1 if wrong else 0


def examine(settings: Settings) -> Iterator[Finding]:
    """Yield what was found, one thing at a time."""
    yield Finding("Python", platform.python_version())
    yield Finding("SQLite", sqlite3.sqlite_version)
    for name in PACKAGES:
        yield _package(name)
    yield from _model(settings)
    yield _reranker(settings)
    yield _tesseract(settings)
    yield _office()
    yield from _library(settings.library)
    yield _tokens(settings)
    yield from doctor_signin.examine(settings)
    yield _writer(settings)
    yield from _journal(settings)


def _beyond(settings: Settings, names: Sequence[str]) -> Iterator[Finding]:
    known = installed() if names else {}
    for name in names:
        if name in known:
            yield from known[name].examine(settings)
        else:
            yield Finding(name, "not installed", "run 'make setup'")


def _package(name: str) -> Finding:
    try:
        return Finding(name, version(name))
    except PackageNotFoundError:
        return Finding(name, "not installed", "run 'make setup'")


def _model(settings: Settings) -> Iterator[Finding]:
    try:
        embedder = load_embedder(settings.model, cache=settings.cache)
    except LibraryError as exc:
        yield Finding("model", settings.model, str(exc))
        return
    languages = ", ".join(sorted(embedder.languages))
    read = sorted(code for code in glossed() if is_glossed(code, embedder.languages))
    beside = f", reads {', '.join(read)} word for word" if read else ""
    about = f"{embedder.name}, {embedder.dim} dimensions, knows {languages}{beside}"
    yield Finding("model", about)


def _reranker(settings: Settings) -> Finding:
    try:
        loaded = chosen_reranker(settings)
    except LibraryError as exc:
        return Finding("cross-encoder", settings.reranker, str(exc))
    if loaded is None:
        return Finding("cross-encoder", "none: MMSEARCH_RERANKER names one")
    languages = ", ".join(sorted(loaded.languages))
    return Finding("cross-encoder", f"{loaded.name}, knows {languages}")


def _tesseract(settings: Settings) -> Finding:
    if not settings.ocr:
        return Finding("tesseract (scans)", "off: scans are reported, not read")
    found = find_recognition()
    if not found.program:
        return Finding("tesseract (scans)", "not installed; scans are reported, not read")
    missing = sorted({pack for code in PACKS if (pack := found.lacking(code))})
    lacks = f"; for other languages install {' '.join(missing)}" if missing else ""
    languages = ", ".join(code for code in PACKS if found.packs([code])) or "no language"
    return Finding("tesseract (scans)", f"{found.program}, reads {languages}{lacks}")


def _office() -> Finding:
    program = find_office()
    without = "not installed; .doc, .ppt and .xls are reported, not read"
    return Finding("LibreOffice (old formats)", str(program) if program else without)


def _library(folder: Path) -> Iterator[Finding]:
    if not (folder / DATABASE).is_file():
        remedy = "make one with 'mmsearch ingest PATH' or 'mmsearch serve', or name it: --library"
        yield Finding("library", f"none in {str(folder)!r}", remedy)
        return
    reading = Reading(folder)
    try:
        head = reading.head()
        documents = len(reading.documents(head.generation))
        yield Finding("library", f"{folder}: generation {head.generation}, {documents} documents")
        yield Finding("library's model", head.model or "none yet: the first document brings it")
        if reading.has_pending(head.generation):
            yield Finding(
                "unpublished documents", "yes", "run 'mmsearch check', or wait for the ingest"
            )
    except LibraryError as exc:
        yield Finding("library", str(folder), str(exc))
    finally:
        reading.close()
    free = shutil.disk_usage(folder).free
    short = free < LEAST_FREE_BYTES
    remedy = "free some space before the next ingest" if short else ""
    yield Finding("free space", f"{free / 1e9:.1f} GB", remedy)


def _tokens(settings: Settings) -> Finding:
    given = bool(settings.tokens.get_secret_value())
    without = "none" if settings.oidc_issuer else "none: serving on loopback only"
    return Finding("access tokens", "set" if given else without)


def _writer(settings: Settings) -> Finding:
    name = "language model"
    if not settings.llm_url:
        return Finding(name, "none: answers are quotes")
    try:
        language_model(settings)
    except WordingError as exc:
        return Finding(name, settings.llm_model, str(exc))
    return Finding(name, f"{settings.llm_model} at {settings.llm_url} (not called)")


def _journal(settings: Settings) -> Iterator[Finding]:
    """Look at the journal where there is one; looking makes none."""
    name = "receipts and gaps"
    if not (settings.library / JOURNAL).is_file():
        yield Finding(name, "none yet")
        return
    with closing(open_journal(settings)) as journal:
        try:
            n_open = len(journal.gaps(state=GapState.OPEN))
        except JournalError as exc:
            yield Finding(name, "unreadable", str(exc))
            return
    kept = settings.record_questions.value
    yield Finding(name, f"{n_open} open gaps; questions recorded: {kept}")
