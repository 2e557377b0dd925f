"""Addresses of the page, for everybody who links to it: bots, exports, the page itself. Pure.

An address says what to show and never who may see it: whoever opens it sees what their own
rights allow. A question goes into the address only where it is given.
"""

from __future__ import annotations

from urllib.parse import urlencode


def document_link(
    doc_id: str,
    *,
    passage_id: str = "",
    span: tuple[int, int] | None = None,
    page: int | None = None,
    question: str = "",
    base: str = "",
) -> str:
    """Return the address that opens a document, at a marked passage where one is named.

    Args:
        doc_id: The document.
        passage_id: A passage to mark.
        span: First character to mark and one past the last, in the document's text; wins over
            the passage, and can be a single sentence of it.
        page: Page to open, from 1; without it the first page of what is marked.
        question: Shown with its answer beside the document.
        base: Where the service is reached, such as "https://hub.example.org"; "" gives an
            address within the service.
    """
    parts: dict[str, str | int] = {"q": question} if question else {}
    parts["doc"] = doc_id
    if span is not None:
        parts |= {"start": span[0], "end": span[1]}
    elif passage_id:
        parts["passage"] = passage_id
    if page is not None:
        parts["page"] = page
    return f"{base.rstrip('/')}/?{urlencode(parts)}"


def pack_link(pack_id: str, *, base: str = "") -> str:
    """Return the address of a collection of snippets."""
    return f"{base.rstrip('/')}/?{urlencode({'pack': pack_id})}"
