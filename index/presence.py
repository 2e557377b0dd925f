"""Which files are still there, also those inside others."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from ingest.types import Extracted, Opened, Outcome, Unchanged


def is_there(path: str) -> bool:
    """Tell whether a file is on disk, or lies in one that is (``/docs/archive.zip/a.pdf``).

    Of a file in another it is not looked up whether the other still holds it.
    """
    whole = Path(path)
    if whole.exists():
        return True
    first = next((parent for parent in whole.parents if parent.exists()), None)
    return first is not None and first.is_file()


@dataclass(slots=True)
class Presence:
    """What one run saw: files on disk, and what those that hold others held.

    Attributes:
        seen: Paths of every file that was there.
        read: Paths of files that were read to their end, so that what is not seen in them is gone.
    """

    seen: set[str] = field(default_factory=set)
    read: set[str] = field(default_factory=set)

    def note(self, outcome: Outcome) -> None:
        """Take account of an outcome."""
        path = str(outcome.source.path)
        self.seen.add(path)
        if isinstance(outcome, Opened):
            self.seen.update(str(member.path) for member in outcome.members)
        if isinstance(outcome, (Extracted, Unchanged)) or (
            isinstance(outcome, Opened) and outcome.complete
        ):
            self.read.add(path)

    def is_gone(self, path: str, roots: Iterable[Path]) -> bool:
        """Tell whether a file below one of ``roots`` is not there any more.

        What lies in a file that could not be read to its end counts as there.
        """
        whole = Path(path)
        if path in self.seen or not any(whole.is_relative_to(root) for root in roots):
            return False
        holder = next((str(p) for p in whole.parents if str(p) in self.seen), None)
        return holder in self.read if holder is not None else not is_there(path)
