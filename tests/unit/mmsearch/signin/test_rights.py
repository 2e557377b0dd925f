"""Groups become rights, and nothing else does."""

from __future__ import annotations

import pytest

from index.types import Reader
from mmsearch.signin.rights import GroupRights, groups_of

RIGHTS = GroupRights.parse(
    '{"Staff": "internal", "Haiti office": "internal, group:haiti", "Keepers": "keeper"}'
)


def test_rights_of_several_groups_are_joined() -> None:
    assert RIGHTS.reader(["Haiti office", "Staff"]) == Reader(True, frozenset({"haiti"}), False)
    both = RIGHTS.reader(["Keepers", "Haiti office"])
    assert both == Reader(True, frozenset({"haiti"}), True)


@pytest.mark.parametrize("groups", [[], ["staff"], ["Staff "], ["*"], ["Chess"]])
def test_who_is_in_no_named_group_gets_nothing(groups: list[str]) -> None:
    assert RIGHTS.reader(groups) is None


def test_everybody_has_the_rights_of_the_star() -> None:
    rights = GroupRights.parse('{"*": "public", "Staff": "internal"}')
    assert rights.reader([]) == Reader(False, frozenset(), False)
    assert rights.reader(["Staff"]) == Reader(True, frozenset(), False)
    assert rights.known(["*", "Staff", "Chess", "Staff"]) == ("Staff",)


def test_without_a_setting_nobody_has_rights() -> None:
    assert GroupRights.parse(" ").reader(["Staff"]) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "it is no JSON"),
        ('["Staff"]', "no JSON object"),
        ('{"Staff": "boss"}', "the group 'Staff': unknown right 'boss'"),
        ('{"Staff": ""}', "the group 'Staff': there are no rights"),
        ('{"Staff": ["internal"]}', "'Staff' are no text"),
        ('{" ": "internal"}', "a group has no name"),
        ('{"Staff": "internal", "Staff": "keeper"}', "'Staff' stands in it twice"),
    ],
)
def test_a_wrong_setting_says_what_is_wrong(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        GroupRights.parse(text)


@pytest.mark.parametrize(
    ("claims", "claim", "found"),
    [
        ({"groups": ["a", "b"]}, "groups", ("a", "b")),
        ({"groups": "a"}, "groups", ("a",)),
        ({"groups": ["a", 1, None, {"b": 1}]}, "groups", ("a",)),
        ({"groups": {"a": True}}, "groups", ()),
        ({"groups": None}, "groups", ()),
        ({}, "groups", None),
        ({"realm": {"roles": ["a"]}}, "realm.roles", ("a",)),
        ({"realm": ["roles"]}, "realm.roles", None),
        ({"https://x.example/groups": ["a"]}, "https://x.example/groups", ("a",)),
    ],
)
def test_groups_are_read_from_a_claim(
    claims: dict[str, object], claim: str, found: tuple[str, ...] | None
) -> None:
    assert groups_of(claims, claim) == found
