"""Votes, gaps, asking a person, and the words that explain how to ask."""

from __future__ import annotations

import logging
from dataclasses import replace

from bots.slack import forms, home
from bots.slack.answering import Answering, Tools
from bots.slack.desk import Attempt
from bots.slack.elements import (
    Block,
    fallback,
    flowing,
    line,
    person,
    quote,
    rich,
    usergroup,
    words,
)
from bots.slack.errors import SlackRefused
from bots.slack.messages import Message, sentence
from bots.slack.phrases.catalogue import CATALOGUES, say
from bots.slack.places import Kind, Place
from bots.slack.turns import Turn

PROMPTS = ("prompt_1", "prompt_2", "prompt_3")
logger = logging.getLogger("mmsearch.slack")


class Helping:
    """Does the jobs around an answer."""

    def __init__(self, tools: Tools, answering: Answering) -> None:
        self._tools = tools
        self._answering = answering

    def vote(self, attempt: Attempt) -> None:
        """Keep a vote, or what somebody says was missing."""
        data, turn = attempt.job.data, Turn.from_json(attempt.job.data["turn"])
        place = attempt.job.place
        self._tools.journal.record_feedback(
            turn.answer_id,
            helpful=bool(data["helpful"]),
            missing=str(data.get("missing") or ""),
            asker=f"slack {place.team} {place.user}",
        )
        if data["helpful"] or data.get("missing"):
            self._tell(attempt, sentence(say("thanks", turn.language)))

    def ask_missing(self, attempt: Attempt) -> None:
        """Ask what was missing; nobody has to say."""
        data, turn = attempt.job.data, Turn.from_json(attempt.job.data["turn"])
        form = forms.missing(str(data["turn_id"]), turn.language)
        self._tools.client.views_open(trigger_id=data["trigger"], view=form)

    def too_old(self, attempt: Attempt) -> None:
        """Say that a button has outlived what it knew."""
        language = self._answering.language(attempt.job.place)
        self._tell(attempt, sentence(say("too_old", language)))

    def record_gap(self, attempt: Attempt) -> None:
        """Keep a question that the library does not answer, as its asker wants it to."""
        turn = Turn.from_json(attempt.job.data["turn"])
        kept = self._tools.journal.record_gap(
            turn.question, language=turn.language, answer_id=turn.answer_id, consented=True
        )
        name = "gap_recorded" if kept else "gap_not_recorded"
        self._tell(attempt, sentence(say(name, turn.language)))

    def ask_person(self, attempt: Attempt) -> None:
        """Call whoever the channel's settings name."""
        job, tools = attempt.job, self._tools
        turn = Turn.from_json(job.data["turn"])
        helpers = tools.channels().channel(turn.channel).ask
        if not helpers:
            said = say("nobody_named", turn.language, command=f"{home.COMMAND} settings")
            self._tell(attempt, sentence(said))
            return
        direct = tools.directory.channel(turn.channel).kind is Kind.DIRECT
        if turn.private or direct:
            self._write_to(attempt, helpers, turn)
        else:
            place = replace(job.place, channel=turn.channel, thread=turn.thread, private=False)
            tools.delivery.deliver(attempt, place, call(helpers, job.place.user, turn))
        self._tell(attempt, sentence(say("person_asked", turn.language)))

    def help(self, attempt: Attempt) -> None:
        """Say how to ask."""
        place = attempt.job.place
        language = self._answering.language(place)
        self._tools.delivery.deliver(attempt, place, home.help_message(language))

    def greet(self, attempt: Attempt) -> None:
        """Offer a few questions in the assistant pane."""
        place = attempt.job.place
        language = self._answering.language(place)
        prompts = [
            {"title": say(name, language), "message": say(name, language)} for name in PROMPTS
        ]
        self._tools.client.assistant_threads_setSuggestedPrompts(
            channel_id=place.channel,
            thread_ts=place.thread,
            title=say("prompts_title", language),
            prompts=prompts,
        )

    def _tell(self, attempt: Attempt, message: Message) -> None:
        """Say something to whoever clicked, and to nobody else."""
        place = attempt.job.place
        try:
            self._tools.delivery.whisper(replace(place, reply_url="", private=True), message)
        except SlackRefused as exc:
            logger.info("nobody was told: %s", exc)

    def _write_to(self, attempt: Attempt, helpers: tuple[str, ...], turn: Turn) -> None:
        for helper in helpers:
            if helper[0] in "UW":
                place = Place(helper, attempt.job.place.user)
                key = f"{attempt.job.key}:{helper}"
                one = replace(attempt, job=replace(attempt.job, key=key), stream="", number=1)
                self._tools.delivery.deliver(one, place, call((), attempt.job.place.user, turn))


def call(helpers: tuple[str, ...], asker: str, turn: Turn) -> Message:
    """Return the message that asks people for help."""
    phrase = CATALOGUES[turn.language]["asks_for_help"]
    before, _, behind = phrase.partition("{person}")
    runs: list[Block] = []
    for helper in helpers:
        runs += [usergroup(helper) if helper[0] == "S" else person(helper), words(" ")]
    runs += [words(before), person(asker), words(behind)]
    asked = quote(words(flowing(turn.question)))
    return Message(fallback(turn.question), rest=(rich(line(*runs), asked),))
