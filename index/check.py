"""Checking a whole library, and mending what can be mended without the documents."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index import derived, schema
from index.catalogue import Catalogue
from index.embedded import as_read, embed_key
from index.errors import LibraryError, LibraryLocked
from index.library import Library
from index.originals import Originals, file_digest
from index.publish import publish
from index.reading import Head, Reading
from index.snapshot import repair
from index.types import Embedder
from ingest.front import embedding_text
from ingest.types import BlockKind, Passage

SAMPLE = 24
"""How many passages are embedded again."""
LEAST_COSINE = 0.98
"""Between a stored vector and a new one; int8 against fp32 stays above (index.embed)."""


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What a check found.

    Attributes:
        generation: The generation that was checked.
        n_documents: Documents in it.
        n_passages: Passages in it.
        checks: What was compared, with how much of it.
        repaired: What was wrong and is right again.
        problems: What is wrong still, with what to do.
    """

    generation: int
    n_documents: int
    n_passages: int
    checks: tuple[tuple[str, int], ...]
    repaired: tuple[str, ...]
    problems: tuple[str, ...]


def check(folder: Path, embedder: Embedder | None = None) -> CheckReport:
    """Check everything in a library: the truth, spans, originals, derived files, vectors.

    Args:
        folder: The library.
        embedder: To embed a sample again; None leaves that out.

    Raises:
        LibraryNotFound: There is none.
        LibraryDamaged: SQLite cannot read it at all.
    """
    repaired: list[str] = []
    problems: list[str] = []
    reading = Reading(folder)
    try:
        _finish(reading, repaired)
        head = reading.head()
        integrity = reading.integrity()
        if integrity != "ok":
            problems.append(f"SQLite: {integrity}; put a copy of {schema.DATABASE} back")
        catalogue = Catalogue.read(reading, head.generation)
        checks = [
            ("contents", _contents(reading, problems)),
            ("passages", _spans(reading, catalogue, problems)),
            ("originals", _originals(folder, catalogue, problems)),
            ("derived files", _derived(reading, head, repaired, problems)),
            ("vectors embedded again", _sample(reading, head, catalogue, embedder, problems)),
        ]
        return CheckReport(
            head.generation,
            len(catalogue.entries),
            len(catalogue.numbers),
            tuple(checks),
            tuple(repaired),
            tuple(problems),
        )
    finally:
        reading.close()


def _finish(reading: Reading, repaired: list[str]) -> None:
    """Publish what a stopped run left."""
    if not reading.has_pending(reading.head().generation):
        return
    try:
        with Library.open(reading.folder) as library:
            generation = publish(library)
        repaired.append(f"published what a stopped run had stored, as generation {generation}")
    except LibraryLocked:
        return  # an ingest is running and will publish it


def _contents(reading: Reading, problems: list[str]) -> int:
    count = 0
    for content_no, sound in reading.digests():
        count += 1
        if not sound:
            problems.append(
                f"the stored text of content {content_no} is not what was written: put a copy of "
                f"{schema.DATABASE} back, or remove the document and ingest it again"
            )
    return count


def _spans(reading: Reading, catalogue: Catalogue, problems: list[str]) -> int:
    count = 0
    for entry in catalogue.entries:
        text = reading.text(entry.content_no)
        rows = reading.passages_of(entry.content_no)
        count += len(rows)
        at = 0
        for row in rows:
            if not at <= row.start < row.end <= len(text) or text[at : row.start].strip():
                problems.append(f"{entry.document.file}: passage {row.passage_id} is misplaced")
            at = row.end
        if text[at:].strip() or len(rows) != entry.document.n_passages:
            problems.append(f"{entry.document.file}: its passages do not cover its text")
    return count


def _originals(folder: Path, catalogue: Catalogue, problems: list[str]) -> int:
    originals = Originals(folder)
    files = {e.document.sha256: e.document.file for e in catalogue.entries}
    for digest, file in sorted(files.items()):
        path = originals.path(digest)
        if not path.is_file():
            problems.append(f"{file}: its stored original is missing; ingest the file again")
        elif file_digest(path) != digest:
            path.unlink()
            problems.append(f"{file}: its stored original was damaged; ingest the file again")
    return len(files)


def _derived(reading: Reading, head: Head, repaired: list[str], problems: list[str]) -> int:
    if head.generation == 0:
        return 0
    try:
        if wrong := repair(reading, head):
            repaired.append(f"{wrong}: built again")
    except (LibraryError, OSError) as exc:
        problems.append(f"the derived files do not match and cannot be built again: {exc}")
    folder = derived.folder_of(reading.folder, head.generation)
    return sum(1 for path in folder.rglob("*") if path.is_file())


def _sample(
    reading: Reading,
    head: Head,
    catalogue: Catalogue,
    embedder: Embedder | None,
    problems: list[str],
) -> int:
    if embedder is None or not len(catalogue.numbers):
        return 0
    if embedder.fingerprint != head.fingerprint:
        problems.append(f"the library's model is {head.model!r}, not {embedder.name!r}")
        return 0
    step = max(1, len(catalogue.numbers) // SAMPLE)
    chosen = catalogue.numbers[::step][:SAMPLE]
    stored = reading.vectors(head.model_no, head.dim, chosen)
    rows = reading.passages(chosen.tolist())
    titles = {e.content_no: e.document.metadata.title for e in catalogue.entries}
    texts: dict[int, str] = {}  # by the place in ``chosen``
    for at, number in enumerate(chosen.tolist()):
        row = rows[number]
        text = reading.text(row.content_no)[row.start : row.end]
        passage = Passage(
            row.start,
            row.end,
            text,
            row.heading_path,
            row.context,
            row.language,
            BlockKind(row.kind),
            row.evidence,
            row.ocr,
        )
        title = titles[row.content_no]
        if row.embed_hash != embed_key(title, passage):
            continue  # an older version embedded it; the next ingest reads its document again
        text = embedding_text(title, passage)
        texts[at] = as_read(text, row.language, embedder.languages)
    again, places = embedder.embed_passages(list(texts.values())), np.array(list(texts), np.intp)
    cosines = np.sum(again * stored[places], axis=1)
    for number, cosine in zip(chosen[places].tolist(), cosines.tolist(), strict=True):
        if cosine < LEAST_COSINE:
            problems.append(
                f"the vector of passage {rows[number].passage_id} does not match its text "
                f"(cosine {cosine:.3f}): embed the library again with 'mmsearch model'"
            )
    return len(texts)
