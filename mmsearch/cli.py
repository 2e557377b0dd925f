"""The command ``mmsearch``.

Exit codes: 0 done; 1 done, but a file failed or something needs mending; 2 the command or the
question is wrong; 3 the library or the model cannot be used; 130 stopped.
"""

from __future__ import annotations

import io
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from index.errors import BadFilter, BadQuery, LibraryError, NotFound
from ingest.errors import IngestError
from mmsearch import extensions
from mmsearch.access import AccessError
from mmsearch.commands import changing, conversing
from mmsearch.commands.options import (
    Access,
    Country,
    Evidence,
    Json,
    Kind,
    Language,
    Library,
    Publisher,
    Year,
    YearFrom,
    YearTo,
    filters_of,
)
from mmsearch.commands.output import inert
from mmsearch.evaluate.errors import EvaluationError
from mmsearch.journal.errors import JournalError, NoSuchEntry
from mmsearch.settings import SettingsError, load_settings
from mmsearch.wording.errors import WordingError

app = typer.Typer(
    name="mmsearch",
    help="Ask a programme's documents: cited answers, or an honest 'not found'.",
    epilog="Exit codes: 0 done, 1 a file failed or something needs mending, 2 wrong command or "
    "question, 3 library or model unusable, 130 stopped.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Question = Annotated[
    str, typer.Argument(help="The question; '-' reads one a line from standard input.")
]


def _say_version(wanted: bool) -> None:
    if wanted:
        sys.stdout.write(f"mmsearch {version('mmsearch')}\n")
        raise typer.Exit


@app.callback()
def _mmsearch(
    shown: Annotated[
        bool,
        typer.Option(
            "--version", callback=_say_version, is_eager=True, help="Say which version this is."
        ),
    ] = False,
) -> None:
    pass


@app.command()
def ingest(
    paths: Annotated[list[Path], typer.Argument(help="Files and folders to load.")],
    library: Library = None,
    manifest: Annotated[
        Path | None,
        typer.Option(help="CSV or YAML with titles, years … [manifest.csv in the folder]."),
    ] = None,
    prune: Annotated[
        bool, typer.Option("--prune", help="Remove documents whose files are gone.")
    ] = False,
    wait: Annotated[
        float, typer.Option(help="Seconds to wait for another ingest; -1 waits for ever.")
    ] = -1.0,
    as_json: Json = False,
) -> None:
    """Load files and folders: PDF, Word, PowerPoint, Excel, OpenDocument, RTF, HTML, mail and text.

    Archives (.zip) and messages (.eml, .msg) are opened: what lies in them is loaded as documents
    of their own. Old Word, PowerPoint and Excel files need LibreOffice. Only what is new or changed
    is read. Exit code 1 when a file failed.
    """
    from mmsearch.commands import load

    settings = load_settings(library=library)
    raise typer.Exit(
        load.run(
            paths,
            settings,
            model=settings.chosen_model,
            manifest=manifest,
            prune=prune,
            wait=wait,
            as_json=as_json,
        )
    )


@app.command()
def search(
    question: Question,
    library: Library = None,
    limit: Annotated[int, typer.Option(min=1, max=100, help="How many passages.")] = 10,
    kind: Kind = None,
    country: Country = None,
    language: Language = None,
    publisher: Publisher = None,
    access: Access = None,
    evidence: Evidence = None,
    year: Year = None,
    year_from: YearFrom = None,
    year_to: YearTo = None,
    as_json: Json = False,
) -> None:
    """Find passages."""
    from mmsearch.commands import ask as command

    settings = load_settings(library=library)
    filters = filters_of(
        kind, country, language, publisher, access, evidence, year, year_from, year_to
    )
    code = command.search(
        question,
        settings,
        model=settings.chosen_model,
        filters=filters,
        limit=limit,
        as_json=as_json,
    )
    raise typer.Exit(code)


