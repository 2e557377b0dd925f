"""mmsearch ingest."""

from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table

from ingest.types import FileResult, FileState
from mmsearch.commands.output import console, inert, styled, write_json
from mmsearch.load_options import load_options
from mmsearch.loading import Begin, Each, LoadReport, load
from mmsearch.settings import Settings

_STYLES = {
    FileState.ADDED: "green",
    FileState.UNCHANGED: "dim",
    FileState.REPLACED: "cyan",
    FileState.REMOVED: "yellow",
    FileState.FAILED: "red",
}


def run(
    paths: list[Path],
    settings: Settings,
    *,
    model: str | None,
    manifest: Path | None,
    prune: bool,
    wait: float,
    as_json: bool,
) -> int:
    """Ingest; returns the exit code: 0, 1 when a file failed, 130 when it was stopped."""
    options = load_options(settings, wait=wait, manifest=manifest, prune=prune, model=model)
    signal.signal(signal.SIGTERM, _interrupt)
    if as_json:
        report = load(paths, options, begin=lambda _: None, each=_json_line)
        write_json({"summary": _summary(report)})
    else:
        report = _with_progress(lambda begin, each: load(paths, options, begin=begin, each=each))
        _print(report)
    if report.interrupted:
        return 130
    return 1 if report.failed() else 0


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _json_line(result: FileResult) -> None:
    write_json(
        {
            "file": inert(result.file),
            "state": result.state.value,
            "reason": result.reason,
            "doc_id": result.doc_id,
            "passages": result.passages,
            "pages": result.pages,
            "warnings": list(result.warnings),
            "failure": result.failure,
        }
    )


def _summary(report: LoadReport) -> dict[str, object]:
    return {
        "files": len(report.results),
        **report.counts(),
        "passages": sum(result.passages for result in report.results),
        "generation": report.generation,
        "seconds": round(report.seconds, 2),
        "remarks": report.remarks,
        "interrupted": report.interrupted,
    }


def _with_progress(action: Callable[[Begin, Each], LoadReport]) -> LoadReport:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("files"),
        TextColumn("{task.fields[passages]} passages, {task.fields[rate]}/s"),
        TimeElapsedColumn(),
        TextColumn("ETA"),
        TimeRemainingColumn(),
    )
    screen = console(stderr=True)
    with Progress(*columns, console=screen, disable=not screen.is_terminal) as progress:
        task = progress.add_task("Loading", total=None, passages=0, rate="–")
        stored = 0

        def begin(total: int) -> None:
            progress.update(task, total=total)

        def each(result: FileResult) -> None:
            nonlocal stored
            if result.state in {FileState.ADDED, FileState.REPLACED}:
                stored += result.passages
            elapsed = progress.tasks[0].elapsed or 0.0
            rate = f"{stored / elapsed:.0f}" if elapsed > 1 else "–"
            advance = 0 if result.state is FileState.REMOVED else 1
            progress.update(task, advance=advance, passages=stored, rate=rate)

        return action(begin, each)


def _print(report: LoadReport) -> None:
    screen = console()
    table = Table(box=None, pad_edge=False)
    table.add_column("")
    table.add_column("files", justify="right")
    for state, count in report.counts().items():
        if count:
            table.add_row(styled(state, _STYLES[FileState(state)]), str(count))
    screen.print(table)
    failed = report.failed()
    good = len(report.results) - len(failed)
    screen.print(
        f"{good} of {len(report.results)} files, generation {report.generation}, "
        f"{report.seconds:.1f} s"
        + (f"; here {'is' if len(failed) == 1 else 'are'} the {len(failed)}:" if failed else "")
    )
    for result in failed:
        screen.print(styled(f"  {result.file}: {result.reason}", "red"))
    for result in report.results:
        if result.reason and result.state is not FileState.FAILED:
            screen.print(styled(f"  {result.file}: {result.state.value}, {result.reason}", "dim"))
        for warning in result.warnings:
            screen.print(styled(f"  {result.file}: {warning}", "yellow"))
    for remark in report.remarks:
        screen.print(styled(f"  {remark}", "yellow"))
    if report.interrupted:
        screen.print("Stopped. What is listed here is in the library; run it again for the rest.")
