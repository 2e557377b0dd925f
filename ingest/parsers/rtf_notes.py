"""The footnotes and endnotes of RTF, which its reader drops: taken out before, put back after."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

_MARK = "\x1a"
_NOTE = re.compile(r"\{\s*(?:\\\*\s*)?\\footnote(?![a-z])")
_BRACE = re.compile(r"\\[^a-zA-Z]|[{}]")
_FONTS = re.compile(r"\{[^{}]*\\fonttbl")
_HEAD = re.compile(r"\{\\rtf[^{}]*")
_MARKED = re.compile(f"{_MARK}(\\d+){_MARK}")
_MOST = 20_000


@dataclass(frozen=True, slots=True)
class Marked:
    """A document with a mark where each of its notes was.

    Attributes:
        text: Its code; ``take`` reads the marks in what becomes of it.
        notes: The code of each note, a document of its own.
    """

    text: str
    notes: tuple[str, ...]


def mark_notes(text: str) -> Marked:
    """Take the notes out of a document's code."""
    text = text.replace(_MARK, "")
    head = _head(text)
    parts: list[str] = []
    notes: list[str] = []
    at = 0
    while len(notes) < _MOST and (found := _NOTE.search(text, at)):
        end = _end(text, found.end())
        parts.append(f"{text[at : found.start()]}{_MARK}{len(notes)}{_MARK}")
        notes.append(f"{head}{text[found.end() : end - 1]}}}")
        at = end
    return Marked("".join([*parts, text[at:]]), tuple(notes))


def take(line: str, notes: tuple[str, ...], read: Callable[[str], str]) -> tuple[str, list[str]]:
    """Return a line without its marks, and the text of the notes that it calls.

    Args:
        line: Of the text that was read.
        notes: From ``mark_notes``.
        read: Makes text of a note's code.
    """
    called = [int(found[1]) for found in _MARKED.finditer(line)]
    texts = [" ".join(read(notes[number]).split()) for number in called if number < len(notes)]
    return _MARKED.sub("", line), [text for text in texts if text]


def _head(text: str) -> str:
    """Return what a document begins with, its fonts included: they say how letters are coded."""
    fonts = _FONTS.search(text[:1_000_000])
    if fonts is not None:
        return text[: _end(text, fonts.end())]
    head = _HEAD.search(text[:10_000])
    return head[0] if head is not None else "{\\rtf1 "


def _end(text: str, at: int) -> int:
    """Return where the group ends whose brace was opened before ``at``."""
    depth = 1
    for brace in _BRACE.finditer(text, at):
        depth += {"{": 1, "}": -1}.get(brace[0], 0)
        if depth == 0:
            return brace.end()
    return len(text) + 1
