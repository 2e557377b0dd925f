"""People and Slack on one side, the bot on the other: real requests, signed as Slack signs."""

from __future__ import annotations

import itertools
import json
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from slack_sdk.signature import SignatureVerifier
from starlette.testclient import TestClient

from bots.slack.app import Config, SlackBot
from bots.slack.endpoint import PATH, Endpoint
from index.types import Filters, Reader
from ingest.types import Rect
from mmsearch.answer.abstain import THRESHOLD
from mmsearch.journal.journal import Journal
from mmsearch.journal.types import Recording
from mmsearch.types import Answer
from mmsearch.wording.word import Told
from tests.bots.fake_slack import FakeSlack
from tests.bots.limits import read
from tests.bots.workspace import APP, BOT, TEAM, TOKEN
from tests.service.fake import FakeKnowledge

SECRET = "signed-in-tests"  # noqa: S105  # opens nothing
ANA, BO, EVE = "UANA1", "UBO11", "UEVE1"
PATIENCE = 120.0


@dataclass
class Knowledge(FakeKnowledge):
    """The fake library, which can be slow and remembers who asked with what."""

    seconds: float = 0.0
    gate: threading.Event | None = None
    after_telling: threading.Event | None = None
    readers: list[Reader] = field(default_factory=list)
    histories: list[Sequence[str]] = field(default_factory=list)

    def ask(
        self,
        question: str,
        *,
        reader: Reader,
        filters: Filters | None = None,
        history: Sequence[str] = (),
        bar: float = THRESHOLD,
        told: Told | None = None,
    ) -> Answer:
        self.readers.append(reader)
        self.histories.append(list(history))
        time.sleep(self.seconds)
        if self.gate is not None:
            self.gate.wait(PATIENCE)
        found = super().ask(question, reader=reader, filters=filters)
        for sentence in found.sentences if told else ():
            told(sentence, found.citations)
        if self.after_telling is not None:
            self.after_telling.wait(PATIENCE)
        return found


class Drawing:
    """Draws a page as a few bytes that name it."""

    def __init__(self) -> None:
        self.drawn: list[str] = []

    def png(
        self, path: Path, page_index: int, rects: Sequence[Rect], *, scale: float = 2.0
    ) -> bytes:
        self.drawn.append(path.stem)
        return f"PNG {path.stem} {page_index} {len(rects)}".encode()


