"""The acronyms of one generation: what they stand for, and who says so.

Each definition belongs to a document. Somebody who may not read it neither sees the acronym in a
list nor has it widen his search.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.acronyms import Definition, Forms, find
from index.types import Reader

FILE = "glossary.json"
_KEPT = 32
"""Readers of different rights whose acronyms are kept at hand."""
Contents = Mapping[int, Sequence[Definition]]


@dataclass(frozen=True, slots=True)
class Term:
    """An acronym with one long form, as some documents define it.

    Attributes:
        short: The acronym, as written.
        long: What it stands for, as most of them write it.
        sources: (content number, first character, one past the last), a definition each.
    """

    short: str
    long: str
    sources: tuple[tuple[int, int, int], ...]


class Glossary:
    """Every definition of a generation."""

    def __init__(self, contents: Contents) -> None:
        self.contents = contents
        self._forms: OrderedDict[Reader, Forms] = OrderedDict()

    @classmethod
    def build(
        cls, wanted: Iterable[int], text: Callable[[int], str], before: Glossary | None
    ) -> Glossary:
        """Read the definitions of contents; those that a glossary before has are not read again.

        Args:
            wanted: Numbers of contents.
            text: Returns a content's text.
            before: Of an earlier generation; a content never changes.
        """
        known = before.contents if before is not None else {}
        found = ((n, known[n] if n in known else _first(text(n))) for n in sorted(wanted))
        return cls(dict(found))

    def save(self, folder: Path) -> None:
        """Write it into a folder."""
        rows = {
            str(number): [[d.short, d.long, d.start, d.end] for d in definitions]
            for number, definitions in self.contents.items()
        }
        (folder / FILE).write_text(json.dumps(rows, ensure_ascii=True, indent=0), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Glossary:
        """Read what ``save`` wrote."""
        rows = json.loads((folder / FILE).read_text(encoding="utf-8"))
        return cls({int(n): [Definition(*row) for row in part] for n, part in rows.items()})

    def terms(self, readable: Iterable[int]) -> list[Term]:
        """List the acronyms that some contents define, by acronym, the commonest form first."""
        sources: dict[tuple[str, str], list[tuple[int, int, int]]] = {}
        written: dict[tuple[str, str], str] = {}
        for number in sorted(readable):
            for found in self.contents.get(number, ()):
                key = (found.short, found.long.casefold())
                written.setdefault(key, found.long)
                sources.setdefault(key, []).append((number, found.start, found.end))
        terms = [Term(key[0], written[key], tuple(where)) for key, where in sources.items()]
        return sorted(terms, key=lambda t: (t.short.casefold(), t.short, -len(t.sources), t.long))

    def forms(self, reader: Reader, readable: Callable[[Reader], Iterable[int]]) -> Forms:
        """Return the acronyms that the search of a reader may use.

        Args:
            reader: Who searches.
            readable: Returns the contents that somebody may read; called once a reader.
        """
        forms = self._forms.get(reader)
        if forms is None:
            forms = Forms((term.short, term.long) for term in self.terms(readable(reader)))
            self._forms[reader] = forms
            while len(self._forms) > _KEPT:
                self._forms.popitem(last=False)
        return forms


def _first(text: str) -> list[Definition]:
    """Return the first definition of each acronym and long form in a text."""
    found: dict[tuple[str, str], Definition] = {}
    for definition in find(text):
        found.setdefault((definition.short, definition.long.casefold()), definition)
    return list(found.values())
