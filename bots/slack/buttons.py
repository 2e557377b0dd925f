"""From clicks and forms to jobs. What a button carries is only the id of a turn."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from slack_bolt import Ack, App, BoltResponse

from bots.slack import forms
from bots.slack.desk import Desk
from bots.slack.jobs import Job, What
from bots.slack.ledger import Ledger
from bots.slack.places import Place
from bots.slack.turns import Turn

Body = Mapping[str, Any]
SIMPLE = {
    "more": What.MORE,
    "whole": What.WHOLE,
    "narrow": What.NARROW,
    "gap": What.RECORD_GAP,
    "ask": What.ASK_PERSON,
    "share": What.SHARE,
}
"""Buttons that carry a turn and nothing else."""
NUMBERED = re.compile(r"(show|push|page):(\d{1,4})")
ANYTHING = re.compile(r"")


class Buttons:
    """What people click and fill in.

    Args:
        desk: Takes jobs on.
        ledger: Knows the turns.
    """

    def __init__(self, desk: Desk, ledger: Ledger) -> None:
        self._desk = desk
        self._ledger = ledger

    def listen(self, app: App) -> None:
        """Register with bolt; other clicks, such as on links, are acknowledged."""
        for action in SIMPLE:
            app.action(action)(self.simple)
        app.action(NUMBERED)(self.numbered)
        app.action("vote")(self.vote)
        app.action(ANYTHING)(_taken)
        app.view("narrow")(self.narrowed)
        app.view("missing")(self.missing)
        app.view("settings")(self.settings)
        app.view(ANYTHING)(_taken)

    def simple(self, body: Body, action: Body, ack: Ack) -> BoltResponse:
        """Take on what a button stands for."""
        name, turn_id = str(action["action_id"]), str(action.get("value") or "")
        data = {"turn_id": turn_id, "trigger": body.get("trigger_id")}
        self._take(body, action, SIMPLE[name], turn_id, data)
        return ack()

    def numbered(self, body: Body, action: Body, ack: Ack) -> BoltResponse:
        """Show a passage, or turn a page of results."""
        match = NUMBERED.fullmatch(str(action["action_id"]))
        if match is None:
            return ack()
        name, number = match[1], int(match[2])
        data: dict[str, Any] = {"trigger": body.get("trigger_id")}
        if name == "page":
            data |= {"first": number, "view": (body.get("view") or {}).get("id")}
        else:
            data |= {"number": number, "push": name == "push"}
        what = What.MORE if name == "page" else What.SHOW
        self._take(body, action, what, str(action.get("value") or ""), data)
        return ack()

    def vote(self, body: Body, action: Body, ack: Ack) -> BoltResponse:
        """Keep a vote; a thumb down also asks what was missing."""
        direction, _, turn_id = str(action.get("value") or "").partition(" ")
        data: dict[str, Any] = {"helpful": direction == "up"}
        if direction != "up":
            self._take(
                body,
                action,
                What.ASK_MISSING,
                turn_id,
                {
                    "turn_id": turn_id,
                    "trigger": body.get("trigger_id"),
                },
            )
        self._take(body, action, What.VOTE, turn_id, data)
        return ack()

    def narrowed(self, body: Body, view: Body, ack: Ack) -> BoltResponse:
        """Ask again within what was chosen."""
        turn_id, state = str(view.get("private_metadata") or ""), _state(view)
        turn = self._turn(turn_id, _user(body))
        if turn is None:
            return ack()
        if wrong := forms.wrong_years(state, turn.language):
            return ack(response_action="errors", errors=wrong)
        filters = asdict(forms.narrowed(state))
        data = {"filters": filters, "show": turn.question}
        place = Place(
            turn.channel,
            _user(body),
            _team(body),
            thread=turn.thread,
            private=turn.private,
        )
        key = f"view:{view['id']}:{view.get('hash', '')}"
        self._desk.accept(Job(key, What.QUESTION, place, turn.query or turn.question, data))
        return ack()

    def missing(self, body: Body, view: Body, ack: Ack) -> BoltResponse:
        """Keep what somebody says was missing."""
        turn_id = str(view.get("private_metadata") or "")
        text = forms.missing_text(_state(view))
        if text:
            key = f"view:{view['id']}:{view.get('hash', '')}"
            data = {"helpful": False, "missing": text}
            self._take_on(body, key, What.VOTE, turn_id, data)
        return ack()

    def settings(self, body: Body, view: Body, ack: Ack) -> BoltResponse:
        """Save a channel's settings; whether this person may is decided where it is done."""
        state = _state(view)
        if wrong := forms.wrong_years(state, "en"):
            return ack(response_action="errors", errors=wrong)
        channel = str(view.get("private_metadata") or "")
        place = Place(channel, _user(body), _team(body), private=True)
        key = f"view:{view['id']}:{view.get('hash', '')}"
        self._desk.accept(Job(key, What.SAVE_SETTINGS, place, data={"state": state}))
        return ack()

    def _take(
        self, body: Body, action: Body, what: What, turn_id: str, data: dict[str, Any]
    ) -> None:
        key = f"click:{action.get('action_ts')}:{_user(body)}:{action.get('action_id')}:{what}"
        self._take_on(body, key, what, turn_id, data)

    def _take_on(
        self, body: Body, key: str, what: What, turn_id: str, data: dict[str, Any]
    ) -> None:
        user = _user(body)
        turn = self._turn(turn_id, user)
        place = _place(body, turn)
        if turn is None:
            self._desk.accept(Job(key, What.TOO_OLD, place))
            return
        data = {**data, "turn": turn.as_json()}
        self._desk.accept(Job(key, what, place, turn.question, data))

    def _turn(self, turn_id: str, user: str) -> Turn | None:
        """Return a turn; a private one only to its asker."""
        body = self._ledger.turn(turn_id)
        turn = Turn.from_json(body) if body else None
        return None if turn and turn.private and turn.user != user else turn


def _taken(ack: Ack) -> BoltResponse:
    return ack()


def _place(body: Body, turn: Turn | None) -> Place:
    """Return where somebody clicked, as Slack says; a view says nothing of it.

    Slack's address for replies is left out: what is sent there stands in place of the message.
    """
    container = body.get("container") or {}
    channel = (body.get("channel") or {}).get("id") or container.get("channel_id")
    thread = (body.get("message") or {}).get("thread_ts") or container.get("thread_ts")
    return Place(
        str(channel or (turn.channel if turn else "")),
        _user(body),
        _team(body),
        thread=str(thread or (turn.thread if turn else "")),
    )


def _state(view: Body) -> dict[str, Any]:
    return dict((view.get("state") or {}).get("values") or {})


def _user(body: Body) -> str:
    return str((body.get("user") or {}).get("id") or "")


def _team(body: Body) -> str:
    return str((body.get("team") or {}).get("id") or (body.get("user") or {}).get("team_id") or "")
