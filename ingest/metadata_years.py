"""The year of a document: symbol, date lines, title, file name, file properties."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import PurePosixPath

from ingest.metadata_front import Front, Line

EARLIEST = 1945

#: Names of months in English, French, Spanish, Romanian, Serbian and Russian.
MONTHS = (
    # en, fr, es, ro, sr, ru (nominative and genitive)
    "january|february|march|april|may|june|july|august|september|october|november|december"
    "|janvier|février|fevrier|mars|avril|mai|juin|juillet|août|aout|septembre|octobre|novembre"
    "|décembre|decembre|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre"
    "|noviembre|diciembre|ianuarie|februarie|martie|aprilie|iunie|iulie|septembrie|octombrie"
    "|noiembrie|decembrie|januar|februar|mart|maj|jun|jul|avgust|septembar|oktobar|novembar"
    "|decembar|январ[ья]|феврал[ья]|марта?|апрел[ья]|ма[йя]|июн[ья]|июл[ья]|августа?|сентябр[ья]"
    "|октябр[ья]|ноябр[ья]|декабр[ья]"
)
_YEAR = r"(19[4-9]\d|20\d\d)"
_DATE = re.compile(rf"\b(?:{MONTHS})\.?,?(?: \d{{1,2}},)?(?: de| del)? {_YEAR}\b", re.IGNORECASE)
_NUMERIC = re.compile(rf"\b\d{{1,2}}[./]\d{{1,2}}[./]{_YEAR}\b|\b{_YEAR}-\d\d-\d\d\b")
_PLAIN = re.compile(rf"(?<![\d/.,-]){_YEAR}(?![\d%])(?!-\d{{2}})")
_SPAN = re.compile(r"\b(?:19|20)\d\d\s*[-–—/]\s*(?:19|20)?\d\d\b")
_IN_SYMBOL = re.compile(rf"/{_YEAR}(?:/|$| )")
#: Dates of meetings, visits and earlier versions stand on covers too.
_ELSEWHERE = re.compile(
    r"session|visit|terrain|template|version|meeting|reunión|réunion|held|du \d.* au \d"
    r"|from \d.* to \d|^\W*\(",
    re.IGNORECASE,
)


def read_year(
    front: Front, *, symbol: str, title: str, file: str, properties: Mapping[str, str]
) -> int | None:
    """Return a document's year, 1945 to next year, or None.

    The first that says one: the symbol, a date line of the cover, a year in the title, one
    in the file's name, a date further down the first page, the latest meeting or visit on
    the cover, the year the file was created (not under a masthead: the file
    of an old document is a later scan).
    """
    if match := _IN_SYMBOL.search(symbol):
        return _plausible(match[1])
    found = (
        _dated_line(front.cover, _ELSEWHERE)
        or _in_words(title)
        or _in_words(PurePosixPath(file).stem)
        or _dated_line(front.lines, _ELSEWHERE)
        or _dated_line(front.cover, None)
    )
    if found or symbol:
        return found
    created = re.search(rf"(?:^|\D){_YEAR}", properties.get("created", ""))
    return _plausible(created[1]) if created else None


def _dated_line(lines: Sequence[Line], unlike: re.Pattern[str] | None) -> int | None:
    """Return the year of the first short line that gives a date, its last one.

    Lines that fit ``unlike`` do not count; without it, the latest date of all is taken.
    """
    years: list[int] = []
    for line in lines[:40]:
        if len(line.text) > 80 or (unlike and unlike.search(line.text)):
            continue
        matches = (*_DATE.finditer(line.text), *_NUMERIC.finditer(line.text))
        found = [_plausible(next(filter(None, match.groups()))) for match in matches]
        years += [year for year in found if year]
        if years and unlike:
            return years[-1]
    return max(years, default=None)


def _in_words(text: str) -> int | None:
    """Return the last year a title or name gives; a span such as 2022–2025 says nothing."""
    plain = _SPAN.sub(" ", text.replace("_", " "))
    years = [year for match in _PLAIN.finditer(plain) if (year := _plausible(match[1]))]
    years += [y for m in re.finditer(rf"-{_YEAR}$", plain) if (y := _plausible(m[1]))]
    return years[-1] if years else None


def _plausible(text: str) -> int | None:
    year = int(text)
    return year if EARLIEST <= year <= datetime.now(UTC).year + 1 else None
