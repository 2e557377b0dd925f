"""The keepers' list: documents with their state, and files that are none with the reason. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from index.inventory import Inventory
from index.types import StoredDocument
from mmsearch.keeping.shapes import failed_entry_shape, failed_shape, kept_shape, removed_shape
from mmsearch.keeping.types import Entry, State
from mmsearch.shapes import Shape

STATES = ("good", "remarks", "failed", "removed")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which of them are wanted, and in which order; see the route for what each means."""

    q: str = ""
    state: str = ""
    kind: str = ""
    access: str = ""
    sort: str = "title"
    descending: bool = False
    offset: int = 0
    limit: int = 50


@dataclass(frozen=True, slots=True)
class _Row:
    """What a line of the list is found and ordered by; its shape is made when it is shown."""

    state: str
    title: str
    file: str
    added: str
    shape: Callable[[], Shape]
    year: int = 0
    kind: str = ""
    access: str = ""

    def matches(self, wanted: Wanted, words: Sequence[str]) -> bool:
        """Tell whether it is looked for, whatever its state."""
        text = f"{self.title}\n{self.file}".casefold()
        return (
            all(word in text for word in words)
            and wanted.kind in ("", self.kind)
            and wanted.access in ("", self.access)
        )


def list_kept(
    documents: Sequence[StoredDocument],
    inventory: Inventory,
    entries: Sequence[Entry],
    wanted: Wanted,
) -> Shape:
    """Return a stretch of the list, with how many there are in each state.

    A file that failed while the library has an older version of it is listed beside that.
    """
    words = wanted.q.casefold().split()
    rows = [r for r in _rows(documents, inventory, entries) if r.matches(wanted, words)]
    counts = Counter(row.state for row in rows)
    shown = STATES[:3] if not wanted.state else (wanted.state,)
    chosen = [row for row in rows if row.state in shown]
    chosen.sort(key=lambda row: (row.title.casefold(), row.file))
    chosen.sort(key=_ORDERS[wanted.sort], reverse=wanted.descending)
    stretch = chosen[wanted.offset : wanted.offset + wanted.limit]
    return {
        "documents": [row.shape() for row in stretch],
        "total": len(chosen),
        "counts": {state: counts[state] for state in STATES},
        "known": _known(documents),
    }


def _rows(
    documents: Sequence[StoredDocument], inventory: Inventory, entries: Sequence[Entry]
) -> Iterator[_Row]:
    for one in documents:
        m = one.metadata
        yield _Row(
            "remarks" if one.warnings else "good",
            m.title,
            one.file,
            one.added.isoformat(),
            partial(kept_shape, one, inventory.places.get(one.doc_id)),
            m.year or 0,
            m.kind,
            m.access.value,
        )
    shapes = [failed_shape(one) for one in inventory.failures]
    failed = (one for one in entries if one.state is State.FAILED and one.stored)
    shapes += [failed_entry_shape(one) for one in failed]
    shapes += [removed_shape(one, inventory.held.get(one.path)) for one in inventory.left_out]
    for shape in shapes:
        give: Callable[[], Shape] = partial(dict, shape)
        yield _Row(shape["state"], shape["title"], shape["file"], shape["added"], give)


_ORDERS: dict[str, Callable[[_Row], Any]] = {
    "title": lambda row: row.title.casefold(),
    "added": lambda row: row.added,
    "year": lambda row: row.year,
    "file": lambda row: row.file.casefold(),
}


def _known(documents: Sequence[StoredDocument]) -> dict[str, list[str]]:
    """Return the values that documents have, to be offered where one is edited."""
    found = [one.metadata for one in documents]
    return {
        "kind": _distinct(m.kind for m in found),
        "country": _distinct(name for m in found for name in m.countries),
        "publisher": _distinct(name for m in found for name in m.publisher),
        "language": _distinct(code for m in found for code in m.languages),
        "group": _distinct(name for m in found for name in m.groups),
    }


def _distinct(values: Iterable[str]) -> list[str]:
    return sorted({value for value in values if value})
