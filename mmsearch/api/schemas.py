"""What requests may say, and examples of what responses look like."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from index.types import Filters
from ingest.types import AccessLevel, Evidence

MAX_VALUES = 50
MAX_VALUE_LENGTH = 200
MAX_TURN_LENGTH = 2000

Values = list[str]


class FilterParameters(BaseModel):
    """Filters. Values of one are alternatives; different ones must all hold."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    kind: Values = Field([], max_length=MAX_VALUES, description="Kinds of document.")
    country: Values = Field([], max_length=MAX_VALUES, description="Countries.")
    language: Values = Field([], max_length=MAX_VALUES, description="Languages, as ISO 639-1.")
    publisher: Values = Field([], max_length=MAX_VALUES, description="Publishers.")
    access: list[AccessLevel] = Field([], max_length=MAX_VALUES, description="Access levels.")
    evidence: list[Evidence] = Field(
        [], max_length=MAX_VALUES, description="Kinds of evidence that a passage may be."
    )
    year_from: int | None = Field(None, ge=0, le=9999, description="First year, inclusive.")
    year_to: int | None = Field(None, ge=0, le=9999, description="Last year, inclusive.")

    year: list[Annotated[int, Field(ge=0, le=9999)]] = Field(
        [], max_length=MAX_VALUES, description="Single years; within the range, where both are set."
    )

    @model_validator(mode="after")
    def _sensible(self) -> Self:
        for value in (*self.kind, *self.country, *self.language, *self.publisher):
            if len(value) > MAX_VALUE_LENGTH or not is_text(value):
                raise ValueError(f"a filter's value has at most {MAX_VALUE_LENGTH} characters")
        low, high = self.year_from, self.year_to
        if low is not None and high is not None and low > high:
            raise ValueError("year_from is after year_to; give the earlier year first")
        return self

    def filters(self) -> Filters:
        """Return them as the library takes them."""
        return Filters(
            kinds=tuple(self.kind),
            countries=tuple(self.country),
            languages=tuple(self.language),
            publishers=tuple(self.publisher),
            access=tuple(self.access),
            year_from=self.year_from,
            year_to=self.year_to,
            evidence=tuple(self.evidence),
            years=tuple(self.year),
        )


class AskParameters(FilterParameters):
    """A question with filters."""

    q: str = Field(description="The question.", examples=["What does the depository keep?"])


class AllParameters(AskParameters):
    """A question of which every passage is wanted, and which stretch of the documents."""

    offset: int = Field(0, ge=0, description="How many matching documents to pass over.")
    limit: int = Field(100, ge=1, le=1000, description="How many documents to give.")


class ConversationParameters(AskParameters):
    """A question with filters and the questions that were asked before it."""

    history: list[str] = Field(
        [],
        max_length=MAX_VALUES,
        description="The questions of the conversation before this one, oldest first.",
    )

    @model_validator(mode="after")
    def _readable(self) -> Self:
        if any(len(turn) > MAX_TURN_LENGTH or not is_text(turn) for turn in self.history):
            raise ValueError(f"a question of the history has at most {MAX_TURN_LENGTH} characters")
        return self


class SearchParameters(ConversationParameters):
    """A question with filters and how many hits are wanted."""

    limit: int = Field(10, ge=1, le=100, description="How many hits.")


class ListParameters(FilterParameters):
    """Which stretch of the documents is wanted."""

    offset: int = Field(0, ge=0, le=10_000_000, description="How many to leave out at the start.")
    limit: int = Field(50, ge=1, le=200, description="How many to list.")
    sort: Literal["title", "added"] = Field("title", description="By title, or newest first.")


class PictureParameters(BaseModel):
    """What to mark on a page: a passage, or a span of the document's text."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    passage: str | None = Field(None, max_length=200, description="Id of a passage to mark.")
    start: int | None = Field(None, ge=0, le=2**31, description="First character to mark.")
    end: int | None = Field(None, ge=1, le=2**31, description="One past the last.")
    scale: float = Field(2.0, ge=1, le=4, description="Pixels for each PDF point.")

    @model_validator(mode="after")
    def _one_mark(self) -> Self:
        if (self.start is None) != (self.end is None):
            raise ValueError("give start and end together")
        if self.start is not None and self.passage is not None:
            raise ValueError("give a passage or start and end, not both")
        if self.start is not None and self.end is not None and self.start >= self.end:
            raise ValueError("start must lie before end")
        return self


def is_text(value: str) -> bool:
    """Say whether a text can be stored and sent: half a surrogate pair cannot."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


