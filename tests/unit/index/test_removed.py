"""Taking back what was removed: as it was, for a while, also under another model."""

import pytest

from index import changes
from index.check import check
from index.errors import NotFound
from index.inventory import read_inventory
from index.library import Library
from index.publish import publish
from index.switch import switch_model
from tests.fakes import WordEmbedder
from tests.unit.index.test_changes import documents, edited, held, removed, run


def restored(folder, embedder, *doc_ids):
    with Library.open(folder) as library:
        back = changes.restore(library, lambda: embedder, doc_ids)
        publish(library)
    return [known.file for known in back]


def test_a_document_comes_back_with_its_edits_and_no_text_is_embedded(
    folder, fill, write, embedder
):
    fill(write("a.txt", "text of a"), write("b.txt", "text of b"))
    doc_id = documents(folder)["a.txt"].doc_id
    edited(folder, embedder, [doc_id], title="Another title", access="internal")
    before = documents(folder)["a.txt"]
    removed(folder, doc_id)
    assert read_inventory(folder).held == {before_path(folder, "a.txt"): doc_id}
    embedder.embedded.clear()
    assert restored(folder, embedder, doc_id) == ["a.txt"]
    assert embedder.embedded == []
    assert documents(folder)["a.txt"] == before
    found = read_inventory(folder)
    assert (found.held, found.left_out) == ({}, ())
    assert check(folder, embedder).problems == ()


def before_path(folder, file):
    return next(one.path for one in read_inventory(folder).left_out if one.file == file)


def test_what_lay_in_a_document_comes_back_with_it(folder, write, embedder):
    mail = write("mail.eml", "the message")
    run(folder, embedder, [mail, held(write("plan.txt", "the plan"), mail)])
    found = documents(folder)
    assert sorted(removed(folder, found["mail.eml"].doc_id)) == ["mail.eml", "mail.eml/plan.txt"]
    assert sorted(restored(folder, embedder, found["mail.eml"].doc_id)) == sorted(found)


def test_it_is_embedded_again_where_the_model_has_changed(folder, fill, write, embedder):
    fill(write("a.txt", "text of a"), write("b.txt", "text of b"))
    doc_id = documents(folder)["a.txt"].doc_id
    removed(folder, doc_id)
    other = WordEmbedder("other")
    with Library.open(folder) as library:
        switch_model(library, other)
    other.embedded.clear()
    assert restored(folder, other, doc_id) == ["a.txt"]
    assert len(other.embedded) == 1
    assert check(folder, other).problems == ()


def test_after_a_while_it_is_wiped_and_cannot_be_undone(folder, fill, write, embedder, monkeypatch):
    fill(write("a.txt", "text of a"), write("b.txt", "text of b"))
    found = documents(folder)["a.txt"]
    removed(folder, found.doc_id)
    with Library.open(folder) as library:
        assert library.purge(keep_before=False) == 0
        assert library.originals.path(found.sha256).is_file()
        monkeypatch.setattr("index.removed.UNDO_SECONDS", -1.0)
        assert library.purge(keep_before=False) == 1
        assert not library.originals.path(found.sha256).is_file()
        with pytest.raises(NotFound, match="cannot be undone any more"):
            changes.restore(library, lambda: embedder, [found.doc_id])


def test_one_that_was_read_in_again_is_not_taken_back(folder, fill, write, embedder):
    item = write("a.txt", "text of a")
    fill(item)
    doc_id = documents(folder)["a.txt"].doc_id
    removed(folder, doc_id)
    with Library.open(folder) as library:
        library.notes.take_back([str(item.source.path)])
    run(folder, embedder, [item])
    with pytest.raises(NotFound, match="cannot be undone any more"):
        restored(folder, embedder, doc_id)
