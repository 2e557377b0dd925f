"""From what Slack sends to jobs. A listener takes a job on and returns; nothing slow is here.

bolt runs these before it answers Slack, so an event is only acknowledged once it is claimed.
bolt's own Assistant class is not used: it reads and writes Slack before it acknowledges.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from slack_bolt import Ack, App, BoltResponse

from bots.slack.channels import Channels
from bots.slack.desk import Desk, Receipt, Taken
from bots.slack.home import COMMAND
from bots.slack.incoming import (
    addresses_another,
    by_a_person,
    looks_like_a_question,
    mentions,
    plain,
)
from bots.slack.jobs import Job, What
from bots.slack.phrases.catalogue import say
from bots.slack.places import Place
from ingest.language import LANGUAGES, detect_question

Body = Mapping[str, Any]
ANYTHING = re.compile(r"")


class Events:
    """What people write, open and type.

    Args:
        desk: Takes jobs on.
        channels: Returns the settings as they are now.
        bot: The bot's user id.
    """

    def __init__(self, desk: Desk, channels: Callable[[], Channels], bot: str) -> None:
        self._desk = desk
        self._channels = channels
        self._bot = bot

    def listen(self, app: App) -> None:
        """Register with bolt; what nobody wants is acknowledged and dropped."""
        app.event("app_mention")(self.mention)
        app.event("message")(self.message)
        app.event("app_home_opened")(self.home)
        app.event("assistant_thread_started")(self.pane_opened)
        app.event(ANYTHING)(_drop)
        app.command(COMMAND)(self.command)
        app.shortcut("find_sources")(self.shortcut)

    def mention(self, event: Body, body: Body) -> None:
        """Answer a mention in its thread."""
        if by_a_person(event):
            self._ask(What.QUESTION, event, body, thread=str(event.get("thread_ts") or event["ts"]))

    def message(self, event: Body, body: Body) -> None:
        """Answer a direct message, or a follow-up in a thread that needs no mention."""
        if not by_a_person(event):
            return
        if event.get("channel_type") == "im":
            thread = str(event.get("thread_ts") or "")
            self._ask(What.QUESTION, event, body, thread=thread, assistant=bool(thread))
        elif self._may_follow_up(event):
            self._ask(What.FOLLOW_UP, event, body, thread=str(event["thread_ts"]))

    def home(self, event: Body, body: Body) -> None:
        """Publish the home page when it is opened."""
        if event.get("tab", "home") == "home":
            place = Place("", str(event["user"]), _team(body, event), private=True)
            self._desk.accept(Job(_key(body, event), What.HOME, place))

    def pane_opened(self, event: Body, body: Body) -> None:
        """Offer questions in a new thread of the assistant pane."""
        thread = event["assistant_thread"]
        place = Place(
            str(thread["channel_id"]),
            str(thread["user_id"]),
            _team(body, event),
            thread=str(thread["thread_ts"]),
        )
        self._desk.accept(Job(_key(body, event), What.GREET, place))

    def command(self, body: Body, ack: Ack) -> BoltResponse:
        """Answer the command for its asker alone, or open the channel's settings."""
        text = plain(str(body.get("text") or ""), bot=self._bot)
        place = Place(
            str(body["channel_id"]),
            str(body["user_id"]),
            str(body.get("team_id") or ""),
            private=True,
            reply_url=str(body.get("response_url") or ""),
        )
        key = f"command:{body['trigger_id']}"
        if text.casefold() == "settings":
            data = {"trigger": body["trigger_id"]}
            self._desk.accept(Job(key, What.SETTINGS, place, data=data))
            return ack()
        if text.casefold() in {"", "help"}:
            self._desk.accept(Job(key, What.HELP, place))
            return ack()
        receipt = self._desk.accept(Job(key, What.QUESTION, place, text))
        return ack() if receipt.taken is Taken.AGAIN else ack(_coming(receipt, text))

    def shortcut(self, body: Body, ack: Ack) -> BoltResponse:
        """Find sources for a message."""
        channel = (body.get("channel") or {}).get("id", "")
        place = Place(str(channel), str(body["user"]["id"]), _home(body), private=True)
        text = plain(str((body.get("message") or {}).get("text") or ""), bot=self._bot)
        key = f"shortcut:{body['trigger_id']}"
        data = {"trigger": body["trigger_id"]}
        self._desk.accept(Job(key, What.FIND_SOURCES, place, text, data))
        return ack()

    def _may_follow_up(self, event: Body) -> bool:
        """Say whether a message of a channel may be meant for the bot without naming it."""
        text, thread = str(event.get("text") or ""), event.get("thread_ts")
        if not thread or thread == event["ts"] or mentions(text, self._bot):
            return False  # a mention comes as an event of its own
        if addresses_another(text, self._bot) or not looks_like_a_question(plain(text)):
            return False
        return not self._channels().channel(str(event["channel"])).mention_only

    def _ask(
        self, what: What, event: Body, body: Body, *, thread: str, assistant: bool = False
    ) -> None:
        place = Place(
            str(event["channel"]),
            str(event["user"]),
            _team(body, event),
            message=str(event["ts"]),
            thread=thread,
            assistant=assistant,
        )
        text = plain(str(event.get("text") or ""), bot=self._bot)
        quiet = what is What.FOLLOW_UP and "?" not in text and "؟" not in text
        subject = f"{place.team} {place.channel} {place.message}"
        self._desk.accept(
            Job(_key(body, event), what, place, text, {"quiet": quiet}, subject=subject)
        )


def _drop() -> None:
    """Take note of nothing."""


def _coming(receipt: Receipt, text: str) -> str:
    language = detect_question(text, LANGUAGES)
    if receipt.taken is Taken.BUSY:
        return say("busy", language)
    if receipt.before:
        return say("before_yours", language, count=receipt.before)
    return say("searching", language)


def _key(body: Body, event: Body) -> str:
    """Return the id under which Slack sends an event again."""
    known = body.get("event_id")
    return str(known) if known else f"event:{event.get('event_ts') or event.get('ts')}"


def _team(body: Body, event: Body) -> str:
    return str(event.get("team") or body.get("team_id") or "")


def _home(body: Body) -> str:
    return str((body.get("team") or {}).get("id") or "")
