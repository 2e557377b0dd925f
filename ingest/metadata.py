"""What can be known about a document from the document itself.

A manifest wins over all of it (``ingest.manifest``); access is never read from a file.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from typing import TypeVar

from ingest.language import LANGUAGES, languages_of
from ingest.metadata_countries import read_countries
from ingest.metadata_front import Front, open_front
from ingest.metadata_kinds import KINDS, read_kind
from ingest.metadata_publishers import read_publishers
from ingest.metadata_titles import read_title, readable_name
from ingest.metadata_un import is_missing_document, symbol_of
from ingest.metadata_years import read_year
from ingest.types import AccessLevel, Metadata, ParsedDocument

__all__ = ["KINDS", "read_metadata"]

_log = logging.getLogger(__name__)

#: Languages are told from so many stretches of a text, spread evenly, of so many characters.
_STRETCHES = 16
_STRETCH = 500

T = TypeVar("T")


def read_metadata(parsed: ParsedDocument, file: str) -> Metadata:
    """Read title, year, kind, languages, countries and publisher from a document.

    Never raises: what cannot be read is left empty, and the title falls back to the
    file's name. Long documents are sampled.

    Args:
        parsed: The document as parsed.
        file: Its path relative to its root, with forward slashes.

    Returns:
        Metadata with public access.
    """
    front = _try(lambda: open_front(parsed), Front((), ""))
    if _try(lambda: is_missing_document(front), False):
        return Metadata(title=_try(lambda: readable_name(file), file), languages=("en",))
    symbol = _try(lambda: symbol_of(front, file), "")
    title = _try(lambda: read_title(parsed, front, file), file or "Untitled")
    properties = parsed.properties
    return Metadata(
        title=title,
        year=_try(
            lambda: read_year(front, symbol=symbol, title=title, file=file, properties=properties),
            None,
        ),
        kind=_try(lambda: read_kind(front, title=title, file=file), "document"),
        languages=_try(lambda: _languages(parsed), ()),
        countries=_try(lambda: read_countries(title, file, parsed.text), ()),
        publisher=_try(
            lambda: read_publishers(
                front, symbol=symbol, title=title, properties=properties, text=parsed.text
            ),
            (),
        ),
        access=AccessLevel.PUBLIC,
    )


def _try(read: Callable[[], T], otherwise: T) -> T:
    """Return what is read, or a substitute: odd metadata must never cost a document."""
    try:
        return read()
    except Exception:  # noqa: BLE001  # whatever it is, the document itself was parsed well
        _log.warning("A document's metadata could not be read in part", exc_info=True)
        return otherwise


def _languages(parsed: ParsedDocument) -> tuple[str, ...]:
    found = languages_of(_stretches(parsed.text))
    if found:
        return found
    said = re.match(r"[a-z]{2}\b", parsed.properties.get("language", "").lower())
    return (said[0],) if said and said[0] in LANGUAGES else ()


def _stretches(text: str) -> Iterator[str]:
    """Give stretches of a text, spread evenly; all of it when it is short."""
    step = max(_STRETCH, len(text) // _STRETCHES)
    for start in range(0, len(text), step):
        yield text[start : start + _STRETCH]
