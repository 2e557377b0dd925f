"""Changing a library's model: everything is embedded again while the old generation serves."""

from __future__ import annotations

from collections.abc import Callable

from index import codec
from index.library import Library
from index.publish import publish
from index.types import Embedder
from ingest.front import embedding_text

BATCH = 256


def switch_model(
    library: Library, embedder: Embedder, progress: Callable[[int, int], None] | None = None
) -> int:
    """Embed every passage with another model and publish the result as a new generation.

    A run that is stopped goes on where it was: vectors are kept batch by batch.

    Args:
        library: Open for writing.
        embedder: The model to change to.
        progress: Called with (passages done, passages in all).

    Returns:
        The generation that serves the new model.
    """
    before = library.model_row()
    model_no = library.register_model(embedder)
    texts: dict[bytes, str] = {}
    for content_no, title in library.contents():
        for passage in library.passages(content_no):
            text = embedding_text(title, passage)
            texts[codec.embed_hash(text)] = text
    missing = sorted(library.missing_vectors(model_no, list(texts)))
    for at in range(0, len(missing), BATCH):
        if progress:
            progress(at, len(missing))
        keys = missing[at : at + BATCH]
        vectors = embedder.embed_passages([texts[key] for key in keys])
        library.add_vectors(model_no, dict(zip(keys, vectors, strict=True)))
    if progress:
        progress(len(missing), len(missing))
    library.set_model(model_no)
    generation = publish(library)
    if before is not None and before[0] != model_no:
        library.drop_vectors(before[0])
    return generation
