"""What happens when somebody clicks: who may see what is decided then, from the click itself."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from bots.slack import forms, home, views
from bots.slack.answering import Answering, Tools
from bots.slack.channels import both
from bots.slack.desk import Attempt
from bots.slack.elements import Block
from bots.slack.errors import BadChannelSettings, SlackAway, SlackRefused
from bots.slack.messages import sentence
from bots.slack.passages import look_up
from bots.slack.phrases.catalogue import say
from bots.slack.pictures import Pictures
from bots.slack.places import Kind, Place
from bots.slack.settings_file import SettingsFile
from bots.slack.turns import Spot, Turn, spots_of
from index.errors import BadFilter, BadQuery, NotFound
from index.types import Hit, Reader

MOST_RESULTS = 50
PICTURE_TRIES = 3
logger = logging.getLogger("mmsearch.slack")


class Clicks:
    """Does the jobs that open or fill a view.

    Args:
        tools: What the work is done with.
        answering: Asks the library.
        pictures: Puts pictures of pages into Slack.
        file: The settings per channel.
        sleep: Waits that many seconds.
    """

    def __init__(
        self,
        tools: Tools,
        answering: Answering,
        pictures: Pictures,
        file: SettingsFile,
        *,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._tools = tools
        self._answering = answering
        self._pictures = pictures
        self._file = file
        self._sleep = sleep

    def show(self, attempt: Attempt) -> None:
        """Show a passage with its neighbours, then with the picture of its page."""
        turn, place = self._turn(attempt), attempt.job.place
        language = turn.language
        view = self._open(attempt, views.waiting(say("passage", language), language))
        number = int(attempt.job.data["number"])
        reader = self._reader(turn, place)
        try:
            spot = turn.spots[number - 1]
            shown = look_up(self._tools.knowledge, spot, reader=reader)
        except (NotFound, IndexError):
            self._refuse(view, "passage", language)
            return
        self._update(view, views.passage(shown, self._tools.links, language))
        if picture := self._pictures.page(shown.document, shown.locator, reader=reader):
            self._with_picture(
                view, views.passage(shown, self._tools.links, language, picture=picture), picture
            )

    def more(self, attempt: Attempt) -> None:
        """Show a page of further passages."""
        turn, data = self._turn(attempt), attempt.job.data
        language = turn.language
        view = str(data.get("view") or "") or self._open(
            attempt, views.waiting(say("more_results", language), language)
        )
        first = max(1, int(data.get("first") or 1))
        hits = self._hits(turn, self._reader(turn, attempt.job.place))
        page = hits[first - 1 : first - 1 + views.PAGE]
        more = len(hits) > first - 1 + views.PAGE
        turn_id = self._found_turn(turn, hits)
        shown = views.results(page, turn_id, self._tools.links, language, first=first, more=more)
        self._update(view, shown)

    def whole(self, attempt: Attempt) -> None:
        """Show all of an answer that was cut."""
        turn = self._turn(attempt)
        language = turn.language
        view = self._open(attempt, views.waiting(say("whole_answer", language), language))
        reader = self._reader(turn, attempt.job.place)
        place = replace(attempt.job.place, channel=turn.channel)
        question = turn.query or turn.question
        found, _ = self._answering.ask(question, place, reader, turn.filters, [], record=False)
        if found.answered:
            kept = replace(turn, spots=spots_of(found)).as_json()
            turn_id = self._tools.ledger.keep_turn(kept)
            self._update(view, views.whole(found, turn_id, self._tools.links, language))
        else:
            self._refuse(view, "whole_answer", language)

    def narrow(self, attempt: Attempt) -> None:
        """Open the form that narrows a search, with what may be read where the answer goes."""
        turn = self._turn(attempt)
        language = turn.language
        view = self._open(attempt, views.waiting(say("narrow_title", language), language))
        reader = self._choices(turn, attempt.job.place.user)
        facets = self._facets(reader, turn.channel)
        turn_id = str(attempt.job.data["turn_id"])
        self._update(view, forms.narrow(facets, turn.filters, turn_id, language))

    def find_sources(self, attempt: Attempt) -> None:
        """Show the passages that stand nearest to a message."""
        job = attempt.job
        language = self._answering.language(job.place)
        view = self._open(attempt, views.waiting(say("sources_found", language), language))
        turn = Turn(job.text, language=language, channel=job.place.channel, user=job.place.user)
        if not job.text:
            text = say("nothing_to_find", language)
            self._update(view, views.told(say("sources_found", language), text, language))
            return
        hits = self._hits(turn, self._reader(turn, job.place))[: views.PAGE]
        turn_id = self._found_turn(turn, hits)
        self._update(view, views.sources(hits, turn_id, self._tools.links, language))

    def settings(self, attempt: Attempt) -> None:
        """Open a channel's settings for those who may change them."""
        place = attempt.job.place
        language = self._answering.language(place)
        view = self._open(attempt, views.waiting(say("settings_title", language), language))
        refusal = self._refusal(place)
        if refusal:
            text = say(refusal, language, command=home.COMMAND)
            self._update(view, views.told(say("settings_title", language), text, language))
            return
        now = self._tools.channels().channel(place.channel)
        facets = dict(
            self._tools.knowledge.facets(reader=self._tools.access.channel(place.channel))
        )
        collections = self._tools.channels().collections
        self._update(view, forms.settings(now, collections, facets, language))

    def save_settings(self, attempt: Attempt) -> None:
        """Write a channel's settings, if this person may change them."""
        job, place = attempt.job, attempt.job.place
        name = self._refusal(place)
        if not name:
            now = self._tools.channels().channel(place.channel)
            name = "settings_saved"
            try:
                self._file.change(place.channel, forms.read_settings(job.data["state"], now))
            except BadChannelSettings as exc:
                logger.error("the settings of %s are not saved: %s", place.channel, exc)
                raise
        language = self._answering.language(place)  # which may just have changed
        self._tools.delivery.whisper(place, sentence(say(name, language, command=home.COMMAND)))

    def publish_home(self, attempt: Attempt) -> None:
        """Show a person their home page."""
        tools, user = self._tools, attempt.job.place.user
        reader = tools.access.person(user)
        status = tools.knowledge.status(reader=reader)
        documents = tools.knowledge.documents(reader=reader, limit=max(1, status.n_documents))
        recent = sorted(documents.documents, key=lambda d: (d.added, d.doc_id), reverse=True)
        language = self._answering.language(attempt.job.place)
        page = home.home(status, recent, tools.links, language)
        tools.client.views_publish(user_id=user, view=page)

    def _turn(self, attempt: Attempt) -> Turn:
        return Turn.from_json(attempt.job.data["turn"])

    def _reader(self, turn: Turn, place: Place) -> Reader:
        """Return who reads what only this person sees about a turn, as of now."""
        if turn.private or not turn.channel:
            return self._tools.access.person(place.user)
        return self._tools.access.beside(place.user, turn.channel)

    def _choices(self, turn: Turn, user: str) -> Reader:
        """Return who reads what a form may offer: what the answer may show, and this person see."""
        direct = self._tools.directory.channel(turn.channel).kind is Kind.DIRECT
        if turn.private or direct:
            return self._tools.access.person(user)
        return self._tools.access.shown_to(user, turn.channel)

    def _refusal(self, place: Place) -> str:
        kind = self._tools.directory.channel(place.channel).kind
        if kind is Kind.DIRECT:
            return "settings_direct"
        may = self._tools.access.may_manage(place.user, place.channel)
        return "" if may else "settings_refused"

    def _hits(self, turn: Turn, reader: Reader) -> list[Hit]:
        settings = self._tools.channels().channel(turn.channel)
        try:
            found = self._tools.knowledge.search(
                (turn.query or turn.question)[: self._tools.max_question],
                reader=reader,
                filters=both(settings.only, turn.filters),
                limit=MOST_RESULTS,
            )
        except (BadFilter, BadQuery):
            return []
        return list(found.hits)

    def _facets(self, reader: Reader, channel: str) -> dict[str, Any]:
        only = self._tools.channels().channel(channel).only
        try:
            return dict(self._tools.knowledge.facets(reader=reader, filters=only))
        except BadFilter:
            return {}

    def _found_turn(self, turn: Turn, hits: list[Hit]) -> str:
        spots = tuple(Spot(one.passage.passage_id) for one in hits)
        return self._tools.ledger.keep_turn(replace(turn, spots=spots).as_json())

    def _open(self, attempt: Attempt, view: Block) -> str:
        data = attempt.job.data
        client = self._tools.client
        call = client.views_push if data.get("push") else client.views_open
        return str(call(trigger_id=data["trigger"], view=view)["view"]["id"])

    def _update(self, view_id: str, view: Block) -> None:
        self._tools.client.views_update(view_id=view_id, view=view)

    def _refuse(self, view_id: str, title: str, language: str) -> None:
        text = say("cannot_read", language)
        self._update(view_id, views.told(say(title, language), text, language))

    def _with_picture(self, view_id: str, view: Block, picture: str) -> None:
        """Show the picture once Slack has it ready; without it the view stays as it is."""
        for attempt in range(PICTURE_TRIES):
            try:
                self._update(view_id, view)
                return
            except (SlackRefused, SlackAway) as exc:
                logger.info("a picture is not ready yet: %s", exc)
                self._sleep(0.5 * 2**attempt)
        self._pictures.forget(picture)
