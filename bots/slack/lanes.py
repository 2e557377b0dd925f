"""A bounded number of threads that take work in order, some of it not before its time."""

from __future__ import annotations

import heapq
import logging
import threading
import time
from collections.abc import Callable
from itertools import count

Task = Callable[[], None]
logger = logging.getLogger("mmsearch.slack")


class Lane:
    """Threads that take tasks from one queue. A task that raises is logged and forgotten.

    Args:
        name: What the threads are called.
        workers: How many tasks run at once.
        capacity: How many may wait.
    """

    def __init__(self, name: str, *, workers: int, capacity: int) -> None:
        self._capacity = capacity
        self._waiting: list[tuple[float, int, Task]] = []
        self._numbers = count()
        self._changed = threading.Condition()
        self._closed = False
        self._busy = 0
        self._threads = [
            threading.Thread(target=self._work, name=f"slack-{name}-{n}", daemon=True)
            for n in range(workers)
        ]
        for thread in self._threads:
            thread.start()

    def put(self, task: Task, *, delay: float = 0.0, force: bool = False) -> int | None:
        """Queue a task.

        Args:
            task: What to run.
            delay: Not before so many seconds have passed.
            force: Take it even when the queue is full.

        Returns:
            How many tasks are before it (0: a thread is free); None when the queue is full.
        """
        with self._changed:
            if self._closed or (len(self._waiting) >= self._capacity and not force):
                return None
            before = max(0, self._busy + len(self._waiting) + 1 - len(self._threads))
            heapq.heappush(self._waiting, (time.monotonic() + delay, next(self._numbers), task))
            self._changed.notify()
            return before

    def close(self, *, wait: float = 0.0) -> None:
        """Take nothing more; give what is running so many seconds to end."""
        with self._changed:
            self._closed = True
            self._waiting.clear()
            self._changed.notify_all()
        until = time.monotonic() + wait
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))

    def _work(self) -> None:
        while (task := self._next()) is not None:
            try:
                task()
            except Exception:
                logger.exception("a task ended with an error that nobody expected")
            finally:
                with self._changed:
                    self._busy -= 1

    def _next(self) -> Task | None:
        with self._changed:
            while not self._closed:
                left = self._waiting[0][0] - time.monotonic() if self._waiting else None
                if left is not None and left <= 0:
                    self._busy += 1
                    return heapq.heappop(self._waiting)[2]
                self._changed.wait(left)
        return None
