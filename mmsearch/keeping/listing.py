"""The keepers' list: documents with their state, and files that are none with the reason. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
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


def list_kept(
    documents: Iterable[StoredDocument],
    inventory: Inventory,
    entries: Sequence[Entry],
    wanted: Wanted,
) -> Shape:
    """Return a stretch of the list, with how many there are in each state.

    A file that failed while the library has an older version of it is listed beside that.
    """
    rows = [kept_shape(one, inventory.places.get(one.doc_id)) for one in documents]
    rows += [failed_shape(one) for one in inventory.failures]
    failed = [one for one in entries if one.state is State.FAILED and one.stored]
    rows += [failed_entry_shape(one) for one in failed]
    rows += [removed_shape(one) for one in inventory.left_out]
    matching = [row for row in rows if _matches(row, wanted)]
    counts = Counter(row["state"] for row in matching)
    chosen = [row for row in matching if wanted.state in ("", row["state"])]
    chosen = [row for row in chosen if wanted.state or row["state"] != "removed"]
    chosen.sort(key=lambda row: (row["title"].casefold(), row["file"]))
    chosen.sort(key=_ORDERS[wanted.sort], reverse=wanted.descending)
    return {
        "documents": chosen[wanted.offset : wanted.offset + wanted.limit],
        "total": len(chosen),
        "counts": {state: counts[state] for state in STATES},
        "known": {
            "kind": _known(row["kind"] for row in rows),
            "country": _known(name for row in rows for name in row["countries"]),
            "publisher": _known(name for row in rows for name in row["publisher"]),
            "language": _known(code for row in rows for code in row["languages"]),
            "group": _known(name for row in rows for name in row["groups"]),
        },
    }


_ORDERS: dict[str, Callable[[Shape], Any]] = {
    "title": lambda row: row["title"].casefold(),
    "added": lambda row: row["added"],
    "year": lambda row: row["year"] or 0,
    "file": lambda row: row["file"].casefold(),
}


def _matches(row: Shape, wanted: Wanted) -> bool:
    text = f"{row['title']}\n{row['file']}".casefold()
    return (
        all(word in text for word in wanted.q.casefold().split())
        and wanted.kind in ("", row["kind"])
        and wanted.access in ("", row["access"])
    )


def _known(values: Iterable[str]) -> list[str]:
    return sorted({value for value in values if value})