class Driver:
    """One bot in front of one fake Slack."""

    def __init__(
        self, fake: FakeSlack, knowledge: Knowledge, folder: Path, settings: str = "", **more: Any
    ) -> None:
        self.fake, self.knowledge, self.folder = fake, knowledge, folder
        self.workspace = fake.workspace
        self.drawing = Drawing()
        self.more = more
        self.file = folder / "slack.yaml"
        if settings:
            self.file.write_text(settings, encoding="utf-8")
        self._numbers = itertools.count(1)
        self.start()

    def start(self) -> None:
        """Start the bot, or start it again."""
        config = Config(
            bot_token=TOKEN,
            state=self.folder / "state",
            channels=self.file,
            signing_secret=SECRET,
            api=self.fake.api,
            **{"base": "https://library.example.org", "pause": 0.02, **self.more},
        )
        journal = Journal.open(self.folder, recording=Recording.ON)
        self.journal = journal

        def start() -> SlackBot:
            return SlackBot.start(config, self.knowledge, journal, self.drawing)

        self.endpoint = Endpoint(SECRET, start)
        self.bot = self.endpoint.ready()
        assert self.bot is not None, "the bot did not start"
        self.client = TestClient(self.endpoint)

    def close(self, *, wait: float = 5.0) -> None:
        """Stop the bot."""
        if self.bot is not None:
            self.bot.desk.close(wait=wait)
        self.endpoint.close()
        self.journal.close()

    # What people do.

    def mention(self, channel: str, user: str, text: str, thread: str = "") -> str:
        ts = self.workspace.write(channel, user, f"<@{BOT}> {text}", thread)
        self.event(self.said(channel, user, f"<@{BOT}> {text}", ts, thread, kind="app_mention"))
        return ts

    def say(
        self, channel: str, user: str, text: str, thread: str = "", kind: str = "channel"
    ) -> str:
        ts = self.workspace.write(channel, user, text, thread)
        event = self.said(channel, user, text, ts, thread)
        self.event({**event, "channel_type": kind})
        return ts

    def command(self, channel: str, user: str, text: str, reply: str = "reply") -> Any:
        body = {
            "token": "x",
            "team_id": TEAM,
            "channel_id": channel,
            "user_id": user,
            "command": "/mmsearch",
            "text": text,
            "api_app_id": APP,
            "response_url": self.fake.reply_url(reply),
            "trigger_id": self.workspace.trigger(user),
        }
        return self.post(urlencode(body))

    def shortcut(self, channel: str, user: str, text: str) -> Any:
        return self.interact(
            {
                "type": "message_action",
                "callback_id": "find_sources",
                "user": {"id": user},
                "channel": {"id": channel},
                "team": {"id": TEAM},
                "message_ts": "1.2",
                "trigger_id": self.workspace.trigger(user),
                "message": {"type": "message", "text": text},
            }
        )

    def click(
        self,
        holder: Mapping[str, Any],
        action: str,
        user: str,
        channel: str = "",
        *,
        value: str | None = None,
        ephemeral: bool = False,
    ) -> Any:
        """Click a button of a message, or of a view (which has an id)."""
        element = find(holder, action)
        body: dict[str, Any] = {
            "type": "block_actions",
            "user": {"id": user, "team_id": TEAM},
            "team": {"id": TEAM},
            "api_app_id": APP,
            "trigger_id": self.workspace.trigger(user),
            "actions": [
                {
                    "action_id": element["action_id"],
                    "type": element["type"],
                    "value": element.get("value", "") if value is None else value,
                    "action_ts": self.workspace.stamp(),
                }
            ],
        }
        if "id" in holder:
            body["view"] = {
                "id": holder["id"],
                "private_metadata": holder.get("private_metadata", ""),
            }
            body["container"] = {"type": "view", "view_id": holder["id"]}
        else:
            body["channel"] = {"id": channel}
            body["container"] = {
                "type": "message",
                "is_ephemeral": ephemeral,
                "channel_id": channel,
            }
            body["response_url"] = self.fake.reply_url("in place of the message")
            body["message"] = {k: holder[k] for k in ("ts", "thread_ts") if k in holder}
        return self.interact(body)

    def submit(self, view: Mapping[str, Any], user: str, **values: Mapping[str, Any]) -> Any:
        state = {block: {"value": value} for block, value in values.items()}
        return self.interact(
            {
                "type": "view_submission",
                "user": {"id": user},
                "team": {"id": TEAM},
                "view": {
                    "id": view["id"],
                    "hash": self.workspace.stamp(),
                    "type": "modal",
                    "callback_id": view["callback_id"],
                    "private_metadata": view.get("private_metadata", ""),
                    "state": {"values": state},
                },
            }
        )

    # What Slack sends.

    def said(
        self, channel: str, user: str, text: str, ts: str, thread: str = "", kind: str = "message"
    ) -> dict[str, Any]:
        event = {
            "type": kind,
            "user": user,
            "text": text,
            "ts": ts,
            "event_ts": ts,
            "team": TEAM,
            "channel": channel,
        }
        return {**event, "thread_ts": thread} if thread else event

    def event(self, event: Mapping[str, Any], event_id: str = "", **more: Any) -> Any:
        return self.post_json(
            {
                "type": "event_callback",
                "team_id": TEAM,
                "api_app_id": APP,
                "event": dict(event),
                "event_id": event_id or f"Ev{next(self._numbers)}",
                "event_time": int(time.time()),
                **more,
            }
        )

    def interact(self, payload: Mapping[str, Any]) -> Any:
        return self.post(urlencode({"payload": json.dumps(payload)}))

    def post_json(self, body: Mapping[str, Any], **headers: str) -> Any:
        return self.post(json.dumps(body), "application/json", **headers)

    def post(
        self, body: str, kind: str = "application/x-www-form-urlencoded", **headers: str
    ) -> Any:
        given = {**signed(body), "Content-Type": kind, **headers}
        return self.client.post(PATH, content=body.encode(), headers=given)

    # What people see.

    def settle(self) -> None:
        """Wait until everything that was taken on is done."""
        wait_for(lambda: not self.bot.ledger.unfinished())

    def answers(self, channel: str, count: int = 1) -> list[dict[str, Any]]:
        """Wait for the bot's messages in a channel, and for what follows them."""
        wait_for(lambda: len(self.workspace.ours(channel)) >= count)
        self.settle()
        return self.workspace.ours(channel)

    def view(self, title: str) -> dict[str, Any]:
        """Wait for the latest view with a title to be filled."""

        def found() -> list[dict[str, Any]]:
            views = [v for v in self.workspace.views.values() if v["title"]["text"] == title]
            return [v for v in views if "Searching …" not in read(v["blocks"])]

        wait_for(lambda: bool(found()))
        return found()[-1]


def signed(body: str, *, secret: str = SECRET, stamp: str = "") -> dict[str, str]:
    """Return the headers with which Slack signs a body."""
    stamp = stamp or str(int(time.time()))
    signature = SignatureVerifier(secret).generate_signature(timestamp=stamp, body=body)
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": signature or ""}


def find(holder: Any, action: str) -> dict[str, Any]:
    """Return the element with an action id, wherever it stands."""
    for element in _elements(holder):
        if element.get("action_id") == action:
            return element
    names = [e["action_id"] for e in _elements(holder) if "action_id" in e]
    raise AssertionError(f"no {action!r} among {names}")


def has(holder: Any, action: str) -> bool:
    """Say whether there is an element with an action id."""
    return any(element.get("action_id") == action for element in _elements(holder))


def wait_for(condition: Callable[[], bool], patience: float = PATIENCE) -> None:
    """Wait until something is so."""
    until = time.monotonic() + patience
    while not condition():
        if time.monotonic() > until:
            raise AssertionError("it did not come to be in time")
        time.sleep(0.005)


def _elements(holder: Any) -> list[dict[str, Any]]:
    if isinstance(holder, Mapping):
        inner = [one for value in holder.values() for one in _elements(value)]
        return [dict(holder), *inner] if "action_id" in holder else inner
    if isinstance(holder, list | tuple):
        return [one for value in holder for one in _elements(value)]
    return []