@app.command()
def ask(
    question: Question,
    library: Library = None,
    kind: Kind = None,
    country: Country = None,
    language: Language = None,
    publisher: Publisher = None,
    access: Access = None,
    evidence: Evidence = None,
    year: Year = None,
    year_from: YearFrom = None,
    year_to: YearTo = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Every matching passage, by document, with a count.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Answer in one to three quoted sentences, each with its source, or say it is not there."""
    from mmsearch.commands import ask as command

    settings = load_settings(library=library)
    filters = filters_of(
        kind, country, language, publisher, access, evidence, year, year_from, year_to
    )
    if everything:
        code = command.find_all(question, settings, filters=filters, as_json=as_json)
        raise typer.Exit(code)
    code = command.ask(question, settings, filters=filters, as_json=as_json)
    raise typer.Exit(code)


@app.command()
def serve(
    library: Library = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on [127.0.0.1].")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on [8000].")] = None,
) -> None:
    """Serve the page and the API. Without tokens only on this machine (MMSEARCH_TOKENS)."""
    from mmsearch.api.server import serve as start

    start(load_settings(library=library, host=host, port=port))


@app.command()
def documents(
    library: Library = None,
    kind: Kind = None,
    country: Country = None,
    language: Language = None,
    publisher: Publisher = None,
    access: Access = None,
    evidence: Evidence = None,
    year: Year = None,
    year_from: YearFrom = None,
    year_to: YearTo = None,
    why: Annotated[
        bool, typer.Option("--why", help="Say where title, year, countries … were read.")
    ] = False,
    failed: Annotated[
        bool, typer.Option("--failed", help="List the files that the last runs could not read.")
    ] = False,
    as_json: Json = False,
) -> None:
    """List the documents."""
    from mmsearch.commands import change, keep

    settings = load_settings(library=library)
    if failed:
        raise typer.Exit(change.failures(settings, as_json=as_json))
    filters = filters_of(
        kind, country, language, publisher, access, evidence, year, year_from, year_to
    )
    raise typer.Exit(keep.documents(settings, filters=filters, why=why, as_json=as_json))


@app.command()
def check(
    library: Library = None,
    quick: Annotated[bool, typer.Option("--quick", help="Embed no sample again.")] = False,
    as_json: Json = False,
) -> None:
    """Verify everything in the library and mend what can be mended."""
    from mmsearch.commands import keep

    raise typer.Exit(keep.check(load_settings(library=library), quick=quick, as_json=as_json))


@app.command()
def model(
    name: Annotated[
        str | None, typer.Argument(help="Change to this model (a name or a folder).")
    ] = None,
    library: Library = None,
    as_json: Json = False,
) -> None:
    """Show the embedding model and a few good ones, or change to another."""
    from mmsearch.commands import keep

    raise typer.Exit(keep.model(name, load_settings(library=library), as_json=as_json))


@app.command()
def glossary(
    acronym: Annotated[str | None, typer.Argument(help="Only this acronym.")] = None,
    library: Library = None,
    as_json: Json = False,
) -> None:
    """List the acronyms that the documents define, with who says what they stand for."""
    from mmsearch.commands import glossary as command

    raise typer.Exit(command.run(load_settings(library=library), acronym=acronym, as_json=as_json))


@app.command()
def doctor(
    library: Library = None,
    slack: Annotated[
        bool, typer.Option("--slack", help="Also ask Slack about the bot's tokens and scopes.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Say what is installed, what is wrong and how to mend it."""
    from mmsearch.commands import doctor as command

    beyond = ("slack",) if slack else ()
    raise typer.Exit(command.run(load_settings(library=library), beyond=beyond, as_json=as_json))


@app.command("eval")
def evaluate(
    questions: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            help="Questions with gold, one JSON object a line; or a folder in BEIR's layout "
            "(queries.jsonl, qrels.tsv; with corpus.jsonl a library is made of it); "
            "or a saved run.",
        ),
    ],
    library: Library = None,
    qrels: Annotated[
        Path | None, typer.Option("--qrels", help="Judgements, TREC's or BEIR's.")
    ] = None,
    run: Annotated[
        Path | None, typer.Option("--run", help="Judge this TREC run; search nothing.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Save figures, outcomes, TREC run and judgements here."),
    ] = None,
    compare: Annotated[
        Path | None, typer.Option("--compare", help="Compare with this saved run, paired.")
    ] = None,
    fail_below: Annotated[
        list[str] | None,
        typer.Option("--fail-below", help="Exit with 1 below: 'hit@5=0.8'; repeatable."),
    ] = None,
    fail_if_worse: Annotated[
        bool,
        typer.Option("--fail-if-worse", help="Exit with 1 when a figure fell (p < 0.05)."),
    ] = False,
    without_gold: Annotated[
        bool,
        typer.Option("--without-gold", help="Ask again with the gold left out, to abstain."),
    ] = False,
    language: Annotated[
        str | None, typer.Option("--language", help="The questions' language (en, fr …).")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=0, help="At most so many questions.")] = 0,
    as_json: Json = False,
) -> None:
    """Measure search, answers and abstention on questions whose answers are known."""
    from mmsearch.commands import evaluate as command

    settings = load_settings(library=library)
    wanted = command.Wanted(
        questions=questions,
        qrels=qrels,
        run=run,
        out=out,
        before=compare,
        fail_below=tuple(fail_below or ()),
        fail_if_worse=fail_if_worse,
        without_gold=without_gold,
        language=language,
        limit=limit,
        named=library is not None,
    )
    raise typer.Exit(command.run(wanted, settings, model=settings.chosen_model, as_json=as_json))


MISTAKES = (
    BadQuery,
    BadFilter,
    NotFound,
    SettingsError,
    AccessError,
    IngestError,
    EvaluationError,
    WordingError,
    NoSuchEntry,
)
"""Errors that are the caller's to mend: exit code 2."""


conversing.register(app)
changing.register(app)
for extension in extensions.installed().values():
    extension.add_commands(app)


def main() -> None:
    """Run the command line; every expected error is one line and an exit code."""
    _print_anything()
    try:
        app()
    except MISTAKES as exc:
        _fail(str(exc), 2)
    except (LibraryError, JournalError) as exc:
        _fail(str(exc), 3)
    except OSError as exc:
        where = f"{str(exc.filename)!r} cannot be used: " if exc.filename is not None else ""
        _fail(f"{where}{exc.strerror or exc}; check the path, and who may read and write there", 3)


def _print_anything() -> None:
    """Let a terminal that lacks a script show a question mark in its place."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _fail(text: str, code: int) -> NoReturn:
    sys.stderr.write(f"error: {inert(text)}\n")
    sys.exit(code)


if __name__ == "__main__":
    main()
