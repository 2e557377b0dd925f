"""Pictures of pages inside Slack: drawn here, uploaded to nobody's channel, shown in a view.

Somebody without access to our server sees the page all the same. Whether they may is decided
before: a picture that was uploaded earlier is only found again by the bytes of its document.
"""

from __future__ import annotations

import hashlib
import logging
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import astuple
from pathlib import Path
from typing import Protocol

from bots.slack.client import PacedClient
from bots.slack.errors import SlackAway, SlackRefused
from index.types import Reader, StoredDocument
from ingest.types import Locator, Rect, Unit
from mmsearch.knowledge import KnowledgeBase
from mmsearch.pictures import PictureError

SCALE = 1.6
MOST_MARKS = 2000
MOST_KEPT = 1000
logger = logging.getLogger("mmsearch.slack")


class Draws(Protocol):
    """Draws pages; ``mmsearch.pictures.PagePictures`` does."""

    def png(
        self, path: Path, page_index: int, rects: Sequence[Rect], *, scale: float = 2.0
    ) -> bytes:
        """Draw a page (index from 0) with marks, as PNG."""
        ...


class Pictures:
    """Puts pictures of pages into Slack. Safe for several threads."""

    def __init__(self, client: PacedClient, knowledge: KnowledgeBase, drawing: Draws) -> None:
        self._client = client
        self._knowledge = knowledge
        self._drawing = drawing
        self._lock = threading.Lock()
        self._uploaded: OrderedDict[str, str] = OrderedDict()

    def page(self, document: StoredDocument, locator: Locator, *, reader: Reader) -> str:
        """Return Slack's id of the picture of the page where a span begins, or "" for none.

        Raises:
            NotFound: The reader may not see the document.
        """
        path = self._knowledge.original(document.doc_id, reader=reader)
        if not locator.pages or locator.unit is not Unit.PAGE:
            return ""
        area = locator.pages[0]
        rects = area.rects[:MOST_MARKS]
        key = _key(document.sha256, area.index, rects)
        with self._lock:
            if known := self._uploaded.get(key):
                return known
        try:
            picture = self._drawing.png(path, area.index, rects, scale=SCALE)
            name = f"page-{area.index + 1}.png"
            made = self._client.files_upload_v2(content=picture, filename=name, title=name)
            file_id = str(made["files"][0]["id"])
        except (PictureError, SlackAway, SlackRefused) as exc:
            logger.warning("no picture of page %d of %s: %s", area.index + 1, path.name, exc)
            return ""
        self._keep(key, file_id)
        return file_id

    def forget(self, file_id: str) -> None:
        """Forget a picture that Slack does not have any more."""
        with self._lock:
            self._uploaded = OrderedDict(
                (key, one) for key, one in self._uploaded.items() if one != file_id
            )

    def _keep(self, key: str, file_id: str) -> None:
        with self._lock:
            self._uploaded[key] = file_id
            while len(self._uploaded) > MOST_KEPT:
                self._uploaded.popitem(last=False)


def _key(sha256: str, index: int, rects: Sequence[Rect]) -> str:
    parts = (sha256, index, *(astuple(rect) for rect in rects))
    return hashlib.sha256(repr(parts).encode()).hexdigest()
