"""A pack made ready to be written in any format: entries, references, sources. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from index.types import StoredDocument
from mmsearch.links import document_link, pack_link
from mmsearch.packs.types import ReadPack, ReadSnippet, SourceState
from mmsearch.phrases.catalogue import direction, place, spoken

LONGEST_LABEL = 90
"""Characters of an entry's line in the table of contents."""

WORDS: Mapping[str, Mapping[str, str]] = {
    "contents": {
        "en": "Contents",
        "fr": "Table des matières",
        "es": "Índice",
        "ar": "المحتويات",
        "ru": "Содержание",
    },
    "sources": {
        "en": "Sources",
        "fr": "Sources",
        "es": "Fuentes",
        "ar": "المصادر",
        "ru": "Источники",
    },
    "note": {"en": "Note", "fr": "Note", "es": "Nota", "ar": "ملاحظة", "ru": "Примечание"},
    "untitled": {
        "en": "Pack",
        "fr": "Dossier",
        "es": "Dosier",
        "ar": "ملف",
        "ru": "Подборка",
    },
    "changed": {
        "en": "The source has changed since this was collected; it no longer has these words.",
        "fr": "La source a changé depuis ; elle ne contient plus ces mots.",
        "es": "La fuente ha cambiado desde entonces; ya no contiene estas palabras.",
        "ar": "تغيّر المصدر منذ جمع هذا المقطع ولم تعد فيه هذه الكلمات.",
        "ru": "Источник с тех пор изменился; этих слов в нём больше нет.",
    },
    "unavailable": {
        "en": "This source is not in the library, or not for you to read.",
        "fr": "Cette source n’est pas dans la bibliothèque, ou vous ne pouvez pas la lire.",
        "es": "Esta fuente no está en la biblioteca, o usted no puede leerla.",
        "ar": "هذا المصدر ليس في المكتبة أو ليس متاحاً لك.",
        "ru": "Этого источника нет в библиотеке, или вам нельзя его читать.",
    },
}
# What XML cannot hold (XML 1.0, section 2.2), and what turns the direction of text around it.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f]")


@dataclass(frozen=True, slots=True)
class Entry:
    """One snippet.

    Attributes:
        number: From 1, in the pack's order.
        heading: The question it answers, else its document's title.
        quote: The snippet, verbatim; "" where it may not be shown.
        reference: Its full reference on one line.
        link: Opens it in the page, or "".
        note: The collector's note.
        remark: What became of its source, or "".
        source: Number of its document in the list of sources, from 1; 0 where there is none.
    """

    number: int
    heading: str
    quote: str
    reference: str
    link: str
    note: str
    remark: str
    source: int

    @property
    def label(self) -> str:
        """Its line in the table of contents."""
        cut = self.heading if len(self.heading) <= LONGEST_LABEL else self.heading[:87] + "…"
        return f"{self.number}. {cut}"


@dataclass(frozen=True, slots=True)
class Source:
    """A document that snippets are from."""

    number: int
    reference: str
    link: str


@dataclass(frozen=True, slots=True)
class Outline:
    """A pack in order, in one language.

    Attributes:
        name: Its name.
        note: What it is for.
        link: Opens the pack.
        date: Day of its last change, ISO 8601.
        entries: Snippets in order.
        sources: Documents in the order of their first snippet.
        language: Language of our own words.
        rtl: Whether that language runs from right to left.
    """

    name: str
    note: str
    link: str
    date: str
    entries: tuple[Entry, ...]
    sources: tuple[Source, ...]
    language: str
    rtl: bool
    words: Mapping[str, str] = field(default_factory=dict)


def outline(read: ReadPack, *, language: str = "en", base: str = "") -> Outline:
    """Make a pack ready for writing.

    Args:
        read: The pack as its reader sees it; what that reader may not see is not in the result.
        language: Language of our own words.
        base: Where the service is reached, for links.
    """
    spoken_in = spoken(language)
    words = {name: by_language[spoken_in] for name, by_language in WORDS.items()}
    numbers: dict[str, Source] = {}
    entries = []
    for number, one in enumerate(read.snippets, start=1):
        if one.document is not None and one.document.doc_id not in numbers:
            source = Source(
                len(numbers) + 1,
                _reference(one.document),
                document_link(one.document.doc_id, base=base),
            )
            numbers[one.document.doc_id] = source
        entries.append(_entry(number, one, words, numbers, spoken_in, base))
    pack = read.pack
    return Outline(
        name=clean(pack.name) or words["untitled"],
        note=writable(pack.note),
        link=pack_link(pack.pack_id, base=base),
        date=pack.changed.date().isoformat(),
        entries=tuple(entries),
        sources=tuple(numbers.values()),
        language=spoken_in,
        rtl=direction(spoken_in) == "rtl",
        words=words,
    )


def _entry(
    number: int,
    one: ReadSnippet,
    words: Mapping[str, str],
    sources: Mapping[str, Source],
    language: str,
    base: str,
) -> Entry:
    document, snippet = one.document, one.snippet
    if document is None:
        heading, remark = words["unavailable"], words["unavailable"]
        return Entry(number, heading, "", "", "", writable(snippet.note), remark, 0)
    where = place(one.locator, language) if one.locator is not None else ""
    span = (one.start, one.end) if one.locator is not None else None
    return Entry(
        number=number,
        heading=clean(snippet.question) or clean(document.metadata.title),
        quote=writable(snippet.quote),
        reference=_reference(document, where),
        link=document_link(document.doc_id, span=span, base=base),
        note=writable(snippet.note),
        remark=words["changed"] if one.state is SourceState.CHANGED else "",
        source=sources[document.doc_id].number,
    )


def _reference(document: StoredDocument, where: str = "") -> str:
    """Write a reference: publisher, year, title, kind, place, file."""
    metadata = document.metadata
    author = ", ".join(metadata.publisher)
    year = f"({metadata.year})" if metadata.year is not None else ""
    opening = " ".join(part for part in (author, year) if part)
    parts = [opening, clean(metadata.title), where, document.file]
    return ". ".join(clean(part).rstrip(".") for part in parts if part) + "."


def writable(text: str) -> str:
    """Return a text without the few characters that no document format can hold."""
    return _UNWRITABLE.sub("", text)


def clean(text: str) -> str:
    """Return a text on one line, without what would turn the direction of what follows it."""
    return " ".join(_TURNING.sub("", writable(text)).split())
