"""Registers mmsearch chat, receipt and gaps with the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mmsearch.commands.options import Json, Library
from mmsearch.journal.types import GapState
from mmsearch.settings import load_settings

STATES = ", ".join(state.value.replace(" ", "-") for state in GapState)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(chat)
    app.command()(receipt)
    app.command()(gaps)


def chat(library: Library = None, as_json: Json = False) -> None:
    """Ask one question after another; a follow-up is understood from those before it.

    An empty line is passed over, /new forgets the conversation, Ctrl-D ends it.
    """
    from mmsearch.commands import chat as command

    raise typer.Exit(command.run(load_settings(library=library), as_json=as_json))


def receipt(
    answer_id: Annotated[str, typer.Argument(help="The answer's id, as 'mmsearch ask' prints it.")],
    library: Library = None,
    as_json: Json = False,
) -> None:
    """Say how an answer came about, and whether its passages have changed since."""
    from mmsearch.commands import journal as command

    settings = load_settings(library=library)
    raise typer.Exit(command.receipt(answer_id, settings, as_json=as_json))


def gaps(
    gap_id: Annotated[str | None, typer.Argument(help="A gap whose state to set.")] = None,
    state: Annotated[
        str | None, typer.Option(help=f"List only gaps in this state, or set it: {STATES}.")
    ] = None,
    note: Annotated[str, typer.Option(help="With a gap and a state: a remark.")] = "",
    sheet: Annotated[
        Path | None, typer.Option("--csv", help="Write them to this CSV file; '-' prints it.")
    ] = None,
    library: Library = None,
    as_json: Json = False,
) -> None:
    """List questions without a good answer, or say what became of one.

    Questions are kept with MMSEARCH_RECORD_QUESTIONS=on; otherwise only how many there were.
    """
    from mmsearch.commands import journal as command

    chosen = _state(state)
    settings = load_settings(library=library)
    if gap_id is None:
        raise typer.Exit(command.gaps(settings, state=chosen, sheet=sheet, as_json=as_json))
    if chosen is None:
        raise typer.BadParameter(f"say what became of it: one of {STATES}", param_hint="--state")
    raise typer.Exit(command.set_state(gap_id, chosen, note, settings, as_json=as_json))


def _state(text: str | None) -> GapState | None:
    if text is None:
        return None
    try:
        return GapState(text.strip().lower().replace("-", " "))
    except ValueError:
        raise typer.BadParameter(
            f"{text!r} is none; expected one of {STATES}", param_hint="--state"
        ) from None
