"""What a keeper says of one document by hand. It wins over the manifest and over the file.

Edits are stored beside what the manifest said (``beside``), so that both survive a file that is
read again, and taking an edit back shows what was there before it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Self

from ingest.errors import EditError
from ingest.manifest import Overrides, strictest
from ingest.manifest_rows import Row
from ingest.manifest_values import Mistake, check_row
from ingest.metadata_countries import country_spans
from ingest.types import AccessLevel, Metadata, Why

FIELDS = ("title", "year", "kind", "languages", "countries", "publisher", "access", "groups")
"""What can be edited; ``access`` and ``groups`` go together."""
LISTS = frozenset({"languages", "countries", "publisher", "groups"})
LONGEST = 500
"""Longest title, in characters; a name in a list has at most 100."""
LONGEST_NAME = 100
MOST_NAMES = 50
PLACE = "a keeper"
_KEY = "edited"


@dataclass(frozen=True, slots=True)
class Edits:
    """What was edited, by field.

    Attributes:
        said: Values as ``Metadata`` has them; a year of None and an empty list say "none".
    """

    said: Mapping[str, Any] = field(default_factory=dict)

    def apply(self, metadata: Metadata) -> Metadata:
        """Return the metadata with the edits in it, and who made them as their reason."""
        if not self.said:
            return metadata
        why = [entry for entry in metadata.why if entry.field not in self.said]
        why += [Why(name, PLACE, "edited by a keeper") for name in self.said]
        return replace(metadata, **self.said, why=tuple(why))

    def changed(self, change: Mapping[str, Any]) -> Self:
        """Return these edits with others on top; ``...`` (Ellipsis) takes one back."""
        said = {**self.said, **change}
        return type(self)({name: value for name, value in said.items() if value is not ...})

    def beside(self, overrides: Overrides) -> dict[str, object]:
        """Return what a manifest said with the edits beside it, fit for JSON."""
        stored = overrides.to_json()
        if self.said:
            plain = {n: list(v) if isinstance(v, tuple) else v for n, v in self.said.items()}
            stored[_KEY] = plain
        return stored

    @classmethod
    def stored(cls, overrides: Mapping[str, Any]) -> Self:
        """Read them from what ``beside`` gave."""
        said = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in dict(overrides.get(_KEY) or {}).items()
            if name in FIELDS
        }
        if "access" in said:
            said["access"] = AccessLevel(str(said["access"]))
        return cls(said)


def access_of(overrides: Mapping[str, Any]) -> Overrides:
    """Return who may read a document, as the manifest said or a keeper edited."""
    said = Edits.stored(overrides).said
    if "access" in said:
        return Overrides(access=said["access"], groups=said.get("groups"))
    return Overrides.from_json(overrides)


def strictest_access(stored: Sequence[Mapping[str, Any]]) -> Overrides:
    """Return the access of the most closed of some documents, and nothing else."""
    return strictest([access_of(overrides) for overrides in stored])


def read_edits(given: Mapping[str, Any]) -> dict[str, Any]:
    """Check what somebody wants to edit; returns values for ``Edits.changed``.

    Args:
        given: By field: a text, a year, a list of texts; None takes the edit back, an empty
            text, or an empty list, says that there is none.

    Raises:
        EditError: Something in it cannot be; the error names every mistake.
    """
    unknown = [name for name in given if name not in FIELDS]
    mistakes: list[Mistake] = [(name, "this cannot be edited") for name in unknown]
    mistakes += [m for name in FIELDS if name in given for m in _unfit(name, given[name])]
    if mistakes:
        raise EditError(mistakes)
    said = {name: value for name, value in given.items() if value is not None}
    if said.get("groups") and "access" not in said:
        said["access"] = AccessLevel.RESTRICTED.value
    values, mistakes = check_row(Row("edit", {n: _cell(v) for n, v in said.items()}))
    if "title" in said and "title" not in values:
        mistakes.append(("title", "a document needs a title; leave it out to keep it as it is"))
    if "access" in said and "access" not in values and not mistakes:
        mistakes.append(("access", f"say one of {', '.join(level.value for level in AccessLevel)}"))
    if mistakes:
        raise EditError(mistakes)
    return _values(given, said, values)


def _values(
    given: Mapping[str, Any], said: Mapping[str, Any], values: Mapping[str, Any]
) -> dict[str, Any]:
    change: dict[str, Any] = {name: ... for name, value in given.items() if value is None}
    for name in said:
        value = values.get(name)
        if name == "countries":
            change[name] = tuple(sorted({_country(one) for one in value or ()}))
        elif name in LISTS:
            change[name] = tuple(value or ())
        elif name == "access":
            change[name] = AccessLevel(str(value))
        else:
            change[name] = value if value is not None or name == "year" else "document"
    if "access" in change and "groups" not in change:
        change["groups"] = ... if change["access"] is ... else ()
    if change.get("access") is ...:
        change["groups"] = ...
    elif change.get("groups") is ... and "access" not in change:
        change["access"] = ...
    return change


def _country(name: str) -> str:
    """Return the English short name of a country that was named in any language, or the text."""
    spans = (*country_spans(name), *country_spans(name.title()))
    return next((known for start, end, known in spans if (start, end) == (0, len(name))), name)


def _unfit(name: str, value: Any) -> list[Mistake]:
    """Say what about a value no check of a manifest's cell would find."""
    if value is None:
        return []
    if name in LISTS:
        if not isinstance(value, (list, tuple)) or not all(isinstance(v, str) for v in value):
            return [(name, "expected a list of texts")]
        if len(value) > MOST_NAMES:
            return [(name, f"at most {MOST_NAMES} can be named")]
        return [m for one in value for m in _unfit_text(name, one, LONGEST_NAME)]
    if name == "year":
        fit = value == "" or (isinstance(value, (int, str)) and not isinstance(value, bool))
        return [] if fit else [(name, "expected a year of four digits")]
    if not isinstance(value, str):
        return [(name, "expected a text")]
    return _unfit_text(name, value, LONGEST)


def _unfit_text(name: str, text: str, longest: int) -> list[Mistake]:
    if len(text) > longest:
        return [(name, f"at most {longest} characters are kept; it has {len(text)}")]
    if any(unicodedata.category(c) in {"Cc", "Cs"} or _turns(c) for c in text):
        return [(name, "it has control characters; type it anew")]
    if name in LISTS and any(sign in text for sign in ";|"):
        return [(name, f"{text!r} has a ';' or '|', which part names; give them one by one")]
    return []


def _turns(char: str) -> bool:
    return "\u202a" <= char <= "\u202e" or "\u2066" <= char <= "\u2069"


def _cell(value: Any) -> str:
    return ";".join(value) if isinstance(value, (list, tuple)) else str(value).strip()
