"""The eyes on a question that is being read, and the status of the assistant pane.

Whatever was put up is taken away again: when the answer is there, when it failed, and after a
restart, when nobody knows any more whether it had been put up.
"""

from __future__ import annotations

import logging
import threading

from bots.slack.client import PacedClient
from bots.slack.errors import SlackAway, SlackRefused
from bots.slack.jobs import Job
from bots.slack.places import Place

EYES = "eyes"
logger = logging.getLogger("mmsearch.slack")


class Attention:
    """Shows that a question is being read. Safe for several threads."""

    def __init__(self, client: PacedClient) -> None:
        self._client = client
        self._lock = threading.Lock()
        self._over: set[str] = set()
        self._busy: dict[str, threading.Lock] = {}

    def show(self, job: Job, status: str) -> None:
        """Show it, unless the answer was quicker or Slack wants fewer calls just now."""
        with self._turn(job.key):
            if job.key in self._over:
                self._forget(job.key)
                return
            try:
                self._put_up(job.place, status)
            except (SlackAway, SlackRefused) as exc:
                logger.info("no sign that %s is read: %s", job.key, exc)

    def clear(self, job: Job) -> None:
        """Take it away.

        Raises:
            SlackAway: Slack cannot be reached; try again later.
        """
        with self._turn(job.key):
            self._remember(job.key)
            try:
                self._take_away(job.place)
            except SlackRefused as exc:
                logger.debug("no sign on %s to take away: %s", job.key, exc)
        self._forget(job.key)

    def _forget(self, key: str) -> None:
        with self._lock:
            self._busy.pop(key, None)

    def _turn(self, key: str) -> threading.Lock:
        with self._lock:
            return self._busy.setdefault(key, threading.Lock())

    def _remember(self, key: str) -> None:
        with self._lock:
            if len(self._over) > 10_000:
                self._over.clear()
            self._over.add(key)

    def _put_up(self, place: Place, status: str) -> None:
        if place.assistant:
            self._client.assistant_threads_setStatus(
                channel_id=place.channel, thread_ts=place.thread, status=status
            )
        elif place.message and not place.private:
            self._client.reactions_add(channel=place.channel, timestamp=place.message, name=EYES)

    def _take_away(self, place: Place) -> None:
        if place.assistant:
            self._client.assistant_threads_setStatus(
                channel_id=place.channel, thread_ts=place.thread, status=""
            )
        elif place.message and not place.private:
            self._client.reactions_remove(channel=place.channel, timestamp=place.message, name=EYES)
