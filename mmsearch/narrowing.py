"""Which documents a question for a series is about, when it names a country. Pure.

"What lessons were learned in Jamaica?" is answered by Jamaica's brief, whatever other lessons
use more of the question's words.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace

from index.types import Filters
from mmsearch.answer.question import Question
from mmsearch.answer.series import asks_for_series
from mmsearch.conversation.entities import EntityType, entities


def narrowed(
    question: Question, filters: Filters | None, countries: Callable[[], Collection[str]]
) -> Filters | None:
    """Return the filters for the series that a question asks for, or None to search as before.

    Args:
        question: As read by ``mmsearch.answer.question.read``.
        filters: Those of the search; countries that somebody chose stay as they are.
        countries: Returns those that the reader's documents are about, as metadata name them.
    """
    chosen = filters or Filters()
    if chosen.countries or not asks_for_series(question.text):
        return None
    known = {country.casefold(): country for country in countries()}
    named = dict.fromkeys(
        known[entity.key.casefold()]
        for entity in entities(question.text, question.language)
        if entity.type is EntityType.COUNTRY and entity.key.casefold() in known
    )
    return replace(chosen, countries=tuple(named)) if named else None
