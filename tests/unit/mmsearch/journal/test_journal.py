"""What is kept of questions and answers, for how long, and what a broken file does not stop."""

from __future__ import annotations

import logging
import sqlite3
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from filelock import FileLock

from index.types import KEEPER, PUBLIC
from mmsearch.journal import journal as journal_module
from mmsearch.journal import store
from mmsearch.journal.errors import JournalDamaged, JournalUnavailable, NoSuchEntry
from mmsearch.journal.types import GapReason, GapState, Recording
from tests.unit.mmsearch.journal.conftest import Clock, Make, Shelf, ask

ANSWERED = "How many patients did the mobile clinic in Kenya treat in 2023?"
UNANSWERED = "Who won the zither contest of Ulaanbaatar?"


def everything(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.glob("journal.db*")))


def test_a_receipt_says_how_the_answer_came_about(make: Make, shelf: Shelf) -> None:
    answer = ask(ANSWERED)
    journal = make()
    assert journal.record_answer(answer) == answer.answer_id
    receipt = make().receipt(answer.answer_id, reader=PUBLIC, shelf=shelf)
    assert receipt.question == ANSWERED
    assert receipt.answered
    assert (receipt.confidence, receipt.seconds) == (answer.confidence, 0.02)
    assert receipt.sentences == answer.sentences
    assert receipt.checks == {"own": 0.75}
    cited = [p for p in receipt.passages if p.n]
    assert [(p.n, p.quote, p.start, p.end) for p in cited] == [
        (c.n, c.quote, c.start, c.end) for c in answer.citations
    ]
    near = [p for p in receipt.passages if not p.n]
    assert [(p.rank, p.score, p.keyword, p.cosine) for p in near] == [
        (h.rank, h.score, h.keyword, h.cosine) for h in answer.nearest
    ]


def test_an_unknown_receipt_says_so(make: Make, shelf: Shelf) -> None:
    with pytest.raises(NoSuchEntry, match="no receipt 'a_nothing' that you may read"):
        make().receipt("a_nothing", reader=KEEPER, shelf=shelf)


def test_without_text_no_word_of_a_question_reaches_the_disk(make: Make, tmp_path: Path) -> None:
    journal = make(Recording.WITHOUT_TEXT)
    for question in (UNANSWERED, UNANSWERED, "Why do zithers fall silent in Ulaanbaatar?"):
        assert journal.record_answer(ask(question))
    assert journal.record_gap("And a zither for a camel?", language="en")
    (gap,) = journal.gaps()
    assert (gap.question, gap.times, gap.language) == (None, 4, "en")
    journal.close()
    assert b"ither" not in everything(tmp_path)
    assert b"camel" not in everything(tmp_path)


def test_a_person_may_ask_for_a_question_to_be_kept(make: Make) -> None:
    journal = make(Recording.WITHOUT_TEXT)
    assert journal.record_gap(UNANSWERED, language="en", missing="the jury", consented=True)
    (gap,) = journal.gaps()
    assert (gap.question, gap.missing, gap.times) == (UNANSWERED, "the jury", 1)


def test_off_keeps_no_gap_and_no_remark(make: Make, shelf: Shelf, tmp_path: Path) -> None:
    journal = make(Recording.OFF)
    answer = ask(UNANSWERED)
    assert journal.record_answer(answer)
    assert journal.record_gap(UNANSWERED, consented=True) == ""
    assert journal.record_feedback(answer.answer_id, helpful=False, missing="the zither")
    assert journal.gaps() == ()
    receipt = journal.receipt(answer.answer_id, reader=KEEPER, shelf=shelf)
    assert (receipt.question, receipt.query, receipt.unhelpful) == (None, None, 1)
    journal.close()
    assert b"ither" not in everything(tmp_path)


def test_the_same_question_in_other_letters_is_one_gap(make: Make) -> None:
    journal = make()
    for question in (UNANSWERED, UNANSWERED.upper(), f"  {UNANSWERED.rstrip('?')} ??"):
        journal.record_gap(question)
    journal.record_gap("Something else?")
    assert [gap.times for gap in journal.gaps()] == [3, 1]


