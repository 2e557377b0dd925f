"""What is derived from the truth: the vector and keyword indexes of one generation.

Each generation has a folder of its own with a manifest that names the generation, the model and
the SHA-256 of every file. A folder that does not match in every respect is not read but built
again from SQLite, without embedding anything.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index import lexical
from index.durable import sync_folder
from index.glossary import Glossary
from index.lexical import LexicalDocument, LexicalIndex
from index.originals import file_digest
from index.reading import Head, Reading
from index.relations import Described, Found, relate
from index.types import Relation
from index.vectors import VectorIndex

FOLDER = "derived"
MANIFEST = "manifest.json"
RELATIONS = "relations.json"
FORMAT = 9


class Stale(Exception):
    """The derived files are missing, damaged or of another generation; the text says which."""


@dataclass(frozen=True, slots=True, eq=False)
class Derived:
    """The open indexes of one generation; they no longer depend on the files."""

    vectors: VectorIndex
    lexical: LexicalIndex
    relations: tuple[Found, ...] = ()
    glossary: Glossary = field(default_factory=lambda: Glossary({}))


def folder_of(library: Path, generation: int) -> Path:
    """Return the folder of a generation's derived files."""
    return library / FOLDER / f"g{generation:08d}"


def write(reading: Reading, head: Head) -> None:
    """Build the derived files of a generation and put them in place, all at once.

    Keywords start from the generation before when that is sound, so that one new file among
    thousands costs a copy, not a rebuild.

    Raises:
        OSError: The disk is full or the folder cannot be written.
    """
    target = folder_of(reading.folder, head.generation)
    target.parent.mkdir(parents=True, exist_ok=True)
    building = Path(tempfile.mkdtemp(dir=target.parent, prefix=".new-"))
    try:
        _build(reading, head, building)
        _sync(building)
        if target.exists():
            shutil.rmtree(target)
        building.replace(target)
        sync_folder(target.parent)
    except BaseException:
        shutil.rmtree(building, ignore_errors=True)
        raise


def write_temporary(reading: Reading, head: Head) -> Derived:
    """Build the derived files for this process alone, when the library may not be written."""
    with tempfile.TemporaryDirectory(prefix="mmsearch-", ignore_cleanup_errors=True) as place:
        _build(reading, head, Path(place))
        return _open(Path(place))


def load(library: Path, head: Head) -> Derived:
    """Open the derived files of a generation after comparing every checksum.

    What is compared is a private copy, and the copy is what is used: Tantivy maps its files
    into memory, and a file that changes under a mapping would answer wrongly or kill the process.

    Raises:
        Stale: They do not match; build them again with ``write``.
    """
    folder = folder_of(library, head.generation)
    with tempfile.TemporaryDirectory(prefix="mmsearch-", ignore_cleanup_errors=True) as place:
        copy = Path(place) / folder.name
        try:
            shutil.copytree(folder, copy)
        except (OSError, shutil.Error) as exc:
            raise Stale(f"{folder.name} is missing or cannot be read") from exc
        verify(copy, head)
        try:
            return _open(copy)
        except (ValueError, RuntimeError, OSError) as exc:
            raise Stale(f"{folder.name} cannot be opened: {exc}") from exc


def _open(folder: Path) -> Derived:
    """Open both indexes; the folder may be deleted afterwards (mapped files stay readable)."""
    return Derived(
        VectorIndex.load(folder),
        LexicalIndex.load(folder / lexical.FOLDER),
        tuple(
            (one, Relation(relation), other)
            for one, relation, other in json.loads((folder / RELATIONS).read_text("utf-8"))
        ),
        Glossary.load(folder),
    )


def verify(folder: Path, head: Head) -> None:
    """Compare a folder with its manifest and with the generation it should be.

    Raises:
        Stale: Something does not match.
    """
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        expected = _identity(head)
        if {key: manifest.get(key) for key in expected} != expected:
            raise Stale(f"{folder.name} belongs to another generation or model")
        files = dict(manifest["files"])
        present = set(_files(folder))
        if present != set(files):
            raise Stale(f"{folder.name} has lost or gained a file")
        for name, digest in files.items():
            if file_digest(folder / name) != digest:
                raise Stale(f"{folder.name}/{name} is damaged")
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as exc:
        raise Stale(f"{folder.name} is missing or has no sound manifest") from exc


