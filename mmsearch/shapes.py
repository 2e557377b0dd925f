"""The JSON that the command line and the service both speak. Pure.

Names here are promises to scripts: extend them and never rename one. Pages count from 1 and
are null where a format has none; offsets are characters of the document's text.
"""

from __future__ import annotations

from typing import Any

from index.types import Hit, Related, SearchResult, StoredDocument, StoredPassage
from ingest.types import Locator
from mmsearch.answer.everything import Everything
from mmsearch.phrases.catalogue import not_found, place, remarks, sheet_of
from mmsearch.phrases.searched import translation_shape
from mmsearch.types import Answer, Citation, Sentence

Shape = dict[str, Any]
"""What ``json.dumps`` takes: plain dicts, lists, texts and numbers."""


def search_shape(question: str, result: SearchResult, query: str = "") -> Shape:
    """Give the hits of one search, and the query where a conversation made it another."""
    return {
        "question": question,
        "query": query or question,
        "translations": translation_shape(result.translation),
        "hits": [hit_shape(hit) for hit in result.hits],
        "generation": result.generation,
        "documents_searched": result.n_documents,
    }


def ask_shape(answer: Answer) -> Shape:
    """Give an answer with its citations, or the nearest passages alone."""
    return {
        "question": answer.question,
        "answered": answer.answered,
        "confidence": float(answer.confidence),
        "sentences": [sentence_shape(sentence) for sentence in answer.sentences],
        "citations": [citation_shape(citation) for citation in answer.citations],
        "nearest": [hit_shape(hit) for hit in answer.nearest],
        "generation": answer.generation,
        "answer_id": answer.answer_id,
        "query": answer.query or answer.question,
        "language": answer.language,
        "total": answer.total,
        "message": "" if answer.answered else not_found(answer),
        "remarks": remarks(answer),
        "wording": dict(answer.wording),
        "documents_searched": answer.n_documents,
        "translations": translation_shape(answer.translation),
    }


def sentence_shape(sentence: Sentence) -> Shape:
    """Give one sentence of an answer."""
    return {"text": sentence.text, "citations": list(sentence.citations)}


def everything_shape(found: Everything) -> Shape:
    """Give every matching passage, by document, with how many documents were searched."""
    return {
        "question": found.question,
        "query": found.query,
        "total": found.total,
        "matching": found.matching,
        "offset": found.offset,
        "searched": found.n_documents,
        "complete": found.complete,
        "documents": [
            {**source_shape(match.document), "passages": [hit_shape(hit) for hit in match.hits]}
            for match in found.documents
        ],
        "generation": found.generation,
    }


def hit_shape(hit: Hit) -> Shape:
    """Give one hit."""
    return {
        "rank": hit.rank,
        "score": float(hit.score),
        "passage_id": hit.passage.passage_id,
        **source_shape(hit.document),
        **place_shape(hit.passage.locator),
        "text": hit.passage.text,
        "start": hit.passage.start,
        "end": hit.passage.end,
        "language": hit.passage.language,
        "evidence": hit.passage.evidence.value,
        "ocr": hit.passage.ocr,
        "also_in": [{"doc_id": doc_id, "file": file} for doc_id, file in hit.also_in],
    }


def citation_shape(citation: Citation) -> Shape:
    """Give one numbered source of an answer."""
    return {
        "n": citation.n,
        "passage_id": citation.passage_id,
        **source_shape(citation.document),
        **place_shape(citation.locator),
        "quote": citation.quote,
        "start": citation.start,
        "end": citation.end,
        "evidence": citation.evidence.value,
        "ocr": citation.ocr,
    }


def passage_shape(passage: StoredPassage, document: StoredDocument) -> Shape:
    """Give one passage with its document."""
    return {
        "passage_id": passage.passage_id,
        **source_shape(document),
        **place_shape(passage.locator),
        "text": passage.text,
        "start": passage.start,
        "end": passage.end,
        "language": passage.language,
        "block": passage.kind,
        "evidence": passage.evidence.value,
        "ocr": passage.ocr,
    }


def document_shape(document: StoredDocument) -> Shape:
    """Give one document without its text.

    The groups of a restricted document are left out: they say who else may read it. ``why``
    says where each field was read.
    """
    metadata = document.metadata
    return {
        "doc_id": document.doc_id,
        "file": document.file,
        "title": metadata.title,
        "year": metadata.year,
        "kind": metadata.kind,
        "languages": list(metadata.languages),
        "countries": list(metadata.countries),
        "publisher": list(metadata.publisher),
        "access": metadata.access.value,
        "source_url": metadata.source_url,
        "symbol": metadata.symbol,
        "why": [
            {"field": why.field, "place": why.place, "rule": why.rule, "words": why.words}
            for why in metadata.why
        ],
        "sha256": document.sha256,
        "size": document.size,
        "passages": document.n_passages,
        "pages": len(document.pages),
        "added": document.added.isoformat(),
        "warnings": list(document.warnings),
        "superseded_by": _related(newer) if (newer := document.superseded_by) else None,
        "related": [_related(other) for other in document.related],
    }


def _related(related: Related) -> Shape:
    return {
        "relation": related.relation.value,
        "doc_id": related.doc_id,
        "file": related.file,
        "title": related.title,
        "language": related.language,
    }


def source_shape(document: StoredDocument) -> Shape:
    """Give what a person judges a source by."""
    metadata = document.metadata
    newer = document.superseded_by
    return {
        "doc_id": document.doc_id,
        "file": document.file,
        "title": metadata.title,
        "year": metadata.year,
        "kind": metadata.kind,
        "countries": list(metadata.countries),
        "publisher": list(metadata.publisher),
        "superseded_by": _related(newer) if newer else None,
        "related": [_related(other) for other in document.related],
    }


def place_shape(locator: Locator) -> Shape:
    """Give where a span stands."""
    first = locator.pages[0] if locator.pages else None
    return {
        "page": first.index + 1 if first else None,
        "page_label": first.label if first else "",
        "heading_path": list(locator.heading_path),
        "place": place(locator),
        "locator": {
            "unit": locator.unit.value,
            "first": locator.first,
            "last": locator.last,
            "sheet": sheet_of(locator) or None,
            "anchor": locator.anchor or None,
            "pages": [area.index + 1 for area in locator.pages],
        },
    }
