"""Changing a library's model: everything is embedded again while the old generation serves."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

from index.embedded import embed_texts
from index.library import Library
from index.publish import publish
from index.types import Embedder

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
    total = library.count_passages()
    for done, texts in _missing(library, model_no, embedder.languages):
        if progress:
            progress(done, total)
        vectors = embedder.embed_passages(list(texts.values()))
        library.add_vectors(model_no, dict(zip(texts, vectors, strict=True)))
    if progress:
        progress(total, total)
    library.set_model(model_no)
    generation = publish(library)
    if before is not None and before[0] != model_no:
        library.drop_vectors(before[0])
    return generation


def _missing(
    library: Library, model_no: int, known: Collection[str]
) -> Iterator[tuple[int, dict[bytes, str]]]:
    """Yield the texts that lack a vector, a batch at a time, with how many passages came before."""
    done = 0
    waiting: dict[bytes, str] = {}
    for content_no, title in library.contents():
        passages = library.passages(content_no)
        by_key = embed_texts(title, passages, known, library.keys(content_no))
        lacking = library.missing_vectors(model_no, list(by_key))
        waiting |= {key: text for key, text in by_key.items() if key in lacking}
        if len(waiting) >= BATCH:
            yield done, waiting
            waiting = {}
        done += len(passages)
    if waiting:
        yield done, waiting
