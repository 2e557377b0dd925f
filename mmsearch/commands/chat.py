"""mmsearch chat: a conversation at the terminal, or one question a line from a pipe."""

from __future__ import annotations

import sys
from contextlib import closing
from dataclasses import replace

from index.errors import BadQuery
from index.types import KEEPER
from mmsearch.commands.ask import print_answer
from mmsearch.commands.output import console, styled, write_json
from mmsearch.journal.journal import Journal
from mmsearch.knowledge import KnowledgeBase
from mmsearch.opening import open_journal, open_knowledge
from mmsearch.phrases.catalogue import say
from mmsearch.settings import Settings
from mmsearch.shapes import ask_shape

PROMPT = "> "
NEW = "/new"
LONGEST_HISTORY = 20
INTERRUPTED = 130


def run(settings: Settings, *, as_json: bool) -> int:
    """Answer line after line until the input ends; returns the exit code."""
    try:
        with open_knowledge(settings) as knowledge, closing(open_journal(settings)) as journal:
            if sys.stdin.isatty():
                _edit_lines()
                console(stderr=True).print(styled(say("another_question"), "dim"))
            return _converse(knowledge, journal, as_json=as_json)
    except KeyboardInterrupt:
        console(stderr=True).print()
        return INTERRUPTED


def _converse(knowledge: KnowledgeBase, journal: Journal, *, as_json: bool) -> int:
    history: list[str] = []
    code = 0
    while (line := _next_line()) is not None:
        question = line.strip()
        if question == NEW:
            history.clear()
        if not question or question == NEW:
            continue
        try:
            answer = knowledge.ask(question, reader=KEEPER, history=history)
        except BadQuery as exc:
            code = code if sys.stdin.isatty() else 2
            if as_json:
                write_json({"question": question, "answered": False, "error": str(exc)})
            else:
                console(stderr=True).print(styled(f"error: {exc}", "red"))
            continue
        answer = replace(answer, answer_id=journal.record_answer(answer, reader=KEEPER))
        if as_json:
            write_json(ask_shape(answer))
        else:
            print_answer(console(), answer)
            console().print()
        history = [*history, question][-LONGEST_HISTORY:]
    return code


def _next_line() -> str | None:
    """Return the next line, or None at the end of the input."""
    if not sys.stdin.isatty():
        return sys.stdin.readline() or None
    try:
        return input(PROMPT)
    except EOFError:
        console(stderr=True).print()
        return None


def _edit_lines() -> None:
    """Let the arrow keys work, where the system can."""
    try:
        import readline  # noqa: F401  # importing it is what it takes
    except ImportError:
        return
