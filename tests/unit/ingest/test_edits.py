import json

import pytest

from ingest.edits import Edits, access_of, read_edits, strictest_access
from ingest.errors import EditError
from ingest.manifest import Overrides
from ingest.types import AccessLevel, Metadata

READ = Metadata("Read", year=1999, kind="report", countries=("Haiti",))


def edited(given: dict[str, object], before: Edits | None = None) -> Edits:
    return (before or Edits()).changed(read_edits(given))


def test_an_edit_wins_over_manifest_and_file_and_says_so():
    said = Overrides(title="Manifest", year=2001)
    edits = edited({"title": "Edited", "countries": ["Serbia", "Ecuador"]})
    metadata = edits.apply(said.apply(READ))
    assert (metadata.title, metadata.year, metadata.kind) == ("Edited", 2001, "report")
    assert metadata.countries == ("Ecuador", "Serbia")
    why = {entry.field: entry.place for entry in metadata.why}
    assert why == {"title": "a keeper", "countries": "a keeper", "year": "manifest"}


def test_edits_are_stored_beside_what_the_manifest_said():
    said = Overrides(year=2001, access=AccessLevel.INTERNAL)
    given = {"year": "", "groups": ["haiti"], "publisher": [], "kind": "Guide  Line"}
    edits = edited(given)
    stored = json.loads(json.dumps(edits.beside(said)))
    assert Overrides.from_json(stored) == said
    assert Edits.stored(stored) == edits
    metadata = edits.apply(said.apply(READ))
    assert (metadata.year, metadata.kind, metadata.publisher) == (None, "guide line", ())
    assert (metadata.access, metadata.groups) == (AccessLevel.RESTRICTED, ("haiti",))
    assert access_of(stored) == Overrides(access=AccessLevel.RESTRICTED, groups=("haiti",))


def test_a_country_is_known_by_its_names_in_other_languages():
    said = read_edits({"countries": ["Молдова", "haiti", "Moldova", "Northern Kenya"]})
    assert said["countries"] == ("Haiti", "Moldova", "Northern Kenya")


def test_an_edit_is_taken_back_and_groups_go_with_access():
    edits = edited({"year": 2020, "access": "restricted", "groups": ["a"]})
    assert set(edited({"access": None}, edits).said) == {"year"}
    opened = edited({"access": "public"}, edits)
    assert (opened.said["access"], opened.said["groups"]) == (AccessLevel.PUBLIC, ())
    assert edited({"year": None}, edits).apply(READ).year == 1999


def test_what_an_attachment_inherits_is_the_strictest_of_edits_and_manifest():
    public = Overrides(access=AccessLevel.PUBLIC).to_json()
    closed = edited({"access": "restricted", "groups": ["a"]}).beside(Overrides())
    found = strictest_access([public, closed])
    assert found == Overrides(access=AccessLevel.RESTRICTED, groups=("a",))


@pytest.mark.parametrize(
    ("given", "field", "what"),
    [
        ({"year": 20190}, "year", "is not a year"),
        ({"year": [2019]}, "year", "four digits"),
        ({"year": True}, "year", "four digits"),
        ({"title": "  "}, "title", "needs a title"),
        ({"title": "a" * 501}, "title", "at most 500"),
        ({"title": "a\u202eb"}, "title", "control characters"),
        ({"title": 3}, "title", "expected a text"),
        ({"languages": ["english"]}, "languages", "ISO 639-1"),
        ({"countries": "Haiti"}, "countries", "list of texts"),
        ({"countries": ["a;b"]}, "countries", "which part names"),
        ({"countries": ["a"] * 51}, "countries", "at most 50"),
        ({"access": "secret"}, "access", "is none of public"),
        ({"access": ""}, "access", "say one of"),
        ({"access": "public", "groups": ["a"]}, "groups", "must say 'restricted'"),
        ({"sha256": "0"}, "sha256", "cannot be edited"),
    ],
)
def test_what_cannot_be_is_said_by_field(given, field, what):
    with pytest.raises(EditError, match=f"{field}: ") as caught:
        read_edits(given)
    assert any(name == field and what in text for name, text in caught.value.mistakes)


def test_all_mistakes_are_named_at_once():
    with pytest.raises(EditError, match="year") as caught:
        read_edits({"year": "soon", "languages": ["xx1"], "access": "x"})
    assert {name for name, _ in caught.value.mistakes} == {"year", "languages", "access"}
