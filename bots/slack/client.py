"""The Web API with Slack's limits kept: nothing is called before Retry-After has passed.

slack_sdk's own retry handlers sleep in one request while the others go on knocking, and its
default one sends a message again after a lost connection, whether or not it had arrived. Here
a method that was limited is closed for everybody who shares the client; one call of a method
is under way at a time, so that none is on its way while Slack says to wait; and a call that
may have arrived is left to its caller, who can look.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import AbstractContextManager
from http.client import HTTPException
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackRequestError
from slack_sdk.web import SlackResponse

from bots.slack.errors import SlackAway, SlackRefused

API = "https://slack.com/api/"
LONGEST_WAIT = 300.0
"""Longest time in seconds that a call waits for its turn before it gives up as away."""
PASSING = frozenset(
    {"internal_error", "fatal_error", "request_timeout", "service_unavailable", "team_added_to_org"}
)
"""Errors of Slack's own that pass."""

DISPENSABLE = frozenset({"chat.startStream", "reactions.add"})
"""Methods that there is a way without: limited, they are refused at once."""
LIMITED = "ratelimited"

logger = logging.getLogger("mmsearch.slack")


class Gate:
    """Whose turn it is to call each method of one workspace. Safe for several threads.

    Args:
        now: A clock in seconds that never goes back.
        sleep: Waits that many seconds.
    """

    def __init__(
        self,
        *,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._now = now
        self._sleep = sleep
        self._lock = threading.Lock()
        self._opens: dict[str, float] = {}
        self._turns: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)

    def turn(self, method: str) -> AbstractContextManager[bool]:
        """Return what is held while ``method`` is being called."""
        with self._lock:
            return self._turns[method]

    def close(self, method: str, seconds: float) -> None:
        """Let nobody call ``method`` for so many seconds."""
        until = self._now() + seconds
        with self._lock:
            self._opens[method] = max(until, self._opens.get(method, 0.0))

    def wait(self, method: str) -> None:
        """Wait until ``method`` may be called.

        Raises:
            SlackAway: That would take longer than ``LONGEST_WAIT``.
        """
        while (left := self.closed_for(method)) > 0:
            if left > LONGEST_WAIT:
                raise SlackAway(f"{method} is limited for another {left:.0f} seconds")
            self._sleep(left)

    def closed_for(self, method: str) -> float:
        """Return for how many seconds ``method`` may not be called; 0 when it may."""
        with self._lock:
            return max(0.0, self._opens.get(method, 0.0) - self._now())


class PacedClient(WebClient):
    """A ``WebClient`` that waits its turn and says which failures pass.

    Every method raises ``SlackAway`` where the same call may work later (and may have
    arrived), ``SlackRefused`` where it will not.
    """

    def __init__(self, token: str, *, base_url: str = API, timeout: int = 15) -> None:
        super().__init__(token=token, base_url=base_url, timeout=timeout, retry_handlers=[])
        self.gate = Gate()

    def api_call(self, api_method: str, **arguments: Any) -> SlackResponse:
        """Call a method when its turn has come; a limited call is made again."""
        with self.gate.turn(api_method):
            while True:
                self._wait(api_method)
                try:
                    return super().api_call(api_method, **arguments)
                except SlackApiError as exc:
                    if not self._limited(api_method, exc.response):
                        raise translated(api_method, exc) from None
                except (OSError, HTTPException, SlackRequestError, ValueError) as exc:
                    raise SlackAway(f"{api_method}: {type(exc).__name__}") from exc

    def _wait(self, method: str) -> None:
        if method in DISPENSABLE and self.gate.closed_for(method) > 0:
            raise SlackRefused(method, LIMITED)
        self.gate.wait(method)

    def _limited(self, method: str, response: Any) -> bool:
        status = getattr(response, "status_code", 200)
        if status != 429 and response.get("error") != LIMITED:
            return False
        seconds = retry_after(response.headers)
        logger.info("%s is limited for %.0f seconds", method, seconds)
        self.gate.close(method, seconds)
        return True


def retry_after(headers: Any) -> float:
    """Read Retry-After in seconds; 1 where it is missing or no number."""
    given = {str(name).lower(): value for name, value in dict(headers).items()}
    value = given.get("retry-after", "1")
    try:
        return max(0.0, float(value[0] if isinstance(value, list) else value))
    except ValueError:
        return 1.0


def translated(method: str, error: SlackApiError) -> SlackAway | SlackRefused:
    """Say whether a refusal passes. The text has Slack's code and nothing of the message."""
    response = error.response
    status = getattr(response, "status_code", 200)
    code = str(response.get("error") or "no reason given")[:80]
    if status >= 500 or code in PASSING:
        return SlackAway(f"{method}: status {status}")
    return SlackRefused(method, code)
