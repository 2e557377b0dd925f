"""The year of a document: symbol, date lines, title, file name, file properties."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import PurePosixPath

from ingest.metadata_found import Found
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
#: Recognised text may part a year in two: "July 19 84".
_PARTED = r"(19 ?[4-9]\d|20 ?\d\d)"
_DATE = re.compile(rf"\b(?:{MONTHS})\.?,?(?: \d{{1,2}},)?(?: de| del)? {_PARTED}\b", re.IGNORECASE)
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
) -> Found[int] | None:
    """Return a document's year, 1945 to next year, or None.

    The first that says one: the symbol, a date line of the cover, a year in the title, one
    in the file's name, a date further down the first page, the latest meeting or visit on
    the cover, the year the file was created (not under a masthead: the file
    of an old document is a later scan).
    """
    if match := _IN_SYMBOL.search(symbol):
        year = _plausible(match[1])
        return Found(year, "symbol", "the year of the symbol", symbol) if year else None
    created = _created(properties.get("created", ""))
    found = (
        _published(front, file, created)
        or _dated_line(front.cover, _ELSEWHERE, "a date on the cover")
        or _in_words(title, "title", "a year in the title")
        or _in_words(PurePosixPath(file).stem, "file name", "a year in the file's name")
        or _dated_line(front.lines, _ELSEWHERE, "a date on the first page")
        or _dated_line(front.cover, None, "the latest meeting or visit on the cover")
    )
    return found if found or symbol else created


def _published(front: Front, file: str, created: Found[int] | None) -> Found[int] | None:
    """Return the year after a cover's date, if the file's name and its making both say that one.

    What is finished in December is published in the new year.
    """
    named = _in_words(PurePosixPath(file).stem, "file name", "")
    dated = _dated_line(front.cover, _ELSEWHERE, "")
    if named and created and dated and named.value == created.value == dated.value + 1:
        rule = f"the file's name and its making say {named.value}, the cover the year before"
        return Found(named.value, "file name", rule, f"{file} | {dated.words}")
    return None


def _created(said: str) -> Found[int] | None:
    match = re.search(rf"(?:^|\D){_YEAR}", said)
    year = _plausible(match[1]) if match else None
    return Found(year, "property 'created'", "when the file was made", said) if year else None


def _dated_line(
    lines: Sequence[Line], unlike: re.Pattern[str] | None, rule: str
) -> Found[int] | None:
    """Return the year of the first short line that gives a date, its last one.

    Lines that fit ``unlike`` do not count; without it, the latest date of all is taken.
    """
    dated: list[Found[int]] = []
    for line in lines[:40]:
        if len(line.text) > 80 or (unlike and unlike.search(line.text)):
            continue
        matches = (*_DATE.finditer(line.text), *_NUMERIC.finditer(line.text))
        found = [_plausible(next(filter(None, match.groups()))) for match in matches]
        dated += [Found(year, line.place, rule, line.text) for year in found if year]
        if dated and unlike:
            return dated[-1]
    return max(dated, key=lambda entry: entry.value, default=None)


def _in_words(text: str, place: str, rule: str) -> Found[int] | None:
    """Return the last year a title or name gives; a span such as 2022–2025 says nothing."""
    plain = _SPAN.sub(" ", text.replace("_", " "))
    years = [year for match in _PLAIN.finditer(plain) if (year := _plausible(match[1]))]
    years += [y for m in re.finditer(rf"-{_YEAR}$", plain) if (y := _plausible(m[1]))]
    return Found(years[-1], place, rule, text) if years else None


def _plausible(text: str) -> int | None:
    year = int(text.replace(" ", ""))
    return year if EARLIEST <= year <= datetime.now(UTC).year + 1 else None