def test_an_answer_that_was_none_becomes_a_gap_and_one_that_was_does_not(make: Make) -> None:
    journal = make()
    journal.record_answer(ask(ANSWERED))
    assert journal.gaps() == ()
    answer = ask(UNANSWERED)
    journal.record_answer(answer)
    (gap,) = journal.gaps()
    assert (gap.question, gap.reason) == (UNANSWERED, GapReason.UNANSWERED)
    assert gap.answer_id == answer.answer_id


def test_recording_a_gap_that_is_there_with_consent_counts_once(make: Make) -> None:
    journal = make()
    answer = ask(UNANSWERED)
    journal.record_answer(answer)
    journal.record_gap(UNANSWERED, answer_id=answer.answer_id, missing="the winner", consented=True)
    (gap,) = journal.gaps()
    assert (gap.times, gap.missing) == (1, "the winner")


def test_a_vote_counts_once_for_each_person(make: Make, shelf: Shelf, tmp_path: Path) -> None:
    journal = make()
    answer = ask(ANSWERED)
    journal.record_answer(answer)
    for helpful in (False, True):
        assert journal.record_feedback(answer.answer_id, helpful=helpful, asker="U-AMINA-77")
    assert journal.record_feedback(answer.answer_id, helpful=False, asker="U-BORIS-78")
    receipt = journal.receipt(answer.answer_id, reader=PUBLIC, shelf=shelf)
    assert (receipt.helpful, receipt.unhelpful) == (1, 1)
    journal.close()
    assert b"AMINA" not in everything(tmp_path)


def test_a_thumbs_down_is_a_gap_with_what_was_missing(make: Make) -> None:
    journal = make()
    answer = ask(ANSWERED)
    journal.record_answer(answer)
    journal.record_feedback(answer.answer_id, helpful=False, missing="figures for 2024")
    (gap,) = journal.gaps()
    assert (gap.question, gap.reason) == (ANSWERED, GapReason.UNHELPFUL)
    assert gap.missing == "figures for 2024"


def test_a_vote_on_nothing_is_not_kept(make: Make) -> None:
    assert not make().record_feedback("a_nothing", helpful=True)


def test_a_gap_that_was_mended_and_is_asked_again_is_open_again(make: Make) -> None:
    journal = make()
    gap_id = journal.record_gap(UNANSWERED)
    mended = journal.set_gap_state(gap_id, GapState.ADDED, note="zither-report.pdf")
    assert (mended.state, mended.note) == (GapState.ADDED, "zither-report.pdf")
    assert journal.gaps(state=GapState.OPEN) == ()
    assert journal.record_gap(UNANSWERED) == gap_id
    assert journal.gaps()[0].state is GapState.OPEN
    journal.set_gap_state(gap_id, GapState.NO_EVIDENCE)
    journal.record_gap(UNANSWERED)
    assert journal.gaps()[0].state is GapState.NO_EVIDENCE


def test_the_state_of_a_gap_that_is_not_there(make: Make) -> None:
    with pytest.raises(NoSuchEntry, match="no gap 'g_0': 'mmsearch gaps' lists them"):
        make().set_gap_state("g_0", GapState.ADDED)


def test_what_is_older_than_is_kept_is_deleted(
    make: Make, clock: Clock, shelf: Shelf, tmp_path: Path
) -> None:
    journal = make(keep_days=30)
    old = ask(UNANSWERED)
    journal.record_answer(old)
    journal.record_feedback(old.answer_id, helpful=False)
    clock.pass_days(31)
    journal.record_answer(ask(ANSWERED))
    assert journal.gaps() == ()
    with pytest.raises(NoSuchEntry, match="no receipt"):
        journal.receipt(old.answer_id, reader=KEEPER, shelf=shelf)
    journal.close()
    assert b"zither" not in (tmp_path / store.DATABASE).read_bytes()


def test_the_file_does_not_grow_without_end(
    make: Make, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_module, "MOST_GAPS", 5)
    journal = make()
    for number in range(12):
        journal.record_gap(f"question {number}")
        clock.pass_days(0.01)
    clock.pass_days(1)
    journal.record_gap("one more")
    kept = {gap.question for gap in journal.gaps()}
    assert kept == {*(f"question {number}" for number in range(7, 12)), "one more"}


