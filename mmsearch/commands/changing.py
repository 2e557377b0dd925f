"""Registers mmsearch edit, remove and restore with the command line."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from mmsearch.commands.options import Json, Library
from mmsearch.settings import load_settings

Documents = Annotated[
    list[str],
    typer.Argument(help="Documents: ids or files, as 'mmsearch documents' shows them."),
]
Wait = Annotated[float, typer.Option(help="Seconds to wait for an ingest; -1 waits for ever.")]
Names = list[str] | None


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(edit)
    app.command()(remove)
    app.command()(restore)


def edit(
    documents: Documents,
    title: Annotated[str | None, typer.Option(help="Its title.")] = None,
    year: Annotated[str | None, typer.Option(help="Its year; '' says it has none.")] = None,
    kind: Annotated[str | None, typer.Option(help="Its kind.")] = None,
    country: Annotated[Names, typer.Option(help="A country it is about; repeatable.")] = None,
    language: Annotated[Names, typer.Option(help="A language (en, fr …); repeatable.")] = None,
    publisher: Annotated[Names, typer.Option(help="A publisher; repeatable.")] = None,
    access: Annotated[str | None, typer.Option(help="public, internal or restricted.")] = None,
    group: Annotated[Names, typer.Option(help="A group that may read it; repeatable.")] = None,
    undo: Annotated[
        Names, typer.Option(help="Take the edit of this field back ('all' for every one).")
    ] = None,
    wait: Wait = 30.0,
    library: Library = None,
    as_json: Json = False,
) -> None:
    """Say what documents are: this wins over the manifest and over the file, from now on.

    It holds at once, also in filters and access, and stays when the file is read again. An empty
    value ('') says that there is none.
    """
    from mmsearch.commands import change

    given: dict[str, Any] = {"title": title, "year": year, "kind": kind, "access": access}
    lists = {"countries": country, "languages": language, "publisher": publisher, "groups": group}
    given |= {name: [v for v in values if v] for name, values in lists.items() if values}
    said = {name: value for name, value in given.items() if value is not None}
    settings = load_settings(library=library)
    raise typer.Exit(change.edit(documents, said, undo or [], settings, wait=wait, as_json=as_json))


def remove(
    documents: Documents,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    wait: Wait = 30.0,
    library: Library = None,
    as_json: Json = False,
) -> None:
    """Remove documents, with what lies in them.

    Files that were uploaded are deleted. Others stay where they are, and 'mmsearch ingest' leaves
    them out until one is named itself. For ten minutes 'mmsearch restore' takes documents back.
    """
    from mmsearch.commands import change

    settings = load_settings(library=library)
    raise typer.Exit(change.remove(documents, settings, yes=yes, wait=wait, as_json=as_json))


def restore(
    documents: Annotated[
        list[str] | None,
        typer.Argument(help="Ids or files, as they were removed; without any, those there are."),
    ] = None,
    wait: Wait = 30.0,
    library: Library = None,
    as_json: Json = False,
) -> None:
    """Undo a removal of the last ten minutes: text, edits and access are as they were.

    Later, 'mmsearch ingest FILE' reads a file in anew that was removed and is still there.
    """
    from mmsearch.commands import change

    settings = load_settings(library=library)
    raise typer.Exit(change.restore(documents or [], settings, wait=wait, as_json=as_json))
