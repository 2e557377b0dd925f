"""Hits with the words of the question marked in them, for whoever shows them. Pure."""

from __future__ import annotations

from ingest.language import LANGUAGES, detect_question
from mmsearch.marking import marks
from mmsearch.shapes import Shape


def with_marks(question: str, hits: list[Shape]) -> list[Shape]:
    """Add "marks" to hits: pairs of offsets in their text, in characters, in order."""
    asked_in = detect_question(question, LANGUAGES)
    return [
        {**hit, "marks": marks(question, hit["text"], asked_in=asked_in, language=hit["language"])}
        for hit in hits
    ]
