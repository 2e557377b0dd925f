"""A journal in a folder of its own, a clock, and answers from a small shelf."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from index.errors import NotFound
from index.types import DocumentText, Reader, StoredDocument
from ingest.types import AccessLevel
from mmsearch.journal.journal import Journal
from mmsearch.journal.store import Store
from mmsearch.journal.types import Recording
from mmsearch.types import Answer, new_answer_id
from tests.unit.mmsearch.answer.shelf import PROGRAMME


@dataclass
class Clock:
    """A clock that is set by hand."""

    now: datetime = datetime(2026, 3, 1, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_days(self, days: float) -> None:
        self.now += timedelta(days=days)


@dataclass
class Shelf:
    """The library as it is now: what receipts are compared with."""

    texts: dict[str, str] = field(default_factory=lambda: dict(PROGRAMME.texts))
    access: dict[str, AccessLevel] = field(default_factory=dict)

    def document(self, doc_id: str, *, reader: Reader) -> StoredDocument:
        access = self.access.get(doc_id, AccessLevel.PUBLIC)
        if doc_id not in self.texts or not reader.may_read(access, ()):
            raise NotFound(f"there is no document {doc_id!r}")
        found = next(h for h in PROGRAMME.search("x").hits if h.document.doc_id == doc_id)
        return replace(found.document, metadata=replace(found.document.metadata, access=access))

    def text(self, doc_id: str, *, reader: Reader) -> DocumentText:
        self.document(doc_id, reader=reader)
        return DocumentText(doc_id, self.texts[doc_id], ())


def ask(question: str) -> Answer:
    """Answer from the shelf, with an id as ``KnowledgeBase`` gives one."""
    return replace(
        PROGRAMME.ask(question),
        answer_id=new_answer_id(),
        language="en",
        seconds=0.02,
        checks={"own": 0.75},
    )


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


Make = Callable[..., Journal]


@pytest.fixture
def make(tmp_path: Path, clock: Clock) -> Iterator[Make]:
    """Return a function that opens the journal of this test's folder, again and again."""
    opened: list[Journal] = []

    def new(recording: Recording = Recording.ON, keep_days: int = 365) -> Journal:
        journal = Journal(Store(tmp_path), recording=recording, keep_days=keep_days, now=clock)
        opened.append(journal)
        return journal

    yield new
    for journal in opened:
        journal.close()
