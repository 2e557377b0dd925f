"""What people write in Slack becomes plain words."""

from __future__ import annotations

import pytest

from bots.slack.incoming import (
    addresses_another,
    by_a_person,
    looks_like_a_question,
    mentions,
    plain,
)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<@UBOT1> What   is\nit?", "What is it?"),
        ("What does <@UANA1|ana> say of <#C1|haiti>?", "What does ana say of #haiti?"),
        ("see <https://a.example/x|the page> &amp; &lt;this&gt;", "see the page & <this>"),
        ("<https://a.example>", "https://a.example"),
        ("<!subteam^S1|@help> <!channel> now", "@help now"),
        ("<@UBOT1>", ""),
        ("a < b and c > d", "a < b and c > d"),
    ],
)
def test_marks_of_slack_are_taken_apart(text: str, words: str) -> None:
    assert plain(text, bot="UBOT1") == words


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("and in Tunisia", True),
        ("Who is responsible", True),
        ("really?", True),
        ("et en Tunisie", True),
        ("¿y en Túnez?", True),
        ("а в Тунисе", True),
        ("وماذا عن تونس", True),
        ("هل هناك تقرير؟", True),
        ("thanks a lot", False),
        ("merci", False),
        (":+1: :tada:", False),
        (":tada: " * 300 + "great", False),
        ("", False),
        ("I will look at it tomorrow.", False),
    ],
)
def test_a_follow_up_asks_or_does_not(text: str, asks: bool) -> None:
    assert looks_like_a_question(text) is asks


def test_who_is_spoken_to() -> None:
    assert mentions("hello <@UBOT1>", "UBOT1")
    assert mentions("hello <@UBOT1|bot>", "UBOT1")
    assert not mentions("hello UBOT1", "UBOT1")
    assert addresses_another(" <@UANA1> could you?", "UBOT1")
    assert not addresses_another("<@UBOT1> could you?", "UBOT1")


@pytest.mark.parametrize(
    ("change", "person"),
    [
        ({}, True),
        ({"subtype": "file_share"}, True),
        ({"subtype": "thread_broadcast"}, True),
        ({"subtype": "message_changed"}, False),
        ({"subtype": "bot_message"}, False),
        ({"bot_id": "B1"}, False),
        ({"user": None}, False),
        ({"hidden": True}, False),
        ({"ts": ""}, False),
    ],
)
def test_only_what_a_person_has_just_written_counts(change: dict, person: bool) -> None:
    event = {"user": "U1", "channel": "C1", "ts": "1.2", "text": "hello", **change}
    assert by_a_person(event) is person
