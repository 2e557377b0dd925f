from __future__ import annotations

import pytest

from index.errors import BadQuery
from index.reading import Reading
from index.snapshot import open_snapshot
from index.sweep import read_swept, sweep
from index.types import KEEPER, PUBLIC, Filters
from ingest.types import AccessLevel

N = 130


@pytest.fixture
def snapshot(folder, fill, write):
    fill(
        *(write(f"{n:03}.txt", f"The ferry number {n} carries nets.", year=2000) for n in range(N)),
        write("hidden.txt", "The ferry carries a secret.", access=AccessLevel.INTERNAL),
        write("tea.txt", "Tea is free on Sunday."),
    )
    return open_snapshot(Reading(folder))


def swept(snapshot, question, reader=KEEPER, filters=None, least=0.3):
    return sweep(snapshot, question, reader=reader, filters=filters, least=least)


def test_nothing_ends_at_a_hundred(snapshot, embedder):
    found = swept(snapshot, "ferries with nets")
    hits = [
        hit
        for group in read_swept(snapshot, found, embedder.embed_query("nets"), reader=KEEPER)
        for hit in group
    ]
    files = {hit.document.file for hit in hits}
    assert len(files) == N + 1
    assert "tea.txt" not in files
    assert [hit.rank for hit in hits] == list(range(1, N + 2))
    assert hits[0].score > hits[-1].score
    assert hits[-1].document.file == "hidden.txt"


def test_nobody_is_shown_or_counted_what_they_may_not_read(snapshot, embedder):
    found = swept(snapshot, "ferries with a secret", PUBLIC)
    assert found.n_documents == N + 1
    seen = swept(snapshot, "ferries with a secret").rarity
    assert found.rarity["secret"] > seen["secret"]  # as if no passage had the word
    groups = read_swept(snapshot, found, embedder.embed_query("ferry"), reader=PUBLIC)
    assert all(hit.document.file != "hidden.txt" for group in groups for hit in group)


def test_filters_hold(snapshot):
    found = swept(snapshot, "ferry", filters=Filters(year_from=2000, year_to=2000))
    assert (found.n_documents, len(found.found)) == (N, N)


def test_a_question_that_cannot_be_searched_is_refused(snapshot):
    with pytest.raises(BadQuery, match="the question is empty"):
        swept(snapshot, "  ")


def test_what_a_word_is_called_in_another_language_counts(folder, fill, write):
    fill(write("fr.txt", "Les envois de fonds des migrants ont augmenté.", language="fr"))
    found = swept(open_snapshot(Reading(folder)), "What about remittances?")
    assert found.translation
    assert len(found.found) == 1
