"""What must not be forgotten is not, and what was done is done once."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bots.slack.errors import AlreadyRunning
from bots.slack.ledger import KEEP_DAYS, Ledger


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(tmp_path) as ledger:
        yield ledger


def test_of_many_who_claim_one_wins(ledger: Ledger) -> None:
    with ThreadPoolExecutor(16) as pool:
        won = list(pool.map(lambda n: ledger.claim(f"Ev{n % 20}", {"n": n}), range(160)))
    assert sum(won) == 20
    assert len(ledger.unfinished()) == 20


def test_two_events_about_one_message_are_one(ledger: Ledger) -> None:
    assert ledger.claim("Ev1", {}, subject="T1 C1 1.2")
    assert not ledger.claim("Ev2", {}, subject="T1 C1 1.2")
    assert ledger.claim("Ev3", {})
    assert ledger.claim("Ev4", {})


def test_what_is_not_confirmed_is_handed_out_again(tmp_path: Path) -> None:
    with Ledger(tmp_path) as ledger:
        for key in ("a", "b", "c"):
            ledger.claim(key, {"what": key})
        ledger.begin("a")
        ledger.note_stream("a", "1.2")
        ledger.finish("b")
    with Ledger(tmp_path) as ledger:
        left = {one.key: one for one in ledger.unfinished()}
        assert left.keys() == {"a", "c"}
        assert (left["a"].body, left["a"].attempts, left["a"].stream) == ({"what": "a"}, 1, "1.2")
        assert not ledger.claim("b", {})
        assert ledger.begin("b") is None
        again = ledger.begin("a")
        assert again is not None
        assert again.attempts == 2
        assert ledger.streams() == {"1.2"}


def test_nothing_of_a_question_is_kept_once_it_is_answered(ledger: Ledger, tmp_path: Path) -> None:
    ledger.claim("Ev1", {"text": "a private matter"})
    ledger.finish("Ev1")
    assert ledger.counts() == {"done": 1}
    assert ledger._db.execute("SELECT body FROM jobs").fetchone() == ("{}",)


def test_turns_have_ids_that_nobody_guesses(ledger: Ledger) -> None:
    ids = {ledger.keep_turn({"question": "é"}) for _ in range(50)}
    assert len(ids) == 50
    assert min(map(len, ids)) >= 16
    assert ledger.turn(ids.pop()) == {"question": "é"}
    assert ledger.turn("x") is None


def test_what_is_old_is_forgotten_at_the_next_start(tmp_path: Path) -> None:
    now = [1_000_000.0]
    with Ledger(tmp_path, now=lambda: now[0]) as ledger:
        old = ledger.keep_turn({})
        ledger.engage("C1", "1.2")
        ledger.claim("done", {})
        ledger.finish("done")
        ledger.claim("open", {})
    now[0] += (KEEP_DAYS + 1) * 86_400
    with Ledger(tmp_path, now=lambda: now[0]) as ledger:
        assert ledger.turn(old) is None
        assert not ledger.engaged("C1", "1.2")
        assert ledger.counts() == {"claimed": 1}


def test_what_is_old_is_forgotten_while_the_bot_runs(tmp_path: Path) -> None:
    now = [1_000_000.0]
    with Ledger(tmp_path, now=lambda: now[0]) as ledger:
        old = ledger.keep_turn({"question": "What was asked?"})
        now[0] += (KEEP_DAYS + 1) * 86_400
        new = ledger.keep_turn({"question": "And then?"})
        assert ledger.turn(old) is None
        assert ledger.turn(new) == {"question": "And then?"}


def test_text_that_is_none_is_kept_and_stops_nobody_elses(ledger: Ledger) -> None:
    half = {"question": "half a pair: \ud83d"}
    assert ledger.turn(ledger.keep_turn(half)) == half
    with pytest.raises(UnicodeEncodeError, match="surrogates"):
        ledger.engage("C1", "\ud83d")
    assert ledger.claim("Ev1", {})


def test_a_second_bot_is_told_to_stay_away(ledger: Ledger, tmp_path: Path) -> None:
    with pytest.raises(AlreadyRunning, match="the bot runs already"):
        Ledger(tmp_path)
