"""mmsearch documents, check and model: keeping a library."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from index.check import check as check_library
from index.embed import DEFAULT, load_embedder
from index.errors import ModelError
from index.library import Library
from index.models import CATALOGUE
from index.reading import Reading
from index.schema import DATABASE
from index.switch import switch_model
from index.types import KEEPER, Embedder, Filters, StoredDocument
from mmsearch.commands.output import console, styled, write_json
from mmsearch.knowledge import KnowledgeBase
from mmsearch.settings import Settings
from mmsearch.shapes import document_shape


def documents(settings: Settings, *, filters: Filters, why: bool, as_json: bool) -> int:
    """List every document, or say of each where its metadata was read; with JSON, one a line."""
    with KnowledgeBase.open(settings.library, cache=settings.cache) as knowledge:
        page = knowledge.documents(reader=KEEPER, filters=filters, limit=1_000_000)
    if as_json:
        for document in page.documents:
            write_json(document_shape(document))
        return 0
    if why:
        for document in page.documents:
            _print_why(console(), document)
        return 0
    table = Table(box=None, pad_edge=False)
    for name in ("title", "year", "kind", "languages", "countries", "access", "passages", "file"):
        table.add_column(name, overflow="fold")
    for document in page.documents:
        m = document.metadata
        cells = (
            m.title,
            str(m.year or ""),
            m.kind,
            " ".join(m.languages),
            ", ".join(m.countries),
            m.access.value,
            str(document.n_passages),
            document.file,
        )
        table.add_row(*(styled(cell) for cell in cells))
    screen = console()
    screen.print(table)
    screen.print(f"{page.total} documents")
    return 0


def _print_why(screen: Console, document: StoredDocument) -> None:
    """Print a document's metadata with the place and the rule of each field."""
    shape = document_shape(document)
    reasons = {why.field: why for why in document.metadata.why}
    screen.print(styled(document.file, "bold"))
    for name in ("title", "symbol", "year", "kind", "languages", "countries", "publisher"):
        value = shape[name]
        text = ", ".join(value) if isinstance(value, list) else str(value or "")
        why = reasons.get(name)
        screen.print(styled(f"  {name:<9} ", "cyan"), styled(text or "not found"), sep="")
        if why:
            words = f": “{why.words}”" if why.words else ""
            screen.print(styled(f"            {why.place}, {why.rule}{words}", "dim"))
    for other in document.related:
        what = other.relation.value.replace("_", " ")
        screen.print(styled(f"  {what} {other.file}", "yellow"))


def check(settings: Settings, *, quick: bool, as_json: bool) -> int:
    """Verify a library and mend its derived files; 1 when something is still wrong."""
    embedder = None if quick else _own_embedder(settings)
    report = check_library(settings.library, embedder)
    if as_json:
        write_json(
            {
                "generation": report.generation,
                "documents": report.n_documents,
                "passages": report.n_passages,
                "checked": dict(report.checks),
                "repaired": list(report.repaired),
                "problems": list(report.problems),
            }
        )
        return 1 if report.problems else 0
    screen = console()
    for name, count in report.checks:
        screen.print(f"{count:>8} {name} checked")
    for text in report.repaired:
        screen.print(styled(f"repaired: {text}", "yellow"))
    for text in report.problems:
        screen.print(styled(f"problem: {text}", "red"))
    if not report.problems:
        screen.print(
            f"The library is sound: {report.n_documents} documents, {report.n_passages} passages, "
            f"generation {report.generation}."
        )
    return 1 if report.problems else 0


def model(name: str | None, settings: Settings, *, as_json: bool) -> int:
    """Show the library's model and a few good ones, or change to another."""
    if name is not None:
        return _switch(name, settings, as_json=as_json)
    current = _own_model(settings.library)
    if as_json:
        models = [
            {"name": m.name, "megabytes": m.megabytes, "languages": sorted(m.languages)}
            for m in CATALOGUE
        ]
        write_json({"model": current, "models": models})
        return 0
    screen = console()
    screen.print(f"This library's model: {current or 'none yet'}\n")
    table = Table(box=None, pad_edge=False)
    for column in ("model", "MB", "languages", ""):
        table.add_column(column, overflow="fold")
    for m in CATALOGUE:
        shown = ", ".join(sorted(m.languages)) if len(m.languages) < 12 else "many"
        table.add_row(m.name, str(m.megabytes), shown, m.advice)
    screen.print(table)
    screen.print("\nChange it with 'mmsearch model NAME'; a folder with a model will do as well.")
    return 0


def _switch(name: str, settings: Settings, *, as_json: bool) -> int:
    embedder = load_embedder(name, cache=settings.cache)
    screen = console(stderr=True)
    columns = (
        TextColumn("Embedding again"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("passages, ETA"),
        TimeRemainingColumn(),
    )
    with (
        Library.open(settings.library, wait=-1.0) as library,
        Progress(*columns, console=screen, disable=not screen.is_terminal) as progress,
    ):
        task = progress.add_task("", total=None)
        generation = switch_model(
            library,
            embedder,
            lambda done, total: progress.update(task, completed=done, total=total),
        )
    if as_json:
        write_json({"model": embedder.name, "generation": generation})
    else:
        console().print(f"The library now uses {embedder.name} (generation {generation}).")
    return 0


def _own_model(folder: Path) -> str:
    if not (folder / DATABASE).is_file():
        return ""
    reading = Reading(folder)
    try:
        return reading.head().model
    finally:
        reading.close()


def _own_embedder(settings: Settings) -> Embedder | None:
    try:
        return load_embedder(_own_model(settings.library) or DEFAULT, cache=settings.cache)
    except ModelError as exc:
        console(stderr=True).print(styled(f"no sample is embedded again: {exc}", "yellow"))
        return None