def test_the_file_does_not_grow_without_end_within_a_day(
    make: Make, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_module, "MOST_GAPS", 5)
    monkeypatch.setattr(journal_module, "PRUNE_EVERY", 4)
    journal = make()
    for number in range(40):
        journal.record_gap(f"question {number}")
        clock.pass_days(0.001)
    assert len(journal.gaps()) < 5 + 4


def test_days_are_counted_with_their_times(make: Make, clock: Clock) -> None:
    journal = make()
    answer = ask(ANSWERED)
    for seconds in (0.1, 0.3, 0.2):
        journal.record_answer(replace(answer, answer_id="", seconds=seconds))
    clock.pass_days(2)
    journal.record_answer(ask(UNANSWERED))
    today, before = journal.days()
    assert (today.asked, today.answered) == (1, 0)
    assert (before.asked, before.answered, before.median, before.slowest) == (3, 3, 0.2, 0.3)
    assert (today.day - before.day).days == 2
    assert len(journal.days(2)) == 1


def test_nothing_that_was_recorded_is_lost_between_threads_and_processes(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "WAIT", 30.0)
    monkeypatch.setattr(store, "CHECKPOINT_PAGES", 4)
    journals = [make() for _ in range(3)]  # each as another process would have it

    def record(number: int) -> None:
        for at in range(20):
            assert journals[number % 3].record_gap(f"question {number} {at}")

    threads = [threading.Thread(target=record, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(make().gaps()) == 120
    with sqlite3.connect(tmp_path / store.DATABASE) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()


@pytest.fixture
def told(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.WARNING)
    return caplog


def test_a_locked_journal_stops_no_answer(
    make: Make, tmp_path: Path, told: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "WAIT", 0.1)
    journal = make()
    journal.record_gap("first")
    with FileLock(tmp_path / store.LOCK):
        assert journal.record_answer(ask(UNANSWERED)) == ""
    assert "another process is writing" in told.text
    assert "zither" not in told.text
    assert journal.record_answer(ask(UNANSWERED))


def test_a_full_disk_stops_no_answer_and_loses_nothing(
    make: Make, told: pytest.LogCaptureFixture
) -> None:
    journal = make()
    assert journal.record_gap("first")
    with journal._store.writing() as connection:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}")
    for _ in range(20):
        kept = journal.record_answer(ask(ANSWERED))
    assert kept == ""
    assert "full" in told.text
    assert [gap.question for gap in journal.gaps()] == ["first"]


def test_a_damaged_file_stops_no_answer_and_says_what_to_do(make: Make, tmp_path: Path) -> None:
    (tmp_path / store.DATABASE).write_bytes(b"no database at all, but long enough" * 100)
    journal = make()
    assert journal.record_answer(ask(ANSWERED)) == ""
    with pytest.raises(JournalDamaged, match="move it away and a new one is begun"):
        journal.gaps()


def test_a_folder_that_is_not_there_is_not_made(make: Make, tmp_path: Path) -> None:
    tmp_path.rmdir()
    journal = make()
    assert journal.record_answer(ask(ANSWERED)) == ""
    with pytest.raises(JournalUnavailable, match="no such folder"):
        journal.gaps()
    assert not tmp_path.exists()


@pytest.mark.parametrize("odd", ["half a pair \ud800", "nothing \x00 at all", "🙂" * 500])
def test_odd_text_is_kept_as_far_as_it_goes(make: Make, odd: str) -> None:
    journal = make()
    answer = replace(ask(ANSWERED), question=odd)
    assert journal.record_answer(answer)
    assert journal.record_feedback(answer.answer_id, helpful=False, missing=odd)
    assert journal.record_gap(odd, missing=odd)
    assert len(journal.gaps()) == 2


def test_whatever_fails_stops_no_answer(
    make: Make, told: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = make()
    monkeypatch.setattr(journal, "_prune", lambda connection: 1 / 0)
    assert journal.record_answer(ask(ANSWERED)) == ""
    assert "nothing was recorded" in told.text


def test_a_newer_format_is_left_alone(make: Make, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / store.DATABASE) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(JournalUnavailable, match="format 99, this program reads up to 1"):
        make().gaps()


def test_others_of_the_machine_cannot_read_the_file(make: Make, tmp_path: Path) -> None:
    make().record_gap("first")
    modes = {path.name: path.stat().st_mode & 0o077 for path in tmp_path.glob("journal.db*")}
    assert set(modes.values()) == {0}
