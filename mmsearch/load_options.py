"""How files are loaded, as the settings say."""

from __future__ import annotations

import re
from pathlib import Path

from ingest.recognition import find_recognition
from ingest.workers import Limits
from mmsearch.loading import LoadOptions
from mmsearch.settings import Settings


def load_options(
    settings: Settings,
    *,
    wait: float,
    manifest: Path | None = None,
    prune: bool = False,
    model: str | None = None,
) -> LoadOptions:
    """Return the options of a run; looks for tesseract. See ``LoadOptions``."""
    return LoadOptions(
        library=settings.library,
        manifest=manifest,
        prune=prune,
        wait=wait,
        model=model,
        cache=settings.cache,
        workers=settings.workers,
        limits=Limits(
            seconds=settings.file_seconds, memory_bytes=settings.file_megabytes * 1_000_000
        ),
        recognition=find_recognition(
            on=settings.ocr,
            wanted=re.findall(r"\w+", settings.ocr_languages),
            page_seconds=settings.ocr_page_seconds,
        ),
    )
