"""Questions that others asked, for who reads with the same rights. Pure.

Who asked is not known. A question is told to others only when it was asked on two different
days at least, so that nobody's afternoon becomes a list; when the rights it was asked with are
among those of the reader, since a question says something too; and when all that its answer
cites may be read.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from index.analysis import words
from index.types import Reader
from mmsearch.access import BadRights, parse_rights

DAYS = 2
"""On how many days a question was asked before it is told."""
MOST_READ = 4000

Row = tuple[str, str, str, str]
"""A question, what was searched for, when, and the packed answer."""


@dataclass(frozen=True, slots=True)
class AskedBefore:
    """A question that others asked.

    Attributes:
        question: As it was asked last.
        times: How often.
        doc_ids: Documents that its answer cites.
    """

    question: str
    times: int
    doc_ids: frozenset[str]


@dataclass(slots=True)
class _Group:
    rows: list[Row] = field(default_factory=list)
    days: set[str] = field(default_factory=set)


def rights_text(reader: Reader) -> str:
    """Write down with which rights a question is asked, as ``access.parse_rights`` reads them."""
    if reader.everything:
        return "keeper"
    if any("," in name for name in reader.groups):
        return ""  # cannot be written down: nobody is told
    groups = [f"group:{name}" for name in sorted(reader.groups)]
    return ", ".join(["internal" if reader.internal else "public", *groups])


def asked_before(
    rows: Sequence[Row],
    reader: Reader,
    *,
    may_see: Callable[[dict[str, Any]], bool],
    about: Collection[str],
    most: int = 5,
) -> tuple[AskedBefore, ...]:
    """Choose questions to tell, those of most days first, then those asked most often.

    Args:
        rows: Answered questions whose text was kept, the latest first.
        reader: Who would be told.
        may_see: Whether the reader may see all that a packed answer cites.
        about: Documents; a question's answer cites at least one of them.
        most: How many.
    """
    groups: defaultdict[str, _Group] = defaultdict(_Group)
    for row in rows:
        group = groups[" ".join(words(row[0]))]
        group.rows.append(row)
        group.days.add(row[2][:10])
    found: list[AskedBefore] = []
    for group in sorted(groups.values(), key=lambda g: (-len(g.days), -len(g.rows))):
        if len(group.days) < DAYS or len(found) == most:
            break
        if (one := _told(group, reader, may_see, about)) is not None:
            found.append(one)
    return tuple(found)


def _told(
    group: _Group,
    reader: Reader,
    may_see: Callable[[dict[str, Any]], bool],
    about: Collection[str],
) -> AskedBefore | None:
    """Tell a question as it was last asked with rights that the reader has, on enough days."""
    mine = [(row, json.loads(row[3])) for row in group.rows if row[0] == row[1]]
    mine = [(row, body) for row, body in mine if _within(body.get("rights", ""), reader)]
    if len({row[2][:10] for row, _ in mine}) < DAYS:
        return None
    row, body = mine[0]
    cited = frozenset(one["doc_id"] for one in body["passages"] if one["n"])
    if cited.isdisjoint(about) or not may_see(body):
        return None
    return AskedBefore(row[0], len(mine), cited)


def _within(rights: str, reader: Reader) -> bool:
    """Say whether a reader has all of these rights; with none written down nobody has."""
    try:
        asked = parse_rights(rights)
    except BadRights:
        return False
    if reader.everything:
        return True
    return (
        not asked.everything
        and (reader.internal or not asked.internal)
        and asked.groups <= reader.groups
    )
