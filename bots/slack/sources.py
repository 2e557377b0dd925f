"""How a source looks: its number, title, year, kind and page, and a few of its words. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bots.slack.elements import Block, cut, flowing, line, link, quote, words
from bots.slack.links import Links
from index.types import Filters, Hit, StoredDocument
from ingest.types import Locator
from mmsearch.phrases.catalogue import place, recognised
from mmsearch.types import Citation

LONGEST_TITLE = 140
LONGEST_SNIPPET = 220
DOT = " · "
_BREAKS = re.compile(r"\s*\n\s*")


def cited(citations: Iterable[Citation], links: Links, language: str) -> list[Block]:
    """Return the lines of numbered sources; what one document says stands together."""
    by_document: dict[str, list[Citation]] = {}
    for one in citations:
        by_document.setdefault(one.document.doc_id, []).append(one)
    return [_together(group, links, language) for group in by_document.values()]


def _together(group: list[Citation], links: Links, language: str) -> Block:
    """Return a document with the places that are cited, each a link of its own."""
    first, *others = group
    url = _opens(first, links)
    if not others:
        return _source(f"[{first.n}] ", first.document, first.locator, url, language, first.ocr)
    runs = [link(title(first.document), url, bold=True)]
    runs.append(words("\n" + about(first.document, None, language) + DOT))
    for number, one in enumerate(group):
        where = f"[{one.n}] {place(one.locator, language)}"
        sure = recognised(one.ocr, language)
        runs += [words(DOT if number else ""), link(where, _opens(one, links))]
        runs += [words(f" ({sure})")] if sure else []
    return line(*runs)


def _opens(one: Citation, links: Links) -> str:
    return links.passage(one.passage_id, one.document, one.locator, (one.start, one.end))


def hit(found: Hit, number: int, links: Links, language: str) -> tuple[Block, Block]:
    """Return the line of a passage that was found, and its first words."""
    url = links.passage(found.passage.passage_id, found.document, found.passage.locator)
    passage = found.passage
    head = _source(f"[{number}] ", found.document, passage.locator, url, language, passage.ocr)
    return head, quote(words(snippet(found.passage.text)))


def snippet(text: str, most: int = LONGEST_SNIPPET) -> str:
    """Return the first words of a passage on one line."""
    return cut(_BREAKS.sub(" — ", flowing(text)), most)


def about(
    document: StoredDocument, locator: Locator | None, language: str, ocr: float | None = None
) -> str:
    """Return what stands behind a title: "2023 · evaluation report · p. 4"."""
    metadata = document.metadata
    where = place(locator, language) if locator else ""
    parts = [str(metadata.year or ""), metadata.kind, where, recognised(ocr, language)]
    return DOT.join(part for part in parts if part)


def title(document: StoredDocument) -> str:
    """Return a document's title on one line, or its file's name where it has none."""
    return cut(flowing(document.metadata.title or document.file), LONGEST_TITLE)


def filters_in_words(filters: Filters) -> str:
    """Return what a search was limited to: "Haiti, evaluation, 2019–2023"."""
    values = [*filters.countries, *filters.kinds, *filters.languages, *filters.publishers]
    values += map(str, sorted(filters.years))
    if filters.year_from or filters.year_to:
        values.append(f"{filters.year_from or ''}–{filters.year_to or ''}")
    return ", ".join(values)


def _source(
    number: str,
    document: StoredDocument,
    locator: Locator,
    url: str,
    language: str,
    ocr: float | None,
) -> Block:
    return line(
        words(number),
        link(title(document), url, bold=True),
        words(f"\n{about(document, locator, language, ocr)}"),
    )
