"""How commands print: tables and paragraphs for people, one JSON object a line for scripts."""

from __future__ import annotations

import json
import sys
import unicodedata
from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.text import Text

_KEPT = frozenset("\n\t")


_UNWRAPPED = 10_000
"""Columns of what is no terminal: who reads it there wants lines and rows whole."""


def console(*, stderr: bool = False) -> Console:
    """Make a console; lines are wrapped, and coloured, only where it is a terminal."""
    screen = Console(stderr=stderr, highlight=False, soft_wrap=False)
    if not screen.is_terminal:
        screen.width = _UNWRAPPED
    return screen


def write_json(value: Mapping[str, Any]) -> None:
    """Write one JSON object on a line of its own, and hand it over at once.

    What the output's encoding lacks, and half a surrogate pair, is written as an escape.
    """
    line = json.dumps(value, ensure_ascii=False)
    try:
        line.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        line = json.dumps(value)
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def inert(text: str) -> str:
    """Drop what a terminal would obey: control characters and bidirectional overrides."""
    return "".join(c for c in text if c in _KEPT or not _is_control(c))


def styled(text: str, style: str = "") -> Text:
    """Make document text printable: inert, and never read as rich's markup."""
    return Text(inert(text), style=style)


def _is_control(char: str) -> bool:
    if unicodedata.category(char) in {"Cc", "Cs"}:
        return True
    return "\u202a" <= char <= "\u202e" or "\u2066" <= char <= "\u2069"
