"""Publishing a generation: derived files first, then one transaction that makes it current."""

from __future__ import annotations

from pathlib import Path

from index import derived, schema
from index.library import Library
from index.reading import Head, Reading


def publish(library: Library) -> int:
    """Publish what was written since the last generation, if anything was.

    Returns:
        The current generation.

    Raises:
        LibraryFull: The disk is full; what was written stays and is published by the next run.
    """
    if not library.has_pending() and library.generation() > 0:
        return library.generation()
    with schema.translated(library.folder):
        reading = Reading(library.folder, cached=0)  # every text is read once
        try:
            derived.write(reading, next_head(library))
        finally:
            reading.close()
        generation = library.publish()
        derived.forget_before(library.folder, generation)
        library.purge()
    return generation


def publish_pending(folder: Path) -> bool:
    """Publish what a stopped run left behind, unless somebody is writing.

    Returns:
        Whether anything was published.

    Raises:
        LibraryLocked: Another process is writing.
    """
    with Library.open(folder) as library:
        if not library.has_pending():
            return False
        publish(library)
        return True


def next_head(library: Library) -> Head:
    """Describe the generation that would be published now."""
    model = library.model_row()
    if model is None:
        return Head(library.generation() + 1, 0, "", "", 0)
    return Head(library.generation() + 1, *model)
