"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from index.types import Filters
from ingest.types import AccessLevel
from ingest.types import Evidence as EvidenceKind

Library = Annotated[
    Path | None,
    typer.Option("--library", "-l", help="The library's folder [MMSEARCH_LIBRARY, or 'library']."),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, one object a line.")]
Kind = Annotated[
    list[str] | None, typer.Option("--kind", help="Only documents of this kind; repeatable.")
]
Country = Annotated[
    list[str] | None, typer.Option("--country", help="Only on this country; repeatable.")
]
Language = Annotated[
    list[str] | None, typer.Option("--language", help="Only in this language (en, fr …).")
]
Publisher = Annotated[list[str] | None, typer.Option("--publisher", help="Only by this publisher.")]
Access = Annotated[
    list[AccessLevel] | None, typer.Option("--access", help="Only with this access.")
]
Evidence = Annotated[
    list[EvidenceKind] | None,
    typer.Option("--evidence", help="Only passages that are this kind of evidence; repeatable."),
]
Year = Annotated[list[int] | None, typer.Option("--year", help="Only of this year; repeatable.")]
YearFrom = Annotated[int | None, typer.Option("--year-from", help="Only from this year on.")]
YearTo = Annotated[int | None, typer.Option("--year-to", help="Only up to this year.")]


def filters_of(
    kind: list[str] | None,
    country: list[str] | None,
    language: list[str] | None,
    publisher: list[str] | None,
    access: list[AccessLevel] | None,
    evidence: list[EvidenceKind] | None,
    year: list[int] | None,
    year_from: int | None,
    year_to: int | None,
) -> Filters:
    """Return what the filter options of a command say together."""
    return Filters(
        kinds=tuple(kind or ()),
        countries=tuple(country or ()),
        languages=tuple(language or ()),
        publishers=tuple(publisher or ()),
        access=tuple(access or ()),
        evidence=tuple(evidence or ()),
        year_from=year_from,
        year_to=year_to,
        years=tuple(year or ()),
    )
