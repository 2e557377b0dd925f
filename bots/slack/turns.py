"""What the buttons under a message need to know, kept on our side under an id nobody guesses.

A button carries the id and a number. Which documents may be shown is not kept: that is
decided when somebody clicks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from index.types import Filters, Hit
from mmsearch.types import Answer, Citation

MOST_SPOTS = 50
EVERYTHING = Filters()


@dataclass(frozen=True, slots=True)
class Spot:
    """A stretch of a document that a button shows.

    Attributes:
        passage_id: The passage it stands in.
        start: Offset of what is marked in the document's text; -1 marks the whole passage.
        end: One past its last character.
    """

    passage_id: str
    start: int = -1
    end: int = -1


@dataclass(frozen=True, slots=True)
class Turn:
    """One question with where it was asked.

    Attributes:
        question: As asked.
        query: As it was understood from the conversation.
        language: Language of our own sentences.
        channel: Where it was asked.
        user: Who asked.
        thread: The thread, or "".
        private: Whether only the asker sees the answer.
        answer_id: The answer's receipt, or "".
        filters: What the asker narrowed it down to.
        spots: What the buttons show, by their number from 1.
        answered: Whether it was answered.
    """

    question: str
    query: str = ""
    language: str = "en"
    channel: str = ""
    user: str = ""
    thread: str = ""
    private: bool = False
    answer_id: str = ""
    filters: Filters = EVERYTHING
    spots: tuple[Spot, ...] = ()
    answered: bool = True

    def as_json(self) -> dict[str, Any]:
        """Return what the ledger keeps."""
        return asdict(self)

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> Self:
        """Read what ``as_json`` gave."""
        return cls(
            **{
                **body,
                "filters": filters_from_json(body["filters"]),
                "spots": tuple(Spot(**one) for one in body["spots"]),
            }
        )


def filters_from_json(body: Mapping[str, Any]) -> Filters:
    """Read filters that were written as JSON."""
    values: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in body.items()}
    return Filters(**values)


def spots_of(answer: Answer) -> tuple[Spot, ...]:
    """Return what the buttons of an answer show: its citations, or the nearest passages."""
    if answer.answered:
        return tuple(_of_citation(citation) for citation in answer.citations[:MOST_SPOTS])
    return tuple(_of_hit(hit) for hit in answer.nearest[:MOST_SPOTS])


def _of_citation(citation: Citation) -> Spot:
    return Spot(citation.passage_id, citation.start, citation.end)


def _of_hit(hit: Hit) -> Spot:
    return Spot(hit.passage.passage_id)
