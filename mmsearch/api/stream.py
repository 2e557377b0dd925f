"""An answer as server-sent events.

The events, in order: ``status`` (at once), then ``sentence`` for each sentence (as soon as it is
sure: one by one where a language model words them), ``citations``
when it answered, ``nearest``, and ``done``; or ``problem`` where it failed. The data of each is
one line of JSON. ``done`` or ``problem`` is always the last.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

from fastapi import Request
from starlette.concurrency import run_in_threadpool

from mmsearch.api.context import request_id
from mmsearch.api.problems import problem_of
from mmsearch.phrases.catalogue import preferred
from mmsearch.shapes import Shape, ask_shape, sentence_shape
from mmsearch.types import Answer, Citation, Sentence
from mmsearch.wording.word import Told

MEDIA_TYPE = "text/event-stream"


def event(name: str, data: Any) -> str:
    """Write one event; JSON on one line cannot break the framing."""
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"


async def answer_events(request: Request, ask: Callable[[Told], Answer]) -> AsyncIterator[str]:
    """Yield the events of one question while ``ask`` runs in a thread.

    Args:
        request: The request.
        ask: Answers; it is given what to call with each sentence as soon as it is sure.
    """
    yield event("status", {"state": "searching"})
    loop = asyncio.get_running_loop()
    told: asyncio.Queue[Sentence | None] = asyncio.Queue()

    def tell(sentence: Sentence, citations: tuple[Citation, ...]) -> None:
        loop.call_soon_threadsafe(told.put_nowait, sentence)

    asking = asyncio.ensure_future(run_in_threadpool(ask, tell))

    def end(done: asyncio.Future[Answer]) -> None:
        if not done.cancelled():
            done.exception()  # seen, also where the caller has gone away
        told.put_nowait(None)

    asking.add_done_callback(end)
    number = 0
    while (sentence := await told.get()) is not None:
        number += 1
        yield event("sentence", {"number": number, **sentence_shape(sentence)})
    try:
        shape = ask_shape(asking.result())
    except Exception as exc:  # noqa: BLE001  # the response has begun: only an event can say it
        problem = await run_in_threadpool(problem_of, exc, request)
        body = problem.body(
            instance=request.url.path,
            request_id=request_id(request),
            language=preferred(request.headers.get("accept-language", "")),
        )
        yield event("problem", body)
        return
    for one in _events(shape, number):
        yield one


def _events(shape: Shape, n_told: int) -> Iterator[str]:
    for number, sentence in enumerate(shape["sentences"][n_told:], start=n_told + 1):
        yield event("sentence", {"number": number, **sentence})
    if shape["citations"]:
        yield event("citations", shape["citations"])
    yield event("nearest", shape["nearest"])
    told = {"sentences", "citations", "nearest"}
    yield event("done", {name: value for name, value in shape.items() if name not in told})
