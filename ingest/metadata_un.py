"""The head of a United Nations document: its symbol, its masthead, its title.

The masthead gives the symbol, the organ, "Distr.: General", the date and the languages;
an agenda item follows, then the title, then "Note by the Secretary-General" or "Summary".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from ingest.metadata_found import Found
from ingest.metadata_front import Front, Line
from ingest.metadata_joining import is_open, join_lines

_SYMBOL = re.compile(
    r"\b(?:A|E|S|T|DP|JIU|UNW|TD|ST|CCPR|CEDAW|CRC|CMW|HSP|FCCC|UNEP|IDB|CAT|CERD)"
    r"(?:/(?:[A-Z]{1,8}(?:\.\d+)?|\d{1,4}|[A-Z][a-z]{2,4}\.\d+))+"
    r"(?: \(Part [IVX]+\))?(?![\w/])"
)
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_ORDINAL = r"(?:[A-Z][a-z]+[- ])?(?:[A-Za-z]+(?:st|nd|rd|th|ieth))"
_MASTHEAD = re.compile(
    "|".join(
        (
            r"united nations(?: [a-z]{1,2})?|nations(?: [a-z]{1,2})?|united",
            r"(?:united nations|nations unies) (?:economic|conseil econom).*",
            r"united nations [a-z]+/\S.*|nations unies|conseil|economique|et social|.?[bf]rench",
            r"(?:united nations )?(?:general assembly|security council)",
            r"(?:united nations )?economic and social council|commission (?:on|for|of) [a-z ]+",
            r"economic|and|social council|trade and development board|united nations conference",
            r"conference|on trade and|development",
            r"general|limited|restricted|unrestricted|.*\bdistr?\.?:?\s*(?:general|limited)?",
            r".*\boriginal ?[:?].*",
            r"for (?:decision|information|action|discussion)",
            r"[a-z.]*\d\d-\d{4,6}x?(?: \([a-z]\))?(?: ?\d{6})?|\*\d{7}\*",
            r"executive board(?: of the)?(?: united nations.*)?",
            r"united nations (?:children['’]s fund|development|population fund|entity.*)",
            r"programme, the united nations|population fund and the(?: united)?(?: nations.*)?",
            r"united nations office for(?: project)?|nations office for project services",
            r"project services|services|(?:united nations )?entity for gender equality and the",
            r"for gender equality and the|empowerment of women|united nations entity",
            r"(?:first |second |third |annual |special )*(?:regular )?session,?(?: of)?(?: \d{4})?",
            r"\d{4} session|official records.*|supplement no.*|high-level political forum on .*",
            r"convened under the auspices .*|[a-z]{1,2}|\(?[\d*&$]+\)?",
        )
    ),
    re.IGNORECASE,
)
_SESSION = re.compile(rf"{_ORDINAL} (?:special |regular )?sess ?ion", re.IGNORECASE)
_CITY = r"[A-Z][a-z]+(?: [A-Z][a-z]+)?"
_PART = rf"(?:\d{{1,4}}|to|and|{_MONTHS})"
#: "New York, 14–18 and 21–23 July 2025", "(7–11 April 2025)", "25 July 2024–30 July 2025".
_DATES = rf"\(?(?:{_CITY}, )?\d{{1,2}}(?:[ ,–-]{{1,2}}{_PART})+(?:, {_CITY})?\)?\*?"
_DATED = re.compile(_DATES)
_FULL_DATE = re.compile(rf"(?:{_MONTHS}) \d{{4}}")
_ITEM = re.compile(
    r"\b(?:agenda )?[if]tems? \d+(?: ?\([a-z]\))?(?:(?:,| and) \d+)*"
    r"(?: of the (?:provisional|preliminary) (?:agenda|list))?\*?",
    re.IGNORECASE,
)
#: Pieces of a masthead that a parser may run into one line with what follows.
_PIECE = re.compile(
    r"(?:(?i:united nations )(?=[A-Z]+/)"
    r"|(?:[A-Z][\w,’' -]{3,160} )?(?i:distr?\b\.?:?(?: (?:general|limited)\b)?)"
    r"|(?i:(?:un)?restricted|general(?! assembly)|original ?[:?] ?\w+\.?|\?\w?ench)"
    r"|[A-Z]{1,4}/[^ ]*\d[^ ]*(?: \(Part [IVX]+\)[^ ]*)?"
    r"|(?i:for (?:decision|information|action|discussion))"
    r"|(?:GE\.)?\d\d-\d{4,6}X?(?: \(E\))?(?: \d{6})?|\*\d{7}\*"
    r"|(?i:(?:(?:first|second|third) regular |annual |special )session,?(?: of)? \d{4})"
    r"|\d{4} session"
    rf"|{_ORDINAL} (?:special |regular )?(?i:sess ?ion)"
    rf"|\d{{1,2}} (?:{_MONTHS}) (?:\w{{4}}|\d\d ?\d\d))(?=\s|$)\s*"
)
_STOP = re.compile(
    r"summary|contents|elements of a.*|rapporteur:?.*|prepared by.*|the executive board|item page"
    r"|corrigendum|addendum|\*+ .*|i\. .*|1[.,] .*|l\. .*|geneva,? .*|article \d+|united nations"
    r"|\(.*\)\*?|economic and social council|general assembly|security council|\d",
    re.IGNORECASE,
)
_PROSE = re.compile(
    r"(?:the|in|i|pursuant|this|at|upon|by|on) .{55,}|(?:the|in|this) (?:secretar\w+|present"
    r"|accordance|report|document|president|economic).*",
    re.IGNORECASE,
)
_BYLINE = re.compile(
    r"(?:progress |interim )?(?:report|note|letter) (?:of|by) the (?:secretar|secre|executive dir"
    r"|ethics|joint inspection|administrator|special political|under-sec|high commissioner"
    r"|president|director).*",
    re.IGNORECASE,
)
_GENERIC = re.compile(
    r"(?:progress|annual|interim|final) report (?:of|by) the [\w\- ]{1,60}"
    r"|report o[nf] the [\w\-]+(?: regular| annual)?(?: session)?.{0,60}"
    r"|draft (?:decision|resolution).*",
    re.IGNORECASE,
)
_NO_SUCH = "does not exist in the Official Document System"


def symbol_of(front: Front, file: str) -> str:
    """Return the document's symbol, such as "DP/2025/14", or ""."""
    found = read_symbol(front, file)
    return found.value if found else ""


