"""mmsearch eval."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from index.types import KEEPER
from mmsearch.commands.output import console, styled, write_json
from mmsearch.evaluate import records
from mmsearch.evaluate.corpus import load_corpus
from mmsearch.evaluate.gate import Gate, broken, read_gates
from mmsearch.evaluate.judge import Outcome
from mmsearch.evaluate.measure import ask_all, by_corpus_id, by_file, judge_run
from mmsearch.evaluate.questions import Query, read_questions
from mmsearch.evaluate.summary import ALL, Difference, compare, summarise
from mmsearch.evaluate.trec import read_run
from mmsearch.knowledge import KnowledgeBase
from mmsearch.opening import chosen_reranker
from mmsearch.settings import Settings

WORSE = 0.05
"""A figure that fell with a smaller p than this is worse."""
SHOWN = (
    "ndcg@10",
    "recall@10",
    "mrr",
    "hit@1",
    "hit@5",
    "answered right",
    "fact in the first sentence",
    "fact in the answer",
    "gold among the citations",
    "gold cited, of all answerable",
    "citations on a gold page",
    "quotes verbatim",
    "pages right",
    "abstained where nothing answers",
)
CHIEF = ("ndcg@10", "hit@5", "answered right", "abstained where nothing answers")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be measured and how it is judged.

    Attributes:
        questions: A JSON-lines file, a folder in BEIR's layout, or a saved run.
        qrels: Further judgements.
        run: A TREC run to judge in place of searching.
        out: Where the run is saved, or None.
        before: A saved run to compare with, or None.
        fail_below: Gates, "figure=bound".
        fail_if_worse: Whether a figure that fell is a failure.
        without_gold: Ask each question again with its gold left out.
        language: Only questions in this language.
        limit: At most so many questions; 0 takes all.
        named: Whether the library was named; a corpus then stays in it.
    """

    questions: Path
    qrels: Path | None = None
    run: Path | None = None
    out: Path | None = None
    before: Path | None = None
    fail_below: Sequence[str] = ()
    fail_if_worse: bool = False
    without_gold: bool = False
    language: str | None = None
    limit: int = 0
    named: bool = False


def run(wanted: Wanted, settings: Settings, *, model: str | None, as_json: bool) -> int:
    """Measure, print, save and gate; returns 0, or 1 when a gate does not hold."""
    gates = read_gates(wanted.fail_below)
    outcomes = _outcomes(wanted, settings, model=model, quiet=as_json)
    summary = summarise(outcomes)
    if wanted.out is not None:
        records.save(wanted.out, outcomes, summary)
    differences = compare(records.load(wanted.before), outcomes) if wanted.before else {}
    failures = broken(gates, summary)
    if wanted.fail_if_worse:
        failures += [
            f"{name} fell from {d.before:.4f} to {d.after:.4f} (p = {d.p:.3f})"
            for name, d in differences.items()
            if d.after < d.before and d.p < WORSE
        ]
    if as_json:
        compared = {name: asdict(d) for name, d in differences.items()}
        write_json({**summary, "compared": compared, "failures": failures})
    else:
        _print(console(), summary, differences, gates, failures, wanted.out)
    return 1 if failures else 0


def _outcomes(
    wanted: Wanted, settings: Settings, *, model: str | None, quiet: bool
) -> list[Outcome]:
    if records.is_saved(wanted.questions):
        return records.load(wanted.questions)
    queries = _chosen(read_questions(wanted.questions, wanted.qrels), wanted)
    if wanted.run is not None:
        return judge_run(queries, read_run(wanted.run))
    corpus = wanted.questions / "corpus.jsonl"
    if not corpus.is_file():
        return _asked(settings.library, queries, wanted, settings, model, quiet, corpus=False)
    with tempfile.TemporaryDirectory(prefix="mmsearch-eval-") as place:
        library = settings.library if wanted.named else Path(place) / "library"
        with _progress("documents", quiet) as (begin, advance):
            load_corpus(
                wanted.questions,
                library,
                Path(place) / "files",
                begin=begin,
                each=lambda _: advance(),
                workers=settings.workers,
            )
        return _asked(library, queries, wanted, settings, model, quiet, corpus=True)


def _chosen(queries: Sequence[Query], wanted: Wanted) -> list[Query]:
    if wanted.language is None:
        chosen = list(queries)
    else:
        chosen = [
            replace(q, language=wanted.language)
            for q in queries
            if q.language in (wanted.language, "und")
        ]
    return chosen[: wanted.limit] if wanted.limit else chosen


