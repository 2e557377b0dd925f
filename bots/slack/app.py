"""The bot put together: bolt in front, the desk behind it, the library at the back."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from slack_bolt import App
from slack_bolt.authorization import AuthorizeResult

from bots.slack.access import Access
from bots.slack.answering import Answering, Tools
from bots.slack.attention import Attention
from bots.slack.buttons import Buttons
from bots.slack.clicks import Clicks
from bots.slack.client import API, PacedClient
from bots.slack.conversation import Conversation
from bots.slack.delivery import Delivery
from bots.slack.desk import Attempt, Desk, Manners, Work
from bots.slack.directory import SlackDirectory
from bots.slack.errors import NotConfigured
from bots.slack.helping import Helping
from bots.slack.jobs import ANSWERS, Job, What
from bots.slack.ledger import Ledger
from bots.slack.links import Links
from bots.slack.listeners import Events
from bots.slack.messages import sentence
from bots.slack.phrases.catalogue import say
from bots.slack.pictures import Draws, Pictures
from bots.slack.settings_file import SettingsFile
from ingest.language import LANGUAGES, detect_question
from mmsearch.journal.journal import Journal
from mmsearch.knowledge import KnowledgeBase

logger = logging.getLogger("mmsearch.slack")


@dataclass(frozen=True, slots=True)
class Config:
    """How the bot runs. The secrets are not shown when it is printed.

    Attributes:
        bot_token: ``xoxb-…``.
        state: Folder of the ledger.
        channels: The file with the settings per channel.
        signing_secret: For HTTP; "" in Socket Mode.
        api: Address of the Web API.
        base: Our public address for links, or "".
        workers: How many answers are made at once.
        waiting: How many questions may wait.
        max_question: Longest question in characters.
        worded: A language model words answers.
        pause: Seconds before something that failed is tried again.
    """

    bot_token: str
    state: Path
    channels: Path
    signing_secret: str = ""
    api: str = API
    base: str = ""
    workers: int = 4
    waiting: int = 100
    max_question: int = 2000
    worded: bool = False
    pause: float = 1.0

    def __repr__(self) -> str:
        return f"Config(state={str(self.state)!r}, channels={str(self.channels)!r})"


class SlackBot:
    """A running bot; ``bolt`` takes what Slack sends."""

    def __init__(self, bolt: App, desk: Desk, ledger: Ledger) -> None:
        self.bolt = bolt
        self.desk = desk
        self.ledger = ledger

    @classmethod
    def start(
        cls, config: Config, knowledge: KnowledgeBase, journal: Journal, drawing: Draws
    ) -> Self:
        """Put the bot together and take up what was left unfinished.

        The library, the journal and the pictures stay the caller's to close.

        Raises:
            NotConfigured: There is no bot token.
            BadChannelSettings: The file of channel settings is wrong.
            AlreadyRunning: Another process has the state folder.
            SlackAway: Slack cannot be reached.
            SlackRefused: Slack does not know the token.
        """
        if not config.bot_token:
            raise NotConfigured("MMSEARCH_SLACK_BOT_TOKEN is not set; it begins with xoxb-")
        file = SettingsFile(config.channels)
        client = PacedClient(config.bot_token, base_url=config.api)
        identity = client.auth_test()
        bot, team = str(identity["user_id"]), str(identity["team_id"])
        ledger = Ledger(config.state)
        try:
            enterprise = str(identity.get("enterprise_id") or "")
            directory = SlackDirectory(client, team=team, enterprise=enterprise)
            conversation = Conversation(client, bot, ledger)
            tools = Tools(
                knowledge=knowledge,
                journal=journal,
                client=client,
                access=Access(directory, file.current),
                directory=directory,
                conversation=conversation,
                delivery=Delivery(client, conversation, ledger, team=team, pause=config.pause),
                ledger=ledger,
                channels=file.current,
                links=Links(config.base),
                max_question=config.max_question,
                worded=config.worded,
            )
            desk = _desk(config, tools, Pictures(client, knowledge, drawing), file)
            bolt = _bolt(config, client, identity.data)  # type: ignore[arg-type]  # a dict
            Events(desk, file.current, bot).listen(bolt)
            Buttons(desk, ledger).listen(bolt)
            if left := desk.resume():
                logger.info("%d unfinished from before are taken up", left)
        except BaseException:
            ledger.close()
            raise
        return cls(bolt, desk, ledger)

    def close(self, *, wait: float = 5.0) -> None:
        """End what is running within some seconds; the rest is taken up at the next start."""
        self.desk.close(wait=wait)
        self.ledger.close()


def _bolt(config: Config, client: PacedClient, identity: dict[str, str]) -> App:
    """Make bolt's app around who we are; it calls nothing itself."""
    known = AuthorizeResult(
        enterprise_id=identity.get("enterprise_id"),
        team_id=identity["team_id"],
        bot_user_id=identity["user_id"],
        bot_id=identity.get("bot_id"),
        bot_token=config.bot_token,
    )
    quiet = logging.getLogger("mmsearch.slack.bolt")
    quiet.setLevel(logging.ERROR)  # bolt's own warnings hold whole payloads
    return App(
        logger=quiet,
        name=quiet.name,  # bolt sets the level of the logger of this name
        signing_secret=config.signing_secret,
        client=client,
        authorize=lambda: known,
        process_before_response=True,  # acknowledged once it is claimed
        ssl_check_enabled=False,  # answered without a signature
        attaching_conversation_kwargs_enabled=False,
        request_verification_enabled=bool(config.signing_secret),
    )


