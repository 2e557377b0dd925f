"""One complete published generation, open for reading."""

from __future__ import annotations

import logging
from dataclasses import dataclass

import numpy as np

from index import derived
from index.catalogue import Catalogue
from index.derived import Derived
from index.errors import LibraryError, LibraryLocked
from index.lock import WriteLock
from index.reading import Head, Reading

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """A generation's catalogue and indexes, with the truth to read text from."""

    head: Head
    catalogue: Catalogue
    derived: Derived
    reading: Reading


def open_snapshot(reading: Reading) -> Snapshot:
    """Open the published generation, repairing its derived files where they do not match.

    A generation that is replaced while it is being opened is opened again.
    """
    for _ in range(5):
        head = reading.head()
        catalogue = Catalogue.read(reading, head.generation)
        indexes = _load(reading, head)
        if np.array_equal(indexes.vectors.numbers, catalogue.numbers):
            catalogue = catalogue.with_relations(indexes.relations)
            return Snapshot(head, catalogue, indexes, reading)
    raise LibraryError("the library changed five times while it was being opened: try again")


def repair(reading: Reading, head: Head) -> str | None:
    """Build a generation's derived files again where they do not match.

    Returns:
        What was wrong, or None.

    Raises:
        LibraryLocked: A writer is at work.
        OSError: The folder cannot be written.
    """
    try:
        derived.verify(derived.folder_of(reading.folder, head.generation), head)
    except derived.Stale as exc:
        lock = WriteLock.acquire(reading.folder, 0.0)
        try:
            derived.write(reading, head)
        finally:
            lock.release()
        return str(exc)
    return None


def _load(reading: Reading, head: Head) -> Derived:
    if head.generation == 0:
        return derived.write_temporary(reading, head)
    try:
        return derived.load(reading.folder, head)
    except derived.Stale as exc:
        logger.warning("%s; building it again from the library", exc)
    try:
        repair(reading, head)
        return derived.load(reading.folder, head)
    except (LibraryLocked, OSError, derived.Stale):
        return derived.write_temporary(reading, head)
