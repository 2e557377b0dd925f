"""How the bot plugs into ``mmsearch``: its command, its path of the service, its check-up.

Imported with the command line, so it imports nothing of the bot before it is used.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import typer

from mmsearch.commands.findings import Finding
from mmsearch.commands.options import Library
from mmsearch.extensions import Doors, Host
from mmsearch.settings import Settings, load_settings


class SlackExtension:
    """The bot, as an ``mmsearch.extensions.Extension``."""

    def add_commands(self, cli: typer.Typer) -> None:
        """Add ``mmsearch slack``."""
        cli.command("slack")(slack)

    @contextmanager
    def doors(self, host: Host) -> Iterator[Doors]:
        """Answer /slack/events where a bot token and a signing secret are set."""
        settings = host.settings
        if not (settings.slack_bot_token.get_secret_value() and _secret(settings)):
            yield {}
            return
        from bots.slack import running

        with running.endpoint(host) as doors:
            yield doors

    def examine(self, settings: Settings) -> Iterator[Finding]:
        """Ask Slack about the tokens and their scopes."""
        from bots.slack import doctor

        yield from doctor.examine(settings)


def slack(library: Library = None) -> None:
    """Answer in Slack over Socket Mode: no public address is needed. Ctrl-C stops."""
    from bots.slack import running

    raise typer.Exit(running.run(load_settings(library=library)))


def _secret(settings: Settings) -> str:
    return settings.slack_signing_secret.get_secret_value()


extension = SlackExtension()
