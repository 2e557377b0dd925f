"""What the answering layer speaks in."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from index.translation import Translation
from index.types import Hit, StoredDocument
from ingest.types import Evidence, Locator


@dataclass(frozen=True, slots=True)
class Citation:
    """One numbered source of an answer: ``document.text[start:end] == quote``.

    Attributes:
        n: Number shown in brackets, from 1.
        passage_id: The passage the quote stands in.
        document: Its document.
        quote: The quoted text, verbatim.
        start: Offset of the quote in the document's text.
        end: One past its last character.
        locator: Where the quote stands: page and rectangles, paragraph or line.
        evidence: What kind of evidence its passage is.
        ocr: How sure the recognition of the passage's text was, 0 to 1, or None.
    """

    n: int
    passage_id: str
    document: StoredDocument
    quote: str
    start: int
    end: int
    locator: Locator
    evidence: Evidence = Evidence.PLAIN
    ocr: float | None = None


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of an answer with the numbers of the citations it rests on.

    ``text`` is the quote of the first of them; a bare table row is said with the column names
    that are cited behind it ("Cases in 2023: 2 | Cases in 2024: 3").
    """

    text: str
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """The outcome of asking: sentences with citations, or nothing but the nearest passages.

    Attributes:
        question: As asked.
        answered: False means "I did not find this in the library".
        confidence: 0–1, how sure the library is that it answers the question.
        sentences: In reading order; empty when not answered.
        citations: By number; empty when not answered.
        nearest: The best hits, also when answered.
        generation: The generation all of it was read from.
        answer_id: Names this answer and its receipt; "" before it was given one.
        query: What was searched for; differs from the question where a conversation had
            to be understood. "" means the question itself.
        language: ISO 639-1 code of the question, or "und".
        n_documents: How many documents were searched: those that the reader and the filters
            admitted.
        seconds: How long it took, in seconds.
        checks: What was checked and measured, by name.
        wording: What a language model had to do with it: "model", "state" ("worded" or
            "quoted") and "reason"; empty where none is configured.
        total: For a question that asks for a set, how many members were found, all of which
            are among the sentences; else None.
        translation: What the query's terms were called in other languages of the documents.
    """

    question: str
    answered: bool
    confidence: float
    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]
    nearest: tuple[Hit, ...]
    generation: int
    answer_id: str = ""
    query: str = ""
    language: str = "und"
    n_documents: int = 0
    seconds: float = 0.0
    checks: Mapping[str, float] = field(default_factory=dict)
    wording: Mapping[str, str] = field(default_factory=dict)
    total: int | None = None
    translation: Translation = field(default_factory=Translation)


def new_answer_id() -> str:
    """Make an id that nobody guesses: 96 random bits."""
    return f"a_{secrets.token_hex(12)}"


@dataclass(frozen=True, slots=True)
class Acronym:
    """An acronym with what it stands for, and one place that says so.

    Attributes:
        short: As written.
        long: What it stands for, as most documents write it.
        documents: How many documents of the reader define it so.
        document: One of them.
        start: First character of the definition in its text.
        end: One past the last.
        locator: Where it stands there.
    """

    short: str
    long: str
    documents: int
    document: StoredDocument
    start: int
    end: int
    locator: Locator
