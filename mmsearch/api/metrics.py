"""Counts for Prometheus. Labels are route templates, never a path, a question or a token."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram
from prometheus_client import generate_latest as render

MEDIA_TYPE = CONTENT_TYPE_LATEST
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)

_OWN = ("", "", "", None)
"""Namespace, subsystem and unit of a metric, and None: not in the process's own collection."""


@dataclass(frozen=True, slots=True)
class Metrics:
    """The counters of one app, apart from those of any other in the process."""

    collectors: CollectorRegistry
    requests: Counter
    seconds: Histogram
    answers: Counter

    @classmethod
    def build(cls) -> Self:
        """Make counters that start at zero."""
        requests = Counter(
            "mmsearch_requests", "Requests answered.", ("method", "route", "status"), *_OWN
        )
        seconds = Histogram(
            "mmsearch_request_seconds",
            "Time from a request to the end of its response.",
            ("route",),
            *_OWN,
            buckets=SECONDS,
        )
        answers = Counter(
            "mmsearch_answers",
            "Questions asked, by whether the library answered.",
            ("answered",),
            *_OWN,
        )
        collectors = CollectorRegistry()
        for metric in (requests, seconds, answers):
            collectors.register(metric)
        return cls(collectors, requests, seconds, answers)

    def count_request(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one request."""
        self.requests.labels(method, route, str(status)).inc()
        self.seconds.labels(route).observe(seconds)

    def count_answer(self, *, answered: bool) -> None:
        """Count one question."""
        self.answers.labels("yes" if answered else "no").inc()

    def text(self) -> bytes:
        """Return all counts in the format that Prometheus reads."""
        return render(self.collectors)
