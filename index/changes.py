"""Changing documents that the library has: other metadata, or removed. The text stays as it is.

Everything here becomes visible with the next generation; the caller publishes it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.embedded import embed_texts
from index.errors import NotFound
from index.library import Known, Library
from index.notes import LeftOut
from index.types import Embedder
from ingest.edits import Edits
from ingest.manifest import Overrides
from ingest.types import Metadata, Passage, SourceFile

Vectors = Mapping[bytes, NDArray[np.float32]]


def embed_missing(
    library: Library,
    embedder: Embedder,
    model_no: int,
    title: str,
    passages: Sequence[Passage],
) -> Vectors:
    """Embed those passages of a document of which the library has no vector yet, by key."""
    return _missing(library, embedder, model_no, embed_texts(title, passages, embedder.languages))


def _missing(
    library: Library, embedder: Embedder, model_no: int, texts: Mapping[bytes, str]
) -> Vectors:
    missing = sorted(library.missing_vectors(model_no, list(texts)))
    vectors = embedder.embed_passages([texts[key] for key in missing])
    return dict(zip(missing, vectors, strict=True))


def restate(
    library: Library,
    embed: Callable[[str, Sequence[Passage]], Vectors],
    model_no: int,
    known: Known,
    source: SourceFile,
    metadata: Metadata,
    overrides: Mapping[str, Any],
) -> None:
    """Give a document other metadata or another place; a new title is embedded anew.

    Args:
        library: Open for writing.
        embed: Embeds passages under a title; called only for a new title.
        model_no: The library's model.
        known: The document as it is.
        source: Its place from now on.
        metadata: Its metadata from now on.
        overrides: What is said of it, as it is stored.
    """
    vectors: Vectors = {}
    if metadata.title != known.metadata.title:
        vectors = embed(metadata.title, library.passages(known.content_no))
    library.update(known, source, metadata, overrides, vectors, model_no)


def edit(
    library: Library,
    embedder: Callable[[], Embedder],
    doc_ids: Sequence[str],
    change: Mapping[str, Any],
) -> list[str]:
    """Edit the metadata of some documents.

    Who may read a document is also who may read what lies in it, so access goes on to its
    attachments.

    Args:
        library: Open for writing.
        embedder: Gives the library's model; called only where a title changes.
        doc_ids: The documents.
        change: As ``ingest.edits.read_edits`` gives it.

    Returns:
        The ids of the documents that changed.

    Raises:
        NotFound: One of the documents is not there; nothing was changed.
    """
    everything = _by_id(library)
    chosen = _chosen(everything, doc_ids)
    access = {name: value for name, value in change.items() if name in ("access", "groups")}
    wanted = {known.doc_id: (known, change) for known in chosen}
    if access:
        for inner in _held(everything.values(), chosen):
            wanted.setdefault(inner.doc_id, (inner, access))
    changed = []
    with library.transaction():
        for known, said in wanted.values():
            if _edit_one(library, embedder, known, said):
                changed.append(known.doc_id)
    return changed


def _edit_one(
    library: Library,
    embedder: Callable[[], Embedder],
    known: Known,
    change: Mapping[str, Any],
) -> bool:
    edits = Edits.stored(known.overrides).changed(change)
    said = Overrides.from_json(known.overrides)
    metadata = edits.apply(said.apply(known.read_metadata))
    stored = edits.beside(said)
    if metadata == known.metadata and stored == dict(known.overrides):
        return False
    model = library.model_row()
    model_no = model[0] if model else 0

    def embed(title: str, passages: Sequence[Passage]) -> Vectors:
        ready = embedder()
        return embed_missing(library, ready, library.use_model(ready), title, passages)

    source = SourceFile(Path(known.path), Path(known.root), known.file)
    restate(library, embed, model_no, known, source, metadata, stored)
    return True


def remove(library: Library, doc_ids: Sequence[str]) -> list[Known]:
    """Remove documents, with what lies in them; their files are left out of later runs.

    Returns:
        The documents that were removed.

    Raises:
        NotFound: One of them is not there; nothing was removed.
    """
    everything = _by_id(library)
    chosen = _chosen(everything, doc_ids)
    gone = {known.doc_id: known for known in (*chosen, *_held(everything.values(), chosen))}
    with library.transaction():
        for known in gone.values():
            library.remove(known.doc_id)
        for known in chosen:
            title = known.metadata.title
            left = LeftOut(known.path, known.root, known.file, title, known.sha256, "")
            library.notes.leave_out(left)
    return list(gone.values())


def restore(
    library: Library, embedder: Callable[[], Embedder], doc_ids: Sequence[str]
) -> list[Known]:
    """Take back removed documents, with what lay in them, as they were: text, edits and access.

    Args:
        library: Open for writing.
        embedder: Gives the library's model; called only where the model has changed since.
        doc_ids: The documents.

    Returns:
        The documents that are there again.

    Raises:
        NotFound: One of them is no longer held; nothing was taken back.
    """
    held = library.removed.held(doc_ids)
    pending = library.generation() + 1
    with library.transaction():
        for doc_id, content_no in held.items():
            library.removed.take_back(doc_id, content_no, pending)
        back = [known for known in library.known() if known.doc_id in held]
        library.notes.take_back([known.path for known in back])
        for known in back:
            _embed_again(library, embedder, known)
    return back


def _embed_again(library: Library, embedder: Callable[[], Embedder], known: Known) -> None:
    """Embed a document's passages where the library has another model than it was embedded with."""
    model = library.model_row()
    keys = library.keys(known.content_no)
    if model is None or not library.missing_vectors(model[0], keys):
        return
    ready = embedder()
    passages = library.passages(known.content_no)
    texts = embed_texts(known.metadata.title, passages, ready.languages, keys)
    library.add_vectors(model[0], _missing(library, ready, model[0], texts))


def _by_id(library: Library) -> dict[str, Known]:
    return {known.doc_id: known for known in library.known()}


def _chosen(everything: Mapping[str, Known], doc_ids: Sequence[str]) -> list[Known]:
    for doc_id in doc_ids:
        if doc_id not in everything:
            raise NotFound(f"there is no document {doc_id!r} in this library")
    return [everything[doc_id] for doc_id in dict.fromkeys(doc_ids)]


def _held(everything: Iterable[Known], chosen: Sequence[Known]) -> list[Known]:
    """Return the documents that lie in some others, as attachments lie in a message."""
    paths = {known.path for known in chosen}
    return [
        known
        for known in everything
        if any(known.path[:at] in paths for at, sign in enumerate(known.path) if sign == "/")
    ]
