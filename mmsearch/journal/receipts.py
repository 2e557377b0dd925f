"""From an answer to what is kept of it, and back to a receipt that knows what has changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol

from index.errors import NotFound
from index.types import KEEPER, DocumentText, Hit, Reader, StoredDocument
from ingest.types import AccessLevel, Locator
from mmsearch.journal.types import PassageState, ReceiptPassage
from mmsearch.types import Answer, Citation, Sentence


class Shelf(Protocol):
    """What a receipt is compared with; ``mmsearch.knowledge.KnowledgeBase`` is one."""

    def document(self, doc_id: str, *, reader: Reader) -> StoredDocument:
        """Return one document; raises ``NotFound`` when this reader may not see it."""
        ...

    def text(self, doc_id: str, *, reader: Reader) -> DocumentText:
        """Return its text."""
        ...


def pack(answer: Answer, rights: str = "") -> str:
    """Write what is kept of an answer besides its question, as JSON.

    Args:
        answer: The answer.
        rights: With which rights it was asked for; "" where nobody else shall be told of it.
    """
    cited = [_of_citation(citation, answer.nearest) for citation in answer.citations]
    near = [_of_hit(hit) for hit in answer.nearest]
    body = {
        "sentences": [[s.text, list(s.citations)] for s in answer.sentences],
        "passages": cited + near,
        "checks": dict(answer.checks),
        "wording": dict(answer.wording),
        "rights": rights,
    }
    return json.dumps(body, ensure_ascii=False)


def sentences(body: Mapping[str, Any]) -> tuple[Sentence, ...]:
    """Return the sentences of a packed answer."""
    return tuple(Sentence(text, tuple(numbers)) for text, numbers in body["sentences"])


def passages(
    body: Mapping[str, Any], shelf: Shelf, reader: Reader
) -> tuple[ReceiptPassage, ...] | None:
    """Compare the passages of a packed answer with the library.

    Somebody sees a passage who might have read it then and may read it now. One that was
    cited and may not be seen hides the whole receipt; one that was only near is left out.

    Returns:
        Cited passages by number, then those that were near; None when one that was cited
        may not be seen.
    """
    found = []
    for kept in body["passages"]:
        if _may_see(kept, shelf, reader):
            found.append(_compared(_passage(kept), shelf))
        elif kept["n"]:
            return None
    return tuple(found)


def digest(text: str) -> str:
    """Return the SHA-256 of a text as UTF-8, hexadecimal."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _of_citation(citation: Citation, hits: Sequence[Hit]) -> dict[str, Any]:
    hit = next((h for h in hits if h.passage.passage_id == citation.passage_id), None)
    return {
        "n": citation.n,
        "passage_id": citation.passage_id,
        **_source(citation.document, citation.locator),
        "start": citation.start,
        "end": citation.end,
        "quote": citation.quote,
        "digest": digest(citation.quote),
        **_scores(hit),
    }


def _of_hit(hit: Hit) -> dict[str, Any]:
    return {
        "n": 0,
        "passage_id": hit.passage.passage_id,
        **_source(hit.document, hit.passage.locator),
        "start": hit.passage.start,
        "end": hit.passage.end,
        "quote": "",
        "digest": digest(hit.passage.text),
        **_scores(hit),
    }


def _scores(hit: Hit | None) -> dict[str, Any]:
    if hit is None:
        return {"rank": None, "score": None}
    return {
        "rank": hit.rank,
        "score": float(hit.score),
        "keyword": float(hit.keyword) if hit.keyword is not None else None,
        "cosine": float(hit.cosine) if hit.cosine is not None else None,
    }


def _source(document: StoredDocument, locator: Locator) -> dict[str, Any]:
    metadata = document.metadata
    return {
        "doc_id": document.doc_id,
        "file": document.file,
        "title": metadata.title,
        "year": metadata.year,
        "page": locator.pages[0].index + 1 if locator.pages else None,
        "access": metadata.access.value,
        "groups": list(metadata.groups),
    }


def _passage(kept: Mapping[str, Any]) -> ReceiptPassage:
    hidden = ("access", "groups")
    return ReceiptPassage(**{name: v for name, v in kept.items() if name not in hidden})


def _may_see(kept: Mapping[str, Any], shelf: Shelf, reader: Reader) -> bool:
    if not reader.may_read(AccessLevel(kept["access"]), kept["groups"]):
        return False
    try:
        now = shelf.document(kept["doc_id"], reader=KEEPER).metadata
    except NotFound:
        return True
    return reader.may_read(now.access, now.groups)


def _compared(passage: ReceiptPassage, shelf: Shelf) -> ReceiptPassage:
    try:
        text = shelf.text(passage.doc_id, reader=KEEPER).text
    except NotFound:
        return replace(passage, state=PassageState.GONE)
    if digest(text[passage.start : passage.end]) == passage.digest:
        return replace(passage, now=(passage.start, passage.end))
    at = text.find(passage.quote) if passage.quote else -1
    if at < 0:
        return replace(passage, state=PassageState.CHANGED)
    return replace(passage, state=PassageState.MOVED, now=(at, at + len(passage.quote)))
