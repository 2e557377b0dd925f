"""Files inside files: their names, and what a worker says of them to its parent. Pure.

A name inside an archive or a message is hostile text: it may climb out of its folder, name a
drive, or be there twice. It only ever becomes a part of an identity, never a place to write to:
the bytes lie in numbered files.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

#: Containers within containers: a zip in a message in a zip has depth 2.
MAX_DEPTH = 5
#: Files that one file from disk may hold, at all depths together.
MAX_MEMBERS = 10_000
#: Bytes that they may have, at all depths together.
MAX_UNPACKED = 2_000_000_000
MAX_NAME = 400
#: Stands in the bytes of a PDF that brings files along, even where its other objects are packed.
PDF_BRINGS = b"/EmbeddedFile"
_MAX_SEGMENT = 150
_MAX_REASON = 1_000

_UNSAFE = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
_SUFFIX = re.compile(r"\.[a-z0-9]{1,12}")
_DRIVE = re.compile(r"^[A-Za-z]:")


@dataclass(frozen=True, slots=True)
class Budget:
    """What may still be unpacked of one file from disk.

    Attributes:
        files: How many files.
        bytes: How many bytes.
    """

    files: int = MAX_MEMBERS
    bytes: int = MAX_UNPACKED


@dataclass(frozen=True, slots=True)
class Member:
    """A file in a container.

    Attributes:
        name: Its path in the container, made safe.
        number: The name of the numbered file with its bytes, or None when it was not unpacked.
        reason: Why it was not.
    """

    name: str
    number: int | None
    reason: str = ""

    @property
    def stored_name(self) -> str:
        """The name of the numbered file, with the suffix that parsers look at."""
        return stored_name(self.number or 0, self.name)


@dataclass(frozen=True, slots=True)
class Held:
    """What a container holds.

    Attributes:
        members: Its files, in its order.
        ignored: Names of what a walk leaves out too: hidden files, lock files.
        problem: Why it was not read to its end, or "".
        text: Whether the container is a document itself, as a message is.
    """

    members: tuple[Member, ...] = ()
    ignored: tuple[str, ...] = ()
    problem: str = ""
    text: bool = False


def stored_name(label: int | str, name: str) -> str:
    """Return the name that the bytes of a file are written under: "12.pdf"."""
    suffix = PurePosixPath(name).suffix.lower()
    return f"{label}{suffix}" if _SUFFIX.fullmatch(suffix) else str(label)


def safe_name(name: str) -> str:
    """Return a name without what climbs, roots, hides or breaks a line; never empty.

    Both kinds of slashes part folders; ``.``, ``..``, drives and empty parts go.
    """
    parts = []
    for part in _DRIVE.sub("", name.replace("\\", "/")).split("/"):
        part = _UNSAFE.sub("_", part).strip()
        if part not in ("", ".", ".."):
            parts.append(_short(part))
    while len(parts) > 1 and len("/".join(parts)) > MAX_NAME:
        del parts[0]
    return "/".join(parts) or "unnamed"


def _short(part: str) -> str:
    """Trim one part of a path, keeping its suffix."""
    if len(part) <= _MAX_SEGMENT:
        return part
    suffix = PurePosixPath(part).suffix[:20]
    return part[: _MAX_SEGMENT - len(suffix)] + suffix


def free_name(name: str, is_taken: Callable[[str], bool]) -> str:
    """Return a name that is not taken: "a.pdf", then "a (2).pdf", "a (3).pdf" and so on."""
    path = PurePosixPath(name)
    count = 1
    while is_taken(name):
        count += 1
        name = str(path.with_name(f"{path.stem} ({count}){path.suffix}"))
    return name


def to_row(held: Held) -> dict[str, object]:
    """Return it as JSON takes it."""
    return {
        "members": [[m.name, m.number, m.reason] for m in held.members],
        "ignored": held.ignored,
        "problem": held.problem,
        "text": held.text,
    }


def from_row(row: Mapping[str, Any]) -> Held:
    """Build it from what a worker sent, which may be anything.

    Raises:
        ValueError: It is not what ``to_row`` gives.
    """
    members = [_member(entry) for entry in _list(row.get("members"))]
    numbers = [member.number for member in members if member.number is not None]
    if len(set(numbers)) != len(numbers):
        raise ValueError("two files have one number")
    return Held(
        members=tuple(members),
        ignored=tuple(safe_name(_text(name)) for name in _list(row.get("ignored"))),
        problem=_text(row.get("problem"))[:_MAX_REASON],
        text=row.get("text") is True,
    )


def _member(entry: Any) -> Member:
    name, number, reason = _list(entry)
    if number is not None and (type(number) is not int or not 0 <= number <= MAX_MEMBERS):
        raise ValueError("a file's number is none")
    return Member(safe_name(_text(name)), number, _text(reason)[:_MAX_REASON])


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list) or len(value) > 2 * MAX_MEMBERS:
        raise ValueError("a list is none, or too long")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("a text is none")
    return value