_SOURCE = ("doc_id", "file", "title", "year", "kind", "countries", "publisher", "related")
_PLACE: dict[str, Any] = {
    "doc_id": "d_5f2c",
    "file": "guides/handover.pdf",
    "title": "Handover guide",
    "year": 2023,
    "kind": "guideline",
    "countries": ["Ecuador"],
    "publisher": ["Support hub"],
    "superseded_by": None,
    "related": [],
    "page": 4,
    "page_label": "iv",
    "heading_path": ["Before you leave"],
    "place": "p. 4",
    "locator": {
        "unit": "page",
        "first": 4,
        "last": 4,
        "sheet": None,
        "anchor": None,
        "pages": [4],
    },
}
_HIT: dict[str, Any] = {
    "rank": 1,
    "score": 0.97,
    "passage_id": "d_5f2c.12",
    **_PLACE,
    "text": "A focal point who leaves writes a handover note of two pages.",
    "start": 5120,
    "end": 5182,
    "language": "en",
    "evidence": "guidance",
    "ocr": None,
    "also_in": [],
}
_QUESTION = "What does a focal point write before leaving?"
SEARCH_EXAMPLE: dict[str, Any] = {
    "question": _QUESTION,
    "query": _QUESTION,
    "translations": [],
    "hits": [{**_HIT, "marks": [[2, 7], [8, 13]]}],
    "generation": 7,
    "documents_searched": 12,
}
ALL_EXAMPLE: dict[str, Any] = {
    "question": _QUESTION,
    "query": _QUESTION,
    "total": 1,
    "matching": 1,
    "offset": 0,
    "searched": 12,
    "complete": True,
    "documents": [
        {
            **{k: v for k, v in _PLACE.items() if k in (*_SOURCE, "superseded_by")},
            "passages": [_HIT],
        }
    ],
    "generation": 7,
}
ASK_EXAMPLE: dict[str, Any] = {
    "question": _QUESTION,
    "answered": True,
    "confidence": 0.82,
    "sentences": [{"text": _HIT["text"], "citations": [1]}],
    "citations": [
        {
            "n": 1,
            "passage_id": "d_5f2c.12",
            **_PLACE,
            "quote": _HIT["text"],
            "start": 5120,
            "end": 5182,
            "evidence": "guidance",
            "ocr": None,
        }
    ],
    "nearest": [_HIT],
    "generation": 7,
    "answer_id": "a_5f2c81d06b7e4f3a9c1d2e3f",
    "query": _QUESTION,
    "language": "en",
    "total": None,
    "message": "",
    "remarks": [],
    "wording": {},
    "documents_searched": 12,
    "translations": [],
}
DOCUMENT_EXAMPLE: dict[str, Any] = {
    "doc_id": "d_5f2c",
    "file": "guides/handover.pdf",
    "title": "Handover guide",
    "year": 2023,
    "kind": "guideline",
    "languages": ["en"],
    "countries": ["Ecuador"],
    "publisher": ["Support hub"],
    "access": "public",
    "source_url": "",
    "symbol": "",
    "why": [
        {
            "field": "year",
            "place": "page 1",
            "rule": "a date on the cover",
            "words": "May 2023",
        }
    ],
    "sha256": "0" * 64,
    "size": 48213,
    "passages": 31,
    "pages": 12,
    "added": "2024-05-02T09:30:00+00:00",
    "warnings": [],
    "superseded_by": None,
    "related": [],
}
DOCUMENTS_EXAMPLE: dict[str, Any] = {
    "documents": [DOCUMENT_EXAMPLE],
    "total": 1,
    "offset": 0,
    "limit": 50,
    "facets": {
        "kind": {"guideline": 1},
        "country": {"Ecuador": 1},
        "year": {"2023": 1},
        "language": {"en": 1},
        "publisher": {"Support hub": 1},
        "evidence": {"lesson": 1},
    },
}
PROBLEM_EXAMPLE: dict[str, Any] = {
    "type": "urn:mmsearch:problem:not-found",
    "title": "Not Found",
    "status": 404,
    "detail": "There is nothing here for you to read.",
    "instance": "/documents/d_0000",
    "request_id": "7d0c1f0e6a9b4a1f8f2f0b7c6a5d4e3c",
}


def described(example: Any, *, media: str = "application/json") -> dict[int | str, Any]:
    """Describe a route's responses for OpenAPI: one good example, and problems."""
    problem = {"application/problem+json": {"example": PROBLEM_EXAMPLE}}
    return {
        200: {"description": "Done.", "content": {media: {"example": example}}},
        "default": {"description": "A problem (RFC 9457).", "content": problem},
    }
