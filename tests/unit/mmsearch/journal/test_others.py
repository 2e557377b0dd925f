"""Which questions others are told of: those they could have asked themselves."""

from __future__ import annotations

from dataclasses import replace

import pytest

from index.types import KEEPER, PUBLIC, Reader
from ingest.types import AccessLevel
from mmsearch.access import parse_rights
from mmsearch.journal.journal import Journal
from mmsearch.journal.others import rights_text
from mmsearch.journal.types import Recording
from mmsearch.types import Answer
from tests.unit.mmsearch.journal.conftest import Clock, Make, Shelf, ask

INTERNAL = Reader(internal=True)
HAITI = Reader(groups=frozenset({"haiti"}))
SEVERAL = Reader(internal=True, groups=frozenset({"haiti", "moldova"}))


def told(journal: Journal, reader: Reader, shelf: Shelf, about: object = None) -> list[str]:
    found = journal.asked_before(reader=reader, shelf=shelf, about=about or set(shelf.texts))
    return [one.question for one in found]


def record(
    journal: Journal, answer: Answer, clock: Clock, *, days: int = 2, reader: Reader | None = PUBLIC
) -> None:
    for day in range(days):
        journal.record_answer(replace(answer, answer_id=""), reader=reader)
        if day < days - 1:
            clock.pass_days(1)


@pytest.fixture
def answered() -> Answer:
    found = ask("How many patients did the mobile clinic in Kenya treat in 2023?")
    return replace(found, query=found.question)


@pytest.fixture
def journal(make: Make) -> Journal:
    return make()


def test_a_question_is_told_once_it_was_asked_on_two_days(
    journal: Journal, clock: Clock, shelf: Shelf, answered: Answer
) -> None:
    for _ in range(5):
        journal.record_answer(replace(answered, answer_id=""), reader=PUBLIC)
    assert told(journal, PUBLIC, shelf) == []
    clock.pass_days(1)
    shouted = answered.question.upper().rstrip("?")
    again = replace(answered, answer_id="", question=shouted)
    journal.record_answer(replace(again, query=again.question), reader=PUBLIC)
    assert told(journal, PUBLIC, shelf) == [shouted]
    assert told(journal, PUBLIC, shelf, about={"d-elsewhere"}) == []


@pytest.mark.parametrize(
    ("asked", "seen_by", "hidden_from"),
    [
        (PUBLIC, [PUBLIC, HAITI, INTERNAL, KEEPER], []),
        (INTERNAL, [INTERNAL, SEVERAL, KEEPER], [PUBLIC, HAITI]),
        (HAITI, [HAITI, SEVERAL, KEEPER], [PUBLIC, INTERNAL]),
        (SEVERAL, [SEVERAL, KEEPER], [PUBLIC, INTERNAL, HAITI]),
        (KEEPER, [KEEPER], [PUBLIC, INTERNAL, SEVERAL]),
        (None, [], [PUBLIC, SEVERAL, KEEPER]),
    ],
)
def test_only_who_has_the_rights_of_the_asker_is_told(
    journal: Journal,
    clock: Clock,
    shelf: Shelf,
    answered: Answer,
    asked: Reader | None,
    seen_by: list[Reader],
    hidden_from: list[Reader],
) -> None:
    record(journal, answered, clock, reader=asked)
    assert all(told(journal, reader, shelf) for reader in seen_by)
    assert not any(told(journal, reader, shelf) for reader in hidden_from)


def test_days_of_others_rights_do_not_count(
    journal: Journal, clock: Clock, shelf: Shelf, answered: Answer
) -> None:
    record(journal, answered, clock, days=1, reader=KEEPER)
    clock.pass_days(1)
    record(journal, answered, clock, days=1, reader=PUBLIC)
    assert told(journal, PUBLIC, shelf) == []
    assert told(journal, KEEPER, shelf)


def test_a_question_is_hidden_when_what_it_cites_is(
    journal: Journal, clock: Clock, shelf: Shelf, answered: Answer
) -> None:
    record(journal, answered, clock)
    shelf.access = dict.fromkeys(shelf.texts, AccessLevel.INTERNAL)
    assert told(journal, PUBLIC, shelf) == []


def test_what_is_no_question_by_itself_or_found_no_answer_is_not_told(
    journal: Journal, clock: Clock, shelf: Shelf, answered: Answer
) -> None:
    record(journal, replace(answered, question="And in 2022?"), clock)
    record(journal, replace(answered, answered=False, sentences=(), citations=()), clock)
    assert told(journal, PUBLIC, shelf) == []


@pytest.mark.parametrize("recording", [Recording.OFF, Recording.WITHOUT_TEXT])
def test_without_recording_nobody_is_told_even_of_older_questions(
    journal: Journal, clock: Clock, shelf: Shelf, answered: Answer, recording: Recording
) -> None:
    record(journal, answered, clock)
    journal.recording = recording
    assert told(journal, KEEPER, shelf) == []


@pytest.mark.parametrize("reader", [PUBLIC, INTERNAL, HAITI, SEVERAL, KEEPER])
def test_rights_are_written_down_as_they_are_read(reader: Reader) -> None:
    assert parse_rights(rights_text(reader)) == reader
