"""What can be known about a document from the document itself.

A manifest wins over all of it (``ingest.manifest``); access is never read from a file.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

from ingest.language import LANGUAGES, languages_of
from ingest.metadata_countries import read_countries
from ingest.metadata_found import Found
from ingest.metadata_front import Front, open_front
from ingest.metadata_kinds import KINDS, read_kind
from ingest.metadata_publishers import read_publishers
from ingest.metadata_titles import read_title, readable_name
from ingest.metadata_un import is_missing_document, read_symbol
from ingest.metadata_years import read_year
from ingest.types import AccessLevel, Metadata, ParsedDocument, Why

__all__ = ["KINDS", "read_metadata"]

_log = logging.getLogger(__name__)

#: Languages are told from so many stretches of a text, spread evenly, of so many characters.
_STRETCHES = 16
_STRETCH = 500

T = TypeVar("T")


def read_metadata(parsed: ParsedDocument, file: str) -> Metadata:
    """Read title, symbol, year, kind, languages, countries and publisher from a document.

    Never raises: what cannot be read is left empty, and the title falls back to the
    file's name. Long documents are sampled.

    Args:
        parsed: The document as parsed.
        file: Its path relative to its root, with forward slashes.

    Returns:
        Metadata with public access, and where each field was read.
    """
    front = _try(lambda: open_front(parsed), Front((), ""))
    if _try(lambda: is_missing_document(front), False):
        return _missing(front, file)
    symbol = _try(lambda: read_symbol(front, file), None)
    title = _try(lambda: read_title(parsed, front, file), None) or _untitled(file)
    rest = _read_rest(parsed, file, front, symbol.value if symbol else "", title.value)
    found = {"title": title, "symbol": symbol, **rest}
    why = tuple(entry.why(name) for name, entry in found.items() if entry)
    values: dict[str, Any] = {name: entry.value for name, entry in found.items() if entry}
    return Metadata(access=AccessLevel.PUBLIC, why=why, **values)


def _read_rest(
    parsed: ParsedDocument, file: str, front: Front, symbol: str, title: str
) -> Mapping[str, Found[Any] | None]:
    """Read what depends on the symbol and the title, field by field."""
    properties, text = parsed.properties, parsed.text
    return {
        "year": _try(
            lambda: read_year(front, symbol=symbol, title=title, file=file, properties=properties),
            None,
        ),
        "kind": _try(lambda: read_kind(front, title=title, file=file), None),
        "languages": _try(lambda: _languages(parsed), None),
        "countries": _try(lambda: read_countries(title, file, text), None),
        "publisher": _try(
            lambda: read_publishers(
                front, symbol=symbol, title=title, properties=properties, text=text
            ),
            None,
        ),
    }


def _missing(front: Front, file: str) -> Metadata:
    """Describe the page that stands for a document which its system does not have."""
    title = _try(lambda: readable_name(file), file)
    symbol = _try(lambda: read_symbol(Front((), ""), file), None)
    rule = "the page says that the document does not exist"
    return Metadata(
        title=title,
        languages=("en",),
        symbol=symbol.value if symbol else "",
        why=(Why("title", "file name", rule, front.text[:160]),),
    )


def _untitled(file: str) -> Found[str]:
    return Found(file or "Untitled", "file name", "nothing in the file is a title", file)


def _try(read: Callable[[], T], otherwise: T) -> T:
    """Return what is read, or a substitute: odd metadata must never cost a document."""
    try:
        return read()
    except Exception:  # noqa: BLE001  # whatever it is, the document itself was parsed well
        _log.warning("A document's metadata could not be read in part", exc_info=True)
        return otherwise


def _languages(parsed: ParsedDocument) -> Found[tuple[str, ...]] | None:
    found = languages_of(_stretches(parsed.text))
    if found:
        return Found(found, "text", "letters and small words", " ".join(found))
    stated = parsed.properties.get("language", "")
    said = re.match(r"[a-z]{2}\b", stated.lower())
    if said and said[0] in LANGUAGES:
        return Found((said[0],), "property 'language'", "as the file says", stated)
    return None


def _stretches(text: str) -> Iterator[str]:
    """Give stretches of a text, spread evenly; all of it when it is short."""
    step = max(_STRETCH, len(text) // _STRETCHES)
    for start in range(0, len(text), step):
        yield text[start : start + _STRETCH]
