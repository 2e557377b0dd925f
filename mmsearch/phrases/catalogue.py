"""What the product itself says to people, in their language. Pure.

Every front end takes its sentences from here: ``say("not_found", "fr")``. The question's
language decides; one without a catalogue gets English. Counts stand behind a colon
("Documents searched: 12"), so that no language needs plural forms. Values go in as they are:
a front end makes document text harmless for its own screen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from string import Formatter

from ingest.types import Locator, Unit
from mmsearch.conversation.content import looked_for
from mmsearch.phrases import ar, en, es, fr, ru
from mmsearch.phrases.searched import also_searched
from mmsearch.types import Answer

CATALOGUES: Mapping[str, Mapping[str, str]] = {
    "en": en.PHRASES,
    "fr": fr.PHRASES,
    "es": es.PHRASES,
    "ar": ar.PHRASES,
    "ru": ru.PHRASES,
}
"""Phrases by language (ISO 639-1) and name."""
FALLBACK = "en"
RIGHT_TO_LEFT = frozenset({"ar"})
MOST_WORDS = 12
"""How many words of what was looked for are named."""


def say(name: str, language: str = FALLBACK, **values: object) -> str:
    """Return one of our own sentences.

    Args:
        name: Name of the phrase, such as "not_found".
        language: ISO 639-1 code; one without a catalogue, or "und", gives English.
        values: What its placeholders stand for.

    Raises:
        KeyError: There is no such phrase, or a placeholder has no value.
    """
    return CATALOGUES[spoken(language)][name].format_map(values)


def spoken(language: str) -> str:
    """Return the language that is used for a question in ``language``."""
    return language if language in CATALOGUES else FALLBACK


def direction(language: str) -> str:
    """Return "rtl" or "ltr" for our sentences to somebody who asks in ``language``."""
    return "rtl" if spoken(language) in RIGHT_TO_LEFT else "ltr"


def preferred(accepted: str) -> str:
    """Choose a language from an Accept-Language header (RFC 9110, section 12.5.4)."""
    ranked = []
    for at, part in enumerate(accepted.split(",")[:20]):
        tag, _, weight = part.strip().partition(";")
        code = tag.strip().lower().partition("-")[0]
        try:
            quality = float(weight.strip().removeprefix("q=")) if weight.strip() else 1.0
        except ValueError:
            quality = 0.0
        if code in CATALOGUES and quality > 0:
            ranked.append((-quality, at, code))
    return min(ranked)[2] if ranked else FALLBACK


def placeholders(phrase: str) -> frozenset[str]:
    """Return the names of the values that a phrase needs."""
    return frozenset(name for _, name, _, _ in Formatter().parse(phrase) if name)


def not_found(answer: Answer) -> str:
    """Say that the library does not answer, what was looked for, and in how many documents."""
    language = answer.language
    parts = [nothing_found(answer, language)]
    wanted = looked_for(answer.query or answer.question, language)[:MOST_WORDS]
    if wanted and answer.n_documents:
        joined = say("list_comma", language).join(wanted)
        parts.append(say("looked_for", language, words=joined))
    if answer.n_documents:
        parts.append(say("documents_searched", language, count=answer.n_documents))
    return " ".join(parts)


def nothing_found(answer: Answer, language: str) -> str:
    """Say that nothing was found, or that there is nothing to find it in."""
    if not answer.generation:
        return say("empty_library", language)
    return say("not_found" if answer.n_documents else "no_documents", language)


def remarks(answer: Answer) -> list[str]:
    """Return what stands around an answer: how it was understood, who worded it, what is newer."""
    language = answer.language
    found = []
    if answer.query and answer.query != answer.question:
        found.append(say("understood_as", language, query=answer.query))
    if also := also_searched(answer):
        joined = say("list_comma", language).join(also)
        found.append(say("also_searched", language, words=joined))
    state, model = answer.wording.get("state"), answer.wording.get("model", "")
    reason = answer.wording.get("reason", "")
    if state == "worded":
        found.append(say("worded_by_model", language, model=model))
        if reason:
            found.append(say("rest_quoted", language, reason=say(f"model_{reason}", language)))
    elif state == "quoted":
        told = say(f"model_{reason or 'failed'}", language)
        found.append(say("quoted_instead", language, reason=told))
    return found + _newer(answer)


def _newer(answer: Answer) -> list[str]:
    """Say which sources have a newer version in the library."""
    numbers: dict[str, list[int]] = {}
    titles: dict[str, str] = {}
    for citation in answer.citations:
        newer = citation.document.superseded_by
        if newer is not None:
            numbers.setdefault(newer.doc_id, []).append(citation.n)
            titles[newer.doc_id] = newer.title
    joined = {doc_id: ", ".join(map(str, some)) for doc_id, some in numbers.items()}
    return [
        say("superseded_by", answer.language, numbers=joined[doc_id], title=title)
        for doc_id, title in titles.items()
    ]


def place(locator: Locator, language: str = FALLBACK) -> str:
    """Say where a span stands: "p. 4 (printed iv)", "p. 3, paragraph 12", "sheet Costs, row 7"."""
    parts = []
    if locator.pages:
        parts.append(_pages(locator, language))
    sheet = sheet_of(locator)
    if sheet:
        parts.append(say("sheet", language, sheet=sheet))
    if locator.unit is not Unit.PAGE:
        parts.append(_unit(locator, language))
    elif not locator.pages:
        parts.append(say("page", language, number=_span(locator.first, locator.last)))
    return ", ".join(parts)


def recognised(ocr: float | None, language: str = FALLBACK) -> str:
    """Say that a text was recognised in a picture, and how surely; "" where it was not."""
    if ocr is None:
        return ""
    return say("recognised", language, sure=round(100 * ocr))


def sheet_of(locator: Locator) -> str:
    """Return the name of the sheet that rows stand in, or "" where there are no sheets."""
    rows = locator.unit is Unit.ROW and locator.heading_path
    return locator.heading_path[0] if rows else ""


def _pages(locator: Locator, language: str) -> str:
    first, last = locator.pages[0], locator.pages[-1]
    where = say("page", language, number=_span(first.index + 1, last.index + 1))
    if first.label and first.label != str(first.index + 1):
        where += " " + say("printed_page", language, label=first.label)
    return where


def _unit(locator: Locator, language: str) -> str:
    number = _span(locator.first, locator.last)
    many = "s" if locator.last > locator.first else ""
    name = f"{locator.unit.value}{many}".replace(" ", "_")
    if name not in CATALOGUES[FALLBACK]:
        return f"{locator.unit.value} {number}"
    return say(name, language, number=number)


def source(title: str, year: int | None, language: str = FALLBACK) -> str:
    """Name a source in a sentence: "according to Handover guide (2023)"."""
    if year is None:
        return say("according_to", language, title=title)
    return say("according_to_year", language, title=title, year=year)


def _span(first: int, last: int) -> str:
    return f"{first}–{last}" if last > first else str(first)


def every_phrase() -> Sequence[str]:
    """Return the names of all phrases, sorted."""
    return sorted(CATALOGUES[FALLBACK])
