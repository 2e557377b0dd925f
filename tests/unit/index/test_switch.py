from __future__ import annotations

import numpy as np
import pytest

from index import switch
from index.library import Library
from index.reading import Reading
from index.snapshot import open_snapshot
from index.switch import switch_model
from tests.fakes import WordEmbedder


class Stopping(WordEmbedder):
    """Embeds as ``WordEmbedder`` does, and stops after so many texts."""

    def __init__(self, name: str, stop_after: int) -> None:
        super().__init__(name)
        self.stop_after = stop_after

    def embed_passages(self, texts):
        if len(self.embedded) >= self.stop_after:
            raise KeyboardInterrupt
        return super().embed_passages(texts)


def test_every_passage_is_embedded_again_in_batches(folder, fill, write, monkeypatch):
    fill(*(write(f"{n}.txt", f"text number {n}\n\nand another {n}") for n in range(5)))
    monkeypatch.setattr(switch, "BATCH", 3)
    other = WordEmbedder("other")
    seen = []
    with Library.open(folder) as library:
        switch_model(library, other, lambda done, total: seen.append((done, total)))
    assert len(other.embedded) == 10
    assert seen[-1] == (10, 10)
    assert seen == sorted(seen)
    snapshot = open_snapshot(Reading(folder))
    assert snapshot.head.model == "other"
    assert len(snapshot.derived.vectors.numbers) == 10


def test_a_change_that_is_stopped_goes_on_where_it_was(folder, fill, write, monkeypatch):
    fill(*(write(f"{n}.txt", f"text number {n}") for n in range(6)))
    monkeypatch.setattr(switch, "BATCH", 2)
    with Library.open(folder) as library, pytest.raises(KeyboardInterrupt):
        switch_model(library, Stopping("other", stop_after=4))
    assert open_snapshot(Reading(folder)).head.model != "other"
    again = WordEmbedder("other")
    with Library.open(folder) as library:
        switch_model(library, again)
    assert len(again.embedded) == 2
    vectors = Reading(folder)
    head = vectors.head()
    numbers = vectors.passage_numbers(head.generation)[:, 0]
    found = vectors.vectors(head.model_no, head.dim, numbers)
    assert np.allclose(np.linalg.norm(found, axis=1), 1.0, atol=1e-2)


def test_vectors_are_kept_under_the_keys_that_the_passages_have(folder, fill, write):
    fill(write("a.txt", "Les enfants vivent dans la ville.", language="fr"))
    with Library.open(folder) as library:  # as a version with other words has named it
        library._db.execute("UPDATE passages SET embed_hash = ?", (b"0" * 16,))
        switch_model(library, WordEmbedder("other"))
    reading = Reading(folder)
    head = reading.head()
    numbers = reading.passage_numbers(head.generation)[:, 0]
    assert np.isclose(np.linalg.norm(reading.vectors(head.model_no, head.dim, numbers)), 1.0, 1e-2)
