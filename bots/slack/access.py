"""Who may read what, decided by where it is asked and evaluated anew each time.

A public channel gets public documents, whatever its settings say; so does a conversation that
another organisation is part of. A private channel gets what its settings allow. What only one
person sees (a direct message, a private reply, a modal, the home page) has what that person
may read. Nothing that a button or a form carries is asked.
"""

from __future__ import annotations

from collections.abc import Callable

from bots.slack.channels import Channels
from bots.slack.directory import Directory
from bots.slack.places import Kind, Place
from index.types import PUBLIC, Reader


class Access:
    """Turns places and people into readers.

    Args:
        directory: Who is who.
        channels: Returns the settings as they are now.
    """

    def __init__(self, directory: Directory, channels: Callable[[], Channels]) -> None:
        self._directory = directory
        self._channels = channels

    def reader(self, place: Place) -> Reader:
        """Return who reads what is shown at a place."""
        if place.private:
            return self.person(place.user)
        if self._directory.channel(place.channel).kind is Kind.DIRECT:
            return self.person(place.user)
        return self.channel(place.channel)

    def channel(self, channel_id: str) -> Reader:
        """Return who reads what everybody in a channel sees."""
        kind = self._directory.channel(channel_id).kind
        if kind in (Kind.PRIVATE, Kind.GROUP):
            return self._channels().channel(channel_id).may_read
        return PUBLIC

    def person(self, user_id: str) -> Reader:
        """Return who reads what only this person sees."""
        person = self._directory.person(user_id)
        reader = PUBLIC
        for rule in self._channels().rules:
            if person.guest and not rule.guests:
                continue
            if (
                rule.fits_email(person.email)
                or (rule.user and rule.user == user_id and person.email)
                or (rule.usergroup and self._directory.in_usergroup(user_id, rule.usergroup))
            ):
                reader = joined(reader, rule.may_read)
        return reader

    def beside(self, user_id: str, channel_id: str) -> Reader:
        """Return who reads what this person alone sees about an answer of a channel.

        Beside their own rights a member has the channel's; whether they are one is looked up.
        """
        return joined(self.person(user_id), self.shown_to(user_id, channel_id))

    def shown_to(self, user_id: str, channel_id: str) -> Reader:
        """Return who reads what of a channel's documents this person may hear of.

        A member sees what the channel sees, anybody else what is public.
        """
        shared = self.channel(channel_id)
        if shared == PUBLIC or self._directory.in_channel(user_id, channel_id):
            return shared
        return PUBLIC

    def may_manage(self, user_id: str, channel_id: str) -> bool:
        """Say whether a person may change a channel's settings."""
        person = self._directory.person(user_id)
        if not person.email and person.guest:
            return False
        managers = self._channels().channel(channel_id).managers
        creator = self._directory.channel(channel_id).creator
        return person.admin or user_id in managers or (bool(creator) and user_id == creator)


def joined(first: Reader, second: Reader) -> Reader:
    """Return who has the rights of both. Nobody becomes a keeper through Slack."""
    return Reader(first.internal or second.internal, first.groups | second.groups)
