"""Any endpoint that speaks OpenAI's chat completions, through the openai client.

The only module that knows that client. It reads nothing from the environment: address, model
and key are given. Redirects are not followed, since they could lead passages elsewhere.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

from mmsearch.access import is_loopback
from mmsearch.wording.errors import (
    ModelFailed,
    ModelLimited,
    ModelMisconfigured,
    ModelTimeout,
    ModelUnreachable,
    WordingError,
)

if TYPE_CHECKING:
    from openai import OpenAI

LONGEST_REPLY = 8_000
"""Characters that are read of a reply."""
CONNECT_SECONDS = 5.0
REST_SECONDS = 30.0
"""How long a model that timed out, refused or was not there is left alone, so that not every
answer waits for it."""

_log = logging.getLogger(__name__)
_END = object()


@dataclass(frozen=True, slots=True)
class Message:
    """One message to the model."""

    role: str
    text: str


class ChatModel(Protocol):
    """Writes a reply bit by bit."""

    @property
    def name(self) -> str:
        """The model's name, as people are told."""
        ...

    def reply(self, messages: Sequence[Message]) -> Iterator[str]:
        """Yield the reply as it comes.

        Raises:
            WordingError: It broke off, before or in the middle.
        """
        ...

    def close(self) -> None:
        """Close its connections."""
        ...


class OpenAIModel:
    """A model behind an OpenAI-compatible endpoint. Safe for several threads."""

    def __init__(self, *, url: str, model: str, key: str, seconds: float) -> None:
        """Make a client; nothing is sent.

        Args:
            url: Base address, such as ``http://127.0.0.1:11434/v1``.
            model: Name of the model.
            key: The key, or "" where none is needed.
            seconds: How long a whole reply may take.

        Raises:
            ModelMisconfigured: The openai client is not installed.
        """
        self._model = model
        self._seconds = seconds
        self._client = _client(url, key, seconds)
        self._rest: tuple[float, WordingError] | None = None

    @property
    def name(self) -> str:
        """The model's name."""
        return self._model

    def reply(self, messages: Sequence[Message]) -> Iterator[str]:
        """Yield the reply as it comes, within the time that a whole reply may take.

        A thread of its own reads, so that a reply that drips or stops cannot hold the answer.
        For a while after it timed out, refused or was not there, it is not asked at all.
        """
        if self._rest is not None and time.monotonic() < self._rest[0]:
            raise type(self._rest[1])(str(self._rest[1]))
        try:
            yield from self._within_time(messages)
        except (ModelTimeout, ModelLimited, ModelUnreachable) as exc:
            self._rest = (time.monotonic() + REST_SECONDS, exc)
            raise

    def _within_time(self, messages: Sequence[Message]) -> Iterator[str]:
        box: queue.Queue[Any] = queue.Queue()
        stopped = threading.Event()
        reading = threading.Thread(
            target=self._read, args=(messages, box, stopped), name="wording", daemon=True
        )
        end = time.monotonic() + self._seconds
        reading.start()
        try:
            while True:
                try:
                    item = box.get(timeout=max(0.0, end - time.monotonic()))
                except queue.Empty:
                    raise ModelTimeout(f"no whole reply in {self._seconds} seconds") from None
                if item is _END:
                    return
                if isinstance(item, WordingError):
                    raise item
                yield item
        finally:
            stopped.set()

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _read(
        self, messages: Sequence[Message], box: queue.Queue[Any], stopped: threading.Event
    ) -> None:
        try:
            for text in self._chunks(messages):
                if stopped.is_set():
                    return
                box.put(text)
            box.put(_END)
        except WordingError as exc:
            box.put(exc)
        except Exception as exc:  # noqa: BLE001  # the client has many; none may stop an answer
            box.put(_translated(exc))

    def _chunks(self, messages: Sequence[Message]) -> Iterator[str]:
        """Yield the pieces of a reply.

        Raises:
            ModelFailed: It is too long, or ended before it was finished.
        """
        sent: Any = [{"role": m.role, "content": m.text} for m in messages]
        length, finished = 0, False
        with self._client.chat.completions.create(
            model=self._model, messages=sent, stream=True
        ) as stream:
            for chunk in stream:
                for choice in (chunk.choices or ())[:1]:
                    text = choice.delta.content if choice.delta else None
                    if text:
                        length += len(text)
                        yield text
                    finished = finished or choice.finish_reason is not None
                if length > LONGEST_REPLY:
                    raise ModelFailed(f"a reply of more than {LONGEST_REPLY} characters")
        if not finished:
            raise ModelFailed("the reply broke off")


def _client(url: str, key: str, seconds: float) -> OpenAI:
    try:
        import openai
    except ImportError as exc:
        raise ModelMisconfigured(
            "MMSEARCH_LLM_URL is set and the openai client is not installed: "
            "run 'pip install openai', or unset it"
        ) from exc
    host = urlsplit(url).hostname or ""
    http = openai.DefaultHttpxClient(
        follow_redirects=False, trust_env=not is_loopback(host), timeout=seconds
    )
    # The client would read organisation, project and more from the environment.
    client = openai.OpenAI(
        base_url=url,
        api_key=key or "none",
        admin_api_key="",
        organization="",
        project="",
        webhook_secret="",
        timeout=openai.Timeout(seconds, connect=min(CONNECT_SECONDS, seconds)),
        max_retries=0,
        http_client=http,
    )
    client.organization = client.project = None
    return client


def _translated(error: Exception) -> WordingError:
    """Turn the client's errors into ours; the log has their kind, never a key or a passage."""
    import openai

    status = getattr(error, "status_code", "")
    _log.warning("the language model failed: %s %s", type(error).__name__, status)
    if isinstance(error, openai.APITimeoutError):
        return ModelTimeout("the endpoint did not answer in time")
    if isinstance(error, openai.RateLimitError):
        return ModelLimited("the endpoint refuses for now (429)")
    if isinstance(error, openai.APIConnectionError):
        return ModelUnreachable("no connection to the endpoint")
    if isinstance(error, openai.APIStatusError):
        return ModelFailed(f"the endpoint answered {error.status_code}")
    return ModelFailed(f"the reply cannot be read ({type(error).__name__})")
