"""Asking the library for somebody, and bringing what it says to where it was asked."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from bots.slack import home, render
from bots.slack.access import Access
from bots.slack.channels import AUTO, Channels, both
from bots.slack.client import PacedClient
from bots.slack.conversation import Conversation
from bots.slack.delivery import Delivery
from bots.slack.desk import Attempt
from bots.slack.directory import Directory
from bots.slack.errors import SlackRefused
from bots.slack.ledger import Ledger
from bots.slack.links import Links
from bots.slack.messages import Message, sentence
from bots.slack.phrases.catalogue import say
from bots.slack.places import Kind, Place
from bots.slack.streaming import Stream
from bots.slack.turns import Turn, filters_from_json, spots_of
from index.errors import BadFilter, BadQuery
from index.types import Filters, Reader
from ingest.language import LANGUAGES, detect_question
from mmsearch.conversation.content import looked_for
from mmsearch.journal.journal import Journal
from mmsearch.knowledge import KnowledgeBase
from mmsearch.phrases.catalogue import FALLBACK, spoken
from mmsearch.types import Answer, Citation, Sentence
from mmsearch.wording.word import Told

LONGEST_TITLE = 100
logger = logging.getLogger("mmsearch.slack")


@dataclass(frozen=True, slots=True)
class Tools:
    """What the work is done with.

    Attributes:
        knowledge: The library.
        journal: Where answers, gaps and votes are kept.
        client: The Web API.
        access: Who may read what.
        directory: Who is who.
        conversation: Reads threads.
        delivery: Posts.
        ledger: Keeps turns.
        channels: Returns the settings as they are now.
        links: Makes addresses.
        max_question: Longest question in characters.
        worded: A language model words answers, so that their sentences come one by one.
    """

    knowledge: KnowledgeBase
    journal: Journal
    client: PacedClient
    access: Access
    directory: Directory
    conversation: Conversation
    delivery: Delivery
    ledger: Ledger
    channels: Callable[[], Channels]
    links: Links
    max_question: int = 2000
    worded: bool = False


class Answering:
    """Does the jobs that ask the library and post."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def question(self, attempt: Attempt) -> None:
        """Answer a question where it was asked."""
        self._answer(attempt, quiet=False)

    def follow_up(self, attempt: Attempt) -> None:
        """Answer a message of a thread that does not mention the bot, if it has a part there.

        What cannot be answered and was perhaps not meant for the bot gets no reply.
        """
        if self._tools.conversation.engaged(attempt.job.place):
            self._answer(attempt, quiet=bool(attempt.job.data.get("quiet")))

    def share(self, attempt: Attempt) -> None:
        """Ask again with what a whole channel may read, and post that into the channel."""
        job, tools = attempt.job, self._tools
        place = replace(job.place, private=False, message="", thread="", reply_url="")
        turn = Turn.from_json(job.data["turn"])
        if tools.delivery.arrived(attempt, place):
            return
        reader = tools.access.channel(place.channel)
        found, language = self.ask(turn.question, place, reader, turn.filters, [])
        if not found.answered:
            refused = sentence(say("nothing_to_share", language))
            tools.delivery.whisper(replace(job.place, reply_url=""), refused)
            return
        frame = self._frame(found, place, language, turn.filters)
        shown = replace(frame, question=turn.question, shared_by=place.user)
        try:
            tools.delivery.deliver(attempt, place, render.answer(found, shown))
        except SlackRefused as exc:
            logger.info("an answer cannot be shared: %s", exc)
            refused = sentence(say("cannot_post", language, command="/invite"))
            tools.delivery.whisper(replace(job.place, reply_url=""), refused)

    def ask(
        self,
        question: str,
        place: Place,
        reader: Reader,
        narrowed: Filters,
        history: list[str],
        told: Told | None = None,
        *,
        record: bool = True,
    ) -> tuple[Answer, str]:
        """Ask the library; returns the answer and the language of our own sentences.

        Args:
            question: The question.
            place: Where it is asked: its settings hold.
            reader: Who asks.
            narrowed: What the asker narrowed it down to.
            history: The questions before it.
            told: Called with each sentence as soon as it is sure.
            record: Keep a receipt; not for an answer that was given before.

        Raises:
            BadQuery: The question is empty or too long.
        """
        tools = self._tools
        settings = tools.channels().channel(place.channel)
        filters = both(settings.only, narrowed)
        if len(question) > tools.max_question:
            raise BadQuery(f"the question has {len(question)} characters")
        try:
            found = tools.knowledge.ask(
                question, reader=reader, filters=filters, history=history, told=told
            )
        except BadFilter:
            # What is asked for does not exist among what may be read here.
            language = detect_question(question, LANGUAGES)
            found = Answer(question, False, 0.0, (), (), (), 0, language=language)
        kept = record and tools.journal.record_answer(found, reader=reader)
        answer_id = kept or found.answer_id
        return replace(found, answer_id=answer_id), self.language(place, found.language)

    def language(self, place: Place, asked: str = FALLBACK) -> str:
        """Return the language of our own sentences at a place."""
        wanted = self._tools.channels().channel(place.channel).language
        return spoken(asked if wanted == AUTO else wanted)

    def say_sorry(self, attempt: Attempt, request_id: str) -> None:
        """Say that something went wrong, with the id under which the log has it."""
        place = attempt.job.place
        language = self.language(place, detect_question(attempt.job.text, LANGUAGES))
        text = say("error", language, request_id=request_id)
        self._tools.delivery.deliver(attempt, place, sentence(text))

    def _answer(self, attempt: Attempt, *, quiet: bool) -> None:
        job, tools, place = attempt.job, self._tools, attempt.job.place
        if tools.delivery.arrived(attempt, place):
            return
        reader = tools.access.reader(place)
        narrowed = filters_from_json(job.data.get("filters") or {})
        history = [] if place.private else tools.conversation.history(place)
        stream = tools.delivery.begin(attempt, place) if tools.worded else None
        told = _writing(stream) if stream and not job.data.get("show") else None
        try:
            found, language = self.ask(job.text, place, reader, narrowed, history, told)
        except BadQuery:
            tools.delivery.deliver(attempt, place, self._unreadable(job.text, place))
            return
        if not found.answered and (quiet or self._chat(job.text, found, history)):
            if not quiet:
                tools.delivery.deliver(attempt, place, home.help_message(language))
            return
        frame = self._frame(found, place, language, narrowed)
        self._name(place, found, history)
        message = render.answer(found, replace(frame, question=str(job.data.get("show") or "")))
        tools.delivery.deliver(attempt, place, message, stream)

    def _chat(self, text: str, found: Answer, history: list[str]) -> bool:
        """Say whether a message asks nothing that a library could know ("hi", "thanks")."""
        return not history and not looked_for(text, found.language)

    def _frame(self, found: Answer, place: Place, language: str, narrowed: Filters) -> render.Frame:
        tools = self._tools
        turn = Turn(
            question=found.question,
            query=found.query,
            language=language,
            channel=place.channel,
            user=place.user,
            thread=place.thread,
            private=place.private,
            answer_id=found.answer_id,
            filters=narrowed,
            spots=spots_of(found),
            answered=found.answered,
        )
        direct = tools.directory.channel(place.channel).kind is Kind.DIRECT
        return render.Frame(
            turn_id=tools.ledger.keep_turn(turn.as_json()),
            language=language,
            links=tools.links,
            private=place.private,
            direct=direct,
            filters=both(tools.channels().channel(place.channel).only, narrowed),
        )

    def _unreadable(self, text: str, place: Place) -> Message:
        language = self.language(place, detect_question(text, LANGUAGES))
        if len(text) > self._tools.max_question:
            return sentence(say("error_long", language, most=self._tools.max_question))
        return home.help_message(language) if not text else sentence(say("error_words", language))

    def _name(self, place: Place, found: Answer, history: list[str]) -> None:
        """Name a thread of the assistant pane after its first question."""
        if not place.assistant or history:
            return
        arguments: dict[str, Any] = {"channel_id": place.channel, "thread_ts": place.thread}
        try:
            self._tools.client.assistant_threads_setTitle(
                title=found.question[:LONGEST_TITLE], **arguments
            )
        except SlackRefused as exc:
            logger.info("a thread has no title: %s", exc)


def _writing(stream: Stream) -> Told:
    """Return what writes each sentence as soon as it is sure."""

    def told(sentence: Sentence, _: tuple[Citation, ...]) -> None:
        stream.write(render.paragraph(sentence))

    return told