def forget_before(library: Path, generation: int) -> None:
    """Delete derived files older than the generation before this one, and unfinished ones."""
    keep = {folder_of(library, g).name for g in (generation, generation - 1)}
    for folder in (library / FOLDER).glob("*"):
        if folder.name not in keep:
            shutil.rmtree(folder, ignore_errors=True)


def _identity(head: Head) -> dict[str, object]:
    return {"format": FORMAT, "generation": head.generation, "model": head.fingerprint}


def _build(reading: Reading, head: Head, folder: Path) -> None:
    rows = reading.passage_numbers(head.generation)
    matrix = reading.vectors(head.model_no, head.dim, rows[:, 0])
    VectorIndex.build(matrix, rows[:, 0]).save(folder)
    _build_lexical(reading, head, folder / lexical.FOLDER, rows)
    _build_relations(reading, head, folder)
    for name in ("INDEX_WRITER_LOCK", ".tantivy-writer.lock", ".tantivy-meta.lock"):
        (folder / lexical.FOLDER / name).unlink(missing_ok=True)
    files = {name: file_digest(folder / name) for name in _files(folder)}
    manifest = _identity(head) | {"passages": len(rows), "files": files}
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=1), encoding="utf-8")


def _build_lexical(reading: Reading, head: Head, folder: Path, rows: NDArray[np.int64]) -> None:
    wanted = set(rows[:, 1].tolist())
    had: set[int] = set()
    before = folder_of(reading.folder, head.generation - 1)
    known: Glossary | None = None
    if _sound(before, head):
        known = Glossary.load(before)
        shutil.copytree(before / lexical.FOLDER, folder)
        had = set(reading.passage_numbers(head.generation - 1)[:, 1].tolist())
    else:
        folder.mkdir()
    titles = {e.content_no: e.document.metadata.title for e in reading.documents(head.generation)}
    added = _lexical_documents(reading, sorted(wanted - had), titles)
    built = LexicalIndex.build(folder, added, sorted(had - wanted), numbers=rows[:, 0])
    if built.count() != len(rows):
        # What the generation before left is not what it should be.
        shutil.rmtree(folder)
        folder.mkdir()
        anew = _lexical_documents(reading, sorted(wanted), titles)
        LexicalIndex.build(folder, anew, numbers=rows[:, 0])
    Glossary.build(wanted, reading.text, known).save(folder.parent)


def _build_relations(reading: Reading, head: Head, folder: Path) -> None:
    sketches = reading.sketches(head.generation)
    described = [
        Described(
            entry.document.doc_id,
            entry.document.file,
            entry.document.sha256,
            entry.document.metadata,
            sketches.get(entry.content_no, b""),
        )
        for entry in reading.documents(head.generation)
    ]
    text = json.dumps(relate(described), ensure_ascii=True, indent=0)
    (folder / RELATIONS).write_text(text, encoding="utf-8")


def _sound(folder: Path, head: Head) -> bool:
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        before = Head(head.generation - 1, 0, "", str(manifest["model"]), 0)
        verify(folder, before)
    except (Stale, OSError, ValueError, KeyError, TypeError):
        return False
    return True


def _lexical_documents(
    reading: Reading, contents: list[int], titles: dict[int, str]
) -> Iterator[LexicalDocument]:
    for content_no in contents:
        text = reading.text(content_no)
        for row in reading.passages_of(content_no):
            head = "\n".join((titles.get(content_no, ""), *row.heading_path))
            yield LexicalDocument(
                row.passage_no,
                content_no,
                head,
                text[row.start : row.end],
                row.language,
                row.evidence.value,
                row.context,
            )


def _files(folder: Path) -> list[str]:
    return sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and path.name != MANIFEST and not path.name.endswith(".lock")
    )


def _sync(folder: Path) -> None:
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb") as stream:
                os.fsync(stream.fileno())
    sync_folder(folder)
