"""An answer as server-sent events.

The events, in order: ``status`` (at once), then ``sentence`` for each sentence, ``citations``
when it answered, ``nearest``, and ``done``; or ``problem`` where it failed. The data of each is
one line of JSON. ``done`` or ``problem`` is always the last.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

from fastapi import Request
from starlette.concurrency import run_in_threadpool

from mmsearch.api.context import request_id
from mmsearch.api.problems import problem_of
from mmsearch.shapes import ask_shape
from mmsearch.types import Answer

MEDIA_TYPE = "text/event-stream"


def event(name: str, data: Any) -> str:
    """Write one event; JSON on one line cannot break the framing."""
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"


async def answer_events(request: Request, ask: Callable[[], Answer]) -> AsyncIterator[str]:
    """Yield the events of one question while ``ask`` runs in a thread."""
    yield event("status", {"state": "searching"})
    try:
        answer = await run_in_threadpool(ask)
        events = list(_events(answer))
    except Exception as exc:  # noqa: BLE001  # the response has begun: only an event can say it
        problem = await run_in_threadpool(problem_of, exc, request)
        body = problem.body(instance=request.url.path, request_id=request_id(request))
        yield event("problem", body)
        return
    for one in events:
        yield one


def _events(answer: Answer) -> Iterator[str]:
    shape = ask_shape(answer)
    for number, sentence in enumerate(shape["sentences"], start=1):
        yield event("sentence", {"number": number, **sentence})
    if shape["citations"]:
        yield event("citations", shape["citations"])
    yield event("nearest", shape["nearest"])
    told = {"sentences", "citations", "nearest"}
    yield event("done", {name: value for name, value in shape.items() if name not in told})