def _desk(config: Config, tools: Tools, pictures: Pictures, file: SettingsFile) -> Desk:
    answering = Answering(tools)
    clicks = Clicks(tools, answering, pictures, file)
    helping = Helping(tools, answering)
    work: dict[What, Work] = {
        What.QUESTION: answering.question,
        What.FOLLOW_UP: answering.follow_up,
        What.SHARE: answering.share,
        What.ASK_PERSON: helping.ask_person,
        What.RECORD_GAP: helping.record_gap,
        What.VOTE: helping.vote,
        What.ASK_MISSING: helping.ask_missing,
        What.TOO_OLD: helping.too_old,
        What.HELP: helping.help,
        What.GREET: helping.greet,
        What.HOME: clicks.publish_home,
        What.SHOW: clicks.show,
        What.WHOLE: clicks.whole,
        What.MORE: clicks.more,
        What.NARROW: clicks.narrow,
        What.FIND_SOURCES: clicks.find_sources,
        What.SETTINGS: clicks.settings,
        What.SAVE_SETTINGS: clicks.save_settings,
    }
    manners = _manners(config, tools, answering)
    return Desk(
        tools.ledger,
        work,
        manners,
        workers=config.workers,
        waiting=config.waiting,
        pause=5 * config.pause,
    )


def _manners(config: Config, tools: Tools, answering: Answering) -> Manners:
    attention = Attention(tools.client)

    def language(job: Job) -> str:
        return answering.language(job.place, detect_question(job.text, LANGUAGES))

    def arrived(job: Job, before: int) -> None:
        if job.what is What.QUESTION:
            attention.show(job, say("status", language(job)))
            if before > config.workers and not job.place.private:
                text = say("before_yours", language(job), count=before)
                tools.delivery.whisper(job.place, sentence(text))

    def busy(job: Job) -> None:
        tools.delivery.whisper(job.place, sentence(say("busy", language(job))))

    def over(job: Job) -> None:
        if job.what is What.QUESTION:
            attention.clear(job)

    def sorry(attempt: Attempt, request_id: str) -> None:
        if attempt.job.what in ANSWERS | {What.HELP}:
            answering.say_sorry(attempt, request_id)
        elif attempt.job.place.channel:
            text = say("error", language(attempt.job), request_id=request_id)
            tools.delivery.whisper(attempt.job.place, sentence(text))

    return Manners(arrived, busy, sorry, over)


Start = Callable[[], SlackBot]
"""Starts a bot; may be called again when it failed."""
