"""Judging the cells of a manifest: years, languages, access, lists."""

from __future__ import annotations

import difflib
import re

import pycountry

from ingest.language import LANGUAGES, UNDETERMINED
from ingest.manifest_rows import Row
from ingest.types import AccessLevel

Mistake = tuple[str, str]
"""Column and what is wrong there."""

EARLIEST, LATEST = 1900, 2100
_LISTS = ("countries", "publisher", "groups")


def check_row(row: Row) -> tuple[dict[str, object], list[Mistake]]:
    """Turn a row's cells into values.

    Returns:
        The values by field, only those that are said, and every mistake in the row.
    """
    values: dict[str, object] = {}
    mistakes: list[Mistake] = []
    for column in ("title", "source_url"):
        if cell := row.cells.get(column):
            values[column] = cell
    if cell := row.cells.get("kind"):
        values["kind"] = " ".join(cell.lower().split())
    for column in _LISTS:
        if items := _items(row.cells.get(column, "")):
            values[column] = items
    _check_year(row, values, mistakes)
    _check_languages(row, values, mistakes)
    _check_access(row, values, mistakes)
    return values, mistakes


def _items(cell: str) -> list[str]:
    return list(dict.fromkeys(item for part in re.split("[;|]", cell) if (item := part.strip())))


def _check_year(row: Row, values: dict[str, object], mistakes: list[Mistake]) -> None:
    cell = row.cells.get("year", "")
    if not cell:
        return
    # A spreadsheet may write 2017.0.
    match = re.fullmatch(r"([0-9]{4})(?:\.0+)?", cell)
    if match and EARLIEST <= int(match[1]) <= LATEST:
        values["year"] = int(match[1])
    else:
        mistakes.append(("year", f"{cell!r} is not a year between {EARLIEST} and {LATEST}"))


def _check_languages(row: Row, values: dict[str, object], mistakes: list[Mistake]) -> None:
    codes = [code for code in re.split(r"[;|,\s]+", row.cells.get("languages", "").lower()) if code]
    for code in codes:
        if not _is_language(code):
            mistakes.append(
                ("languages", f"{code!r} is not an ISO 639-1 code such as 'en', 'fr' or 'ar'")
            )
    if codes:
        values["languages"] = list(dict.fromkeys(codes))


def _is_language(code: str) -> bool:
    if code in LANGUAGES or code == UNDETERMINED:
        return True
    return len(code) == 2 and pycountry.languages.get(alpha_2=code) is not None


def _check_access(row: Row, values: dict[str, object], mistakes: list[Mistake]) -> None:
    cell = row.cells.get("access", "").lower()
    levels = [level.value for level in AccessLevel]
    if cell in levels:
        values["access"] = cell
    elif cell:
        near = difflib.get_close_matches(cell, levels, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        mistakes.append(("access", f"{cell!r} is none of {', '.join(levels)}{hint}"))
    if "groups" in values and cell != AccessLevel.RESTRICTED.value:
        mistakes.append(
            (
                "groups",
                f"groups are named, so column 'access' must say 'restricted'; it says {cell!r}",
            )
        )