def read_symbol(front: Front, file: str) -> Found[str] | None:
    """Return the document's symbol, or None.

    A file name such as ``DP_2025_14.en.pdf`` comes first: a scan's masthead is often
    misread, and a document with two symbols is filed under one.
    """
    if named := _symbol_in_name(file):
        return Found(named, "file name", "the file is named by its symbol", file)
    for line in front.lines[:25]:
        if (found := _SYMBOL.search(line.text)) and len(line.text) < 70:
            return Found(found[0], line.place, "a symbol in the masthead", line.text)
    return None


def _symbol_in_name(file: str) -> str:
    stem = PurePosixPath(file).name
    stem = re.sub(r"(?:\.[a-z]{2})?\.[A-Za-z]{2,5}$", "", stem)
    match = _SYMBOL.fullmatch(stem.replace("_", "/"))
    return match[0] if match and re.search(r"\d", match[0]) else ""


def is_un_document(front: Front, file: str) -> bool:
    """Tell whether the head is a United Nations masthead."""
    head = front.text[:1_500].casefold()
    return "united" in head and "nations" in head and bool(symbol_of(front, file))


def is_missing_document(front: Front) -> bool:
    """Tell whether this is the page the UN document system gives for what it lacks."""
    return _NO_SUCH in front.text[:400]


def un_title(front: Front) -> str:
    """Return the title under a United Nations masthead, or "" where none can be told."""
    item, body = _below_item(front.lines)
    taken, stopped = _title_lines(body)
    titles = [title for title in join_lines(taken) if title]
    bylines = [title for title in titles if _BYLINE.fullmatch(title)]
    real = [title for title in titles if title not in bylines]
    if not real:
        return bylines[0] if bylines else ""
    title = _chosen(real, after_item=item)
    if bylines and bylines[0].lower().startswith("progress"):
        title = f"{title}: {bylines[0]}"
    return f"{title}: {stopped.title()}" if stopped in {"corrigendum", "addendum"} else title


def _below_item(lines: Sequence[Line]) -> tuple[bool, list[Line]]:
    """Return whether there is an agenda item, and the lines below it (or all)."""
    for position, line in enumerate(lines[:40]):
        match = _ITEM.search(line.text)
        if match and not _peel(line.text[: match.start()]):
            rest = line.text[match.end() :].strip()
            first = [replace(line, text=rest)] if rest else []
            return True, [*first, *lines[position + 1 :]]
    return False, list(lines)


def _peel(text: str) -> str:
    """Take the pieces of a masthead off the beginning of a line."""
    while match := _PIECE.match(text) or _dates(text):
        text = text[match.end() :].lstrip()
    return text.strip(" ,*")


def _dates(text: str) -> re.Match[str] | None:
    """Match the dates and the place of a session at the beginning of a line."""
    match = _DATED.match(text)
    return match if match and _FULL_DATE.search(match[0]) else None


def _title_lines(body: Sequence[Line]) -> tuple[list[Line], str]:
    """Return the lines that may be a title and the word that ended them, lower case."""
    taken: list[Line] = []
    for line in body[:40]:
        # A masthead set in columns may have been read as a row of a table.
        text = line.text.replace(" | ", " ").rstrip("*").strip()
        if not taken or not is_open(taken[-1].text):
            text = _peel(text)
        if not text:
            continue
        goes_on = bool(taken) and is_open(taken[-1].text)
        if _is_masthead(text) and not goes_on:
            continue
        if taken and not goes_on and (_STOP.fullmatch(text) or _PROSE.fullmatch(text)):
            return taken, text.casefold()
        if goes_on or not _STOP.fullmatch(text):
            taken.append(replace(line, text=text))
    return taken, ""


def _is_masthead(text: str) -> bool:
    if _MASTHEAD.fullmatch(text) or _SESSION.fullmatch(text) or _ITEM.fullmatch(text):
        return True
    if _DATED.fullmatch(text) and _FULL_DATE.search(text):
        return True
    return bool(_SYMBOL.match(text)) and len(text) < 70


def _chosen(titles: list[str], *, after_item: bool) -> str:
    """Pick among agenda title and document title; a general one is named with both."""
    if not after_item:
        titles = [title for title in titles if len(title.split()) > 2] or titles
        second = titles[1] if len(titles) > 1 and _GENERIC.fullmatch(titles[1]) else ""
        return f"{titles[0]}: {second}" if second else titles[0]
    draft = next((t for t in titles if t.casefold().startswith("draft ")), "")
    if draft and titles[-1] != draft:
        return f"{draft.split(' submitted')[0]}: {titles[-1]}"
    if len(titles) > 1 and _GENERIC.fullmatch(titles[-1]):
        return f"{titles[-2]}: {titles[-1]}"
    return titles[-1]
