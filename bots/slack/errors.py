"""What can go wrong with the bot.

::

    SlackBotError           base
    ├── NotConfigured       a token or secret is missing: the text names the variable
    ├── BadChannelSettings  the file of channel settings is wrong: every mistake is named
    ├── AlreadyRunning      another process runs the bot with the same state folder
    ├── SlackAway           Slack cannot be reached or fails; the same call may work later
    └── SlackRefused        Slack says no; the same call will be refused again

Texts are for the log and the command line. Nothing of them is ever sent to a channel.
"""

from __future__ import annotations


class SlackBotError(Exception):
    """Base of everything the bot raises."""


class NotConfigured(SlackBotError):
    """A token or secret is missing."""


class BadChannelSettings(SlackBotError):
    """The file of channel settings cannot be used."""


class AlreadyRunning(SlackBotError):
    """Another process runs the bot."""


class SlackAway(SlackBotError):
    """Slack cannot be reached or fails on its side."""


class SlackRefused(SlackBotError):
    """Slack refuses a call.

    Attributes:
        code: Slack's word for why, such as "channel_not_found".
    """

    def __init__(self, method: str, code: str) -> None:
        super().__init__(f"Slack refused {method}: {code}")
        self.code = code
