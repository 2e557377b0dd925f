"""Everything that a library says on a question, not only the best of it."""

from __future__ import annotations

from collections.abc import Sequence

from index.embedded import as_read
from index.retrieve import MAX_QUESTION, checked
from index.snapshot import Snapshot
from index.sweep import read_swept, sweep
from index.types import Embedder, Filters, Reader
from ingest.language import LANGUAGES, detect_question
from mmsearch.answer.everything import COVERED_ALIKE, Everything, collect
from mmsearch.answer.question import read
from mmsearch.conversation.follow_up import understand


def everything(
    snapshot: Snapshot,
    embedder: Embedder,
    question: str,
    reader: Reader,
    filters: Filters | None,
    history: Sequence[str],
    *,
    offset: int = 0,
    limit: int | None = None,
) -> Everything:
    """Return every passage of a generation that speaks to a question; see ``collect``.

    Raises:
        BadQuery: The question is empty or too long.
        BadFilter: A filter names a value that the reader's documents do not have.
    """
    understood = understand(checked(question), history)
    query = understood.query[:MAX_QUESTION]
    swept = sweep(snapshot, query, reader=reader, filters=filters, least=COVERED_ALIKE)
    language = detect_question(query, LANGUAGES)
    vector = embedder.embed_query(as_read(query, language, embedder.languages))
    return collect(
        read(query, language),
        understood.question,
        read_swept(snapshot, swept, vector, reader=reader),
        rarity=swept.rarity,
        translation=swept.translation,
        languages=embedder.languages,
        n_documents=swept.n_documents,
        generation=swept.generation,
        offset=offset,
        limit=limit,
    )
