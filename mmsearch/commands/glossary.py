"""mmsearch glossary: the acronyms of the documents, with who says what they stand for."""

from __future__ import annotations

from rich.table import Table

from index.types import KEEPER
from mmsearch.commands.output import console, styled, write_json
from mmsearch.glossary import acronym_shape
from mmsearch.knowledge import KnowledgeBase
from mmsearch.phrases.catalogue import place
from mmsearch.settings import Settings


def run(settings: Settings, *, acronym: str | None, as_json: bool) -> int:
    """List acronyms, all or one; with JSON, one a line."""
    with KnowledgeBase.open(settings.library, cache=settings.cache) as knowledge:
        terms = knowledge.glossary(reader=KEEPER)
    wanted = (acronym or "").casefold()
    chosen = [term for term in terms if not wanted or term.short.casefold() == wanted]
    if as_json:
        for term in chosen:
            write_json(acronym_shape(term))
        return 0
    table = Table(box=None, pad_edge=False)
    for name in ("acronym", "stands for", "documents", "first in"):
        table.add_column(name, overflow="fold")
    for term in chosen:
        source = f"{term.document.file}, {place(term.locator)}"
        table.add_row(*(styled(t) for t in (term.short, term.long, str(term.documents), source)))
    screen = console()
    screen.print(table)
    screen.print(f"{len(chosen)} acronyms")
    return 0
