"""Pictures of pages over HTTP: their tags, and what is said when one cannot be drawn."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import astuple
from pathlib import Path

from ingest.types import Rect
from mmsearch.api.context import Pictures
from mmsearch.api.problems import NOT_FOUND, Problem, Refused
from mmsearch.pictures import PictureError, PictureNotFound

logger = logging.getLogger("mmsearch.api")

PNG = "image/png"
UNDRAWN = Problem(500, "picture-failed", "This page cannot be drawn. Open the document itself.")


def draw(pictures: Pictures, path: Path, index: int, rects: Sequence[Rect], scale: float) -> bytes:
    """Draw a page (index from 0) as PNG.

    Raises:
        Refused: There is no such page, or it cannot be drawn.
    """
    try:
        return pictures.png(path, index, rects, scale=scale)
    except PictureNotFound:
        raise Refused(NOT_FOUND) from None
    except PictureError as exc:
        logger.warning("page %d of %s cannot be drawn: %s", index + 1, path.name, exc)
        raise Refused(UNDRAWN) from exc


def etag(sha256: str, number: int, rects: Sequence[Rect], scale: float) -> str:
    """Return the entity tag of a picture: the same file, page, marks and scale have the same."""
    parts = (sha256, number, scale, *(astuple(rect) for rect in rects))
    return f'"{hashlib.sha256(repr(parts).encode()).hexdigest()[:32]}"'


def matches(if_none_match: str | None, tag: str) -> bool:
    """Say whether a client already has it (RFC 9110, section 13.1.2: weak comparison)."""
    if if_none_match is None:
        return False
    given = [part.strip().removeprefix("W/") for part in if_none_match.split(",")]
    return tag in given or "*" in given
