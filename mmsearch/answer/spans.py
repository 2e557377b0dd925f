"""Stretches of a text by their offsets, without the white space at their ends. Pure."""

from __future__ import annotations

from collections.abc import Iterator

Span = tuple[int, int]
"""First character and one past the last."""


def strip(text: str, start: int, end: int) -> Span:
    """Return a span without the white space at its ends."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def parts(text: str, start: int, end: int, mark: str) -> Iterator[Span]:
    """Yield what a mark parts in a span, such as its lines; what is blank is left out."""
    at = start
    while at <= end:
        cut = text.find(mark, at, end)
        stop = end if cut < 0 else cut
        if text[at:stop].strip():
            yield strip(text, at, stop)
        at = stop + len(mark)
