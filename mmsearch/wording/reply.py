"""Cutting a reply, as it comes, into sentences with the numbers they cite. Pure.

A sentence ends where its citation does: "… in 2023 [1]." or "… in 2023. [1][2]". What comes
after the last citation has none, and is no sentence of ours.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_ONE = r"[\[【]\s?\d{1,4}(?:\s?[,;]\s?\d{1,4}){0,9}\s?[\]】]"
_CITED = re.compile(rf"{_ONE}(?:\s{{0,3}}{_ONE}){{0,9}}")
_MARKS = re.compile(rf"\s{{0,3}}{_CITED.pattern}")
_NUMBER = re.compile(r"\d+")
_ENDED = (".", "!", "?", "…", "؟", "۔", "।", ":", ";")
LOOK_AHEAD = 2
"""Characters behind a citation that must be there before it is known whether more follows."""


@dataclass(frozen=True, slots=True)
class Worded:
    """One sentence of a reply.

    Attributes:
        text: Without citation marks, its white space made single.
        numbers: The passages it cites, each once.
    """

    text: str
    numbers: tuple[int, ...]


def sentences(chunks: Iterable[str]) -> Iterator[Worded]:
    """Yield each sentence of a reply as soon as it is whole."""
    buffer = ""
    for chunk in chunks:
        buffer += chunk
        while (cut := _cut(buffer, final=False)) is not None:
            yield from _worded(buffer[:cut])
            buffer = buffer[cut:]
    while (cut := _cut(buffer, final=True)) is not None:
        yield from _worded(buffer[:cut])
        buffer = buffer[cut:]


def _cut(buffer: str, *, final: bool) -> int | None:
    """Return where the first whole sentence ends, or None where there is none yet."""
    if "]" not in buffer and "】" not in buffer:
        return None
    for match in _CITED.finditer(buffer):
        rest = buffer[match.end() :]
        follows = rest.lstrip(" \t")
        if not final and (len(follows) < LOOK_AHEAD or follows[0] in "[【"):
            return None
        mark = follows[:1] in _ENDED and len(follows) > 0
        before = buffer[: match.start()].rstrip()
        if mark and not follows[1:2].isalnum():
            return match.end() + len(rest) - len(follows) + 1
        if before.endswith(_ENDED) or not follows.strip() or follows[:1] == "\n":
            return match.end()
        if follows.lstrip()[:1].isupper():
            return match.end()
    return None


def _worded(part: str) -> Iterator[Worded]:
    numbers = [int(n) for m in _CITED.finditer(part) for n in _NUMBER.findall(m.group())]
    text = " ".join(_MARKS.sub("", part).split()).lstrip(".,;:–-•* ")
    if text:
        yield Worded(text, tuple(dict.fromkeys(numbers)))
