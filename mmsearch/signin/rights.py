"""From the groups that a provider names to what their members may read. Pure.

Deny by default: a group that is not named gives nothing, and neither does a claim of another
shape than names.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Self

from index.types import Reader
from mmsearch.access import BadRights, parse_rights

EVERYBODY = "*"
"""The name that stands for everybody who can sign in."""
EXPECTED = 'expected a JSON object such as {"Haiti office": "internal, group:haiti"}'


@dataclass(frozen=True, slots=True)
class GroupRights:
    """What the members of each group may read.

    Attributes:
        readers: The reader that a member of each group is; ``"*"`` is everybody.
    """

    readers: Mapping[str, Reader]

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the setting: a JSON object from group to rights; an empty text names none.

        Raises:
            ValueError: What is wrong with it, and with which group.
        """
        pairs = _pairs(text) if text.strip() else []
        names = [name for name, _ in pairs]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"the group {twice[0]!r} stands in it twice; write its rights once")
        return cls({name: _reader(name, rights) for name, rights in pairs})

    def known(self, groups: Iterable[str]) -> tuple[str, ...]:
        """Keep the groups that mean something here, in order of their names, each once."""
        return tuple(sorted(set(groups) & self.readers.keys() - {EVERYBODY}))

    def reader(self, groups: Iterable[str]) -> Reader | None:
        """Join the rights of these groups and of everybody; None when there are none."""
        mine = [self.readers[name] for name in (EVERYBODY, *groups) if name in self.readers]
        if not mine:
            return None
        return Reader(
            any(one.internal for one in mine),
            frozenset().union(*(one.groups for one in mine)),
            any(one.everything for one in mine),
        )


def groups_of(claims: Mapping[str, Any], claim: str) -> tuple[str, ...] | None:
    """Read the groups out of a token's claims.

    Args:
        claims: The claims.
        claim: The name of the claim. Where no claim is called so, its dots lead into objects:
            ``realm_access.roles``.

    Returns:
        The names; None when there is no such claim, so that another source can be asked.
    """
    value: Any = claims
    for part in (claim,) if claim in claims else claim.split("."):
        if not isinstance(value, Mapping) or part not in value:
            return None
        value = value[part]
    if isinstance(value, str):
        return (value,)
    if not isinstance(value, list):
        return ()
    return tuple(name for name in value if isinstance(name, str))


def _pairs(text: str) -> list[tuple[str, object]]:
    try:
        # Pairs, not a dict, so that a group named twice is noticed.
        pairs = json.loads(text, object_pairs_hook=list)
    except (ValueError, RecursionError):
        raise ValueError(f"it is no JSON; {EXPECTED}") from None
    if not isinstance(pairs, list) or not text.strip().startswith("{"):
        raise ValueError(f"it is no JSON object; {EXPECTED}")
    return pairs


def _reader(name: str, rights: object) -> Reader:
    if not name.strip():
        raise ValueError(f"a group has no name; {EXPECTED}")
    if not isinstance(rights, str):
        raise ValueError(f"the rights of the group {name!r} are no text; write them in quotes")
    try:
        return parse_rights(rights)
    except BadRights as exc:
        raise ValueError(f"the rights of the group {name!r}: {exc}") from None
