"""Every way in, from what Slack sends to what a person reads."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from mmsearch.beginning import begin_library
from mmsearch.knowledge import KnowledgeBase
from tests.bots.conftest import ANAS, CLOSED, OPEN
from tests.bots.driver import ANA, BO, Driver, find, has, wait_for
from tests.bots.fake_slack import FakeSlack
from tests.bots.limits import read
from tests.bots.workspace import BOT

QUESTION = "What does a focal point who leaves the programme write?"
SAID = "A focal point who leaves the programme writes a handover note of two pages"


@pytest.fixture(autouse=True)
def nothing_slack_would_refuse(fake: FakeSlack) -> None:
    yield
    assert fake.workspace.invalid == []
    assert fake.workspace.eyes() == []
    assert not any(fake.workspace.statuses.values())


def test_a_mention_is_answered_in_its_thread(driver: Driver) -> None:
    ts = driver.mention(OPEN, BO, QUESTION)
    (answer,) = driver.answers(OPEN)
    assert answer["thread_ts"] == ts
    text = read(answer["blocks"])
    assert f"{SAID} and walks the successor" in text
    assert "[1]" in text
    assert "Handover guide\n2023 · guideline · p. 1" in text
    assert has(answer["blocks"], "show:1")
    assert has(answer["blocks"], "vote")
    assert len(driver.fake.called("reactions.add", "reactions.remove")) in {0, 2}


def test_an_empty_library_is_said_to_be_empty(fake: FakeSlack, tmp_path: Path) -> None:
    library = tmp_path / "library"
    begin_library(library)
    with KnowledgeBase.open(library) as knowledge:
        driver = Driver(fake, knowledge, tmp_path)
        driver.mention(OPEN, BO, QUESTION)
        (answer,) = driver.answers(OPEN)
        text = read(answer["blocks"])
        assert "The library is still empty." in text
        assert "Looked for" not in text
        driver.event({"type": "app_home_opened", "user": ANA, "channel": ANAS, "tab": "home"})
        wait_for(lambda: ANA in driver.workspace.homes)
        assert "0 documents" in read(driver.workspace.homes[ANA]["blocks"])
        driver.close()


def test_a_sentence_is_written_as_soon_as_it_is_sure(make: Callable[..., Driver]) -> None:
    driver = make(worded=True)
    driver.knowledge.after_telling = threading.Event()
    driver.mention(OPEN, BO, QUESTION)
    wait_for(lambda: len(driver.workspace.ours(OPEN)) == 1)
    (begun,) = driver.workspace.ours(OPEN)
    assert SAID in read(begun["blocks"])
    assert begun["streaming"]
    assert not has(begun["blocks"], "vote")
    driver.knowledge.after_telling.set()
    (answer,) = driver.answers(OPEN)
    assert read(answer["blocks"]).count(SAID) == 1
    assert has(answer["blocks"], "vote")
    assert not driver.fake.called("chat.update", "chat.postMessage")


def test_a_follow_up_needs_no_mention_once_the_bot_has_a_part(driver: Driver) -> None:
    ts = driver.mention(OPEN, BO, QUESTION)
    driver.answers(OPEN)
    driver.say(OPEN, BO, "And when does training for new focal points take place?", ts)
    first, second = driver.answers(OPEN, 2)
    assert second["thread_ts"] == first["thread_ts"] == ts
    assert "twice a year" in read(second["blocks"])
    assert driver.knowledge.histories == [[], [QUESTION]]


def test_a_restart_forgets_no_thread(make: Callable[..., Driver]) -> None:
    driver = make()
    ts = driver.mention(OPEN, BO, QUESTION)
    driver.answers(OPEN)
    driver.close()
    (driver.folder / "state" / "slack.db").unlink()  # only Slack knows the thread now
    driver.start()
    driver.say(OPEN, BO, "When does training for new focal points take place?", ts)
    assert "twice a year" in read(driver.answers(OPEN, 2)[-1]["blocks"])
    assert driver.knowledge.histories[-1] == [QUESTION]
    driver.close()


def test_other_threads_and_people_who_talk_to_each_other_are_left_alone(driver: Driver) -> None:
    ts = driver.mention(OPEN, BO, QUESTION)
    driver.answers(OPEN)
    elsewhere = driver.workspace.write(OPEN, ANA, "Lunch?")
    driver.say(OPEN, BO, "When does training take place?", elsewhere)
    driver.say(OPEN, BO, f"<@{ANA}> when does training take place?", ts)
    driver.say(OPEN, BO, "thanks a lot", ts)
    driver.say(OPEN, BO, "What does training cost?")
    driver.say(OPEN, BO, "how lovely that was, zebras notwithstanding", ts)
    driver.settle()
    assert len(driver.workspace.ours(OPEN)) == 1


def test_a_mention_that_comes_as_two_events_is_answered_once(driver: Driver) -> None:
    ts = driver.workspace.write(CLOSED, BO, f"<@{BOT}> {QUESTION}")
    event = driver.said(CLOSED, BO, f"<@{BOT}> {QUESTION}", ts, kind="app_mention")
    driver.event(event)
    driver.event({**event, "type": "message", "channel_type": "group"})
    driver.settle()
    assert len(driver.answers(CLOSED)) == 1


def test_a_direct_message_is_just_asked(driver: Driver) -> None:
    driver.say(ANAS, ANA, QUESTION, kind="im")
    (answer,) = driver.answers(ANAS)
    assert "thread_ts" not in answer
    assert SAID in read(answer["blocks"])
    driver.say(ANAS, ANA, "And who trains them?", kind="im")
    driver.answers(ANAS, 2)
    assert driver.knowledge.histories[-1] == [QUESTION]


def test_the_pane_offers_questions_and_gets_a_status_and_a_title(driver: Driver) -> None:
    ts = driver.workspace.write(ANAS, BOT, "New chat")
    thread = {"user_id": ANA, "channel_id": ANAS, "thread_ts": ts, "context": {}}
    driver.event({"type": "assistant_thread_started", "assistant_thread": thread, "event_ts": ts})
    wait_for(lambda: (ANAS, ts) in driver.workspace.prompts)
    assert len(driver.workspace.prompts[ANAS, ts]) == 3
    driver.say(ANAS, ANA, QUESTION, ts, kind="im")
    wait_for(lambda: len(driver.workspace.ours(ANAS)) == 2)
    driver.settle()
    assert driver.workspace.ours(ANAS)[-1]["thread_ts"] == ts
    assert driver.workspace.titles[ANAS, ts] == QUESTION
    assert driver.workspace.statuses[ANAS, ts] == ""


def test_the_command_answers_its_asker_alone(driver: Driver) -> None:
    response = driver.command(OPEN, ANA, QUESTION)
    assert response.status_code == 200
    assert response.text == "Searching …"
    wait_for(lambda: bool(driver.fake.replies["reply"]))
    (reply,) = driver.fake.replies["reply"]
    assert reply["replace_original"] is True
    assert reply["response_type"] == "ephemeral"
    assert SAID in read(reply["blocks"])
    assert "Only you can see this." in read(reply["blocks"])
    assert has(reply["blocks"], "share")
    assert driver.workspace.ours(OPEN) == []


def test_a_reply_address_that_has_expired_loses_nothing(driver: Driver) -> None:
    driver.fake.plan = lambda method, _: "expired" if method == "response_url" else ""
    driver.command(OPEN, ANA, QUESTION)
    wait_for(lambda: bool(driver.workspace.ephemeral))
    (seen,) = driver.workspace.ephemeral
    assert (seen["channel"], seen["user"]) == (OPEN, ANA)
    assert SAID in read(seen["blocks"])


@pytest.mark.parametrize("text", ["", "help"])
def test_the_command_says_how_to_ask(driver: Driver, text: str) -> None:
    driver.command(OPEN, ANA, text)
    wait_for(lambda: bool(driver.fake.replies["reply"]))
    assert "/mmsearch and a question" in read(driver.fake.replies["reply"][0]["blocks"])


def test_sources_are_found_for_a_message(driver: Driver) -> None:
    driver.shortcut(OPEN, ANA, "We should keep a register of what was learned in every country.")
    view = driver.view("Sources for this message")
    assert "Handover guide" in read(view["blocks"])
    driver.click(view, "push:1", ANA)
    assert "one register of what was learned" in read(driver.view("Passage")["blocks"])


def test_the_home_page_says_what_this_person_may_read(driver: Driver) -> None:
    driver.event({"type": "app_home_opened", "user": ANA, "channel": ANAS, "tab": "home"})
    wait_for(lambda: ANA in driver.workspace.homes)
    text = read(driver.workspace.homes[ANA]["blocks"])
    assert "4 documents" in text  # the public ones, and what is internal
    assert "Handover guide" in text


def test_a_greeting_gets_the_words_that_explain(driver: Driver) -> None:
    driver.mention(OPEN, BO, "")
    assert "I answer questions" in read(driver.answers(OPEN)[0]["blocks"])


def test_not_knowing_shows_what_is_nearest_and_records_the_gap(driver: Driver) -> None:
    driver.mention(OPEN, BO, "Which zebra quota do focal points observe on Mondays and Fridays?")
    (answer,) = driver.answers(OPEN)
    text = read(answer["blocks"])
    assert "I did not find this in the library." in text
    assert "The nearest passages:" in text
    driver.click(answer, "gap", BO, OPEN)
    wait_for(lambda: bool(driver.workspace.ephemeral))
    assert "Noted" in driver.workspace.ephemeral[0]["text"]
    gaps = driver.journal.gaps()
    assert [gap.question for gap in gaps] == [
        "Which zebra quota do focal points observe on Mondays and Fridays?"
    ]


def test_a_passage_opens_with_its_page(driver: Driver) -> None:
    driver.mention(OPEN, BO, QUESTION)
    (answer,) = driver.answers(OPEN)
    driver.workspace.slow_files = 1  # Slack needs a moment until a picture is ready
    driver.click(answer, "show:1", BO, OPEN)
    wait_for(lambda: any("slack_file" in b for b in driver.view("Passage")["blocks"]))
    view = driver.view("Passage")
    assert view["user"] == BO
    text = read(view["blocks"])
    assert "Handover guide for focal points" in text  # what stands before it
    assert "Country teams keep one register" in text  # what stands behind it
    picture = find_picture(view)
    assert driver.workspace.files[picture] == b"PNG d-guide 0 2"
    assert driver.workspace.file_channels[picture] == ""  # shared with nobody's channel


def test_the_same_page_is_uploaded_once(driver: Driver) -> None:
    driver.mention(OPEN, BO, QUESTION)
    (answer,) = driver.answers(OPEN)
    for user in (BO, ANA):
        driver.click(answer, "show:1", user, OPEN)
    wait_for(lambda: len([v for v in driver.workspace.views.values() if _pictured(v)]) == 2)
    assert len(driver.workspace.files) <= 2


def test_votes_are_kept_and_one_may_say_what_was_missing(driver: Driver) -> None:
    driver.mention(OPEN, BO, QUESTION)
    (answer,) = driver.answers(OPEN)
    turn = find(answer, "vote")["positive_button"]["value"].split()[1]
    driver.click(answer, "vote", BO, OPEN, value=f"down {turn}")
    form = driver.view("What was missing?")
    driver.submit(form, BO, missing={"value": "The deadline"})
    driver.settle()
    (gap,) = driver.journal.gaps()
    assert (gap.question, gap.missing) == (QUESTION, "The deadline")


def test_more_results_come_page_by_page(driver: Driver) -> None:
    driver.mention(OPEN, BO, "focal point programme handover training register questions hub")
    answer = driver.answers(OPEN)[0]
    turn = _turn_of(answer)
    driver.click({"blocks": [{"type": "x", "action_id": "more", "value": turn}]}, "more", BO, OPEN)
    view = driver.view("More results")
    assert len([b for b in view["blocks"] if b["type"] == "section"]) >= 4


def test_narrowing_down_asks_again(driver: Driver) -> None:
    ts = driver.mention(OPEN, BO, "Which associations answer when a named person writes to them?")
    (answer,) = driver.answers(OPEN)
    driver.click(answer, "narrow", BO, OPEN)
    form = driver.view("Narrow down")
    wrong = driver.submit(form, BO, year_from={"value": "soon"})
    assert "four digits" in wrong.json()["errors"]["year_from"]
    years = {"selected_options": [{"value": "2021"}, {"value": "2023"}]}
    driver.submit(form, BO, years=years, countries={"selected_options": [{"value": "Ecuador"}]})
    second = driver.answers(OPEN, 2)[-1]
    assert second["thread_ts"] == ts
    assert "Searched in: Ecuador, 2021, 2023" in read(second["blocks"])


def test_asking_a_person_calls_whom_the_settings_name(driver: Driver) -> None:
    driver.mention(CLOSED, ANA, QUESTION)
    (answer,) = driver.answers(CLOSED)
    driver.click(answer, "ask", ANA, CLOSED)
    call = driver.answers(CLOSED, 2)[-1]
    text = read(call["blocks"])
    assert text.startswith(f"@{BO} @SHELP @{ANA} asks for help")
    assert QUESTION in text


def test_where_nobody_is_named_the_asker_is_told(driver: Driver) -> None:
    driver.mention(OPEN, BO, QUESTION)
    (answer,) = driver.answers(OPEN)
    driver.click(answer, "ask", BO, OPEN)
    wait_for(lambda: bool(driver.workspace.ephemeral))
    assert "/mmsearch settings" in read(driver.workspace.ephemeral[0]["blocks"])
    assert len(driver.workspace.ours(OPEN)) == 1


def test_a_click_that_fails_leaves_the_answer_as_it_was(driver: Driver) -> None:
    driver.mention(OPEN, BO, QUESTION)
    (answer,) = driver.answers(OPEN)
    driver.knowledge.failure = RuntimeError("SECRET-EXCEPTION-TEXT")
    driver.click(answer, "more", BO, OPEN)
    wait_for(lambda: bool(driver.workspace.ephemeral))
    assert "Something went wrong" in read(driver.workspace.ephemeral[0]["blocks"])
    assert driver.workspace.ephemeral[0]["user"] == BO
    assert driver.fake.replies == {}
    assert "SECRET" not in str(driver.fake.calls)


def test_buttons_that_are_too_old_say_so(driver: Driver) -> None:
    driver.mention(OPEN, BO, QUESTION)
    (answer,) = driver.answers(OPEN)
    driver.click(answer, "show:1", BO, OPEN, value="forgotten")
    wait_for(lambda: bool(driver.workspace.ephemeral))
    assert "too old" in read(driver.workspace.ephemeral[0]["blocks"])


def test_a_long_answer_is_cut_at_a_sentence_and_all_of_it_is_behind_a_button(
    driver: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bots.slack.render.LONGEST_SENTENCE", 60)
    driver.mention(OPEN, BO, QUESTION)
    (answer,) = driver.answers(OPEN)
    assert "…" in read(answer["blocks"])
    monkeypatch.setattr("bots.slack.render.LONGEST_SENTENCE", 2000)
    driver.click(answer, "whole", BO, OPEN)
    assert "before the last day" in read(driver.view("The whole answer")["blocks"])


def test_a_message_whose_blocks_slack_does_not_take_comes_as_words(
    driver: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bots.slack.render.say", lambda *_, **__: "x" * 76)  # no button so long
    driver.fake.workspace.streams = False
    driver.mention(OPEN, BO, QUESTION)
    (answer,) = driver.answers(OPEN)
    assert "blocks" not in answer
    assert answer["text"].startswith(SAID)
    driver.workspace.invalid.clear()


def find_picture(view: dict) -> str:
    (block,) = [b for b in view["blocks"] if "slack_file" in b]
    return str(block["slack_file"]["id"])


def _pictured(view: dict) -> bool:
    return any("slack_file" in block for block in view["blocks"])


def _turn_of(answer: dict) -> str:
    return str(find(answer, "narrow")["value"])


def test_a_running_bot_leaves_the_log_of_everything_else_as_it_is(driver: Driver) -> None:
    driver.mention(OPEN, BO, QUESTION)
    assert driver.answers(OPEN)
    assert logging.getLogger("mmsearch").level == logging.NOTSET
    assert logging.getLogger("mmsearch.journal").isEnabledFor(logging.WARNING)