def _asked(
    library: Path,
    queries: Sequence[Query],
    wanted: Wanted,
    settings: Settings,
    model: str | None,
    quiet: bool,
    *,
    corpus: bool,
) -> list[Outcome]:
    with (
        KnowledgeBase.open(
            library, model=model, cache=settings.cache, reranker=chosen_reranker(settings)
        ) as base,
        _progress("questions", quiet) as (begin, advance),
    ):
        begin(len(queries))
        return list(
            ask_all(
                base,
                queries,
                reader=KEEPER,
                name=by_corpus_id if corpus else by_file,
                without_gold=wanted.without_gold,
                each=advance,
            )
        )


@contextmanager
def _progress(what: str, quiet: bool) -> Any:
    """Show a bar on standard error; gives a function that sets the total, and one that counts."""
    columns = (
        TextColumn(what),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    screen = console(stderr=True)
    with Progress(*columns, console=screen, transient=True, disable=quiet) as bar:
        task = bar.add_task(what, total=None)

        def begin(total: int) -> None:
            bar.update(task, total=total)

        def advance() -> None:
            bar.advance(task)

        functions: tuple[Callable[[int], None], Callable[[], None]] = (begin, advance)
        yield functions


def _print(
    screen: Console,
    summary: Mapping[str, Any],
    differences: Mapping[str, Difference],
    gates: Sequence[Gate],
    failures: Sequence[str],
    out: Path | None,
) -> None:
    _print_figures(screen, summary)
    _print_confidence(screen, summary["groups"][ALL]["confidence"])
    if differences:
        _print_differences(screen, differences)
    if out is not None:
        screen.print(styled(f"saved in {out}", "dim"))
    for failure in failures:
        screen.print(styled(f"below the gate: {failure}", "red"))
    if gates and not failures:
        screen.print(styled(f"all {len(gates)} gates hold", "green"))


def _print_figures(screen: Console, summary: Mapping[str, Any]) -> None:
    """Show every figure of all questions, then the chief ones of each group, a line each."""
    groups = summary["groups"]
    table = Table(f"{summary['questions']} questions", "mean [95 %]", box=None, pad_edge=False)
    for name in SHOWN:
        if name in groups[ALL]["figures"]:
            table.add_row(name, _cell(groups[ALL]["figures"][name]))
    screen.print(table)
    if len(groups) == 1:
        return
    names = [name for name in CHIEF if name in groups[ALL]["figures"]]
    table = Table("group", "questions", *names, box=None, pad_edge=False)
    for label, group in groups.items():
        means = [group["figures"].get(name) for name in names]
        cells = [f"{m['mean']:.3f}" if m else "–" for m in means]
        table.add_row(label, str(group["questions"]), *cells)
    screen.print(table)


def _cell(figure: Mapping[str, float] | None) -> str:
    if figure is None:
        return "–"
    return f"{figure['mean']:.3f} [{figure['low']:.2f}–{figure['high']:.2f}]"


def _print_confidence(screen: Console, confidence: Mapping[str, Any]) -> None:
    for name in ("auroc", "unanswerable answered at 90%"):
        if confidence[name] is not None:
            screen.print(f"{name}: {confidence[name]:.3f}")
    if confidence["calibration error"] is not None:
        screen.print(
            f"calibration error: {confidence['calibration error']:.3f}, where chance alone gives "
            f"{confidence['calibration error by chance']:.3f} on so many questions"
        )
    if not confidence["reliability"]:
        return
    table = Table("confidence", "questions", "said", "came true", box=None, pad_edge=False)
    for line in confidence["reliability"]:
        bounds = f"{line['low']:.1f}–{line['high']:.1f}"
        table.add_row(bounds, str(line["count"]), f"{line['said']:.2f}", f"{line['true']:.2f}")
    screen.print(table)


def _print_differences(screen: Console, differences: Mapping[str, Difference]) -> None:
    table = Table("compared", "before", "after", "p", "questions", box=None, pad_edge=False)
    for name, d in differences.items():
        style = (
            "" if d.p >= WORSE or d.after == d.before else "green" if d.after > d.before else "red"
        )
        table.add_row(
            name, f"{d.before:.4f}", f"{d.after:.4f}", f"{d.p:.3f}", str(d.n), style=style
        )
    screen.print(table)
