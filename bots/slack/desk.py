"""Where jobs are taken on, do their work and end: claim, answer, confirm.

A job is claimed in the ledger before Slack hears that its event has arrived. It is confirmed
once Slack has the answer. In between the process may die at any moment: the next start hands
the job out again, and whoever answers looks first whether Slack has the answer already.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum

from bots.slack.errors import SlackAway, SlackRefused
from bots.slack.jobs import ANSWERS, KEPT, Job, What, request_id
from bots.slack.lanes import Lane
from bots.slack.ledger import Ledger

MOST_ATTEMPTS = 12
"""After so many a job is given up: Slack was away for most of an hour, or it ends the process."""
LONGEST_DELAY = 300.0

logger = logging.getLogger("mmsearch.slack")


class Taken(Enum):
    """What became of a job that was brought in."""

    NEW = "new"
    AGAIN = "again"
    BUSY = "busy"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a job, and how many are before it."""

    taken: Taken
    before: int = 0


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt at a job.

    Attributes:
        job: The job.
        number: From 1. From 2 on, Slack may have the answer already.
        stream: Timestamp of the message that an earlier attempt began, or "".
    """

    job: Job
    number: int = 1
    stream: str = ""


Work = Callable[[Attempt], None]


@dataclass(frozen=True, slots=True)
class Manners:
    """What is said around the work; each is called without a promise that Slack is there.

    Attributes:
        arrived: A job was taken on; with how many are before it.
        busy: A job was not taken on, since too many wait.
        sorry: A job failed; with the id under which the log has it.
        over: A job is over, however it ended: take the eyes away.
    """

    arrived: Callable[[Job, int], None]
    busy: Callable[[Job], None]
    sorry: Callable[[Attempt, str], None]
    over: Callable[[Job], None]


class Desk:
    """Takes jobs on and has them done. Safe for several threads.

    Args:
        ledger: What must not be forgotten.
        work: What does each kind of job.
        manners: What is said around it.
        workers: How many answers are made at once.
        waiting: How many more questions may wait.
        pause: Seconds before the second attempt; it doubles from there.
    """

    def __init__(
        self,
        ledger: Ledger,
        work: Mapping[What, Work],
        manners: Manners,
        *,
        workers: int = 4,
        waiting: int = 100,
        pause: float = 5.0,
    ) -> None:
        self._ledger = ledger
        self._work = work
        self._manners = manners
        self._pause = pause
        self._answers = Lane("answer", workers=workers, capacity=waiting)
        self._clicks = Lane("click", workers=4, capacity=500)
        self._notes = Lane("note", workers=2, capacity=2000)

    def accept(self, job: Job) -> Receipt:
        """Take a job on, durably, and return at once."""
        if job.what in KEPT and not self._ledger.claim(job.key, job.as_json(), subject=job.subject):
            return Receipt(Taken.AGAIN)
        before = self._queue(job)
        if before is None:
            if job.what in KEPT:
                self._ledger.finish(job.key, "refused")
            self._notes.put(lambda: self._manners.busy(job))
            return Receipt(Taken.BUSY)
        if job.what in ANSWERS:
            self._notes.put(lambda: self._manners.arrived(job, before))
        return Receipt(Taken.NEW, before)

    def resume(self) -> int:
        """Hand out what was taken on and not finished before; returns how many."""
        open_jobs = self._ledger.unfinished()
        for claimed in open_jobs:
            self._queue(Job.from_json(claimed.key, claimed.body), force=True)
        return len(open_jobs)

    def close(self, *, wait: float = 5.0) -> None:
        """Take nothing more on; what is not done in time is left to the next start."""
        for lane in (self._answers, self._clicks, self._notes):
            lane.close(wait=wait)

    def _queue(self, job: Job, *, delay: float = 0.0, force: bool = False) -> int | None:
        lane = self._answers if job.what in ANSWERS else self._clicks
        return lane.put(lambda: self._do(job), delay=delay, force=force)

    def _do(self, job: Job) -> None:
        if job.what not in KEPT:
            self._attempt(Attempt(job))
            return
        claimed = self._ledger.begin(job.key)
        if claimed is None:
            return
        self._attempt(Attempt(job, claimed.attempts, claimed.stream))

    def _attempt(self, attempt: Attempt) -> None:
        job = attempt.job
        try:
            self._work[job.what](attempt)
            self._manners.over(job)
        except SlackAway as exc:
            self._again(attempt, exc)
        except SlackRefused as exc:
            logger.warning("%s %s: %s", job.what, job.key, exc)
            self._end(attempt, "failed")
        except Exception:
            number = request_id()
            logger.exception("request %s: %s %s failed", number, job.what, job.key)
            self._apologise(attempt, number)
        else:
            self._confirm(job, "done")

    def _again(self, attempt: Attempt, error: SlackAway) -> None:
        job = attempt.job
        if job.what not in KEPT or attempt.number >= MOST_ATTEMPTS:
            logger.error("%s %s is given up: %s", job.what, job.key, error)
            self._end(attempt, "failed")
            return
        delay = min(LONGEST_DELAY, self._pause * 2 ** (attempt.number - 1))
        logger.info("%s %s again in %.0f seconds: %s", job.what, job.key, delay, error)
        self._queue(job, delay=delay, force=True)

    def _apologise(self, attempt: Attempt, number: str) -> None:
        try:
            self._manners.sorry(attempt, number)
        except SlackAway as exc:
            self._again(attempt, exc)
            return
        except SlackRefused as exc:
            logger.warning("request %s: %s", number, exc)
        self._end(attempt, "failed")

    def _end(self, attempt: Attempt, state: str) -> None:
        try:
            self._manners.over(attempt.job)
        except (SlackAway, SlackRefused) as exc:
            logger.warning("%s: %s", attempt.job.key, exc)
        self._confirm(attempt.job, state)

    def _confirm(self, job: Job, state: str) -> None:
        if job.what in KEPT:
            self._ledger.finish(job.key, state)
