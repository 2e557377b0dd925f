"""The two ways to run: Socket Mode in a process of its own, HTTP inside the service."""

from __future__ import annotations

import contextlib
import logging
import signal
import sys
import threading
from collections.abc import Iterator
from http.client import HTTPException

from slack_bolt.adapter.socket_mode.builtin import SocketModeHandler
from slack_sdk.errors import SlackClientError

from bots.slack.app import Config, SlackBot
from bots.slack.client import PacedClient
from bots.slack.endpoint import PATH, Endpoint
from bots.slack.errors import NotConfigured, SlackAway, SlackBotError
from mmsearch.extensions import Doors, Host
from mmsearch.opening import open_journal, open_knowledge
from mmsearch.pictures import PagePictures
from mmsearch.settings import Settings

logger = logging.getLogger("mmsearch.slack")


def config_of(settings: Settings, *, http: bool) -> Config:
    """Return how the bot runs, from the settings."""
    folder = settings.slack_state or settings.library / "slack"
    return Config(
        bot_token=settings.slack_bot_token.get_secret_value(),
        state=folder,
        channels=settings.slack_settings or folder / "slack.yaml",
        signing_secret=settings.slack_signing_secret.get_secret_value() if http else "",
        api=settings.slack_api,
        base=settings.url,
        workers=settings.slack_workers,
        max_question=settings.max_question,
        worded=bool(settings.llm_url),
    )


@contextlib.contextmanager
def endpoint(host: Host) -> Iterator[Doors]:
    """Answer Slack inside the service; where Slack is away, the service runs all the same."""
    config = config_of(host.settings, http=True)
    with PagePictures() as drawing:

        def start() -> SlackBot:
            return SlackBot.start(config, host.knowledge, host.journal, drawing)

        answering = Endpoint(config.signing_secret, start)
        try:
            answering.ready()
            yield {PATH: answering}
        finally:
            answering.close()


def run(settings: Settings) -> int:
    """Answer over Socket Mode until Ctrl-C or SIGTERM; returns the exit code."""
    try:
        token = tokens(settings)
        logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s %(message)s")
        logging.getLogger("mmsearch").setLevel(settings.log_level.upper())
        stop = threading.Event()
        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, lambda *_: stop.set())
        with (
            open_knowledge(settings) as knowledge,
            contextlib.closing(open_journal(settings)) as journal,
            PagePictures() as drawing,
        ):
            bot = SlackBot.start(config_of(settings, http=False), knowledge, journal, drawing)
            with contextlib.closing(bot), linked(bot, token, settings.slack_api):
                library = str(settings.library)
                sys.stdout.write(f"Answering in Slack from {library!r}  (Ctrl-C stops)\n")
                sys.stdout.flush()
                stop.wait()
    except SlackBotError as exc:
        sys.stderr.write(f"error: {exc}\nSay 'mmsearch doctor --slack' to see what is missing.\n")
        return 3
    return 0


def tokens(settings: Settings) -> str:
    """Return the token for Socket Mode, before anything slow is done.

    Raises:
        NotConfigured: It, or the bot token, is not set.
    """
    if not settings.slack_bot_token.get_secret_value():
        raise NotConfigured("MMSEARCH_SLACK_BOT_TOKEN is not set; it begins with xoxb-")
    token = settings.slack_app_token.get_secret_value()
    if not token:
        raise NotConfigured("MMSEARCH_SLACK_APP_TOKEN is not set; it begins with xapp-")
    return token


@contextlib.contextmanager
def linked(bot: SlackBot, token: str, api: str, *, ping: float = 5.0) -> Iterator[None]:
    """Keep a link to Slack; one that is lost is made again.

    Raises:
        SlackRefused: Slack does not know the token.
        SlackAway: Slack cannot be reached.
    """
    quiet = logging.getLogger("mmsearch.slack.link")
    quiet.setLevel(max(logging.WARNING, logger.getEffectiveLevel()))  # below, it logs addresses
    web = PacedClient(token, base_url=api)
    handler = SocketModeHandler(
        bot.bolt, token, logger=quiet, web_client=web, ping_interval=ping, concurrency=20
    )
    try:
        handler.client.connect()
    except (OSError, HTTPException, SlackClientError) as exc:
        handler.client.close()
        raise SlackAway(f"no link to Slack: {type(exc).__name__}") from exc
    except SlackBotError:
        handler.client.close()
        raise
    try:
        yield
    finally:
        handler.client.close()
